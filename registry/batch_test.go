package registry

import (
	"testing"

	"blanko/fault"
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
