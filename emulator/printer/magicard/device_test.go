package magicard

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"blanko/emulator/printer"
)

// Worked bytes of requests: the framing of the vendor's filter and of Gutenprint.
func TestRequests(t *testing.T) {
	t.Parallel()
	t.Run("KGE2", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Enduro", Config{Cards: 1200, Panels: 6000})
		for _, request := range []string{"012c5245512c494e462c1c03", "0505050505050505052c", "01" + hex.EncodeToString([]byte("REQ,INF,")) + "1c03"} {
			p, _ := hex.DecodeString(strings.TrimSuffix(request, "2c"))
			b.write(p)
		}
		for range 2 { // with and without the comma in front; lead-in bytes say nothing
			want := "\x01STA$$2,Enduro,0,46E1234,H46E1234,B46E1234,1.40,2.0,0,1200,1200,6000,0,0,0,1000,50,50,50,0,0,E0040100AB,300,50,LC1,60,60,60,0,0,,,0,0,\x03"
			if got := b.read(); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		}
		if f := b.d.Findings(); len(f) != 0 {
			t.Error(f)
		}
	})
	t.Run("KEE", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Tango 2e", Config{Cards: 412})
		p, _ := hex.DecodeString("050505050505050505015245512c5354412c5443512c1c03")
		b.write(p)
		if got := b.read(); got != "\x01STA,TCQ412,\x03" {
			t.Errorf("got %q", got)
		}
		for key, want := range map[string]string{
			"MSR": "46E1234", "VRS": "1.40", "CCQ": "0", "CCP": "1000", "DFR": "1250", "FPP": "50", "CLP": "0", "MDL": "0", "TPQ": "0",
		} {
			if got := b.key(key); got != want {
				t.Errorf("%s is %q, want %q", key, got, want)
			}
		}
		b.write([]byte("\x01,REQ,INF,\x1c\x03")) // never answered
		p, _ = hex.DecodeString("05050505050505050501534e52311c03")
		b.write(p)
		buf := make([]byte, 64)
		n, err := b.d.Read(b.ctx, buf)
		if err != nil || string(buf[:n]) != "CAM1 OFF" {
			t.Errorf("first sensor %q, %v", buf[:n], err)
		}
	})
}

// A black job of 97,723 bytes, by its worked sizes.
func TestBlackJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Enduro", Config{})
	j := job(blackHeader, black(0xFF))
	if len(blackHeader) != 117 || len(j) != 97_723 {
		t.Fatalf("header %d bytes, job %d", len(blackHeader), len(j))
	}
	b.write(j)
	b.until(9, "1")
	if p := b.m.TakeOutput(); len(p) != 1 || p[0].Front.Layer('K') == nil || bytes.Contains(p[0].Front.Layer('K').Dots(), []byte{0}) {
		t.Error("the card is not black")
	}
	if got := []string{b.field(11), b.field(14), b.field(23)}; !slices.Equal(got, []string{"1", "1", "51"}) {
		t.Errorf("panels, cards since cleaning, shots: %q", got)
	}
	if f := b.d.Findings(); len(f) != 0 {
		t.Error(f)
	}
}

// change replaces a part of the black header.
func change(old, new string) string {
	if !strings.Contains(blackHeader, old) {
		panic(old)
	}
	return strings.Replace(blackHeader, old, new, 1)
}

