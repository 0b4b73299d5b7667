package registry

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

var keeper2 = Actor{ID: "keeper-2", Roles: []access.Role{access.StockKeeper}}

// What takes two persons waits for the second one; both act themselves.
func TestProposalWaitsForTheSecondPerson(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(boss, keeper, keeper2, officer, admin)
		load := LoadHopper{Line: line1, Lot: lotA, Quantity: 5}
		inHopper := func() int {
			held, _, err := s.r.Blanks(bg)
			s.must(err)
			n := 0
			for _, h := range held {
				if h.Place == stock.On(stock.Hopper, string(line1)) {
					n += h.Unread + h.Read
				}
			}
			return n
		}
		before := inHopper()
		res, err := s.r.Propose(bg, keeper, load, "p1")
		s.must(err)
		again, err := s.r.Propose(bg, keeper, load, "p1")
		s.must(err)
		if res.Answer == "" || again.Answer != res.Answer || !again.Replayed {
			t.Errorf("%+v, again %+v", res, again)
		}
		if inHopper() != before {
			t.Error("a proposal alone moved blanks")
		}
		s.refused(keeper, Decide{Proposal: res.Answer, Agree: true}, "registry.same_person")
		s.refused(officer, Decide{Proposal: res.Answer, Agree: true}, "registry.not_allowed")
		s.refused(officer, Decide{Proposal: res.Answer, Because: Because{Reason: "not_convincing"}}, "registry.not_allowed")
		s.refused(keeper2, Decide{Proposal: "none", Agree: true}, "registry.proposal_unknown")
		s.refused(keeper2, Decide{Proposal: res.Answer}, "registry.bad_operation")
		s.refused(keeper2, TakeBack{res.Answer}, "registry.not_allowed")
		s.do(keeper2, Decide{Proposal: res.Answer, Agree: true})
		if inHopper() != before+5 {
			t.Errorf("%d in the hopper, want %d", inHopper(), before+5)
		}
		s.refused(keeper2, Decide{Proposal: res.Answer, Agree: true}, "registry.wrong_state")
		events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "stock.loaded"})
		s.must(err)
		if last := events[len(events)-1]; last.Actor != keeper.ID || last.Detail["second"] != keeper2.ID {
			t.Errorf("the event names %s and %s", last.Actor, last.Detail["second"])
		}

		refused, err := s.r.Propose(bg, keeper, load, "p2")
		s.must(err)
		s.do(keeper2, Decide{Proposal: refused.Answer, Because: Because{Reason: "count_differs"}})
		back, err := s.r.Propose(bg, keeper, load, "p3")
		s.must(err)
		s.do(keeper, TakeBack{back.Answer})
		open, err := s.r.Proposals(bg, ProposalFilter{State: ProposalOpen, Limit: 10})
		s.must(err)
		all, err := s.r.Proposals(bg, ProposalFilter{Limit: 10})
		s.must(err)
		if len(open) != 0 || len(all) != 3 || slices.ContainsFunc(all, func(p Proposal) bool { return p.content != "" }) {
			t.Errorf("%d open, %d in all, or one kept its content", len(open), len(all))
		}
	})
}

// What cannot be done now is refused when it is proposed; what became impossible, when it is decided.
func TestProposalIsCheckedTwice(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(keeper, keeper2)
		if _, err := s.r.Propose(bg, keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 5000}, "p1"); err == nil {
			t.Error("more than there is was proposed")
		}
		if _, err := s.r.Propose(bg, keeper, ReceiveBlanks{Lot: lotA, Product: "ktp-el-wni", Quantity: 1}, "p2"); fault.CodeOf(err) != "registry.bad_operation" {
			t.Errorf("of one person: %v", err)
		}
		res, err := s.r.Propose(bg, keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 800}, "p3")
		s.must(err)
		s.do(keeper, LoadHopper{Line: line2, Lot: lotA, Quantity: 100, Second: keeper2})
		if _, err := s.r.Do(bg, keeper2, Decide{Proposal: res.Answer, Agree: true}, "d"); err == nil {
			t.Error("more than is left was loaded")
		}
		s.do(keeper2, Decide{Proposal: res.Answer, Because: Because{Reason: "too_late"}})
	})
}

