package registry

import (
	"slices"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/registry/audit"
)

// begun is a start of the room's station with what was started.
func begun(program, configuration, keys string) RecordStart {
	return RecordStart{Station: "S1", Program: program, Configuration: configuration, Keys: keys}
}

// atStation puts the lines of a room at station S1.
func (s *room) atStation() {
	for _, l := range []jobs.LineID{line1, line2} {
		s.do(center, DefineLine{Line: l, Kind: jobs.Inline, Station: "S1"})
	}
}

func withReleases(c *Config) { c.Releases = true }

// The first start takes two persons, and until then no line gets an order.
func TestLinesWaitForTheRelease(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.atStation()
		s.queued(1)
		s.idle(line1) // nothing was ever started
		id := s.do(center, begun("p", "c", "k")).Answer
		s.idle(line1)
		s.refused(admin, ReleaseStartAlone{id}, "registry.start_needs_two")
		s.refused(admin, ReleaseStart{Start: id}, "registry.second_person_missing")
		s.refused(admin, ReleaseStart{Start: id, Second: admin}, "registry.same_person")
		s.refused(boss, ReleaseStart{Start: id, Second: boss}, "registry.not_allowed")
		s.refused(admin, ReleaseStart{Start: id, Second: keeper}, "registry.not_allowed")
		s.refused(admin, ReleaseStart{Start: "none", Second: boss}, "registry.start_unknown")
		s.do(admin, ReleaseStart{Start: id, Second: boss})
		s.refused(admin, ReleaseStart{Start: id, Second: boss}, "registry.wrong_state")
		s.next(line1)
		events, err := s.r.Events(bg, 0, 100, audit.Filter{Code: "station.released"})
		s.must(err)
		if len(events) != 1 || events[0].Actor != admin.ID || events[0].Detail["second"] != boss.ID || events[0].Detail["start"] != id {
			t.Errorf("%+v", events)
		}
	}, withReleases)
}

// A restart inside an open shift takes one person where nothing has changed; the shift closes once
// another one has confirmed it.
func TestRestartInsideAShift(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.atStation()
		id := s.do(center, begun("p", "c", "k")).Answer
		s.do(admin, ReleaseStart{Start: id, Second: boss})
		s.do(keeper, OpenShift{Counts: heaps(), Second: admin})
		s.db.Clock.Advance(time.Minute)
		again := s.do(center, begun("p", "c", "k")).Answer // a power cut
		s.refused(admin, ReleaseStartAlone{id}, "registry.wrong_state")
		s.refused(admin, ConfirmStart{again}, "registry.wrong_state")
		s.queued(1)
		s.idle(line1)
		s.refused(keeper, ReleaseStartAlone{again}, "registry.not_allowed")
		s.do(admin, ReleaseStartAlone{again})
		s.next(line1)
		s.refused(keeper, CloseShift{Counts: heaps(), Second: admin}, "registry.start_unconfirmed")
		waiting, err := s.r.Starts(bg, StartFilter{Waiting: true, Limit: 10})
		s.must(err)
		if len(waiting) != 1 || waiting[0].ID != again || waiting[0].Shift == "" {
			t.Errorf("%+v", waiting)
		}
		s.refused(admin, ConfirmStart{again}, "registry.same_person")
		s.do(keeper, ConfirmStart{again})
		s.do(keeper, CloseShift{Counts: heaps(), Second: admin})
		all, err := s.r.Starts(bg, StartFilter{Station: "S1", Limit: 10})
		s.must(err)
		if len(all) != 2 || all[1].Ended != endedCrash || all[0].Second != keeper.ID {
			t.Errorf("%+v", all)
		}
	}, withReleases)
}

