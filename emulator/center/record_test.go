package center

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/ktp"
)

const testOffice = "61.05"

var testNow = time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC)

func testCenter(t testing.TB, cfg Config) *Center {
	t.Helper()
	if cfg.Seed == 0 {
		cfg.Seed = 7
	}
	if cfg.Now == nil {
		cfg.Now = func() time.Time { return testNow }
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// verify checks a compact JWS with detached payload by the standard library alone.
func verify(t *testing.T, jws string, payload []byte, keys []Key, use string) error {
	t.Helper()
	parts := strings.Split(jws, ".")
	if len(parts) != 3 || parts[1] != "" {
		return fmt.Errorf("not a detached JWS: %q", jws)
	}
	var head map[string]string
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || json.Unmarshal(raw, &head) != nil || len(head) != 3 || head["alg"] != "ES256" || head["typ"] != "ktp-record" {
		return fmt.Errorf("header %s", raw)
	}
	sig, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(sig) != 64 {
		return fmt.Errorf("signature of %d bytes", len(sig))
	}
	for _, k := range keys {
		if k.ID != head["kid"] || k.Use != use {
			continue
		}
		sum := sha256.Sum256([]byte(parts[0] + "." + base64.RawURLEncoding.EncodeToString(payload)))
		if !ecdsa.Verify(k.Public, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
			return fmt.Errorf("the signature does not fit")
		}
		return nil
	}
	return fmt.Errorf("no %s key %s", use, head["kid"])
}

// signedPart is the record as its signature covers it, made from the bytes that were sent.
func signedPart(t *testing.T, record map[string]any) []byte {
	t.Helper()
	covered := map[string]any{}
	for k, v := range record {
		if k != "integrity" && k != "status" {
			covered[k] = v
		}
	}
	request := map[string]any{}
	for k, v := range record["requestData"].(map[string]any) {
		if k != "priority" && k != "deliveryOffice" && k != "deliveryAddress" {
			request[k] = v
		}
	}
	covered["requestData"] = request
	b, err := canonicalJSON(covered)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func dig(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// identityOf rebuilds the statement of the identity signature from the record that was sent.
func identityOf(t *testing.T, record map[string]any) ktp.Identity {
	t.Helper()
	bio := record["biographicData"].(map[string]any)
	birth, err := time.Parse(time.DateOnly, bio["dateOfBirth"].(string))
	if err != nil {
		t.Fatal(err)
	}
	id := ktp.Identity{NIK: ktp.NIK(bio["nik"].(string)), Names: []string{bio["name"].(string)}, BirthDate: birth, Validity: bio["validUntil"].(string)}
	records := map[string][2][]byte{}
	var order []string
	for _, e := range record["biometricData"].([]any) {
		if dig(e, "biometricType") != "FINGER" || dig(e, "template") == nil {
			continue
		}
		b, err := base64.StdEncoding.DecodeString(dig(e, "template").(string))
		if err != nil {
			t.Fatal(err)
		}
		name := dig(e, "biometricSubType").(string)
		pair := records[name]
		switch dig(e, "instance") {
		case "60":
			pair[0] = b
			order = append(order, name)
		case "40":
			pair[1] = b
		}
		records[name] = pair
	}
	put := func(slot int, name string) {
		id.Fingers[slot] = &ktp.FingerHashes{Best60: sha256.Sum256(records[name][0]), Best40: sha256.Sum256(records[name][1])}
	}
	for slot, name := range []string{"RIGHT_INDEX", "LEFT_INDEX"} {
		if slices.Contains(order, name) {
			put(slot, name)
		}
	}
	for _, name := range order {
		if name == "RIGHT_INDEX" || name == "LEFT_INDEX" {
			continue
		}
		if id.Fingers[0] == nil {
			put(0, name)
		} else {
			put(1, name)
		}
	}
	return id
}

func verifyIdentity(record map[string]any, id ktp.Identity, keys []Key) error {
	i := dig(record, "requestData", "others", "blanko", "identity")
	kid, _ := dig(i, "kid").(string)
	text, _ := dig(i, "signature").(string)
	sig, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sig) != 64 || len(kid) != 16 {
		return fmt.Errorf("kid %q, signature of %d bytes", kid, len(sig))
	}
	for _, k := range keys {
		if k.ID == kid && k.Use == UseIdentity {
			sum := sha256.Sum256(id.Statement())
			if !ecdsa.Verify(k.Public, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
				return fmt.Errorf("the identity signature does not fit")
			}
			return nil
		}
	}
	return fmt.Errorf("no identity key %s", kid)
}

func object1(t *testing.T, b []byte) map[string]any {
	t.Helper()
	v, err := parse(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

// The first records of a center are whole and signed, also those of foreign residents and of
// residents with missing fingers.
func TestGoodRecordsAreSigned(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 60})
	o := c.offices[testOffice]
	substitutes, foreign := 0, 0
	for i, e := range o.log {
		p := o.people.Person(e.request.resident)
		slots, missing, err := o.people.Fingers(e.request.resident)
		if err != nil {
			t.Fatal(err)
		}
		if i > 3 && !p.Foreign() && len(missing) == 0 {
			continue
		}
		b, err := c.record(e, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > maxRecord/2 {
			t.Errorf("%d bytes", len(b))
		}
		r := object1(t, b)
		jws, _ := dig(r, "integrity", 0, "signature").(string)
		payload := signedPart(t, r)
		if err := verify(t, jws, payload, c.Keys(), UseRecord); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		sum := sha256.Sum256(payload)
		if dig(r, "integrity", 0, "hash") != base64.StdEncoding.EncodeToString(sum[:]) || dig(r, "integrity", 0, "scope") != "$" {
			t.Errorf("%d: integrity %v", i, dig(r, "integrity", 0))
		}
		id := identityOf(t, r)
		if err := verifyIdentity(r, id, c.Keys()); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		if r["personId"] != p.NIK.Digits() || r["credentialRequestId"] != e.request.id {
			t.Errorf("%d: ids", i)
		}
		if p.Foreign() {
			foreign++
			if dig(r, "requestData", "credentialProfileId") != "ktp-el-oa" || dig(r, "requestData", "validToDate") == nil || !strings.HasPrefix(dig(r, "requestData", "others", "blanko", "type").(string), "foreign_") {
				t.Errorf("%d: request of a foreign resident: %v", i, r["requestData"])
			}
		}
		for _, s := range slots {
			if !s.Empty() && s.Finger != ktp.RightIndex && s.Finger != ktp.LeftIndex {
				substitutes++
			}
		}
	}
	if foreign == 0 || substitutes == 0 {
		t.Errorf("%d foreign, %d substitutes: the test saw too little", foreign, substitutes)
	}
}

// Members that may change later are outside the signature.
func TestUnsignedMembersMayChange(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 1})
	b, err := c.record(c.offices[testOffice].log[0], "")
	if err != nil {
		t.Fatal(err)
	}
	r := object1(t, b)
	request := r["requestData"].(map[string]any)
	request["priority"], request["deliveryOffice"], r["status"] = json.Number("9"), "61.05.02", "ISSUED"
	request["deliveryAddress"] = map[string]any{"city": "SINTANG"}
	if err := verify(t, dig(r, "integrity", 0, "signature").(string), signedPart(t, r), c.Keys(), UseRecord); err != nil {
		t.Error(err)
	}
	request["requestType"] = "OTHER"
	if err := verify(t, dig(r, "integrity", 0, "signature").(string), signedPart(t, r), c.Keys(), UseRecord); err == nil {
		t.Error("a signed member changed and the signature fits")
	}
}

// Two centers of one seed are the same, byte for byte; the ids do not tell the person.
func TestCentersDependOnTheSeed(t *testing.T) {
	t.Parallel()
	a, b, other := testCenter(t, Config{Records: 2}), testCenter(t, Config{Records: 2}), testCenter(t, Config{Seed: 8, Records: 2})
	x, err := a.item(a.offices[testOffice].log[1], "")
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.item(b.offices[testOffice].log[1], "")
	if err != nil {
		t.Fatal(err)
	}
	if string(x) != string(y) {
		t.Error("the same seed gives other bytes")
	}
	if a.Anchor().ID != b.Anchor().ID || a.Anchor().ID == other.Anchor().ID || a.Keys()[0].ID == other.Keys()[0].ID || a.Keys()[0].ID == a.Keys()[1].ID {
		t.Error("key ids do not follow the seed")
	}
	for _, k := range a.Keys() {
		sum := sha256.Sum256(k.SPKI)
		if k.ID != hex.EncodeToString(sum[:8]) {
			t.Errorf("key id %s", k.ID)
		}
	}
}

func TestCorrectedRecord(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{Records: 1})
	id := c.Account()[0].ID
	before, err := c.Resident(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Correct(id); err != nil {
		t.Fatal(err)
	}
	after, err := c.Resident(id)
	if err != nil {
		t.Fatal(err)
	}
	if after.Person.NIK != before.Person.NIK || after.Person.Street == before.Person.Street && after.Person.Village == before.Person.Village {
		t.Error("a correction keeps the person and changes the address")
	}
	log := c.offices[testOffice].log
	b, err := c.record(log[1], "")
	if err != nil {
		t.Fatal(err)
	}
	r := object1(t, b)
	if dig(r, "requestData", "others", "blanko", "version") != json.Number("2") || dig(r, "biographicData", "address") != after.Person.Street {
		t.Error("version 2 does not carry the correction")
	}
	if err := verifyIdentity(r, identityOf(t, r), c.Keys()); err != nil {
		t.Error(err)
	}
	if log[0].messageID == log[1].messageID {
		t.Error("two versions share a message id")
	}
	if c.Correct("nobody") == nil || c.Withdraw(id, "bored") == nil || c.Hold("nobody", "") == nil {
		t.Error("an act on nothing was taken")
	}
}

// An impostor's record is well signed; the second impressions alone are of somebody else.
func TestImpostor(t *testing.T) {
	t.Parallel()
	c := testCenter(t, Config{})
	id, err := c.AddImpostor(testOffice)
	if err != nil {
		t.Fatal(err)
	}
	e := c.offices[testOffice].log[0]
	b, err := c.record(e, "")
	if err != nil {
		t.Fatal(err)
	}
	r := object1(t, b)
	if err := verify(t, text(dig(r, "integrity", 0, "signature")), signedPart(t, r), c.Keys(), UseRecord); err != nil {
		t.Error(err)
	}
	if err := verifyIdentity(r, identityOf(t, r), c.Keys()); err != nil {
		t.Error(err)
	}
	own, _, err := e.request.office.people.Fingers(e.request.resident)
	if err != nil {
		t.Fatal(err)
	}
	given, err := c.Resident(id)
	if err != nil {
		t.Fatal(err)
	}
	for n := range own {
		if string(given.Fingers[n].Best60) != string(own[n].Best60) || string(given.Fingers[n].Second) == string(own[n].Second) || given.Fingers[n].Second[fmrPosition] != byte(own[n].Finger) {
			t.Errorf("slot %d", n)
		}
	}
	if !c.Account()[0].Impostor {
		t.Error("the account does not tell")
	}
}

func base64Std(s string) ([]byte, error) { return base64.StdEncoding.DecodeString(s) }
