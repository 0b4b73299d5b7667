package pkcs11

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"blanko/fault"
)

// pins remembers which PIN a token refused, without keeping it.
type pins struct {
	key     [32]byte
	refused map[string]fault.Entry // by serial number and PIN, under the key
}

func newPins() pins {
	p := pins{refused: map[string]fault.Entry{}}
	rand.Read(p.key[:]) // it never fails (crypto/rand)
	return p
}

func (p *pins) mark(serial string, pin []byte) string {
	m := hmac.New(sha256.New, p.key[:])
	m.Write([]byte(serial))
	m.Write([]byte{0})
	m.Write(pin)
	return string(m.Sum(nil))
}

// show shows the PIN to the token: never one that it refused before, and by itself none while the
// token reports a wrong one.
func (t *Token) show(op string, s slot, session uint) error {
	switch {
	case s.pinLocked:
		return PINLocked.At(op, nil).With("token", "%s", s.serial)
	case s.pinDoubtful && !t.config.Attended:
		return PINDoubtful.At(op, nil).With("token", "%s", s.serial)
	case t.config.PIN == nil:
		return PINMissing.At(op, nil)
	}
	pin, err := t.config.PIN()
	if err != nil {
		return PINMissing.At(op, err)
	}
	defer clear(pin)
	mark := t.pins.mark(s.serial, pin)
	if entry, was := t.pins.refused[mark]; was {
		return entry.At(op, nil).With("token", "%s has refused this PIN already", s.serial)
	}
	err = t.module.login(session, pin)
	r, known := errors.AsType[status](err)
	switch {
	case err == nil, r == alreadySignedIn:
		return nil
	case r == pinIncorrect, r == pinInvalid, r == pinLength, r == pinExpired:
		t.pins.refused[mark] = PINWrong
		return PINWrong.At(op, err).With("token", "%s", s.serial)
	case r == pinLocked:
		t.pins.refused[mark] = PINLocked
		return PINLocked.At(op, err).With("token", "%s", s.serial)
	case known && r.gone():
		return TokenAway.At(op, err)
	case r == sessionInvalid: // the PIN was not looked at
		return SessionLost.At(op, err)
	default: // whether the PIN was right is not known; the token will report a wrong one
		return TokenFailed.At(op, err)
	}
}
