package applet

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"blanko/fault"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The four cases of commands, short and extended (ISO/IEC 7816-4, section 5.1).
func TestCommandCases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cmd  Command
		want string
	}{
		{"case 1", Command{CLA: 0x80, INS: 0x44}, "80440000"},
		{"case 2", Command{CLA: 0x00, INS: 0xB0, P1: 0x94, Expect: 32}, "00B0940020"},
		{"case 2, 256 bytes", Command{CLA: 0x80, INS: 0xCA, P1: 0x9F, P2: 0x7F, Expect: 256}, "80CA9F7F00"},
		{"case 3", Command{CLA: 0x00, INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{0x01, 0x01}}, "00A4020C020101"},
		{"case 4", Command{CLA: 0x80, INS: 0x50, P1: 0x30, Data: make([]byte, 8), Expect: 256}, "8050300008000000000000000000"},
		{"case 1, extended", Command{CLA: 0x80, INS: 0x44, Extended: true}, "80440000"},
		{"case 2, extended", Command{CLA: 0x00, INS: 0xB0, Expect: 1007}, "00B000000003EF"},
		{"case 2, extended, 65,536 bytes", Command{CLA: 0x00, INS: 0xB0, Expect: 65536}, "00B00000000000"},
		{"case 2, extended by wish", Command{CLA: 0x00, INS: 0xB0, Expect: 256, Extended: true}, "00B00000000100"},
		{"case 3, extended by wish", Command{CLA: 0x00, INS: 0xD6, Data: []byte{0xAA, 0xBB}, Extended: true}, "00D60000000002AABB"},
		{"case 4, extended by its answer", Command{CLA: 0x00, INS: 0xCB, Data: []byte{0xAA}, Expect: 300}, "00CB0000000001AA012C"},
		{"case 3, extended by its data", Command{CLA: 0x00, INS: 0xD6, Data: make([]byte, 256)}, "00D60000000100" + strings.Repeat("00", 256)},
	} {
		if got := c.cmd.Encode(); !bytes.Equal(got, unhex(t, c.want)) {
			t.Errorf("%s: %X, want %s", c.name, got, c.want)
		}
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	a, err := parseAnswer(unhex(t, "01026283"))
	if err != nil || !bytes.Equal(a.Data, []byte{1, 2}) || a.SW != SWDeactivated || !bytes.Equal(a.Encode(), unhex(t, "01026283")) {
		t.Errorf("%+v, %v", a, err)
	}
	for _, b := range [][]byte{nil, {0x90}} {
		if _, err := parseAnswer(b); !fault.Is(err, CardMute) {
			t.Errorf("%X: %v", b, err)
		}
	}
}

// A refused command carries its status word and, where the word has a meaning whatever the
// command, its entry.
func TestStatusErrors(t *testing.T) {
	t.Parallel()
	for sw, entry := range map[Status]fault.Entry{
		SWMemoryFailure: MemoryFailure, SWNoSpace: NoSpace, SWAuthBlocked: keyBlocked,
		SWWrongData: UnexpectedStatus, 0x1234: UnexpectedStatus,
	} {
		err := refused("test", Command{CLA: 0x80, INS: 0xD6}, sw)
		if !fault.Is(err, entry) || !errors.Is(err, sw) || !strings.Contains(err.Error(), "80D60000") {
			t.Errorf("%v: %v", sw, err)
		}
	}
	for _, sw := range []Status{SWSecurityStatus, SWSMObjectMissing, SWSMObjectWrong, 0x6105, 0x6C20} {
		if !sw.endsChannel() {
			t.Errorf("%v leaves the channel alive", sw)
		}
	}
	for _, sw := range []Status{SWOK, SWConditionsOfUse, SWFileNotFound, SWMemoryFailure} {
		if sw.endsChannel() {
			t.Errorf("%v ends the channel", sw)
		}
	}
}
