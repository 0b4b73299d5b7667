package inspect_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/applet/inspect"
	"blanko/fault"
	"blanko/ktp"
)

// What is sealed is read again by who knows the key, and by nobody else.
func TestStatusListIsSealed(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id, err := inspect.KeyID(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	knows := inspect.Trust{CenterKeys: map[[8]byte]*ecdsa.PublicKey{id: &key.PublicKey}}
	date := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		var cards []inspect.ListedCard
		for _, chip := range rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9A-F]{20}`), 0, 20, rapid.ID).Draw(rt, "chips") {
			c := inspect.ListedCard{Chip: ktp.ChipUID(chip)}
			c.Standing = rapid.SampledFrom([]inspect.Standing{inspect.Made, inspect.InForce, inspect.Retired}).Draw(rt, "standing")
			if c.Held = rapid.Bool().Draw(rt, "held"); c.Held || c.Standing == inspect.Retired {
				c.Reason = rapid.StringMatching(`[a-z0-9_]{1,40}`).Draw(rt, "reason")
			}
			cards = append(cards, c)
		}
		number := rapid.Int64Range(1, 1<<53).Draw(rt, "number")
		text, err := inspect.SealStatusList(number, date.Add(time.Millisecond), cards, key)
		if err != nil {
			rt.Fatal(err)
		}
		l, err := inspect.ParseStatusList(text, knows)
		if err != nil || l.Len() != len(cards) || l.Number != number || !l.Date.Equal(date) || !l.Signed {
			rt.Fatalf("%+v, %v", l, err)
		}
		for _, c := range cards {
			if got, named := l.Find(c.Chip); !named || got != c.CardStatus {
				rt.Fatalf("%s: %+v, want %+v", c.Chip, got, c.CardStatus)
			}
		}
		if _, err := inspect.ParseStatusList(text, inspect.Trust{}); !fault.Is(err, inspect.StatusListUnusable) {
			rt.Fatalf("by a key that nobody knows: %v", err)
		}
	})
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inspect.SealStatusList(1, date, nil, other); !fault.Is(err, inspect.StatusListUnusable) {
		t.Errorf("on another curve: %v", err)
	}
	twice := inspect.ListedCard{Chip: "0000FAB101020304BA7C", CardStatus: inspect.CardStatus{Standing: inspect.Made}}
	if _, err := inspect.SealStatusList(1, date, []inspect.ListedCard{twice, twice}, key); !fault.Is(err, inspect.StatusListUnusable) {
		t.Errorf("a chip twice: %v", err)
	}
}
