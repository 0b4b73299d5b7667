package registry

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/store"
)

// Times of stages are counted by line and bound as they are settled, what failed or was not measured is none; and the
// migration counts the same from a journal of before.
func TestStageTimes(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o, chip := s.next(line1), s.chip()
		for _, c := range []struct {
			step jobs.Step
			out  jobs.Outcome
		}{
			{jobs.Feed, jobs.Outcome{Result: jobs.Done, Millis: 1}},
			{jobs.Claim, jobs.Outcome{Result: jobs.Done, Millis: 501}},
			{jobs.Write, jobs.Outcome{Result: jobs.Done, Millis: 300001, Hashes: written()}},
			{jobs.ReadBack, jobs.Outcome{Result: jobs.Failed, Millis: 700, Cause: "applet.card_mute"}},
		} {
			if c.step != jobs.ReadBack {
				s.must(s.intend(o, c.step, jobs.Evidence{Chip: chip}))
			}
			c.out.Chip = chip
			s.must(s.settle(o, c.step, c.out))
		}
		want := []jobs.StageTime{
			{Line: line1, Step: jobs.Claim, Within: time.Second, Count: 1, Took: 501 * time.Millisecond},
			{Line: line1, Step: jobs.Feed, Within: 500 * time.Millisecond, Count: 1, Took: time.Millisecond},
			{Line: line1, Step: jobs.Write, Within: 0, Count: 1, Took: 300001 * time.Millisecond},
		}
		told := func(how string) {
			t.Helper()
			if got, err := s.r.StageTimes(bg); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v", how, got, err)
			}
		}
		told("counted")
		s.countAgain(t, "stage_time", "00120_stage_time.sql", "-- What was settled before.\n")
		told("by the migration")
		s.reject(o, chip, "applet.card_mute")
	})
}

// countAgain empties a table of counts and fills it as its migration does from what was there before.
func (s *room) countAgain(t *testing.T, table, migration, behind string) {
	t.Helper()
	statement := s.migration(t, migration, behind)
	s.must(s.store.Write(bg, func(tx *store.Tx) error {
		if _, err := tx.Exec(`delete from ` + table); err != nil {
			return err
		}
		_, err := tx.Exec(statement)
		return err
	}))
}

// migration is the statement of a migration behind a comment.
func (s *room) migration(t *testing.T, migration, behind string) string {
	t.Helper()
	dialect := "sqlite"
	if strings.HasSuffix(t.Name(), "postgres") {
		dialect = "postgres"
	}
	text, err := os.ReadFile("../store/migrations/" + dialect + "/" + migration)
	s.must(err)
	_, statement, _ := strings.Cut(string(text), behind)
	statement, _, found := strings.Cut(statement, ";")
	if !found {
		t.Fatal("the migration has no such statement")
	}
	return statement
}

// The fastest hour of a line is that of the cards it finished, each line by itself; a card that was lost is none, and
// an hour too long ago does not count.
func TestFastestHour(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 5 {
			s.queued(n + 1)
		}
		fastest := func(line jobs.LineID, want int) {
			t.Helper()
			room, err := s.r.PrintRoom(bg, s.db.Clock.Now())
			s.must(err)
			for _, l := range room {
				if l.ID == line && l.Fastest != want {
					t.Errorf("%s made %d in its fastest hour, want %d", line, l.Fastest, want)
				}
			}
		}
		fastest(line1, 0)
		s.db.Clock.Advance(time.Hour - s.db.Clock.Now().Sub(s.db.Clock.Now().Truncate(time.Hour)))
		s.upTo(s.next(line1), jobs.Eject)
		s.db.Clock.Advance(59 * time.Minute)
		s.upTo(s.next(line1), jobs.Eject)
		s.upTo(s.next(line2), jobs.Eject)
		s.db.Clock.Advance(time.Minute)
		s.upTo(s.next(line1), jobs.Eject)
		o := s.next(line1)
		s.step(o, jobs.Feed, "")
		s.must(s.settle(o, jobs.Claim, fails("printer.jam")))
		s.reject(o, "", "")
		fastest(line1, 2)
		fastest(line2, 1)
		s.countAgain(t, "line_hour", "00145_line_hour.sql", "-- What was finished before.\n")
		fastest(line1, 2)
		fastest(line2, 1)
		s.db.Clock.Advance(FastestOf + time.Hour)
		fastest(line1, 0)
	})
}
