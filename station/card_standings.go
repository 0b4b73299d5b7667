package station

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"blanko/applet/inspect"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"
)

// CardStatusListCommand is blanko card status-list.
type CardStatusListCommand struct {
	TokenChoice
	File string `arg:"" help:"File to write; one that is there is left as it is." placeholder:"FILE"`
	Key  string `help:"Write the public key of the token there, too, as PEM, for the folder of --status-keys of who reads the list." placeholder:"FILE"`
}

// Run writes the standing of every card in the register and of every chip on the deny list, signed by the token's own key.
func (c CardStatusListCommand) Run(ctx context.Context, t Terminal) error {
	return withLedger(ctx, c.ConfigFile, func(_ Config, reg *registry.Registry) error {
		token, _, err := c.open(t, t.asker())
		if err != nil {
			return err
		}
		defer token.Close()
		own, err := ownKey(ctx, token)
		if err != nil {
			return err
		}
		text, number, cards, err := sealStandings(ctx, reg, own, time.Now())
		if err != nil {
			return err
		}
		if err := newFile(c.File, text); err != nil {
			return err
		}
		if c.Key != "" {
			spki, err := x509.MarshalPKIXPublicKey(own.Public())
			if err != nil {
				return err
			}
			if err := newFile(c.Key, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(say("Daftar status nomor %d: %d kartu.", "Status list number %d: %d cards.", number, cards)))
		return err
	})
}

// statusList writes the list for /v1, sealed by the token of the lines; nil: there is none.
func (k stationKeys) statusList(reg *registry.Registry, now func() time.Time) func(context.Context) ([]byte, error) {
	if k.ring == nil || k.misbuilt != nil {
		return nil
	}
	var (
		mu   sync.Mutex
		text []byte
		at   time.Time
	)
	return func(ctx context.Context) ([]byte, error) {
		mu.Lock()
		defer mu.Unlock()
		if text != nil && now().Sub(at).Abs() < sealedFor {
			return text, nil
		}
		own, err := ownKey(ctx, k.ring.token)
		if err != nil {
			return nil, err
		}
		fresh, _, _, err := sealStandings(ctx, reg, own, now())
		if err == nil {
			text, at = fresh, now()
		}
		return fresh, err
	}
}

// sealedFor is how long a sealed list is given again: it costs a signature of the token and a look at every card.
const sealedFor = time.Minute

// sealStandings is the list of all cards and denied chips, its number, and how many stand on it.
func sealStandings(ctx context.Context, reg *registry.Registry, key crypto.Signer, now time.Time) (text []byte, number int64, cards int, err error) {
	list, denied, number, err := reg.Standings(ctx)
	if err != nil {
		return nil, 0, 0, err
	}
	number = max(1, number)
	named := listed(list, denied)
	text, err = inspect.SealStatusList(number, now, named, key)
	return text, number, len(named), err
}

// listed are the cards of a register as a status list has them. Whether a card that another Dinas has was handed over
// is not known here: the list does not name it. One that is held counts as handed over, since the hold is what matters.
// A chip of the deny list is named as such, whether it is a card or not; what is no number of a chip is none.
func listed(cards []registry.Card, denied []stock.DeniedBlank) []inspect.ListedCard {
	list := make([]inspect.ListedCard, 0, len(cards)+len(denied))
	refused := map[ktp.ChipUID]bool{}
	for _, d := range denied {
		if refused[d.Chip] = true; d.Chip.Valid() {
			list = append(list, inspect.ListedCard{Chip: d.Chip, CardStatus: inspect.CardStatus{Standing: inspect.Denied, Reason: reasonWord(d.Reason)}})
		}
	}
	for _, c := range cards {
		if refused[c.Chip] {
			continue
		}
		one := inspect.ListedCard{Chip: c.Chip, CardStatus: inspect.CardStatus{Standing: standings[c.State]}}
		if c.State == registry.CardMade && !c.PassedOnAt.IsZero() {
			if c.Held == "" {
				continue
			}
			one.Standing = inspect.InForce
		}
		if c.Held != "" {
			one.Held, one.Reason = true, reasonWord(c.Held)
		} else if one.Standing == inspect.Retired {
			one.Reason = reasonWord(c.Cause)
		}
		list = append(list, one)
	}
	return list
}

var standings = map[registry.CardState]inspect.Standing{
	registry.CardMade: inspect.Made, registry.CardInForce: inspect.InForce, registry.CardRetired: inspect.Retired, registry.CardDestroyed: inspect.Retired,
}

var otherThanWord = regexp.MustCompile(`[^a-z0-9_]+`)

// reasonWord is a code of the ledger as a status list has it: registry.mute is mute.
func reasonWord(code string) string {
	const most = 40
	word := otherThanWord.ReplaceAllString(code[strings.LastIndexByte(code, '.')+1:], "_")
	return word[:min(len(word), most)]
}
