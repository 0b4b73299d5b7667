//go:build !cgo

package pkcs11

import (
	"testing"

	"blanko/fault"
)

func TestNotBuilt(t *testing.T) {
	t.Parallel()
	if _, err := Open(Config{Module: "any.so", Label: "any"}); !fault.Is(err, NotBuilt) {
		t.Errorf("%v", err)
	}
}
