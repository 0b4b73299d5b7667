package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/jobs"
)

// manyOf is more than a page of a worklist of the console.
const manyOf = 101

// goneThrough is a worklist page by page, as the console asks for it.
func goneThrough[T any](s *room, l Worklist, of func(context.Context, Worklist) ([]T, error), id func(T) string) (ids []string) {
	s.Helper()
	const page = 40
	for l.Limit = page; ; l.After = ids[len(ids)-1] {
		list, err := of(bg, l)
		s.must(err)
		for _, x := range list {
			ids = append(ids, id(x))
		}
		if len(list) < page {
			return ids
		}
	}
}

func (s *room) goes(what string, got, want []string) {
	s.Helper()
	if !slices.Equal(got, want) {
		s.Errorf("%s are %d: %v; want %d: %v", what, len(got), got, len(want), want)
	}
}

// The hundred and first of what is under way is shown, and first where it is the newest; what is over is in a list of its
// own.
func TestConsignmentsAndDestructionsBeyondAPage(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		var bags, lists []string
		for n := range manyOf {
			to := "kec.sepauk"
			if n == 5 {
				to = "kec.serawai"
			}
			bags = append(bags, s.do(admin, OpenConsignment{ConsignmentOut, to}).Answer)
			lists = append(lists, s.do(keeper, OpenDestruction{}).Answer)
		}
		for _, n := range []int{3, 7} {
			s.do(admin, CancelConsignment{bags[n]})
			s.do(keeper, CancelDestruction{lists[n]})
		}
		newestFirst := func(ids []string, over bool) (want []string) {
			for n, id := range slices.Backward(ids) {
				if (n == 3 || n == 7) == over {
					want = append(want, id)
				}
			}
			return want
		}
		for _, over := range []bool{false, true} {
			s.goes(fmt.Sprint("consignments, over ", over), goneThrough(s, Worklist{Over: over}, s.r.ConsignmentsIn, func(c Consignment) string { return c.ID }), newestFirst(bags, over))
			s.goes(fmt.Sprint("destructions, over ", over), goneThrough(s, Worklist{Over: over}, s.r.DestructionsIn, func(d Destruction) string { return d.ID }), newestFirst(lists, over))
		}
		s.goes("consignments to Serawai", goneThrough(s, Worklist{Place: "kec.serawai"}, s.r.ConsignmentsIn, func(c Consignment) string { return c.ID }), bags[5:6])
		for text, want := range map[string]string{" k" + bags[4][1:] + " ": bags[4], "K-1999-000001": "", "": ""} {
			if got, err := s.r.FindConsignment(bg, text); err != nil || got != want {
				t.Errorf("%q means %q, %v; want %q", text, got, err, want)
			}
		}
	})
}

// Complaints that wait for an answer stand by the day on which it is due; those that were answered, newest first.
func TestComplaintsBeyondAPage(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(complaintDesk)
		id := func(c Complaint) string { return c.ID }
		numbers := map[string]string{}
		for n := range manyOf {
			number := s.do(officer, RegisterComplaint{Channel: "box", Subject: "waiting", Text: "ANTRE LAMA"}).Answer
			found, err := s.r.FindComplaint(bg, number)
			s.must(err)
			numbers[number] = found
			if n%2 == 1 { // two are due at the same moment
				s.db.Clock.Advance(time.Hour)
			}
		}
		all, err := s.r.ListComplaints(bg, ComplaintFilter{Limit: manyOf + 1})
		s.must(err)
		slices.SortFunc(all, func(a, b Complaint) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
		var want []string
		for _, c := range all {
			if want = append(want, c.ID); numbers[c.Number] != c.ID {
				t.Errorf("%s is found as %s, want %s", c.Number, numbers[c.Number], c.ID)
			}
		}
		s.goes("complaints", goneThrough(s, Worklist{}, s.r.ComplaintsIn, id), want)
		answered := []string{want[90], want[12], want[2]}
		for _, id := range []string{want[2], want[90], want[12]} {
			s.do(complaintDesk, VerifyComplaint{Complaint: id, Finding: "right", Matter: "BENAR"})
			s.do(complaintDesk, AnswerComplaint{id, "MAAF"})
		}
		s.do(complaintDesk, CloseComplaint{want[12]})
		s.goes("answered complaints", goneThrough(s, Worklist{Over: true}, s.r.ComplaintsIn, id), answered)
		s.goes("the others", goneThrough(s, Worklist{}, s.r.ComplaintsIn, id), slices.DeleteFunc(want, func(id string) bool { return slices.Contains(answered, id) }))
		if list, err := s.r.ComplaintsIn(bg, Worklist{Limit: 1}); err != nil || list[0].Content != (ComplaintContent{}) {
			t.Errorf("the list holds %+v, %v", list, err)
		}
		for _, text := range []string{"", "P0000000000", "R0000000000"} {
			if got, err := s.r.FindComplaint(bg, text); err != nil || got != "" {
				t.Errorf("%q means %q, %v", text, got, err)
			}
		}
	})
}

