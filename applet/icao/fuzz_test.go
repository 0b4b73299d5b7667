package icao

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/fault"
)

// seal is the card's side of unwrap: the one form of an answer.
func (m *messaging) seal(data []byte, sw applet.Status) []byte {
	m.count()
	var body []byte
	if data != nil {
		body = chipdata.AppendTLV(nil, tagCryptogram, append([]byte{paddingISO}, encryptCBC(m.enc, m.iv(m.ssc), pad(data, m.block))...)...)
	}
	body = chipdata.AppendTLV(body, tagStatus, byte(sw>>8), byte(sw))
	return chipdata.AppendTLV(body, tagChecksum, m.mac(append(bytes.Clone(m.ssc), pad(body, m.block)...))...)
}

func suites() []*suite {
	one, two := bytes.Repeat([]byte{0x5A}, 16), bytes.Repeat([]byte{0x3C}, 16)
	return []*suite{tripleDES(one, two), aes128(one, two)}
}

// Protected answers of every length come back, and no byte of one can be changed.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, s := range suites() {
		for _, n := range []int{-1, 0, 1, 7, 8, 15, 16, 17, 100, 223, 231} {
			var data []byte
			if n >= 0 {
				data = bytes.Repeat([]byte{0x80}, n) // looks like padding all the way
			}
			answer := newMessaging(s, nil).seal(data, applet.SWFileNotFound)
			a, reason := newMessaging(s, nil).unwrap(answer)
			if reason != "" || !bytes.Equal(a.Data, data) || a.SW != applet.SWFileNotFound {
				t.Errorf("%s, %d bytes: %s %v", s.name, n, reason, a)
			}
			for at := range answer {
				bad := bytes.Clone(answer)
				bad[at] ^= 1 << (at % 8)
				if _, reason := newMessaging(s, nil).unwrap(bad); reason == "" {
					t.Errorf("%s, %d bytes: byte %d may be changed", s.name, n, at)
				}
			}
			replayed := newMessaging(s, nil)
			replayed.count()
			replayed.count()
			if _, reason := replayed.unwrap(answer); reason == "" {
				t.Errorf("%s, %d bytes: an answer counts twice", s.name, n)
			}
		}
	}
}

// FuzzAnswer: whatever a card sends under secure messaging is refused or is the one form of an answer.
func FuzzAnswer(f *testing.F) {
	for _, s := range suites() {
		f.Add(newMessaging(s, nil).seal([]byte("DG1"), applet.SWOK))
		f.Add(newMessaging(s, nil).seal(nil, applet.SWFileNotFound))
	}
	f.Add([]byte{0x87, 0x82, 0xFF, 0xFF, 0x01})
	f.Add([]byte{0x99, 0x02, 0x90, 0x00, 0x8E, 0x08})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range suites() {
			a, reason := newMessaging(s, nil).unwrap(b)
			if reason != "" {
				continue
			}
			if again := newMessaging(s, nil).seal(a.Data, a.SW); !bytes.Equal(again, b) {
				t.Fatalf("%s: %X is accepted, and written %X", s.name, b, again)
			}
		}
	})
}

