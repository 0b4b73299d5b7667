package chip

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// The channel ends with a security error, with a plain command, and with a SELECT of the
// application.
func TestChannelEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, command string
		want          uint16
	}{
		{"wrong MAC", "84B0940008 0000000000000000 20", 0x6982},
		{"short body", "84B0940004 00000000 20", 0x6982},
		{"no body", "84B0940020", 0x6982},
		{"plain READ", "00B0940020", 0x9000},
		{"plain UPDATE", "00D681000100", 0x6985},
		{"SELECT", "00A4040C07F04B5450454C01", 0x9000},
		{"malformed", "84", 0x6700},
		{"EXTERNAL AUTHENTICATE", "8482330010" + fmt.Sprintf("%032d", 0), 0x6985},
	} {
		h := hostIn(t, inWritten)
		if err := h.open(0x31, 0x33); err != nil {
			t.Fatal(err)
		}
		if _, err := h.want("READ", 0xB0, 0x81, 0, nil, 9); err != nil {
			t.Fatal(err)
		}
		if _, sw, err := h.raw(unhex(t, c.command)); err != nil || sw != c.want {
			t.Errorf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
		}
		if _, sw, err := h.send(0xB0, 0x81, 0, nil, 9); err != nil || sw != 0x6982 {
			t.Errorf("%s: afterwards %04X, %v, want 6982", c.name, sw, err)
		}
	}
}

// A reset and a power cut take channel, application and current file.
func TestResetForgets(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inWritten)
	if err := h.open(0x31, 0x33); err != nil {
		t.Fatal(err)
	}
	atr, err := h.card.Reset(t.Context())
	if want := unhex(t, "3B8880014B5450454C2D4F507D"); err != nil || !bytes.Equal(atr, want) {
		t.Errorf("ATR %X, %v, want %X", atr, err, want)
	}
	if _, sw, err := h.send(0xB0, 0x81, 0, nil, 9); err != nil || sw != 0x6982 {
		t.Errorf("READ after the reset: %04X, %v", sw, err)
	}
	if _, sw, err := h.raw(unhex(t, "8050310008010203040506070800")); err != nil || sw != 0x6985 {
		t.Errorf("INITIALIZE UPDATE without an application: %04X, %v", sw, err)
	}
	h.card.PowerOff()
	if _, _, err := h.raw(unhex(t, "80CA00CF00")); !errors.Is(err, ErrFieldLost) {
		t.Errorf("without power: %v", err)
	}
	if err := h.reset(); err != nil {
		t.Error(err)
	}
	if _, _, err := h.probe(); err != nil {
		t.Error(err)
	}
}

// Twenty wrong cryptograms block a key set for good; a right one before clears the count. The
// wait doubles.
func TestFailureCounter(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inActive)
	right, wrong := h.keys[0x38], h.keys[0x38]
	wrong.MAC[0] ^= 1
	try := func() uint16 {
		t.Helper()
		if _, _, err := h.raw(unhex(t, "8050380008010203040506070800")); err != nil {
			t.Fatal(err)
		}
		_, sw, err := h.raw(unhex(t, "8482330010"+fmt.Sprintf("%032d", 0)))
		if err != nil {
			t.Fatal(err)
		}
		return sw
	}
	var last float64
	for i := range 19 {
		before := h.card.View().Spent
		if sw := try(); sw != 0x6300 {
			t.Fatalf("wrong cryptogram: %04X", sw)
		}
		took := (h.card.View().Spent - before).Seconds()
		if i > 8 && (took < 1.8*last || took > 2.3*last) {
			t.Errorf("try %d took %.3f s after %.3f s", i+1, took, last)
		}
		last = took
	}
	if n := h.card.View().Failures[0x38]; n != 19 {
		t.Errorf("%d failures counted", n)
	}
	if err := h.open(0x38, 0x33); err != nil {
		t.Fatal(err)
	}
	if n := h.card.View().Failures[0x38]; n != 0 {
		t.Errorf("%d failures after the right cryptogram", n)
	}
	for range 20 {
		try()
	}
	h.keys[0x38] = right
	var refused swError
	if err := h.open(0x38, 0x33); !errors.As(err, &refused) || refused.sw != 0x6983 {
		t.Errorf("after 20 failures: %v", err)
	}
	if err := h.reset(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.probe(); err != nil {
		t.Fatal(err)
	}
	if err := h.open(0x38, 0x33); !errors.As(err, &refused) || refused.sw != 0x6983 {
		t.Errorf("after 20 failures and a reset: %v", err)
	}
}

// A right cryptogram with a wrong MAC is 6982; an unknown level 6A86; both end the opening.
func TestExternalAuthenticate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		level    byte
		spoilMAC bool
		want     uint16
	}{{"wrong MAC", 0x33, true, 0x6982}, {"level 00", 0x00, false, 0x6A86}, {"level 23", 0x23, false, 0x6A86}} {
		h := hostIn(t, inBlank)
		challenge := []byte{1, 2, 3, 4, 5, 6, 7, 8}
		iu, _, err := h.raw(append(append([]byte{0x80, 0x50, 0x30, 0, 8}, challenge...), 0))
		if err != nil {
			t.Fatal(err)
		}
		k := h.keys[0x30]
		ctx := append(challenge, iu[13:21]...)
		mac := hostDerive(k.MAC[:], 6, 128, ctx)
		ea := append([]byte{0x84, 0x82, c.level, 0, 0x10}, hostDerive(mac, 1, 64, ctx)...)
		sum := hostCMAC(mac, append(make([]byte, 16), ea...))
		if c.spoilMAC {
			sum[0] ^= 1
		}
		ea = append(ea, sum[:8]...)
		if _, sw, err := h.raw(ea); err != nil || sw != c.want {
			t.Errorf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
		}
		if _, sw, err := h.raw(ea); err != nil || sw != 0x6985 {
			t.Errorf("%s: repeated %04X, %v, want 6985", c.name, sw, err)
		}
	}
}

