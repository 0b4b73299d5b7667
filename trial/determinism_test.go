package trial

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	machine "blanko/emulator/printer"

	"blanko/jobs"
)

// likeness is what must be the same of a person's card whenever it is made from the same seed.
type likeness struct {
	front, back [sha256.Size]byte            // of the picture that the printer laid
	files       map[string][sha256.Size]byte // by name
}

// twins makes a batch and returns its cards by person.
func twins(o Options) (map[string]likeness, error) {
	ctx := context.Background()
	d := &demo{Options: o, began: time.Now(), log: zap.NewNop()}
	defer d.close()
	if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
		return nil, err
	}
	defer d.bars.close()
	for again := true; again; {
		err := d.round(ctx)
		if err == nil {
			again, err = d.present(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
	if wrong, err := (account{reg: d.reg, blanks: d.room.blanks}).atRest(ctx); err != nil || len(wrong) > 0 {
		return nil, fmt.Errorf("%q, %w", wrong, err)
	}
	lost, err := d.reg.Attempts(ctx, jobs.Spoiled)
	if err != nil {
		return nil, err
	}
	if struck := len(lost) > 0; o.Lines == 1 && struck != (o.Faults != "") { // of two lines the other may be the quicker one
		return nil, fmt.Errorf("%d cards were lost on the way", len(lost))
	}
	attempts, err := d.reg.Attempts(ctx, jobs.Out)
	if err != nil {
		return nil, err
	}
	byChip := map[string]*machine.Plastic{}
	for _, p := range d.room.blanks {
		byChip[kdd(p)] = p
	}
	out := map[string]likeness{}
	for _, t := range attempts {
		if out[t.Application], err = d.likenessOf(byChip[string(t.Chip)]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (d *demo) likenessOf(p *machine.Plastic) (l likeness, err error) {
	if l.front, err = pictureOf(p.Front); err != nil {
		return l, err
	}
	if p.Back.Passes() > 0 {
		if l.back, err = pictureOf(p.Back); err != nil {
			return l, err
		}
	}
	own := []string{"EF.PROF"} // names the chip and the attempt
	if d.room.profile.NeedsChipKeys() {
		own = append(own, "DG14", "DG15", "EF.SOD") // keys that the chip made, and what signs them
	}
	l.files = map[string][sha256.Size]byte{}
	files := p.Chip.View().Files
	for _, f := range d.room.profile.Files {
		if data, ok := files[f.FID]; ok && !slices.Contains(own, f.Name) {
			l.files[f.Name] = sha256.Sum256(data)
		}
	}
	return l, nil
}

func pictureOf(side *machine.Print) (sum [sha256.Size]byte, err error) {
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, side.Picture())
	return sha256.Sum256(b.Bytes()), err
}

// lostOnTheWay is a fault script of a line: cards are lost on the way, and made again.
const lostOnTheWay = `faults:
  - {line: line-1, card: 1, kind: jam, step: panel, panel: 2, mend: 90s}
  - {line: line-1, card: 2, kind: no_chip}
  - {line: line-1, card: 4, kind: field_loss, page: 60}
`

// The same seed makes the same faces and the same chip files of the same persons, on one line and
// on two, undisturbed and with mishaps; another seed makes others.
func TestSameSeedSameCards(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "script.yaml")
	if err := os.WriteFile(script, []byte(lostOnTheWay), 0o600); err != nil {
		t.Fatal(err)
	}
	cards := cardsOf(6, 2)
	for variant, runs := range map[string][]Options{
		"8k":  {{Lines: 1}, {Lines: 2}, {Lines: 1, Faults: script}, {Lines: 1, Seed: 2}},
		"32k": {{Lines: 1}, {Lines: 2, Faults: script}},
	} {
		t.Run(variant, func(t *testing.T) {
			t.Parallel()
			made := make([]map[string]likeness, len(runs))
			errs := make([]error, len(runs))
			var all sync.WaitGroup
			for i, o := range runs {
				o.Cards, o.Chip = cards, variant
				o.Seed++
				all.Go(func() { made[i], errs[i] = twins(o) })
			}
			all.Wait()
			first := made[0]
			for i, err := range errs {
				if err != nil {
					t.Fatalf("%+v: %v", runs[i], err)
				}
				if len(made[i]) != cards {
					t.Fatalf("%+v: %d cards", runs[i], len(made[i]))
				}
				for id, l := range made[i] {
					other, same := first[id]
					if runs[i].Seed != 0 {
						if same {
							t.Errorf("another seed has application %s too", id)
						}
						continue
					}
					if !same || l.front != other.front || l.back != other.back {
						t.Errorf("%+v: another face for %s", runs[i], id)
					}
					for name := range other.files {
						if l.files[name] != other.files[name] {
							t.Errorf("%+v: another %s for %s", runs[i], name, id)
						}
					}
					if !slices.Equal(slices.Sorted(maps.Keys(l.files)), slices.Sorted(maps.Keys(other.files))) || len(l.files) < 8 {
						t.Errorf("%+v: other files for %s: %v", runs[i], id, l.files)
					}
				}
			}
			faces := map[[sha256.Size]byte]bool{}
			for _, m := range made {
				for _, l := range m {
					faces[l.front] = true
				}
			}
			seeds := map[int64]bool{}
			for _, o := range runs {
				seeds[o.Seed] = true
			}
			if want := cards * len(seeds); len(faces) != want {
				t.Errorf("%d faces of %d persons", len(faces), want)
			}
		})
	}
}
