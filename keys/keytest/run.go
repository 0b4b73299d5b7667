package keytest

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"blanko/keys"
	"blanko/keys/vectors"
)

// Key is a loaded AES key.
type Key struct {
	keys.Master
	// Encrypt enciphers one block (AES-ECB).
	Encrypt func(block []byte) ([]byte, error)
}

// Run runs every vector. load loads an AES key of 16, 24 or 32 bytes for the time of a test.
func Run(t *testing.T, load func(t testing.TB, key []byte) Key) {
	for _, c := range []struct {
		name string
		run  func(suite)
	}{
		{"CMAC", suite.cmac},
		{"KCV", suite.kcv},
		{"AN10922", suite.an10922},
		{"KDF", suite.kdf},
		{"KDF3", suite.kdf3},
		{"session keys", suite.sessionKeys},
		{"card challenge", suite.cardChallenge},
		{"dialogs", suite.dialogs},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(suite{t, load}) })
	}
}

type suite struct {
	*testing.T
	source func(testing.TB, []byte) Key
}

func (s suite) unhex(text string) []byte {
	s.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		s.Fatal(err)
	}
	return b
}

func (s suite) load(key string) Key { s.Helper(); return s.source(s.T, s.unhex(key)) }

func upper(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

func (s suite) cmac() {
	by := map[string]Key{}
	for _, key := range []string{vectors.CMACKey128, vectors.CMACKey192, vectors.CMACKey256} {
		by[key] = s.load(key)
	}
	for _, c := range vectors.CMAC {
		if got, err := by[c.Key].MAC(s.unhex(vectors.CMACMessage)[:c.Size]); err != nil || upper(got[:]) != c.Want {
			s.Errorf("AES-%d, %d bytes: %X, %v; want %s", len(c.Key)*4, c.Size, got, err, c.Want)
		}
	}
}

func (s suite) kcv() {
	for key, want := range vectors.KCV {
		if k := s.load(key); upper(k.KCV[:]) != want || k.Size != len(key)/2 {
			s.Errorf("%s: %X, %d bytes; want %s", key, k.KCV, k.Size, want)
		}
	}
}

// The diversification of AN10922: constant and input are padded to 32 bytes in any case, and the
// last block is masked with the second subkey where it was padded. A token computes it with a plain
// CMAC over a last block that carries the difference of the subkeys.
func (s suite) an10922() {
	constants := map[int][]byte{16: {0x01}, 24: {0x11, 0x12}, 32: {0x41, 0x42}}
	for _, c := range vectors.AN10922 {
		k := s.load(c.Key)
		var parts [][]byte
		for _, constant := range constants[k.Size] {
			parts = append(parts, s.diversify(k, append([]byte{constant}, s.unhex(c.Input)...)))
		}
		got := bytes.Join(parts, nil)
		if k.Size == 24 {
			a, b := parts[0], parts[1]
			got = append([]byte{}, a[:8]...)
			for i := range 8 {
				got = append(got, a[8+i]^b[i])
			}
			got = append(got, b[8:]...)
		}
		if upper(got) != c.Want {
			s.Errorf("AES-%d, %s: %X, want %s", k.Size*8, c.Input, got, c.Want)
		}
		short, err := k.MAC(append([]byte{constants[k.Size][0]}, s.unhex(c.Input)...))
		if len(c.Input)/2+1 < 16 && (err != nil || upper(short[:]) != vectors.AN10922Wrong) {
			s.Errorf("padded to 16 bytes: %X, %v; want %s", short, err, vectors.AN10922Wrong)
		}
	}
}

func (s suite) diversify(k Key, input []byte) []byte {
	s.Helper()
	const whole = 32
	if len(input) < whole {
		padded := append(append([]byte{}, input...), 0x80)
		padded = append(padded, make([]byte, whole-len(padded))...)
		l, err := k.Encrypt(make([]byte, 16))
		if err != nil {
			s.Fatal(err)
		}
		k1 := double(l)
		for i, b := range double(k1) {
			padded[16+i] ^= b ^ k1[i]
		}
		input = padded
	}
	mac, err := k.MAC(input)
	if err != nil {
		s.Fatal(err)
	}
	return mac[:]
}

// double multiplies by x in GF(2^128) (RFC 4493, section 2.3).
func double(in []byte) []byte {
	out, carry := make([]byte, len(in)), byte(0)
	for i := len(in) - 1; i >= 0; i-- {
		out[i], carry = in[i]<<1|carry, in[i]>>7
	}
	if carry == 1 {
		out[len(out)-1] ^= 0x87
	}
	return out
}

// Row n derives with constant n; its key is the output of row n-2 and its context that of row n-1.
func (s suite) kdf() {
	key, context := make([]byte, 16), make([]byte, 16)
	for n, want := range vectors.KDF {
		got, err := keys.SessionKDF(s.source(s.T, key).MAC, byte(n+1), len(want)*4, context)
		if err != nil || upper(got) != want {
			s.Fatalf("row %d: %X, %v; want %s", n+1, got, err, want)
		}
		if n > 0 {
			key = s.unhex(vectors.KDF[n-1])
		}
		context = got
	}
}

func (s suite) kdf3() {
	for _, c := range vectors.KDF3 {
		k := s.load(c.Master)
		set, err := keys.Diversify(k.MAC, [10]byte(s.unhex(c.KDD)), k.Size)
		if err != nil {
			s.Fatal(err)
		}
		for i, key := range [][]byte{set.ENC, set.MAC, set.DEK} {
			kcv, err := keys.KCV(key)
			if err != nil || upper(kcv[:]) != c.KCV[i] {
				s.Errorf("AES-%d key %d: check value %X, %v; want %s", k.Size*8, i+1, kcv, err, c.KCV[i])
			}
			if c.Keys != nil && upper(key) != c.Keys[i] {
				s.Errorf("AES-%d key %d is wrong", k.Size*8, i+1)
			}
		}
	}
	x := vectors.KDF3External
	set, err := keys.Diversify(s.load(x.Master).MAC, [10]byte(s.unhex(x.KDD)), len(x.Master)/2)
	if err != nil || upper(set.ENC) != x.ENC {
		s.Errorf("external vector: %v", err)
	}
}

func (s suite) sessionKeys() {
	k := s.load("404142434445464748494A4B4C4D4E4F")
	for constant, want := range vectors.SessionKCV {
		key, err := keys.SessionKDF(k.MAC, constant, 128, s.unhex("00010203040506070809"))
		if err != nil {
			s.Fatal(err)
		}
		if kcv, err := keys.KCV(key); err != nil || upper(kcv[:]) != want {
			s.Errorf("constant %02X: check value %X, %v; want %s", constant, kcv, err, want)
		}
	}
	for _, d := range vectors.Dialogs {
		if d.Name != vectors.SessionKeys.Dialog {
			continue
		}
		a, static := s.initialized(d), s.static(d)
		context := append(s.unhex(d.Host), a.Challenge[:]...)
		for _, c := range []struct {
			from     keys.MAC
			constant byte
			want     string
		}{{static.ENC, 0x04, vectors.SessionKeys.ENC}, {static.MAC, 0x06, vectors.SessionKeys.MAC}, {static.MAC, 0x07, vectors.SessionKeys.RMAC}} {
			if got, err := keys.SessionKDF(c.from, c.constant, 128, context); err != nil || upper(got) != c.want {
				s.Errorf("constant %02X: %X, %v; want %s", c.constant, got, err, c.want)
			}
		}
		return
	}
	s.Errorf("no dialog is called %q", vectors.SessionKeys.Dialog)
}

func (s suite) initialized(d vectors.Dialog) keys.Initialized {
	s.Helper()
	a, err := keys.ParseInitialized(s.unhex(d.Answer))
	if err != nil {
		s.Fatal(err)
	}
	return a
}

// static are the keys of a dialog: Key-ENC and Key-MAC where the caller loads them, Key-DEK in memory.
func (s suite) static(d vectors.Dialog) keys.Static {
	s.Helper()
	enc, mac, dek := vectors.DialogKeys(d.Size)
	out, err := keys.KeySet{ENC: enc, MAC: mac, DEK: dek}.Static()
	if err != nil {
		s.Fatal(err)
	}
	out.ENC, out.MAC = s.source(s.T, enc).MAC, s.source(s.T, mac).MAC
	return out
}

// The pseudo-random card challenge of all dialogs follows from the sequence counter (GlobalPlatform
// Amendment D, table 4-1: derivation constant 02).
func (s suite) cardChallenge() {
	const constant = 0x02
	for _, d := range vectors.Dialogs {
		a := s.initialized(d)
		got, err := keys.SessionKDF(s.static(d).ENC, constant, 64, append(a.Sequence[:], s.unhex(vectors.DialogApplet)...))
		if err != nil || !bytes.Equal(got, a.Challenge[:]) {
			s.Errorf("%s: %X, %v; want %X", d.Name, got, err, a.Challenge)
		}
	}
}

func (s suite) dialogs() {
	for _, d := range vectors.Dialogs {
		c, external, err := keys.OpenChannel(s.static(d), keys.Opening{KVN: d.KVN, Challenge: [8]byte(s.unhex(d.Host)), Level: d.Level}, s.unhex(d.Answer))
		if err != nil {
			s.Fatalf("%s: %v", d.Name, err)
		}
		if !bytes.Equal(external, s.unhex(d.External)) {
			s.Errorf("%s: EXTERNAL AUTHENTICATE %X, want %s", d.Name, external, d.External)
		}
		got, err := c.Wrap(s.unhex(vectors.PlainEID))
		if err != nil || !bytes.Equal(got, s.unhex(d.EID)) {
			s.Errorf("%s: first command %X, %v; want %s", d.Name, got, err, d.EID)
		}
		plain, err := c.Unwrap(s.unhex(d.EIDAnswer + "9000"))
		if err != nil || !bytes.Equal(plain, s.unhex(vectors.PlainEIDAnswer+"9000")) {
			s.Errorf("%s: first answer %X, %v", d.Name, plain, err)
		}
		for i, want := range d.Cases {
			got, err := c.Wrap(s.unhex(vectors.PlainCases[i]))
			if err != nil || !bytes.Equal(got, s.unhex(want)) {
				s.Errorf("%s: case %d: %X, %v; want %s", d.Name, i+1, got, err, want)
			}
		}
	}
}
