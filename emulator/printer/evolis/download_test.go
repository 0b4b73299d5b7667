package evolis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"slices"
	"testing"
)

// The station's way of a card: to the encoder, print with the card held, back to the encoder,
// eject by the idiom.
func TestPrintAndVerifyInside(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 3)
	b.want(setup + "Pr;ymcko=OK Sic=OK Rlr;p=CONTACTLESS_CARD Ss=OK Sr=OK")
	if got := b.printSide(); got != "OK,OK,OK,OK,OK" {
		t.Fatalf("panels: %s", got)
	}
	b.want("Se=OK Rlr;p=CARD Rco;p=5 Rco;c=1 Rrt;count=311 Sic=OK Rlr;p=CONTACTLESS_CARD Rco;c=1")
	b.want("Ss=OK Pneab;A;1=OK Se=OK Rlr;p=OK")
	b.wantAt(0, "line-1/output")
	if front, back := b.cards[0].Prints(); front != 1 || back != 0 {
		t.Errorf("prints %d, %d", front, back)
	}
	b.wantFindings()
}

// Both sides: the card is turned once, each side takes one frame of the ribbon.
func TestDuplex(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2=OK Ss=OK Sr=OK")
	b.write(db('k', 2, packImage(1, ruled)))
	b.read()
	b.want("Sv=OK Pc;k;=;10=OK")
	b.write(db('k', 2, packImage(1, func(x, y int) int { return 1 - ruled(x, y) })))
	b.read()
	b.want("Se=OK Rrt;count=310 Rco;p=2")
	card := b.cards[0]
	b.wantAt(0, "line-1/output")
	if front, back := card.Prints(); front != 1 || back != 1 {
		t.Fatalf("prints %d, %d", front, back)
	}
	sameDots(t, card.Front.Layer('K').Dots(), ruled)
	sameDots(t, card.Back.Layer('K').Dots(), func(x, y int) int { return 1 - ruled(x, y) })
}

// What the eye sees: dyes take light away, resin covers, the overlay is clear.
func TestPicture(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2=OK Ss=OK Sr=OK")
	column := func(from, to, v int) func(x, y int) int {
		return func(x, _ int) int {
			if x >= from && x < to {
				return v
			}
			return 0
		}
	}
	for _, panel := range [][]byte{
		db('y', 128, packImage(7, column(100, 400, 127))),
		db('m', 64, packImage(6, column(200, 400, 63))),
		db('c', 32, packImage(5, column(300, 400, 31))),
		db('k', 2, packImage(1, column(500, 600, 1))),
		db('o', 2, packImage(1, column(0, lines, 1))),
	} {
		b.write(panel)
		b.read()
	}
	b.want("Se=OK")
	img := b.cards[0].Front.Picture()
	for x, want := range map[int]color.RGBA{
		50: {255, 255, 255, 255}, 150: {255, 255, 0, 255}, 250: {255, 0, 0, 255}, 350: {0, 0, 0, 255}, 550: {0, 0, 0, 255}, 700: {255, 255, 255, 255},
	} {
		if got := img.RGBAAt(x, 324); got != want {
			t.Errorf("column %d: %v, want %v", x, got, want)
		}
	}
	var png bytes.Buffer
	if err := b.cards[0].Front.WritePNG(&png); err != nil || !bytes.HasPrefix(png.Bytes(), []byte("\x89PNG")) {
		t.Errorf("png: %v", err)
	}
}

// The job of a plain print driver: one blob, no reads before the end. The answers queue up.
func TestBlobJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Dualys", 2)
	data := compressResin(packImage(1, ruled))
	blob := slices.Concat([]byte("\x1bPr;ymcko\r\x1bPmi;F;s\r\x1bPc;k;=;10\r\x1bPdt;DU\r\x1bMr;s\r\x1bPpws;1281755559\r\x1bSs\r\x1bSr\r"),
		[]byte(fmt.Sprintf("\x1bDbc;k;2;%d;", len(data))), data, []byte("\r"), nul[:16], []byte("\x1bSe;1\r"), nul[:32])
	b.write(blob)
	for i := range 10 {
		if got := b.read(); got != "OK" {
			t.Errorf("answer %d: %s", i+1, got)
		}
	}
	b.wantAt(0, "line-1/output")
	sameDots(t, b.cards[0].Front.Layer('K').Dots(), ruled)
	b.wantFindings()
}

// Panel n is printed when panel n+1 is complete, the last one at Se.
func TestPanelPrintsWhenTheNextArrives(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want(setup + "Ss=OK Sr=OK")
	for i, l := range []byte("ymc") {
		b.panel(l, 128)
		b.want(fmt.Sprintf("Rco;p=%d", i))
	}
	b.want("Se=OK Rco;p=3")
}

