package applettest

import (
	"bytes"
	"context"
	"encoding/hex"
	"testing"

	"blanko/applet"
	"blanko/chipdata"
)

// Run proves the promises of applet.Transport. open gives a transport with a card of the profile
// in the field, in any state but terminated; nothing is written to it. Each case opens anew.
func Run(t *testing.T, p *chipdata.Profile, open func(t *testing.T) applet.Transport) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(t *testing.T, p *chipdata.Profile, tr applet.Transport)
	}{
		{"reset gives an ATR", resetGivesATR},
		{"a status word is an answer", statusIsAnswer},
		{"the card is the same after a reset", sameAfterReset},
		{"a reset forgets the selected application", resetForgets},
		{"the longest command arrives", longestCommand},
		{"many commands in a row", manyCommands},
		{"a context that is over sends nothing", contextOver},
		{"nothing works after close", afterClose},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := open(t)
			defer func() { _ = tr.Close() }() // some cases have closed it
			c.run(t, p, tr)
		})
	}
}

func reset(t *testing.T, tr applet.Transport) []byte {
	t.Helper()
	atr, err := tr.Reset(context.Background())
	if err != nil {
		t.Fatalf("reset: %v", err)
	}
	return atr
}

func send(t *testing.T, tr applet.Transport, capdu []byte) (data []byte, sw applet.Status) {
	t.Helper()
	r, err := tr.Transmit(context.Background(), capdu)
	if err != nil {
		t.Fatalf("%X: %v", capdu[:4], err)
	}
	if len(r) < 2 {
		t.Fatalf("%X: an answer of %d bytes", capdu[:4], len(r))
	}
	n := len(r) - 2
	return r[:n], applet.Status(r[n])<<8 | applet.Status(r[n+1])
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func resetGivesATR(t *testing.T, _ *chipdata.Profile, tr applet.Transport) {
	const direct, inverse = 0x3B, 0x3F // ISO/IEC 7816-3, TS
	if atr := reset(t, tr); len(atr) < 2 || atr[0] != direct && atr[0] != inverse {
		t.Errorf("ATR %X", atr)
	}
}

// statusIsAnswer sends one wrong field at a time; the strict card of the profile has its own
// status word for each.
func statusIsAnswer(t *testing.T, p *chipdata.Profile, tr applet.Transport) {
	reset(t, tr)
	if _, sw := send(t, tr, applet.SelectApplication(p.AID).Encode()); sw != applet.SWOK && sw != applet.SWDeactivated {
		t.Fatalf("select: %v", sw)
	}
	for _, c := range []struct {
		capdu string
		want  applet.Status
	}{
		{"00A4030C020101", applet.SWWrongParameters},                 // SELECT, P1 wrong
		{"00A4020D020101", applet.SWWrongParameters},                 // SELECT, P2 wrong
		{"00A4020C0201FF", applet.SWFileNotFound},                    // SELECT, no such file
		{"80CA00CE00", applet.SWReferenceNotFound},                   // GET DATA, no such object
		{"00B1940020", applet.SWUnknownINS},                          // READ with an instruction that is not offered
		{"C0B0940020", applet.SWUnknownCLA},                          // a class that is not offered
		{"80500001080102030405060708", 0},                            // INITIALIZE UPDATE without Le, wrong in two ways
		{"805099000801020304050607", 0},                              // Lc does not fit
		{"8050990008010203040506070800", applet.SWReferenceNotFound}, // no such key set
	} {
		_, sw := send(t, tr, unhex(t, c.capdu))
		if c.want != 0 && sw != c.want || sw == applet.SWOK {
			t.Errorf("%s: %v, want %v", c.capdu, sw, c.want)
		}
	}
}

func sameAfterReset(t *testing.T, _ *chipdata.Profile, tr applet.Transport) {
	kdd := func() []byte {
		data, sw := send(t, tr, unhex(t, "80CA00CF00"))
		if sw != applet.SWOK {
			t.Fatalf("KDD: %v", sw)
		}
		return bytes.Clone(data)
	}
	atr := reset(t, tr)
	first := kdd()
	if again := reset(t, tr); !bytes.Equal(again, atr) {
		t.Errorf("ATR %X, then %X", atr, again)
	}
	if second := kdd(); !bytes.Equal(first, second) {
		t.Errorf("KDD %X, then %X", first, second)
	}
}

func resetForgets(t *testing.T, p *chipdata.Profile, tr applet.Transport) {
	prof, _ := p.File(chipdata.BuildPROF)
	read := applet.ReadShort(0, prof.SFI, chipdata.SizePROF).Encode()
	reset(t, tr)
	_, _ = send(t, tr, applet.SelectApplication(p.AID).Encode())
	if data, sw := send(t, tr, read); sw != applet.SWOK || len(data) != chipdata.SizePROF {
		t.Errorf("selected: %d bytes, %v", len(data), sw)
	}
	reset(t, tr)
	if data, sw := send(t, tr, read); sw == applet.SWOK || len(data) > 0 {
		t.Errorf("after a reset: %d bytes, %v", len(data), sw)
	}
}

func longestCommand(t *testing.T, _ *chipdata.Profile, tr applet.Transport) {
	reset(t, tr)
	capdu := applet.Command{CLA: 0x00, INS: 0xD6, Data: make([]byte, 255), Expect: 256}.Encode()
	if data, sw := send(t, tr, capdu); sw == applet.SWOK || len(data) > 0 {
		t.Errorf("%d bytes sent: %d bytes, %v", len(capdu), len(data), sw)
	}
}

func manyCommands(t *testing.T, p *chipdata.Profile, tr applet.Transport) {
	const rounds = 50
	reset(t, tr)
	var first []byte
	for n := range rounds {
		data, sw := send(t, tr, applet.SelectApplication(p.AID).Encode())
		if n == 0 {
			first = bytes.Clone(data)
		}
		if sw != applet.SWOK && sw != applet.SWDeactivated || !bytes.Equal(data, first) {
			t.Fatalf("round %d: %X, %v", n, data, sw)
		}
	}
}

func contextOver(t *testing.T, p *chipdata.Profile, tr applet.Transport) {
	reset(t, tr)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := tr.Transmit(ctx, applet.SelectApplication(p.AID).Encode()); err == nil {
		t.Errorf("a command went out: %X", r)
	}
	if _, err := tr.Reset(ctx); err == nil {
		t.Error("a reset was done")
	}
	reset(t, tr)
	if _, sw := send(t, tr, applet.SelectApplication(p.AID).Encode()); sw != applet.SWOK && sw != applet.SWDeactivated {
		t.Errorf("afterwards: %v", sw)
	}
}

func afterClose(t *testing.T, p *chipdata.Profile, tr applet.Transport) {
	reset(t, tr)
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err := tr.Transmit(context.Background(), applet.SelectApplication(p.AID).Encode()); err == nil {
		t.Errorf("a command went out: %X", r)
	}
	if _, err := tr.Reset(context.Background()); err == nil {
		t.Error("a reset was done")
	}
}