// Headers that a printer would not print: the error shows, no card moves, the next job is good.
func TestHeadersRefused(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{
		"head of another family": change("KGE2", "KEE"),
		"no head":                change("KGE2,", ""),
		"wrong size":             change("SZK97536", "SZK97535"),
		"no size":                change(",SZK97536", ""),
		"planes do not agree":    change("IMFK", "IMFBGR"),
		"no planes":              change("IMFK,", ""),
		"no page":                change("PAG1,", ""),
		"page 3":                 change("PAG1", "PAG3"),
		"second page of one":     change("PAG1", "PAG2"),
		"no word of the model":   change("COEH,", ""),
		"no time":                change("TDT69000000,", ""),
		"size of a card":         change("WID1016", "WID642"),
		"overcoat without area":  change("OVROFF", "OVRON"),
		"area outside":           change("OVROFF", "OVRON,PCT0,0,1026,641"),
		"area turned over":       change("OVROFF", "OVRON,PCT9,0,8,641"),
		"three numbers":          change("OVROFF", "OVRON,PCT0,0,8"),
		"no number":              change("NOC1", "NOCX"),
		"no copies":              change("NOC1", "NOC0"),
		"profile without power":  change("ICC0", "ICC3"),
		"back is not told":       change("DPXOFF", "DPXON"),
		"too long":               change("VER1.0", "VER"+strings.Repeat("1", headerLimit)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Enduro", Config{})
			b.write([]byte("\x01" + header + "\x1c"))
			b.until(19, "6")
			b.found(errBadHeader.Error())
			if b.m.State().Fed != 0 {
				t.Error("a card was fed")
			}
			b.write(job(blackHeader, black(0)))
			b.until(9, "1")
			if b.field(19) != "0" {
				t.Error("the error stays")
			}
		})
	}
}

// Planes that do not end as announced.
func TestPlanesRefused(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]plane{
		"too short":    {'K', make([]byte, 97535)},
		"too long":     {'K', make([]byte, 97537)},
		"other letter": {'B', make([]byte, 97536)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Enduro", Config{})
			b.write(job(blackHeader, p))
			b.write(bytes.Repeat([]byte{leadIn}, 16))
			b.until(20, "2")
			b.found("ends with")
			b.command("RST")
			b.until(19, "0")
			if b.m.State().Fed != 0 {
				t.Error("a card was fed")
			}
		})
	}
}

// Old firmware takes a comma before the end of the header badly; unknown words are skipped.
func TestHeaderFindings(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Enduro", Config{})
	b.write(job(change("LANENG", "LANENG,QQQ7,1,2")+",", black(0)))
	b.until(9, "1")
	b.found("comma")
	b.found("QQQ7")
}

// Two pages make one card of two sides; words for the chip's hole and a copy are obeyed.
func TestTwoSides(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Enduro", Config{})
	front := strings.NewReplacer("DPXOFF", "DPXON,BACKO", "NOC1", "NOC2").Replace(blackHeader)
	back := strings.NewReplacer("DPXOFF", "DPXON", "PAG1", "PAG2", "OVROFF", "OVRON,NNNOFF,USFOFF,PCT0,0,1015,641,NCT90,295,260,450").Replace(blackHeader)
	b.write(job(front, black(0xFF)))
	b.write(job(back, black(0x0F)))
	b.until(9, "2")
	cards := b.m.TakeOutput()
	if len(cards) != 2 {
		t.Fatalf("%d cards", len(cards))
	}
	for _, c := range cards {
		if f, r := len(c.Front.Layers()), len(c.Back.Layers()); f != 1 || r != 2 {
			t.Errorf("%d panels on the front, %d on the back", f, r)
		}
		if dots := c.Back.Layer('O').Dots(); dots[0] != 1 || dots[(rows-1-300)*lines+100] != 0 {
			t.Error("the overcoat is not there, or its hole is not free")
		}
	}
	if f := b.d.Findings(); len(f) != 0 {
		t.Error(f)
	}
}

// A front whose back does not come: another front, or a person who ejects.
func TestSecondPageMissing(t *testing.T) {
	t.Parallel()
	front := change("DPXOFF", "DPXON,BACK")
	t.Run("another front", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Enduro", Config{})
		b.write(job(front, black(0)))
		b.write(job(blackHeader, black(0)))
		b.until(20, "4")
		if s := b.m.State(); s.Path != 1 || s.Output != 0 {
			t.Errorf("state %+v", s)
		}
	})
	t.Run("ejected", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Enduro", Config{})
		b.write(job(front, black(0)))
		b.until(11, "1")
		b.command("EJT")
		b.until(9, "0")
		if s := b.m.State(); s.Path != 0 || s.Output != 1 {
			t.Errorf("state %+v", s)
		}
	})
}