// What cards announce: the profile's own EF.CardAccess, and those of issued documents (recorded in
// github.com/gmrtd/gmrtd, pace/pace_test.go, and github.com/frankmorgner/openpace, bindings/ruby).
func TestCardAccess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, infos string
		pace        []int
		others      int
		fails       bool
	}{
		{"profile KTPEL-OP 1", "31143012060A04007F0007020204020202010202010C", []int{12}, 0, false},
		{"brainpool", "31143012060A04007F0007020204020202010202010D", []int{13}, 0, false},
		{"AES-256 alone, and 128 on P-384", "31283012060a04007f000702020402040201020201103012060a04007f00070202040204020102020110", nil, 2, false},
		{"identity card", "318182300D060804007F00070202020201023012060A04007F000702020302020201020201413012060A04007F0007020204020202010202010D301C060904007F000702020302300C060704007F0007010202010D020141302B060804007F0007020206161F655041202D2042447220476D6248202D20546573746B617274652076322E30", []int{13}, 4, false},
		{"PACE without parameters", "3111300F060A04007F00070202040202020102", nil, 1, false},
		{"empty", "3100", nil, 0, false},
		{"version 1 of PACE", "31143012060A04007F0007020204020202010102010C", nil, 1, false},
		{"parameter id of text", "31143012060A04007F000702020402020201020C010C", nil, 0, true},
		{"not a SET", "30143012060A04007F0007020204020202010202010C", nil, 0, true},
		{"cut", "31143012060A04007F0007020204020202010202", nil, 0, true},
		{"more behind", "31143012060A04007F0007020204020202010202010C00", nil, 0, true},
		{"a length of four gigabytes", "3184FFFFFFFF3012", nil, 0, true},
		{"nothing", "", nil, 0, true},
	} {
		got, err := ParseSecurityInfos(unhex(t, c.infos))
		if (err != nil) != c.fails || err != nil && !fault.Is(err, AnswerMalformed) || fmt.Sprint(got.PACE) != fmt.Sprint(c.pace) || got.Others != c.others {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if _, err := ParseSecurityInfos(make([]byte, maxInfosSize+1)); !fault.Is(err, AnswerMalformed) {
		t.Errorf("too long: %v", err)
	}
}

// What EF.CardAccess says in the open must stand in DG14 too.
func TestAgrees(t *testing.T) {
	t.Parallel()
	parse := func(s string) SecurityInfos {
		infos, err := ParseSecurityInfos(unhex(t, s))
		if err != nil {
			t.Fatal(err)
		}
		return infos
	}
	p256, brainpool, none := parse("31143012060A04007F0007020204020202010202010C"), parse("31143012060A04007F0007020204020202010202010D"), parse("3100")
	for n, c := range []struct {
		dg14, access SecurityInfos
		want         bool
	}{{p256, p256, true}, {p256, none, true}, {p256, brainpool, false}, {none, p256, false}} {
		if got := c.dg14.Agrees(c.access); got != c.want {
			t.Errorf("%d: %v", n, got)
		}
	}
	// Two sets of parameters, of which this reader knows one: it has to name it.
	if two := parse("31283012060A04007F0007020204020202010202010C3012060A04007F00070202040202020102020110"); two.sets != 2 || len(two.PACE) != 1 {
		t.Errorf("%+v", two)
	}
}

// A DG14 with the parameters of a known prime and other numbers is an attack, not another curve.
func TestForeignCurve(t *testing.T) {
	t.Parallel()
	good := chipAuthAT.dg14
	infos, err := ParseDG14(unhex(t, good))
	if err != nil || !usable(infos) {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"another b":         {"26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6", "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B7"},
		"another generator": {"8BD2AEB9", "8BD2AEB8"},
		"another order":     {"82974856A7020101", "82974856A9020101"},
		"key off the curve": {"0F905C3", "0F905C4"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatal(name)
		}
		if _, err := ParseDG14(unhex(t, bad)); !fault.Is(err, AnswerMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Another prime is another curve: nothing that this reader can use, and no error.
	other := strings.Replace(good, "6E3BF623D52620282013481D1F6E5377", "6E3BF623D52620282013481D1F6E5379", 1)
	if infos, err := ParseDG14(unhex(t, other)); err != nil || usable(infos) {
		t.Errorf("another prime: %v", err)
	}
}

// A key id that names no key leaves nothing to authenticate with.
func TestKeyIDs(t *testing.T) {
	t.Parallel()
	key := chipKey{keyID: big.NewInt(195)}
	for _, c := range []struct {
		infos SecurityInfos
		want  bool
	}{
		{SecurityInfos{chipAuth: []chipAuth{{big.NewInt(195)}}, keys: []chipKey{key}}, true},
		{SecurityInfos{chipAuth: []chipAuth{{big.NewInt(194)}}, keys: []chipKey{key}}, false},
		{SecurityInfos{chipAuth: []chipAuth{{big.NewInt(194)}, {big.NewInt(195)}}, keys: []chipKey{key}}, true},
		{SecurityInfos{chipAuth: []chipAuth{{nil}}, keys: []chipKey{key}}, true},
		{SecurityInfos{chipAuth: []chipAuth{{nil}}}, false},
		{SecurityInfos{keys: []chipKey{key}}, false},
	} {
		if got := usable(c.infos); got != c.want {
			t.Errorf("%+v: %v", c.infos, got)
		}
	}
}

// FuzzSecurityInfos: any bytes are an error of this room, or infos whose keys lie on their curves.
func FuzzSecurityInfos(f *testing.F) {
	f.Add([]byte{0x31, 0x00})
	f.Add([]byte{0x31, 0x84, 0xFF, 0xFF, 0xFF, 0xFF})
	for _, s := range []string{"31143012060A04007F0007020204020202010202010C", chipAuthAT.dg14, chipAuthAT.dg14[8:]} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func([]byte) (SecurityInfos, error){ParseSecurityInfos, ParseDG14} {
			infos, err := parse(b)
			if err != nil {
				if !fault.Is(err, AnswerMalformed) {
					t.Fatal(err)
				}
				continue
			}
			for _, k := range infos.keys {
				if !k.curve.on(k.public) {
					t.Fatal("a key off its curve")
				}
			}
			for _, id := range infos.PACE {
				if curveByParam(id) == nil {
					t.Fatal("unknown parameters")
				}
			}
		}
	})
}

// hostile answers with what it is given, and then no more.
type hostile struct {
	bytes []byte
	sent  int
}

func (h *hostile) Transmit(_ context.Context, capdu []byte) ([]byte, error) {
	h.sent++
	if len(h.bytes) == 0 {
		return nil, applet.CardMute.At("hostile.Transmit", nil)
	}
	n := min(int(h.bytes[0])+2, len(h.bytes)-1)
	answer := h.bytes[1 : 1+n]
	h.bytes = h.bytes[1+n:]
	return answer, nil
}

func (*hostile) Reset(context.Context) ([]byte, error) { return []byte{0x3B, 0x00}, nil }
func (*hostile) Close() error                          { return nil }

// told writes answers as hostile reads them.
func told(t testing.TB, answers ...string) []byte {
	var out []byte
	for _, a := range answers {
		b := unhex(t, a)
		out = append(append(out, byte(len(b)-2)), b...)
	}
	return out
}

// FuzzHostileCard: a card that answers anything opens no session without the password, makes nothing
// panic and ends in an error of the house.
func FuzzHostileCard(f *testing.F) {
	var pace []string
	for _, line := range paceExample {
		pace = append(pace, line[1])
	}
	f.Add(told(f, pace...), paceScalars != "")
	f.Add(told(f, "6A82", "9000", "4608F919887022129000", strings.Repeat("46", 40)+"9000"), true)
	f.Add(told(f, "6A82", "9000", "4608F91988702212"+"9000", "6300"), false)
	f.Add(told(f, "9000", "3182FFFF9000"), false)
	f.Add(told(f, "61FF", "61FF", "61FF"), false)
	f.Fuzz(func(t *testing.T, b []byte, mrz bool) {
		a := Access{CAN: "271828"}
		if mrz {
			a = paceAccess
		}
		h := &hostile{bytes: b}
		s, err := Terminal{Random: endless{}}.Open(context.Background(), h, a)
		if err == nil {
			t.Fatalf("a session by %s", s.Protocol())
		}
		if fault.CodeOf(err) == "" {
			t.Fatalf("%v", err)
		}
		if h.sent > len(b)+1 {
			t.Fatalf("%d commands on %d bytes", h.sent, len(b))
		}
	})
}

// endless is a source whose numbers nobody needs to guess in a test.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i*7 + 1)
	}
	return len(b), nil
}

