package registry

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/registry/audit"
	"blanko/store"
)

// Every operation that is done for a reason has its list, every code is one and has words in two languages, and no
// words are left over.
func TestReasons(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, row := range Operations {
		_, says := row.Of.(reasoned)
		list := ReasonsFor(row.Name)
		if says != (len(list.Codes) > 0) {
			t.Errorf("%s: says why %v, %d codes", row.Name, says, len(list.Codes))
		}
		for i, c := range list.Codes {
			used[c] = true
			id, en, known := ReasonWords(c)
			if !reasonForm.MatchString(c) || !known || id == "" || en == "" || slices.Contains(list.Codes[:i], c) {
				t.Errorf("%s: %q is %q, %q", row.Name, c, id, en)
			}
		}
	}
	for _, r := range Reasons {
		if RowOf(r.Operation).Name == "" {
			t.Errorf("%s is no operation", r.Operation)
		}
	}
	for c := range reasonWords {
		if !used[c] {
			t.Errorf("nobody gives the reason %q", c)
		}
	}
}

// A sentence in the place of a code is refused with the codes that there are; the code alone stands in the event
// log, and the sentence apart, until its time is over.
func TestNoteStandsApart(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 3 {
			s.queued(n + 1)
		}
		cancel := func(n int, reason, note string) CancelApplication {
			return CancelApplication{Application: appID(n), Because: Because{Reason: reason, Note: note}}
		}
		for _, c := range []struct {
			op    Operation
			field string
		}{
			{cancel(1, planted, ""), "reason"},
			{cancel(1, "", planted), "reason"},
			{cancel(1, "flood", ""), "reason"},
			{cancel(1, Other, ""), "note"},
			{cancel(1, "applicant", strings.Repeat("é", longestNote+1)), "note"},
			{cancel(1, "applicant", "\xff"), "note"},
		} {
			_, err := s.r.Do(bg, admin, c.op, s.key())
			f, _ := errors.AsType[*fault.Error](err)
			if fault.CodeOf(err) != "registry.bad_operation" || f.Field != c.field || c.field == "reason" && !strings.Contains(f.Detail, "applicant, died, moved") {
				t.Errorf("%v: %v", c.op, err)
			}
		}
		res := s.do(admin, cancel(1, Other, planted))
		s.do(admin, cancel(2, "applicant", ""))
		s.do(admin, cancel(3, "died", strings.Repeat("é", longestNote)))

		list, err := s.r.Notes(bg, NoteFilter{Limit: 10})
		s.must(err)
		event := res.Events[len(res.Events)-1]
		if len(list) != 2 || list[0].Event != event || list[0].Application != appID(1) || list[0].Operation != opCancel || list[0].Actor != admin.ID {
			t.Fatalf("notes %+v", list)
		}
		if of, err := s.r.Notes(bg, NoteFilter{Application: appID(3), After: event, Limit: 10}); err != nil || len(of) != 1 || of[0].Application != appID(3) {
			t.Errorf("of the third: %+v, %v", of, err)
		}
		told, err := s.r.Events(bg, event-1, 1, audit.Filter{})
		s.must(err)
		if len(told) != 1 || told[0].Detail["cause"] != Other {
			t.Errorf("told %+v", told)
		}

		read := ReadNote{Event: event, Because: Because{Reason: "complaint"}}
		s.refused(keeper, read, "registry.not_allowed")
		s.refused(officer, ReadNote{Event: 1, Because: Because{Reason: "complaint"}}, "registry.unknown_id")
		seen := s.do(officer, read)
		told, err = s.r.Events(bg, seen.Events[0]-1, 1, audit.Filter{})
		s.must(err)
		if len(told) != 1 || told[0].Code != "person.unmasked" || told[0].Detail["kind"] != unmaskNote || told[0].Application != string(appID(1)) {
			t.Errorf("told %+v", told)
		}
		if text, err := s.r.NoteText(bg, event); err != nil || text != planted {
			t.Errorf("%q, %v", text, err)
		}

		s.db.Clock.Advance(366 * 24 * time.Hour)
		erased, err := s.r.EraseDue(bg, center)
		s.must(err)
		if !slices.Contains(erased, Erased{"notes", 2}) {
			t.Errorf("erased %+v", erased)
		}
		if text, err := s.r.NoteText(bg, event); err != nil || text != "" {
			t.Errorf("%q, %v", text, err)
		}
		s.refused(officer, read, "registry.wrong_state")
		again, err := s.r.Notes(bg, NoteFilter{Limit: 10})
		s.must(err)
		if len(again) != 2 || again[0].ErasedAt.IsZero() || again[1].ErasedAt.IsZero() {
			t.Errorf("notes %+v", again)
		}
		s.must(s.store.Read(bg, func(tx *store.Tx) error {
			var left int
			_, err := tx.Get([]any{&left}, `select count(*) from note where sealed_text <> ''`)
			if left != 0 {
				t.Errorf("%d notes are still there", left)
			}
			return err
		}))
	})
}

// The note of a proposal is kept when its second person agrees, and forgotten when not.
func TestNoteOfAProposal(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(admin, boss)
		chip := s.produced(1, "")
		retire := RetireCard{Chip: chip, Because: Because{Reason: "damaged", Note: planted}}
		s.examined(chip, ChipTerminated)
		for i, agree := range []bool{false, true} {
			res, err := s.r.Propose(bg, admin, retire, s.key())
			s.must(err)
			decide := Decide{Proposal: res.Answer, Agree: agree}
			if !agree {
				s.refused(boss, decide, "registry.bad_operation")
				decide.Because = Because{Reason: "changed"}
			}
			s.do(boss, decide)
			list, err := s.r.Notes(bg, NoteFilter{Limit: 10})
			s.must(err)
			if len(list) != i {
				t.Errorf("agreed %v: %+v", agree, list)
			}
		}
	})
}
