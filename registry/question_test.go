package registry

import (
	"context"
	"errors"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/store"
	"blanko/store/storetest"
)

// at is the attempt in work of a line.
func at(l jobs.LineID) func(*store.Tx) (jobs.Attempt, error) {
	return func(tx *store.Tx) (jobs.Attempt, error) { return inWork(tx, l) }
}

// asks opens a question, or finds the one that stands.
func (s *room) asks(l jobs.LineID, k QuestionKind, what HandOff) Question {
	s.Helper()
	q, err := s.r.ask(bg, k, what, at(l))
	s.must(err)
	return q
}

func (s *room) open1() []Question {
	s.Helper()
	list, err := s.r.Questions(bg)
	s.must(err)
	return list
}

// S-74: a line asks for the face of its card; the question and the answer outlive the process that
// asked, and the answer is given once, by who may.
func TestFaceIsAskedInTheLedger(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		_, err := s.r.ask(bg, AskFace, "", at(line1))
		s.wants(err, questionUnknown.Code)
		s.queued(1)
		o := s.next(line1)
		_, err = s.r.ask(bg, AskFace, "", at(line1)) // leased, and no blank in work
		s.wants(err, questionUnknown.Code)
		chip := s.upTo(o, jobs.Print)
		s.must(s.intend(o, jobs.Accept, jobs.Evidence{Chip: chip}))
		q := s.asks(line1, AskFace, "")
		if q.Attempt != o.Attempt || q.N != 1 || q.State != QuestionOpen || !q.Since.Equal(storetest.Start) {
			t.Errorf("%+v", q)
		}
		rec, err := s.r.ExpectedFace(bg, o.Attempt)
		if err != nil || rec.ID != "req-1" || len(rec.Portrait.Data) == 0 {
			t.Errorf("%v, %v", rec.ID, err)
		}
		s.refused(boss, AcceptFace{Attempt: o.Attempt, Good: true}, notAllowed.Code)
		for _, wrong := range []AcceptFace{{o.Attempt, false, ""}, {o.Attempt, true, "blurred"}, {o.Attempt, false, "ugly"}, {o.Attempt, false, "no_blank"}} {
			s.refused(admin, wrong, badOperation.Code)
		}
		s.refused(admin, DoneHandOff{Attempt: o.Attempt, Question: 1}, questionUnknown.Code)
		s.restart() // between question and answer
		_, entries, err := s.r.Unsettled(bg, line1, jobs.Session{})
		if s.must(err); len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		o = entries[0].Order
		if again := s.asks(line1, AskFace, ""); again != q {
			t.Errorf("asked anew: %+v", again)
		}
		s.do(admin, AcceptFace{Attempt: o.Attempt, Good: false, Cause: "ribbon"})
		s.refused(admin, AcceptFace{Attempt: o.Attempt, Good: true}, questionUnknown.Code)
		s.restart() // between answer and outcome
		got, err := s.r.Ask(bg, line1, AskFace, "")
		if s.must(err); got.State != QuestionAnswered || got.Good || got.Cause != "ribbon" || got.By != admin.ID || got.WrongPerson() || got.N != 1 {
			t.Errorf("%+v", got)
		}
		if list := s.open1(); len(list) > 0 {
			t.Errorf("open: %+v", list)
		}
		events := s.codes(audit.Filter{Code: "face.looked_at"})
		if len(events) != 1 {
			t.Errorf("%v", events)
		}
	})
}

// The face of a card is shown while a line has it in work: not before a blank was reached for, and not once it must go out.
func TestFaceIsShownWhileTheCardIsInWork(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		_, err := s.r.ExpectedFace(bg, o.Attempt)
		s.wants(err, faceGone.Code)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		rec, err := s.r.ExpectedFace(bg, o.Attempt)
		if s.must(err); rec.ID != "req-1" || len(rec.Portrait.Data) == 0 {
			t.Errorf("%v", rec.ID)
		}
		s.must(s.settle(o, jobs.Feed, jobs.Outcome{Result: jobs.Done}))
		s.must(s.intend(o, jobs.Claim, jobs.Evidence{}))
		s.must(s.settle(o, jobs.Claim, jobs.Outcome{Result: jobs.Failed, Cause: "applet.card_silent"}))
		_, err = s.r.ExpectedFace(bg, o.Attempt)
		s.wants(err, faceGone.Code)
	})
}

