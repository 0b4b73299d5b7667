package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/registry"
	"blanko/station"
)

// posts gives the lines that want a person one: those without a camera, and desktop lines.
func (s *scene) posts(r *room) {
	if s == nil {
		return
	}
	r.eyes, r.hands = map[jobs.LineID]eye{}, map[jobs.LineID]personalize.Hands{}
	for _, id := range s.Devices.Eye {
		r.eyes[jobs.LineID(id)] = s.look
	}
	if !s.Devices.desktop() {
		return
	}
	for _, id := range s.lines() {
		c := r.carrier(id, deskOf(id))
		c.more = func() []*machine.Plastic { return s.demo.draw(id, refill) }
		s.carriers[id] = c
		r.eyes[id] = s.look
		r.hands[id] = func(ctx context.Context, ask personalize.Ask) error { return s.carry(ctx, id, ask) }
	}
}

// carrier is the person of a desktop line; nil: it is another line.
func (s *scene) carrier(id jobs.LineID) *carrier {
	if s == nil {
		return nil
	}
	return s.carriers[id]
}

// look asks in the ledger for a face; the person at the line answers there.
func (s *scene) look(ctx context.Context, f personalize.Face) (personalize.Verdict, error) {
	q, err := s.met(ctx,
		func(ctx context.Context) (registry.Question, error) {
			return s.demo.reg.AskAbout(ctx, f.Attempt, registry.AskFace, "")
		},
		func(q registry.Question) bool { return q.Attempt == f.Attempt && q.Kind == registry.AskFace },
		func(ctx context.Context, q registry.Question) (registry.Operation, error) {
			card := s.demo.room.holding(q.Attempt)
			if card == nil {
				return nil, fmt.Errorf("no card carries attempt %s", q.Attempt)
			}
			s.mu.Lock()
			cause := s.refused[q.Attempt]
			s.mu.Unlock()
			if !look(card, f).Good {
				cause = cmp.Or(cause, seenOn(card.Front))
			}
			return registry.AcceptFace{Attempt: q.Attempt, Good: cause == "", Cause: cause}, nil
		})
	return station.FaceVerdict(q), err
}

// seenOn is what a person calls a face that is not as it should be.
func seenOn(front *machine.Print) string {
	if len(front.Layers()) == 0 {
		return "empty"
	}
	return "ribbon"
}

// carry asks in the ledger for a card to be carried; the person at the desk does it and answers there.
func (s *scene) carry(ctx context.Context, id jobs.LineID, ask personalize.Ask) error {
	what := station.HandOff(ask)
	q, err := s.met(ctx,
		func(ctx context.Context) (registry.Question, error) {
			return s.demo.reg.Ask(ctx, id, registry.AskHandOff, what)
		},
		func(q registry.Question) bool { return q.Line == id && q.Kind == registry.AskHandOff && q.Ask == what },
		func(ctx context.Context, q registry.Question) (registry.Operation, error) {
			done := registry.DoneHandOff{Attempt: q.Attempt, Question: q.N}
			err := s.carriers[id].hands(ctx, ask)
			for wrong, cause := range cannot {
				if errors.Is(err, wrong) {
					done.Cause, err = cause, nil
				}
			}
			return done, err
		})
	if err == nil {
		err = station.HandOffVerdict(q)
	}
	return err
}

// cannot is what a person says who cannot do what is asked, a code of registry.AnswerCauses.
var cannot = map[error]string{errHands: "card_missing", errStack: "no_blank"}

// met asks a question in the ledger, where a person answers the one that it is.
func (s *scene) met(
	ctx context.Context, ask func(context.Context) (registry.Question, error), is func(registry.Question) bool,
	answer func(context.Context, registry.Question) (registry.Operation, error),
) (registry.Question, error) {
	within, stop := context.WithCancelCause(ctx)
	var person sync.WaitGroup
	person.Go(func() {
		q, err := s.asked(within, is)
		var op registry.Operation
		if err == nil {
			op, err = answer(within, q)
		}
		if err == nil {
			_, err = s.demo.staff.do(within, printRoom, op)
		}
		if err != nil {
			if within.Err() == nil {
				s.giveUp(err)
			}
			stop(err) // nobody else answers
		}
	})
	q, err := ask(within)
	if err != nil && within.Err() != nil {
		err = context.Cause(within)
	}
	stop(nil)
	person.Wait()
	return q, err
}

// asked waits until the ledger has the question.
func (s *scene) asked(ctx context.Context, is func(registry.Question) bool) (registry.Question, error) {
	for {
		changed := s.demo.reg.Changed()
		open, err := s.demo.reg.Questions(ctx)
		if err != nil {
			return registry.Question{}, err
		}
		if i := slices.IndexFunc(open, is); i >= 0 {
			return open[i], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return registry.Question{}, ctx.Err()
		}
	}
}
