package pkcs11

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"slices"

	"blanko/keys"
)

// change runs f in a session that may write. Nothing is tried twice.
func change(ctx context.Context, t *Token, op string, f func(m cryptoki, session uint) error) error {
	_, err := use(ctx, t, op, func(m cryptoki, l *link, _ uint) (struct{}, error) {
		s, err := m.open(l.slot, true)
		if err != nil {
			return struct{}{}, err
		}
		err = f(m, s)
		if _, ok := errors.AsType[status](err); ok { // whether it was done is not known
			err = KeyNotMade.At(op, err)
		}
		_ = m.close(s) // where it went, the next caller is told
		return struct{}{}, err
	})
	return err
}

// absent reports an error where the token has a key of this name already.
func absent(op string, m cryptoki, session uint, name Name) error {
	list, err := listed(m, session)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(o object) bool { return o.label == name.String() }) {
		return KeyNotMade.At(op, nil).With("key", "%s is there already", name)
	}
	return nil
}

// Generate makes a master on the token, of 16 or 32 bytes, which nobody has ever seen.
func (t *Token) Generate(ctx context.Context, name Name, size int) error {
	const op = "pkcs11.Token.Generate"
	return change(ctx, t, op, func(m cryptoki, s uint) error {
		if err := absent(op, m, s, name); err != nil {
			return err
		}
		return m.generateAES(s, name.String(), size)
	})
}

// Load puts a master on the token that a ceremony put together. The caller overwrites key.
func (t *Token) Load(ctx context.Context, name Name, key []byte) error {
	const op = "pkcs11.Token.Load"
	return change(ctx, t, op, func(m cryptoki, s uint) error {
		if err := absent(op, m, s, name); err != nil {
			return err
		}
		return m.load(s, name.String(), key)
	})
}

// GeneratePair makes a pair on P-256 on the token; its private half stays there.
func (t *Token) GeneratePair(ctx context.Context, name Name) (*ecdsa.PublicKey, error) {
	const op, first = "pkcs11.Token.GeneratePair", 16
	err := change(ctx, t, op, func(m cryptoki, s uint) error {
		if err := absent(op, m, s, name); err != nil {
			return err
		}
		id := make([]byte, first) // until the public half is known
		rand.Read(id)             // it never fails (crypto/rand)
		if err := m.generateP256(s, name.String(), id); err != nil {
			return err
		}
		list, err := listed(m, s)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(o object) bool { return !slices.Equal(o.id, id) })
		for _, o := range list {
			if o.class != private {
				continue
			}
			p, err := publicOf(op, list, o)
			if err != nil {
				return err
			}
			if id, err = keys.Identifier(p); err != nil {
				return err
			}
		}
		for _, o := range list {
			if err := m.identify(s, o.handle, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	list, err := t.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		if k.Name == name && k.Public != nil {
			return k.Public, nil
		}
	}
	return nil, KeyNotMade.At(op, nil).With("key", "%s", name)
}

// Destroy destroys a key, both halves of a pair. It cannot be taken back.
func (t *Token) Destroy(ctx context.Context, name Name) error {
	const op = "pkcs11.Token.Destroy"
	return change(ctx, t, op, func(m cryptoki, s uint) error {
		list, err := listed(m, s)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(o object) bool { return o.label != name.String() })
		if len(list) == 0 {
			return KeyMissing.At(op, nil).With("key", "%s", name)
		}
		for _, o := range list {
			if err := m.destroy(s, o.handle); err != nil {
				return err
			}
		}
		return nil
	})
}
