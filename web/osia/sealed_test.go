package osia_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"blanko/registry"
	"blanko/registry/audit"
	"blanko/registry/osia"
)

// sealed encrypts members of a signed record for a key.
func (r *room) sealed(text []byte, to *ecdsa.PublicKey, kid string, members ...string) map[string]json.RawMessage {
	r.t.Helper()
	var o map[string]json.RawMessage
	must(r.t, json.Unmarshal(text, &o))
	var scope []string
	for _, m := range members {
		jwe, err := osia.Encrypt(crand.Reader, to, kid, o[m])
		must(r.t, err)
		o[m] = json.RawMessage(fmt.Sprintf("%q", jwe))
		scope = append(scope, "$."+m)
	}
	o["encryption"] = json.RawMessage(fmt.Sprintf(`{"type":"JWE","scope":%q}`, strings.Join(scope, " ")))
	return o
}

func textOf(t *testing.T, o any) string {
	t.Helper()
	text, err := json.Marshal(o)
	must(t, err)
	return string(text)
}

// A center signs a record and encrypts what is personal of it; it is taken as if it had come in clear. What does
// not open changes nothing, and its answer tells nothing of what is inside.
func TestEncryptedRequest(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	one, clear := "/v1/credentialRequests/"+r.ids[0], r.records[0]
	personal := []string{"personId", "biographicData", "biometricData"}
	good := func() map[string]json.RawMessage { return r.sealed(clear, &r.key.PublicKey, r.kid, personal...) }

	stranger, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	must(t, err)
	foreign, err := osia.KeyID(&stranger.PublicKey)
	must(t, err)
	var rec osia.CredentialRequest
	must(t, json.Unmarshal(clear, &rec))
	bio := rec.BiographicData
	bio.Address = "JALAN LAIN"
	forged, err := osia.Encrypt(crand.Reader, &r.key.PublicKey, r.kid, []byte(textOf(t, bio)))
	must(t, err)
	for name, c := range map[string]struct {
		body map[string]json.RawMessage
		says string // code of the answer and what the message names
	}{
		"for a key that is not here":  {r.sealed(clear, &stranger.PublicKey, foreign, personal...), `"code":30,"message":"key_unknown at /personId:`},
		"for another under our kid":   {r.sealed(clear, &stranger.PublicKey, r.kid, personal...), `"code":30,"message":"part_undecodable at /personId:`},
		"encrypted by somebody else":  {with(good(), "biographicData", fmt.Sprintf("%q", forged)), `"code":30,"message":"signature_wrong at /integrity/0:`},
		"a path that is not there":    {with(good(), "encryption", `{"type":"JWE","scope":"$.biographicData.email"}`), `"code":13,"message":"schema at /encryption/scope:`},
		"PKCS7":                       {with(good(), "encryption", `{"type":"PKCS7","scope":"$.biographicData"}`), `"code":13,"message":"schema at /encryption/type:`},
		"a signature over encryption": {with(good(), "integrity", strings.Replace(string(good()["integrity"]), `{`, `{"encrypted":true,`, 1)), `"code":13,"message":"schema at /integrity/0/encrypted:`},
	} {
		answer := r.wants(400, system, "POST", one, textOf(t, c.body))
		if !strings.Contains(answer, c.says) {
			t.Errorf("%s: %s, want %s", name, answer, c.says)
		}
		for _, secret := range []string{rec.PersonID, rec.BiographicData.Name, rec.BiographicData.Address, "JALAN LAIN"} {
			if strings.Contains(answer, secret) {
				t.Errorf("%s: the answer shows personal data", name)
			}
		}
	}
	r.wants(404, system, "GET", one, "")

	r.wants(201, system, "POST", one, textOf(t, good()))
	r.wants(409, system, "POST", one, string(clear)) // the same record, in clear
	raised := good()
	raised["requestData"] = json.RawMessage(strings.Replace(string(raised["requestData"]), `"priority":`, `"priority":9,"was":`, 1))
	r.wants(400, system, "PUT", one, textOf(t, raised))
	var data map[string]any
	must(t, json.Unmarshal(good()["requestData"], &data))
	data["priority"] = 8
	r.wants(204, system, "PUT", one, textOf(t, with(good(), "requestData", textOf(t, data))))
	r.wants(400, system, "PUT", one, textOf(t, with(good(), "biographicData", fmt.Sprintf("%q", forged))))
	if app, err := r.reg.Application(t.Context(), registry.ApplicationID(r.ids[0])); err != nil || app.Application.Priority != 8 {
		t.Errorf("%+v, %v", app.Application, err)
	}
	events, err := r.reg.Events(t.Context(), 0, 100, audit.Filter{})
	must(t, err)
	if len(events) == 0 || strings.Contains(textOf(t, events), rec.BiographicData.Name) {
		t.Errorf("%d events, or they show personal data", len(events))
	}
}

// with is a record with another member.
func with(o map[string]json.RawMessage, name, value string) map[string]json.RawMessage {
	o[name] = json.RawMessage(value)
	return o
}
