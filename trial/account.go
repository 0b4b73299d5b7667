package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"blanko/emulator"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/keys"
	"blanko/ktp"
	"blanko/printer"
	"blanko/registry"
	"blanko/registry/stock"
)

// account holds the world's cards against the ledger. It looks at chips and plastic itself, and
// asks the ledger only through its questions.
type account struct {
	reg    *registry.Registry
	blanks []*machine.Plastic // every blank that was ever made
	// face is what should be printed for an application; nil: faces are not compared.
	face func(application string) (printer.Panels, bool)
	// withdrawn has, for every withdrawal that the center was answered, the newest note of the
	// journal at that moment and the answer; nil: the order of events is judged by time alone.
	withdrawn map[string]answered
	jumps     bool // the clock of the ledger was set, so that its times tell no order
}

// answered is one withdrawal as the center knows it.
type answered struct {
	note   int64
	answer string
}

// body is one card of the world.
type body struct {
	*machine.Plastic
	place machine.Place
	view  chip.View
	uid   ktp.ChipUID
}

func (b body) attempt() ktp.AttemptID { return ktp.AttemptID(b.view.Attempt) }

func (b body) is(states ...string) bool { return slices.Contains(states, b.view.State) }

// mute reports whether no reader gets an answer from the chip any more.
func (b body) mute() bool { return b.view.Dead || b.InField() == nil }

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

// books are the ledger and the world side by side, read once.
type books struct {
	account
	ctx    context.Context
	bodies []body
	tries  []registry.AttemptDetail        // oldest first
	try    map[ktp.AttemptID]int           // index into tries
	held   map[ktp.AttemptID][]body        // cards by the attempt id on their chip
	apps   map[string]registry.Application // by id
	nik    map[string]string               // by application
	wrong  []string
}

func (a account) read(ctx context.Context) (*books, error) {
	b := &books{
		account: a, ctx: ctx, try: map[ktp.AttemptID]int{}, held: map[ktp.AttemptID][]body{},
		apps: map[string]registry.Application{}, nik: map[string]string{},
	}
	attempts, err := a.reg.Attempts(ctx, "")
	if err != nil {
		return nil, err
	}
	for i, t := range attempts {
		d, err := a.reg.Attempt(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		b.tries = append(b.tries, d)
		b.try[t.ID] = i
	}
	const all = 1 << 20
	apps, err := a.reg.ListApplications(ctx, "", "", all)
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		b.apps[string(app.ID)] = app
	}
	// The world is read last: it may run ahead of the ledger, and never behind it.
	b.bodies = a.bodies()
	for _, c := range b.bodies {
		if !c.attempt().IsZero() {
			b.held[c.attempt()] = append(b.held[c.attempt()], c)
		}
	}
	return b, nil
}

func (b *books) say(format string, args ...any) {
	b.wrong = append(b.wrong, fmt.Sprintf(format, args...))
}

// of is the attempt that a card carries on its chip.
func (b *books) of(c body) (registry.AttemptDetail, bool) {
	i, known := b.try[c.attempt()]
	if !known || c.attempt().IsZero() {
		return registry.AttemptDetail{}, false
	}
	return b.tries[i], true
}

// person is the NIK of an application's record, which the ledger keeps when pictures and fingers
// are erased.
func (b *books) person(application string) (string, error) {
	if n, ok := b.nik[application]; ok {
		return n, nil
	}
	r, err := b.reg.Record(b.ctx, registry.ApplicationID(application))
	if err == nil {
		b.nik[application] = r.Person.NIK.Digits()
	}
	return b.nik[application], err
}

// always lists what breaks a promise that holds at every instant, also in the middle of a step
// and after any crash, before recovery.
func (a account) always(ctx context.Context) ([]string, error) {
	b, err := a.read(ctx)
	if err != nil {
		return nil, err
	}
	return b.wrong, b.always()
}

func (b *books) always() error {
	if err := b.oneCard(); err != nil {
		return err
	}
	if err := b.samePerson(); err != nil {
		return err
	}
	b.intendedFirst()
	b.reportedTruly()
	b.withdrawnInTime()
	if err := b.countersTold(); err != nil {
		return err
	}
	_, differences, err := b.reg.Blanks(b.ctx)
	for _, d := range differences {
		b.say("the ledger of blanks does not add up: %+v", d)
	}
	return err
}

