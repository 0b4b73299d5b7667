package station

import (
	"slices"
	"testing"

	"blanko/applet/inspect"
	"blanko/registry"
)

// What the register says of a card is on the list in its words: a reason is a word, and nothing else of the ledger.
func TestListedCards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		card registry.Card
		want inspect.CardStatus
	}{
		{registry.Card{State: registry.CardMade}, inspect.CardStatus{Standing: inspect.Made}},
		{registry.Card{State: registry.CardInForce}, inspect.CardStatus{Standing: inspect.InForce}},
		{registry.Card{State: registry.CardInForce, Held: "reported_missing"}, inspect.CardStatus{Standing: inspect.InForce, Held: true, Reason: "reported_missing"}},
		{registry.Card{State: registry.CardRetired, Cause: "registry.surrendered_unreadable"}, inspect.CardStatus{Standing: inspect.Retired, Reason: "surrendered_unreadable"}},
		{registry.Card{State: registry.CardDestroyed, Cause: "Died, at home"}, inspect.CardStatus{Standing: inspect.Retired, Reason: "_ied_at_home"}},
	} {
		c.card.Chip = "0000FAB101020304BA7C"
		if got := listed([]registry.Card{c.card}); !slices.Equal(got, []inspect.ListedCard{{Chip: c.card.Chip, CardStatus: c.want}}) {
			t.Errorf("%+v: %+v", c.card, got)
		}
	}
}
