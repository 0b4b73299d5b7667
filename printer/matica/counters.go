package matica

import (
	"context"

	"blanko/printer"
)

// proof is how far the counter "total" is taken as evidence of a feed.
type proof struct {
	assumed bool // by the model's data file, and not disproved
	trusted bool
	seen    bool // it was seen to follow a feed
}

// Counts reads the printer's own counters.
func (p *Printer) Counts(ctx context.Context) (Counts, error) {
	const op = "matica.Counts"
	b, err := p.read(ctx, op, readCounters)
	if err != nil {
		return Counts{}, err
	}
	c, err := parseCounters(b)
	if err != nil {
		return Counts{}, commFault(op, err)
	}
	return c, nil
}

// Counters reads what proves a feed. Nothing here proves a print: the printer counts no panels, and
// it does not tell how much of the ribbon is left.
func (p *Printer) Counters(ctx context.Context) (printer.Counters, error) {
	c, err := p.Counts(ctx)
	if err != nil {
		return printer.Counters{}, err
	}
	return p.evidence(c), nil
}

func (p *Printer) evidence(c Counts) printer.Counters {
	if !p.feeds.trusted {
		return printer.Counters{}
	}
	return printer.Counters{Cards: printer.Know(c.Total)}
}

// watch compares the counter before and after a feed. A feed that was made and did not raise it by
// one shows that it counts something else. While it was never seen to follow a feed, one that failed
// leaves open whether it would have: then it proves nothing until it is seen to.
func (p *Printer) watch(before, after printer.Known[int], err error) {
	if !p.feeds.assumed || !before.Known {
		return
	}
	rose := after.Known && after.Value == before.Value+1
	switch {
	case err == nil && after.Known:
		p.feeds = proof{rose, rose, rose}
	case err != nil && !p.feeds.seen && !rose && printer.ClassOf(err) != printer.ClassNoCards:
		p.feeds.trusted = false
	}
}

// total is the counter; not known when it cannot be read now.
func (p *Printer) total(ctx context.Context) printer.Known[int] {
	if !p.feeds.assumed {
		return printer.Known[int]{}
	}
	c, err := p.Counts(ctx)
	if err != nil {
		return printer.Known[int]{}
	}
	return printer.Know(c.Total)
}
