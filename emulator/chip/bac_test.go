package chip

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// bacExample are Kenc and Kmac of the worked example of Doc 9303-11, appendix D.2.
const bacExample = "AB94FDECF2674FDFB9B391F85D7F76F2 7962D9ECE03D1ACD4C76089DCE131543"

// examplePlan is a card with the EF.COM of the worked example.
func examplePlan(t testing.TB) plan {
	p := smallPlan()
	p.bacKeys = unhex(t, bacExample)
	p.files = append([]testFile{{0x011E, 0x1E, unhex(t, "60145F0104303130365F36063034303030305C026175")}}, p.files...)
	return p
}

// activeTerminal is a terminal before an active card, the ICAO view selected.
func activeTerminal(t testing.TB, cfg Config, p plan) *terminal {
	t.Helper()
	cfg.ICAOView = true
	m := &terminal{host: hostWith(t, inActive, cfg, p)}
	if err := m.reset(); err != nil {
		t.Fatal(err)
	}
	m.must(t, selectICAO)
	return m
}

// openedBAC is a terminal that has opened the card by BAC.
func openedBAC(t testing.TB, cfg Config) *terminal {
	t.Helper()
	cfg.BAC = true
	p := examplePlan(t)
	m := activeTerminal(t, cfg, p)
	if err := m.openBAC(p.bacKeys); err != nil {
		t.Fatal(err)
	}
	return m
}

// The worked example of Doc 9303-11, appendix D.3 and D.4, byte by byte: Basic Access Control
// and three commands under secure messaging.
func TestBACExample(t *testing.T) {
	t.Parallel()
	random := bytes.NewReader(unhex(t, "4608F91988702212 0B4F80323EB3191CB04970CB4052790B"))
	m := activeTerminal(t, Config{BAC: true, Rand: random}, examplePlan(t))
	for _, x := range []struct{ command, answer string }{
		{"0084000008", "4608F91988702212 9000"},
		{
			"0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28",
			"46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000",
		},
		{"0CA4020C15 8709016375432908C044F6 8E08BF8B92D635FF24F8 00", "99029000 8E08FA855A5D4C50A8ED 9000"},
		{"0CB000000D 970104 8E08ED6705417E96BA55 00", "8709019FF0EC34F9922651 99029000 8E08AD55CC17140B2DED 9000"},
		{
			"0CB000040D 970112 8E082EA28A70F3C7B535 00",
			"871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A 99029000 8E08C8B2787EAEA07D74 9000",
		},
	} {
		r, sw, err := m.raw(unhex(t, x.command))
		if err != nil {
			t.Fatal(err)
		}
		if got := append(r, byte(sw>>8), byte(sw)); !bytes.Equal(got, unhex(t, x.answer)) {
			t.Fatalf("%s: %X, want %s", x.command, got, x.answer)
		}
	}
}

// Every file of the LDS is read to its end in pieces of every size, equal to what was written.
func TestSealedReading(t *testing.T) {
	t.Parallel()
	m := openedBAC(t, Config{})
	for _, f := range examplePlan(t).files {
		if !ldsFID(f.fid) {
			if _, sw, err := m.do(0xA4, 0x02, 0x0C, []byte{byte(f.fid >> 8), byte(f.fid)}, -1); err != nil || sw != 0x6A82 {
				t.Errorf("SELECT %04X: %04X, %v", f.fid, sw, err)
			}
			continue
		}
		for _, n := range []int{7, 100, 223, 231, 240, 256} {
			got, err := m.readFile(f.fid, n)
			if err != nil || !bytes.Equal(got, f.data) {
				t.Errorf("%04X in pieces of %d: %d bytes, %v", f.fid, n, len(got), err)
			}
		}
	}
}

