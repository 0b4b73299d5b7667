package evolis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"slices"
	"testing"

	"blanko/emulator/printer"
)

// Exact bytes of commands and answers (protocol notes, section 12).
func TestWorkedBytes(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 2)
	for _, v := range []struct{ name, out, in string }{
		{"host manages errors", "\x1b\x50\x65\x6d\x3b\x32\x0d", "\x4f\x4b\x00"},
		{"to contactless", "\x1b\x53\x69\x63\x0d", "\x4f\x4b\x00"},
		{"where is the card", "\x1b\x52\x6c\x72\x3b\x70\x0d", "\x43\x4f\x4e\x54\x41\x43\x54\x4c\x45\x53\x53\x20\x43\x41\x52\x44\x00"},
		{"prints left", "\x1b\x52\x72\x74\x3b\x63\x6f\x75\x6e\x74\x0d", "\x33\x31\x32\x00"},
		{"feeder sensor", "\x1bRse;f\x0d", "\x35\x2c\x30\x30\x20\x56\x6f\x6c\x74\x73\x00"},
		{"keep the card", "\x1b\x50\x6e\x65\x61\x62\x3b\x45\x0d", "\x4f\x4b\x00"},
		{"reject", "\x1b\x53\x65\x72\x0d", "\x4f\x4b\x00"},
		{"clear error", "\x1b\x53\x63\x73\x0d", "\x4f\x4b\x00"},
	} {
		b.write([]byte(v.out))
		if got := b.read() + "\x00"; got != v.in {
			t.Errorf("%s: %q, want %q", v.name, got, v.in)
		}
	}
	b.wantAt(0, "line-1/reject")
	b.wantFindings()
}

// Every command and read of the language has one answer.
func TestCommandTable(t *testing.T) {
	t.Parallel()
	for model, dialog := range map[string]string{
		"KC200": setup + `Rtp=Evolis_KC200 Rsn=S1 Rfv=1.2 Rkn=K1 Rr=ymcko Pr;YMCKO=OK Rr=ymcko Pr;nonsense=ERR_PARAMETRES
			Rem=2;0 Pem;3;s=OK Rem=3;3 Pem;38=ERR_PARAMETRES Pem=ERR_PARAMETRES Pem;2=OK
			Pc;k;=;10=OK Pl;y;=;10=OK Ps;1=OK Px;=;3=OK Py;=;-3=OK Pwr;0=OK Pmi;F;s=OK Pmi;X=ERR_PARAMETRES Pmk;i=OK Pps;0=OK
			Pdt;DU=OK Mr;s=OK Ppws;1281755559=OK Pcom;0;9600=OK Pkey;E;123=OK Roc=1158 Poc;=;1200=OK Roc=1200 Poc;1=ERR_PARAMETRES
			Pcim;B=OK Pcim;Z=ERR_PARAMETRES Pcem;k=OK Pcem;S=OK Pcem;Z=ERR_PARAMETRES Pcrm;E=ERR_PARAMETRES Pbc;A;D=OK Pneab;Z=ERR_PARAMETRES
			Rco;p=0 Rco;c=0 Rco;a=0 Rco;m=0 Rco;n=0 Rco;l=312 Rco;b=0 Rco;s=0 Rco;z=ERR_PARAMETRES
			Rcr=OK Rlr;p=OK Rlr;r=OK Rlr;h=NO_CARD Rlr;z=ERR_PARAMETRES
			Rse;f=5,00_Volts Rse;n=3,92_Volts Rse;o=5,00_Volts Rse;b=0,23_Volts Rse;c=0,20_Volts Rse;z=ERR_PARAMETRES
			Rrt;qty=500 Rrt;count=312 Rrt;zone=A Rzp=A Rrt;z=ERR_PARAMETRES
			Wcb;a;0=OK Wcb;o;255=OK Wcb;q=ERR_PARAMETRES Wcb;k;256=ERR_PARAMETRES Sk;f;3=OK Sk;w;0=OK Sk;f;4=ERR_PARAMETRES Sk;z=ERR_PARAMETRES
			Sa=OK Mc;+;10=OK Mf=OK Mh=OK Mr=OK Sv=ERR_PARAMETRES Smr;1=ERR_PARAMETRES Nonsense;1=ERR_PARAMETRES
			Si=OK Rlr;p=CARD Sis=OK Rlr;p=SMART_CARD Sic=OK Rlr;p=CONTACTLESS_CARD Seb=OK Rlr;p=OK Rse;b=4,92_Volts
			Sib=OK Rlr;p=CARD Rse;b=0,23_Volts Ss=OK Pneab;A;1=OK Se=OK Rlr;p=OK Rco;c=2 Sie=OK Rco;c=3 Scp=OK Rco;n=1 Rco;a=3 Rco;m=3 Scs=OK Srs=OK Rem=3;3`,
		"Dualys": `Rlr;p=NO_CARD Sr=OK Sv=OK Dm;1;ABC123=OK Dm;4;X=ERR_PARAMETRES Smr;1=ERR_READ Smw=OK Smr;1=ABC123 Rlr;p=CARD Smr;9=ERR_PARAMETRES
			Wt;1;1;1;1;X=OK Wl=OK Wb=OK Ss=OK Wcb;k;0=ERR_PARAMETRES Se=OK St=OK Rco;p=1`,
	} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, model, 4)
			b.want(dialog)
		})
	}
}

