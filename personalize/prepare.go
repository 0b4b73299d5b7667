package personalize

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	_ "image/jpeg" // portraits as delivered
	_ "image/png"  // signature images as delivered

	"go.uber.org/zap"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
)

// Cache keeps what was prepared of a record for the next card of the same record. It answers with
// what it has, or with what fresh makes; neither is changed afterwards. Safe for concurrent use.
type Cache interface {
	Plan(r ktp.Record, fresh func() (*chipdata.Plan, error)) (*chipdata.Plan, error)
	Face(r ktp.Record, fresh func() (Face, error)) (Face, error)
}

// job is an order with everything made that needs no card.
type job struct {
	order  jobs.Order
	state  jobs.State
	plan   *chipdata.Plan // nil when the record's images or fingers were erased already
	face   Face
	hashes map[string]string // of the files on the chip, once written
	// atPrinter: the card is not at the encoder; it has to be brought there.
	atPrinter bool
	seen      bool // its printed face was accepted already
	chip      ktp.ChipUID
	// strange: a cryptogram of the chip was wrong, or the ledger denies the card that was fed. No key
	// is tried on it again.
	strange bool
	met     bool  // by recovery: where the ledger denies a step, it is for what happened in this attempt
	err     error // of the book: the line stops
}

// prepareAhead leases and prepares one order beyond the card in work, so that a line never
// waits for the computer. The channel closes when the context ends; what was prepared and not
// taken goes back to the queue.
func (l *Line) prepareAhead(ctx context.Context) <-chan *job {
	out := make(chan *job)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			o, err := l.Book.Next(ctx, l.session)
			if err != nil {
				if ctx.Err() == nil {
					out <- &job{err: &errStop{err}}
				}
				return
			}
			j, err := l.prepare(o)
			if ofStation(fault.CodeOf(err)) { // no record would fare better
				l.giveBack(context.WithoutCancel(ctx), &job{order: o})
				if ctx.Err() == nil {
					out <- &job{err: &errStop{err}}
				}
				return
			}
			if err != nil {
				if err := l.refuse(ctx, o, err); err != nil {
					if ctx.Err() == nil {
						out <- &job{err: &errStop{err}}
					}
					return
				}
				continue
			}
			select {
			case out <- j:
			case <-ctx.Done():
				l.giveBack(context.WithoutCancel(ctx), j)
				return
			}
		}
	}()
	return out
}

// refuse settles an order that cannot become a card; no blank is used for it.
func (l *Line) refuse(ctx context.Context, o jobs.Order, why error) error {
	out := jobs.Outcome{Result: jobs.Refused, Cause: string(fault.CodeOf(why))}
	if fault.KindOf(why) != fault.Invalid {
		l.Log.Error("preparation failed", zap.Stringer("attempt", o.Attempt), zap.Error(why))
	}
	if out.Cause == "" {
		out.Cause = string(PreparationFailed.Code)
	}
	if e, ok := errors.AsType[*fault.Error](why); ok {
		out.Details = map[string]string{"field": e.Field, "reason": e.Detail}
	}
	l.tell(Progress{Attempt: o.Attempt, State: jobs.Open, Step: jobs.Prepare, Phase: jobs.Settled, Result: out.Result, Cause: fault.Code(out.Cause)})
	return l.Book.Settle(ctx, o, jobs.Prepare, out)
}

// prepare makes chip content and panels of an order.
func (l *Line) prepare(o jobs.Order) (*job, error) {
	const op = "personalize.prepare"
	j := &job{order: o, state: jobs.Open}
	if err := l.proven(o.Record); err != nil {
		return nil, err
	}
	portrait, err := l.decode(o.Record.Portrait)
	if err != nil {
		return nil, PictureUnreadable.At(op, err).With("portrait", "not a picture this station reads")
	}
	signature, err := l.decode(o.Record.Signature)
	if err != nil {
		return nil, PictureUnreadable.At(op, err).With("signature", "not a picture this station reads")
	}
	is := l.Issuance(o.Record, l.Clock.Now())
	if j.plan, err = l.planOf(o.Record, is, portrait, signature); err != nil {
		return nil, err
	}
	return j, l.drawFace(j, is, portrait, signature)
}

// planOf makes the chip content of a record, sealed where no key of the chip is needed.
func (l *Line) planOf(r ktp.Record, is chipdata.Issuance, portrait, signature image.Image) (*chipdata.Plan, error) {
	fresh := func() (*chipdata.Plan, error) {
		plan, err := chipdata.Prepare(l.Profile, r, is, portrait, signature, l.Codec, l.Signing.Signer)
		if err != nil || plan.NeedsChipKeys() {
			return plan, err
		}
		return plan, plan.Seal(chipdata.ChipKeys{}, l.Signing.Signer, is.PersonalizedAt)
	}
	if l.Kept == nil || l.Profile.NeedsChipKeys() { // a plan with keys of one chip is no other chip's
		return fresh()
	}
	return l.Kept.Plan(r, fresh)
}

// prepareFace makes the panels again of a card whose chip is written already.
func (l *Line) prepareFace(j *job) error {
	const op = "personalize.prepareFace"
	portrait, err := l.decode(j.order.Record.Portrait)
	if err != nil {
		return PictureUnreadable.At(op, err).With("portrait", "not a picture this station reads")
	}
	signature, err := l.decode(j.order.Record.Signature)
	if err != nil {
		return PictureUnreadable.At(op, err).With("signature", "not a picture this station reads")
	}
	return l.drawFace(j, l.Issuance(j.order.Record, l.Clock.Now()), portrait, signature)
}

func (l *Line) drawFace(j *job, is chipdata.Issuance, portrait, signature image.Image) (err error) {
	r := j.order.Record
	fresh := func() (Face, error) { return l.faceOf(r, is, portrait, signature) }
	if l.Kept == nil {
		j.face, err = fresh()
	} else {
		j.face, err = l.Kept.Face(r, fresh)
	}
	j.face.Attempt = j.order.Attempt
	j.face.Panels.Job = j.order.Attempt.String()
	return err
}

// faceOf draws the face of a record and separates it into the panels of the printer.
func (l *Line) faceOf(r ktp.Record, is chipdata.Issuance, portrait, signature image.Image) (f Face, err error) {
	const op = "personalize.drawFace"
	template := l.Templates[r.Profile]
	if template == nil {
		return f, ProfileUnknown.At(op, nil).With("credentialProfileId", "no artwork template of this name")
	}
	in := faceInput(r, is, portrait, signature)
	caps := l.caps
	dpi := faceDPI(caps.Geometry)
	if f.Front, err = template.Front(in, dpi); err != nil {
		return f, err
	}
	if f.Back, err = template.Back(in, dpi); err != nil {
		return f, err
	}
	f.Panels.Geometry = caps.Geometry
	if f.Panels.Front, err = printer.Separate(f.Front.Color, f.Front.Black, caps.Geometry, caps.Panels); err != nil || f.Back == nil {
		return f, err
	}
	side, err := printer.Separate(f.Back.Color, f.Back.Black, caps.Geometry, caps.Panels)
	f.Panels.Back = &side
	return f, err
}

func (l *Line) decode(i ktp.Image) (image.Image, error) {
	if i.MIME == l.Codec.MIME() {
		return l.Codec.Decode(i.Data)
	}
	img, _, err := image.Decode(bytes.NewReader(i.Data))
	if m, ok := img.(*image.YCbCr); ok { // which the chip and the face read several times each
		out := image.NewRGBA(m.Rect)
		draw.Draw(out, out.Rect, m, m.Rect.Min, draw.Src)
		return out, nil
	}
	return img, err
}
