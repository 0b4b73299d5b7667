package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/store"
	"blanko/store/storetest"
)

func in(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func want(tx *store.Tx, n, priority int, due time.Time) error {
	return jobs.Want(tx, jobs.Wanted{
		ID: jobs.OrderID(fmt.Sprintf("o%d", n)), Application: fmt.Sprintf("a%d", n), Person: []byte{byte(n)}, Priority: priority, Due: due,
	})
}

// lease takes the next order for line l as attempt n.
func lease(tx *store.Tx, l jobs.LineID, n byte) (jobs.Wanted, jobs.Attempt, bool, error) {
	line, err := jobs.LineByID(tx, l)
	if err != nil {
		return jobs.Wanted{}, jobs.Attempt{}, false, err
	}
	return jobs.Lease(tx, line, "", ktp.AttemptID{n}, time.Minute, tx.Now())
}

func TestLease(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		start := storetest.Start
		in(t, s, func(tx *store.Tx) error {
			for _, l := range []jobs.LineID{"l1", "l2"} {
				if err := jobs.DefineLine(tx, l, jobs.Inline, ""); err != nil {
					return err
				}
			}
			for n, o := range []struct {
				priority int
				due      time.Time
			}{{4, start.Add(2 * time.Second)}, {4, start.Add(time.Second)}, {9, start.Add(9 * time.Second)}, {4, start.Add(time.Second)}} {
				if err := want(tx, n, o.priority, o.due); err != nil {
					return err
				}
			}
			return nil
		})
		if err := s.Write(context.Background(), func(tx *store.Tx) error { return want(tx, 0, 1, start) }); err == nil {
			t.Error("the same order twice")
		}
		var got []string
		var first jobs.Wanted
		in(t, s, func(tx *store.Tx) error {
			got = nil
			for n := range byte(5) {
				w, a, found, err := lease(tx, "l1", n+1)
				if err != nil {
					return err
				}
				if found != (n < 4) {
					t.Errorf("lease %d: %v", n, found)
				}
				if !found {
					continue
				}
				if n == 0 {
					first = w
				}
				got = append(got, string(w.ID))
				if w.Attempt != a.ID || a.State != jobs.Open || w.Fence != 1 || w.State != jobs.Leased || a.Application != w.Application {
					t.Errorf("lease %+v, attempt %+v", w, a)
				}
			}
			return nil
		})
		if wanted := []string{"o2", "o1", "o3", "o0"}; !slices.Equal(got, wanted) {
			t.Errorf("queue order %v, want %v", got, wanted)
		}
		// Run out: another line takes it, with a higher fence; the first attempt is void.
		db.Clock.Advance(2 * time.Minute)
		in(t, s, func(tx *store.Tx) error {
			w, _, found, err := lease(tx, "l2", 9)
			if err != nil {
				return err
			}
			if !found || w.ID != first.ID || w.Fence != 2 || w.Line != "l2" {
				t.Errorf("taken over: %+v", w)
			}
			old, err := jobs.AttemptByID(tx, first.Attempt)
			if err != nil {
				return err
			}
			if old.State != jobs.Void || old.Cause != jobs.CauseLeaseOver || !old.Ended || !old.EndedAt.Equal(tx.Now()) {
				t.Errorf("older attempt: %+v", old)
			}
			w.Pinned = true
			return w.Save(tx)
		})
		// Pinned: it stays with its line for good, and comes back to it with a new fence.
		db.Clock.Advance(1000 * time.Hour)
		in(t, s, func(tx *store.Tx) error {
			for n := range byte(9) {
				w, _, found, err := lease(tx, "l1", n+20)
				if err != nil {
					return err
				}
				if found && w.ID == first.ID {
					t.Error("a pinned order was taken")
				}
			}
			session, kept, err := jobs.TakeOver(tx, "l2", jobs.Session{})
			if err != nil {
				return err
			}
			if len(kept) != 1 || kept[0].ID != first.ID || kept[0].Fence != 3 || session != (jobs.Session{Line: "l2", Epoch: 1}) {
				t.Errorf("%+v kept %+v", session, kept)
			}
			if _, _, err := jobs.TakeOver(tx, "l9", jobs.Session{}); fault.CodeOf(err) != "jobs.line_unknown" {
				t.Errorf("a line that is not there: %v", err)
			}
			old, _, err := jobs.TakeOver(tx, "l1", jobs.Session{})
			if err != nil {
				return err
			}
			session, back, err := jobs.TakeOver(tx, "l1", old)
			if err != nil {
				return err
			}
			if _, _, err := jobs.TakeOver(tx, "l1", old); fault.CodeOf(err) != jobs.TakenOver.Code {
				t.Errorf("taken back from another program: %v", err)
			}
			waiting, err := jobs.WantedList(tx, jobs.Waiting, nil, 10)
			if err != nil {
				return err
			}
			if len(back) != 0 || len(waiting) != 3 {
				t.Errorf("kept %+v, waiting %+v", back, waiting)
			}
			l, err := jobs.LineByID(tx, "l1")
			if err != nil || session.Holds(l) != nil {
				t.Errorf("%+v, %v", l, err)
			}
			if err := jobs.DefineLine(tx, "l1", jobs.Inline, "another"); err != nil {
				return err
			}
			if l, err = jobs.LineByID(tx, "l1"); fault.CodeOf(session.Holds(l)) != jobs.TakenOver.Code {
				t.Errorf("defined anew: %+v", l)
			}
			return err
		})
	})
}

