package keys

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"blanko/fault"
)

// A protocol is one as it was signed, of at least two persons; a change of one byte is found.
func TestProtocol(t *testing.T) {
	t.Parallel()
	f := newFit(t)
	text, err := f.Protocols[0].Encode()
	if err != nil {
		t.Fatal(err)
	}
	for at, b := range text {
		changed := bytes.Clone(text)
		changed[at] = b ^ 0x01
		if _, err := ParseProtocol(changed); !fault.Is(err, ProtocolWrong) {
			t.Errorf("byte %d of %d changed (%q): %v", at, len(text), text[max(0, at-8):at+1], err)
		}
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "more behind it": append(bytes.Clone(text), ' '), "an unknown field": []byte(strings.Replace(string(text), `"place"`, `"plaza": 1, "place"`, 1)),
		"too long": bytes.Repeat([]byte{' '}, maxProtocol+1), "in one line": bytes.ReplaceAll(text, []byte("\n"), nil),
	} {
		if _, err := ParseProtocol(bad); !fault.Is(err, ProtocolWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*Protocol){
		"one person":            func(p *Protocol) { p.Persons = p.Persons[:1] },
		"a person twice":        func(p *Protocol) { p.Persons = []Person{{"Sari", Leader}, {" sari ", Holder}} },
		"a person without name": func(p *Protocol) { p.Persons = []Person{{"Sari", Leader}, {" ", Holder}, {"Budi", Holder}} },
		"no key":                func(p *Protocol) { p.Keys = nil },
		"no token":              func(p *Protocol) { p.Token.Serial = "" },
		"ends before it begins": func(p *Protocol) { p.Ended = p.Began.Add(-time.Second) },
	} {
		p := f.protocol
		change(&p)
		if _, err := p.Sign(nil, f.attestation); !fault.Is(err, ProtocolWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
