package trial

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	machine "blanko/emulator/printer"
	"blanko/internal/rig"

	"blanko/jobs"
	"blanko/personalize"
)

// benchmarkSpeed is the clock of the benchmark: real time is divided by it, the host's work is not.
// The promise (within 1 % of the mechanics) is made for real time.
const benchmarkSpeed = 1

// BenchmarkThroughput makes cards on a scaled real clock, so that the host's work counts, and
// compares the time from card to card with what the emulated mechanics and chips alone allow:
// feed, moves, panels, overlay, transfer of the panels over the cable, eject, and the chip's own
// time. Metric over_% is what the station adds. With every key on a token, the lines wait for it, too.
func BenchmarkThroughput(b *testing.B) {
	for _, lines := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			for b.Loop() {
				reportThroughput(b, lines, false)
			}
		})
	}
	b.Run("lines=8,token", func(b *testing.B) {
		rig.Need(b, "softhsm", rig.SoftHSMTools...)
		for b.Loop() {
			reportThroughput(b, 8, true)
		}
	})
}

func reportThroughput(b *testing.B, lines int, token bool) {
	over, perHour := throughput(b, lines, token)
	b.ReportMetric(over, "over_%")
	b.ReportMetric(perHour, "cards/h")
	b.ReportMetric(benchmarkSpeed, "speed")
}

// throughput is how much longer than the floor a card takes, in percent, and the cards of all
// lines in an hour. The first card of each line is left out: it waits for its preparation.
func throughput(b *testing.B, lines int, token bool) (over, perHour float64) {
	const cardsPerLine = 5
	o := Options{Cards: cardsPerLine * lines, Lines: lines, Speed: benchmarkSpeed, Faults: "none", Seed: 1, Chip: "32k", HSM: token}
	var mu sync.Mutex
	ejected := map[jobs.LineID][]time.Time{}
	var d *demo
	o.observe = func(p personalize.Progress) {
		if p.Step == jobs.Eject && p.Phase == jobs.Settled {
			mu.Lock()
			ejected[p.Line] = append(ejected[p.Line], d.room.world.Line(string(p.Line)).Clock.Now())
			mu.Unlock()
		}
	}
	d = &demo{Options: o, began: time.Now(), log: zap.NewNop()}
	defer d.close()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
		b.Fatal(err)
	}
	if err := d.round(ctx); err != nil {
		b.Fatal(err)
	}
	var floor time.Duration
	model, _ := machine.FindModel(printerModel)
	for _, m := range motions(model) {
		floor += m
	}
	for _, step := range jobs.Stages(jobs.Inline) {
		t, _ := median(d.tally, step, func(s sample) time.Duration { return s.chip })
		floor += t
	}
	floor += transfer()
	var cycles []time.Duration
	for _, at := range ejected {
		for i := 1; i < len(at); i++ {
			cycles = append(cycles, at[i].Sub(at[i-1]))
		}
	}
	if len(cycles) == 0 {
		b.Fatal("no card followed another")
	}
	var sum time.Duration
	for _, c := range cycles {
		sum += c
	}
	mean := sum / time.Duration(len(cycles))
	slices.Sort(cycles)
	b.Logf("%d lines: floor %v, mean %v, median %v, slowest %v", lines, floor, mean, cycles[len(cycles)/2], cycles[len(cycles)-1])
	return 100 * (float64(mean)/float64(floor) - 1), float64(lines) * float64(time.Hour) / float64(mean)
}

// transfer is the time of a YMCKO side over the cable: three panels of 7 bits per dot, two of one.
func transfer() time.Duration {
	const dots = 1016 * 648
	m, _ := machine.FindModel(printerModel)
	bytes := 3*dots*7/8 + 2*dots/8
	return time.Duration(float64(bytes) / float64(m.Timing.Bulk) * float64(time.Second))
}
