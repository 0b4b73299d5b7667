//go:build cgo

package pkcs11

import (
	"context"
	"fmt"
	"testing"

	"blanko/internal/rig"
	"blanko/keys"
	"blanko/keys/keytest"
)

// Every published vector, with the keys on a token.
func TestConformance(t *testing.T) {
	t.Parallel()
	token := openRig(t, rig.NeedSoftHSM(t), nil)
	n := 0
	keytest.Run(t, func(t testing.TB, key []byte) keytest.Key {
		t.Helper()
		n++
		name := Name{"TEST", n}
		if err := token.Load(context.Background(), name, key); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := token.Destroy(context.Background(), name); err != nil {
				t.Error(err)
			}
		})
		list, err := token.Keys(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range list {
			if k.Name == name {
				return keytest.Key{
					Master: keys.Master{MAC: token.mac(name, k.KCV), Size: k.Size, KCV: k.KCV},
					Encrypt: func(block []byte) ([]byte, error) {
						return use(context.Background(), token, "test", func(m cryptoki, l *link, s uint) ([]byte, error) {
							h, err := l.master(m, s, name, k.KCV)
							if err != nil {
								return nil, err
							}
							return m.encrypt(s, h, block)
						})
					},
				}
			}
		}
		t.Fatal(fmt.Errorf("%s was loaded and is not listed", name))
		return keytest.Key{}
	})
}