// Panels in memory: fill, reuse, print at once, repeat the sequence.
func TestPanelMemory(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 4)
	b.want("Pem;2=OK Wcb;a;0=OK Wcb;o;255=OK Ssd;k=ERR_PARAMETRES Ss=OK Sr=OK")
	b.write(db('k', 2, packImage(1, ruled)))
	b.read()
	b.want("Ssd;o=OK Se=OK Rco;p=2 Sc;2=OK Rco;p=6 Rco;c=3 Rrt;count=309 Ss=OK Sp;k=OK Rco;p=7 Se=OK")
	for i, c := range b.cards {
		sameDots(t, c.Front.Layer('K').Dots(), ruled)
		if o := c.Front.Layer('O'); (o != nil) != (i < 3) {
			t.Errorf("card %d: overlay %v", i+1, o)
		} else if o != nil {
			sameDots(t, o.Dots(), func(int, int) int { return 1 })
		}
	}
}

// Parts of a panel come together before it is printed.
func TestParts(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2=OK Ss=OK Sr=OK")
	whole := packImage(1, ruled)
	send := func(command string, data []byte) {
		b.write(slices.Concat([]byte("\x1b"+command), data, []byte{'\r'}))
		if got := b.read(); got != "OK" {
			t.Fatalf("%s: %s", command, got)
		}
	}
	send("Dbp;k;2;0;420;", whole[:420*lineBytes])
	rest := compressResin(whole)
	at := 0
	for range 420 {
		at += 1 + int(rest[at])
	}
	send(fmt.Sprintf("Dbpc;k;2;420;%d;", len(rest)-at), rest[at:])
	send("Dbmp;o;0;648;0;", bmp(lines, dots, func(x, y int) bool { return ruled(x, y) == 0 }))
	b.want("Se=OK Rco;p=2")
	sameDots(t, b.cards[0].Front.Layer('K').Dots(), ruled)
	sameDots(t, b.cards[0].Front.Layer('O').Dots(), func(x, y int) int { return 1 - ruled(x, y) })
	b.wantFindings()
}

func TestCompressedColor(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2=OK Ss=OK Sr=OK")
	var data []byte
	for x := range lines {
		data = append(data, 0x80|byte(x%64), 255, 0x80|byte(x%64), 255, 0x80|byte(x%64), dots-510)
	}
	b.write(slices.Concat([]byte(fmt.Sprintf("\x1bDbc;y;64;%d;", len(data))), data, []byte{'\r'}))
	b.read()
	b.want("Se=OK")
	sameDots(t, b.cards[0].Front.Layer('Y').Dots(), func(x, _ int) int { return x % 64 })
}

// A panel of the wrong size shifts the stream and is reported.
func TestWrongSize(t *testing.T) {
	t.Parallel()
	t.Run("too long", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.want("Ss=OK")
		b.write(db('k', 2, bytes.Repeat([]byte{'A'}, panelSize(1)+3)))
		if got := b.read(); got != "ERR PARAMETRES" {
			t.Errorf("panel: %s", got)
		}
		if got := b.read(); got != "ERR PARAMETRES" {
			t.Errorf("the bytes too many: %s", got)
		}
		b.wantFindings("has another size", "unknown command")
	})
	t.Run("too short", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Primacy 2", 1)
		b.want("Ss=OK")
		b.write(db('k', 2, make([]byte, panelSize(1)-99)))
		b.write([]byte("\x1bSe\r"))
		ctx, cancel := context.WithCancel(b.ctx)
		cancel()
		if _, err := b.d.Read(ctx, make([]byte, 1)); !errors.Is(err, context.Canceled) {
			t.Errorf("answered: %v", err)
		}
		b.wantFindings("wait for more")
		b.write(bytes.Repeat([]byte("\x1bSe\r"), 100))
		if got := b.read(); got != "ERR PARAMETRES" {
			t.Errorf("panel: %s", got)
		}
	})
	for name, in := range map[string]string{
		"lines missing":   "\x1bDbc;k;2;3;\x00\x00\x00\r",
		"line too long":   "\x1bDbc;k;2;2;\x52\x00\r",
		"part beyond end": "\x1bDbp;k;2;1015;2;" + string(make([]byte, 2*lineBytes)) + "\r",
		"levels of k":     string(db('k', 128, make([]byte, panelSize(7)))),
		"unknown panel":   string(db('z', 2, make([]byte, panelSize(1)))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 1)
			b.want("Ss=OK")
			b.write([]byte(in))
			if got := b.read(); got != "ERR PARAMETRES" {
				t.Errorf("answer %s", got)
			}
			if len(b.d.Findings()) == 0 {
				t.Error("not reported")
			}
			b.want("Se=OK Rco;c=0")
		})
	}
}