func TestWhatIsNotReady(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		in(t, s, func(tx *store.Tx) error {
			if err := jobs.DefineLine(tx, "l1", jobs.Inline, "s1"); err != nil {
				return err
			}
			if err := want(tx, 1, 4, tx.Now()); err != nil {
				return err
			}
			w, _, err := jobs.WantedByID(tx, "o1")
			if err != nil {
				return err
			}
			for name, change := range map[string]func(*jobs.Wanted){
				"held":         func(w *jobs.Wanted) { w.Held = true },
				"needs record": func(w *jobs.Wanted) { w.NeedsRecord = true },
				"expired":      func(w *jobs.Wanted) { w.ValidUntil = tx.Now() },
				"closed":       func(w *jobs.Wanted) { w.State = jobs.Closed },
				"done":         func(w *jobs.Wanted) { w.State = jobs.Filled },
			} {
				c := w
				change(&c)
				if err := c.Save(tx); err != nil {
					return err
				}
				if ready, err := jobs.Ready(tx, "", tx.Now()); err != nil || ready {
					t.Errorf("%s: ready %v, %v", name, ready, err)
				}
			}
			w.ValidUntil = tx.Now().Add(1e6)
			if err := w.Save(tx); err != nil {
				return err
			}
			ready, err := jobs.Ready(tx, "", tx.Now())
			if !ready {
				t.Error("valid and not ready")
			}
			return err
		})
	})
}

func TestStory(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		id := ktp.AttemptID{1}
		in(t, s, func(tx *store.Tx) error {
			if err := jobs.DefineLine(tx, "l1", jobs.Inline, "s1"); err != nil {
				return err
			}
			if err := want(tx, 1, 4, tx.Now()); err != nil {
				return err
			}
			_, _, _, err := lease(tx, "l1", 1)
			return err
		})
		story := func(tx *store.Tx) jobs.Story {
			t.Helper()
			got, err := jobs.StoryOf(tx, id)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		in(t, s, func(tx *store.Tx) error {
			if _, _, found := story(tx).Newest(); found {
				t.Error("a story before it began")
			}
			cards := 7
			for range 2 {
				if err := story(tx).Intend(tx, id, jobs.Feed, 1, "line:l1", jobs.Evidence{Cards: &cards}); err != nil {
					return err
				}
			}
			got := story(tx)
			note, settled, found := got.Newest()
			if !found || settled || note.N != 2 || *note.Evidence.Cards != 7 || note.Evidence.Panels != nil || !got.Unsettled(jobs.Feed) || !got.Intended(jobs.Feed) {
				t.Errorf("newest %+v, settled %v", note, settled)
			}
			if err := got.Settle(tx, id, jobs.Feed, 1, "line:l1", jobs.Outcome{Result: jobs.Done}); err != nil {
				return err
			}
			// An outcome without an intent, then an intent: the numbers do not meet.
			for range 2 {
				if err := story(tx).Settle(tx, id, jobs.ReadBack, 1, "line:l1", jobs.Outcome{Result: jobs.Failed, Hashes: map[string]string{"0101": "aa"}}); err != nil {
					return err
				}
			}
			if err := story(tx).Intend(tx, id, jobs.ReadBack, 1, "line:l1", jobs.Evidence{}); err != nil {
				return err
			}
			if err := story(tx).Settle(tx, id, jobs.ReadBack, 2, "desk", jobs.Outcome{Result: jobs.Done}); err != nil {
				return err
			}
			got = story(tx)
			if out, found := got.Outcome(jobs.ReadBack); !found || out.Result != jobs.Done || got.Unsettled(jobs.ReadBack) {
				t.Errorf("outcome %+v", out)
			}
			if got.Hashes()["0101"] != "aa" {
				t.Errorf("hashes %v", got.Hashes())
			}
			last := got[len(got)-1]
			if last.Actor != "desk" || last.Fence != 2 || last.N != 3 || !last.At.Equal(storetest.Start) {
				t.Errorf("last %+v", last)
			}
			return nil
		})
	})
}