// Commands under secure messaging and their protected answers; each leaves the channel open.
func TestSealedAnswers(t *testing.T) {
	t.Parallel()
	m := openedBAC(t, Config{})
	for _, c := range []struct {
		name        string
		ins, p1, p2 byte
		data        string
		le          int
		want        uint16
		answer      string
	}{
		{"READ without a current file", 0xB0, 0, 0, "", 4, 0x6986, ""},
		{"READ EF.COM by short identifier", 0xB0, 0x9E, 0, "", 4, 0x9000, "60145F01"},
		{"READ of what is current now", 0xB0, 0, 16, "", 4, 0x9000, "30305C02"},
		{"READ the rest", 0xB0, 0, 20, "", 256, 0x9000, "6175"},
		{"READ more than the rest", 0xB0, 0, 20, "", 3, 0x6282, "6175"},
		{"READ behind the end", 0xB0, 0, 22, "", 1, 0x6B00, ""},
		{"READ without Le", 0xB0, 0, 0, "", -1, 0x6700, ""},
		{"READ with data", 0xB0, 0, 0, "00", 4, 0x6700, ""},
		{"READ of the fingers", 0xB0, 0x91, 0, "", 4, 0x6A82, ""},
		{"READ EF.PROF", 0xB0, 0x94, 0, "", 4, 0x6A82, ""},
		{"READ of a file that is not there", 0xB0, 0x8E, 0, "", 4, 0x6A82, ""},
		{"READ, reserved bits", 0xB0, 0xE0, 0, "", 4, 0x6A86, ""},
		{"odd READ of the current file", 0xB1, 0, 0, "540100", 6, 0x9000, "530460145F01"},
		{"odd READ by short identifier", 0xB1, 0, 0x01, "540102", 256, 0x9000, "-"},
		{"odd READ by identifier", 0xB1, 0x01, 0x1E, "54020004", 6, 0x9000, "530404303130"},
		{"odd READ over the end", 0xB1, 0x01, 0x1E, "540114", 8, 0x6282, "53026175"},
		{"odd READ behind the end", 0xB1, 0x01, 0x1E, "540116", 8, 0x6B00, ""},
		{"odd READ of the fingers", 0xB1, 0x02, 0x01, "540100", 8, 0x6A82, ""},
		{"odd READ, long offset", 0xB1, 0x01, 0x1E, "5403000000", 8, 0x6A80, ""},
		{"odd READ, no offset", 0xB1, 0x01, 0x1E, "5400", 8, 0x6A80, ""},
		{"odd READ, another object", 0xB1, 0x01, 0x1E, "550100", 8, 0x6A80, ""},
		{"odd READ, no room", 0xB1, 0x01, 0x1E, "540100", 2, 0x6700, ""},
		{"odd READ without data", 0xB1, 0x01, 0x1E, "", 8, 0x6700, ""},
		{"SELECT EF", 0xA4, 0x02, 0x0C, "0101", -1, 0x9000, ""},
		{"SELECT EF with Le", 0xA4, 0x02, 0x0C, "0101", 256, 0x6700, ""},
		{"SELECT of the fingers", 0xA4, 0x02, 0x0C, "0201", -1, 0x6A82, ""},
		{"SELECT, other P2", 0xA4, 0x02, 0x04, "0101", -1, 0x6A86, ""},
		{"SELECT the application again", 0xA4, 0x04, 0x0C, "A0000002471001", -1, 0x9000, ""},
		{"SELECT with FCI", 0xA4, 0x04, 0x00, "A0000002471001", 256, 0x9000, "6F0C 8407A0000002471001 8A0105"},
		{"SELECT the MF", 0xA4, 0x00, 0x0C, "3F00", -1, 0x9000, ""},
		{"EF.CardAccess", 0xB0, 0x9C, 0, "", 4, 0x9000, "31143012"},
		{"back to the application", 0xA4, 0x04, 0x0C, "A0000002471001", -1, 0x9000, ""},
		{"UPDATE", 0xD6, 0x81, 0, "61", -1, 0x6982, ""},
		{"UPDATE of the fingers", 0xD6, 0x91, 0, "61", -1, 0x6982, ""},
		{"CREATE", 0xE0, 0, 0, "00", -1, 0x6985, ""},
		{"ACTIVATE", 0x44, 0, 0, "00", -1, 0x6985, ""},
		{"GET DATA", 0xCA, 0, 0xCF, "", 256, 0x6E00, ""},
		{"INITIALIZE UPDATE", 0x50, 0x38, 0, "0102030405060708", 256, 0x6E00, ""},
		{"GET CHALLENGE", 0x84, 0, 0, "", 8, 0x6985, ""},
		{"EXTERNAL AUTHENTICATE", 0x82, 0, 0, fmt.Sprintf("%080d", 0), 256, 0x6985, ""},
		{"unknown instruction", 0xFE, 0, 0, "", 256, 0x6D00, ""},
	} {
		r, sw, err := m.do(c.ins, c.p1, c.p2, unhex(t, c.data), c.le)
		if err != nil || sw != c.want {
			t.Fatalf("%s: %04X, %v, want %04X", c.name, sw, err, c.want)
		}
		if c.answer != "-" && !bytes.Equal(r, unhex(t, c.answer)) {
			t.Errorf("%s: %X, want %s", c.name, r, c.answer)
		}
	}
	// The issuer view is none of secure messaging's: the answer is the last one.
	if _, sw, err := m.do(0xA4, 0x04, 0x0C, aidIssuer, -1); err != nil || sw != 0x9000 {
		t.Errorf("SELECT of the issuer view: %04X, %v", sw, err)
	}
	if _, sw, err := m.do(0xB0, 0x94, 0, nil, 4); !errors.Is(err, errPlain) || sw != 0x6E00 {
		t.Errorf("the channel lives on: %04X, %v", sw, err)
	}
}

