package trial

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/emulator"
	machine "blanko/emulator/printer"
	"blanko/jobs"
	"blanko/personalize"
)

// tornBook loses its connection once, at the first intent of a step.
type tornBook struct {
	personalize.Book
	step jobs.Step
	torn atomic.Bool
}

var errTorn = errors.New("the line was killed")

func (b *tornBook) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	if s == b.step && !b.torn.Swap(true) {
		return errTorn
	}
	return b.Book.Intend(ctx, o, s, e)
}

// keyTries counts how often a key of a reader's card is asked for.
type keyTries struct {
	applet.Transport
	kdd   string
	tries map[string]int // by the chip that was asked last who it is
}

func (k *keyTries) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	const initializeUpdate = 0x50
	rapdu, err := k.Transport.Transmit(ctx, capdu)
	if err == nil && capdu[1] == initializeUpdate && len(rapdu) > 10 {
		k.kdd = string(rapdu[:10])
		k.tries[k.kdd]++
	}
	return rapdu, err
}

// One cryptogram is tried on a chip whose keys are wrong, also when the line dies before the card is
// set aside and comes back without its memory.
func TestOneTryOnAStrangeChip(t *testing.T) {
	t.Parallel()
	for _, step := range []jobs.Step{"", jobs.Reject} {
		t.Run("killed at "+string(step), func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			d := &demo{Options: Options{Cards: 1, Lines: 1, Faults: "none", Seed: 5, Chip: "8k"}, began: time.Now(), log: zap.NewNop()}
			defer d.close()
			if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
				t.Fatal(err)
			}
			defer d.bars.close()
			line := d.parts.Lines[0]
			if err := d.room.world.Plan(emulator.Fault{Line: string(line.ID), Card: 1, Kind: "wrong_transport_key"}); err != nil {
				t.Fatal(err)
			}
			k := &keyTries{Transport: line.Reader, tries: map[string]int{}}
			line.Reader = k
			line.Book = &tornBook{Book: line.Book, step: step}
			if err := d.round(ctx); err != nil {
				t.Fatal(err)
			}
			sum, err := d.summary(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if sum.Made != 1 || sum.Spoiled != 1 || !sum.Accounted() {
				t.Errorf("made %d, spoiled %v, in doubt %d", sum.Made, sum.SpoiledByCause, sum.InDoubt)
			}
			once := 0
			for _, n := range k.tries {
				if n == 1 {
					once++
				}
			}
			if len(k.tries) != 2 || once != 1 {
				t.Errorf("%d chips were asked for a cryptogram, %d of them once", len(k.tries), once)
			}
		})
	}
}

// carelessBook has a person put the first card that was set aside back into the hopper, and the line
// die before it is fed again, and with it the memory of the encoder.
type carelessBook struct {
	personalize.Book
	machine    *machine.Machine
	t          *testing.T
	done, dead bool
}

func (b *carelessBook) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	if b.done && !b.dead {
		b.dead = true
		return errTorn
	}
	return b.Book.Intend(ctx, o, s, e)
}

func (b *carelessBook) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	err := b.Book.Settle(ctx, o, s, out)
	if s == jobs.Reject && !b.done {
		b.done = true
		cards := append(b.machine.TakeReject(), b.machine.Unload()...)
		if err := b.machine.Load(cards...); err != nil {
			b.t.Error(err)
		}
	}
	return err
}

// A chip whose cryptogram was wrong is not tried again when a person feeds it once more: the ledger
// knows the card, and no key is used on it.
func TestNoTryOnAStrangeChipFedAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := &demo{Options: Options{Cards: 1, Lines: 1, Faults: "none", Seed: 5, Chip: "8k"}, began: time.Now(), log: zap.NewNop()}
	defer d.close()
	if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
		t.Fatal(err)
	}
	defer d.bars.close()
	line := d.parts.Lines[0]
	if err := d.room.world.Plan(emulator.Fault{Line: string(line.ID), Card: 1, Kind: "wrong_transport_key"}); err != nil {
		t.Fatal(err)
	}
	k := &keyTries{Transport: line.Reader, tries: map[string]int{}}
	line.Reader = k
	line.Book = &carelessBook{Book: line.Book, machine: d.room.world.Line(string(line.ID)).Machine, t: t}
	if err := d.round(ctx); err != nil {
		t.Fatal(err)
	}
	sum, err := d.summary(ctx)
	if err != nil {
		t.Fatal(err)
	}
	once := 0
	for _, n := range k.tries {
		if n == 1 {
			once++
		}
	}
	if sum.Made != 1 || sum.Spoiled != 2 || len(k.tries) != 2 || once != 1 {
		t.Errorf("made %d, spoiled %v; %d chips were asked for a cryptogram, %d of them once", sum.Made, sum.SpoiledByCause, len(k.tries), once)
	}
}
