package applet

import (
	"context"
	"errors"

	"blanko/fault"
)

// chunkSteps are what is tried, each for once and in a new channel, where a longer piece does not
// get through although card and reader said nothing against it: one frame without and with a CID,
// and what old readers carry (card profile KTPEL-OP 1, section 8.3).
var chunkSteps = []int{shortChunk, 223, leastStep}

// trial is what an encoder has learned of its reader: the longest piece that went through either
// way, and the chunk that it is held to since a longer one was refused.
type trial struct {
	wrote, read int
	bound       int  // 0: none
	failed      bool // the error on its way is of a piece longer than any before
}

// wrotePiece and readPiece take note of what became of a piece of n bytes.
func (e *Encoder) wrotePiece(n int, err error) error { return e.trial.note(&e.trial.wrote, n, err) }
func (e *Encoder) readPiece(n int, err error) error  { return e.trial.note(&e.trial.read, n, err) }

func (t *trial) note(longest *int, n int, err error) error {
	t.failed = err != nil && n > max(*longest, leastStep)
	if err == nil {
		*longest = max(*longest, n)
	}
	return err
}

// lengthRefused reports whether an error may come from the length of an APDU, and whether it says
// so itself: 6700, 6Cxx, or a reader that does not send it. A channel that dies and an answer that
// does not come may have many reasons.
func lengthRefused(err error) (maybe, sure bool) {
	if status, ok := errors.AsType[*StatusError](err); ok && (status.SW == SWWrongLength || status.SW>>8 == exactWants) {
		return true, true
	}
	if fault.Is(err, LengthRefused) {
		return true, true
	}
	return fault.Is(err, ChannelDead) || fault.Is(err, CardMute), false
}

// shorten goes down to the next chunk after a piece longer than any before did not get through:
// the card is reset and looked at again, and the claim is shown in a new channel where it was
// shown before. False: the error stands. A refusal that names the length holds for the reader;
// any other for this card alone.
func (e *Encoder) shorten(ctx context.Context, err error) bool {
	maybe, sure := lengthRefused(err)
	failed, was, shown, clean := e.trial.failed, e.lengths, e.shown, e.clean
	e.trial.failed = false
	if !failed || !maybe || ctx.Err() != nil {
		return false
	}
	next := 0
	for _, step := range chunkSteps {
		if step < was.Chunk {
			next = step
			break
		}
	}
	if next == 0 {
		return false
	}
	kdd, attempt := e.kdd, e.attempt
	p, err := e.Probe(ctx)
	if err != nil || p.KDD != kdd || p.Attempt != attempt {
		e.probed = false
		return false
	}
	if sure {
		e.trial.bound = next
	}
	e.lengths.Chunk, e.lengths.Reopened, e.clean = min(e.lengths.Chunk, next), was.Reopened+1, clean
	e.lengths.Extended = e.lengths.Chunk > shortChunk
	return shown.IsZero() || e.proveIssuer(ctx, shown) == nil
}
