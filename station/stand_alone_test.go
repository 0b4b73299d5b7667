package station_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/emulator/people"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/station"
)

// does is an operation over HTTP by who has a token.
func (r *running) does(method, path string, body any) []byte {
	r.t.Helper()
	text, err := json.Marshal(body)
	must(r.t, err)
	req, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.address+path, bytes.NewReader(text))
	must(r.t, err)
	req.Header = http.Header{"Authorization": {"Bearer " + r.token}, "Content-Type": {"application/json"}, "Idempotency-Key": {method + path}}
	resp, err := http.DefaultClient.Do(req)
	must(r.t, err)
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	must(r.t, err)
	if resp.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %d %s", path, resp.StatusCode, out)
	}
	return out
}

// A station without a data center, by its configuration alone: an application goes through the search of the station
// itself to a record that a data center officer's key signed.
func TestServeStandsAlone(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	w := newWorld(t, center.Config{Now: time.Now})
	must(t, os.Mkdir(w.path("officers"), 0o700))
	w.write("officers/dewi.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	c := w.config("")
	c.Center = station.CenterConfig{}
	c.Service.StandAlone, c.Service.OfficerKeys = true, w.path("officers")
	r := serve(t, c)
	defer r.end()

	st := ledgerOf(t, c)
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: c.Office, Production: true, StandAlone: true}, nil)
	keys := 0
	do := func(id string, role access.Role, op registry.Operation) registry.Result {
		t.Helper()
		keys++
		res, err := reg.Do(t.Context(), access.Actor{ID: id, Roles: []access.Role{role}}, op, fmt.Sprintf("alone-%d", keys))
		if err != nil {
			t.Fatalf("%s: %v", op.Name(), err)
		}
		return res
	}
	app := enrolledHere(t, reg, do)

	second := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	do("keamanan", access.SecurityOfficer, registry.SetPerson{ID: "dewi", FullName: "DEWI", Roles: []access.Role{access.DatacenterOfficer}, Active: true, Second: second})
	token, hash, err := access.NewToken(nil)
	must(t, err)
	do("keamanan", access.SecurityOfficer, registry.IssueToken{
		ID: "dewi-1", Person: "dewi", Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), ExpiresAt: time.Now().Add(time.Hour), Second: second,
	})
	r.token = token
	at := "/v1/applications/" + string(app)
	r.does(http.MethodPost, at+"/search", map[string]any{})
	r.does(http.MethodPost, at+"/result/reading", map[string]any{})
	var asked struct{ Statement []byte }
	r.get(at+"/statement", &asked)
	sum := sha256.Sum256(asked.Statement)
	x, y, err := ecdsa.Sign(rand.Reader, key, sum[:])
	must(t, err)
	var signature [64]byte
	x.FillBytes(signature[:32])
	y.FillBytes(signature[32:])
	id := sha256.Sum256(spki)
	r.does(http.MethodPost, at+"/record", map[string]any{"keyId": hex.EncodeToString(id[:8]), "signature": hex.EncodeToString(signature[:])})
	d, err := reg.Application(t.Context(), app)
	must(t, err)
	if d.Application.State != registry.PrintReady || d.Application.Specimen {
		t.Errorf("the application is %s, specimen %v", d.Application.State, d.Application.Specimen)
	}
}

// enrolledHere is an application as far as the search.
func enrolledHere(t *testing.T, reg *registry.Registry, do func(string, access.Role, registry.Operation) registry.Result) registry.ApplicationID {
	t.Helper()
	g, err := people.New(5, "61.05")
	must(t, err)
	var who people.Resident
	for i := 0; who.Person.NIK == ""; i++ {
		slots, exceptions, err := g.Fingers(i)
		must(t, err)
		if !g.Person(i).Foreign() && len(exceptions) == 0 && slots[0].Second != nil && slots[1].Second != nil {
			who, err = g.Resident(i)
			must(t, err)
		}
	}
	do("dewi", access.DatacenterOfficer, registry.ImportResidents{Version: "dpt-1", Rows: []registry.Resident{{ID: "row-1", Person: who.Person}}})
	do("dewi", access.DatacenterOfficer, registry.UseResidents{Version: "dpt-1", Residents: 1})
	rules, err := reg.RulesOf(t.Context(), ktp.TypeNew)
	must(t, err)
	o := registry.Register{Type: ktp.TypeNew, NIK: who.Person.NIK}
	for _, q := range rules.Requirements {
		o.Requirements = append(o.Requirements, registry.Presented{ID: q.ID, Number: "1/2026"})
	}
	app := do("sari", access.ServiceOfficer, o).Application
	do("sari", access.ServiceOfficer, registry.Attach{Application: app, Class: registry.AttachmentForm, MIME: "application/pdf", Data: []byte("%PDF")})
	for _, q := range rules.Requirements {
		do("sari", access.ServiceOfficer, registry.Attach{Application: app, Class: registry.AttachmentOf(q.ID), MIME: "image/png", Data: []byte("scan")})
	}
	do("sari", access.ServiceOfficer, registry.Examine{Application: app})
	capture, again := registry.Capture{Application: app}, registry.VerifyCapture{Application: app}
	for part, img := range map[string]ktp.Image{
		registry.PartPortrait: who.Portrait, registry.PartSignature: who.Signature, registry.PartIrisRight: who.Signature, registry.PartIrisLeft: who.Signature,
	} {
		capture.Parts = append(capture.Parts, registry.CapturedPart{Part: part, Source: registry.SourceEmulated, Quality: 90, Tries: 1, MIME: img.MIME, Data: img.Data})
	}
	taken := map[ktp.Finger]ktp.FingerSlot{who.Fingers[0].Finger: who.Fingers[0], who.Fingers[1].Finger: who.Fingers[1]}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		slot, have := taken[f]
		if !have {
			capture.Parts = append(capture.Parts, registry.CapturedPart{Part: registry.PartOf(f), Missing: registry.MissingBandaged})
			continue
		}
		capture.Parts = append(capture.Parts, registry.CapturedPart{Part: registry.PartOf(f), Source: registry.SourceEmulated, Quality: 90, Tries: 1, Template: slot.Best60})
		again.Impressions = append(again.Impressions, registry.Impression{Finger: f, Template: slot.Second, Quality: 90})
	}
	do("budi", access.EnrolmentOperator, capture)
	do("budi", access.EnrolmentOperator, again)
	shown, err := reg.ToConfirm(t.Context(), app)
	must(t, err)
	do("budi", access.EnrolmentOperator, registry.Confirm{Application: app, Hash: shown.Hash, Method: registry.MethodPad, Proof: []byte("ink")})
	do("budi", access.EnrolmentOperator, registry.Send{Application: app})
	return app
}
