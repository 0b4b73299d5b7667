package registry

import (
	"slices"
	"testing"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	s := func(id string, version int, word Word) Standing {
		return Standing{ID: ApplicationID(id), Version: version, Word: word}
	}
	waiting := s("late", 1, "CARD_PRINTED")
	waiting.Waiting = true
	next, late := s("next", 1, "CARD_PRINTED"), s("came-late", 1, "CARD_PRINTED") // created that day, pulled after midnight
	next.Later, late.Later = true, true
	got := Compare(
		[]Standing{s("equal", 1, "CARD_ISSUED"), s("word", 1, "CARD_PRINTED"), s("late", 1, "PRINT_READY_RECORD"), s("version", 2, "CARD_ISSUED"), s("lost", 1, "PRINT_READY_RECORD"), s("refused", 1, "PRINT_READY_RECORD"), s("came-late", 1, "CARD_PRINTED"), s("equal", 1, "CARD_ISSUED")},
		[]Standing{s("equal", 1, "CARD_ISSUED"), s("word", 1, "CARD_ISSUED"), waiting, s("version", 1, "CARD_ISSUED"), s("own", 1, "CARD_PRINTED"), next, late},
		map[ApplicationID]bool{"refused": true})
	type row struct {
		id      string
		what    Disagreement
		pending bool
	}
	want := []row{{"equal", NamedTwice, false}, {"late", WordDiffers, true}, {"lost", OnlyCenter, false}, {"own", OnlyStation, false}, {"refused", NotTaken, false}, {"version", VersionDiffers, false}, {"word", WordDiffers, false}}
	var have []row
	for _, d := range got {
		have = append(have, row{string(d.ID), d.What, d.Pending})
	}
	if !slices.Equal(have, want) {
		t.Errorf("got %v\nwant %v", have, want)
	}
}

// The report is kept by day, the same day again replaces it, and nothing else changes.
func TestReconcileCenter(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.do(center, delivery(record(2, 3)))
		day := s.app(1).Application.ReceivedAt.UTC().Format("2006-01-02")
		s.refused(boss, ReconcileCenter{Day: day}, "registry.not_allowed")
		s.refused(center, ReconcileCenter{Day: "yesterday"}, "registry.bad_operation")
		s.do(center, ReconcileCenter{Day: day})
		s.do(center, ReconcileCenter{Day: day, Center: []Standing{{ID: appID(1), Version: 1, Word: "CARD_ISSUED"}, {ID: appID(2), Version: 3, Word: "PRINT_READY_RECORD"}, {ID: "req-77", Version: 1}}})
		list, err := s.r.Reconciliations(bg, "", 10)
		s.must(err)
		if len(list) != 1 || list[0].Center != 3 || list[0].Station != 2 || len(list[0].Differences) != 2 {
			t.Fatalf("%+v", list)
		}
		if d := list[0].Differences; d[0].ID != appID(1) || d[0].What != WordDiffers || !d[0].Pending || d[1].What != OnlyCenter {
			t.Errorf("%+v", d)
		}
		s.state(1, PrintReady)
		if older, err := s.r.Reconciliations(bg, day, 10); err != nil || len(older) != 0 {
			t.Errorf("before the day: %v, %v", older, err)
		}
	})
}
