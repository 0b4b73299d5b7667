package chip

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Kind is what goes wrong with a card.
type Kind string

const (
	// FieldLoss takes the power away: the card is dead until a reset and its channel is gone.
	// Placed on a page it tears an UPDATE BINARY there; an atomic command that programs the
	// page has not happened.
	FieldLoss Kind = "field_loss"
	// NVMError makes the programming of a page fail: the command answers 6581. Lasting: every
	// later page fails too.
	NVMError Kind = "nvm_error"
	// Corrupt programs a page of a file with one wrong bit and answers 9000.
	Corrupt Kind = "corrupt"
	// Mute leaves the command and those after it without an answer until a reset.
	Mute Kind = "mute"
	// Die is Mute for good: a reset finds no card.
	Die Kind = "die"
	// Garble alters the last byte before the status word (a byte of the R-MAC under a
	// channel), or the status word of an answer that has nothing else.
	Garble Kind = "garble"
	// Slow multiplies the card's own time by Factor from there on.
	Slow Kind = "slow"

	// WrongTransportKey delivers the card with a key set 30 that nobody knows.
	WrongTransportKey Kind = "wrong_transport_key"
	// AlreadyActive delivers a card that is in use: active, under Attempt, with foreign keys.
	AlreadyActive Kind = "already_active"
	// ForeignAttempt delivers a card that Attempt has claimed.
	ForeignAttempt Kind = "foreign_attempt"
	// ForeignATR makes another ATR of the same card; the default is a MIFARE DESFire's.
	ForeignATR Kind = "foreign_atr"
	// ForeignCard delivers a card of another make: without the application, with a foreign ATR.
	ForeignCard Kind = "foreign_card"
)

// Fault is one fault of one card. The kinds up to Slow happen once, at a place of the card's
// own time line; the later ones are the state in which the card is delivered and take effect
// at once.
type Fault struct {
	Kind Kind
	// APDU is the number of the command, counted as View.APDUs; the fault happens when the
	// command arrives. A number that is past means the next command.
	APDU int
	// After moves it to the end of that command: everything is done, the answer not sent.
	After bool
	// Page is the number of the page, counted as View.Pages, while it is programmed; for
	// FieldLoss, NVMError and Corrupt. With APDU and Page zero: the next command, for Corrupt
	// and NVMError the next page.
	Page int

	Factor  float64  // Slow
	Lasting bool     // NVMError
	Attempt [16]byte // AlreadyActive, ForeignAttempt; zero: drawn from the card's random source
	ATR     []byte   // ForeignATR
}

// Errors of Transmit and Reset. After either the card's state is unknown to the host.
var (
	// ErrFieldLost: the card has no power, or lost it during the command. A reset revives it.
	ErrFieldLost = errors.New("chip: field lost")
	// ErrMute: the card did not answer within the waiting time. Its method Timeout says true, as
	// those of the package net do.
	ErrMute error = silence{}
)

type silence struct{}

func (silence) Error() string { return "chip: no answer" }
func (silence) Timeout() bool { return true }

// desfireATR is what PC/SC readers show for a MIFARE DESFire EV1 (historical byte 80).
var desfireATR = []byte{0x3B, 0x81, 0x80, 0x01, 0x80, 0x80}

// onTimeline lists the kinds that have a place in time, and whether a page can be the place.
var onTimeline = map[Kind]bool{
	FieldLoss: true, NVMError: true, Corrupt: true, Mute: false, Die: false, Garble: false, Slow: false,
}

// Inject gives the card a fault. An unknown kind or an impossible place is an error and
// changes nothing.
func (c *Card) Inject(f Fault) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	pageable, timed := onTimeline[f.Kind]
	switch {
	case !timed:
		return c.deliver(f)
	case f.Page < 0 || f.APDU < 0 || f.Page > 0 && (f.APDU > 0 || f.After || !pageable):
		return fmt.Errorf("chip: fault %s cannot be at APDU %d, page %d", f.Kind, f.APDU, f.Page)
	case f.Kind == Slow && f.Factor <= 0:
		return fmt.Errorf("chip: fault slow needs a factor above 0, not %g", f.Factor)
	case f.After && f.Kind != FieldLoss && f.Kind != Mute && f.Kind != Die:
		return fmt.Errorf("chip: fault %s has no place behind a command", f.Kind)
	}
	f.ATR = slices.Clone(f.ATR)
	c.faults = append(c.faults, f)
	return nil
}

