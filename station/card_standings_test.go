package station

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"blanko/applet/inspect"
	"blanko/registry"
	"blanko/registry/stock"
)

// What the register says of a card is on the list in its words: a reason is a word, and nothing else of the ledger.
func TestListedCards(t *testing.T) {
	t.Parallel()
	away := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		card registry.Card
		want inspect.CardStatus
	}{
		{registry.Card{State: registry.CardMade}, inspect.CardStatus{Standing: inspect.Made}},
		{registry.Card{State: registry.CardInForce}, inspect.CardStatus{Standing: inspect.InForce}},
		{registry.Card{State: registry.CardInForce, Held: "reported_missing"}, inspect.CardStatus{Standing: inspect.InForce, Held: true, Reason: "reported_missing"}},
		{registry.Card{State: registry.CardRetired, Cause: "registry.surrendered_unreadable"}, inspect.CardStatus{Standing: inspect.Retired, Reason: "surrendered_unreadable"}},
		{registry.Card{State: registry.CardDestroyed, Cause: "Died, at home"}, inspect.CardStatus{Standing: inspect.Retired, Reason: "_ied_at_home"}},
		{registry.Card{State: registry.CardMade, PassedOnAt: away, Held: "revoked"}, inspect.CardStatus{Standing: inspect.InForce, Held: true, Reason: "revoked"}},
		{registry.Card{State: registry.CardInForce, PassedOnAt: away}, inspect.CardStatus{Standing: inspect.InForce}},
		{registry.Card{State: registry.CardRetired, PassedOnAt: away, Cause: "lost"}, inspect.CardStatus{Standing: inspect.Retired, Reason: "lost"}},
	} {
		c.card.Chip = "0000FAB101020304BA7C"
		if got := listed([]registry.Card{c.card}, nil); !slices.Equal(got, []inspect.ListedCard{{Chip: c.card.Chip, CardStatus: c.want}}) {
			t.Errorf("%+v: %+v", c.card, got)
		}
	}
}

// Nobody here knows whether a card was handed over that another Dinas has: it is not called one that is not.
func TestPassedOnCardIsNotListed(t *testing.T) {
	t.Parallel()
	away := registry.Card{Chip: "0000FAB101020304BA7C", State: registry.CardMade, PassedOnAt: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)}
	if got := listed([]registry.Card{away}, nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// A denied chip is on the list once and as such, whether it became a card or not; what no chip has for a number would spoil
// the list for everybody.
func TestDeniedChipsAreListed(t *testing.T) {
	t.Parallel()
	const card, blank = "0000FAB101020304BA7C", "0000FAB101020304BA7D"
	got := listed([]registry.Card{{Chip: card, State: registry.CardInForce, Held: "reported_missing"}},
		[]stock.DeniedBlank{{Chip: card, Reason: "stolen"}, {Chip: blank, Reason: "stock.suspended"}, {Chip: "no number of a chip", Reason: "stolen"}})
	if !slices.Equal(got, []inspect.ListedCard{
		{Chip: card, CardStatus: inspect.CardStatus{Standing: inspect.Denied, Reason: "stolen"}},
		{Chip: blank, CardStatus: inspect.CardStatus{Standing: inspect.Denied, Reason: "suspended"}},
	}) {
		t.Errorf("%+v", got)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inspect.SealStatusList(1, time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC), got, key); err != nil {
		t.Error(err)
	}
}
