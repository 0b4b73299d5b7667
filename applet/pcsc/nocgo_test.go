//go:build !cgo

package pcsc

import (
	"testing"

	"blanko/fault"
)

func TestNotBuilt(t *testing.T) {
	t.Parallel()
	_, listed := List(t.Context())
	_, watched := Watch()
	_, opened := Open(t.Context(), Binding{Serial: "1"})
	_, named := OpenReader(t.Context(), "R 00 00")
	for _, err := range []error{listed, watched, opened, named} {
		if !fault.Is(err, NotBuilt) {
			t.Errorf("%v", err)
		}
	}
}
