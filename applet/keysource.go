package applet

import (
	"context"

	"blanko/fault"
)

// CardCryptogramWrong is the code of the one error of [KeySource.Open] that says something about
// the card: it does not hold the key, or is not the card that its KDD names.
const CardCryptogramWrong fault.Code = "keys.card_cryptogram_wrong"

// KeySource opens secure channels with keys that the caller never sees. It speaks in plain
// types so that software keys, a PKCS#11 token and a SAM card satisfy it without importing
// this room. Handles are small positive numbers; every opened handle is closed. Safe for
// concurrent use by different handles.
type KeySource interface {
	// Describe names the kind ("software", "pkcs11", "sam"), whether production may use it, and
	// the key check value (3 bytes, hex) of each master by role: MK_T, MK_P, MK_SAM, MK_A.
	Describe(ctx context.Context) (kind string, production bool, kcv map[string]string, err error)
	// Challenge makes the 8-byte host challenge for key version kvn.
	Challenge(ctx context.Context, kvn byte) (challenge [8]byte, err error)
	// Open checks the card cryptogram of the INITIALIZE UPDATE answer (data without status
	// word, 29 or 32 bytes) before anything is sent, and returns the EXTERNAL AUTHENTICATE
	// command for the security level. A wrong cryptogram: a fault of code
	// [CardCryptogramWrong], and no handle.
	Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (handle int, command []byte, err error)
	// Wrap protects a plain command for the channel (C-MAC, C-ENC by its level).
	Wrap(ctx context.Context, handle int, capdu []byte) ([]byte, error)
	// Unwrap checks and opens an answer with its status word (R-MAC, R-ENC by its level);
	// an error kills the channel.
	Unwrap(ctx context.Context, handle int, rapdu []byte) ([]byte, error)
	// KeyBlock is the PUT KEY data field for the three diversified AES keys of target, under
	// the Key-DEK of the open channel, with their key check values (ENC, MAC, DEK).
	KeyBlock(ctx context.Context, handle int, target byte, kdd [10]byte) (data []byte, kcv [3][3]byte, err error)
	// Close wipes the channel.
	Close(handle int)
}