// A file under secure messaging whose header promises more than there is, more than fits, or nothing.
func TestHostileLengths(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first string // first piece
		want  fault.Entry
	}{
		"65,535 bytes":       {"7582FFFB00", AnswerMalformed},
		"over the limit":     {"758203E8", AnswerMalformed},
		"no object":          {"00", AnswerMalformed},
		"nothing":            {"", AnswerMalformed},
		"four length bytes":  {"758400000010", AnswerMalformed},
		"ends before it can": {"7505AABB", AnswerMalformed},
	} {
		card := newMessaging(suites()[1], nil)
		answers := 0
		tr := answering(func(capdu []byte) []byte {
			card.count() // the command's
			answers++
			data := unhex(t, c.first)
			switch {
			case capdu[1] == insSelect:
				data = nil
			case answers > 2:
				data = []byte{}
			}
			return append(card.seal(data, applet.SWOK), 0x90, 0x00)
		})
		s := &Session{card: &applet.Card{Transport: tr}, sm: newMessaging(suites()[1], nil), piece: readPiece}
		if _, err := s.ReadFile(context.Background(), 0x0102, 600); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if answers > 4 {
			t.Errorf("%s: %d commands", name, answers)
		}
	}
}

type answering func(capdu []byte) []byte

func (a answering) Transmit(_ context.Context, capdu []byte) ([]byte, error) { return a(capdu), nil }

func (answering) Reset(context.Context) ([]byte, error) { return []byte{0x3B, 0x00}, nil }
func (answering) Close() error                          { return nil }

