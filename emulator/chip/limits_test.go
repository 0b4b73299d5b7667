package chip

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// Cases of ISO/IEC 7816-3, 12.1, in short and extended form.
func TestParse(t *testing.T) {
	t.Parallel()
	short, long := newLimits(0, 0), newLimits(300, 400)
	small := newLimits(122, 126)
	for _, c := range []struct {
		name   string
		limits limits
		apdu   string
		ok     bool
		lc, le int
		wild   bool
	}{
		{"case 1", short, "00B09400", true, 0, noLe, false},
		{"case 2", short, "00B0940020", true, 0, 32, false},
		{"case 2, 256", short, "00B0940000", true, 0, 256, true},
		{"case 3", short, "00D694000161", true, 1, noLe, false},
		{"case 4", short, "00D69400016100", true, 1, 256, true},
		{"case 2 extended, short chip", short, "00B09400000020", false, 0, 0, false},
		{"case 3 extended, short chip", short, "00D6940000000161", false, 0, 0, false},
		{"case 2 extended", long, "00B09400000020", true, 0, 32, false},
		{"case 2 extended, the longest", long, "00B09400000190", true, 0, 400, false},
		{"case 2 extended, too long", long, "00B09400000191", false, 0, 0, false},
		{"case 2 extended, 65,536", long, "00B09400000000", true, 0, 65536, true},
		{"case 3 extended", long, "00D6940000000161", true, 1, noLe, false},
		{"case 4 extended", long, "00D69400000001610000", true, 1, 65536, true},
		{"case 4, short form on a long chip", long, "00D69400016100", true, 1, 256, true},
		{"short Le behind extended Lc", long, "00D694000000016100", false, 0, 0, false},
		{"extended Lc of zero", long, "00D6940000000000", false, 0, 0, false},
		{"extended Lc beyond the data", long, "00D6940000000261", false, 0, 0, false},
		{"the longest data", long, fmt.Sprintf("00D6940000012C%0600d", 0), true, 300, noLe, false},
		{"a byte too much", long, fmt.Sprintf("00D6940000012D%0602d", 0), false, 0, 0, false},
		{"small chip, the longest data", small, fmt.Sprintf("00D694007A%0244d", 0), true, 122, noLe, false},
		{"small chip, a byte too much", small, fmt.Sprintf("00D694007B%0246d", 0), false, 0, 0, false},
		{"small chip, the longest Le", small, "00B094007E", true, 0, 126, false},
		{"small chip, Le too long", small, "00B094007F", false, 0, 0, false},
		{"small chip, as much as there is", small, "00B0940000", true, 0, 256, true},
		{"two zeros", long, "00B094000000", false, 0, 0, false},
		{"nothing", long, "", false, 0, 0, false},
	} {
		cmd, ok := c.limits.parse(unhex(t, c.apdu))
		if ok != c.ok || ok && (len(cmd.data) != c.lc || cmd.le != c.le || cmd.wild != c.wild) {
			t.Errorf("%s: %v, %d bytes, Le %d, %v", c.name, ok, len(cmd.data), cmd.le, cmd.wild)
		}
	}
}

// chips are those whose buffers the station has to deal with: what they announce, and the most
// plain bytes of one command or answer under each channel.
var chips = []struct {
	name        string
	lc, le      int
	limits, atr string // object 82 of the FCI; EF.ATR/INFO
	scp, icao   int    // longest READ under SCP03 and under BAC
}{
	{"261 bytes", 0, 0, "820301FF00", "", 239, 231},
	{"128 bytes", 122, 126, "8203017A7E", "", 111, 103},
	{"2,000 bytes", 1991, 1998, "82050107C707CE", "47039401E0 7F6608 020207D0 020207D0", 1983, 1975},
}

// terminalFor is a terminal before an active card with a large DG2.
func terminalFor(t *testing.T, lc, le int) *terminal {
	t.Helper()
	p := examplePlan(t)
	big := bytes.Repeat([]byte{0x75, 1, 2, 3, 5, 8, 13}, 600)
	p.files = []testFile{p.files[0], {0x0102, 0x02, big}, {0x011D, 0x1D, []byte{0x77, 1, 0}}}
	h := newHost(Config{ICAOView: true, BAC: true})
	h.card.limits = newLimits(0, 0)
	if err := errors.Join(h.personalize(p), h.activate(p.id)); err != nil {
		t.Fatal(err)
	}
	h.card.limits = newLimits(lc, le) // the host of these tests writes in short APDUs of 239 bytes
	h.card.master = masterFiles(true, h.card.limits)
	m := &terminal{host: h}
	if err := m.reset(); err != nil {
		t.Fatal(err)
	}
	return m
}