// deliver makes the card what it was delivered as.
func (c *Card) deliver(f Fault) error {
	if f.APDU != 0 || f.Page != 0 || f.After {
		return fmt.Errorf("chip: fault %s is a state of delivery and has no place in time", f.Kind)
	}
	switch f.Kind {
	case ForeignATR, ForeignCard:
		c.atr = slices.Clone(f.ATR)
		if len(c.atr) == 0 {
			c.atr = desfireATR
		}
		if f.Kind == ForeignCard {
			c.foreign, c.master = true, nil
		}
		return nil
	case WrongTransportKey:
		return c.drawKeys(kvnTransport)
	case AlreadyActive, ForeignAttempt:
		id := f.Attempt
		if id == ([16]byte{}) {
			if _, err := io.ReadFull(c.random, id[:]); err != nil {
				return fmt.Errorf("chip: random source: %w", err)
			}
		}
		if f.Kind == AlreadyActive {
			if err := c.drawKeys(kvnIssuer, kvnSAM, kvnAdmin); err != nil {
				return err
			}
			*c.keys(kvnTransport) = keySet{kvn: kvnTransport}
			c.marker, c.state = markerWritten, stateActive
		} else {
			c.marker, c.state = markerClaimed, stateClaimed
		}
		c.attempt = id
		c.refreshPROF()
		return nil
	}
	return fmt.Errorf("chip: unknown fault %q", f.Kind)
}

// drawKeys replaces key sets with random ones.
func (c *Card) drawKeys(versions ...byte) error {
	for _, v := range versions {
		var b [48]byte
		if _, err := io.ReadFull(c.random, b[:]); err != nil {
			return fmt.Errorf("chip: random source: %w", err)
		}
		*c.keys(v) = newKeySet(v, b[:16], b[16:32], b[32:])
	}
	return nil
}

// take removes and returns a fault for which due holds.
func (c *Card) take(due func(*Fault) bool) (Fault, bool) {
	for i := range c.faults {
		if due(&c.faults[i]) {
			f := c.faults[i]
			c.faults = slices.Delete(c.faults, i, i+1)
			return f, true
		}
	}
	return Fault{}, false
}

// meet applies the faults that wait for this command, at its beginning or at its end.
func (c *Card) meet(after bool) {
	for {
		f, ok := c.take(func(f *Fault) bool {
			perPage := f.Page > 0 || f.APDU == 0 && (f.Kind == Corrupt || f.Kind == NVMError)
			return !perPage && f.After == after && f.APDU <= c.apdus
		})
		if !ok {
			return
		}
		switch f.Kind {
		case FieldLoss:
			c.lost = true
		case Mute:
			c.mute = true
		case Die:
			c.mute, c.dead = true, true
		case Garble:
			c.garble = true
		case Slow:
			c.factor *= f.Factor
		case NVMError:
			c.nvmFails, c.nvmLasting = true, c.nvmLasting || f.Lasting
		case Corrupt:
			c.corrupt = true
		}
	}
}

// meetPage applies the faults that wait for the page now being programmed.
func (c *Card) meetPage(ofFile bool) {
	f, ok := c.take(func(f *Fault) bool {
		if f.Kind == Corrupt && !ofFile || f.APDU > c.apdus {
			return false
		}
		return f.Page > 0 && f.Page <= c.pages || f.Page == 0 && f.APDU == 0 && (f.Kind == Corrupt || f.Kind == NVMError)
	})
	if !ok {
		return
	}
	switch f.Kind {
	case FieldLoss:
		c.lost = true
	case NVMError:
		c.nvmFails, c.nvmLasting = true, c.nvmLasting || f.Lasting
	case Corrupt:
		c.corrupt = true
	}
}
