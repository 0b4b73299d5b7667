package keys_test

import (
	"crypto/aes"
	"testing"

	"blanko/keys"
	"blanko/keys/keytest"
)

// Every published vector, with keys in memory.
func TestConformance(t *testing.T) {
	t.Parallel()
	keytest.Run(t, func(t testing.TB, key []byte) keytest.Key {
		t.Helper()
		m, err := keys.NewMaster(key)
		if err != nil {
			t.Fatal(err)
		}
		c, err := aes.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		return keytest.Key{Master: m, Encrypt: func(block []byte) ([]byte, error) {
			out := make([]byte, len(block))
			c.Encrypt(out, block)
			return out, nil
		}}
	})
}