// Every error that a person can mend shows its numbers, and shows none when it is mended.
func TestErrorNumbers(t *testing.T) {
	t.Parallel()
	plan := func(kind printer.Kind, step printer.Step) func(*bench) {
		return func(b *bench) { b.m.Plan(printer.Fault{Kind: kind, Step: step}) }
	}
	unjam := func(b *bench) { b.m.ClearJam() }
	fit := func(b *bench) { b.m.ReplaceRibbon(roll1()) }
	for name, v := range map[string]struct {
		do, undo     func(*bench)
		job          bool
		major, minor string
	}{
		"cover open":  {func(b *bench) { b.m.OpenCover() }, func(b *bench) { b.m.CloseCover() }, false, "1", "1"},
		"no cards":    {func(b *bench) { b.cards = b.m.Unload() }, func(b *bench) { _ = b.m.Load(b.cards...) }, true, "2", "1"},
		"jam":         {plan(printer.KindJam, printer.StepFeed), unjam, true, "3", "1"},
		"card lost":   {plan(printer.KindCardLost, printer.StepFeed), unjam, true, "3", "2"},
		"no film":     {func(b *bench) { b.m.ReplaceRibbon(printer.Ribbon{}) }, fit, false, "4", "1"},
		"wrong film":  {plan(printer.KindRibbonWrong, printer.StepFeed), fit, true, "4", "2"},
		"film out":    {plan(printer.KindRibbonTorn, printer.StepPanel), fit, true, "4", "3"},
		"output full": {plan(printer.KindOutputFull, printer.StepEject), func(b *bench) { b.m.TakeOutput() }, true, "5", "1"},
		"film too poor": {func(b *bench) {
			b.m.ReplaceRibbon(printer.Ribbon{Type: "LC2", Panels: "YMC", Total: 9, Left: 9, Zone: "A"})
		}, fit, true, "4", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "Enduro", Config{})
			v.do(b)
			if v.job {
				b.write(job(blackHeader, black(0)))
			}
			b.until(19, v.major)
			if got := b.field(20); got != v.minor {
				t.Errorf("minor %s, want %s", got, v.minor)
			}
			v.undo(b)
			if name != "film too poor" { // nothing in the world was wrong with it
				b.until(19, "0")
			}
			b.command("RST")
			b.command("EJT")
			b.write(job(blackHeader, black(0)))
			b.until(9, "1")
		})
	}
}

// A printer that resumes goes on by itself, on another card where the first is gone; a reset takes
// the job away.
func TestResumes(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Enduro", Config{Resumes: true})
	b.m.Plan(printer.Fault{Kind: printer.KindJam, Step: printer.StepPanel}, printer.Fault{Kind: printer.KindJam, Card: 3})
	b.write(job(blackHeader, black(0)))
	b.until(19, "3")
	b.m.ClearJam()
	b.until(9, "1")
	if fed := b.m.State().Fed; fed != 2 {
		t.Errorf("%d cards fed", fed)
	}
	b.write(job(blackHeader, black(0)))
	b.until(19, "3")
	b.command("RST")
	b.field(0) // answered behind the reset
	b.m.ClearJam()
	b.until(19, "0")
	if s := b.m.State(); s.Fed != 3 || s.Output != 1 {
		t.Errorf("state %+v", s)
	}
}

