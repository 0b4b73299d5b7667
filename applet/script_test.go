package applet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"blanko/fault"
)

// script is a transport that expects commands and gives answers, both in hex; an answer that
// begins with ! is an error.
type script struct {
	t     *testing.T
	lines [][2]string
	at    int
}

func (s *script) Reset(context.Context) ([]byte, error) {
	return []byte{0x3B, 0x80, 0x80, 0x01, 0x01}, nil
}

func (s *script) Close() error { return nil }

func (s *script) Transmit(_ context.Context, capdu []byte) ([]byte, error) {
	if s.at == len(s.lines) {
		return nil, fmt.Errorf("no answer left for %X", capdu)
	}
	line := s.lines[s.at]
	s.at++
	if want := strings.ReplaceAll(line[0], " ", ""); want != "" && want != fmt.Sprintf("%X", capdu) {
		s.t.Errorf("command %d: %X, want %s", s.at, capdu, want)
	}
	if text, failed := strings.CutPrefix(line[1], "!"); failed {
		return nil, errors.New(text)
	}
	return unhex(s.t, line[1]), nil
}

// nullKeys protects nothing: what it is given goes out with the bit for secure messaging.
type nullKeys struct {
	openErr, unwrapErr error
	closed             []int
}

func (k *nullKeys) Describe(context.Context) (string, bool, map[string]string, error) {
	return "null", false, map[string]string{"MK_T": "010203"}, nil
}

func (k *nullKeys) Challenge(context.Context, byte) ([8]byte, error) {
	return [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, nil
}

func (k *nullKeys) Open(context.Context, byte, [10]byte, [8]byte, byte, []byte) (int, []byte, error) {
	return 7, []byte{0x84, 0x82, 0x33, 0x00}, k.openErr
}

func (k *nullKeys) Wrap(_ context.Context, _ int, capdu []byte) ([]byte, error) {
	return append([]byte{capdu[0] | 4}, capdu[1:]...), nil
}

func (k *nullKeys) Unwrap(_ context.Context, _ int, rapdu []byte) ([]byte, error) {
	return rapdu, k.unwrapErr
}

func (k *nullKeys) KeyBlock(_ context.Context, _ int, target byte, _ [10]byte) ([]byte, [3][3]byte, error) {
	return []byte{target}, [3][3]byte{}, nil
}

func (k *nullKeys) Close(handle int) { k.closed = append(k.closed, handle) }

func scripted(t *testing.T, lines ...[2]string) (*Card, *script, *nullKeys) {
	s, k := &script{t: t, lines: lines}, &nullKeys{}
	return &Card{Transport: s, Keys: k, Profile: profile(t, "ktpel-op-1-8k")}, s, k
}

const kddHex = "00000102030405060708"

// initialized is an answer of INITIALIZE UPDATE for the key version.
func initialized(kvn string) string {
	return kddHex + kvn + "0370" + strings.Repeat("11", 16) + "0000019000"
}

func TestChainedAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		lines [][2]string
		want  string
		err   fault.Entry
	}{
		{"two pieces", [][2]string{{"80CA9F7F00", "AABB6102"}, {"00C0000002", "CCDD9000"}}, "AABBCCDD9000", fault.Entry{}},
		{"three pieces, the second of 256 bytes", [][2]string{{"", "6100"}, {"00C0000000", "AA6101"}, {"00C0000001", "BB9000"}}, "AABB9000", fault.Entry{}},
		{"the right length", [][2]string{{"80CA9F7F00", "6C02"}, {"80CA9F7F02", "AABB9000"}}, "AABB9000", fault.Entry{}},
		{"the right length, then a chain", [][2]string{{"", "6C02"}, {"80CA9F7F02", "AA6101"}, {"00C0000001", "BB9000"}}, "AABB9000", fault.Entry{}},
		{"the right length twice", [][2]string{{"", "6C02"}, {"", "6C03"}}, "6C03", fault.Entry{}},
		{"error in the chain", [][2]string{{"", "AA6101"}, {"", "6F00"}}, "AA6F00", fault.Entry{}},
		{"half a status word", [][2]string{{"", "90"}}, "", CardMute},
		{"reader error", [][2]string{{"", "!gone"}}, "", CardMute},
	} {
		card, s, _ := scripted(t, c.lines...)
		a, err := card.Plain(context.Background(), getCPLC())
		if c.err.Code != "" {
			if !fault.Is(err, c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
			if _, err := card.Plain(context.Background(), getCPLC()); !fault.Is(err, NotProbed) {
				t.Errorf("%s: the next command went out: %v", c.name, err)
			}
			continue
		}
		if err != nil || fmt.Sprintf("%X", a.Encode()) != c.want || s.at != len(c.lines) {
			t.Errorf("%s: %X, %v", c.name, a.Encode(), err)
		}
	}
}

