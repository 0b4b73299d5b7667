package console_test

import (
	"net/url"
	"strings"
	"testing"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// A card that nobody finds is declared missing on its own page, by two persons. The page then says what to do when it
// turns up, and its investigation ends on the page of shipping.
func TestCardDeclaredMissing(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.ServiceOfficer, access.Supervisor)
	room, counter, chief := sit[access.Administrator], sit[access.ServiceOfficer], sit[access.Supervisor]
	const chip = ktp.ChipUID("0000A0B0C0D000000001")
	app := o.made(1, chip)
	card := "/kartu/" + string(chip)
	counter.open(card)
	if text := counter.says(); !strings.Contains(text, "Nyatakan kartu tidak ditemukan") || strings.Contains(text, "Kartu ini dicari") {
		t.Errorf("before: %s", text)
	}
	counter.by(card, card+"/tidak-ditemukan", url.Values{"reason": {"missing"}}, chief)
	o.cardIs(chip, registry.CardRetired, "")
	if s := o.state(app); s != registry.Returned {
		t.Errorf("the application is %s", s)
	}
	counter.open(card)
	if text := counter.says(); !strings.Contains(text, "Kartu ini dicari") || strings.Contains(text, "Nyatakan kartu tidak ditemukan") {
		t.Errorf("looked for: %s", text)
	}
	room.open("/permohonan/" + string(app))
	if text := room.says(); !strings.Contains(text, "Berita acara kartu hilang") || strings.Contains(text, "Nota pengembalian") {
		t.Errorf("papers: %s", text)
	}
	looked, open, err := o.reg.LookedFor(t.Context(), chip)
	if o.must(err); !open {
		t.Fatal("nobody looks for it")
	}
	room.by("/pengiriman", "/pengiriman/penyelidikan", url.Values{"investigation": {looked.ID}, "outcome": {registry.OutcomeFound}}, chief)
	counter.open(card)
	if text := counter.says(); strings.Contains(text, "Kartu ini dicari") {
		t.Errorf("found: %s", text)
	}
}
