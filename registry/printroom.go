package registry

import (
	"context"
	"time"

	"blanko/jobs"
	"blanko/registry/stock"
	"blanko/store"
)

// LineInRoom is a line as it stands in the print room, from one reading of the ledger.
type LineInRoom struct {
	jobs.Line
	Work   []CardInWork // attempts that have not ended, oldest first
	Hopper int          // blanks in it, by the ledger
	Blanks string       // card profile that the next of them is for; empty: nothing is known
	Needs  string       // card profile of the blank that it waits for; empty: it waits for none
	Path   int          // in its path
	Rolls  []RollUse    // that are fitted
	Ended  map[jobs.State]int
	Hour   map[jobs.State]int // what it ended in the last hour
	// Fastest is the most cards that it made in one hour of the clock, within FastestOf; 0: none yet.
	Fastest int
	Wrong   *WrongFound // that it stands for; nil: for none
}

// FastestOf is how far back the fastest hour of a line is looked for.
const FastestOf = 30 * 24 * time.Hour

// CardInWork is an attempt that has not ended, with its journal.
type CardInWork struct {
	jobs.Attempt
	Journal jobs.Story
}

// PrintRoom is every line with what it has in work, and what it ended since a time.
func (r *Registry) PrintRoom(ctx context.Context, since time.Time) (room []LineInRoom, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		room = nil
		lines, err := jobs.Lines(tx)
		if err != nil {
			return err
		}
		held, err := stock.Holdings(tx)
		if err != nil {
			return err
		}
		fitted, err := rolls(tx, `where state = 'fitted' order by serial`)
		if err != nil {
			return err
		}
		for _, l := range lines {
			in := LineInRoom{Line: l}
			if in.Blanks, err = stock.Next(tx, string(l.ID)); err != nil {
				return err
			}
			open, err := jobs.AttemptsOn(tx, l.ID)
			if err != nil {
				return err
			}
			for _, t := range open {
				story, err := jobs.StoryOf(tx, t.ID)
				if err != nil {
					return err
				}
				in.Work = append(in.Work, CardInWork{t, story})
				if !waitsForBlank(t, story) {
					continue
				}
				w, _, err := jobs.WantedByID(tx, t.Order)
				if err != nil {
					return err
				}
				in.Needs = w.Profile
			}
			for _, h := range held {
				switch h.Place {
				case stock.Place{Kind: stock.Hopper, Line: string(l.ID)}:
					in.Hopper += h.Unread + h.Read
				case stock.Place{Kind: stock.Path, Line: string(l.ID)}:
					in.Path += h.Unread + h.Read
				}
			}
			for _, x := range fitted {
				if x.Line != l.ID {
					continue
				}
				used, err := printsWith(tx, x)
				if err != nil {
					return err
				}
				in.Rolls = append(in.Rolls, RollUse{x, used, max(0, x.Panels-used)})
			}
			if in.Ended, err = jobs.EndedSince(tx, l.ID, since); err != nil {
				return err
			}
			if in.Hour, err = jobs.EndedSince(tx, l.ID, tx.Now().Add(-time.Hour)); err != nil {
				return err
			}
			if in.Fastest, err = jobs.FastestHour(tx, l.ID, tx.Now().Add(-FastestOf)); err != nil {
				return err
			}
			if in.Wrong, err = (&act{r: r, tx: tx}).wrongFound(l); err != nil {
				return err
			}
			room = append(room, in)
		}
		return nil
	})
	return room, err
}

// RoomMark changes whenever a line does something that is no event: an intent, an outcome, a report of
// itself, a question; and once when nothing is heard of it any more.
func (r *Registry) RoomMark(ctx context.Context) (mark string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		mark, err = roomMark(tx)
		return err
	})
	return mark, err
}