// A card that never ends its answer is left alone.
func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	for name, piece := range map[string]string{"empty pieces": "61FF", "long pieces": strings.Repeat("AA", 255) + "61FF"} {
		var lines [][2]string
		for range maxPieces * 2 {
			lines = append(lines, [2]string{"", piece})
		}
		card, s, _ := scripted(t, lines...)
		if _, err := card.Plain(context.Background(), getCPLC()); !fault.Is(err, CardMute) || s.at > maxPieces+2 {
			t.Errorf("%s: after %d commands: %v", name, s.at, err)
		}
	}
}

// Section 10, rule 6: what ends a channel, and that nothing goes out after it but a reset.
func TestDeadChannel(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, c := range []struct {
		name, answer string
		unwrap       error
	}{
		{"6982", "6982", nil},
		{"6987", "6987", nil},
		{"6988", "6988", nil},
		{"6C10", "6C10", nil},
		{"wrong MAC", "9000", errors.New("mac")},
	} {
		card, _, keys := scripted(t, [2]string{"8050310008010203040506070800", initialized("31")}, [2]string{"84823300", "9000"}, [2]string{"84440000", c.answer})
		keys.unwrapErr = c.unwrap
		if _, err := card.Open(ctx, 0x31, nil); err != nil || card.Channel() != 0x31 {
			t.Fatalf("%s: %v", c.name, err)
		}
		if _, err := card.Sealed(ctx, activate()); !fault.Is(err, ChannelDead) {
			t.Errorf("%s: %v", c.name, err)
		}
		if len(keys.closed) != 1 || keys.closed[0] != 7 || card.Channel() != 0 {
			t.Errorf("%s: closed handles %v, channel %02X", c.name, keys.closed, card.Channel())
		}
		if _, err := card.Plain(ctx, getCPLC()); !fault.Is(err, NotProbed) {
			t.Errorf("%s: the next command went out: %v", c.name, err)
		}
		if _, err := card.Reset(ctx); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// What the card may answer to an opening, and that nothing is guessed from it.
func TestOpen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	wrong := fault.Entry{Code: CardCryptogramWrong}.At("keys.Host.Open", nil)
	for _, c := range []struct {
		name    string
		answer  string
		after   string // answer to EXTERNAL AUTHENTICATE; empty: it must not be sent
		openErr error
		want    fault.Entry
	}{
		{"absent", "6A88", "", nil, keySetAbsent},
		{"state", "6985", "", nil, WrongState},
		{"blocked", "6983", "", nil, keyBlocked},
		{"unknown", "6F00", "", nil, UnexpectedStatus},
		{"short answer", "0000" + "9000", "", nil, notProfile},
		{"other key version", initialized("30"), "", nil, notProfile},
		{"SCP02", kddHex + "310270" + strings.Repeat("11", 16) + "0000019000", "", nil, notProfile},
		{"i 60", kddHex + "310360" + strings.Repeat("11", 16) + "0000019000", "", nil, notProfile},
		{"other card", "00000102030405060709" + "310370" + strings.Repeat("11", 16) + "0000019000", "", nil, notProfile},
		{"wrong card cryptogram", initialized("31"), "", wrong, AuthFailed},
		{"key source away", initialized("31"), "", errors.New("token gone"), KeySourceFailed},
		{"host cryptogram refused", initialized("31"), "6300", nil, AuthFailed},
		{"host MAC refused", initialized("31"), "6982", nil, AuthFailed},
		{"blocked in the middle", initialized("31"), "6983", nil, keyBlocked},
		{"out of order", initialized("31"), "6985", nil, UnexpectedStatus},
	} {
		lines := [][2]string{{"", c.answer}}
		if c.after != "" {
			lines = append(lines, [2]string{"84823300", c.after})
		}
		card, s, keys := scripted(t, lines...)
		keys.openErr = c.openErr
		want := [10]byte(unhex(t, kddHex))
		if _, err := card.Open(ctx, 0x31, &want); !fault.Is(err, c.want) || s.at != len(lines) {
			t.Errorf("%s: after %d commands: %v", c.name, s.at, err)
		}
		if card.Channel() != 0 {
			t.Errorf("%s: a channel is open", c.name)
		}
	}
}

// The error of a failed cryptogram names all that helps to find the wrong key (section 10, rule 1).
func TestAuthFailedTells(t *testing.T) {
	t.Parallel()
	card, _, keys := scripted(t, [2]string{"", initialized("31")})
	keys.openErr = fault.Entry{Code: CardCryptogramWrong}.At("keys.Host.Open", nil)
	_, err := card.Open(context.Background(), 0x31, nil)
	for _, word := range []string{"version 31", "SCP 03", "i 70", kddHex, "MK_T 010203"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in: %v", word, err)
		}
	}
}