// The sheet of a shift tells of the restarts in it, and whether it was cut off: a station broke off and was not started
// again on the day of the shift.
func TestShiftTellsOfItsStarts(t *testing.T) {
	for name, c := range map[string]struct {
		away time.Duration
		cut  bool
	}{"the same day": {time.Hour, false}, "the next morning": {18 * time.Hour, true}} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				s.atStation()
				s.do(admin, ReleaseStart{Start: s.do(center, begun("p", "c", "k")).Answer, Second: boss})
				s.do(keeper, OpenShift{Counts: heaps(), Second: admin})
				s.db.Clock.Advance(c.away)
				again := s.do(center, begun("p", "c", "k")).Answer
				want := 0
				if !c.cut {
					want = 1
					s.do(admin, ReleaseStartAlone{again})
					s.do(keeper, ConfirmStart{again})
				}
				s.do(keeper, CloseShift{Counts: heaps(), Second: admin})
				shifts, err := s.r.ListShifts(bg, "", 1)
				s.must(err)
				told, err := s.r.ShiftTold(bg, shifts[0])
				s.must(err)
				if told.CutOff != c.cut || len(told.Restarts) != want || len(told.After) != want || len(told.Spoiled) != 0 {
					t.Fatalf("%+v", told)
				}
				if want == 1 && (told.After[0] != endedCrash || told.Restarts[0].Second != keeper.ID) {
					t.Errorf("%+v", told)
				}
			}, withReleases)
		})
	}
}

// Everything that takes the relief away, each alone.
func TestWhatTakesTwoPersons(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.atStation()
		s.do(admin, ReleaseStart{Start: s.do(center, begun("p", "c", "k")).Answer, Second: boss})
		two := func(o RecordStart, want ...string) {
			t.Helper()
			id := s.do(center, o).Answer
			list, err := s.r.Starts(bg, StartFilter{Waiting: true, Limit: 1})
			s.must(err)
			if len(list) != 1 || list[0].ID != id || !slices.Equal(list[0].Two, want) {
				t.Errorf("%+v, want %v", list, want)
			}
			if len(want) > 0 {
				s.refused(admin, ReleaseStartAlone{id}, "registry.start_needs_two")
			}
			s.do(center, RecordStop{id})
			s.refused(admin, ReleaseStart{Start: id, Second: boss}, "registry.wrong_state")
		}
		same := begun("p", "c", "k")
		two(same, TwoNoShift)
		s.do(keeper, OpenShift{Counts: heaps(), Second: admin})
		s.db.Clock.Advance(time.Minute)
		two(same)
		two(begun("other", "c", "k"), TwoProgram)
		two(begun("p", "other", "k"), TwoConfiguration)
		two(begun("p", "c", "other"), TwoKeys)
		two(RecordStart{Station: "S2", Program: "p", Configuration: "c", Keys: "k"}, TwoFirst)

		s.queued(1)
		o := s.next(line1)
		s.upTo(o, jobs.Claim)
		s.must(s.settle(o, jobs.Write, jobs.Outcome{Result: jobs.Unknown, Cause: "applet.card_mute"}))
		two(same, TwoDoubt)
		two(RecordStart{Station: "S2"}, TwoFirst)
		s.db.Clock.Advance(24 * time.Hour)
		two(same, TwoNewDay, TwoNoShift, TwoDoubt)
	})
}

// What was released last is what was written down last, also where the clock was set back since.
func TestStartsAfterTheClockWasSetBack(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.atStation()
		first := s.do(center, begun("p", "c", "k")).Answer
		s.do(admin, ReleaseStart{Start: first, Second: boss})
		s.db.Clock.Advance(-10 * time.Minute)
		second := s.do(center, begun("other", "c", "k")).Answer
		s.do(admin, ReleaseStart{Start: second, Second: boss})
		s.do(keeper, OpenShift{Counts: heaps(), Second: admin})
		s.db.Clock.Advance(time.Minute)
		third := s.do(center, begun("p", "c", "k")).Answer
		list, err := s.r.Starts(bg, StartFilter{Station: "S1", Limit: 10})
		s.must(err)
		if len(list) != 3 || list[0].ID != third || list[1].ID != second || list[2].ID != first || !slices.Contains(list[0].Two, TwoProgram) {
			t.Errorf("%+v", list)
		}
		s.refused(admin, ReleaseStartAlone{third}, "registry.start_needs_two")
	}, withReleases)
}
