package pkcs11

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"slices"

	"blanko/keys"
)

// Key is a key of Blanko on the token, as far as it may be told.
type Key struct {
	Name
	Size    int     // bytes of a master: 16 or 32
	KCV     [3]byte // of a master: first bytes of AES(K, 16 x 01), computed on the token just now
	Public  *ecdsa.PublicKey
	Exposed bool // it can be read out: never to be used
	Local   bool // it was made on the token; else a ceremony loaded it
}

// Held is what the rules of production ask of a key.
func (k Key) Held() keys.Held {
	return keys.Held{Role: k.Role, Generation: k.Generation, Size: k.Size, KCV: k.KCV, Public: k.Public, Exposed: k.Exposed}
}

// Keys lists the keys of Blanko by role and generation. Keys of other programs are left alone.
func (t *Token) Keys(ctx context.Context) ([]Key, error) {
	const op = "pkcs11.Token.Keys"
	return use(ctx, t, op, func(m cryptoki, _ *link, s uint) ([]Key, error) {
		list, err := listed(m, s)
		if err != nil {
			return nil, err
		}
		var out []Key
		for _, o := range list {
			name, mine := parseName(o.label)
			if !mine || o.class == public {
				continue
			}
			k := Key{Name: name, Exposed: o.exposed, Local: o.local}
			switch o.class {
			case secret:
				k.Size = o.size
				if k.KCV, err = checkValue(m, s, o.handle); err != nil {
					return nil, err
				}
			case private:
				if k.Public, err = publicOf(op, list, o); err != nil {
					return nil, err
				}
			}
			out = append(out, k)
		}
		slices.SortFunc(out, func(a, b Key) int {
			return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Generation, b.Generation))
		})
		return out, nil
	})
}

// listed are the objects that a signed-in session shows. A token that signed the user out meanwhile
// shows the public ones alone.
func listed(m cryptoki, session uint) ([]object, error) {
	list, err := m.objects(session)
	if err != nil {
		return nil, err
	}
	in, err := m.signedIn(session)
	if err == nil && !in {
		err = notSignedIn
	}
	return list, err
}

// checkValue is keys.KCV of a key that stays on the token.
func checkValue(m cryptoki, session, key uint) (kcv [3]byte, err error) {
	b, err := m.encrypt(session, key, slices.Repeat([]byte{1}, 16))
	if err != nil {
		return kcv, err
	}
	copy(kcv[:], b)
	return kcv, nil
}

// publicOf finds the public half of a private key: the public object with its label and id.
func publicOf(op string, list []object, key object) (*ecdsa.PublicKey, error) {
	for _, o := range list {
		if o.class != public || o.label != key.label || !slices.Equal(o.id, key.id) {
			continue
		}
		p, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), o.point)
		if err != nil {
			return nil, KeyMissing.At(op, err).With("key", "%s is not on P-256", key.label)
		}
		return p, nil
	}
	return nil, KeyMissing.At(op, nil).With("key", "the public half of %s", key.label)
}

// master finds a master key and proves, once in every sign-in, that it is the one with this check
// value and cannot be read.
func (l *link) master(m cryptoki, session uint, name Name, kcv [3]byte) (uint, error) {
	const op = "pkcs11.link.master"
	return l.find(op, m, session, name.String(), func(o object) bool { return o.class == secret && o.label == name.String() }, func(o object) error {
		got, err := checkValue(m, session, o.handle)
		if err == nil && got != kcv {
			err = KeyChanged.At(op, nil).With("key", "%s has the check value %X, it was %X", name, got, kcv)
		}
		return err
	})
}

// find finds the one key that fits, and proves it once in every sign-in.
func (l *link) find(op string, m cryptoki, session uint, called string, fits func(object) bool, prove func(object) error) (uint, error) {
	l.mu.Lock()
	handle, known := l.keys[called]
	l.mu.Unlock()
	if known {
		return handle, nil
	}
	list, err := listed(m, session)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(o object) bool { return !fits(o) })
	switch {
	case len(list) == 0:
		return 0, KeyMissing.At(op, nil).With("key", "%s", called)
	case len(list) > 1:
		return 0, KeyAmbiguous.At(op, nil).With("key", "%s", called)
	case list[0].exposed:
		return 0, keys.KeyExposed.At(op, nil).With("key", "%s", called)
	}
	if err := prove(list[0]); err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys[called] = list[0].handle
	return list[0].handle, nil
}
