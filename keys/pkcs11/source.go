package pkcs11

import (
	"context"
	"slices"

	"blanko/keys"
)

// Kind is the word that Describe gives.
const Kind = "pkcs11"

// Source satisfies applet.KeySource with the masters of a token. The key of a card leaves the token
// as the CMACs that it is made of, is used and overwritten; a master never does.
type Source struct {
	*keys.Host
	Present map[keys.Role]keys.Master // for new cards
}

// Source takes the masters that the token holds: of each role the highest generation for new cards,
// the lower ones for cards that are under them. production says whether the station found the token
// fit for cards of real persons.
func (t *Token) Source(ctx context.Context, production bool) (*Source, error) {
	const op = "pkcs11.Token.Source"
	list, err := t.Keys(ctx)
	if err != nil {
		return nil, err
	}
	config := keys.Config{
		Kind: Kind, Production: production, Masters: map[keys.Role]keys.Master{}, Older: map[keys.Role][]keys.Master{},
		Challenge: func() (c [8]byte, err error) {
			b, err := use(context.Background(), t, "pkcs11.Source.Challenge", func(m cryptoki, _ *link, s uint) ([]byte, error) { return m.random(s, len(c)) })
			copy(c[:], b)
			return c, err
		},
	}
	for _, k := range slices.Backward(list) { // the highest generation first
		switch {
		case !slices.Contains(keys.Roles, k.Role):
			continue
		case k.Exposed:
			return nil, keys.KeyExposed.At(op, nil).With("key", "%s", k.Name)
		case k.Size != 16 && k.Size != 32:
			return nil, KeyMissing.At(op, nil).With("key", "%s has %d bytes; 16 or 32 are allowed", k.Name, k.Size)
		}
		m := keys.Master{MAC: t.mac(k.Name, k.KCV), Size: k.Size, KCV: k.KCV}
		if _, there := config.Masters[k.Role]; !there {
			config.Masters[k.Role] = m
		} else {
			config.Older[k.Role] = append(config.Older[k.Role], m)
		}
	}
	return &Source{keys.NewHost(config), config.Masters}, nil
}

// mac is AES-CMAC under a master on the token.
func (t *Token) mac(name Name, kcv [3]byte) keys.MAC {
	const op = "pkcs11.Source.mac"
	return func(message []byte) ([16]byte, error) {
		return use(context.Background(), t, op, func(m cryptoki, l *link, s uint) (out [16]byte, err error) {
			key, err := l.master(m, s, name, kcv)
			if err != nil {
				return out, err
			}
			b, err := m.cmac(s, key, message)
			if err == nil && len(b) != len(out) {
				err = TokenFailed.At(op, nil).With("CMAC", "%d bytes", len(b))
			}
			copy(out[:], b)
			clear(b)
			return out, err
		})
	}
}
