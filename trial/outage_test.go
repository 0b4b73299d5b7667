package trial

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/keys/software"
)

var errAway = errors.New("the token is not there")

// awayKeys is a key source that is taken out of its place at some calls.
type awayKeys struct {
	applet.KeySource
	calls atomic.Int64
	at    func(call int64) bool
}

func (k *awayKeys) away() bool { return k.at(k.calls.Add(1)) }

func (k *awayKeys) Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	if k.away() {
		return 0, nil, errAway
	}
	return k.KeySource.Open(ctx, kvn, kdd, challenge, level, answer)
}

func (k *awayKeys) Wrap(ctx context.Context, handle int, capdu []byte) ([]byte, error) {
	if k.away() {
		return nil, errAway
	}
	return k.KeySource.Wrap(ctx, handle, capdu)
}

func (k *awayKeys) KeyBlock(ctx context.Context, handle int, target byte, kdd [10]byte) ([]byte, [3][3]byte, error) {
	if k.away() {
		return nil, [3][3]byte{}, errAway
	}
	return k.KeySource.KeyBlock(ctx, handle, target, kdd)
}

// awaySigner is a document signer whose token is away at its first signatures.
type awaySigner struct {
	crypto.Signer
	calls *atomic.Int64
	first int64
}

func (s awaySigner) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if s.calls.Add(1) <= s.first {
		return nil, errAway
	}
	return s.Signer.Sign(r, digest, o)
}

// A token that is taken out in the middle of the work costs no blank: the line stops, and goes on
// with the card inside when the token is back.
func TestTokenTakenOut(t *testing.T) {
	t.Parallel()
	const commands = 150 // through the key source for one card of 8 KB, recheck included
	for name, c := range map[string]struct {
		chip string
		keys func(call int64) bool
		sign int64
	}{
		"keys, at the claim, the write and the end": {"8k", func(n int64) bool { return slices.Contains([]int64{3, commands / 2, commands - 10}, n) }, 0},
		"signer, while the card is in the reader":   {"32k", func(int64) bool { return false }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			d := &demo{Options: Options{Cards: 2, Lines: 1, Faults: "none", Seed: 5, Chip: c.chip}, began: time.Now(), log: zap.NewNop()}
			defer d.close()
			if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
				t.Fatal(err)
			}
			defer d.bars.close()
			line := d.parts.Lines[0]
			source := &awayKeys{KeySource: line.Keys, at: c.keys}
			line.Keys = source
			signed := &atomic.Int64{}
			line.Signing.Signer.Key = awaySigner{line.Signing.Signer.Key, signed, c.sign}
			if err := d.round(ctx); err != nil {
				t.Fatal(err)
			}
			sum, err := d.summary(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if sum.Made != d.Cards || sum.Spoiled+sum.Blocked+sum.InDoubt != 0 || !sum.Accounted() {
				t.Errorf("made %d, spoiled %v, blocked %d, in doubt %d after %d calls of the keys and %d of the signer",
					sum.Made, sum.SpoiledByCause, sum.Blocked, sum.InDoubt, source.calls.Load(), signed.Load())
			}
		})
	}
}

// A line whose document signer is out of use takes no order: nothing is prepared, fed or held.
func TestSignerOutOfUseTakesNoOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := &demo{Options: Options{Cards: 2, Lines: 1, Faults: "none", Seed: 5, Chip: "8k"}, began: time.Now(), log: zap.NewNop()}
	defer d.close()
	if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
		t.Fatal(err)
	}
	defer d.bars.close()
	// The private key of a document signer is used for three months.
	old, err := software.DevelopmentPKI(fmt.Appendf(nil, "blanko trial %d", d.Seed), batchStart.AddDate(0, -4, 0))
	if err != nil {
		t.Fatal(err)
	}
	line := d.parts.Lines[0]
	line.Signing.Signer = chipdata.Signer{Certificate: old.Compact.Certificate, Key: old.Compact.Key}
	if err := line.Run(ctx, nil); fault.CodeOf(err) != "chipdata.signer_unusable" {
		t.Errorf("the line ran until %v", err)
	}
	tried, err := d.reg.Attempts(ctx, "")
	if err != nil || len(tried) != 0 {
		t.Errorf("%d attempts, %v", len(tried), err)
	}
}