// A trace sees headers, lengths and status words, and no body.
func TestTrace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	card, _, _ := scripted(t, [2]string{"", initialized("31")}, [2]string{"", "9000"}, [2]string{"", "AABB9000"}, [2]string{"", "!gone"})
	var seen []Exchange
	card.Trace = func(x Exchange) { seen = append(seen, x) }
	if _, err := card.Open(ctx, 0x31, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := card.Sealed(ctx, putData(tagCAN, []byte("123456"))); err != nil {
		t.Fatal(err)
	}
	if _, err := card.Sealed(ctx, activate()); err == nil {
		t.Fatal("no error")
	}
	want := []Exchange{
		{Header: [4]byte{0x80, 0x50, 0x31, 0x00}, Sent: 14, Received: 34, SW: SWOK},
		{Header: [4]byte{0x84, 0x82, 0x33, 0x00}, Sent: 4, Received: 2, SW: SWOK},
		{Header: [4]byte{0x84, 0xDA, 0x00, 0xD1}, Sealed: true, Sent: 11, Received: 4, SW: SWOK},
		{Header: [4]byte{0x84, 0x44, 0x00, 0x00}, Sealed: true, Sent: 4},
	}
	if len(seen) != len(want) {
		t.Fatalf("%d exchanges", len(seen))
	}
	for i := range want {
		if seen[i] != want[i] {
			t.Errorf("exchange %d: %+v, want %+v", i+1, seen[i], want[i])
		}
	}
}

// The file control information of the issuer view.
const (
	goodFCI  = "6F1D 8407F04B5450454C01 8A0103 850F 80084B5450454C2D4F50 820301FF00"
	goodPROF = "4B5450454C2D4F50 0100 00000000000000000000000000000000 00 0000000000"
)