// A second person agrees to what the first one saw: after a change of the application the proposal is
// refused and nothing is done; a look at it changes nothing.
func TestProposalIsOfOneVersion(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(admin, boss, officer)
		s.do(center, delivery(record(1, 1)))
		app := appID(1)
		mark := MarkOrder{Application: app, Mark: MarkBacklog, Because: Because{Reason: "waits_long"}}
		seen, err := s.r.Application(bg, app)
		s.must(err)
		asSeen := func(events int) context.Context {
			return OnlyIf(bg, func(ctx context.Context) (bool, error) {
				now, err := s.r.Application(ctx, app)
				return len(now.Events) == events, err
			})
		}
		if _, err := s.r.Propose(asSeen(len(seen.Events)-1), admin, mark, "p0"); fault.CodeOf(err) != "registry.changed" {
			t.Errorf("an old version was proposed: %v", err)
		}
		p, err := s.r.Propose(asSeen(len(seen.Events)), admin, mark, "p1")
		s.must(err)
		again, err := s.r.Propose(asSeen(len(seen.Events)), admin, mark, "p1")
		s.must(err)
		if again.Answer != p.Answer || !again.Replayed {
			t.Errorf("again: %+v", again)
		}
		late, err := s.r.Propose(bg, admin, MarkOrder{Application: app, Mark: MarkDisaster, Because: Because{Reason: "flood"}}, "p2")
		s.must(err)
		s.do(officer, Unmask{app, Because{Reason: "check"}})
		s.do(boss, Decide{Proposal: p.Answer, Agree: true}) // proposals and looks between changed nothing
		s.refused(boss, Decide{Proposal: late.Answer, Agree: true}, "registry.proposal_outdated")
		left, _, err := s.r.Proposal(bg, late.Answer)
		s.must(err)
		marked, err := s.r.Events(bg, 0, 1000, audit.Filter{Application: string(app), Code: "application.marked"})
		s.must(err)
		if left.State != ProposalOpen || len(marked) != 1 {
			t.Errorf("%s, marked %d times", left.State, len(marked))
		}
		s.do(boss, Decide{Proposal: late.Answer, Because: Because{Reason: "changed"}})
	})
}

// What is no application has a version, too: whatever two persons would change, the second one agrees to what the
// first one saw of it.
func TestProposalAboutAThingIsOfOneVersion(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(boss, keeper, keeper2, admin)
		load, err := s.r.Propose(bg, keeper, LoadHopper{Line: line1, Lot: lotA, Quantity: 5}, "p1")
		s.must(err)
		s.do(admin, PauseLine{Line: line1, Because: Because{Reason: "cleaning"}}) // nothing of the store
		also, err := s.r.Propose(bg, keeper2, LoadHopper{Line: line2, Lot: lotA, Quantity: 5}, "p2")
		s.must(err)
		s.do(keeper2, Decide{Proposal: load.Answer, Agree: true})
		s.refused(keeper, Decide{Proposal: also.Answer, Agree: true}, "registry.proposal_outdated")

		s.do(keeper, ReceiveRoll{Serial: "R-1", Kind: "ribbon", Product: "YMCKO", Panels: 500})
		fit, err := s.r.Propose(bg, keeper, FitRoll{Serial: "R-1", Line: line2}, "p3")
		s.must(err)
		s.do(keeper, FitRoll{Serial: "R-1", Line: line1, Second: admin})
		s.do(keeper, RemoveRoll{Serial: "R-1", Seal: "SEGEL-1", Left: 500, Second: admin})
		s.refused(admin, Decide{Proposal: fit.Answer, Agree: true}, "registry.proposal_outdated")
		s.do(keeper, TakeBack{fit.Answer})

		s.do(keeper, ReceiveRoll{Serial: "R-2", Kind: "ribbon", Product: "YMCKO", Panels: 500})
		s.do(keeper, FitRoll{Serial: "R-2", Line: line2, Second: admin})
		s.do(keeper, RemoveRoll{Serial: "R-2", Seal: "SEGEL-2", Left: 500, Second: admin})
		s.national()
		list := s.do(keeper, OpenDestruction{}).Answer
		s.do(keeper, AddToDestruction{Destruction: list, Item: "R-1"})
		s.do(keeper, CountIn{Destruction: list, Count: 1})
		destroy, err := s.r.Propose(bg, admin, DestroyAll{
			Destruction: list, Count: 1, Witnesses: []Witness{{"SAKSI", "LURAH"}, {"SAKSI LAIN", "CAMAT"}}, Pictures: []string{s.pictureBy(admin, "")},
		}, "p4")
		s.must(err)
		s.do(keeper, ReopenDestruction{Destruction: list})
		s.do(keeper, AddToDestruction{Destruction: list, Item: "R-2"})
		s.do(keeper, CountIn{Destruction: list, Count: 2})
		s.refused(boss, Decide{Proposal: destroy.Answer, Agree: true}, "registry.proposal_outdated")
	})
}