// Limits of the chip's buffer: told in the FCI and in EF.ATR/INFO, and kept in every channel.
func TestBuffers(t *testing.T) {
	t.Parallel()
	for _, c := range chips {
		m := terminalFor(t, c.lc, c.le)
		fci, _, err := m.selectIssuer()
		if err != nil || !bytes.HasSuffix(fci, unhex(t, c.limits)) || int(fci[1]) != len(fci)-2 {
			t.Errorf("%s: FCI %X, %v", c.name, fci, err)
		}
		m.must(t, unhex(t, "00A4000C023F00"))
		info, sw, err := m.raw(unhex(t, "00B0810000"))
		if want := map[bool]uint16{true: 0x6A82, false: 0x9000}[c.atr == ""]; err != nil || sw != want || !bytes.Equal(info, unhex(t, c.atr)) {
			t.Errorf("%s: EF.ATR/INFO %X %04X, %v", c.name, info, sw, err)
		}
		m.must(t, selectICAO)
		if err := m.openBAC(unhex(t, bacExample)); err != nil {
			t.Fatal(err)
		}
		for _, le := range []int{256, 65536} {
			if le > 256 && c.le <= 256 {
				continue
			}
			room := c.icao
			if le == 256 {
				room = min(room, 231)
			}
			if r, sw, err := m.do(0xB0, 0x82, 0, nil, le); err != nil || sw != 0x9000 || len(r) != room {
				t.Errorf("%s: Le %d gives %d bytes, %04X, %v, want %d", c.name, le, len(r), sw, err, room)
			}
		}
		want := uint16(0x6700)
		if c.le > 300 {
			want = 0x9000
		}
		// Le of two bytes in a short command, and one that is beyond the buffer: protected.
		if r, sw, err := m.raw(m.sealed(0xB0, 0x82, 0, []byte{0x97, 2, 0x01, 0x2C})); err != nil || sw != want || len(r) < 14 {
			t.Errorf("%s: Le 300: %d bytes, %04X, %v", c.name, len(r), sw, err)
		} else if _, err := m.unseal(0xB0, r, sw); err != nil {
			t.Errorf("%s: Le 300: %v", c.name, err)
		}
		m.must(t, unhex(t, "00A4040C07F04B5450454C01"))
		if err := m.open(0x38, 0x33); err != nil {
			t.Fatal(err)
		}
		if c.le > 256 {
			r, sw, err := m.sendExtended(0xB0, 0x82, 0, c.scp)
			if err != nil || sw != 0x9000 || len(r) != c.scp {
				t.Errorf("%s: READ of %d gives %d bytes, %04X, %v", c.name, c.scp, len(r), sw, err)
			}
		} else if r, err := m.want("READ", 0xB0, 0x82, 0, nil, 0); err != nil || len(r) != c.scp {
			t.Errorf("%s: READ gives %d bytes, %v, want %d", c.name, len(r), err, c.scp)
		}
	}
}

// sendExtended reads under SCP03 with an extended Le.
func (h *host) sendExtended(ins, p1, p2 byte, le int) ([]byte, uint16, error) {
	h.counter++
	c := []byte{0x84, ins, p1, p2, 0, 0, 8}
	h.chain = hostCMAC(h.mac, append(bytes.Clone(h.chain), c...))
	r, sw, err := h.raw(append(append(c, h.chain[:8]...), byte(le>>8), byte(le)))
	if err != nil || sw != 0x9000 {
		return nil, sw, err
	}
	mac := r[len(r)-8:]
	r = r[:len(r)-8]
	if !bytes.Equal(mac, hostCMAC(h.rmac, append(append(bytes.Clone(h.chain), r...), 0x90, 0))[:8]) {
		return nil, sw, errors.New("R-MAC is wrong")
	}
	r = hostCBC(h.enc, h.icv(0x80), r, false)
	return r[:bytes.LastIndexByte(r, 0x80)], sw, nil
}
