//go:build cgo || windows

package pcsc

import (
	"errors"
	"testing"

	"github.com/ebfe/scard"
)

// A card that left while it was powered has agreed on no protocol: no command goes to it, and the program lives.
func TestNoProtocol(t *testing.T) {
	t.Parallel()
	if _, err := (winscardHandle{&scard.Card{}}).transmit([]byte{0, 0xA4, 4, 0, 0}); !errors.Is(err, cardRemoved) {
		t.Errorf("a command without a protocol: %v", err)
	}
}