// countersTold holds the sequence counters of key sets against the chips: none in the ledger is beyond its chip's,
// and of an active card that the ledger has as made the reading keys were counted.
func (b *books) countersTold() error {
	for _, d := range b.tries {
		if d.Attempt.Chip == "" {
			continue
		}
		known, err := b.reg.ChipCounters(b.ctx, d.Attempt.Chip)
		if err != nil {
			return err
		}
		for _, c := range b.held[d.Attempt.ID] {
			for _, k := range known {
				if n, there := c.view.Sequences[k.Version]; there && k.Counter > int(n) {
					b.say("card %s: key set %02X was asked %d times, the ledger says %d", c.Serial, k.Version, n, k.Counter)
				}
			}
			if d.Attempt.State == jobs.Out && !slices.ContainsFunc(known, func(k registry.ChipCounter) bool { return k.Role == keys.Reading && k.Counter > 0 }) {
				b.say("card %s: finished, and the ledger has no counter of its reading keys", c.Serial)
			}
		}
	}
	return nil
}

// atRest lists what does not agree when no line is at work and recovery has ended: every card is
// where the ledger says, and the ledger adds up.
func (a account) atRest(ctx context.Context) ([]string, error) {
	b, err := a.read(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.always(); err != nil {
		return nil, err
	}
	if err := b.counted(); err != nil {
		return nil, err
	}
	b.recalled()
	return b.wrong, nil
}

// counted compares where the cards are (promise 2).
func (b *books) counted() error {
	held, _, err := b.reg.Blanks(b.ctx)
	if err != nil {
		return err
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
	if total != len(b.blanks) {
		b.say("the world has %d blanks, the ledger %d", len(b.blanks), total)
	}
	places := map[ktp.ChipUID]stock.Place{}
	for _, d := range b.tries {
		if d.Blank != nil && d.Blank.Chip != "" {
			places[d.Blank.Chip] = d.Blank.Place
		}
	}
	for _, c := range b.bodies {
		switch c.place.At {
		case machine.AtBox:
			if line, is := strings.CutPrefix(c.place.Holder, boxStack); is {
				inWorld[stock.On(stock.Hopper, line).String()]++
			}
		case machine.AtHopper:
			inWorld[stock.On(stock.Hopper, c.place.Holder).String()]++
		case machine.AtPath:
			inWorld[stock.On(stock.Path, c.place.Holder).String()]++
		}
		if p, ok := places[c.uid]; ok && !agree(p, c) {
			b.say("card %s: the ledger says %s, the world %s", c.Serial, p, c.place)
		}
	}
	// A feed that nobody could prove and that two persons have declared lost: the blank may as well
	// have stayed in the hopper.
	unseen := map[string]int{}
	for _, d := range b.tries {
		if d.Attempt.State == jobs.Lost && d.Blank != nil && d.Blank.Chip == "" {
			unseen[stock.On(stock.Hopper, string(d.Attempt.Line)).String()]++
		}
	}
	for _, k := range both(inLedger, inWorld) {
		if n := inWorld[k] - inLedger[k]; n < 0 || n > unseen[k] {
			b.say("%s: %d in the ledger, %d in the world", k, inLedger[k], inWorld[k])
		}
	}
	return nil
}

// both are the keys of two counts, in order.
func both(a, b map[string]int) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// besides is the box beside a line in which the cards of one of its trays are kept; a card that was laid on a
// desk by mistake is put back into it.
func besides(line string, tray machine.At) string { return (&emulator.Line{Name: line}).Box(tray) }

// agree holds a place of the ledger against the place in the world. A person who empties a tray
// keeps its cards together in a box beside the machine, which is still that tray.
func agree(p stock.Place, b body) bool {
	from := b.place.At
	if from == machine.AtBox || from == machine.AtHand {
		from = b.place.From
	}
	switch p.Kind {
	case stock.Hopper:
		return b.place.At == machine.AtHopper && b.place.Holder == p.Line || b.place.Holder == stackOf(p.Line)
	case stock.Path:
		return b.place.At == machine.AtPath && b.place.Holder == p.Line
	case stock.Tray:
		return from == machine.AtOutput || slices.Contains([]string{boxOutput + " " + p.Line, besides(p.Line, machine.AtOutput)}, b.place.Holder)
	case stock.Reject:
		return from == machine.AtReject || slices.Contains([]string{boxReject + " " + p.Line, besides(p.Line, machine.AtReject)}, b.place.Holder)
	case stock.Store, stock.Received:
		return b.place.At == machine.AtStock || b.view.State == "blank" && b.place.At != machine.AtHopper && b.place.At != machine.AtPath
	case stock.Lost: // it was looked for where a line lays what it sets aside, and in its tray
		return from != machine.AtReject && from != machine.AtOutput && b.place.At != machine.AtHopper && b.place.At != machine.AtStock
	case stock.Doubt:
		return b.place.At != machine.AtHopper && b.place.At != machine.AtStock
	default: // set apart by a person
		return b.place.At != machine.AtHopper && b.place.At != machine.AtPath && b.place.At != machine.AtStock
	}
}
