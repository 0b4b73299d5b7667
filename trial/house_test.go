package trial

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"go.uber.org/zap"

	"blanko/applet/pcsc"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/ups"
	qa "blanko/web/bench"
)

// lives runs a house that is open, in which somebody acts; until waits for what is to be seen in its ledger.
func lives(t *testing.T, cards, lines int, act func(ctx context.Context, h *House, until func(func() (bool, error)) error) error) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	_, err := Demo(ctx, Options{
		Cards: cards, Lines: lines, Chip: "8k",
		Serve: func(h *House) (func(), error) {
			_, err := h.Handler(zap.NewNop())
			return func() {}, err
		},
		Stay: func(ctx context.Context, h *House, _ Summary) error {
			live, stop := context.WithCancel(ctx)
			lived := make(chan error, 1)
			go func() { lived <- h.Live(live) }()
			err := act(ctx, h, func(there func() (bool, error)) error {
				for {
					changed := h.Registry().Changed()
					if done, err := there(); done || err != nil {
						return err
					}
					select {
					case <-changed:
					case err := <-lived:
						lived <- err
						return errors.Join(errors.New("the house closed"), err)
					}
				}
			})
			stop()
			return errors.Join(err, <-lived)
		},
	}, &Screen{Out: io.Discard}, zap.NewNop())
	if err != nil {
		t.Error(err)
	}
}

// A line that waits for a person says in the ledger what for, and no longer when it was seen to.
func TestWhatALineWaitsForIsInTheLedger(t *testing.T) {
	t.Parallel()
	lives(t, 1, 1, func(ctx context.Context, h *House, until func(func() (bool, error)) error) error {
		seen := func(reason string) error {
			return until(func() (bool, error) {
				lines, err := h.Registry().Lines(ctx)
				return err == nil && lines[0].Observed.Reason == reason, err
			})
		}
		told := func() error { // its printer, of itself
			return until(func() (bool, error) {
				list, err := h.Registry().Readings(ctx)
				return slices.ContainsFunc(list, func(x registry.Reading) bool {
					return x.Kind == registry.DevicePrinter && x.Line == "line-1" && x.Device == "demo.line.line-1.printer" && x.Model != ""
				}), err
			})
		}
		return errors.Join(h.Do(ctx, qa.DeedAway), h.Break("line-1", "jam"), h.Approve(ctx, 1), seen("printer.jam"), h.Do(ctx, qa.DeedCall), seen(""), told(),
			h.Do(ctx, qa.DeedAway), h.Break("line-1", "reader_gone"), h.Approve(ctx, 1), seen(string(pcsc.ReaderGone.Code)), h.Do(ctx, qa.DeedCall), seen(""),
			h.Do(ctx, qa.DeedBattery), h.Approve(ctx, 1), seen(string(ups.OnBattery.Code)), h.Do(ctx, qa.DeedMains), seen(""))
	})
}

// A card whose face a person refuses lies in the tray with an active chip, in doubt. Who says in the console that it lies on
// the reader has it read: its chip is blocked.
func TestRefusedFaceIsReadFromTheTray(t *testing.T) {
	t.Parallel()
	lives(t, 2, 2, func(ctx context.Context, h *House, until func(func() (bool, error)) error) error {
		var card ktp.AttemptID
		asked := func(kind registry.QuestionKind) func() (bool, error) {
			return func() (bool, error) {
				list, err := h.Registry().Questions(ctx)
				i := slices.IndexFunc(list, func(q registry.Question) bool { return q.Kind == kind })
				if i < 0 {
					return false, err
				}
				card = list[i].Attempt
				op := registry.Operation(registry.AcceptFace{Attempt: card, Cause: "blurred"})
				if kind == registry.AskHandOff {
					op = registry.DoneHandOff{Attempt: card, Question: list[i].N}
				}
				_, err = h.demo.staff.do(ctx, printRoom, op)
				return true, err
			}
		}
		is := func(want jobs.State) func() (bool, error) { // the line may have begun another card, which is good
			return func() (bool, error) {
				faces, err := h.Registry().Questions(ctx)
				for _, q := range faces {
					if q.Kind == registry.AskFace && q.Attempt != card && err == nil {
						_, err = h.demo.staff.do(ctx, printRoom, registry.AcceptFace{Attempt: q.Attempt, Good: true})
					}
				}
				if err != nil {
					return false, err
				}
				list, err := h.Registry().Attempts(ctx, want)
				return slices.ContainsFunc(list, func(a jobs.Attempt) bool { return a.ID == card }), err
			}
		}
		err := errors.Join(h.Approve(ctx, 2), until(asked(registry.AskFace)), until(is(jobs.InDoubt)))
		if err == nil {
			_, err = h.demo.staff.do(ctx, printRoom, registry.PresentCard{Attempt: card})
		}
		if err != nil {
			return err
		}
		return errors.Join(until(asked(registry.AskHandOff)), until(is(jobs.Revoked)))
	})
}
