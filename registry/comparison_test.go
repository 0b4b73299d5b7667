package registry

import (
	"testing"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// Two persons stand side by side as far as they are kept, the face only for who asked just now to see the person; who
// did not is refused, which is written down. A center names nobody.
func TestComparison(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		first, _ := s.enrolled(0)
		twin := townsman(1, whole)
		twin.fingers = townsman(0, whole).fingers
		_, err := s.r.Search(bg, dataman, first, s.key())
		s.must(err)
		s.do(dataman, ReadResult{first})
		s.must(s.store.Write(bg, func(tx *store.Tx) error {
			a := &act{r: s.r, tx: tx}
			app, err := a.application(first)
			if err != nil {
				return err
			}
			return a.enrol(app)
		}))
		s.listed(twin)
		second := s.do(officer, s.application(ktp.TypeNew, twin)).Application
		s.toCenter(second, twin)
		_, err = s.r.Search(bg, dataman, second, s.key())
		s.must(err)
		s.do(dataman, ReadResult{second})
		s.do(dataman, TakeNext{TaskAdjudicate})

		look := func() Comparison {
			t.Helper()
			c, err := s.r.Comparison(bg, dataman, second)
			s.must(err)
			return c
		}
		c := look()
		if c.This.ID != second || c.This.Person.NIK != twin.Person.NIK || c.Found.Result != ResultAdjudicate || c.With.Person != dataman.ID {
			t.Errorf("%+v, found %+v, with %+v", c.This.ID, c.Found, c.With)
		}
		if len(c.Candidates) != 1 || c.Candidates[0].ID != first || c.Candidates[0].Score < 12 || !c.Candidates[0].Here || c.Candidates[0].Person.NIK != townsman(0, whole).Person.NIK {
			t.Fatalf("candidates %v", c.Candidates)
		}
		if c.This.Portrait == "" || c.Candidates[0].Portrait == "" || c.This.Looked || c.Candidates[0].Looked {
			t.Errorf("portraits %q, %q; looked %v, %v", c.This.Portrait, c.Candidates[0].Portrait, c.This.Looked, c.Candidates[0].Looked)
		}

		_, err = s.r.ShowPortrait(bg, dataman, first)
		s.wants(err, "registry.not_allowed")
		if n := len(s.codes(audit.Filter{Code: "operation.denied"})); n != 1 {
			t.Errorf("%d denials logged", n)
		}
		s.do(dataman, Unmask{Application: first, Because: Because{Reason: "check"}})
		if c := look(); c.This.Looked || !c.Candidates[0].Looked {
			t.Errorf("looked at %v, %v", c.This.Looked, c.Candidates[0].Looked)
		}
		if face, err := s.r.ShowPortrait(bg, dataman, first); err != nil || face.MIME != c.Candidates[0].Portrait || len(face.Data) == 0 {
			t.Errorf("%v, %v", face, err)
		}
		_, err = s.r.ShowPortrait(bg, dataman, second)
		s.wants(err, "registry.not_allowed")
		s.db.Clock.Advance(lookLasts + time.Minute)
		_, err = s.r.ShowPortrait(bg, dataman, first)
		s.wants(err, "registry.not_allowed")

		s.do(dataman, AdjudicateResult{Application: second, Decision: SamePerson, Because: Because{Reason: "faces_agree"}})
		s.do(dataman, CloseApplication{second, Because{Reason: "same_person"}})
		s.do(dataman, Unmask{Application: second, Because: Because{Reason: "check"}})
		if c := look(); c.This.Portrait != "" || c.With.Person != "" {
			t.Errorf("closed: portrait %q, with %q", c.This.Portrait, c.With.Person)
		}
		_, err = s.r.ShowPortrait(bg, dataman, second)
		s.wants(err, "registry.unknown_id")
	}, func(c *Config) { c.StandAlone = true })
}

// What a center said of an application stands there without a candidate.
func TestComparisonWithoutCandidate(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id, _ := s.enrolled(0)
		s.do(center, TakeEnrolment{id, 1})
		s.do(center, result(id, 1, 3, ResultAdjudicate))
		s.do(dataman, ReadResult{id})
		c, err := s.r.Comparison(bg, dataman, id)
		s.must(err)
		if c.Found.Result != ResultAdjudicate || len(c.Candidates) != 0 || c.With.Person != "" || c.This.State != Adjudicate {
			t.Errorf("%+v, %d candidates, with %q", c.Found, len(c.Candidates), c.With.Person)
		}
		_, err = s.r.Comparison(bg, dataman, "nobody")
		s.wants(err, "registry.application_unknown")
	})
}