// An older printer does not know the newer settings, says NO CARD, and has no panels of 8 bits.
func TestOlderPrinter(t *testing.T) {
	t.Parallel()
	b := openBench(t, "Dualys", 1, Config{})
	b.want("Pneab;E=ERR_PARAMETRES Pcim;F=ERR_PARAMETRES Pcrm;D=ERR_PARAMETRES Pcem;I=ERR_PARAMETRES Psmgr;2=ERR_PARAMETRES Pbc;A;D=ERR_PARAMETRES Rlr;p=NO_CARD Ss=OK")
	if got := b.panel('y', 256); got != "ERR PARAMETRES" {
		t.Errorf("8 bits: %s", got)
	}
}

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

// An armed eject stays armed until it is disarmed, unless the model disarms by itself.
func TestArmedEject(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		cfg   Config
		again string
		at    string
	}{
		"stays armed":       {Config{}, "", "line-1/output"},
		"disarmed by A;0":   {Config{}, "Pneab;A;0=OK", "line-1/path/print"},
		"disarmed by E":     {Config{}, "Pneab;E=OK", "line-1/path/print"},
		"disarms by itself": {Config{DisarmAfterEject: true}, "", "line-1/path/print"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBench(t, "Primacy 2", 2, v.cfg)
			b.want(setup + "Si=OK Ss=OK Pneab;A;1=OK Se=OK " + v.again + " Si=OK Ss=OK Se=OK")
			b.wantAt(0, "line-1/output")
			b.wantAt(1, v.at)
		})
	}
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

