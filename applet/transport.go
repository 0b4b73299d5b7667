package applet

import "context"

// Transport carries one APDU and its one answer. After an error the card's state is
// unknown: probe before any act. One card, one caller: not safe for concurrent use.
type Transport interface {
	// Transmit sends a command of 4 to 261 bytes (or extended) and returns the answer with
	// its status word, at least two bytes. A status word other than 9000 is an answer, not
	// an error. A card that is gone or mute is an error (fault code applet.card_removed or
	// applet.card_mute), as is one that lies there and was reset by somebody else
	// (applet.card_reset) and a reader that went away (applet.reader_away). The transport may
	// put a code of its own over these. The context bounds the wait.
	Transmit(ctx context.Context, capdu []byte) (rapdu []byte, err error)
	// Reset switches the field off and on and returns the ATR; channels are gone afterwards.
	Reset(ctx context.Context) (atr []byte, err error)
	// Close gives the reader back; the card loses power.
	Close() error
}

// Limits are the longest APDUs that something on the way to the card takes, in bytes of the whole
// command and of the whole answer, length fields and status word included. Zero: it does not say.
type Limits struct{ Command, Answer int }

// Limiter is a transport whose reader says how long an APDU it carries. It is asked after a
// reset. A transport without it, and one that answers zeros, is taken to carry what the card
// takes, until a command of that length fails.
type Limiter interface{ Limits() Limits }
