//go:build !cgo

package openjpeg

import (
	"testing"

	"blanko/fault"
)

func TestNotBuilt(t *testing.T) {
	t.Parallel()
	if c, err := New(); c != nil || !fault.Is(err, notBuilt) {
		t.Errorf("%v, %v", c, err)
	}
}
