package trial

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/applet/pcsc"
)

// awayReader is a reader whose service goes at some commands and is back for the next.
type awayReader struct {
	applet.Transport
	calls int
	at    []int
}

var errService = errors.New("the service was restarted")

func (r *awayReader) away() error {
	r.calls++
	if !slices.Contains(r.at, r.calls) {
		return nil
	}
	return pcsc.NoService.At("trial.awayReader", applet.ReaderAway.At("trial.awayReader", errService))
}

// Transmit loses the answer of every other command that it fails, and the command of the rest.
func (r *awayReader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	err := r.away()
	if err != nil && r.calls%2 == 0 {
		return nil, err
	}
	rapdu, sent := r.Transport.Transmit(ctx, capdu)
	return rapdu, errors.Join(err, sent)
}

func (r *awayReader) Reset(ctx context.Context) ([]byte, error) {
	if err := r.away(); err != nil {
		return nil, err
	}
	return r.Transport.Reset(ctx)
}

// A card reader, or its service, that goes away in the middle of the work costs no blank: the line
// stops, and goes on with the card inside when it is back, whether the chip had done the command or
// not.
func TestReaderAwayCostsNoBlank(t *testing.T) {
	t.Parallel()
	const commands, stride = 183, 13 // to the reader for one card of 8 KB, resets and recheck included
	for first := 1; first <= commands; first += stride {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			d := &demo{Options: Options{Cards: 1, Lines: 1, Faults: "none", Seed: 5, Chip: "8k"}, began: time.Now(), log: zap.NewNop()}
			defer d.close()
			if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
				t.Fatal(err)
			}
			defer d.bars.close()
			line := d.parts.Lines[0]
			reader := &awayReader{Transport: line.Reader, at: []int{first}}
			line.Reader = reader
			if err := d.round(ctx); err != nil {
				t.Fatal(err)
			}
			sum, err := d.summary(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if sum.Made != d.Cards || sum.Spoiled+sum.Blocked+sum.InDoubt != 0 || !sum.Accounted() {
				t.Errorf("away at command %d of %d: made %d, spoiled %v, blocked %d, in doubt %d",
					first, reader.calls, sum.Made, sum.SpoiledByCause, sum.Blocked, sum.InDoubt)
			}
		})
	}
}
