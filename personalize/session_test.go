package personalize

import (
	"context"
	"errors"
	"testing"

	"blanko/jobs"
)

// torn is a book whose first take-over is perhaps on disk, and its answer lost.
type torn struct {
	Book
	epoch int64
}

func (b *torn) Unsettled(_ context.Context, line jobs.LineID, held jobs.Session) (jobs.Session, []jobs.Entry, error) {
	b.epoch++
	s := jobs.Session{Line: line, Epoch: b.epoch}
	if b.epoch == 1 {
		return s, nil, errors.New("the answer is lost")
	}
	return s, nil, nil
}

// A line whose take-over was not answered has no session, so that it does not take its own for another
// program's; the next one counts.
func TestSessionOfALostAnswer(t *testing.T) {
	t.Parallel()
	l := &Line{Setup: Setup{ID: "line-1"}, Book: &torn{}}
	if _, err := l.Doubts(t.Context()); err == nil || l.Session() != (jobs.Session{}) {
		t.Errorf("%v, session %+v", err, l.Session())
	}
	if _, err := l.Doubts(t.Context()); err != nil || l.Session() != (jobs.Session{Line: "line-1", Epoch: 3}) {
		t.Errorf("%v, session %+v", err, l.Session())
	}
}
