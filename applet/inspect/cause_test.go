package inspect

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"blanko/applet"
	"blanko/applet/icao"
	"blanko/fault"
)

// Every cause that the source names has its words, once, in both languages.
func TestEveryCauseIsExplained(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "cause.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var named []Cause
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if id, typed := typeOf(spec); ok && typed && id == "Cause" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			named = append(named, Cause(text))
		}
		return true
	})
	if len(named) < 20 || len(named) != len(Explanations) {
		t.Errorf("%d causes, %d explanations", len(named), len(Explanations))
	}
	for _, c := range named {
		n := 0
		for _, e := range Explanations {
			if e.Cause == c {
				n++
			}
		}
		e := c.Explain()
		if n != 1 || e.Cause != c {
			t.Errorf("%s: %d explanations", c, n)
		}
		if e.ID == "" || e.EN == "" || e.ID == e.EN || !strings.HasSuffix(e.ID, ".") || !strings.HasSuffix(e.EN, ".") || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("%s: %q, %q, %d and %d steps", c, e.ID, e.EN, len(e.StepsID), len(e.StepsEN))
		}
	}
	if Cause("of another program").Explain().Cause != CardGenuine {
		t.Error("the last explanation is not the lightest")
	}
}

func typeOf(spec *ast.ValueSpec) (name string, ok bool) {
	if spec == nil || spec.Type == nil {
		return "", false
	}
	id, ok := spec.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}

// Every verdict that can be made has its Indonesian words, whatever marks stand behind it.
func TestVerdictWords(t *testing.T) {
	t.Parallel()
	for _, v := range []Verdict{VerdictGenuine, VerdictNotHandedOver, VerdictRetired, VerdictHandOverUnknown, VerdictCenterNotChecked, VerdictSpecimen, VerdictNotGenuine, VerdictNotChecked, VerdictBlocked, VerdictTerminated, VerdictNotPersonalized, VerdictWrongCard} {
		for _, marks := range []string{"", markHeld, markHeld + markLocal, markRetired + markHeld, markMade + markLocal} {
			whole := v + Verdict(marks)
			if id := whole.Indonesian(); id == string(whole) || strings.Contains(id, "genuine") || strings.Contains(id, "signature") || strings.Contains(id, "not ") {
				t.Errorf("%q is %q", whole, id)
			}
		}
	}
	if got := Verdict("of another program").Indonesian(); got != "of another program" {
		t.Errorf("%q", got)
	}
}

// What the transports say, and whose failure it is.
func TestCardLost(t *testing.T) {
	t.Parallel()
	service := fault.Entry{Code: "pcsc.service_gone", Kind: fault.Transient}
	empty := fault.Entry{Code: "pcsc.card_gone", Kind: fault.InDoubt}
	for _, c := range []struct {
		err  error
		want bool
	}{
		{applet.CardRemoved.At("x", nil), true},
		{applet.CardMute.At("x", nil), true},
		{applet.CardMute.At("x", context.DeadlineExceeded), true},
		{applet.ChannelDead.At("x", nil), true},
		{icao.ChannelDead.At("x", nil), true},
		{empty.At("x", applet.CardRemoved.At("y", nil)), true},
		{applet.CardMute.At("x", service.At("y", nil)), false},
		{applet.ReaderAway.At("x", applet.CardRemoved.At("y", nil)), false},
		{service.At("x", applet.ReaderAway.At("y", nil)), false},
		{applet.KeySourceFailed.At("x", nil), false},
		{context.Canceled, false},
		{nil, false},
	} {
		if got := cardLost(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// fuzzed answers with what it is given, again and again.
type fuzzed struct {
	bytes []byte
	at    int
	sent  int
}

func (f *fuzzed) Transmit(context.Context, []byte) ([]byte, error) {
	f.sent++
	if f.at >= len(f.bytes) {
		return nil, applet.CardMute.At("fuzzed.Transmit", nil)
	}
	n := min(int(f.bytes[f.at])+2, len(f.bytes)-f.at-1)
	answer := f.bytes[f.at+1 : f.at+1+n]
	f.at += 1 + n
	return slices.Clone(answer), nil
}

func (*fuzzed) Reset(context.Context) ([]byte, error) { return []byte{0x3B, 0x80, 0x01}, nil }
func (*fuzzed) Close() error                          { return nil }

// FuzzExamine: whatever a card answers, an examination without keys ends, says something, and never
// says genuine.
func FuzzExamine(f *testing.F) {
	say := func(answers ...string) []byte {
		var out []byte
		for _, a := range answers {
			out = append(append(out, byte(len(a)-2)), a...)
		}
		return out
	}
	cplc := "\x9F\x7F\x2A" + strings.Repeat("\x11", 42) + "\x90\x00"
	fci := "\x6F\x1D\x84\x07\xF0KTPEL\x01\x8A\x01\x05\x85\x0F\x80\x08KTPEL-OP\x82\x03\x01\xFF\x00\x90\x00"
	fci = strings.Replace(fci, "\xF0KTPEL\x01", "\xF0\x4B\x54\x50\x45\x4C\x01", 1)
	prof := "KTPEL-OP\x01\x00" + strings.Repeat("\x22", 16) + "\x02\x00\x00\x00\x00\x00\x90\x00"
	f.Add(say(cplc, fci, prof, "\x6A\x82", "\x90\x00", "\x46\x08\xF9\x19\x88\x70\x22\x12\x90\x00", "\x63\x00"), true)
	f.Add(say(cplc, fci, prof, "\x6A\x82", "\x6A\x82", "\x90\x00"), false)
	f.Add(say("\x6D\x00", "\x6D\x00", "\x6A\x82"), false)
	f.Add(say("\x61\xFF", "\x61\xFF"), false)
	f.Fuzz(func(t *testing.T, b []byte, zone bool) {
		var a icao.Access
		if zone {
			a = icao.Access{DocumentNumber: "3173041708901234", BirthDate: "900817", Expiry: "991231"}
		}
		card := &fuzzed{bytes: b}
		e, err := Examine(context.Background(), card, nil, a, Trust{})
		if err != nil {
			if !fault.Is(err, CardChanged) {
				t.Fatal(err)
			}
			return
		}
		if e.Genuine || e.Cause == CardGenuine || e.Cause == HandOverUnknown || e.Cause == CenterNotChecked || e.Verdict == "" || card.sent > len(b)+20 {
			t.Fatalf("%s, %q, %d commands on %d bytes", e.Cause, e.Verdict, card.sent, len(b))
		}
		if _, err := json.Marshal(e); err != nil {
			t.Fatal(err)
		}
	})
}
