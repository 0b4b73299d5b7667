package registry

import (
	"slices"
	"testing"

	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/store/storetest"
)

// The straight path: delivered, approved, queued, made, matched, handed over.
func TestOneCardFromDeliveryToHandOver(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := newRoom(t, db)
		s.state2(s.do(center, delivery(record(1, 1))), PrintReady)
		s.state2(s.do(boss, Approve{appID(1)}), Approved)
		s.state2(s.do(admin, Queue{appID(1)}), Queued)

		o := s.next(line1)
		if o.Line != line1 || o.Record.ID != "req-1" || o.Record.Person.NIK != record(1, 1).Person.NIK || string(o.Record.Fingers[1].Second) != string(record(1, 1).Fingers[1].Second) {
			t.Fatalf("order %+v", o)
		}
		s.state(1, Queued)
		s.idle(line1)
		chip := s.upTo(o, jobs.Eject)
		s.attemptIs(o, jobs.Out)
		s.state(1, Produced)
		s.blankAt(o, "tray/line-1")
		if n := s.held("hopper/line-1"); n != 99 {
			t.Errorf("%d blanks in the hopper", n)
		}
		d := s.attempt(o)
		if d.Card == nil || d.Card.State != CardMade || d.Card.Chip != chip || d.Attempt.Match != jobs.Matched {
			t.Errorf("card %+v, attempt %+v", d.Card, d.Attempt)
		}

		s.state2(s.do(kec, shown(appID(1), chip)), Matched)
		res := s.do(officer, HandOver{Application: appID(1), Chip: chip})
		s.state2(res, HandedOver)
		if res.Word != "CARD_ISSUED" {
			t.Errorf("word %s", res.Word)
		}
		if c := s.attempt(o).Card; c.State != CardInForce {
			t.Errorf("card is %s", c.State)
		}
		s.blankAt(o, "holder")
		s.sound()

		var words []string
		reports, err := s.r.Outbox(bg, 100)
		s.must(err)
		for _, r := range reports {
			words = append(words, string(r.Word))
		}
		if !slices.Equal(words, []string{
			"PRINT_READY_RECORD", "PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED", "CARD_SHIPPED", "CARD_ISSUED",
		}) {
			t.Errorf("the center was told %v", words)
		}
		if last := reports[len(reports)-1]; last.Chip != chip || last.Attempts != 1 || last.Record != appID(1) || last.Version != 1 {
			t.Errorf("last report %+v", last)
		}
		want := []string{
			"record.received", "application.deliver", "application.approve", "application.queue", "application.start",
			"attempt.fed", "attempt.claimed", "attempt.written", "attempt.matched", "record.erased", "attempt.printed", "attempt.accepted", "record.erased",
			"attempt.activated", "card.made", "attempt.checked", "attempt.out", "application.finish", "match.tried", "application.match",
			"card.in_force", "application.hand_over",
		}
		if got := s.codes(audit.Filter{Application: "req-1"}); !slices.Equal(got, want) {
			t.Errorf("events\n%v\nwant\n%v", got, want)
		}
	})
}

func (s *room) state2(r Result, want State) {
	s.Helper()
	if r.State != want {
		s.Errorf("%s: state %s, want %s", r.Operation, r.State, want)
	}
}
