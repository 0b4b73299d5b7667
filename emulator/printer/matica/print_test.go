package matica

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/png"
	"testing"

	"blanko/emulator/printer"
)

// pattern is a panel of our own, over image columns x and rows y.
func pattern(g Geometry, dot func(x, y int) byte) []byte {
	out := make([]byte, g.Columns*g.Rows)
	for y := range g.Rows {
		for x := range g.Columns {
			out[y*g.Columns+x] = dot(x, y)
		}
	}
	return out
}

func gray(x, y int) byte { return byte((3*x + 5*y) % 256) }

func spots(x, y int) byte {
	if (3*x+5*y)%11 == 0 {
		return 0xFF
	}
	return 0
}

// Three patterns as they go over the wire, by hash, come to lie on the card as they were drawn. The
// 600 dpi engine takes the image turned by 180 degrees.
func TestPanelsAsDrawn(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name   string
		model  string
		number byte
		dot    func(x, y int) byte
		sum    string
	}{
		{"color, 300 dpi", "XID580i", 3, gray, "f50b135a07b4af269341e2abb76e6cc8d6592aba8b295dd788f3d83a81f9ec52"},
		{"black, 300 dpi", "XID580i", 0, spots, "f9065ce3243e0d48808f275239498885c39f3ba96037f28d879552f7325c6bca"},
		{"color, 600 dpi", "XID8600", 3, gray, "4e3b87c9b97f804cdb58cdedb8c98468d05a9597b3c88506795f6092b9a0ea4e"},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			b := ready(t, v.model, 1)
			g := b.d.geo
			drawn := pattern(g, v.dot)
			sent := bytes.Clone(drawn)
			if g.Turned {
				for y := range g.Rows {
					for x := range g.Columns {
						sent[(g.Rows-1-y)*g.Columns+(g.Columns-1-x)] = drawn[y*g.Columns+x]
					}
				}
			}
			if sum := sha256.Sum256(sent); hex.EncodeToString(sum[:]) != v.sum {
				t.Fatalf("the pattern has the hash %x", sum)
			}
			b.good(loadPrint)
			b.sendAll()
			if a := b.send(v.number, sent); a.failed != 0 {
				t.Fatalf("%08x", b.code())
			}
			b.good(printAll, out)
			k := kinds[v.number]
			l := b.cards[0].Front.Layer(k.letter)
			if l == nil || l.Levels != k.levels || l.Width != g.Columns || l.Height != g.Rows || l.Partial() {
				t.Fatalf("layer %+v", l)
			}
			if k.levels == 2 {
				for i := range drawn {
					drawn[i] &= 1
				}
			}
			if !bytes.Equal(l.Dots(), drawn) {
				t.Error("the panel on the card is not the one that was drawn")
			}
			b.wantFindings()
		})
	}
}

// A print on both sides over the film, and its picture.
func TestBothSides(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 1)
	b.good(loadRFID, engage, disengage, movePrint)
	b.sendAll()
	b.good(printAll, over)
	if a := b.send(0, pattern(b.d.geo, spots)); a.failed != 0 {
		t.Fatal("refused")
	}
	b.good(printBlack, stay)
	b.wantAt(0, "line-1/path/print")
	card := b.cards[0]
	if front, back := card.Prints(); front != 1 || back != 1 || len(card.Front.Layers()) != 4 || len(card.Back.Layers()) != 1 {
		t.Fatalf("%d and %d passes, %d and %d panels", front, back, len(card.Front.Layers()), len(card.Back.Layers()))
	}
	var file bytes.Buffer
	b.check(card.Back.WritePNG(&file))
	img, err := png.Decode(&file)
	b.check(err)
	for _, p := range [][2]int{{0, 0}, {1, 0}, {2, 1}, {700, 500}} {
		want := uint32(0xFFFF)
		if spots(p[0], p[1]) != 0 {
			want = 0
		}
		if r, _, _, _ := img.At(p[0], p[1]).RGBA(); r != want {
			t.Errorf("dot %v is %04x", p, r)
		}
	}
	b.good(moveRFID, engage, disengage, eject)
	b.wantAt(0, "line-1/output")
	if s := b.m.State(); s.Film.Left != s.Film.Total-2 {
		t.Errorf("film %+v", s.Film)
	}
	b.wantFindings()
}

// The flip flag turns a card without a print.
func TestFlipFlag(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 2)
	b.good("31 01 00 00 02 00 00 00 00 00")
	if !b.m.BackUp() {
		t.Error("loaded with the front up")
	}
	b.good("31 0b 00 00 02 00 00 00 00 00")
	if b.m.BackUp() {
		t.Error("moved with the back up")
	}
	b.m.Plan(printer.Fault{Kind: printer.KindJam, Step: printer.StepFlip})
	b.bad("31 0b 00 00 02 00 00 00 00 00", 0x00039100)
}

// A film that was printed on for a card that is gone carries its picture to the next one, unless
// the film is initialized.
func TestStaleFilm(t *testing.T) {
	t.Parallel()
	for load, want := range map[string]int{loadPrint: 2, "31 01 00 00 04 00 00 00 00 00": 1} {
		b := ready(t, "XID580i", 2)
		b.good(loadPrint)
		b.sendAll()
		b.good(printBlack, reject, load, printBlack, out)
		if n := len(b.cards[1].Front.Layers()); n != want {
			t.Errorf("%s: %d panels on the second card, want %d", load, n, want)
		}
	}
}

// A value of a resin panel between nothing and full is a mistake of the host, and cut at half.
func TestResinIsCut(t *testing.T) {
	t.Parallel()
	b := ready(t, "XID580i", 1)
	b.good(loadPrint)
	p := make([]byte, b.d.geo.size())
	p[0], p[1], p[2] = 0x7F, 0x80, 0xFF
	b.send(0, p)
	b.good(printBlack, out)
	if d := b.cards[0].Front.Layer('K').Dots(); d[0] != 0 || d[1] != 1 || d[2] != 1 {
		t.Errorf("dots %v", d[:3])
	}
	b.wantFindings("panel K has the value 7f")
}
