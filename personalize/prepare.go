package personalize

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // portraits as delivered
	_ "image/png"  // signature images as delivered

	"go.uber.org/zap"

	"blanko/chipdata"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
)

// job is an order with everything made that needs no card.
type job struct {
	order  jobs.Order
	state  jobs.State
	plan   *chipdata.Plan // nil when the record's images or fingers were erased already
	face   Face
	hashes map[string]string // of the files on the chip, once written
	// atPrinter: the card is not at the encoder; it has to be brought there.
	atPrinter bool
	chip      ktp.ChipUID
	err       error // of the book: the line stops
}

// prepareAhead leases and prepares one order beyond the card in work, so that a line never
// waits for the computer. The channel closes when the context ends; what was prepared and not
// taken goes back to the queue.
func (l *Line) prepareAhead(ctx context.Context) <-chan *job {
	out := make(chan *job)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			o, err := l.Book.Next(ctx, l.ID)
			if err != nil {
				if ctx.Err() == nil {
					out <- &job{err: &errStop{err}}
				}
				return
			}
			j, err := l.prepare(o)
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
	portrait, err := l.decode(o.Record.Portrait)
	if err != nil {
		return nil, PictureUnreadable.At(op, err).With("portrait", "not a picture this station reads")
	}
	signature, err := l.decode(o.Record.Signature)
	if err != nil {
		return nil, PictureUnreadable.At(op, err).With("signature", "not a picture this station reads")
	}
	is := l.Issuance(o.Record, l.Clock.Now())
	if j.plan, err = chipdata.Prepare(l.Profile, o.Record, is, portrait, signature, l.Codec, l.Signing.Signer); err != nil {
		return nil, err
	}
	if !j.plan.NeedsChipKeys() {
		if err := j.plan.Seal(chipdata.ChipKeys{}, l.Signing.Signer, is.PersonalizedAt); err != nil {
			return nil, err
		}
	}
	return j, l.drawFace(j, is, portrait, signature)
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

func (l *Line) drawFace(j *job, is chipdata.Issuance, portrait, signature image.Image) error {
	const op = "personalize.drawFace"
	r := j.order.Record
	template := l.Templates[r.Profile]
	if template == nil {
		return ProfileUnknown.At(op, nil).With("credentialProfileId", "no artwork template of this name")
	}
	in := faceInput(r, is, portrait, signature)
	front, err := template.Front(in, faceDPI)
	if err != nil {
		return err
	}
	back, err := template.Back(in, faceDPI)
	if err != nil {
		return err
	}
	caps := l.Printer.Capabilities()
	j.face = Face{Attempt: j.order.Attempt, Front: front, Back: back}
	j.face.Panels = printer.Panels{Job: j.order.Attempt.String(), Geometry: caps.Geometry}
	if j.face.Panels.Front, err = printer.Separate(front.Color, front.Black, caps.Geometry, caps.Panels); err != nil {
		return err
	}
	if back != nil {
		side, err := printer.Separate(back.Color, back.Black, caps.Geometry, caps.Panels)
		if err != nil {
			return err
		}
		j.face.Panels.Back = &side
	}
	return nil
}

func (l *Line) decode(i ktp.Image) (image.Image, error) {
	if i.MIME == l.Codec.MIME() {
		return l.Codec.Decode(i.Data)
	}
	img, _, err := image.Decode(bytes.NewReader(i.Data))
	return img, err
}
