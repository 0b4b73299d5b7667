package trial

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	machine "blanko/emulator/printer"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/registry"
)

// eyes are the persons at the lines without a camera.
func (s *scene) eyes() map[jobs.LineID]eye {
	if s == nil {
		return nil
	}
	eyes := map[jobs.LineID]eye{}
	for _, id := range s.Devices.Eye {
		eyes[jobs.LineID(id)] = s.askPerson
	}
	return eyes
}

// askPerson asks in the ledger for a face; the person at the line answers there.
func (s *scene) askPerson(ctx context.Context, f personalize.Face) (personalize.Verdict, error) {
	within, stop := context.WithCancelCause(ctx)
	var person sync.WaitGroup
	person.Go(func() {
		if err := s.answer(within, f); err != nil {
			stop(err) // nobody else answers
		}
	})
	v, err := s.demo.askAboutFace(within, f)
	if err != nil && within.Err() != nil {
		err = context.Cause(within)
	}
	stop(nil)
	person.Wait()
	return v, err
}

// answer is what the person says of a face that is asked for.
func (s *scene) answer(ctx context.Context, f personalize.Face) error {
	if err := s.asked(ctx, f.Attempt); err != nil {
		return err
	}
	card := s.demo.room.holding(f.Attempt)
	if card == nil {
		return fmt.Errorf("no card carries attempt %s", f.Attempt)
	}
	s.mu.Lock()
	cause := s.refused[f.Attempt]
	s.mu.Unlock()
	if !look(card, f).Good {
		cause = cmp.Or(cause, seenOn(card.Front))
	}
	_, err := s.demo.staff.do(ctx, printRoom, registry.AcceptFace{Attempt: f.Attempt, Good: cause == "", Cause: cause})
	return err
}

// seenOn is what a person calls a face that is not as it should be.
func seenOn(front *machine.Print) string {
	if len(front.Layers()) == 0 {
		return "empty"
	}
	return "ribbon"
}

// asked waits until the ledger has the question for a face.
func (s *scene) asked(ctx context.Context, id ktp.AttemptID) error {
	for {
		changed := s.demo.reg.Changed()
		open, err := s.demo.reg.Questions(ctx)
		if err != nil {
			return err
		}
		for _, q := range open {
			if q.Attempt == id && q.Kind == registry.AskFace {
				return nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// holding is the card whose chip carries an attempt; nil: there is none.
func (r *room) holding(id ktp.AttemptID) *machine.Plastic {
	for _, p := range r.blanks {
		if p.Chip != nil && ktp.AttemptID(p.Chip.View().Attempt) == id {
			return p
		}
	}
	return nil
}
