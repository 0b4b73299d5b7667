package station

import (
	"slices"
	"testing"
	"time"

	"blanko/applet/inspect"
	"blanko/registry"
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
		if got := listed([]registry.Card{c.card}); !slices.Equal(got, []inspect.ListedCard{{Chip: c.card.Chip, CardStatus: c.want}}) {
			t.Errorf("%+v: %+v", c.card, got)
		}
	}
}

// Nobody here knows whether a card was handed over that another Dinas has: it is not called one that is not.
func TestPassedOnCardIsNotListed(t *testing.T) {
	t.Parallel()
	away := registry.Card{Chip: "0000FAB101020304BA7C", State: registry.CardMade, PassedOnAt: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)}
	if got := listed([]registry.Card{away}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
