package personalize

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"time"

	"go.uber.org/zap"

	"blanko/applet"
	"blanko/artwork"
	"blanko/chipdata"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
)

// Devices are what a line works with. Inline lines have Path and no Hands; a desktop line has
// Hands and no Path. Reader reaches the chip wherever the line's encoder stands.
type Devices struct {
	Printer printer.Printer
	Path    printer.Path
	Hands   Hands
	Reader  applet.Transport
	Keys    applet.KeySource
	// Look compares the printed face with the expected one: a camera, or a person's eye and key.
	Look func(ctx context.Context, f Face) (Verdict, error)
}

// Face is what should be on the plastic.
type Face struct {
	Attempt     ktp.AttemptID
	Panels      printer.Panels
	Front, Back *artwork.Face // Back is nil where the template prints none
}

// Verdict on a printed face. Cause is a fault code when it is refused.
type Verdict struct {
	Good  bool
	Cause fault.Code
}

// Signing is what the line signs and trusts: the document signer of the station, the CSCA
// anchors and the center's identity keys by key id.
type Signing struct {
	Signer     chipdata.Signer
	Anchors    []*x509.Certificate
	CenterKeys map[[8]byte]*ecdsa.PublicKey
}

// Setup is the configuration of a line.
type Setup struct {
	ID        jobs.LineID
	Kind      jobs.Kind
	Profile   *chipdata.Profile
	Templates map[string]*artwork.Template // by credential profile id
	Codec     chipdata.Codec
	Signing   Signing
	// Issuance gives what the station adds to a record: authority, place and date of issue.
	Issuance func(r ktp.Record, now time.Time) chipdata.Issuance
	// ICAOView: chips of this line open the ICAO view to whoever knows the zone or the CAN, and the
	// recheck reads them there too; else the view must be closed.
	ICAOView bool
	// Kept is what was prepared before; nil: every order is prepared anew.
	Kept Cache
	// Poll is how often a printer that waits for a person is looked at.
	Poll time.Duration
	// Rest is how the printer cools between cards. It should be shorter than the book's lease: another
	// line may take the order that waits meanwhile.
	Rest Rest
}

// Line makes cards one after the other. Build it with its fields, then Run it; one Run at a time.
type Line struct {
	Setup
	Devices
	Book  Book
	Clock Clock
	Log   *zap.Logger
	// Gate refuses a card that should not be begun now, as on a battery; it is asked before every feed, and
	// once more where a person was waited for meanwhile.
	Gate func(ctx context.Context) error
	// CleanNow reports whether a person has made the printer ready for its cleaning cycle; nil:
	// nobody does it from here.
	CleanNow func(ctx context.Context) bool
	// Observe hears what the line does; it must not block. It may be nil.
	Observe func(Progress)
	// Heard is given every reading of the printer, or why there is none; it must not block. It may be nil.
	Heard func(printer.Capabilities, printer.Status, error)
	// ReadNow asks for a reading while nothing is in work; nil: nobody asks.
	ReadNow <-chan struct{}

	session jobs.Session
	cards   carrier
	encoder *applet.Encoder
	warmth  warmth
	caps    printer.Capabilities // when the line began: faces are drawn beside it, and a printer has one caller at a time
	seen    *printer.Status      // read while the newest chip was written; nil: not, or trouble since
	waited  bool                 // for a person, since the gate was asked
}

// Progress is what a screen shows of a line.
type Progress struct {
	Line    jobs.LineID
	Attempt ktp.AttemptID
	State   jobs.State
	Step    jobs.Step
	Phase   jobs.Phase
	Result  jobs.Result
	Cause   fault.Code
	Took    time.Duration // of a settled step, by the line clock
	Waiting fault.Code    // what a person must do first; empty: nothing
}

// errStop ends the making of a card without a further act: the book is out of reach, the
// fence is old or the context has ended. Recovery goes on from what is on disk.
type errStop struct{ err error }

func (e *errStop) Error() string { return "line stopped: " + e.err.Error() }
func (e *errStop) Unwrap() error { return e.err }