// Whatever takes two persons is about an application or another thing that has a version; but for what makes
// something new, and for the clock, which is nobody's to change meanwhile.
func TestEveryProposalHasAVersion(t *testing.T) {
	t.Parallel()
	fresh := []Name{opRegisterOverride, opRegisterUnmatched, opSetClock}
	for _, row := range Operations {
		_, about := row.Of.(aboutApplication)
		_, thing := row.Of.(changing)
		if of := row.Name; row.Second != "" && !about && !thing && !slices.Contains(fresh, of) {
			t.Errorf("%s has no version", of)
		}
	}
}

// Every operation can be stored: it comes back from JSON as it was, and has one field for the second person.
func TestOperationsCanBeStored(t *testing.T) {
	t.Parallel()
	for _, row := range Operations {
		typ := reflect.TypeOf(row.Of)
		text, err := json.Marshal(row.Of)
		if err != nil {
			t.Errorf("%s: %v", row.Name, err)
			continue
		}
		if _, err := decode(row.Name, text); err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
		for i := range typ.NumField() {
			if f := typ.Field(i); !f.IsExported() {
				t.Errorf("%s: field %s would be lost", row.Name, f.Name)
			} else if f.Type == reflect.TypeFor[Actor]() && f.Name != secondField {
				t.Errorf("%s: the second person is named %s", row.Name, f.Name)
			}
		}
		if row.Second != "" {
			if two, ok := withSecond(row.Of, boss).(byTwo); !ok || two.second().ID != boss.ID {
				t.Errorf("%s does not tell its second person", row.Name)
			}
		}
	}
}

func TestBatchNeedsItsSampleOpened(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		var ids []ApplicationID
		for n := 1; n <= 9; n++ {
			s.do(center, delivery(record(n, 1)))
			ids = append(ids, appID(n))
		}
		warned := delivery(record(10, 1))
		warned.Warnings = []string{"photo_background"}
		s.do(center, warned)
		s.refused(boss, DrawBatch{Applications: append(slices.Clone(ids), appID(10))}, "registry.warnings_singly")
		s.refused(boss, DrawBatch{}, "registry.bad_operation")
		s.refused(boss, DrawBatch{Applications: []ApplicationID{appID(1), appID(1)}}, "registry.bad_operation")
		s.refused(admin, DrawBatch{Applications: ids}, "registry.not_allowed")

		batch := s.do(boss, DrawBatch{Applications: ids}).Answer
		b, err := s.r.Batch(bg, batch)
		s.must(err)
		if len(b.Sample) != 3 { // the root of nine
			t.Fatalf("sample %v", b.Sample)
		}
		s.refused(boss, ApproveBatch{batch}, "registry.sample_unopened")
		s.refused(boss2, OpenSample{batch, b.Sample[0]}, "registry.not_allowed")
		for _, id := range ids {
			if !slices.Contains(b.Sample, id) {
				s.refused(boss, OpenSample{batch, id}, "registry.bad_operation")
			}
		}
		for _, id := range b.Sample {
			s.do(boss, OpenSample{batch, id})
		}
		s.do(boss, ApproveBatch{batch})
		for n := 1; n <= 9; n++ {
			s.state(n, Approved)
		}
		s.state(10, PrintReady)
		s.refused(boss, ApproveBatch{batch}, "registry.wrong_state")
	})
}

