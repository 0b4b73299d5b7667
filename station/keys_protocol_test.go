package station

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"blanko/fault"
	"blanko/keys"
)

// The paper of a ceremony is drawn from the file that the token signed, and of no other one.
func TestPaperOfACeremony(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	at := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	p, err := keys.Protocol{
		Place: "SINTANG", Began: at, Ended: at.Add(time.Hour), Program: "blanko test", Token: keys.ProtocolToken{Label: "uji", Serial: "01", Manufacturer: "SoftHSM project"},
		Persons: []keys.Person{{Name: "RINA", Duty: keys.Leader}, {Name: "YOSEF", Duty: keys.Witness}},
		Keys:    []keys.ProtocolKey{{Role: keys.Admin, Generation: 1, Bits: 256, KCV: "a1b2c3", Way: keys.Generated}},
		Steps:   []keys.ProtocolStep{{At: at, What: "made"}},
	}.Sign(rand.Reader, key)
	must(t, err)
	text, err := p.Encode()
	must(t, err)
	folder := t.TempDir()
	file, pdf := filepath.Join(folder, "protocol.json"), filepath.Join(folder, "protocol.pdf")
	must(t, os.WriteFile(file, text, 0o600))
	var out bytes.Buffer
	c := KeysProtocolCommand{File: file, Paper: pdf}
	c.Config = defaultConfig
	must(t, c.Run(t.Context(), Terminal{Out: &out, Language: Indonesian}))
	if drawn, err := os.ReadFile(pdf); err != nil || !bytes.HasPrefix(drawn, []byte("%PDF-")) {
		t.Errorf("%.20q, %v", drawn, err)
	}
	if err := c.Run(t.Context(), Terminal{Out: &out}); err == nil {
		t.Error("a paper was written over another")
	}
	must(t, os.WriteFile(file, bytes.Replace(text, []byte("RINA"), []byte("RINI"), 1), 0o600))
	c.Paper = filepath.Join(folder, "other.pdf")
	if err := c.Run(t.Context(), Terminal{Out: &out}); fault.CodeOf(err) != keys.ProtocolWrong.Code {
		t.Errorf("a protocol that nobody signed: %v", err)
	}
	if _, err := os.Stat(c.Paper); err == nil {
		t.Error("it was drawn all the same")
	}
	drawn, err := ceremonyPaper(Config{}, p, text)
	must(t, err)
	if len(drawn.Persons) != 2 || drawn.Keys[0].KCV != "A1B2C3" || drawn.Code == "" || drawn.Protocol[:8] == drawn.Attestation[:8] {
		t.Errorf("%+v", drawn)
	}
}
