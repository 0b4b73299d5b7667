package osia_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"blanko/registry/osia"
)

// What another implementation encrypted for a key opens with it, and the key is named as it names it.
func TestJWEOfAnotherImplementation(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/jwe.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		KID, D  string
		Vectors []struct{ Name, JWE, Content string }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	d, err := base64.RawURLEncoding.DecodeString(file.D)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := osia.KeyID(&key.PublicKey); err != nil || id != file.KID {
		t.Errorf("kid %s, %v, want %s", id, err, file.KID)
	}
	if len(file.Vectors) < 3 {
		t.Fatalf("%d vectors", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		if got, err := osia.Decrypt(key, v.JWE); err != nil || string(got) != v.Content {
			t.Errorf("%s: %q, %v", v.Name, got, err)
		}
	}
}

// seals encrypts values for a key, of buffers the bytes.
type seals struct {
	t    testing.TB
	key  *ecdsa.PrivateKey
	kid  string
	keys osia.Keys
}

func newSeals(t testing.TB) seals {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kid, err := osia.KeyID(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return seals{t, key, kid, osia.Keys{kid: key}}
}

func (s seals) bytes(content []byte) string {
	s.t.Helper()
	text, err := osia.Encrypt(rand.Reader, &s.key.PublicKey, s.kid, content)
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

func (s seals) value(v any) string {
	s.t.Helper()
	content, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.bytes(content)
}

func (s seals) buffer(in object, name string) {
	s.t.Helper()
	content, err := base64.StdEncoding.DecodeString(in[name].(string))
	if err != nil {
		s.t.Fatal(err)
	}
	in[name] = s.bytes(content)
}

func jwe(scope string) object { return object{"type": "JWE", "scope": scope} }

// bent changes a character in the middle of a part of a JWE.
func bent(text string, part int) string {
	parts := strings.Split(text, ".")
	b := []byte(parts[part])
	if at := len(b) / 2; b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	parts[part] = string(b)
	return strings.Join(parts, ".")
}

// A record that is encrypted is the record that it is in clear, whatever of it was encrypted.
func TestEncryptedRecord(t *testing.T) {
	t.Parallel()
	s := newSeals(t)
	check := osia.Checker{Office: office, Unsigned: true, Keys: s.keys}
	clear, err := json.Marshal(delivered(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := check.Check(clear, "", today)
	if err != nil {
		t.Fatal(err)
	}
	whole := func(r object) {
		r["biographicData"], r["encryption"] = s.value(r["biographicData"]), jwe("$.biographicData")
	}
	for name, change := range map[string]func(object){
		"an object": whole,
		"all that is personal": func(r object) {
			for _, m := range []string{"personId", "biographicData", "biometricData"} {
				r[m] = s.value(r[m])
			}
			r["encryption"] = jwe("$.personId  $['biographicData'] $.biometricData")
		},
		"one member": func(r object) {
			person(r)["name"] = s.value(person(r)["name"])
			r["encryption"] = jwe("$.biographicData.name")
		},
		"one element": func(r object) {
			l := r["biometricData"].([]any)
			l[1] = s.value(l[1])
			r["encryption"] = jwe("$.biometricData[1]")
		},
		"all buffers": func(r object) {
			for _, p := range r["biometricData"].([]any) {
				for _, m := range []string{"image", "template"} {
					if p := p.(object); p[m] != nil {
						s.buffer(p, m)
					}
				}
			}
			r["encryption"] = jwe("$.biometricData[*].image $.biometricData[*]['template']")
		},
		"a buffer by its own part": func(r object) {
			p := part(r, "FACE", "")
			s.buffer(p, "image")
			p["encryption"] = jwe("$.image")
		},
		"a part in a part": func(r object) {
			p := part(r, "FACE", "")
			s.buffer(p, "image")
			p["encryption"] = jwe("$.image")
			r["biometricData"], r["encryption"] = s.value(r["biometricData"]), jwe("$.biometricData")
		},
	} {
		r := again(t, clear)
		change(r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := check.Check(text, "", today)
		if err != nil || got.Canonical != want.Canonical || fmt.Sprint(got.Record.Person.NIK.Digits()) != want.Record.Person.NIK.Digits() {
			t.Errorf("%s: %v, or it is another record", name, err)
		}
		open, refusal := s.keys.Open(text)
		if refusal != nil || strings.Contains(string(open), "encryption") {
			t.Errorf("%s: %v, or it is still encrypted", name, refusal)
		}
	}
	if open, refusal := s.keys.Open(clear); refusal != nil || string(open) != string(clear) {
		t.Errorf("what is in clear was changed: %v", refusal)
	}
}

// again is a record anew.
func again(t testing.TB, text []byte) (r object) {
	t.Helper()
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// What does not open, or is none of what may be encrypted, is refused by its place; what is inside is not told.
func TestWhatDoesNotOpenIsRefused(t *testing.T) {
	t.Parallel()
	s, other := newSeals(t), newSeals(t)
	clear, err := json.Marshal(delivered(t))
	if err != nil {
		t.Fatal(err)
	}
	sealed := func(r object) string {
		text := s.value(r["biographicData"])
		r["encryption"] = jwe("$.biographicData")
		return text
	}
	head := func(text string, change func(object)) string {
		protected, rest, _ := strings.Cut(text, ".")
		raw, err := base64.RawURLEncoding.DecodeString(protected)
		if err != nil {
			t.Fatal(err)
		}
		h := again(t, raw)
		change(h)
		if raw, err = json.Marshal(h); err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw) + "." + rest
	}
	const at, scope = "/biographicData", "/encryption/scope"
	for _, c := range []struct {
		name    string
		change  func(r object)
		code    osia.Code
		pointer string
	}{
		{"for another key", func(r object) { sealed(r); r["biographicData"] = other.value(r["biographicData"]) }, osia.KeyUnknown, at},
		{"without a kid", func(r object) {
			r["biographicData"] = head(sealed(r), func(h object) { delete(h, "kid") })
		}, osia.KeyUnknown, at},
		{"of another key under our kid", func(r object) {
			r["biographicData"] = head(other.value(r["biographicData"]), func(h object) { h["kid"] = s.kid })
			r["encryption"] = jwe("$.biographicData")
		}, osia.PartUndecodable, at},
		{"another algorithm", func(r object) { r["biographicData"] = head(sealed(r), func(h object) { h["alg"] = "RSA-OAEP" }) }, osia.PartUndecodable, at},
		{"another cipher", func(r object) { r["biographicData"] = head(sealed(r), func(h object) { h["enc"] = "A128GCM" }) }, osia.PartUndecodable, at},
		{"compressed", func(r object) { r["biographicData"] = head(sealed(r), func(h object) { h["zip"] = "DEF" }) }, osia.PartUndecodable, at},
		{"bent nonce", func(r object) { r["biographicData"] = bent(sealed(r), 2) }, osia.PartUndecodable, at},
		{"bent content", func(r object) { r["biographicData"] = bent(sealed(r), 3) }, osia.PartUndecodable, at},
		{"bent tag", func(r object) { r["biographicData"] = bent(sealed(r), 4) }, osia.PartUndecodable, at},
		{"in clear", func(r object) { sealed(r) }, osia.PartUndecodable, at},
		{"named twice", func(r object) {
			r["biographicData"] = sealed(r)
			r["encryption"] = jwe("$.biographicData $.biographicData")
		}, osia.PartUndecodable, at},
		{"no JSON inside", func(r object) { sealed(r); r["biographicData"] = s.bytes([]byte(`{"name":`)) }, osia.PartUndecodable, at},
		{"a member twice inside", func(r object) { sealed(r); r["biographicData"] = s.bytes([]byte(`{"name":"A","name":"B"}`)) }, osia.PartUndecodable, at},
		{"half a character inside", func(r object) { sealed(r); r["biographicData"] = s.bytes([]byte(`{"name":"\ud800"}`)) }, osia.PartUndecodable, at},
		{"nothing inside", func(r object) { sealed(r); r["biographicData"] = s.bytes(nil) }, osia.PartUndecodable, at},
		{"encrypted twice", func(r object) { sealed(r); r["biographicData"] = s.value(s.value(r["biographicData"])) }, osia.Schema, at},
		{"another member inside", func(r object) { person(r)["more"] = 1; r["biographicData"] = sealed(r) }, osia.Schema, ""},
		{"encrypted without a word", func(r object) { r["biographicData"] = sealed(r); delete(r, "encryption") }, osia.Schema, at},
		{"PKCS7", func(r object) { sealed(r); r["encryption"].(object)["type"] = "PKCS7" }, osia.Schema, "/encryption/type"},
		{"another type", func(r object) { sealed(r); r["encryption"].(object)["type"] = "jwe" }, osia.Schema, "/encryption/type"},
		{"another member", func(r object) { sealed(r); r["encryption"].(object)["alg"] = "x" }, osia.Schema, "/encryption"},
		{"null", func(r object) { r["encryption"] = nil }, osia.Schema, "/encryption"},
		{"nothing named", func(r object) { r["encryption"] = jwe(" ") }, osia.Schema, scope},
		{"the whole", func(r object) { r["encryption"] = jwe("$") }, osia.Schema, scope},
		{"what says where it belongs", func(r object) { r["encryption"] = jwe("$.requestData.others") }, osia.Schema, scope},
		{"the signature", func(r object) { r["encryption"] = jwe("$.integrity[0].signature") }, osia.Schema, scope},
		{"a descendant", func(r object) { r["encryption"] = jwe("$..name") }, osia.Schema, scope},
		{"a filter", func(r object) { r["encryption"] = jwe("$.biometricData[?@.image]") }, osia.Schema, scope},
		{"a path that is not there", func(r object) { r["encryption"] = jwe("$.biographicData.email") }, osia.Schema, scope},
		{"an element that is not there", func(r object) { r["encryption"] = jwe("$.biometricData[99]") }, osia.Schema, scope},
		{"a buffer that is nowhere", func(r object) { r["encryption"] = jwe("$.biometricData[*].video") }, osia.Schema, scope},
		{"the second of two paths", func(r object) {
			r["biographicData"] = sealed(r)
			r["encryption"] = jwe("$.biographicData $.biometricData[99]")
		}, osia.Schema, scope},
		{"PKCS7 of a part", func(r object) { part(r, "FACE", "")["encryption"] = object{"type": "PKCS7", "scope": "$.image"} }, osia.Schema, "/biometricData/0/encryption/type"},
		{"another member of a part", func(r object) { part(r, "FACE", "")["encryption"] = jwe("$.mimeType") }, osia.Schema, "/biometricData/0/encryption/scope"},
		{"too many parts", func(r object) {
			names, text := make([]any, 65), s.value("MAS")
			for n := range names {
				names[n] = text
			}
			person(r)["otherNames"], r["encryption"] = names, jwe("$.biographicData.otherNames[*]")
		}, osia.PartTooLarge, "/biographicData/otherNames/64"},
		{"too large", func(r object) {
			part(r, "FACE", "")["image"] = s.bytes(make([]byte, 2<<20))
			r["encryption"] = jwe("$.biometricData[*].image")
		}, osia.PartTooLarge, ""},
	} {
		r := again(t, clear)
		name := person(r)["name"].(string)
		c.change(r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		_, err = osia.Checker{Office: office, Unsigned: true, Keys: s.keys}.Check(text, "", today)
		refusal, ok := errors.AsType[*osia.Refusal](err)
		if !ok || refusal.Code != c.code || !strings.HasPrefix(refusal.Pointer, c.pointer) {
			t.Errorf("%s: %v, want %s at %s", c.name, err, c.code, c.pointer)
		} else if strings.Contains(err.Error(), name) {
			t.Errorf("%s: the refusal tells a name", c.name)
		}
		if _, err := (osia.Checker{Office: office, Unsigned: true}).Check(text, "", today); err == nil {
			t.Errorf("%s: taken without a key", c.name)
		}
	}
}

// FuzzOpen: what a station opens without a key is what came.
func FuzzOpen(f *testing.F) {
	f.Add(`{"encryption":{"type":"JWE","scope":"$.personId"},"personId":"a.b.c.d.e"}`)
	f.Add(`{"biometricData":[{"encryption":{"type":"JWE","scope":"$['image'] $.template"},"image":""}]}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		if out, r := (osia.Keys{}).Open([]byte(text)); r == nil && string(out) != text {
			t.Error("it was changed")
		}
	})
}
