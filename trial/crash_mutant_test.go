package trial

import (
	"context"
	"strings"
	"testing"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/registry"
	"blanko/store"
)

// A mutant is a station that breaks one promise. The account must find it out: a crash test that
// lets a mutant live proves nothing about the station.
//
// One of them is the lie that no station can see through, told by a wrapped printer: a feed counter
// that stands still while the card moves under it. The promises hold for counters that are true,
// for counters that are missing, and for a path sensor that lies; they do not hold for a counter
// that lies. The others change what the ledger does.
type mutant struct {
	name string
	make func(*crash)
	// meanwhile happens while the process is dead.
	meanwhile func(*crash)
	// at lets a process be killed at every instant whose name contains it; empty: at all.
	at   string
	want string // part of the difference that must be found
}

var mutants = []mutant{
	{
		name: "prints again in doubt",
		make: func(c *crash) {
			c.book = func(r *registry.Registry) personalize.Book { return &forgetful{Book: r} }
		},
		at:   `Write "Se`,
		want: "was printed 2 times",
	},
	{
		name: "feeds without a counter", // takes an empty path for proof that nothing was fed
		make: func(c *crash) {
			c.printer = func(p *evolis.Printer) (printer.Printer, printer.Path) { return &stale{p}, p }
		},
		meanwhile: (*crash).hide,
		at:        "Settle feed done", // the card has come, and nobody has written it down
		want:      "hopper/line-1",
	},
	{
		name: "calls an active card spoiled",
		make: func(c *crash) {
			c.book = func(r *registry.Registry) personalize.Book {
				return &spoiler{Book: r, db: func() *store.Store { return c.db }}
			}
		},
		meanwhile: func(c *crash) { c.withdraw(0); c.withdraw(1) },
		at:        "Settle activate done",
		want:      "is spoiled, and its card is",
	},
	{
		name:      "declares lost without retiring",
		make:      func(c *crash) { c.lost = loseQuietly },
		meanwhile: (*crash).hide,
		at:        "Settle activate done",
		want:      "is lost, and its card is made",
	},
	{
		name: "reads no withdrawal again",
		make: func(c *crash) {
			late := &deaf{}
			c.book = func(r *registry.Registry) personalize.Book { return late.on(c, r) }
			c.tell = late.keep
		},
		meanwhile: func(c *crash) { c.withdraw(0); c.withdraw(1) },
		at:        "Settle claim done",
		want:      "after the withdrawal",
	},
}

// deaf is a register that answers a withdrawal with done and writes it down when the card is out.
type deaf struct {
	personalize.Book
	crash *crash
	later []registry.WithdrawRecord
}

func (d *deaf) on(c *crash, r *registry.Registry) personalize.Book {
	d.Book, d.crash = r, c
	return d
}

func (d *deaf) keep(op registry.WithdrawRecord) registry.Result {
	d.later = append(d.later, op)
	return registry.Result{Answer: registry.AnswerDone}
}

func (d *deaf) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	err := d.Book.Settle(ctx, o, s, out)
	if s != jobs.Eject || err != nil {
		return err
	}
	for _, op := range d.later {
		if _, err := d.crash.people.do(ctx, centerActor, op); err != nil {
			return err
		}
	}
	d.later = nil
	return nil
}

// hide takes the card out of the path where nobody finds it.
func (c *crash) hide() {
	c.pull()
	for _, p := range c.room.blanks {
		if at := p.Place(); at.At == machine.AtBox && at.From == machine.AtPath {
			c.hidden = append(c.hidden, p)
		}
	}
}

// difference is what the account of a mutant found.
type difference string

// dies makes a batch with the mutant, killed at the n-th instant of its kind, and returns what the
// account finds; "" when it finds nothing.
func (m mutant) dies(t *testing.T, n int) (found string) {
	c := newCrash(t, byte(n))
	defer c.end()
	c.caught = func(text string) any { return difference(text) }
	defer func() {
		switch p := recover().(type) {
		case nil:
		case difference:
			found = string(p)
		default:
			panic(p)
		}
	}()
	m.make(c)
	if !c.life(&stopper{at: n, of: m.at}) {
		return ""
	}
	if m.meanwhile != nil {
		m.meanwhile(c)
	}
	c.restart()
	c.always("after the death")
	c.life(&stopper{})
	c.atRest()
	return ""
}

// instants is how many of its kind an undisturbed batch has.
func (m mutant) instants(t *testing.T) (n int) {
	c := newCrash(t, 0)
	defer c.end()
	c.life(&stopper{meanwhile: func(_ int, what string) {
		if strings.Contains(what, m.at) {
			n++
		}
	}})
	return n
}

// Every mutant is found out by the same account that the station passes, within a few deaths.
func TestMutantsAreCaught(t *testing.T) {
	t.Parallel()
	const deaths = 12
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			all := m.instants(t)
			for n := 1; n <= min(deaths, all); n++ {
				found := m.dies(t, n)
				if strings.Contains(found, m.want) {
					t.Logf("found at death %d: %.200s", n, found)
					return
				}
				if found != "" {
					t.Logf("death %d found something else: %.300s", n, found)
				}
			}
			t.Errorf("not found out in %d deaths of %d", min(deaths, all), all)
		})
	}
}
