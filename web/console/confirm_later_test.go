package console_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// The page says of a card on the reader whether its holder still confirms the data, which they do once a proxy took it, and
// gives the desk their word with the ticket.
func TestHolderConfirmsOnThePage(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.KecamatanOperator)
	counter, officer := sit[access.KecamatanOperator], staffOf(access.ServiceOfficer)
	const chip = ktp.ChipUID("0000A0B0C0D000000001")
	app := o.made(1, chip)
	asks := func() bool {
		t.Helper()
		counter.open("/kecamatan/kartu?chip=" + string(chip))
		var known struct {
			Application registry.ApplicationID
			Confirm     bool
		}
		if err := json.Unmarshal([]byte(counter.page), &known); err != nil || known.Application != app {
			t.Errorf("the card on the reader: %s, %v", counter.page, err)
		}
		return known.Confirm
	}
	if asks() {
		t.Error("asked before the card was handed over")
	}
	challenge, err := o.reg.ChallengeChip(t.Context(), officer, chip)
	o.must(err)
	o.as(officer, registry.HandOverToProxy{
		Application: app, Chip: chip, Proxy: registry.Proxy{NIK: townsman(9).NIK.Digits(), Name: "WAKIL", Letter: "SK-1"}, Because: registry.Because{Reason: "ill"}, Second: boss,
		Presence: registry.Presence{Challenge: challenge.Bytes[:], Answer: inspecttest.Answer(chip, challenge.Bytes)},
	})
	if !asks() {
		t.Error("not asked, though a proxy took the card")
	}

	code := registry.PairingHash(registry.NewPairingCode())
	o.as(access.Actor{ID: "guard", Roles: []access.Role{access.SecurityOfficer}}, registry.InviteDesk{ID: "loket-1", Hash: hex.EncodeToString(code[:]), ExpiresAt: o.clock.Now().Add(time.Hour)})
	_, err = o.reg.PairDesk(t.Context(), code, sha256.Sum256([]byte("of the desk")))
	o.must(err)
	for said, want := range map[string]bool{"": false, "yes": true} {
		wish := url.Values{"act": {"match"}, "desk": {"loket-1"}, "chip": {string(chip)}, "confirmed": {said}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url+"/meja/tiket", strings.NewReader(wish.Encode()))
		o.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Blanko", "page")
		if status := counter.take(r); status != http.StatusOK {
			t.Fatalf("a ticket: %d %s", status, counter.page)
		}
		var given struct{ Ticket string }
		o.must(json.Unmarshal([]byte(counter.page), &given))
		_, ticket, _, err := o.reg.OnTicket(t.Context(), access.Actor{ID: "desk:loket-1"}, registry.DeskMatches, given.Ticket)
		if err != nil || ticket.Confirmed != want || ticket.Application != app {
			t.Errorf("%q gives %+v, %v", said, ticket, err)
		}
	}
}
