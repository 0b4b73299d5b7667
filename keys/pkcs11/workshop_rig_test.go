//go:build cgo

package pkcs11

import (
	"bytes"
	"testing"

	"blanko/internal/rig"
	"blanko/keys"
)

// pin gives a PIN as a credential file does: fresh bytes every time.
func pin(text string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(text), nil }
}

// openRig opens the token of a rig.
func openRig(t testing.TB, h *rig.SoftHSM, change func(*Config)) *Token {
	t.Helper()
	c := Config{Module: h.Module, Label: h.Label, PIN: pin(h.PIN), Workers: 2}
	if change != nil {
		change(&c)
	}
	token, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(token.Close)
	return token
}

// masterBytes are masters of a test, one for each role, as a ceremony would load them.
func masterBytes(generation int) map[keys.Role][]byte {
	out := map[keys.Role][]byte{}
	for i, role := range keys.Roles {
		key := bytes.Repeat([]byte{byte(0x5A + i), byte(0xC3 - i), byte(generation), 0x17}, 4)
		out[role] = key
	}
	return out
}

// equip loads the masters of a generation.
func equip(t testing.TB, token *Token, generation int) {
	t.Helper()
	for role, key := range masterBytes(generation) {
		if err := token.Load(t.Context(), Name{role, generation}, key); err != nil {
			t.Fatal(err)
		}
	}
}
