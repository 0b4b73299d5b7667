package chip

import (
	"bytes"
	"errors"
	"testing"
)

// mostAnswer is the longest short answer: 256 bytes of data and a status word.
const mostAnswer = 258

// checkBounds holds after any input: the memory is within the chip, EF.PROF is whole.
func checkBounds(t *testing.T, c *Card) {
	t.Helper()
	v := c.View()
	used := 0
	for _, b := range v.Files {
		used += len(b) + 40
	}
	if used+v.Free != c.capacity || v.Free < 0 {
		t.Errorf("%d bytes used, %d free of %d", used, v.Free, c.capacity)
	}
	if len(v.Files[0x0204]) != 32 || string(v.Files[0x0204][:8]) != "KTPEL-OP" {
		t.Errorf("EF.PROF %X", v.Files[0x0204])
	}
}

// FuzzTransmit throws commands at a card: data is a list of length byte and that many bytes.
func FuzzTransmit(f *testing.F) {
	for _, seed := range []string{
		"0C00A4040007F04B5450454C01 0500B0940020", "0E8050300008010203040506070800 15 8482330010" + "00000000000000000000000000000000",
		"05 80CA9F7F00 07 00A4020C020204 00 01 00 04 00000000", "0684D694000800 0700B0940000FFFF",
	} {
		f.Add(unhex(f, seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h := newHost(Config{Size: Size8K})
		for len(data) > 0 {
			n := min(int(data[0]), len(data)-1)
			r, err := h.card.Transmit(t.Context(), data[1:1+n])
			if err != nil || len(r) < 2 || len(r) > mostAnswer {
				t.Fatalf("%X: %X, %v", data[1:1+n], r, err)
			}
			data = data[1+n:]
		}
		if v := h.card.View(); v.State != "blank" || len(v.Files) != 1 {
			t.Errorf("without a key: state %s, %d files", v.State, len(v.Files))
		}
		checkBounds(t, h.card)
	})
}

// FuzzParse: an APDU that parses is the one that its parts say, byte for byte, and stays within
// the limits of the chip.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"00B09400", "00B0940000", "00D694000161", "00D69400016100", "00B09400000020", "00D69400000001610000"} {
		f.Add(unhex(f, seed), 300, 400)
	}
	f.Fuzz(func(t *testing.T, b []byte, lc, le int) {
		l := newLimits(lc, le)
		c, ok := l.parse(b)
		if !ok {
			return
		}
		again := append([]byte{c.cla, c.ins, c.p1, c.p2}, c.lc...)
		again = append(again, c.data...)
		if c.le != noLe && c.extended {
			if len(c.lc) == 0 {
				again = append(again, 0)
			}
			again = append(again, byte(c.le>>8))
		}
		if c.le != noLe {
			again = append(again, byte(c.le))
		}
		if !bytes.Equal(again, b) {
			t.Errorf("%X is taken for %X", b, again)
		}
		if len(c.data) > l.lc || c.le > l.le && !c.wild || c.extended && !l.extended() {
			t.Errorf("%X is beyond %+v", b, l)
		}
	})
}

// FuzzSecure throws commands at a card through an open channel. The first byte chooses the key,
// then per command: instruction, P1, P2, Le, length of data, data.
func FuzzSecure(f *testing.F) {
	for _, seed := range []string{
		"00 D6940000 20 " + "4B5450454C2D4F500100A77E4D970102030405060708090A0B0C010000000000",
		"01 E0000000 13 62118002001082010183020107880138 8A0103", "01 E4000000 04 83020101 B0810010 00",
		"01 D8008100 10 38881110000000000000000000000000 46800000 05 AC03800101", "01 D6820000 F0", "01 44000000 00",
	} {
		f.Add(unhex(f, seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		s, kvn := inBlank, byte(0x30)
		if data[0]&1 == 1 {
			s, kvn = inClaimed31, 0x31
		}
		h := hostIn(t, s)
		if err := h.open(kvn, 0x33); err != nil {
			t.Fatal(err)
		}
		if kvn == 0x31 {
			if err := h.claim(testID); err != nil {
				t.Fatal(err)
			}
		}
		for data = data[1:]; len(data) >= 5; {
			n := min(int(data[4]), len(data)-5, 239)
			le := int(data[3])
			if le == 0xFF {
				le = -1
			}
			_, sw, err := h.send(data[0], data[1], data[2], data[5:5+n], le)
			if err != nil && sw != 0x6283 && !errors.Is(err, ErrFieldLost) {
				t.Fatalf("%X: %04X, %v", data[:5+n], sw, err)
			}
			if sw == 0x6982 { // the channel is gone
				break
			}
			data = data[5+n:]
		}
		checkBounds(t, h.card)
	})
}

// FuzzDecode reads hostile files: every one of them in each place of the profile.
func FuzzDecode(f *testing.F) {
	is := newIssuer(f)
	for _, b := range testChip(f, is) {
		f.Add(b)
	}
	f.Add([]byte{0x7F, 0x60, 0x84, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Add([]byte{0x77, 0x83, 0xFF, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range readers {
			d, err := Decode(map[uint16][]byte{r.fid: b})
			if d.Sealed {
				t.Fatalf("%s alone is sealed: %v", r.name, err)
			}
			if err == nil && len(b) == 0 && r.fid != fidBIO {
				t.Errorf("%s: an empty file is read", r.name)
			}
		}
	})
}
