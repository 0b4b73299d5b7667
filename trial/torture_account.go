package trial

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
	"blanko/registry"
	"blanko/registry/audit"
)

// account reads both sides and lists what differs: what holds at every instant, or at rest also where
// every card is.
func (t *torture) account(ctx context.Context, reg *registry.Registry, rest bool) (*books, []string, error) {
	a := account{reg: reg, blanks: t.arena.blanks, withdrawn: map[string]answered{}, jumps: t.skew}
	faces, double, err := t.faces(ctx, reg)
	if err != nil {
		return nil, nil, err
	}
	a.face = func(application string) (printer.Panels, bool) {
		f, ok := faces[application]
		return printer.Panels{Front: f}, ok
	}
	b, err := a.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	b.wrong = append(b.wrong, double...)
	t.rightBlanks(b)
	if err := b.readWithdrawals(); err != nil {
		return nil, nil, err
	}
	if err := b.always(); err != nil {
		return nil, nil, err
	}
	if !rest {
		return b, b.wrong, nil
	}
	if err := b.counted(); err != nil {
		return nil, nil, err
	}
	for _, l := range t.arena.center.Account() {
		b.againstCenter(l.ID, l.Withdrawn)
	}
	b.wrong = append(b.wrong, t.arena.world.Census().Wrong...)
	return b, b.wrong, nil
}

// rightBlanks: no card is begun of a blank that is for cards of another profile.
func (t *torture) rightBlanks(b *books) {
	for _, c := range b.bodies {
		i, known := b.try[c.attempt()]
		if !known {
			continue
		}
		app := b.apps[string(b.tries[i].Attempt.Application)]
		profile := ktp.ProfileCitizen
		if row, ok := ktp.Application(ktp.ApplicationType(app.Type)); ok && row.Foreign {
			profile = ktp.ProfileForeign
		}
		if kind := t.arena.kinds[c.Serial]; kind != profile {
			b.say("card %s, a blank of %s, is that of application %s, %s", c.Serial, kind, app.ID, app.Type)
		}
	}
}

// readWithdrawals notes for every withdrawal in the event log the newest note of the journal that may have been
// written before it.
func (b *books) readWithdrawals() error {
	const all = 1 << 20
	withdrawals, err := b.reg.Events(b.ctx, 0, all, audit.Filter{Code: "record.withdrawn"})
	for _, e := range withdrawals {
		if _, twice := b.withdrawn[e.Application]; twice {
			continue
		}
		w := answered{}
		for _, d := range b.tries {
			if d.Attempt.Application != e.Application {
				continue
			}
			behind, err := b.reg.Events(b.ctx, e.ID, all, audit.Filter{Code: "attempt.", Attempt: d.Attempt.ID.String()})
			if err != nil {
				return err
			}
			w.note = max(w.note, b.newestBefore(e, d.Journal, behind))
		}
		b.withdrawn[e.Application] = w
	}
	return err
}

// newestBefore is the newest note of an attempt that may have been written before a withdrawal. Two things tell that one
// was written after it, and no time between them is excused. Its time: an intent and a withdrawal read what the other
// writes (the application, the attempt), so that two at the same time are not both kept, and the later one began when
// the earlier was there. And, whatever the clock was set to, the event of the same write, by its
// place in the log: behind are those of the attempt that stand there after the withdrawal.
func (b *books) newestBefore(withdrawal audit.Event, journal jobs.Story, behind []audit.Event) (note int64) {
	for _, n := range journal {
		late := slices.ContainsFunc(behind, func(e audit.Event) bool { return e.At.Equal(n.At) })
		if late || !b.jumps && n.At.After(withdrawal.At) {
			return note
		}
		note = n.ID
	}
	return note
}

// againstCenter holds one request of the center against both: none is forgotten, and no card of a withdrawn
// one goes on.
func (b *books) againstCenter(id, withdrawn string) {
	app, known := b.apps[id]
	active := 0
	for _, d := range b.tries {
		for _, c := range b.held[d.Attempt.ID] {
			if d.Attempt.Application == id && c.is("active") && !c.mute() && !retired(d) {
				active++
			}
		}
	}
	switch {
	case !known && withdrawn == "":
		b.say("request %s of the center is not in the ledger", id)
	case !known:
	case withdrawn == "" && active != 1 && app.State == registry.Produced:
		b.say("application %s is produced, and %d active cards are there", id, active)
	case withdrawn == "" && app.State != registry.Produced:
		b.say("application %s is %s when nothing is left to make", id, app.State)
	case withdrawn != "" && app.State != registry.Withdrawn && app.State != registry.Recalled:
		b.say("the center withdrew application %s, and it is %s", id, app.State)
	case app.State == registry.Withdrawn && active > 0:
		b.say("application %s is withdrawn, and %d active cards are there", id, active)
	}
}

