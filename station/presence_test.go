package station

import (
	"context"
	"encoding/hex"
	"testing"

	"blanko/applet"
	"blanko/keys"
	"blanko/ktp"
)

// believes takes every cryptogram for good.
type believes struct{ applet.KeySource }

func (believes) Open(context.Context, byte, [10]byte, [8]byte, byte, []byte) (int, []byte, error) {
	return 1, nil, nil
}
func (believes) Close(int) {}

// An answer without a sequence counter proves no card: of the answer of a chip whoever carries it can leave the
// counter out, with the bit that tells of it, under the same cryptogram (GlobalPlatform Amendment D, section 7.1.1).
func TestAnswerWithoutCounter(t *testing.T) {
	t.Parallel()
	kdd := [10]byte{0, 0, 1, 2, 3, 4, 5, 6, 7, 8}
	answer := append(kdd[:], keys.Reading.Version(), 3, 0x70)
	answer = append(answer, make([]byte, 16)...) // challenge and cryptogram
	whole := append(answer[:len(answer):len(answer)], 0, 0, 9)
	chip := ktp.ChipUID(hex.EncodeToString(kdd[:]))
	c := CardPresence{believes{}}
	if n, good, err := c.Answered(t.Context(), chip, [8]byte{}, whole); n != 9 || !good || err != nil {
		t.Errorf("%d, %v, %v", n, good, err)
	}
	answer[12] = 0x60
	if _, good, err := c.Answered(t.Context(), chip, [8]byte{}, answer); good || err != nil {
		t.Errorf("without its counter: %v, %v", good, err)
	}
}
