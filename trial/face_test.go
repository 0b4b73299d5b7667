package trial

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // portraits
	_ "image/png"  // signatures
	"io"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/emulator"
	"blanko/emulator/people"
	machine "blanko/emulator/printer"

	"blanko/artwork"
	"blanko/printer"
)

// inputOf is what is drawn on the card of a resident.
func inputOf(t testing.TB, i int) artwork.Input {
	t.Helper()
	g, err := people.New(7, office)
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Resident(i)
	if err != nil {
		t.Fatal(err)
	}
	in := artwork.Input{Person: r.Person, IssuePlace: issuePlace, IssueDate: batchStart}
	if in.Portrait, _, err = image.Decode(bytes.NewReader(r.Portrait.Data)); err != nil {
		t.Fatal(err)
	}
	if in.Signature, _, err = image.Decode(bytes.NewReader(r.Signature.Data)); err != nil {
		t.Fatal(err)
	}
	return in
}

// facePrinters has a printer of every language, at every resolution that its family is known to have.
var facePrinters = scenePrinters()

// printerOf is an opened printer of the virtual world in which nothing takes time.
func printerOf(t testing.TB, model string) (printer.Printer, *machine.Machine) {
	t.Helper()
	w, err := emulator.New(emulator.Config{Virtual: true, Lines: []emulator.LineConfig{{Name: "line", Model: model}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	l := w.Line("line")
	if err := l.Machine.Load(w.Blanks(20)...); err != nil {
		t.Fatal(err)
	}
	link, clock := newLink(l.Device), lineClock{l.Clock}
	var p printer.Printer
	if open, keeps := openers[l.Machine.Model().Maker]; keeps {
		p, err = open(t.Context(), link, clock)
	} else {
		p, err = openByHand(t.Context(), link, clock)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p, l.Machine
}

// What the printer's side decodes from its wire is the artwork: black exactly, the dyes within one
// level, at the resolution of each printer. What is wanted here is reckoned from the drawn face
// alone, dot for dot in the middle of the panel.
func TestDecodedPrintIsTheArtwork(t *testing.T) {
	t.Parallel()
	models := facePrinters
	if shortened() {
		models = models[:1] // one goroutine draws, separates and compares
	}
	for _, model := range models {
		for _, name := range []string{"ktp-el-wni", "ktp-el-oa"} {
			t.Run(model+" "+name, func(t *testing.T) {
				t.Parallel()
				p, m := printerOf(t, model)
				g := p.Capabilities().Geometry
				template, err := artwork.LoadTemplate(name)
				if err != nil {
					t.Fatal(err)
				}
				f, err := template.Front(inputOf(t, 3), g.DPI)
				if err != nil {
					t.Fatal(err)
				}
				side, err := printer.Separate(f.Color, f.Black, g, p.Capabilities().Panels)
				if err != nil {
					t.Fatal(err)
				}
				if path, owns := p.(printer.Path); owns {
					if err := path.Move(t.Context(), printer.PositionContactless); err != nil {
						t.Fatal(err)
					}
				}
				if err := p.Print(t.Context(), printer.Panels{Geometry: g, Front: side}); err != nil {
					t.Fatal(err)
				}
				card := inPath(m)
				if out := m.TakeOutput(); card == nil && len(out) == 1 {
					card = out[0]
				}
				if card == nil {
					t.Fatal("no printed card")
				}
				for _, letter := range []byte(p.Capabilities().Panels) {
					l := card.Front.Layer(letter)
					if l == nil || l.Width != g.Columns || l.Height != g.Rows || l.Partial() {
						t.Fatalf("layer %c: %+v", letter, l)
					}
					if at, got, want := worstDot(l, f, g); at.X >= 0 {
						t.Errorf("%c at %v is %d of %d, want %d", letter, at, got, l.Levels-1, want)
					}
				}
			})
		}
	}
}

// worstDot is the first dot of a layer that is not the drawn one; X is -1 when there is none.
func worstDot(l *machine.Layer, f *artwork.Face, g printer.Geometry) (at image.Point, got, want int) {
	dots := l.Dots()
	corner := image.Pt((g.Columns-f.Width)/2, (g.Rows-f.Height)/2)
	channel := map[byte]int{'C': 0, 'M': 1, 'Y': 2}
	for y := range g.Rows {
		for x := range g.Columns {
			at := image.Pt(x, y)
			face := at.Sub(corner)
			got, want, allowed := int(dots[y*g.Columns+x]), 0, 0
			black := face.In(f.Black.Rect) && f.Black.GrayAt(face.X, face.Y).Y >= 128
			switch l.Letter {
			case 'K':
				if black {
					want = 1
				}
			case 'O':
				want = 1
			default:
				allowed = 1
				if face.In(f.Color.Rect) && !black {
					full := l.Levels - 1
					light := int(f.Color.Pix[f.Color.PixOffset(face.X, face.Y)+channel[l.Letter]])
					want = (255 - light) * full / 255
				}
			}
			if got < want-allowed || got > want+allowed {
				return at, got, want
			}
		}
	}
	return image.Pt(-1, 0), 0, 0
}

// A batch on retransfer printers with the faults of a busy print room keeps every promise.
func TestRetransferBatch(t *testing.T) {
	t.Parallel()
	models := []string{"XID580i", "XID8600"}
	if shortened() {
		models = models[:1]
	}
	for _, model := range models {
		o := Options{Cards: cardsOf(8, 3), Lines: 1, Faults: "some", Seed: 5, Chip: "8k", Printer: model}
		s, err := Demo(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop())
		if err != nil {
			t.Fatalf("%s: %v", model, err)
		}
		if !s.Accounted() || s.Made+s.Withdrawn != o.Cards {
			t.Errorf("%s: %d made, %d withdrawn: %q", model, s.Made, s.Withdrawn, s.Differences)
		}
	}
}

// fastest is the time of a card on the fastest printer of its class that a vendor names: 245 cards in an
// hour (Fargo DTC1500, data of a reseller). It is less than the 17 s of the emulated ones.
const fastest = time.Hour / 245

// BenchmarkHostCost is what one card costs the station's computer: drawing both sides, separation,
// packing, and handing over every transfer, here to an emulated printer that takes no time, whose own
// work counts too. Metric core_% is the share of one core, against the time of a card on the fastest
// printer; 1 is allowed.
func BenchmarkHostCost(b *testing.B) {
	for _, model := range facePrinters {
		b.Run(fmt.Sprintf("printer=%s", model), func(b *testing.B) {
			p, m := printerOf(b, model)
			m.Unload()
			c := p.Capabilities()
			template, err := artwork.LoadTemplate("ktp-el-wni")
			if err != nil {
				b.Fatal(err)
			}
			in := inputOf(b, 3)
			for b.Loop() {
				m.TakeOutput()
				if err := m.Load(machine.NewPlastic("blank", nil)); err != nil {
					b.Fatal(err)
				}
				if err := oneCard(b.Context(), p, c, template, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(100*b.Elapsed().Seconds()/float64(b.N)/fastest.Seconds(), "core_%")
		})
	}
}

func oneCard(ctx context.Context, p printer.Printer, c printer.Capabilities, template *artwork.Template, in artwork.Input) error {
	front, err := template.Front(in, c.Geometry.DPI)
	if err != nil {
		return err
	}
	if _, err := template.Back(in, c.Geometry.DPI); err != nil {
		return err
	}
	job := printer.Panels{Geometry: c.Geometry}
	if job.Front, err = printer.Separate(front.Color, front.Black, c.Geometry, c.Panels); err != nil {
		return err
	}
	path, owns := p.(printer.Path)
	if !owns {
		return p.Print(ctx, job)
	}
	if err := path.Move(ctx, printer.PositionContactless); err != nil {
		return err
	}
	if err := p.Print(ctx, job); err != nil {
		return err
	}
	return path.Eject(ctx, printer.TrayOutput)
}
