package console_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// The page says of a card on the reader whether its holder still confirms the data, which they do once a proxy took it, and
// gives the desk their word with the ticket.
func TestHolderConfirmsOnThePage(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.KecamatanOperator)
	counter := sit[access.KecamatanOperator]
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
	o.toProxy(app, chip)
	if !asks() {
		t.Error("not asked, though a proxy took the card")
	}

	o.paired()
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