// faces are those that stations wanted on cards, by application. No two applications have the same.
func (t *torture) faces(ctx context.Context, reg *registry.Registry) (map[string]printer.Side, []string, error) {
	attempts, err := reg.Attempts(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	t.arena.mu.Lock()
	defer t.arena.mu.Unlock()
	out := map[string]printer.Side{}
	var wrong []string
	for _, d := range attempts {
		f, looked := t.arena.faces[d.ID.String()]
		if !looked {
			continue
		}
		for app, other := range out {
			if same := equalSides(f, other); same != (app == d.Application) {
				wrong = append(wrong, fmt.Sprintf("the faces wanted for applications %s and %s are the same: %v", app, d.Application, same))
			}
		}
		if _, known := out[d.Application]; !known {
			out[d.Application] = f
		}
	}
	return out, wrong, nil
}

func equalSides(a, b printer.Side) bool {
	if len(a.Panels) != len(b.Panels) {
		return false
	}
	for i := range a.Panels {
		if string(a.Panels[i].Dots) != string(b.Panels[i].Dots) {
			return false
		}
	}
	return true
}

// count adds up both accounts in the same words.
func (t *torture) count(b *books) {
	w, l := t.result.World, t.result.Ledger
	w["requests"] += len(t.arena.center.Account())
	l["requests"] += len(b.apps)
	w["blanks"] += len(b.bodies)
	for _, c := range b.bodies {
		switch c.place.At {
		case machine.AtHopper:
			w["blanks in hoppers"]++
		case machine.AtStock:
			w["blanks in stock"]++
		case machine.AtPath:
			w["cards in paths"]++
		}
		w["fed"] += c.Fed()
		if !c.attempt().IsZero() {
			w["claimed"]++
		}
		if f, k := c.Prints(); f+k > 0 {
			w["printed"]++
		}
		if c.view.State != "blank" {
			w["chips "+c.view.State]++
		}
	}
	held, _, err := b.reg.Blanks(b.ctx)
	if err == nil {
		for _, h := range held {
			n := h.Unread + h.Read
			switch h.Place.Kind {
			case "hopper":
				l["blanks in hoppers"] += n
			case "store":
				l["blanks in stock"] += n
			case "path":
				l["cards in paths"] += n
			}
			if h.Place.Kind != "supplier" && h.Place.Kind != "found" && h.Place.Kind != "destroyed" {
				l["blanks"] += n
			}
		}
	}
	for _, d := range b.tries {
		for name, s := range map[string]jobs.Step{"fed": jobs.Feed, "claimed": jobs.Claim, "printed": jobs.Print} {
			if settled(d, s) {
				l[name]++
			}
		}
		l["attempts "+string(d.Attempt.State)]++
		if d.Card != nil {
			l["cards "+string(d.Card.State)]++
		}
	}
}

// story is what ledger and world tell of a batch, for whoever has to understand a difference.
func (b *books) story() string {
	text := ""
	for _, d := range b.tries {
		t := d.Attempt
		text += fmt.Sprintf("attempt %s of %s: %s, chip %s, cause %q\n", t.ID, t.Application, t.State, t.Chip, t.Cause)
		if d.Blank != nil {
			text += fmt.Sprintf("  blank at %s, chip %s\n", d.Blank.Place, d.Blank.Chip)
		}
		for _, n := range d.Journal {
			text += fmt.Sprintf("  %s %s %s %s %s %s\n", n.Step, n.Phase, n.Outcome.Result, n.Outcome.Cause, n.Outcome.Where, feedCounter(n))
		}
	}
	const all = 10000
	for _, room := range []string{"card.", "stock.", "doubt."} {
		events, _ := b.reg.Events(b.ctx, 0, all, audit.Filter{Code: room})
		for _, e := range events {
			text += fmt.Sprintf("%d %s %.8s %s %v\n", e.ID, e.Code, e.Attempt, e.Chip, e.Detail)
		}
	}
	lines, _ := b.reg.Lines(b.ctx)
	for _, l := range lines {
		text += fmt.Sprintf("line %s: wished %s %s, is %s %s\n", l.ID, l.Wish, l.Reason, l.Observed.State, l.Observed.Reason)
	}
	orders, _ := b.reg.Orders(b.ctx, jobs.Waiting, all)
	for _, w := range orders {
		text += fmt.Sprintf("order of %s waits: held %v, needs its record %v\n", w.Application, w.Held, w.NeedsRecord)
	}
	for _, c := range b.bodies {
		if c.Fed() > 0 {
			front, _ := c.Prints()
			text += fmt.Sprintf("card %s chip %s: %s, %s, attempt %s, fed %d, printed %d\n", c.Serial, c.uid, c.place, c.view.State, c.attempt(), c.Fed(), front)
		}
	}
	return text
}

// feedCounter is what that of the printer said with a note of the journal.
func feedCounter(n jobs.Note) string {
	for _, cards := range []*int{n.Evidence.Cards, n.Outcome.Cards} {
		if cards != nil {
			return fmt.Sprintf("feed counter %d", *cards)
		}
	}
	return ""
}

// Print writes both accounts as text.
func (r TortureResult) Print(w io.Writer) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%d kills of %d lives in %d batches, %d checks after a death, %.0f s\n\n", r.Kills, r.Lives, r.Batches, r.Checks, r.Seconds)
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tworld\tledger")
	names := slices.Collect(maps.Keys(r.World))
	for name := range r.Ledger {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, counted(r.World, name), counted(r.Ledger, name))
	}
	_ = table.Flush() // into memory
	if r.Agree() {
		fmt.Fprintln(&text, "\nworld and ledger agree")
	}
	for _, d := range r.Differences {
		fmt.Fprintln(&text, "\ndifference:", d)
	}
	for _, s := range r.Stories {
		fmt.Fprintf(&text, "\n%s", s)
	}
	_, err := text.WriteTo(w)
	return err
}

// counted is one figure of an account; a dash where it has none.
func counted(account map[string]int, name string) string {
	if n, known := account[name]; known {
		return strconv.Itoa(n)
	}
	return "-"
}
