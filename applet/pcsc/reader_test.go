package pcsc

import (
	"strings"
	"testing"
)

// Names as pcsc-lite makes them (hotplug_libudev.c, readerfactory.c), and some that it does not.
func TestReaderNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, model, serial string
		slot                int
	}{
		{"OMNIKEY AG CardMan 5121 00 00", "OMNIKEY AG CardMan 5121", "", 0},
		{"OMNIKEY AG CardMan 5121 (OKCM0021508090808300151246107183) 01 01", "OMNIKEY AG CardMan 5121", "OKCM0021508090808300151246107183", 1},
		{"ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00", "ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM]", "", 0},
		{"Yubico YubiKey OTP+FIDO+CCID 0A 00", "Yubico YubiKey OTP+FIDO+CCID", "", 0},
		{"HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422CL Smartcard Reader] (KE0RS1010203040) 00 0F", "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422CL Smartcard Reader]", "KE0RS1010203040", 15},
		{"Reader (with words) in it 00 00", "Reader (with words) in it", "", 0},
		{"Reader (A) (B) 00 00", "Reader (A)", "B", 0},
		{"Reader () 00 00", "Reader", "", 0},
		{"SCM Microsystems Inc. SCR 3310 0", "SCM Microsystems Inc. SCR 3310 0", "", 0}, // Windows
		{"", "", "", 0},
		{"00 00", "00 00", "", 0},
		{"Reader g0 00", "Reader g0 00", "", 0},
	} {
		r := readerOf(c.name)
		if r.Name != c.name || r.Model != c.model || r.Serial != c.serial || r.Slot != c.slot {
			t.Errorf("%q: %+v", c.name, r)
		}
	}
}

func TestReaderSees(t *testing.T) {
	t.Parallel()
	atr := []byte{0x3B, 0x80, 0x80, 0x01, 0x01}
	for _, c := range []struct {
		now              stateFlag
		card, mute, busy bool
		moves, atr       int
	}{
		{0x0010, false, false, false, 0, 0},
		{0x00010022, true, false, false, 1, len(atr)},
		{0x00030322, true, true, false, 3, 0},
		{0xFFFF01A0, true, false, true, 0xFFFF, len(atr)},
	} {
		r := Reader{ATR: []byte{1}}.see(readerState{now: c.now, atr: atr})
		if r.Card != c.card || r.Mute != c.mute || r.Busy != c.busy || r.moves != c.moves || len(r.ATR) != c.atr {
			t.Errorf("%08X: %+v", uint32(c.now), r)
		}
	}
}

func TestBindingCheck(t *testing.T) {
	t.Parallel()
	slot := func(n int) *int { return &n }
	for _, c := range []struct {
		b     Binding
		field string // empty: good
	}{
		{Binding{Name: "OMNIKEY AG CardMan 5121"}, ""},
		{Binding{Serial: "OKCM1"}, ""},
		{Binding{Name: "*5121*", Slot: slot(1)}, ""},
		{Binding{}, "name"},
		{Binding{Name: "*"}, "name"},
		{Binding{Name: " * "}, "name"},
		{Binding{Name: "OMNIKEY AG CardMan 5121 00 00"}, "name"},
		{Binding{Name: "OMNIKEY AG CardMan 5121 00 00", Serial: "X"}, "name"},
		{Binding{Name: "A\x00B"}, "name"},
		{Binding{Serial: "X", Slot: slot(-1)}, "slot"},
		{Binding{Serial: "X", Slot: slot(256)}, "slot"},
	} {
		err := c.b.Check()
		if (err == nil) != (c.field == "") || err != nil && !strings.Contains(err.Error(), "("+c.field+")") {
			t.Errorf("%+v: %v", c.b, err)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"abc", "abc", true},
		{"abc", "abcd", false},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "abc", true},
		{"a*", "abc", true},
		{"*c", "abc", true},
		{"*b*", "abc", true},
		{"a*c", "ac", true},
		{"a*a", "a", false},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "acb", false},
		{"*ab*ab*", "abab", true},
		{"*ab*ab*", "aba", false},
		{"[x](y)", "[x](y)", true},
		{"**", "abc", true},
	} {
		if got := like(c.pattern, c.text); got != c.want {
			t.Errorf("%q, %q: %v", c.pattern, c.text, got)
		}
	}
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	slot := func(n int) *int { return &n }
	for _, c := range []struct {
		a, b Binding
		want bool
	}{
		{Binding{Serial: "1"}, Binding{Serial: "2"}, false},
		{Binding{Serial: "1"}, Binding{Serial: "1"}, true},
		{Binding{Serial: "1", Slot: slot(0)}, Binding{Serial: "1", Slot: slot(1)}, false},
		{Binding{Serial: "1", Slot: slot(0)}, Binding{Serial: "1"}, true},
		{Binding{Name: "A"}, Binding{Name: "B"}, false},
		{Binding{Name: "A*"}, Binding{Name: "AB"}, true},
		{Binding{Name: "A"}, Binding{Serial: "1"}, true},
	} {
		if c.a.Overlaps(c.b) != c.want || c.b.Overlaps(c.a) != c.want {
			t.Errorf("%+v, %+v: not %v", c.a, c.b, c.want)
		}
	}
}
