package personalize

import (
	"context"
	"time"

	"blanko/jobs"
	"blanko/ktp"
)

// Book is where a line writes before and after it acts. Every method is durable on return;
// every write carries the order's fence. Safe for concurrent use by different lines.
type Book interface {
	// Next leases the next order for the line of a session, with a fresh attempt in state open; waits
	// until there is one or the context ends. jobs.taken_over: another session of the line has begun. A line may hold several open attempts (it prepares
	// ahead); only one of them has intents.
	Next(ctx context.Context, s jobs.Session) (jobs.Order, error)
	// Intend records that the step is about to happen. It re-reads withdrawal, hold and deny
	// list in the same transaction where the step is Feed, Print or Activate, and then fails with
	// fault code registry.withdrawn, registry.held, registry.blank_denied or registry.blank_for_others: the act must not happen.
	// Repeating an intent of the newest step is allowed (recovery does it).
	Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error
	// Settle records how the step ended. Attempt, stock, application and events change in one
	// transaction. Settling a settled step again with the same result changes nothing.
	Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error
	// Unsettled takes the line over and begins its session: earlier sessions are over, older fences of the line die, leases without an intent go
	// back to the queue, and every attempt that is neither finished nor back in the queue comes
	// back with a new fence, oldest first. A session that this process held until now is given; where another one has
	// begun since, nothing is taken over: jobs.taken_over. The zero session takes the line over from whoever has it.
	Unsettled(ctx context.Context, line jobs.LineID, held jobs.Session) (jobs.Session, []jobs.Entry, error)
	// Found records a card that no open attempt of the line explains and that the line is about
	// to set aside into tray. Chip and holds are zero where the chip did not answer. jobs.taken_over as with Next.
	Found(ctx context.Context, s jobs.Session, chip ktp.ChipUID, holds ktp.AttemptID, tray string) error
}

// Clock is the line's sense of time: real, or the virtual world's.
type Clock interface {
	Now() time.Time
	// Sleep returns early with the context's error.
	Sleep(ctx context.Context, d time.Duration) error
}
