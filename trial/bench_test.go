package trial

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"blanko/emulator/chip"

	"blanko/applet"
	"blanko/chipdata"
)

// The model against the published figures of the card: air time of one command, microseconds at 106,
// 212, 424, 848 kbit/s.
func TestAirTime(t *testing.T) {
	t.Parallel()
	full := chip.Link{FSC: 256, FSD: 256}
	small, typeB := full, full
	small.FSC, typeB.TypeB = 64, true
	for _, c := range []struct {
		name string
		link chip.Link
		c, r int
		want [4]float64
	}{
		{"INITIALIZE UPDATE", full, 14, 34, [4]float64{4798.2, 2485.5, 1329.2, 751.0}},
		{"UPDATE BINARY, 239 bytes", full, 253, 10, [4]float64{23063.7, 11618.3, 5895.6, 3034.2}},
		{"2 bytes over one block", full, 255, 10, [4]float64{23954.0, 12149.9, 6247.8, 3296.8}},
		{"five blocks of 64", small, 253, 10, [4]float64{25945.1, 13404.7, 7134.5, 3999.4}},
		{"type B", typeB, 253, 10, [4]float64{26018.3, 13095.6, 6634.2, 3403.5}},
	} {
		for i, d := range benchDivisors {
			c.link.D = d
			got := 1e6 * (oneWay(c.link, c.c, c.link.FSC) + oneWay(c.link, c.r, c.link.FSD))
			if math.Abs(got-c.want[i]) > 0.051 {
				t.Errorf("%s at D %d: %.1f us, want %.1f", c.name, d, got, c.want[i])
			}
		}
	}
}

// The physical limit of a whole card, seconds (key generation left out). The published figures are
// computed with file control parameters of three cipher blocks; these have two, so each of the files
// takes a block less.
func TestLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile string
		timing  func() chip.Timing
		want    [4]float64
	}{
		{"ktpel-op-1-32k", chip.MidChip, [4]float64{4.72, 2.99, 2.12, 1.69}},
		{"ktpel-op-1-32k", chip.FastChip, [4]float64{4.09, 2.36, 1.50, 1.06}},
		{"ktpel-op-1-8k", chip.MidChip, [4]float64{1.92, 1.23, 0.88, 0.71}},
	} {
		p, err := chipdata.LoadProfile(c.profile)
		if err != nil {
			t.Fatal(err)
		}
		commands := applet.Sequence(p, nil)
		created := 0
		for _, k := range commands {
			if k.Step == 11 {
				created++
			}
		}
		for i, d := range benchDivisors {
			timing := c.timing()
			timing.Link.D, timing.KeyGeneration = d, 0
			block := oneWay(timing.Link, 61, 256) - oneWay(timing.Link, 45, 256) + 2*timing.AES.Seconds()
			if got := limit(timing, commands).Seconds() + float64(created)*block; math.Abs(got-c.want[i]) > 0.0055 {
				t.Errorf("%s at D %d: %.4f s, want %.2f", c.profile, d, got, c.want[i])
			}
		}
	}
}

// The station sends what the plan has and nothing beside it: on every chip and at every bit rate the
// chip's own clock shows the limit, to rounding.
func TestNothingBeyondTheLimit(t *testing.T) {
	t.Parallel()
	rows, err := Bench(context.Background(), BenchOptions{Cards: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(benchChips) * len(benchSpeeds) * len(benchDivisors); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	apdus := map[string]int{"32k": 202, "8k": 97}
	for _, r := range rows {
		if d := (r.Card - r.Limit).Abs(); d > time.Duration(r.APDUs)*time.Nanosecond {
			t.Errorf("%s, %s, D %d: the chip took %v, the limit is %v", r.Chip, r.Speed, r.D, r.Card, r.Limit)
		}
		if r.APDUs != apdus[r.Chip] || r.Chunk != 239 || r.FSC != 256 || r.KBit != 106*r.D || r.Reopened != 0 || r.Station <= 0 {
			t.Errorf("%+v", r)
		}
	}
	var text bytes.Buffer
	if err := PrintBench(&text, BenchOptions{Cards: 1}, rows); err != nil || text.Len() == 0 {
		t.Error(err)
	}
}

// A row above the target is said to be; the reader's time is not the station's.
func TestBenchTarget(t *testing.T) {
	t.Parallel()
	good := BenchRow{APDUs: 1, Limit: time.Second, Card: time.Second, Station: 49 * time.Millisecond, Reader: time.Minute}
	slow, chatty := good, good
	slow.Station = 51 * time.Millisecond
	chatty.Card += 20 * time.Millisecond
	for _, c := range []struct {
		rows []BenchRow
		want string
	}{
		{[]BenchRow{good}, "at most 4.90 %; the target of 5 % is kept"},
		{[]BenchRow{good, slow}, "at most 5.10 %; the target of 5 % is missed"},
		{[]BenchRow{chatty, good}, "at most 6.90 %; the target of 5 % is missed"},
	} {
		var text bytes.Buffer
		if err := PrintBench(&text, BenchOptions{Cards: 1}, c.rows); err != nil || !strings.Contains(text.String(), c.want) {
			t.Errorf("%s, want %s", text.String(), c.want)
		}
	}
}
