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
	"blanko/personalize"
)

// resetReader is a reader whose driver resets the card by itself at some commands.
type resetReader struct {
	applet.Transport
	calls int
	at    []int
	done  bool // the chip has done a command before its answer was lost
}

var errReset = errors.New("the driver reset the card")

func (r *resetReader) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	r.calls++
	if !slices.Contains(r.at, r.calls) {
		return r.Transport.Transmit(ctx, capdu)
	}
	if r.done {
		if _, err := r.Transport.Transmit(ctx, capdu); err != nil {
			return nil, err
		}
	}
	if _, err := r.Transport.Reset(ctx); err != nil {
		return nil, err
	}
	return nil, applet.CardReset.At("trial.resetReader", errReset)
}

// madeBy makes one card through a reader and returns how the batch ended.
func madeBy(t *testing.T, reader *resetReader) Summary {
	t.Helper()
	return bentBy(t, reader, func(*personalize.Line) {})
}

// bentBy is madeBy with a line that something is wrong with.
func bentBy(t *testing.T, reader *resetReader, bend func(*personalize.Line)) Summary {
	t.Helper()
	ctx := context.Background()
	d := &demo{Options: Options{Cards: 1, Lines: 1, Faults: "none", Seed: 5, Chip: "8k"}, began: time.Now(), log: zap.NewNop()}
	defer d.close()
	if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
		t.Fatal(err)
	}
	defer d.bars.close()
	line := d.parts.Lines[0]
	reader.Transport, line.Reader = line.Reader, reader
	bend(line)
	if err := d.round(ctx); err != nil {
		t.Fatal(err)
	}
	sum, err := d.summary(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// A chip that is reset in the middle of the work, by a driver or another program, costs no blank, whether it had
// done the command or not: it is asked how far it is, and the work goes on from there.
func TestCardResetCostsNoBlank(t *testing.T) {
	t.Parallel()
	commands := &resetReader{}
	if sum := madeBy(t, commands); sum.Made != 1 {
		t.Fatalf("undisturbed: %+v", sum)
	}
	const stride = 7
	for first := 1; first <= commands.calls; first += stride {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			sum := madeBy(t, &resetReader{at: []int{first, first + 40}, done: first%2 == 0})
			if sum.Made != 1 || sum.Spoiled+sum.Blocked+sum.InDoubt != 0 || !sum.Accounted() {
				t.Errorf("reset at command %d of %d: made %d, spoiled %v, blocked %d, in doubt %d", first, commands.calls, sum.Made, sum.SpoiledByCause, sum.Blocked, sum.InDoubt)
			}
		})
	}
}

// A chip that is reset in the middle of its block leaves no doubt: it says itself whether it is blocked, and is blocked
// where it is not.
func TestCardResetInABlock(t *testing.T) {
	t.Parallel()
	distrust := func(l *personalize.Line) { l.Signing.Anchors = nil } // every card fails its recheck, and is blocked
	commands := &resetReader{}
	whole := bentBy(t, commands, distrust)
	if whole.Blocked == 0 || whole.InDoubt != 0 {
		t.Fatalf("undisturbed: %+v", whole)
	}
	each := commands.calls / whole.Blocked
	const last = 12 // commands of a block, and some before it
	for n := each - last; n <= each; n++ {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if sum := bentBy(t, &resetReader{at: []int{n}, done: n%2 == 0}, distrust); sum.InDoubt != 0 || sum.Blocked != whole.Blocked || !sum.Accounted() {
				t.Errorf("reset at command %d of %d: blocked %d, in doubt %d", n, each, sum.Blocked, sum.InDoubt)
			}
		})
	}
}

// A chip that is reset again and again is not worked on for ever: it is spoiled, and the next blank is taken.
func TestCardResetTooOften(t *testing.T) {
	t.Parallel()
	reader := &resetReader{}
	for n := 30; n < 37; n++ { // of the write, and of what follows a reset
		reader.at = append(reader.at, n)
	}
	sum := madeBy(t, reader)
	if sum.Made != 1 || sum.Spoiled == 0 || sum.SpoiledByCause[string(applet.CardReset.Code)] == 0 || !sum.Accounted() {
		t.Errorf("made %d, spoiled %v", sum.Made, sum.SpoiledByCause)
	}
}