// A host that never reads does not stop the printer: answers beyond the buffer are lost.
func TestHostThatNeverReads(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.write(bytes.Repeat([]byte("\x1bRse;f\r"), outputLimit/10))
	b.write([]byte("\x1bSic\r"))
	if err := b.m.Await(b.ctx, func(s printer.State) bool { return s.Station == printer.StationContactless }); err != nil {
		t.Fatal(err)
	}
	b.wantFindings("answers were lost")
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

// The larger buffer of the guide is taken when the command ends there.
func TestLargerBuffer(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2=OK Ss=OK Sr=OK")
	b.write(db('k', 2, bytes.Repeat([]byte{0xFF}, largeSize(1))))
	if got := b.read(); got != "OK" {
		t.Fatal(got)
	}
	b.want("Se=OK")
	sameDots(t, b.cards[0].Front.Layer('K').Dots(), func(int, int) int { return 1 })
	b.wantFindings()
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

func TestSeparators(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Psc;64;44;10=OK")
	for _, v := range [][2]string{{"@Rse,f\n", "5,00 Volts"}, {"@Rlr,p\n", "OK"}, {"@Psc\n", "OK"}} {
		b.write([]byte(v[0]))
		if got := b.read(); got != v[1] {
			t.Errorf("%q: %s, want %s", v[0], got, v[1])
		}
	}
	b.want("Rlr;p=OK Psc;27;27;13=ERR_PARAMETRES Psc;0;59;13=ERR_PARAMETRES Psc;27=ERR_PARAMETRES")
}

func TestACKMode(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 0)
	b.want("Pem;2=OK")
	b.write([]byte("\x1bPem;10\r\x1bSic\r\x1bRlr;p\r\x1bXx\r"))
	want := []byte("\x06\x15FOK\x00\x151")
	var got []byte
	for len(got) < len(want) {
		buf := make([]byte, 8)
		n, err := b.d.Read(b.ctx, buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	// An unknown command and a bad parameter share one text, so they share one letter.
	if !bytes.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A reset, a power cut and a pulled cable forget the newer settings: the card is no longer kept.
func TestSettingsForgotten(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*bench){
		"soft reset": func(b *bench) { b.want("Srs=OK") },
		"power cut": func(b *bench) {
			b.m.PowerCut()
			if err := b.m.PowerOn(b.ctx); err != nil {
				b.Fatal(err)
			}
		},
		"cable": func(b *bench) { b.m.Unplug(); b.m.Replug() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Primacy 2", 1)
			b.want(setup + "Sic=OK")
			forget(b)
			b.want("Rlr;p=CONTACTLESS_CARD Pem;2=OK Ss=OK Sr=OK")
			b.panel('k', 2)
			b.want("Se=OK Rlr;p=OK")
			b.wantAt(0, "line-1/output")
		})
	}
}

// Saved Pem survives; the running one does not.
func TestPemAfterPowerCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	b.want("Pem;2;s=OK Pem;3=OK Rem=3;2")
	b.m.PowerCut()
	if _, err := b.d.Read(b.ctx, make([]byte, 1)); !errors.Is(err, printer.ErrPowerOff) {
		t.Errorf("read without power: %v", err)
	}
	if err := b.d.Write(b.ctx, []byte("x")); !errors.Is(err, printer.ErrPowerOff) {
		t.Errorf("write without power: %v", err)
	}
	if _, err := b.d.DeviceID(b.ctx); !errors.Is(err, printer.ErrPowerOff) {
		t.Errorf("device id without power: %v", err)
	}
	if err := b.m.PowerOn(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.want("Rem=2;2")
	if id, err := b.d.DeviceID(b.ctx); id != "MFG:Evolis;MDL:Evolis Primacy 2;CLS:PRINTER;SN:S1;" || err != nil {
		t.Errorf("%s, %v", id, err)
	}
}

// A new connection finds no answers and no half command of the old one, unless told so.
func TestConnect(t *testing.T) {
	t.Parallel()
	for _, stale := range []bool{false, true} {
		b := openBench(t, "Primacy 2", 1, Config{KeepStale: stale})
		first := b.d.Connect()
		if err := first.Write(b.ctx, []byte("\x1bRtp\r")); err != nil {
			t.Fatal(err)
		}
		answered(b)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if err := first.Write(b.ctx, []byte("x")); !errors.Is(err, ErrClosed) {
			t.Errorf("write on a closed link: %v", err)
		}
		second := b.d.Connect()
		if err := second.Write(b.ctx, []byte("\x1bRsn\r")); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 64)
		n, err := second.Read(b.ctx, buf)
		want := "S1\x00"
		if stale {
			want = "Evolis Primacy 2\x00"
		}
		if err != nil || string(buf[:n]) != want {
			t.Errorf("stale %v: %q, %v", stale, buf[:n], err)
		}
	}
}

// answered waits until an answer lies ready.
func answered(b *bench) {
	for {
		b.d.mu.Lock()
		n, changed := len(b.d.out), b.d.changed
		b.d.mu.Unlock()
		if n > 0 {
			return
		}
		select {
		case <-changed:
		case <-b.ctx.Done():
			b.Fatal("no answer")
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Primacy 2", 1)
	if err := b.d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.d.Write(b.ctx, []byte("x")); !errors.Is(err, ErrClosed) {
		t.Errorf("write: %v", err)
	}
	if _, err := b.d.Read(b.ctx, make([]byte, 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("read: %v", err)
	}
}