// The sequence counter rises with every INITIALIZE UPDATE and stops at its maximum; the
// challenge follows from it.
func TestSequenceCounter(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inBlank)
	iu := func() []byte {
		r, _, err := h.raw(unhex(t, "8050300008010203040506070800"))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one, two := iu(), iu()
	if !bytes.Equal(one[29:], []byte{0, 0, 1}) || !bytes.Equal(two[29:], []byte{0, 0, 2}) {
		t.Errorf("counters %X, %X", one[29:], two[29:])
	}
	enc := h.keys[0x30].ENC
	for _, r := range [][]byte{one, two} {
		want := hostDerive(enc[:], 2, 64, append(bytes.Clone(r[29:]), unhex(t, "F04B5450454C01")...))
		if !bytes.Equal(r[13:21], want) {
			t.Errorf("challenge %X, want %X", r[13:21], want)
		}
	}
	h.card.keys(0x30).sequence = 0xFFFFFE
	if r := iu(); !bytes.Equal(r[29:], []byte{0xFF, 0xFF, 0xFF}) {
		t.Errorf("counter %X", r[29:])
	}
	if _, sw, _ := h.raw(unhex(t, "8050300008010203040506070800")); sw != 0x6985 {
		t.Errorf("at the maximum: %04X", sw)
	}
}

// The quirk: a C-ENC counter that skips commands without data.
func TestCounterOnlyWithData(t *testing.T) {
	t.Parallel()
	for _, quirk := range []bool{false, true} {
		h := newHost(Config{CounterOnlyWithData: quirk})
		if _, _, err := h.probe(); err != nil {
			t.Fatal(err)
		}
		if err := h.open(0x30, 0x33); err != nil {
			t.Fatal(err)
		}
		if _, err := h.want("SELECT EF", 0xA4, 2, 0x0C, []byte{2, 4}, -1); err != nil {
			t.Fatal(err)
		}
		if _, sw, err := h.send(0x44, 0, 0, nil, -1); err != nil || sw != 0x6985 { // no data
			t.Fatalf("%04X, %v", sw, err)
		}
		if quirk {
			h.counter--
		}
		if err := h.claim(testID); err != nil {
			t.Errorf("quirk %v: %v", quirk, err)
		}
	}
}

// The issuer's channel outlives ACTIVATE, its right to read does not.
func TestIssuerChannelAfterActivate(t *testing.T) {
	t.Parallel()
	h := hostIn(t, inWritten)
	if err := errors.Join(h.open(0x31, 0x33), h.claim(testID)); err != nil {
		t.Fatal(err)
	}
	if sw, err := acts["activate"](h); err != nil || sw != 0x9000 {
		t.Fatalf("ACTIVATE: %04X, %v", sw, err)
	}
	if _, sw, err := h.send(0xB0, 0x81, 0, nil, 32); err != nil || sw != 0x6982 {
		t.Errorf("READ: %04X, %v", sw, err)
	}
}

// A good MAC over cipher text with wrong padding is a security error all the same.
func TestWrongPadding(t *testing.T) {
	t.Parallel()
	for name, plain := range map[string]string{
		"none":           fmt.Sprintf("%032d", 0),
		"no 80":          "000102030405060708090A0B0C0D0E0F",
		"a block behind": "0102038000000000000000000000000000000000000000000000000000000000",
		"two blocks":     fmt.Sprintf("80%094d", 0),
	} {
		h := hostIn(t, inClaimed31)
		if err := h.open(0x31, 0x33); err != nil {
			t.Fatal(err)
		}
		h.counter++
		data := hostCBC(h.enc, h.icv(0), unhex(t, plain), true)
		c := append([]byte{0x84, 0xD6, 0x81, 0, byte(len(data) + 8)}, data...)
		sum := hostCMAC(h.mac, append(bytes.Clone(h.chain), c...))
		if _, sw, err := h.raw(append(c, sum[:8]...)); err != nil || sw != 0x6982 {
			t.Errorf("%s: %04X, %v", name, sw, err)
		}
		if h.card.session.open {
			t.Errorf("%s: the channel is still open", name)
		}
	}
	h := hostIn(t, inClaimed31) // cipher text that is no whole number of blocks
	if err := h.open(0x31, 0x33); err != nil {
		t.Fatal(err)
	}
	c := []byte{0x84, 0xD6, 0x81, 0, 13, 1, 2, 3, 4, 5}
	sum := hostCMAC(h.mac, append(bytes.Clone(h.chain), c...))
	if _, sw, err := h.raw(append(c, sum[:8]...)); err != nil || sw != 0x6982 {
		t.Errorf("part of a block: %04X, %v", sw, err)
	}
}