// One of a batch that changed meanwhile holds all of it back.
func TestBatchIsAllOrNothing(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.do(center, delivery(record(2, 1)))
		batch := s.do(boss, DrawBatch{Applications: []ApplicationID{appID(1), appID(2)}}).Answer
		s.do(boss, OpenSample{batch, appID(1)})
		s.do(boss, OpenSample{batch, appID(2)})
		s.do(center, WithdrawRecord{ID: appID(2), Version: 1, Reason: "died"})
		s.refused(boss, ApproveBatch{batch}, "registry.wrong_state")
		s.state(1, PrintReady)
	})
}

// The dispatcher gives the first by priority and date, never one that a person may not do, and one
// piece to one person.
func TestDispatch(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		low, high := record(1, 1), record(2, 1)
		low.Priority, high.Priority = 3, 8
		s.do(center, delivery(low))
		s.do(center, delivery(high))
		s.refused(boss, Approve{appID(2)}, "registry.with_another") // not handed out
		s.refused(admin, TakeNext{TaskApprove}, "registry.not_allowed")
		if got := s.do(boss, TakeNext{TaskApprove}).Application; got != appID(2) {
			t.Errorf("first %s", got)
		}
		if got := s.do(boss, TakeNext{TaskApprove}).Application; got != appID(2) {
			t.Errorf("again %s: one has to finish first", got)
		}
		s.do(boss2, DeclareConflict{appID(1)})
		s.refused(boss2, TakeNext{TaskApprove}, "registry.no_work")
		s.refused(boss2, Approve{appID(2)}, "registry.with_another")
		s.do(boss, Approve{appID(2)})
		s.do(boss, TakeNext{TaskApprove})
		s.do(boss, GiveBack{appID(1), TaskApprove})
		s.refused(boss, GiveBack{appID(1), TaskApprove}, "registry.with_another")

		boss3 := Actor{ID: "boss-3", Roles: boss.Roles}
		s.do(boss3, TakeThis{Application: appID(1), Task: TaskApprove, Because: Because{Reason: "disaster"}, Second: boss})
		s.refused(boss2, Approve{appID(1)}, "registry.with_another")
		s.do(boss3, Approve{appID(1)})
		jumps, err := s.r.Jumps(bg, Period{Since: s.db.Clock.Now().AddDate(-1, 0, 0)}, Seen{}, 10)
		s.must(err)
		if len(jumps) != 1 || jumps[0].Person != "boss-3" || jumps[0].Jump != "disaster" {
			t.Errorf("jumps %+v", jumps)
		}
		if jumps, err = s.r.Jumps(bg, Period{Until: jumps[0].At}, Seen{}, 10); err != nil || len(jumps) != 0 {
			t.Errorf("jumps before it %+v, %v", jumps, err)
		}
	}, func(c *Config) { c.Dispatch = true })
}

// A batch is handed out like single work: the first of the queue without a warning, in one person's
// hands until it is approved or given back.
func TestBatchIsHandedOut(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		var ids []ApplicationID
		for n := 1; n <= 6; n++ {
			d := record(n, 1)
			d.Priority = 9 - n
			one := delivery(d)
			if n == 2 {
				one.Warnings = []string{"name_abbreviated"}
			}
			s.do(center, one)
			ids = append(ids, appID(n))
		}
		s.refused(boss, DrawBatch{Applications: ids[3:5]}, "registry.with_another") // chosen
		s.refused(boss, DrawBatch{Applications: ids[:1], Count: 1}, "registry.bad_operation")
		s.refused(boss, DrawBatch{Count: longestBatch + 1}, "registry.bad_operation")
		b, err := s.r.Batch(bg, s.do(boss, DrawBatch{Count: 3}).Answer)
		s.must(err)
		if want := []ApplicationID{appID(1), appID(3), appID(4)}; !slices.Equal(b.Applications, want) {
			t.Errorf("handed out %v, want %v", b.Applications, want)
		}
		other, err := s.r.Batch(bg, s.do(boss2, DrawBatch{Count: 3}).Answer)
		s.must(err)
		if want := []ApplicationID{appID(5), appID(6)}; !slices.Equal(other.Applications, want) {
			t.Errorf("handed to the second %v, want %v", other.Applications, want)
		}
		for _, id := range b.Sample {
			s.do(boss, OpenSample{b.ID, id})
		}
		s.do(boss, ApproveBatch{b.ID})
		for _, id := range b.Applications {
			s.is(id, Approved)
		}
		if got := s.do(boss, TakeNext{TaskApprove}).Application; got != appID(2) {
			t.Errorf("the one with a warning comes by itself, not %s", got)
		}
		// What was given back is no longer of the batch's person: the batch is not approved.
		s.do(boss2, GiveBack{other.Applications[0], TaskApprove})
		for _, id := range other.Sample {
			s.do(boss2, OpenSample{other.ID, id})
		}
		s.refused(boss2, ApproveBatch{other.ID}, "registry.with_another")
	}, func(c *Config) { c.Dispatch = true })
}

