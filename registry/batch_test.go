package registry

import (
	"testing"

	"blanko/fault"
	"blanko/registry/audit"
)

// What was opened of a sample is seen by who opened it, and by nobody else; a batch is found again until it is approved, or
// until something of its sample was decided in another way.
func TestOpenedSample(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := 1; n <= 3; n++ {
			s.do(center, delivery(record(n, 1)))
		}
		one := s.do(boss, DrawBatch{Applications: []ApplicationID{appID(1)}}).Answer
		two := s.do(boss, DrawBatch{Applications: []ApplicationID{appID(2), appID(3)}}).Answer
		open := func() (ids []string) {
			list, err := s.r.OpenBatches(bg, boss.ID, 10)
			s.must(err)
			for _, b := range list {
				ids = append(ids, b.ID)
			}
			return ids
		}
		if ids := open(); len(ids) != 2 {
			t.Errorf("open: %v", ids)
		}
		if _, err := s.r.OpenedSample(bg, boss.ID, one, appID(1)); !fault.Is(err, sampleUnopened) {
			t.Errorf("before it was opened: %v", err)
		}
		s.do(boss, OpenSample{Batch: one, Application: appID(1)})
		rec, err := s.r.OpenedSample(bg, boss.ID, one, appID(1))
		if s.must(err); rec.ID != string(appID(1)) || rec.Person.NIK == "" || len(rec.Portrait.Data) == 0 {
			t.Errorf("opened: %s with a portrait of %d bytes", rec.ID, len(rec.Portrait.Data))
		}
		if _, err := s.r.OpenedSample(bg, boss2.ID, one, appID(1)); !fault.Is(err, notAllowed) {
			t.Errorf("for somebody else: %v", err)
		}
		if _, err := s.r.OpenedSample(bg, boss.ID, one, appID(2)); !fault.Is(err, sampleUnopened) {
			t.Errorf("of another batch: %v", err)
		}
		s.do(boss, ApproveBatch{Batch: one})
		if _, err := s.r.OpenedSample(bg, boss.ID, one, appID(1)); !fault.Is(err, wrongState) {
			t.Errorf("after the approval: %v", err)
		}
		if ids := open(); len(ids) != 1 || ids[0] != two {
			t.Errorf("open after the approval: %v", ids)
		}
		s.do(boss, Approve{Application: appID(2)})
		if ids := open(); len(ids) != 0 {
			t.Errorf("open after one of the sample was approved alone: %v", ids)
		}
	})
}

// A look at an opened application is written down and counted as every other, lasts for one visit, and ends with the decision
// about the application; what was opened before is opened again, and stays opened for the approval.
func TestOpenedSampleIsALook(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.do(center, delivery(record(2, 1)))
		batch := s.do(boss, DrawBatch{Applications: []ApplicationID{appID(1), appID(2)}}).Answer
		open := OpenSample{Batch: batch, Application: appID(1)}
		looks := func(want int) {
			t.Helper()
			if told := s.codes(audit.Filter{Code: "person.unmasked", Application: string(appID(1))}); len(told) != want {
				t.Errorf("%d looks written down, want %d", len(told), want)
			}
		}
		shown := func(want fault.Entry) {
			t.Helper()
			if _, err := s.r.OpenedSample(bg, boss.ID, batch, appID(1)); want.Code == "" && err != nil || want.Code != "" && !fault.Is(err, want) {
				t.Errorf("shown: %v, want %q", err, want.Code)
			}
		}
		s.do(boss, open)
		s.do(boss, open) // sent again
		looks(1)
		shown(fault.Entry{})
		s.db.Clock.Advance(lookLasts)
		shown(sampleUnopened)
		if b, err := s.r.Batch(bg, batch); err != nil || len(b.Opened) != 1 || len(b.Shown) != 0 {
			t.Errorf("after a while: opened %v, shown %v, %v", b.Opened, b.Shown, err)
		}
		s.do(boss, open)
		looks(2)
		shown(fault.Entry{})
		s.do(boss, Approve{Application: appID(1)})
		shown(wrongState)
		s.refused(boss, open, wrongState.Code)
		looks(2)
		s.refused(boss, ApproveBatch{Batch: batch}, sampleUnopened.Code)
	})
}

// What is opened of a sample counts to the measure of the day.
func TestOpenedSampleIsMeasured(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		batch := s.do(boss, DrawBatch{Applications: []ApplicationID{appID(1)}}).Answer
		s.amend(func(a *act) error {
			for range mostUnmasked {
				if err := keepUnmasking(a.tx, boss.ID, unmaskApplication, string(appID(1)), lookToApprove); err != nil {
					return err
				}
			}
			return nil
		})
		s.refused(boss, OpenSample{Batch: batch, Application: appID(1)}, tooManyOpened.Code)
	})
}
