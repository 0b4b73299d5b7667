package chip

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

// What the commands of a fuzz input go through.
const (
	fuzzRaw     = iota // bytes as they are, secure messaging open
	fuzzObjects        // objects of secure messaging under a right MAC
	fuzzText           // instruction, P1, P2, Le and data, well sealed
	fuzzPACE           // bodies of GENERAL AUTHENTICATE behind MSE:Set AT
	fuzzModes
)

// FuzzSealed throws bytes at an active card whose ICAO view is open. Whatever comes, the card
// never changes, the national files stay unread, and nothing but a well sealed command gets data.
// The first byte chooses what the rest goes through and how the card was opened; then per
// command a length and that many bytes.
func FuzzSealed(f *testing.F) {
	for _, seed := range []string{
		"00 12 0CB09E000D9701048E08000000000000000000", "00 05 00B09E0004", "00 0C 00A4040C07A0000002471001",
		"01 08 0CB09E00 97020004", "01 0E 0CA4020C 87090100000000000000008E", "05 07 0CB10101 970104",
		"02 06 B081000000FF", "02 08 A4020C FF 00 02 0101", "02 0A B1011E 08 00 540100", "06 11 2241A4FF00 800A04007F00070202030202",
		"02 0D 88000000 00 0102030405060708", "03 00 02 7C00", "07 04 7C028000",
	} {
		f.Add(unhex(f, seed))
	}
	plan := pacePlan()
	m := activeTerminal(f, Config{BAC: true}, plan)
	before := m.card.View()
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		mode := int(data[0] & 3)
		if mode == fuzzPACE {
			if err := m.reset(); err != nil {
				t.Fatal(err)
			}
			m.must(t, setAT(1))
		} else if err := m.opened(ways[int(data[0]>>2)%2]); err != nil {
			t.Fatal(err)
		}
		for data = data[1:]; len(data) > 0; {
			n := min(int(data[0]), len(data)-1)
			throw(t, m, mode, data[1:1+n])
			data = data[1+n:]
		}
		after := m.card.View()
		if !reflect.DeepEqual(after.Files, before.Files) || after.State != "active" || after.CANFailures != 0 || after.Pages != before.Pages {
			t.Errorf("the card has changed: %+v", after)
		}
	})
}

// throw is one command of the fuzz input.
func throw(t *testing.T, m *terminal, mode int, b []byte) {
	var capdu []byte
	switch mode {
	case fuzzRaw:
		capdu = b
	case fuzzObjects:
		if len(b) < 4 {
			return
		}
		m.count()
		body := bytes.Clone(b[4:min(len(b), 4+240)])
		head := padded([]byte{0x0C, b[1], b[2], b[3]}, len(m.ssc))
		body = append(body, berObject(0x8E, m.sum(append(head, body...)))...)
		capdu = apdu(0x0C, b[1], b[2], b[3], body, 256)
	case fuzzText:
		if len(b) < 5 {
			return
		}
		le := int(b[3])
		if le == 0xFF {
			le = -1
		}
		capdu = m.seal(b[0], b[1], b[2], b[5:min(len(b), 5+200)], le)
	case fuzzPACE:
		if len(b) < 1 {
			return
		}
		capdu = apdu(b[0]&0x10, 0x86, 0, 0, b[1:], 256)
	}
	r, sw, err := m.raw(capdu)
	if err != nil || len(r) > 256 || sw < 0x6000 {
		t.Fatalf("%X: %X %04X, %v", capdu, r, sw, err)
	}
	if mode == fuzzText && len(m.ssc) > 0 {
		plain, err := m.unseal(b[0], r, sw)
		if err != nil && !errors.Is(err, errPlain) {
			// Behind chip authentication the card's keys are others; the next answer is plain.
			return
		}
		for _, f := range pacePlan().files {
			if !ldsFID(f.fid) && len(plain) > 8 && bytes.Contains(f.data, plain) {
				t.Fatalf("%X reads %04X", capdu, f.fid)
			}
		}
	}
}
