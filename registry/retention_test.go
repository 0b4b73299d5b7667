package registry

import (
	"maps"
	"slices"
	"testing"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/standard"
	"blanko/store"
)

// erased runs the rules and says how much went of each class; the log must tell the same.
func (s *room) erased() map[string]int {
	s.Helper()
	told := len(s.codes(audit.Filter{Code: "retention.erased"}))
	list, err := s.r.EraseDue(bg, center)
	s.must(err)
	if n := len(s.codes(audit.Filter{Code: "retention.erased"})) - told; n != len(list) {
		s.Errorf("%d erasures, %d events", len(list), n)
	}
	got := map[string]int{}
	for _, e := range list {
		got[e.Class] += e.Count
	}
	return got
}

// days lets time pass, and runs the rules before and after the last of it.
func (s *room) days(n int) (before, after map[string]int) {
	s.Helper()
	s.db.Clock.Advance(time.Duration(n)*24*time.Hour - time.Minute)
	before = s.erased()
	s.db.Clock.Advance(2 * time.Minute)
	return before, s.erased()
}

// Every class of personal data is erased by a rule, or in the step that needed it last.
func TestEveryClassIsErased(t *testing.T) {
	t.Parallel()
	elsewhere := []string{
		"fingers", "pictures", // TestErasure
		"capture",
		"proposals", // TestProposalsExpire
		"events",    // never
	}
	classes := slices.Clone(elsewhere)
	for _, e := range erasures {
		classes = append(classes, e.class)
	}
	slices.Sort(classes)
	if got, want := slices.Compact(classes), slices.Sorted(maps.Keys(standard.Classes)); !slices.Equal(got, want) {
		t.Errorf("erased are %v, the standard knows %v", got, want)
	}
}

// The record of a card in force loses its person a year after the hand-over. What the card is judged by stays.
func TestRecordLosesItsPerson(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.forced(1)
		r := record(2, 1)
		r.Person.Nationality, r.Person.Validity, r.Exceptions = "NLD", "17-05-2030", []ktp.FingerException{{}}
		s.do(center, delivery(r)) // still on its way: nothing of it goes
		before, after := s.days(365)
		if len(before) != 0 || !maps.Equal(after, map[string]int{"person": 1}) {
			t.Fatalf("erased %v, then %v", before, after)
		}
		p, err := s.r.PersonOf(bg, appID(1))
		s.must(err)
		if p.NIK != "" || len(p.Names) != 0 || !p.BirthDate.IsZero() || p.Nationality != "IDN" || p.Validity != "SEUMUR HIDUP" {
			t.Error("the person is there")
		}
		if p, err = s.r.PersonOf(bg, appID(2)); err != nil || p.NIK != r.Person.NIK {
			t.Errorf("of an open application: %v", err)
		}
		c, err := s.r.Credential(bg, s.app(1).Cards[0].Attempt)
		s.must(err)
		if c.NIK != "" || c.Foreign || c.Card.Chip != chip || c.Card.State != CardInForce {
			t.Errorf("the card is %+v", c.Card)
		}
		if d, err := s.r.SubjectData(bg, record(1, 1).Person.NIK); err != nil || len(d.Applications) != 1 {
			t.Errorf("who asks for the own data finds %d applications: %v", len(d.Applications), err)
		}
		if again := s.erased(); len(again) != 0 {
			t.Errorf("again: %v", again)
		}
	})
}

// A row of a replaced list that an application was matched to stays for a year; the application's own data with
// the number of the police's letter for a year after its end.
func TestMatchedRowsAndPapersAreErased(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		list, _, err := s.r.Intake(bg, s.do(officer, s.application(ktp.TypeLost, a)).Application)
		s.must(err)
		s.do(officer, RejectApplication{Application: list.Application, Because: Because{Reason: "not_obliged"}})
		s.listed(b)
		rows := func() int {
			found, err := s.r.Residents(bg, ResidentFilter{Version: list.List, Limit: 10})
			s.must(err)
			return len(found)
		}
		if rows() != 1 {
			t.Fatalf("%d rows of the old list", rows())
		}
		before, after := s.days(365)
		if len(before) != 0 || !maps.Equal(after, map[string]int{"person": 2, "residents": 1}) || rows() != 0 {
			t.Fatalf("erased %v, then %v; %d rows left", before, after, rows())
		}
		in, papers, err := s.r.Intake(bg, list.Application)
		s.must(err)
		if in.Person.NIK != "" || in.Receipt != list.Receipt || in.List != list.List || in.Resident != list.Resident {
			t.Errorf("left: %s, row %s of %s", in.Receipt, in.Resident, in.List)
		}
		for _, p := range papers {
			if p.Number != "" || p.ID == "" {
				t.Errorf("a paper is %s, number %q", p.ID, p.Number)
			}
		}
	})
}