// A card in doubt is on no line: its face is shown to nobody.
func TestFaceOfADoubtIsNotShown(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		o, _ := s.doubtful(1, jobs.Print)
		_, err := s.r.ExpectedFace(bg, o.Attempt)
		s.wants(err, faceGone.Code)
	})
}

// A hand-off is asked anew each time, an answer that comes twice answers no other question, and what an
// attempt still asks is closed when it goes another way.
func TestHandOffsAreAskedOneByOne(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		o := s.next(line1)
		s.must(s.intend(o, jobs.Feed, jobs.Evidence{}))
		first := s.asks(line1, AskHandOff, BlankToReader)
		if _, err := s.r.ask(bg, AskHandOff, CardToReader, at(line1)); err == nil {
			t.Error("two questions at once")
		}
		done := DoneHandOff{Attempt: o.Attempt, Question: first.N}
		s.refused(admin, DoneHandOff{Attempt: o.Attempt}, badOperation.Code)
		s.refused(keeper, done, notAllowed.Code)
		s.do(admin, done)
		if got, err := s.r.question(bg, o.Attempt, first.N); err != nil || !got.Good || got.State != QuestionAnswered {
			t.Errorf("%+v, %v", got, err)
		}
		second := s.asks(line1, AskHandOff, BlankToReader)
		if second.N != 2 || second.State != QuestionOpen {
			t.Errorf("%+v", second)
		}
		s.refused(admin, done, questionUnknown.Code)
		s.do(admin, DoneHandOff{Attempt: o.Attempt, Question: 2, Cause: "no_blank"})
		s.asks(line1, AskHandOff, BlankToReader)
		if taken, err := s.r.TakeBack(bg, line1, AskHandOff, CardToReader); err != nil || taken {
			t.Errorf("another question was taken back: %v", err)
		}
		if taken, err := s.r.TakeBack(bg, line1, AskHandOff, BlankToReader); err != nil || !taken {
			t.Errorf("%v, %v", taken, err)
		}
		s.asks(line1, AskHandOff, BlankToReader)
		s.must(s.settle(o, jobs.Feed, unsure("personalize.line_stopped")))
		if list := s.open1(); len(list) > 0 {
			t.Errorf("open: %+v", list)
		}
		if _, err := s.r.ask(bg, AskHandOff, CardToReader, at(line1)); err == nil {
			t.Error("a card in doubt is asked for")
		}
	})
}

// The line waits at one station and the person answers at another; without an answer it waits on, and
// a context that ends leaves the question where it is.
func TestQuestionIsAnsweredAtAnotherStation(t *testing.T) {
	t.Parallel()
	db := storetest.PostgreSQLOnce(t)
	s := newRoom(t, db, func(c *Config) { c.Poll = time.Hour })
	there := New(db.Open(t), s.cfg, nil)
	s.queued(1)
	o := s.next(line1)
	chip := s.upTo(o, jobs.Print)
	s.must(s.intend(o, jobs.Accept, jobs.Evidence{Chip: chip}))
	cut, stop := context.WithCancel(bg)
	stop()
	if _, err := s.r.Ask(cut, line1, AskFace, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	type got struct {
		q   Question
		err error
	}
	answered := make(chan got, 1)
	go func() {
		q, err := s.r.Ask(bg, line1, AskFace, "")
		answered <- got{q, err}
	}()
	for {
		changed := there.Changed()
		list, err := there.Questions(bg)
		if s.must(err); len(list) == 1 {
			break
		}
		<-changed
	}
	if _, err := there.Do(bg, admin, AcceptFace{Attempt: o.Attempt, Cause: causeWrongFace}, "k"); err != nil {
		t.Fatal(err)
	}
	if g := <-answered; g.err != nil || g.q.Good || !g.q.WrongPerson() || g.q.By != admin.ID {
		t.Errorf("%+v, %v", g.q, g.err)
	}
}
