package icao

import (
	"bytes"
	"context"
	"crypto/subtle"

	"blanko/applet"
)

// Sizes of Basic Access Control (Doc 9303-11, 4.3).
const (
	challengeBytes = 8
	keyShare       = 16
	bacText        = 2*challengeBytes + keyShare
	bacMessage     = bacText + macBytes
)

// basic opens the session by Basic Access Control; the LDS application is selected.
func (s *Session) basic(ctx context.Context, a Access) error {
	const op = "icao.Open"
	cmd := applet.Command{INS: insGetChallenge, Expect: challengeBytes}
	answer, err := s.card.Plain(ctx, cmd)
	if err != nil {
		return err
	}
	if answer.SW != applet.SWOK {
		return NotSupported.At(op, statusOf(cmd, answer.SW)).With("access", "the card offers no access by the zone")
	}
	theirs := answer.Data
	if len(theirs) != challengeBytes {
		return AnswerMalformed.At(op, nil).With("GET CHALLENGE", "%d bytes, expected %d", len(theirs), challengeBytes)
	}
	ours, err := s.draw(challengeBytes)
	if err != nil {
		return err
	}
	share, err := s.draw(keyShare)
	if err != nil {
		return err
	}
	keys := bacSuite(a.information())
	zero := make([]byte, keys.block)
	text := encryptCBC(keys.enc, zero, bytes.Join([][]byte{ours, theirs, share}, nil))
	cmd = applet.Command{INS: insExternalAuthenticate, Data: append(text, keys.mac(pad(text, keys.block))...), Expect: bacMessage}
	if answer, err = s.card.Plain(ctx, cmd); err != nil {
		return err
	}
	switch answer.SW {
	case applet.SWOK:
	case applet.SWCryptogramFailed, applet.SWSecurityStatus, applet.SWSMObjectWrong:
		return AccessRefused.At(op, statusOf(cmd, answer.SW)).With("access", "the card does not know this zone")
	case applet.SWAuthBlocked:
		return AccessSuspended.At(op, statusOf(cmd, answer.SW))
	default:
		return applet.UnexpectedStatus.At(op, statusOf(cmd, answer.SW))
	}
	if len(answer.Data) != bacMessage {
		return AnswerMalformed.At(op, nil).With("EXTERNAL AUTHENTICATE", "%d bytes, expected %d", len(answer.Data), bacMessage)
	}
	text, mac := answer.Data[:bacText], answer.Data[bacText:]
	if subtle.ConstantTimeCompare(keys.mac(pad(text, keys.block)), mac) != 1 {
		return AnswerMalformed.At(op, nil).With("EXTERNAL AUTHENTICATE", "the checksum is wrong")
	}
	plain := decryptCBC(keys.enc, zero, text)
	if !bytes.Equal(plain[:challengeBytes], theirs) || !bytes.Equal(plain[challengeBytes:2*challengeBytes], ours) {
		return AnswerMalformed.At(op, nil).With("EXTERNAL AUTHENTICATE", "the challenges do not come back")
	}
	seed := make([]byte, keyShare)
	subtle.XORBytes(seed, share, plain[2*challengeBytes:])
	const half = challengeBytes / 2
	s.sm = newMessaging(tripleDES(applet.Key3DES(seed, counterENC), applet.Key3DES(seed, counterMAC)), append(bytes.Clone(theirs[half:]), ours[half:]...))
	s.protocol, s.password = BAC, PasswordMRZ
	return nil
}
