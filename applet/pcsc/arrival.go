package pcsc

import (
	"context"
	"time"

	"blanko/applet"
	"blanko/fault"
)

// Arrival is the transport of an encoder in a card path. The printer brings the card and says so at
// once; the service notices it only when it looks for cards the next time, and may show the one
// before for so long. Reset therefore waits for a card that the service has noticed: one that is
// reset earlier is reset again when the service does, in the middle of the work.
type Arrival struct {
	*Transport
	// Patience is how long Reset waits; zero: as the service's own driver polls, twice, and margin.
	Patience time.Duration
}

var _ interface {
	applet.Transport
	applet.Limiter
} = Arrival{}

// arrivalPatience is for a service that looks for a card every 400 ms: once that the last one has
// gone, once that the next one is there, and as much again for a busy machine.
const arrivalPatience = 1600 * time.Millisecond

// arrivalPause is between two tries on a card that is there and does not answer.
const arrivalPause = 50 * time.Millisecond

// Reset is Transport.Reset, tried until a card answers or Patience is over: then its last error. An
// error that is none of a card comes back at once. A service that does not answer is pcsc.no_service,
// never a card that is missing.
func (a Arrival) Reset(ctx context.Context) ([]byte, error) {
	const op = "pcsc.Arrival.Reset"
	patience := a.Patience
	if patience == 0 {
		patience = arrivalPatience
	}
	answering, leave, err := a.attend(ctx, op)
	if err != nil {
		return nil, err
	}
	defer leave()
	wait, stop := context.WithTimeout(ctx, patience)
	defer stop()
	err = NoCard.At(op, applet.CardRemoved.At(op, nil)).With("reader", "%s, for %v", a.Reader().Name, patience)
	for {
		noticed := a.WaitCard(wait)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case wait.Err() != nil:
			if away := answering(); away != nil {
				return nil, away
			}
			return nil, err
		case noticed != nil:
			return nil, noticed
		}
		var atr []byte
		if atr, err = a.Transport.Reset(ctx); err == nil || !fault.Is(err, applet.CardRemoved) && !fault.Is(err, applet.CardMute) {
			return atr, err
		}
		pause := time.NewTimer(arrivalPause)
		select {
		case <-pause.C:
		case <-wait.Done():
			pause.Stop()
		}
	}
}
