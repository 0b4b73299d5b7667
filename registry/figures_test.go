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
		dialect := "sqlite"
		if strings.HasSuffix(t.Name(), "postgres") {
			dialect = "postgres"
		}
		text, err := os.ReadFile("../store/migrations/" + dialect + "/00120_stage_time.sql")
		s.must(err)
		_, statement, _ := strings.Cut(string(text), "-- What was settled before.\n")
		statement, _, found := strings.Cut(statement, ";")
		if !found {
			t.Fatal("the migration does not count")
		}
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			if _, err := tx.Exec(`delete from stage_time`); err != nil {
				return err
			}
			_, err := tx.Exec(statement)
			return err
		}))
		told("by the migration")
		s.reject(o, chip, "applet.card_mute")
	})
}