// Run recovers what an earlier run left, then makes cards until the context ends or the book
// fails. A closed drain lets the card in work be finished and nothing new be fed; it may be nil.
func (l *Line) Run(ctx context.Context, drain <-chan struct{}) error {
	if err := l.open(); err != nil {
		return err
	}
	if err := l.recover(ctx); err != nil {
		return err
	}
	if err := l.Signing.Signer.Usable(l.Clock.Now()); err != nil { // before an order is taken
		return err
	}
	ahead, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-drain:
			stop()
		case <-ahead.Done():
		}
	}()
	next := l.prepareAhead(ahead)
	defer func() { // nothing of the line goes on behind the caller's back
		stop()
		for j := range next {
			if j.err == nil {
				l.giveBack(context.WithoutCancel(ctx), j)
			}
		}
	}()
	for {
		var j *job
		select {
		case got, ok := <-next:
			if !ok {
				return ctx.Err()
			}
			j = got
		case <-l.ReadNow:
			_, _ = l.status(ctx) // whoever listens hears how it ended
			continue
		case <-ctx.Done():
			return ctx.Err()
		}
		if j.err != nil {
			return j.err
		}
		if err := l.mayGoOn(ahead); err != nil {
			l.giveBack(ctx, j)
			if ctx.Err() == nil && ahead.Err() != nil {
				continue
			}
			return err
		}
		if err := l.clearPath(ctx); err != nil {
			return err
		}
		if err := l.make(ctx, j, 0); err != nil {
			return err
		}
	}
}

// mayGoOn waits while the printer cools, then asks the gate.
func (l *Line) mayGoOn(ctx context.Context) error {
	if l.Rest != (Rest{}) {
		if err := l.rest(ctx); err != nil {
			return err
		}
	}
	l.waited = false
	if l.Gate != nil {
		return l.Gate(ctx)
	}
	return nil
}

// mayStill asks the gate again where a person was waited for since: the mains may have failed meanwhile. The
// order goes back to the queue, no blank was used, and the gate tells the reason when it is asked next.
func (l *Line) mayStill(ctx context.Context) *trouble {
	if !l.waited || l.Gate == nil {
		return nil
	}
	l.waited = false
	if err := l.Gate(ctx); err != nil {
		return failed(LineStopped.Code, err)
	}
	return nil
}

func (l *Line) open() error {
	if l.Log == nil {
		l.Log = zap.NewNop()
	}
	if l.Poll == 0 {
		l.Poll = time.Second
	}
	switch {
	case l.Kind == jobs.Desktop && l.Hands == nil:
		return LineMisbuilt.At("personalize.Run", nil).With("hands", "a desktop line needs a person's hands")
	case l.Kind != jobs.Desktop && l.Path == nil:
		return LineMisbuilt.At("personalize.Run", nil).With("path", "an inline line needs a printer whose host owns the card's way")
	case (l.Kind == jobs.Inline || l.Kind == jobs.InlineEye) && !l.Printer.Capabilities().ReturnAfterPrint:
		return LineMisbuilt.At("personalize.Run", nil).With("kind", "a printed card does not come back to the encoder of this printer: make it a line of kind %s", jobs.OneWay)
	}
	if l.Kind == jobs.Desktop {
		l.cards = &byHand{l}
	} else {
		l.cards = &byPath{l}
	}
	if l.Printer != nil {
		l.caps = l.Printer.Capabilities()
	}
	l.encoder = &applet.Encoder{Transport: l.Reader, Keys: l.Keys, Profile: l.Profile}
	return nil
}

// giveBack returns a prepared order to the queue; no blank was used.
func (l *Line) giveBack(ctx context.Context, j *job) {
	out := jobs.Outcome{Result: jobs.Failed, Cause: string(LineStopped.Code)}
	if err := l.Book.Settle(ctx, j.order, jobs.Prepare, out); err != nil && !errors.Is(err, context.Canceled) {
		l.Log.Warn("order not given back", zap.Stringer("attempt", j.order.Attempt), zap.Error(err))
	}
}

// Session is the one that the line is in; none has begun where its epoch is 0.
func (l *Line) Session() jobs.Session { return l.session }

func (l *Line) tell(p Progress) {
	if l.Observe != nil {
		p.Line = l.ID
		l.Observe(p)
	}
}