// Who has an interest of their own does nothing more for an application, also as the second person.
func TestConflictKeepsOut(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.do(boss, DeclareConflict{appID(1)})
		s.do(boss, DeclareConflict{appID(1)})
		s.refused(boss, Approve{appID(1)}, "registry.same_person")
		s.do(boss2, Approve{appID(1)})

		// Also of what is no duty of its own, and also as the second person.
		a := townsman(0, whole)
		s.listed(a)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		s.do(dataman, DeclareConflict{id})
		s.do(boss, DeclareConflict{id})
		s.toCenter(id, a)
		s.do(center, ReceiveResult{Application: id, Encounter: 1, Sequence: 1, Result: ResultDuplicate})
		other := Actor{ID: "datacenter-2", Roles: dataman.Roles}
		s.refused(dataman, ReadResult{id}, "registry.same_person")
		s.refused(dataman, Resend{Application: id, Because: Because{Reason: "no_answer"}}, "registry.same_person")
		s.do(other, ReadResult{id})
		s.refused(other, ClearDuplicate{Application: id, Because: Because{Reason: "twins"}, Second: boss}, "registry.same_person")
		s.do(other, ClearDuplicate{Application: id, Because: Because{Reason: "twins"}, Second: boss2})
	})
}

// An application that waits for a second person is there once both have agreed, under the one id and receipt of its
// log; the number of the queue is served as it is proposed, and nobody who comes after stands in the way.
func TestProposedApplication(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(officer, boss)
		a := townsman(0, whole)
		s.listed(a)
		wish := s.application(ktp.TypeNew, a)
		wish.Requirements = wish.Requirements[:1]
		s.do(officer, TakeTicket{})
		s.do(officer, CallNext{})
		wish.Ticket = 1
		p, err := s.r.Propose(bg, officer, RegisterOverride{Application: wish, Overrides: []Override{{"rt_rw_letter", "follows"}}}, "p1")
		s.must(err)
		waits, _, err := s.r.Proposal(bg, p.Answer)
		s.must(err)
		if p.Application != "" || waits.Preview.Application != "" || waits.Preview.Answer != "" || waits.Preview.State != Received {
			t.Errorf("told %q, preview %+v", p.Application, waits.Preview)
		}
		served := func() Ticket {
			list, err := s.r.Tickets(bg, TicketFilter{Limit: 1})
			s.must(err)
			return list[0]
		}
		if n := served(); n.State != TicketServed || n.Application != "" {
			t.Errorf("number %+v", n)
		}
		s.do(officer, TakeTicket{})
		res := s.do(boss, Decide{Proposal: p.Answer, Agree: true})
		s.is(res.Application, Received)
		if n := served(); n.Application != res.Application {
			t.Errorf("the number is of %q", n.Application)
		}
		for _, code := range []string{"proposal.made", "proposal.decided", "intake.kept"} {
			events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: code})
			s.must(err)
			want := string(res.Application)
			if code == "proposal.made" {
				want = ""
			}
			if len(events) != 1 || events[0].Application != want {
				t.Errorf("%s: %+v", code, events)
			}
		}
	})
}