func TestIncidentsBeyondAPage(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		id := func(i Incident) string { return i.ID }
		var opened []string
		for range manyOf {
			opened = append(opened, s.do(dataman, OpenIncident{Cause: "power", Place: "61.05.01"}).Answer)
			s.db.Clock.Advance(time.Minute)
		}
		ended := []string{opened[60], opened[4]}
		for _, id := range ended {
			s.do(dataman, EndIncident{Incident: id})
		}
		slices.Reverse(opened)
		s.goes("incidents", goneThrough(s, Worklist{}, s.r.IncidentsIn, id), slices.DeleteFunc(opened, func(id string) bool { return slices.Contains(ended, id) }))
		s.goes("ended incidents", goneThrough(s, Worklist{Over: true}, s.r.IncidentsIn, id), ended)
	})
}

// What rolls are left for is counted by all of them; those in printers stand before those in the store, and those that wait
// for their destruction before those that are gone.
func TestRollsBeyondAPage(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		serial := func(r RollUse) string { return r.Serial }
		var stored []string
		for n := range manyOf {
			stored = append(stored, fmt.Sprintf("R-%04d", n))
			s.do(keeper, ReceiveRoll{stored[n], rollKinds[n%2], "YMCKO", 500})
		}
		s.do(keeper, FitRoll{stored[50], line2, admin})
		s.do(keeper, FitRoll{stored[80], line1, admin})
		s.db.Clock.Advance(time.Hour)
		s.produced(1, "")
		s.do(keeper, FitRoll{stored[31], line2, admin})
		s.do(keeper, RemoveRoll{Serial: stored[31], Seal: "SEGEL-1", Left: 500, Second: admin})
		s.goes("rolls taken out", goneThrough(s, Worklist{Over: true}, s.r.RollsIn, serial), stored[31:32])
		inUse := slices.Concat([]string{stored[50], stored[80]}, stored[:31], stored[32:50], stored[51:80], stored[81:])
		s.goes("rolls", goneThrough(s, Worklist{}, s.r.RollsIn, serial), inUse)
		left, err := s.r.RollsLeft(bg)
		s.must(err)
		got := map[RollsLeft]int{}
		for _, l := range left {
			n := l.Cards
			l.Cards = 0
			got[l] += n
		}
		for l, want := range map[RollsLeft]int{
			{Kind: "film", State: RollStored}: 49 * 500, {Kind: "ribbon", State: RollStored}: 49 * 500, {Kind: "ribbon", State: RollFitted}: 2*500 - 1,
		} {
			if got[l] != want {
				t.Errorf("%s %s: %d cards left, want %d", l.Kind, l.State, got[l], want)
			}
		}
	})
}

// The length of the queue is that of the list of what waits, whatever became of its orders.
func TestQueueLength(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := range 6 {
			s.queued(n + 1)
		}
		counted := func(when string, want int) {
			t.Helper()
			n, err := s.r.QueueLength(bg)
			s.must(err)
			list, err := s.r.Orders(bg, jobs.Waiting, 100)
			s.must(err)
			if n != want || len(list) != want {
				t.Errorf("%s: %d counted, %d listed, want %d", when, n, len(list), want)
			}
		}
		counted("queued", 6)
		s.do(admin, checked(1))
		counted("one on hold", 6)
		o := s.next(line1)
		counted("one prepared", 5)
		chip := s.upTo(o, jobs.ReadBack)
		counted("one on its line", 5)
		s.must(s.settle(o, jobs.Print, fails("printer.jam")))
		s.reject(o, chip, "")
		counted("its blank spoiled", 6)
		s.do(admin, CancelApplication{Application: appID(3), Because: Because{Reason: "died"}})
		counted("one cancelled", 5)
		in, err := s.r.ApplicationCounts(bg)
		if s.must(err); in[Queued] != 4 || in[OnHold] != 1 || in[Cancelled] != 1 {
			t.Errorf("applications %v", in)
		}
	})
}
