package trial

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	machine "blanko/emulator/printer"

	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/registry"
	"blanko/store/storetest"
)

// mishap is something that happens to a batch at an instant that the dice choose.
type mishap struct {
	name string
	do   func(c *crash, r *rand.Rand)
}

// mishaps are what the promises survive, all of it. What they do not survive is in mutants.
var mishaps = slices.Insert(everyMischief(), 5, mishap{"withdrawal", func(c *crash, r *rand.Rand) { c.withdraw(r.IntN(crashCards)) }})

func everyMischief() (list []mishap) {
	for _, m := range mischiefs {
		list = append(list, mishap{m.name, func(c *crash, _ *rand.Rand) { c.did(m.do(c.room, crashLine)) }})
	}
	return list
}

func plan(f machine.Fault) func(*crash, *rand.Rand) {
	return func(c *crash, _ *rand.Rand) { c.line().Plan(f) }
}

func (c *crash) did(err error) {
	if err != nil {
		c.t.Error(err)
	}
}

// without is all mishaps but those whose name begins so.
func without(names []string) (list []mishap) {
	for _, m := range mishaps {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(m.name, name) }) {
			list = append(list, m)
		}
	}
	return list
}

func (c *crash) pull() { c.did(c.room.pull(crashLine)) }

func (c *crash) emptyTrays() { c.did(c.room.emptyTrays(crashLine)) }

// withdraw takes the i-th record back, as the center does, and keeps what was answered.
func (c *crash) withdraw(i int) {
	id := c.office.records[i].Record.ID
	if _, before := c.account.withdrawn[id]; before {
		return
	}
	ctx := context.Background()
	op := registry.WithdrawRecord{ID: registry.ApplicationID(id), Reason: "died"}
	var res registry.Result
	var err error
	if c.tell != nil {
		res = c.tell(op)
	} else if res, err = c.people.do(ctx, centerActor, op); err != nil {
		c.t.Error(err)
		return
	}
	newest := int64(0)
	attempts, err := c.reg.Attempts(ctx, "")
	for _, t := range attempts {
		d, derr := c.reg.Attempt(ctx, t.ID)
		if derr != nil {
			err = derr
			continue
		}
		for _, n := range d.Journal {
			newest = max(newest, n.ID)
		}
	}
	if err != nil {
		c.t.Error(err)
	}
	c.account.withdrawn[id] = answered{newest, res.Answer}
}

// unlucky makes one batch with the dice of a seed: mishaps and deaths at random instants, also
// while an earlier death is recovered from and while a card lies on the desk.
func unlucky(t *testing.T, seed uint64, deaths, accidents int, allowed []mishap) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0xC4A5))
	c := newCrash(t, byte(seed))
	defer c.end()
	c.printer = missing[seed%uint64(len(missing))].wrap
	const span = 1500 // instants of an undisturbed batch
	c.unlucky(r, span, deaths, accidents, allowed)
}

// unlucky is the batch of the function of this name.
func (c *crash) unlucky(r *rand.Rand, span, deaths, accidents int, allowed []mishap) {
	for i := 0; ; i++ {
		s := &stopper{}
		if i < deaths {
			s.at = 1 + r.IntN(span/(1+i%2*3))
		}
		due := map[int]mishap{}
		for range accidents {
			due[1+r.IntN(span)] = allowed[r.IntN(len(allowed))]
		}
		accidents /= 2
		s.meanwhile = func(n int, what string) {
			if m, now := due[n]; now {
				c.deaths = append(c.deaths, fmt.Sprintf("%s at %d, %s", m.name, n, what))
				m.do(c, r)
			}
		}
		died := c.life(s)
		if !died {
			break
		}
		if r.IntN(4) == 0 {
			m := allowed[r.IntN(len(allowed))]
			c.deaths = append(c.deaths, m.name+" while nothing runs")
			m.do(c, r)
		}
		c.restart()
		c.always("after the death")
	}
	c.atRest()
}

// missing are counters that a printer may not have. A printer that does not tell where its card is
// cannot be the printer of such a line.
var missing = []struct {
	name string
	wrap func(*evolis.Printer) (printer.Printer, printer.Path)
}{
	{"none", nil},
	{"feed counter", func(p *evolis.Printer) (printer.Printer, printer.Path) { return &lacking{Printer: p, cards: true}, p }},
	{"print counter", func(p *evolis.Printer) (printer.Printer, printer.Path) { return &lacking{Printer: p, panels: true}, p }},
	{"every counter", func(p *evolis.Printer) (printer.Printer, printer.Path) {
		return &lacking{Printer: p, cards: true, panels: true, ribbon: true}, p
	}},
}

// lacking is a printer without some of its counters.
type lacking struct {
	*evolis.Printer
	cards, panels, ribbon bool
}

func (l *lacking) Status(ctx context.Context) (printer.Status, error) {
	st, err := l.Printer.Status(ctx)
	st.Counters = l.without(st.Counters)
	return st, err
}

func (l *lacking) Counters(ctx context.Context) (printer.Counters, error) {
	c, err := l.Printer.Counters(ctx)
	return l.without(c), err
}

func (l *lacking) without(c printer.Counters) printer.Counters {
	if l.cards {
		c.Cards = printer.Known[int]{}
	}
	if l.panels {
		c.Panels = printer.Known[int]{}
	}
	if l.ribbon {
		c.RibbonLeft = printer.Known[int]{}
	}
	return c
}

// Batches in which much goes wrong at once, with deaths between, also while an earlier death is
// recovered from.
func TestUnluckyBatches(t *testing.T) {
	t.Parallel()
	from, count := seeds()
	for hand := range uint64(hands) {
		t.Run(fmt.Sprint(hand), func(t *testing.T) {
			t.Parallel()
			for seed := from + hand; seed < from+count; seed += hands {
				t.Run(fmt.Sprint(seed), func(t *testing.T) { unlucky(t, seed, 3, 3, without(apart[seed%2])) })
			}
		})
	}
}

// seeds are those that are tried: few, or with BLANKO_RIGS=all many. BLANKO_SEED tries one alone
// (3319), or those from one to another (1-4000).
func seeds() (from, count uint64) {
	first, last, several := strings.Cut(os.Getenv("BLANKO_SEED"), "-")
	if from, err := strconv.ParseUint(first, 10, 64); err == nil {
		if to, err := strconv.ParseUint(last, 10, 64); several && err == nil && to >= from {
			return from, to - from + 1
		}
		return from, 1
	}
	switch {
	case storetest.Soak():
		return 1, 300
	case thorough() && !racing:
		return 1, 60
	}
	return 1, 12
}

// thorough reports whether the tests may take minutes.
func thorough() bool { return os.Getenv("BLANKO_RIGS") == "all" }
