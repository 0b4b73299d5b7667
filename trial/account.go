package trial

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"
)

// account holds the world's cards against the ledger. It looks at chips and plastic itself, and
// asks the ledger only through its questions.
type account struct {
	reg    *registry.Registry
	blanks []*machine.Plastic // every blank that was ever made
}

// body is one card of the world.
type body struct {
	*machine.Plastic
	place machine.Place
	view  chip.View
	uid   ktp.ChipUID
}

func (b body) attempt() ktp.AttemptID { return ktp.AttemptID(b.view.Attempt) }

// bodies reads every card of the world.
func (a account) bodies() []body {
	out := make([]body, 0, len(a.blanks))
	for _, p := range a.blanks {
		b := body{Plastic: p, place: p.Place()}
		if p.Chip != nil {
			b.view = p.Chip.View()
			b.uid = ktp.ChipUID(fmt.Sprintf("%X", b.view.KDD[:]))
		}
		out = append(out, b)
	}
	return out
}

// always lists what breaks a promise that holds at every instant, also in the middle of a step
// and after any crash, before recovery.
func (a account) always(ctx context.Context) ([]string, error) {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	attempts, err := a.reg.Attempts(ctx, "")
	if err != nil {
		return nil, err
	}
	known := map[ktp.AttemptID]registry.AttemptDetail{}
	for _, t := range attempts {
		if known[t.ID], err = a.reg.Attempt(ctx, t.ID); err != nil {
			return nil, err
		}
	}
	active := map[string][]string{} // application to cards
	fed := 0
	for _, b := range a.bodies() {
		front, back := b.Prints()
		if front > 1 || back > 1 {
			say("card %s was printed %d times", b.Serial, max(front, back))
		}
		if b.Fed() > 0 {
			fed++
		}
		d, ours := known[b.attempt()]
		if b.attempt().IsZero() || !ours {
			if front > 0 && ours == false && !b.attempt().IsZero() {
				say("card %s is printed for attempt %s that the ledger does not know", b.Serial, b.attempt())
			}
			continue
		}
		if front > 0 && !d.Journal.Intended(jobs.Print) {
			say("card %s is printed, and attempt %s has no intent to print", b.Serial, d.Attempt.ID)
		}
		if !d.Journal.Intended(jobs.Claim) {
			say("card %s is claimed, and attempt %s has no intent to claim", b.Serial, d.Attempt.ID)
		}
		if b.view.State == "active" || b.view.State == "blocked" {
			if !d.Journal.Intended(jobs.Activate) {
				say("card %s is %s, and attempt %s has no intent to activate", b.Serial, b.view.State, d.Attempt.ID)
			}
			if d.Attempt.State == jobs.Spoiled {
				say("card %s was active, and the ledger calls attempt %s spoiled", b.Serial, d.Attempt.ID)
			}
		}
		if b.view.State == "active" {
			active[d.Attempt.Application] = append(active[d.Attempt.Application], b.Serial)
		}
		if jobs.IsActive(d.Attempt.Kind, d.Attempt.State) && !slices.Contains([]string{"active", "blocked", "terminated"}, b.view.State) {
			say("attempt %s is %s, and its card %s is only %s", d.Attempt.ID, d.Attempt.State, b.Serial, b.view.State)
		}
		if d.Attempt.State == jobs.Revoked && b.view.State == "active" && !b.view.Dead {
			say("attempt %s is revoked, and its card %s is active", d.Attempt.ID, b.Serial)
		}
		if d.Attempt.Chip != "" && d.Attempt.Chip != b.uid {
			say("attempt %s names chip %s, and its card %s has chip %s", d.Attempt.ID, d.Attempt.Chip, b.Serial, b.uid)
		}
	}
	for _, app := range slices.Sorted(maps.Keys(active)) {
		if n := len(active[app]); n > 1 {
			say("application %s has %d active cards", app, n)
		}
	}
	intents := 0
	for _, d := range known {
		if d.Journal.Intended(jobs.Feed) {
			intents++
		}
	}
	if fed > intents {
		say("%d blanks left a hopper, and there are %d intents to feed", fed, intents)
	}
	return wrong, nil
}

// atRest lists what does not agree when no line is at work and recovery has ended: every card is
// where the ledger says, and the ledger adds up.
func (a account) atRest(ctx context.Context) ([]string, error) {
	wrong, err := a.always(ctx)
	if err != nil {
		return nil, err
	}
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	held, differences, err := a.reg.Blanks(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range differences {
		say("the ledger of blanks does not add up: %+v", d)
	}
	inLedger, inWorld := map[string]int{}, map[string]int{}
	total := 0
	for _, h := range held {
		n := h.Unread + h.Read
		switch h.Place.Kind {
		case stock.Supplier, stock.Found, stock.Destroyed:
			continue
		case stock.Hopper, stock.Path:
			inLedger[h.Place.String()] += n
		}
		total += n
	}
	if total != len(a.blanks) {
		say("the world has %d blanks, the ledger %d", len(a.blanks), total)
	}
	places, err := a.places(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range a.bodies() {
		switch b.place.At {
		case machine.AtHopper:
			inWorld[stock.On(stock.Hopper, b.place.Holder).String()]++
		case machine.AtPath:
			inWorld[stock.On(stock.Path, b.place.Holder).String()]++
		}
		if p, ok := places[b.uid]; ok && !agree(p, b) {
			say("card %s: the ledger says %s, the world %s", b.Serial, p, b.place)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(inLedger)) {
		if inLedger[k] != inWorld[k] {
			say("%s: %d in the ledger, %d in the world", k, inLedger[k], inWorld[k])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(inWorld)) {
		if _, ok := inLedger[k]; !ok {
			say("%s: none in the ledger, %d in the world", k, inWorld[k])
		}
	}
	return wrong, nil
}

// places is where the ledger has every chip that it has read.
func (a account) places(ctx context.Context) (map[ktp.ChipUID]stock.Place, error) {
	out := map[ktp.ChipUID]stock.Place{}
	attempts, err := a.reg.Attempts(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, t := range attempts {
		d, err := a.reg.Attempt(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		if d.Blank != nil && d.Blank.Chip != "" {
			out[d.Blank.Chip] = d.Blank.Place
		}
	}
	return out, nil
}

// agree holds a place of the ledger against the place in the world. A person who empties a tray
// keeps its cards together in a box beside the machine, which is still that tray.
func agree(p stock.Place, b body) bool {
	from := b.place.At
	if from == machine.AtBox || from == machine.AtHand {
		from = b.place.From
	}
	switch p.Kind {
	case stock.Hopper:
		return b.place.At == machine.AtHopper && b.place.Holder == p.Line
	case stock.Path:
		return b.place.At == machine.AtPath && b.place.Holder == p.Line
	case stock.Tray:
		return from == machine.AtOutput || b.place.Holder == boxOutput+" "+p.Line
	case stock.Reject:
		return from == machine.AtReject || b.place.Holder == boxReject+" "+p.Line
	case stock.Store, stock.Received:
		return b.place.At == machine.AtStock || b.view.State == "blank" && b.place.At != machine.AtHopper && b.place.At != machine.AtPath
	case stock.Doubt, stock.Lost:
		return b.place.At != machine.AtHopper && b.place.At != machine.AtStock
	default: // set apart by a person
		return b.place.At != machine.AtHopper && b.place.At != machine.AtPath && b.place.At != machine.AtStock
	}
}
