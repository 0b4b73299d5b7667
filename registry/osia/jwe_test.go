package osia

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// RFC 7518, appendix C: Z, the parties Alice and Bob, and the derived key.
func TestConcatKDFOfTheRFC(t *testing.T) {
	t.Parallel()
	z := []byte{
		158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156,
		251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
	}
	got := concatKDF(z, "A128GCM", []byte("Alice"), []byte("Bob"), 16)
	if text := base64.RawURLEncoding.EncodeToString(got); text != "VqqN6vgjbSBcIijNcacQGg" {
		t.Errorf("derived %s", text)
	}
}

func TestJWERoundTripAndRefusals(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	content := []byte(`{"personId":"0"}`)
	text, err := Encrypt(rand.Reader, &key.PublicKey, "k1", content)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Decrypt(key, text); err != nil || !bytes.Equal(got, content) {
		t.Fatalf("%q, %v", got, err)
	}
	if again, _ := Encrypt(rand.Reader, &key.PublicKey, "k1", content); again == text {
		t.Error("two encryptions are equal")
	}
	if _, err := Decrypt(other, text); err == nil {
		t.Error("opened with another key")
	}
	parts := strings.Split(text, ".")
	for i := range parts {
		bent := strings.Split(text, ".")
		if bent[i] == "" {
			bent[i] = "AA"
		} else {
			b := []byte(bent[i])
			at := len(b) / 2
			if b[at] == 'A' {
				b[at] = 'B'
			} else {
				b[at] = 'A'
			}
			bent[i] = string(b)
		}
		if _, err := Decrypt(key, strings.Join(bent, ".")); err == nil {
			t.Errorf("part %d was changed and it opened", i)
		}
	}
	head, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(map[string]any){
		"another algorithm": func(m map[string]any) { m["alg"] = "dir" },
		"another cipher":    func(m map[string]any) { m["enc"] = "A128GCM" },
		"compressed":        func(m map[string]any) { m["zip"] = "DEF" },
		"off the curve":     func(m map[string]any) { m["epk"].(map[string]any)["x"] = b64(make([]byte, 32)) },
		"another member":    func(m map[string]any) { m["crit"] = []string{"exp"} },
	} {
		var m map[string]any
		if err := json.Unmarshal(head, &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		bent, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decrypt(key, strings.Join(append([]string{b64(bent)}, parts[1:]...), ".")); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	for _, s := range []string{"", "....", "a.b.c.d.e", text + ".x", strings.Repeat("A", 100)} {
		if _, err := Decrypt(key, s); err == nil {
			t.Errorf("%.20q opened", s)
		}
	}
}

func FuzzDecrypt(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	text, err := Encrypt(rand.Reader, &key.PublicKey, "k1", []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("....")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := Decrypt(key, s); err == nil && s != text {
			t.Error("what was never encrypted opened")
		}
	})
}