// Hostile and foreign answers while a card is looked at: each is refused with its entry, none is believed.
func TestLookRefuses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	if card, _, _ := scripted(t, [2]string{"00A4040007F04B5450454C01", goodFCI + "9000"}, [2]string{"00B0940020", goodPROF + "9000"}); true {
		l, err := card.Look(ctx)
		if err != nil || l.State != Blank || l.MaxLc != 255 || l.MaxLe != 256 || l.Profile != "KTPEL-OP" {
			t.Fatalf("%+v, %v", l, err)
		}
	}
	fci := func(old, new string) string { return strings.Replace(goodFCI, old, new, 1) + "9000" }
	prof := func(old, new string) string { return strings.Replace(goodPROF, old, new, 1) + "9000" }
	for _, c := range []struct {
		name, fci, prof string
		want            fault.Entry
	}{
		{"no application", "6A82", "", NoApplication},
		{"select refused otherwise", "911C", "", NoApplication},
		{"memory", "6581", "", MemoryFailure},
		{"no FCI", "9000", "", notProfile},
		{"cut FCI", "6F1D 8407F04B" + "9000", "", notProfile},
		{"other name", fci("F04B5450454C01", "F04B5450454C02"), "", notProfile},
		{"other profile", fci("4B5450454C2D4F50", "4B5450454C2D4F51"), "", notProfile},
		{"other version", fci("820301FF00", "820302FF00"), "", notProfile},
		{"no life cycle", fci("8A0103", "8B0103"), "", notProfile},
		{"two life cycles", fci("8A0103", "840103"), "", notProfile},
		{"unknown life cycle", fci("8A0103", "8A0107"), goodPROF + "9000", notProfile},
		{"huge length", "6F84FFFFFFFF" + "9000", "", notProfile},
		{"PROF refused", goodFCI + "9000", "6982", UnexpectedStatus},
		{"PROF short", goodFCI + "9000", "4B549000", notProfile},
		{"marker without attempt", goodFCI + "9000", prof(" 00 0000000000", " 01 0000000000"), notProfile},
		{"attempt without marker", goodFCI + "9000", prof("0100 00", "0100 01"), notProfile},
	} {
		lines := [][2]string{{"", c.fci}}
		if c.prof != "" {
			lines = append(lines, [2]string{"", c.prof})
		}
		card, s, _ := scripted(t, lines...)
		if l, err := card.Look(ctx); !fault.Is(err, c.want) || l != (Look{}) || s.at != len(lines) {
			t.Errorf("%s: %+v, %v", c.name, l, err)
		}
	}
}

// The chip names itself by CPLC, or by KDD where it has none.
func TestIdentify(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cplc := "9F7F2A" + strings.Repeat("AA", 10) + "0102030405060708" + strings.Repeat("BB", 24)
	for _, c := range []struct {
		name  string
		lines [][2]string
		cplc  int
		want  fault.Entry
	}{
		{"CPLC", [][2]string{{"80CA9F7F00", cplc + "9000"}}, 42, fault.Entry{}},
		{"KDD", [][2]string{{"", "6A88"}, {"80CA00CF00", "CF0A" + kddHex + "9000"}}, 0, fault.Entry{}},
		{"neither", [][2]string{{"", "6A88"}, {"", "6A88"}}, 0, UnexpectedStatus},
		{"short CPLC", [][2]string{{"", "9F7F01AA9000"}}, 0, notProfile},
		{"long KDD", [][2]string{{"", "6D00"}, {"", "CF0B" + kddHex + "009000"}}, 0, notProfile},
	} {
		card, _, _ := scripted(t, c.lines...)
		got, kdd, err := card.Identify(ctx)
		if c.want.Code != "" {
			if !fault.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil || len(got) != c.cplc || fmt.Sprintf("%X", kdd) != kddHex {
			t.Errorf("%s: CPLC of %d bytes, KDD %X, %v", c.name, len(got), kdd, err)
		}
	}
}

// FuzzLook: no FCI and no EF.PROF makes the station believe what is not there.
func FuzzLook(f *testing.F) {
	f.Add(unhex(f, goodFCI), unhex(f, goodPROF))
	f.Add([]byte{0x6F, 0x82, 0xFF, 0xFF}, []byte{})
	p := profile(f, "ktpel-op-1-8k")
	f.Fuzz(func(t *testing.T, fci, prof []byte) {
		card := &Card{Profile: p, Keys: &nullKeys{}, Transport: &script{t: t, lines: [][2]string{
			{"", fmt.Sprintf("%X9000", fci)}, {"", fmt.Sprintf("%X9000", prof)},
		}}}
		l, err := card.Look(context.Background())
		if err == nil && (l.State == "" || l.Profile != "KTPEL-OP" || l.State == Claimed && l.Attempt.IsZero()) {
			t.Fatalf("%X %X gives %+v", fci, prof, l)
		}
		if err != nil && fault.CodeOf(err) == "" {
			t.Fatal(err)
		}
	})
}
