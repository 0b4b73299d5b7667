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

	"blanko/ktp"
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

	paired := o.paired()
	for ticketOf, want := range map[registry.ApplicationID]string{id(1): "registry.card_unknown", registry.ApplicationID(app): "registry.wrong_state"} {
		ticket, err := o.reg.NewDeskTicket(t.Context(), registry.DeskTicket{Person: "tono", Act: registry.DeskMatches, Desk: "loket-1", Application: ticketOf})
		o.must(err)
		if code, answer := o.triesAtDesk(paired, ticket, chip); code != want {
			t.Errorf("with the ticket of %s: %q, %q", ticketOf, code, answer)
		}
	}
}

// A desk brings the word of the page that a holder confirmed the data of a card that a proxy took.
func TestConfirmedAtADesk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	app := id(5) // of the center
	o.do(boss, registry.Approve{Application: app})
	o.do(admin, registry.Queue{Application: app})
	chip := ""
	for of := ""; of != string(app); {
		order := o.next()
		of, chip = order.Record.ID, o.finishWith(order)
	}
	o.agreed(sari, ratna, "/v1/applications/"+string(app)+"/handover-to-proxy", map[string]any{
		"chip": chip, "reason": "ill", "proxy": map[string]any{"nik": "6105010101700001", "name": "WAKIL", "letter": "SK-1"},
	})
	o.refused(tono, "/v1/cards/"+chip+"/match", holderOf(""), "registry.not_confirmed")
	paired := o.paired()
	for _, c := range []struct {
		confirmed bool
		code      string
		answer    string
	}{{false, "registry.not_confirmed", ""}, {true, "", "matched"}} {
		ticket, err := o.reg.NewDeskTicket(t.Context(), registry.DeskTicket{Person: "tono", Act: registry.DeskMatches, Desk: "loket-1", Application: app, Confirmed: c.confirmed})
		o.must(err)
		if code, answer := o.triesAtDesk(paired, ticket, chip); code != c.code || answer != c.answer {
			t.Errorf("confirmed %v: %q, %q", c.confirmed, code, answer)
		}
	}
}

// triesAtDesk has a desk carry one try of the holder, by a ticket of the service officer's page.
func (o *office) triesAtDesk(paired *x509.Certificate, ticket, chip string) (code, answer string) {
	o.t.Helper()
	text, err := json.Marshal(o.shows(tono, "/v1/cards/"+chip+"/match", holderOf(chip)))
	o.must(err)
	text = append(bytes.TrimSuffix(text, []byte("}")), []byte(`,"ticket":"`+ticket+`"}`)...)
	var said struct{ Code, Answer string }
	o.must(json.Unmarshal(o.atDesk(paired, "match", text).Body.Bytes(), &said))
	return said.Code, said.Answer
}

// paired is the certificate of a desk.
func (o *office) paired() *x509.Certificate {
	o.t.Helper()
	code, paired := registry.NewPairingCode(), &x509.Certificate{Raw: []byte("of the desk")}
	hash := registry.PairingHash(code)
	guard := access.Actor{ID: "guard", Roles: []access.Role{access.SecurityOfficer}}
	o.do(guard, registry.InviteDesk{ID: "loket-1", Hash: hex.EncodeToString(hash[:]), ExpiresAt: o.clock.Now().Add(time.Hour)})
	_, err := o.reg.PairDesk(o.t.Context(), hash, sha256.Sum256(paired.Raw))
	o.must(err)
	return paired
}

// atDesk is what the station says to a desk.
func (o *office) atDesk(paired *x509.Certificate, act string, text []byte) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/v1/desk/"+act, bytes.NewReader(text))
	req.Header.Set("Content-Type", "application/json")
	req.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{paired}}
	w := httptest.NewRecorder()
	o.http.ServeHTTP(w, req)
	return w
}

// A desk keeps what a chip told in the name of who has the page, once for a ticket, and by none for another act; a card
// is then retired by it.
func TestExaminationAtADesk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	paired := o.paired()
	ticketFor := func(act registry.DeskAct) string {
		ticket, err := o.reg.NewDeskTicket(t.Context(), registry.DeskTicket{Person: "tono", Act: act, Desk: "loket-1"})
		o.must(err)
		return ticket
	}
	examine := func(ticket, state string) (code, answer string) {
		text, err := json.Marshal(map[string]any{"ticket": ticket, "chip": chip, "state": state, "cause": "chip_blocked", "mark": "bad", "finding": "Chip diblokir.", "steps": []string{"Simpan."}})
		o.must(err)
		w := o.atDesk(paired, "examination", text)
		var said struct{ Code, Answer string }
		o.must(json.Unmarshal(w.Body.Bytes(), &said))
		return said.Code, said.Answer
	}
	if code, _ := examine(ticketFor(registry.DeskShows), "blocked"); code != "registry.ticket_over" {
		t.Errorf("by a ticket for another act: %q", code)
	}
	if code, _ := examine(ticketFor(registry.DeskExamines), "sleepy"); code == "" {
		t.Error("a state that no chip has is kept")
	}
	retirement := map[string]any{"reason": "damaged"}
	o.done(sari, "/v1/applications/"+app+"/return", map[string]any{"chip": chip, "reason": "damaged"})
	o.refused(joko, "/v1/cards/"+chip+"/retirement", retirement, "registry.chip_not_examined")
	active := ticketFor(registry.DeskExamines)
	for range 2 {
		if code, number := examine(active, "active"); code != "" || number != "PC-2026-000001" {
			t.Errorf("%q, %q", code, number)
		}
	}
	o.refused(joko, "/v1/cards/"+chip+"/retirement", retirement, "registry.chip_still_works")
	// On the page of a card the desk reads nothing: what was found is kept with that card.
	mute, err := o.reg.NewDeskTicket(t.Context(), registry.DeskTicket{Person: "tono", Act: registry.DeskExamines, Desk: "loket-1", Chip: ktp.ChipUID(chip)})
	o.must(err)
	text, err := json.Marshal(map[string]any{"ticket": mute, "cause": "card_mute", "mark": "bad", "finding": "Chip tidak menjawab.", "steps": []string{"Simpan."}})
	o.must(err)
	o.atDesk(paired, "examination", text)
	var kept struct {
		Items []struct{ Number, State, Application string }
	}
	o.see(joko, "/v1/examinations?chip="+chip, &kept)
	if n := len(kept.Items); n != 2 || kept.Items[1].State != "" || kept.Items[1].Application != app {
		t.Errorf("%+v", kept)
	}
	if code, number := examine(ticketFor(registry.DeskExamines), "blocked"); code != "" || number != "PC-2026-000003" {
		t.Errorf("%q, %q", code, number)
	}
	o.agreed(joko, ratna, "/v1/cards/"+chip+"/retirement", retirement)
}
