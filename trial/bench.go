package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"blanko/emulator/chip"
	"blanko/internal/rig"
)

// BenchOptions of a benchmark of the chip work.
type BenchOptions struct {
	Cards    int  // of each row; the figures are medians
	RealTime bool // the chip really takes its time; otherwise only its clock advances
	PCSC     bool // through scard, pcscd and a virtual reader; otherwise the chip is reached directly

	readers []rig.Reader // of a service that is there, instead of a private one
}

// maxBenchCards keeps a benchmark within an hour.
const maxBenchCards = 1000

// Check names the first option that cannot be.
func (o BenchOptions) Check() error {
	if o.Cards < 1 || o.Cards > maxBenchCards {
		return fmt.Errorf("--cards: 1 to %d", maxBenchCards)
	}
	return nil
}

// BenchRow is one kind of chip at one bit rate. Times are of one card: claim, write, read back,
// keys, activation (steps 1 to 17 of the sequence), without the chip's key generation.
type BenchRow struct {
	Way      string `json:"way"`      // in process, or through PC/SC
	Chip     string `json:"chip"`     // 32k, 8k
	Speed    string `json:"speed"`    // fast, mid, slow
	KBit     int    `json:"kbit_s"`   // 106, 212, 424, 848
	D        int    `json:"d"`        // bit rate divisor
	FSC      int    `json:"fsc"`      // frame size of the chip, bytes
	Chunk    int    `json:"chunk"`    // plain bytes of one UPDATE or READ BINARY
	Extended bool   `json:"extended"` // APDUs of extended length
	Reopened int    `json:"reopened"` // channels opened anew with a shorter chunk
	APDUs    int    `json:"apdus"`

	Limit   time.Duration `json:"limit_ns"`   // model, with a station and a reader that take no time
	Card    time.Duration `json:"card_ns"`    // by the chip's clock
	Station time.Duration `json:"station_ns"` // between an answer and the next command
	Reader  time.Duration `json:"reader_ns"`  // driver, service and cable, beside the chip
}

// Total is the time of a card.
func (r BenchRow) Total() time.Duration { return r.Card + r.Station + r.Reader }

// Over is what the station adds to the limit, in percent: its own time, and what the chip took
// for commands beyond the plan. The reader's time is not the station's.
func (r BenchRow) Over() float64 {
	return 100 * float64(r.Card+r.Station-r.Limit) / float64(r.Limit)
}

// The chips and bit rates of the benchmark.
var (
	benchSpeeds = []struct {
		name   string
		timing func() chip.Timing
	}{{"fast", chip.FastChip}, {"mid", chip.MidChip}, {"slow", chip.SlowChip}}
	benchChips    = []string{"32k", "8k"}
	benchDivisors = []int{1, 2, 4, 8}
)

const kbitPerDivisor = 106

// Bench makes cards of the benchmark record on every kind of chip and at every bit rate, and shows
// each row as it is done.
func Bench(ctx context.Context, o BenchOptions, show func(BenchRow)) (rows []BenchRow, err error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	w := way{name: "in process"}
	if o.PCSC {
		w.name = "through PC/SC"
		if w.service, err = openService(ctx, []string{benchPlace}, o.readers); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, w.service.Close()) }()
	}
	for _, variant := range benchChips {
		b, err := newBenchmark(variant, o, &w)
		if err != nil {
			return nil, err
		}
		for _, s := range benchSpeeds {
			for _, d := range benchDivisors {
				timing := s.timing()
				timing.Link.D, timing.KeyGeneration = d, 0
				row, err := b.row(ctx, timing)
				if err != nil {
					return rows, fmt.Errorf("%s, %s, D %d: %w", variant, s.name, d, err)
				}
				row.Speed = s.name
				rows = append(rows, row)
				if show != nil {
					show(row)
				}
			}
		}
	}
	return rows, nil
}