// A reader that carries short answers only: the session goes down to shorter pieces inside the channel
// when the refusal is protected.
func TestShorterPieces(t *testing.T) {
	t.Parallel()
	file := append([]byte{0x67, 0x82, 0x01, 0x2C}, bytes.Repeat([]byte{0xA5}, 300)...)
	card := newMessaging(suites()[0], nil)
	tr := answering(func(capdu []byte) []byte {
		card.count()
		if capdu[1] == insSelect {
			return append(card.seal(nil, applet.SWOK), 0x90, 0x00)
		}
		at, n := int(capdu[2])<<8|int(capdu[3]), int(capdu[7]) // 0C B0 P1 P2 Lc 97 01 Le
		if n > shortPiece {
			return append(card.seal(nil, applet.SWWrongLength), 0x67, 0x00)
		}
		return append(card.seal(file[at:min(at+n, len(file))], applet.SWOK), 0x90, 0x00)
	})
	s := &Session{card: &applet.Card{Transport: tr}, sm: newMessaging(suites()[0], nil), piece: readPiece}
	got, err := s.ReadFile(context.Background(), 0x0107, 600)
	if err != nil || !bytes.Equal(got, file) || s.piece != shortPiece {
		t.Errorf("%d bytes, piece %d, %v", len(got), s.piece, err)
	}
}

// A file that is not there is told by its status word.
func TestFileNotThere(t *testing.T) {
	t.Parallel()
	card := newMessaging(suites()[1], nil)
	tr := answering(func([]byte) []byte {
		card.count()
		return append(card.seal(nil, applet.SWFileNotFound), 0x6A, 0x82)
	})
	s := &Session{card: &applet.Card{Transport: tr}, sm: newMessaging(suites()[1], nil), piece: readPiece}
	_, err := s.ReadFile(context.Background(), 0x0103, 600)
	if !errors.Is(err, applet.SWFileNotFound) || s.dead {
		t.Errorf("%v", err)
	}
}

// What the access protocols answer, as codes.
func TestRefusals(t *testing.T) {
	t.Parallel()
	paced := func(n int, last string) [][2]string {
		lines := append([][2]string{}, paceExample[:n]...)
		return append(lines, [2]string{paceExample[n][0], last})
	}
	can := Access{CAN: "271828"}
	for _, c := range []struct {
		name   string
		lines  [][2]string
		access Access
		want   fault.Entry
	}{
		{"view off", [][2]string{noCardAccess, {selectView[0], "6A82"}}, paceAccess, ViewClosed},
		{"view off, CAN", [][2]string{noCardAccess, {selectView[0], "6A82"}}, can, ViewClosed},
		{"no PACE, CAN alone", [][2]string{noCardAccess, selectView}, can, NotSupported},
		{"no BAC", [][2]string{noCardAccess, selectView, {"0084000008", "6985"}}, paceAccess, NotSupported},
		{"short challenge", [][2]string{noCardAccess, selectView, {"0084000008", "46089000"}}, paceAccess, AnswerMalformed},
		{"token refused", paced(6, "6300"), paceAccess, AccessRefused},
		{"token refused, tries left", paced(6, "63C2"), paceAccess, AccessRefused},
		{"token refused, none left", paced(6, "63C0"), paceAccess, AccessSuspended},
		{"suspended", paced(2, "6983"), paceAccess, AccessSuspended},
		{"card's token wrong", paced(6, "7C0A86083ABB9674BCE93C09 9000"), paceAccess, AnswerMalformed},
		{"nonce too short", paced(3, "7C0A8008 95A3A016522EE98D 9000"), paceAccess, AnswerMalformed},
		{"our own point comes back", paced(4, "7C438241047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D9000"), paceAccess, AnswerMalformed},
		{"point off the curve", paced(4, "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C559000"), paceAccess, AnswerMalformed},
		{"no password of this kind, no zone", [][2]string{paceExample[0], paceExample[1], {"0022C1A40F800A04007F00070202040202830102", "6A88"}, selectView}, can, NotSupported},
	} {
		s := &script{t: t, lines: c.lines}
		_, err := Terminal{Random: bytes.NewReader(unhex(t, paceScalars))}.Open(context.Background(), s, c.access)
		if !fault.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		s.finished()
	}
}

// The OIDs as they go over the wire.
func TestOIDs(t *testing.T) {
	t.Parallel()
	for oid, want := range map[string][]byte{
		"04007F00070202040202": contentOf(oidPACE), "04007F00070202030202": contentOf(oidChipAuth), "04007F000702020102": contentOf(oidPKECDH),
		"678108010105": contentOf(oidActive), "04007F00070101040103": contentOf(oidPlainECDS),
	} {
		if got := fmt.Sprintf("%X", want); got != oid {
			t.Errorf("%s, want %s", got, oid)
		}
	}
	if _, err := asn1.Marshal(oidPrime); err != nil {
		t.Error(err)
	}
}

// usable reports whether there is a key for chip authentication that this reader can use.
func usable(s SecurityInfos) bool {
	_, _, ok := s.chipAuthentication()
	return ok
}