// A list that was begun and never taken into use is ended after the same time, and cannot come into use empty.
func TestForgottenListIsErased(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		s.do(dataman, ImportResidents{Version: "half", Rows: []Resident{a.Resident, townsman(1, whole).Resident}})
		if before, after := s.days(365); len(before) != 0 || !maps.Equal(after, map[string]int{"residents": 2}) {
			t.Fatalf("erased %v, then %v", before, after)
		}
		s.refused(dataman, UseResidents{Version: "half", Residents: 2}, "registry.wrong_state")
		if left, err := s.r.Residents(bg, ResidentFilter{Limit: 10}); err != nil || len(left) != 1 {
			t.Errorf("%d rows of the list in use: %v", len(left), err)
		}
		if again := s.erased(); len(again) != 0 {
			t.Errorf("again: %v", again)
		}
	})
}

// Witnesses of a berita acara go ten years after the destruction, what stood on a card of others after one; both
// are counted from the destruction, not from the surrender. That it happened, when and by whom, stays.
func TestWitnessesAndForeignCardsAreErased(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		card := s.do(officer, SurrenderForeign{Kind: "paper_ktp", Detail: "KTP LAMA"}).Answer
		s.national()
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{list, card, ""})
		s.do(keeper, CountIn{list, 1})
		if before, after := s.days(400); before["foreign"]+after["foreign"] != 0 {
			t.Errorf("before its destruction: %v, %v", before, after)
		}
		s.do(admin, DestroyAll{list, 1, []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, []string{s.pictureBy(admin, "")}, boss})
		was, _, err := s.r.Destruction(bg, list)
		s.must(err)
		before, after := s.days(365)
		if before["foreign"] != 0 || after["foreign"] != 1 || after["witnesses"] != 0 {
			t.Errorf("a year later: %v, %v", before, after)
		}
		if before, after = s.days(3650 - 365); before["witnesses"] != 0 || after["witnesses"] != 2 { // with the picture that they saw taken
			t.Errorf("ten years later: %v, %v", before, after)
		}
		d, items, err := s.r.Destruction(bg, list)
		s.must(err)
		if len(d.Witnesses) != 0 || d.EndedBy != was.EndedBy || !d.EndedAt.Equal(was.EndedAt) || len(d.Pictures) != 1 || len(items) != 1 {
			t.Errorf("left: %d witnesses, %d items", len(d.Witnesses), len(items))
		}
		foreign, err := s.r.ForeignCards(bg, ForeignFilter{Limit: 10})
		s.must(err)
		if len(foreign) != 1 || foreign[0].Detail != "" || foreign[0].State != "destroyed" {
			t.Errorf("%d foreign cards", len(foreign))
		}
	})
}

// What was captured goes thirty days after the center has it, also where its answer never comes; it cannot be sent
// again then.
func TestCaptureAtTheCenterIsErased(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		hangs, waits := s.do(officer, s.application(ktp.TypeNew, a)).Application, s.do(officer, s.application(ktp.TypeNew, b)).Application
		s.toCenter(hangs, a)
		s.toCenter(waits, b) // the center never took it
		s.do(center, TakeEnrolment{Application: hangs, Encounter: 1})
		before, after := s.days(30)
		if len(before) != 0 || !maps.Equal(after, map[string]int{"capture": 1}) {
			t.Fatalf("erased %v, then %v", before, after)
		}
		c, err := s.r.Captured(bg, hangs)
		s.must(err)
		if c.ErasedAt.IsZero() || len(c.Parts) != 0 {
			t.Errorf("%d parts are left, erased at %s", len(c.Parts), c.ErasedAt)
		}
		s.refused(dataman, Resend{Application: hangs, Because: Because{Reason: "no_answer"}}, "registry.wrong_state")
		s.do(dataman, Resend{Application: waits, Because: Because{Reason: "no_answer"}})
		if again := s.erased(); len(again) != 0 {
			t.Errorf("again: %v", again)
		}
	})
}

// A station without a center searches among those who have a card or may get one, and forgets the others.
func TestGalleryIsErased(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.forced(1)
		s.do(center, delivery(record(2, 1)))
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			for n := 1; n <= 2; n++ {
				app, _, err := applicationByID(tx, appID(n))
				if err != nil {
					return err
				}
				if err := keepEnrolled(tx, app, ktp.RightIndex, []byte("template")); err != nil {
					return err
				}
			}
			return nil
		}))
		if before, after := s.days(800); before["gallery"]+after["gallery"] != 0 {
			t.Errorf("of a card in force and an open application: %v, %v", before, after)
		}
		s.do(center, WithdrawRecord{appID(2), 1, "withdrawn"})
		if before, after := s.days(365); before["gallery"] != 0 || after["gallery"] != 1 {
			t.Errorf("of who gets no card: %v, then %v", before, after)
		}
		s.do(officer, EndCard{Chip: chip, Because: Because{Reason: "died"}, Second: boss})
		if before, after := s.days(365); before["gallery"] != 0 || after["gallery"] != 1 {
			t.Errorf("of who had a card: %v, then %v", before, after)
		}
	})
}