// What closes the channel: the answer is a plain status word, and nothing is read afterwards.
func TestSealedBreaks(t *testing.T) {
	t.Parallel()
	read := func(m *terminal) []byte { return m.seal(0xB0, 0x9E, 0, nil, 4) }
	for _, c := range []struct {
		name    string
		command func(m *terminal) []byte
		want    uint16
	}{
		{"plain READ", func(*terminal) []byte { return []byte{0, 0xB0, 0x9E, 0, 4} }, 0x6987},
		{"plain SELECT EF", func(*terminal) []byte { return []byte{0, 0xA4, 2, 0x0C, 2, 1, 0x1E} }, 0x6987},
		{"plain GET CHALLENGE", func(*terminal) []byte { return []byte{0, 0x84, 0, 0, 8} }, 0x6987},
		{"a command of SCP03", func(*terminal) []byte { return apdu(0x84, 0xB0, 0x9E, 0, make([]byte, 8), 256) }, 0x6987},
		{"no objects", func(*terminal) []byte { return apdu(0x0C, 0xB0, 0x9E, 0, nil, 256) }, 0x6987},
		{"no MAC", func(m *terminal) []byte { return apdu(0x0C, 0xB0, 0x9E, 0, []byte{0x97, 1, 4}, 256) }, 0x6987},
		{"a command twice", func(m *terminal) []byte {
			b := read(m)
			if _, sw, err := m.raw(b); err != nil || sw != 0x9000 {
				t.Fatalf("%04X, %v", sw, err)
			}
			return b
		}, 0x6988},
		{"a command left out", func(m *terminal) []byte { read(m); return read(m) }, 0x6988},
		{"no outer Le", func(m *terminal) []byte { b := read(m); return b[:len(b)-1] }, 0x6700},
		{"an outer Le", func(m *terminal) []byte { b := read(m); b[len(b)-1] = 18; return b }, 0x6700},
		{"Lc too long", func(m *terminal) []byte { b := read(m); b[4]++; b[4]++; return b }, 0x6700},
		{"Lc too short", func(m *terminal) []byte { b := read(m); b[4]--; return b }, 0x6700},
		{"chained", func(m *terminal) []byte { b := read(m); b[0] = 0x1C; return b }, 0x6987},
		{"header not protected", func(m *terminal) []byte { b := read(m); b[0] = 0x08; return b }, 0x6987},
		{"an object of no use", func(m *terminal) []byte {
			return m.sealed(0xB0, 0x9E, 0, []byte{0x97, 1, 4, 0x81, 1, 0})
		}, 0x6988},
		{"Le twice", func(m *terminal) []byte { return m.sealed(0xB0, 0x9E, 0, []byte{0x97, 1, 4, 0x97, 1, 4}) }, 0x6988},
		{"Le of three bytes", func(m *terminal) []byte { return m.sealed(0xB0, 0x9E, 0, []byte{0x97, 3, 0, 0, 4}) }, 0x6988},
		{"Le empty", func(m *terminal) []byte { return m.sealed(0xB0, 0x9E, 0, []byte{0x97, 0}) }, 0x6988},
		{"cryptogram behind Le", func(m *terminal) []byte {
			return m.sealed(0xA4, 2, 0x0C, append([]byte{0x97, 1, 4, 0x87, 9, 1}, make([]byte, 8)...))
		}, 0x6988},
		{"cryptogram for odd instructions", func(m *terminal) []byte {
			return m.sealed(0xA4, 2, 0x0C, append([]byte{0x85, 8}, make([]byte, 8)...))
		}, 0x6988},
		{"cryptogram empty", func(m *terminal) []byte { return m.sealed(0xA4, 2, 0x0C, []byte{0x87, 1, 1}) }, 0x6988},
		{"part of a block", func(m *terminal) []byte {
			return m.sealed(0xA4, 2, 0x0C, append([]byte{0x87, 8, 1}, make([]byte, 7)...))
		}, 0x6988},
		{"padding indicator", func(m *terminal) []byte {
			return m.sealed(0xA4, 2, 0x0C, append([]byte{0x87, 9, 2}, make([]byte, 8)...))
		}, 0x6988},
		{"no padding", func(m *terminal) []byte {
			return m.sealed(0xA4, 2, 0x0C, append([]byte{0x87, 9, 1}, m.crypt(make([]byte, 8), true)...))
		}, 0x6988},
		{"MAC of seven bytes", func(m *terminal) []byte {
			return apdu(0x0C, 0xB0, 0x9E, 0, []byte{0x8E, 7, 1, 2, 3, 4, 5, 6, 7}, 256)
		}, 0x6988},
		{"an object behind the MAC", func(m *terminal) []byte {
			b := read(m)
			return apdu(0x0C, 0xB0, 0x9E, 0, append(bytes.Clone(b[5:len(b)-1]), 0x97, 1, 4), 256)
		}, 0x6988},
		{"objects cut off", func(*terminal) []byte { return apdu(0x0C, 0xB0, 0x9E, 0, []byte{0x97, 4, 1}, 256) }, 0x6988},
	} {
		m := openedBAC(t, Config{})
		if r, sw, err := m.raw(c.command(m)); err != nil || sw != c.want || len(r) != 0 {
			t.Errorf("%s: %X %04X, %v, want a plain %04X", c.name, r, sw, err, c.want)
			continue
		}
		if _, sw, err := m.do(0xB0, 0x9E, 0, nil, 4); !errors.Is(err, errPlain) || sw != 0x6982 {
			t.Errorf("%s: the channel lives on: %04X, %v", c.name, sw, err)
		}
		if _, sw, err := m.raw([]byte{0, 0xB0, 0x9E, 0, 4}); err != nil || sw != 0x6982 {
			t.Errorf("%s: plain READ afterwards: %04X, %v", c.name, sw, err)
		}
	}
}

