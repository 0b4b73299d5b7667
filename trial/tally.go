package trial

import (
	"slices"
	"sync"
	"time"

	"blanko/emulator"
	"blanko/emulator/chip"

	"blanko/jobs"
	"blanko/personalize"
)

// tally collects what lines tell of their steps, and beside it what the chip in the machine has
// worked meanwhile: its own time is the floor of a step.
type tally struct {
	world *emulator.World

	mu    sync.Mutex
	last  map[jobs.LineID]chip.View
	steps map[jobs.Step][]sample
}

// sample is one step of one card.
type sample struct {
	took  time.Duration // by the line's clock
	chip  time.Duration // the chip's own time and that of its link
	apdus int
	wire  int // bytes both ways
}

func newTally(w *emulator.World) *tally {
	return &tally{world: w, last: map[jobs.LineID]chip.View{}, steps: map[jobs.Step][]sample{}}
}

func (t *tally) observe(p personalize.Progress) {
	if p.Phase != jobs.Settled {
		return
	}
	var now chip.View
	if card := inPath(t.world.Line(string(p.Line)).Machine); card != nil && card.Chip != nil {
		now = card.Chip.View()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.last[p.Line]
	t.last[p.Line] = now
	if p.Result != jobs.Done {
		return
	}
	s := sample{took: p.Took}
	if before.KDD == now.KDD || p.Step == jobs.Claim {
		if before.KDD != now.KDD {
			before = chip.View{}
		}
		s.chip, s.apdus, s.wire = now.Spent-before.Spent, now.APDUs-before.APDUs, now.BytesIn+now.BytesOut-before.BytesIn-before.BytesOut
	}
	t.steps[p.Step] = append(t.steps[p.Step], s)
}

// median picks the middle of one figure over all cards that did the step.
func median[T ~int | ~int64](t *tally, step jobs.Step, figure func(sample) T) (T, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []T
	for _, s := range t.steps[step] {
		list = append(list, figure(s))
	}
	if len(list) == 0 {
		return 0, 0
	}
	slices.Sort(list)
	return list[len(list)/2], len(list)
}
