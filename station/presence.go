package station

import (
	"context"
	"encoding/hex"

	"blanko/applet"
	"blanko/fault"
	"blanko/keys"
	"blanko/ktp"
)

// CardPresence checks with the reading keys (MK_SAM) of a key source that a chip answered a challenge of the
// station. It satisfies registry.Chips.
type CardPresence struct{ Keys applet.KeySource }

// Challenge makes a host challenge.
func (c CardPresence) Challenge(ctx context.Context) ([8]byte, error) {
	return c.Keys.Challenge(ctx, keys.Reading.Version())
}

// Answered compares the card cryptogram, and the challenge of the card with its sequence counter, which it has to
// tell. No channel is used: the chip never hears of the one that is opened here.
func (c CardPresence) Answered(ctx context.Context, chip ktp.ChipUID, challenge [8]byte, answer []byte) (int, bool, error) {
	const cMAC = 0x01
	a, err := keys.ParseInitialized(answer)
	if kdd, malformed := hex.DecodeString(string(chip)); err != nil || malformed != nil || !a.Counts() || string(a.KDD[:]) != string(kdd) || a.KVN != keys.Reading.Version() {
		return 0, false, nil //nolint:nilerr // what is no answer of this chip does not prove it
	}
	handle, _, err := c.Keys.Open(ctx, a.KVN, a.KDD, challenge, cMAC, answer)
	switch {
	case fault.CodeOf(err) == applet.CardCryptogramWrong:
		return 0, false, nil
	case err != nil:
		return 0, false, err
	}
	c.Keys.Close(handle)
	return a.Counter(), true, nil
}