func TestLines(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		in(t, s, func(tx *store.Tx) error {
			if err := jobs.DefineLine(tx, "l1", "sideways", "s1"); fault.CodeOf(err) != "jobs.line_kind_unknown" {
				t.Errorf("kind: %v", err)
			}
			if _, err := jobs.LineByID(tx, "l1"); fault.CodeOf(err) != "jobs.line_unknown" {
				t.Errorf("line: %v", err)
			}
			if err := jobs.DefineLine(tx, "l1", jobs.Inline, "s1"); err != nil {
				return err
			}
			for want := range 3 {
				if n, err := jobs.ChipFault(tx, "l1", true); err != nil || n != want+1 {
					t.Errorf("%d faults, %v", n, err)
				}
			}
			if err := jobs.SetWish(tx, "l1", jobs.Paused, "x.y", "boss"); err != nil {
				return err
			}
			if err := jobs.DefineLine(tx, "l1", jobs.Desktop, "s1"); err != nil { // the wish stays
				return err
			}
			if err := jobs.Observe(tx, "l1", "s1", "idle", ""); err != nil {
				return err
			}
			l, err := jobs.LineByID(tx, "l1")
			if err != nil {
				return err
			}
			if l.Wish != jobs.Paused || l.Reason != "x.y" || l.By != "boss" || l.Kind != jobs.Desktop || l.ChipFaults != 3 || l.Observed.State != "idle" {
				t.Errorf("line %+v", l)
			}
			if n, err := jobs.ChipFault(tx, "l1", false); err != nil || n != 0 {
				t.Errorf("%d faults, %v", n, err)
			}
			list, err := jobs.Lines(tx)
			if len(list) != 1 {
				t.Errorf("lines %+v", list)
			}
			return err
		})
	})
}

// The states that the database ties to the mark of a successor can never be an end, on any line.
func TestSuccessorStates(t *testing.T) {
	t.Parallel()
	for _, k := range jobs.Kinds {
		for _, s := range []jobs.State{jobs.InDoubt, jobs.Activated, jobs.Checked} {
			if jobs.Attempts(k).IsFinal(s) {
				t.Errorf("%s: %s is final", k, s)
			}
		}
	}
	// Every way through the table ends with the mark set only where a card exists.
	for _, k := range jobs.Kinds {
		table := jobs.Attempts(k)
		for _, r := range table.Rows {
			a := jobs.Attempt{Kind: k, State: r.From, Successor: jobs.IsActive(k, r.From) || r.From == jobs.InDoubt}
			if err := a.Move(r.Event, storetest.Start); err != nil {
				t.Errorf("%s: %v", k, err)
			}
			should := jobs.IsActive(k, r.To) && r.To != jobs.Revoked || r.To == jobs.InDoubt
			if a.State != r.To || a.Successor != should || a.Ended != table.IsFinal(r.To) {
				t.Errorf("%s: %s in %s gives %+v", k, r.Event, r.From, a)
			}
		}
		a := jobs.Attempt{Kind: k, State: jobs.Open}
		if err := a.Move(jobs.Event(jobs.Print), storetest.Start); fault.CodeOf(err) != "jobs.wrong_step" || a.State != jobs.Open {
			t.Errorf("%s: printed without a blank: %v", k, err)
		}
	}
}
