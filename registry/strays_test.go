package registry

import (
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
)

// A card that the printer fed unasked has left the hopper besides the one of the attempt, also where
// that one was never read: the counter told them apart.
func TestStraysLeaveTheHopper(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper, reject := s.held("hopper/line-1"), s.held("reject/line-1")
		s.queued(1)
		o := s.next(line1)
		s.step(o, jobs.Feed, "")
		out := unsure("personalize.card_missing")
		out.Strays = []ktp.ChipUID{"STRAY", ""}
		s.must(s.settle(o, jobs.Claim, out))
		s.attemptIs(o, jobs.InDoubt)
		s.blankAt(o, "doubt")
		if h, r := s.held("hopper/line-1"), s.held("reject/line-1"); h != hopper-3 || r != reject+2 {
			t.Errorf("%d blanks in the hopper, before %d; %d in the reject tray, before %d", h, hopper, r, reject)
		}
		// Recovery meets the same card inside once more: it is counted once.
		s.must(s.r.Found(bg, s.session(line1), "STRAY", ktp.AttemptID{}, "reject"))
		if r := s.held("reject/line-1"); r != reject+2 {
			t.Errorf("met again: %d in the reject tray, before %d", r, reject)
		}
	})
}

// A stray that the ledger's hopper cannot explain came from nowhere that it knows, and pauses the line.
func TestStrayOfAnEmptyHopper(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.step(o, jobs.Feed, "")
		s.do(keeper, UnloadHopper{Line: line1, Lot: lotA, Quantity: s.held("hopper/line-1"), Second: admin})
		out := unsure("personalize.card_missing")
		out.Strays = []ktp.ChipUID{"STRAY"}
		s.must(s.settle(o, jobs.Claim, out))
		events := s.found()
		if from := events[len(events)-1].Detail["from"]; from != "found" {
			t.Errorf("the stray came from %q", from)
		}
		s.standsFor(line1, causeUnexplained)
	})
}

// The untouched blank of a feed in doubt is met and set aside. It stays there when two persons declare lost what
// they have not found.
func TestFoundBlankIsNotLost(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		s.must(s.settle(o, jobs.Feed, unsure("printer.jam")))
		s.must(s.r.Found(bg, s.session(line1), "UNTOUCHED", ktp.AttemptID{}, "reject"))
		s.blankAt(o, "reject/line-1")
		s.do(admin, DeclareLost{Attempt: o.Attempt, Because: Because{Reason: "not_found"}, Second: boss})
		s.attemptIs(o, jobs.Lost)
		s.blankAt(o, "reject/line-1")
		if n := s.held("lost"); n != 0 {
			t.Errorf("%d blanks are lost", n)
		}
	})
}

// A mute card is taken for a blank of a doubt as long as one is looked for. Where nothing else explains it and
// no counter tells, it came out of the hopper, once, and the line is paused for somebody to look.
func TestMuteStray(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		hopper, reject := s.held("hopper/line-1"), s.held("reject/line-1")
		mute := func() string {
			s.must(s.r.Found(bg, s.session(line1), "", ktp.AttemptID{}, "reject"))
			events := s.found()
			return events[len(events)-1].Detail["from"]
		}
		s.queued(1)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		s.must(s.settle(o, jobs.Feed, unsure("printer.jam")))
		if from := mute(); from != "doubt" || s.held("reject/line-1") != reject || s.held("hopper/line-1") != hopper-1 {
			t.Errorf("beside a feed in doubt: from %q, %d in the hopper", from, s.held("hopper/line-1"))
		}
		s.runs(line1)
		s.do(admin, DeclareLost{Attempt: o.Attempt, Because: Because{Reason: "not_found"}, Second: boss})
		s.do(admin, ReleaseApplication{appID(1)})

		known := s.next(line1)
		chip := s.upTo(known, jobs.Claim)
		s.must(s.settle(known, jobs.Write, unsure("personalize.card_missing")))
		if from := mute(); from != "doubt" || s.held("hopper/line-1") != hopper-2 {
			t.Errorf("beside a doubt whose chip was read: from %q, %d in the hopper", from, s.held("hopper/line-1"))
		}
		s.standsFor(line1, causeUnexplained)
		s.do(admin, ResumeLine{Line: line1})
		s.must(s.r.Found(bg, s.session(line1), chip, known.Attempt, "reject"))
		s.blankAt(known, "reject/line-1") // it is alive, and elsewhere
		if from := mute(); from != "lost" || s.held("hopper/line-1") != hopper-2 {
			t.Errorf("the blank that was declared lost: from %q, %d in the hopper", from, s.held("hopper/line-1"))
		}
		if from := mute(); from != "hopper/line-1" || s.held("hopper/line-1") != hopper-3 || s.held("reject/line-1") != reject+3 {
			t.Errorf("one more: from %q, %d in the hopper, %d in the reject tray", from, s.held("hopper/line-1"), s.held("reject/line-1"))
		}
		s.standsFor(line1, causeUnexplained)
	})
}

// found are the findings of cards, oldest first.
func (s *room) found() []audit.Event {
	s.Helper()
	events, err := s.r.Events(bg, 0, 100000, audit.Filter{Code: "card.found"})
	s.must(err)
	return events
}

func (s *room) standsFor(id jobs.LineID, reason string) {
	s.Helper()
	if l := s.line(id); l.Wish != jobs.Paused || l.Reason != reason {
		s.Errorf("%s is wished %s: %s", id, l.Wish, l.Reason)
	}
}

func (s *room) runs(id jobs.LineID) {
	s.Helper()
	if l := s.line(id); l.Wish != jobs.Running {
		s.Errorf("%s is wished %s: %s", id, l.Wish, l.Reason)
	}
}
