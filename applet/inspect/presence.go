package inspect

import (
	"context"

	"blanko/applet"
	"blanko/chipdata"
)

// Answer has the chip on a reader answer a challenge of somebody else, by its own reading key (KVN 38): 32
// bytes, the data of the answer to INITIALIZE UPDATE. Whoever holds MK_SAM can check it, and nobody else make
// it; a SAM checks such answers and makes none. No channel is opened, and the card counts no failure.
//
// Active authentication would need no key at the checker, but runs in the ICAO view alone, which the cards of
// production close (card profile KTPEL-OP 1, section 7.4).
func Answer(ctx context.Context, t applet.Transport, challenge [8]byte) ([]byte, error) {
	const op = "inspect.Answer"
	p, err := chipdata.LoadProfile(profileNames[0])
	if err != nil {
		return nil, err
	}
	c := &applet.Card{Transport: t, Profile: p}
	if _, err := c.Reset(ctx); err != nil {
		return nil, err
	}
	var answer []byte
	for _, cmd := range []applet.Command{applet.SelectApplication(p.AID), applet.InitializeUpdate(p.Keys.SAM, challenge)} {
		a, err := c.Plain(ctx, cmd)
		if err != nil {
			return nil, err
		}
		if a.SW != applet.SWOK {
			return nil, applet.UnexpectedStatus.At(op, &applet.StatusError{Header: [4]byte{cmd.CLA, cmd.INS, cmd.P1, cmd.P2}, SW: a.SW})
		}
		answer = a.Data
	}
	return answer, nil
}