// sealed is a command with these objects and a right MAC.
func (m *terminal) sealed(ins, p1, p2 byte, objects []byte) []byte {
	m.count()
	head := padded([]byte{0x0C, ins, p1, p2}, len(m.ssc))
	return apdu(0x0C, ins, p1, p2, append(bytes.Clone(objects), berObject(0x8E, m.sum(append(head, objects...)))...), 256)
}

// One altered bit anywhere in a command under secure messaging never gets data or a protected
// answer.
func TestSealedRefusesAlteredCommands(t *testing.T) {
	t.Parallel()
	m := openedBAC(t, Config{})
	size := len(m.seal(0xA4, 0x02, 0x0C, []byte{0x01, 0x1E}, -1))
	for bit := range 8 * size {
		if err := m.reopen(unhex(t, bacExample)); err != nil {
			t.Fatal(err)
		}
		b := m.seal(0xA4, 0x02, 0x0C, []byte{0x01, 0x1E}, -1)
		b[bit/8] ^= 1 << (bit % 8)
		r, sw, err := m.raw(b)
		if err != nil || len(r) != 0 || sw != 0x6987 && sw != 0x6988 && sw != 0x6700 {
			t.Errorf("bit %d altered: %X %04X, %v", bit, r, sw, err)
		}
	}
}

// reopen begins again after a reset.
func (m *terminal) reopen(keys []byte) error {
	if err := m.reset(); err != nil {
		return err
	}
	if _, sw, err := m.raw(selectICAO); err != nil || sw != 0x9000 {
		return errors.Join(err, swError{"SELECT", sw})
	}
	return m.openBAC(keys)
}

// A plain SELECT of an application begins anew: the channel is gone, the command is served.
func TestSelectEndsSealing(t *testing.T) {
	t.Parallel()
	for _, aid := range [][]byte{aidICAO, aidIssuer} {
		m := openedBAC(t, Config{})
		m.must(t, apdu(0, 0xA4, 4, 0x0C, aid, -1))
		want := uint16(0x6982)
		if bytes.Equal(aid, aidIssuer) {
			want = 0x6E00
		}
		if _, sw, err := m.do(0xB0, 0x81, 0, nil, 4); !errors.Is(err, errPlain) || sw != want {
			t.Errorf("%X: the channel lives on: %04X, %v", aid, sw, err)
		}
	}
}

