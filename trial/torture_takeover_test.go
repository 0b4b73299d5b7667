package trial

import (
	"context"
	"slices"
	"testing"

	"blanko/jobs"
	"blanko/personalize"
)

// generous is a book that gives orders and leave to whoever asks.
type generous struct{ personalize.Book }

func (generous) Unsettled(_ context.Context, line jobs.LineID, held jobs.Session) (jobs.Session, []jobs.Entry, error) {
	return jobs.Session{Line: line, Epoch: 1}, nil, nil
}
func (generous) Next(context.Context, jobs.Session) (jobs.Order, error)             { return jobs.Order{}, nil }
func (generous) Intend(context.Context, jobs.Order, jobs.Step, jobs.Evidence) error { return nil }

// A line that gets an order, or leave for an act, after another program took it over is found; one whose session holds is
// left alone.
func TestOustedLineIsWatched(t *testing.T) {
	t.Parallel()
	epoch := int64(1)
	var found []string
	b := &watched{
		Book:      generous{},
		lines:     func(context.Context) ([]jobs.Line, error) { return []jobs.Line{{ID: "line-1", Epoch: epoch}}, nil },
		disobeyed: func(what string) { found = append(found, what) },
	}
	s, _, err := b.Unsettled(t.Context(), "line-1", jobs.Session{})
	if err != nil {
		t.Fatal(err)
	}
	act := func() {
		if _, err := b.Next(t.Context(), s); err != nil {
			t.Error(err)
		}
		if err := b.Intend(t.Context(), jobs.Order{}, jobs.Print, jobs.Evidence{}); err != nil {
			t.Error(err)
		}
	}
	act()
	if len(found) > 0 {
		t.Errorf("while its session held: %v", found)
	}
	epoch++
	act()
	if _, _, err := b.Unsettled(t.Context(), "line-1", jobs.Session{}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(found, []string{"an order", "leave to print", "a session of its own again"}) {
		t.Errorf("%v", found)
	}
}
