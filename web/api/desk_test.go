package api_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// A ticket lets a desk try for the application of the page alone, also where the card that it read is in
// force and belongs to another one.
func TestTicketIsOfOneApplication(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	o.handed(app, chip, "none")

	code, paired := registry.NewPairingCode(), &x509.Certificate{Raw: []byte("of the desk")}
	hash := registry.PairingHash(code)
	guard := access.Actor{ID: "guard", Roles: []access.Role{access.SecurityOfficer}}
	o.do(guard, registry.InviteDesk{ID: "loket-1", Hash: hex.EncodeToString(hash[:]), ExpiresAt: o.clock.Now().Add(time.Hour)})
	_, err := o.reg.PairDesk(t.Context(), hash, sha256.Sum256(paired.Raw))
	o.must(err)
	for ticketOf, want := range map[registry.ApplicationID]string{id(1): "registry.card_unknown", registry.ApplicationID(app): "registry.wrong_state"} {
		ticket, err := o.reg.NewDeskTicket(t.Context(), registry.DeskTicket{Person: "tono", Act: registry.DeskMatches, Desk: "loket-1", Application: ticketOf})
		o.must(err)
		text, err := json.Marshal(o.shows("Tono, service officer", "/v1/cards/"+chip+"/match", holderOf(chip)))
		o.must(err)
		text = append(bytes.TrimSuffix(text, []byte("}")), []byte(`,"ticket":"`+ticket+`"}`)...)
		req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/v1/desk/match", bytes.NewReader(text))
		req.Header.Set("Content-Type", "application/json")
		req.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{paired}}
		w := httptest.NewRecorder()
		o.http.ServeHTTP(w, req)
		var said struct{ Code string }
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.Code != want {
			t.Errorf("with the ticket of %s: %d %s", ticketOf, w.Code, w.Body)
		}
	}
}