// Basic Access Control that goes wrong: nothing opens, and a challenge is good for the next
// command alone.
func TestBACRefusals(t *testing.T) {
	t.Parallel()
	keys := unhex(t, bacExample)
	wrong := bytes.Clone(keys)
	wrong[31] ^= 0x10
	off := examplePlan(t)
	off.bac = false
	for _, c := range []struct {
		name string
		card *terminal
		keys []byte
		want uint16
	}{
		{"wrong Kmac", activeTerminal(t, Config{BAC: true}, examplePlan(t)), wrong, 0x6300},
		{"wrong Kenc", activeTerminal(t, Config{BAC: true}, examplePlan(t)), append(slices.Repeat([]byte{0x11}, 16), keys[16:]...), 0x6300},
		{"switched off", activeTerminal(t, Config{}, examplePlan(t)), keys, 0x6985},
		{"no keys on the card", activeTerminal(t, Config{BAC: true}, off), keys, 0x6985},
		{"small chip", activeTerminal(t, Config{BAC: true, Size: Size8K}, examplePlan(t)), keys, 0x9000},
	} {
		err := c.card.openBAC(c.keys)
		var refused swError
		if c.want == 0x9000 && err == nil {
			continue
		}
		if !errors.As(err, &refused) || refused.sw != c.want {
			t.Errorf("%s: %v, want %04X", c.name, err, c.want)
		}
		if _, sw, err := c.card.raw([]byte{0, 0xB0, 0x81, 0, 4}); err != nil || sw != 0x6982 {
			t.Errorf("%s: READ afterwards %04X, %v", c.name, sw, err)
		}
	}
	for _, c := range []struct{ name, between, command, answer string }{
		{"no challenge", "00A4020C02011E", "0082000028" + fmt.Sprintf("%080d", 0) + "28", "6985"},
		{"challenge, another command", "0084000008 00A4020C02011E", "0082000028" + fmt.Sprintf("%080d", 0) + "28", "6985"},
		{"challenge used up", "0084000008 0082000028" + fmt.Sprintf("%080d", 0) + "28", "0082000028" + fmt.Sprintf("%080d", 0) + "28", "6985"},
		{"zeros", "0084000008", "0082000028" + fmt.Sprintf("%080d", 0) + "28", "6300"},
		{"too short", "0084000008", "0082000027" + fmt.Sprintf("%078d", 0) + "28", "6700"},
		{"no Le", "0084000008", "0082000028" + fmt.Sprintf("%080d", 0), "6700"},
		{"wrong Le", "0084000008", "0082000028" + fmt.Sprintf("%080d", 0) + "08", "6700"},
		{"P1", "0084000008", "0082010028" + fmt.Sprintf("%080d", 0) + "28", "6A86"},
		{"challenge of another length", "00A4020C02011E", "0084000010", "6C08"},
		{"challenge without Le", "00A4020C02011E", "00840000", "6700"},
		{"challenge, P2", "00A4020C02011E", "0084000108", "6A86"},
		{"challenge in the MF", "00A4000C023F00", "0084000008", "6985"},
		{"challenge in the issuer view", "00A4040C07F04B5450454C01", "0084000008", "6D00"},
	} {
		m := activeTerminal(t, Config{BAC: true}, examplePlan(t))
		for b := unhex(t, c.between); len(b) > 0; {
			n := 5
			if b[1] != 0x84 {
				n += int(b[4])
			}
			if b[1] == 0x82 {
				n++
			}
			if _, _, err := m.raw(b[:n]); err != nil {
				t.Fatal(err)
			}
			b = b[n:]
		}
		r, sw, err := m.raw(unhex(t, c.command))
		if got := fmt.Sprintf("%04X", sw); err != nil || got != c.answer || len(r) != 0 {
			t.Errorf("%s: %X %s, %v, want %s", c.name, r, got, err, c.answer)
		}
	}
}

// The channel goes with the power, and a garbled answer shows in its MAC.
func TestSealingUnderFaults(t *testing.T) {
	t.Parallel()
	m := openedBAC(t, Config{})
	if err := m.card.Inject(Fault{Kind: Garble}); err != nil {
		t.Fatal(err)
	}
	if r, sw, err := m.do(0xB0, 0x9E, 0, nil, 4); err == nil || len(r) != 0 {
		t.Errorf("garbled: %X %04X", r, sw)
	}
	if r, sw, err := m.do(0xB0, 0x9E, 0, nil, 4); err != nil || sw != 0x9000 || len(r) != 4 {
		t.Errorf("the card has seen nothing of it: %X %04X, %v", r, sw, err)
	}
	if err := m.card.Inject(Fault{Kind: FieldLoss}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.do(0xB0, 0x9E, 0, nil, 4); !errors.Is(err, ErrFieldLost) {
		t.Errorf("field lost: %v", err)
	}
	if err := m.reset(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // in the MF, and with the application selected
		if _, sw, err := m.do(0xB0, 0x9E, 0, nil, 4); !errors.Is(err, errPlain) || sw != 0x6982 {
			t.Errorf("the channel has outlived the power: %04X, %v", sw, err)
		}
		m.must(t, selectICAO)
	}
	if err := m.openBAC(unhex(t, bacExample)); err != nil {
		t.Errorf("opened again: %v", err)
	}
}