// What goes wrong between host and printer.
func TestConnectionFaults(t *testing.T) {
	t.Parallel()
	t.Run("lost, late and split answers", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Enduro", Config{})
		b.d.Plan(Fault{Kind: KindLostReply}, Fault{Kind: KindLateReply, Command: "INF"}, Fault{Kind: KindSplitReply})
		b.write([]byte("\x01,REQ,INF,\x1c\x03\x01,REQ,INF,\x1c\x03"))
		b.struck(1)
		b.write([]byte("\x01,REQ,INF,\x1c\x03"))
		for range 2 {
			b.read()
		}
		if p := b.d.Pending(); len(p) != 0 {
			t.Error(p)
		}
	})
	t.Run("deaf until its power is cut", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Enduro", Config{})
		b.d.Plan(Fault{Kind: KindDeaf})
		b.write([]byte("\x01,REQ,INF,\x1c\x03"))
		b.struck(0)
		b.m.PowerCut()
		if err := b.d.Write(b.ctx, nil); err == nil {
			t.Error("no power, and bytes are taken")
		}
		if err := b.m.PowerOn(b.ctx); err != nil {
			t.Fatal(err)
		}
		b.field(0)
	})
	t.Run("cable out in a plane", func(t *testing.T) {
		t.Parallel()
		for _, eager := range []bool{false, true} {
			b := newBench(t, "Enduro", Config{Eager: eager})
			b.d.Plan(Fault{Kind: KindLinkLost, Card: 1})
			_ = b.d.Write(b.ctx, job(blackHeader, black(0)))
			if err := b.m.Await(b.ctx, func(s printer.State) bool { return !s.Plugged }); err != nil {
				t.Fatal(err)
			}
			b.m.Replug()
			if eager {
				b.until(20, "1")
				b.command("RST")
				b.command("EJT")
			}
			if got := b.field(9); got != "0" {
				t.Errorf("%s cards are counted", got)
			}
			b.write(job(blackHeader, black(0)))
			b.until(9, "1")
		}
	})
	t.Run("a host that dies in a plane", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, "Enduro", Config{KeepStale: true})
		first := b.d.Connect()
		whole := job(blackHeader, black(0))
		if err := first.Write(b.ctx, whole[:50_000]); err != nil {
			t.Fatal(err)
		}
		_ = first.Close()
		if err := first.Write(b.ctx, nil); err == nil {
			t.Error("a closed connection takes bytes")
		}
		second := b.d.Connect()
		if err := second.Write(b.ctx, whole[50_000:]); err != nil {
			t.Fatal(err)
		}
		b.until(9, "1")
	})
}

// Cleaning: the counters show it due, the cycle ends it.
func TestCleaning(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Tango 2e", Config{})
	b.m.Plan(printer.Fault{Kind: printer.KindCleaningDue, Step: printer.StepClean, When: printer.WhenAfter})
	b.command("CLN")
	if got := []string{b.key("CCQ"), b.key("CCP"), b.key("CLP"), b.key("TCN")}; !slices.Equal(got, []string{"1000", "1000", "1", "1"}) {
		t.Errorf("due: %q", got)
	}
	b.command("CLN")
	if got := []string{b.key("CCQ"), b.key("CLP"), b.key("TCN")}; !slices.Equal(got, []string{"0", "0", "2"}) {
		t.Errorf("clean: %q", got)
	}
}

// The test card, and commands that are not known.
func TestCommands(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Enduro", Config{})
	b.command("TST")
	b.command("FLIPOVER")
	b.until(9, "1")
	b.found("FLIPOVER")
	if p := b.m.TakeOutput(); len(p) != 1 || p[0].Front.Layer('K') == nil {
		t.Error("no test card")
	}
}

// A feed counter that stands still takes the count of printed cards along.
func TestCounterStuck(t *testing.T) {
	t.Parallel()
	b := newBench(t, "Enduro", Config{})
	b.m.StickCounter()
	b.write(job(blackHeader, black(0)))
	if err := b.m.Await(b.ctx, func(s printer.State) bool { return s.Output == 1 }); err != nil {
		t.Fatal(err)
	}
	if got := b.field(9); got != "0" {
		t.Errorf("%s cards are counted", got)
	}
}

// Whatever a host sends, the device neither ends nor hangs: after lead-in bytes that fill any
// plane it answers.
func FuzzHostBytes(f *testing.F) {
	f.Add([]byte("\x01,REQ,INF,\x1c\x03"))
	f.Add(job(blackHeader, plane{'K', make([]byte, 40)}))
	f.Add([]byte("\x01RST,\x1c\x03\x01EJT,\x1c\x03\x01,,\x1c\x03"))
	f.Add([]byte("\x01NOC1,PCT1,2,3,4,5,6,7,8,NCT,1,SZK-1,SZB99999999999999999999\x1c\x03"))
	f.Fuzz(func(t *testing.T, p []byte) {
		b := newBench(t, "Enduro", Config{})
		b.write(p)
		b.write(bytes.Repeat([]byte{leadIn}, lines*colorBits*96+3))
		b.write([]byte("\x1c\x03\x01,REQ,INF,\x1c\x03"))
		for !strings.Contains(b.read(), "\x01STA$$2,Enduro") {
		}
	})
}
