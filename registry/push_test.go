package registry

import (
	"testing"

	"blanko/jobs"
	"blanko/ktp"
)

func pushed(r ktp.Record) PushRecord {
	d := delivery(r)
	return PushRecord{Record: d.Record, MessageID: d.MessageID, Canonical: d.Canonical, Transaction: "t-1"}
}

// Push and pull are one door: what is refused changes nothing and is not reported.
func TestPushRecord(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, pushed(record(1, 5)))
		told := len(s.reports())
		s.refused(center, pushed(record(1, 5)), "registry.request_known")
		s.refused(center, pushed(record(1, 4)), "registry.record_refused")
		other := pushed(record(2, 1))
		other.Record.Person.NIK = record(1, 1).Person.NIK
		s.refused(center, other, "registry.record_refused")
		if res := s.do(center, delivery(record(1, 5))); res.Answer != AnswerUnchanged {
			t.Errorf("the feed brings it too: %+v", res)
		}
		if res := s.do(center, pushed(record(1, 6))); res.Answer != AnswerSuperseded {
			t.Errorf("higher version: %+v", res)
		}
		sum, err := s.r.Summary(bg)
		s.must(err)
		if n := len(s.reports()); sum.Refused != 0 || n != told+1 {
			t.Errorf("%d refused, %d reports, %d before", sum.Refused, n, told)
		}
		if res := s.do(center, CancelRequest{Application: appID(1)}); res.Answer != AnswerDone || res.State != Withdrawn {
			t.Errorf("cancel: %+v", res)
		}
		if res := s.do(center, CancelRequest{Application: appID(1)}); res.Answer != AnswerUnchanged {
			t.Errorf("cancel again: %+v", res)
		}
		s.refused(center, pushed(record(1, 7)), "registry.record_refused") // the tombstone stays
		s.refused(center, CancelRequest{Application: appID(9)}, "registry.application_unknown")
	})
}

func (s *room) reports() []Report {
	s.tb.Helper()
	list, err := s.r.Outbox(bg, 1000)
	s.must(err)
	return list
}

func TestUpdateRequest(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.queued(1)
		nine, ten := 9, 10
		s.refused(center, UpdateRequest{Application: appID(1), Priority: &ten}, "registry.bad_operation")
		s.refused(center, UpdateRequest{Application: appID(1), Delivery: "nowhere"}, "registry.bad_operation")
		s.do(center, UpdateRequest{Application: appID(1), Priority: &nine})
		if d := s.app(1); d.Application.Priority != 9 || d.Order.Priority != 9 {
			t.Errorf("%+v", d.Order)
		}
		s.upTo(s.next(line1), jobs.Feed)
		s.refused(center, UpdateRequest{Application: appID(1), Priority: &nine}, "registry.wrong_state")
	})
}

// What the center says of a card, before and after the hand-over; that a card ended is reported.
func TestSetCardStatus(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		finish := func(n int) (ktp.AttemptID, ktp.ChipUID) {
			s.queued(n)
			o := s.next(line1)
			return o.Attempt, s.upTo(o, jobs.Eject)
		}
		say := func(id ktp.AttemptID, to CredentialStatus) SetCardStatus {
			return SetCardStatus{Credential: id, Status: to, Reason: "checked", Transaction: "t-1"}
		}
		is := func(id ktp.AttemptID, want CredentialStatus) {
			t.Helper()
			c, err := s.r.Credential(bg, id)
			s.must(err)
			found, err := s.r.Credentials(bg, []Condition{{Field: "credentialId", Operator: "=", Text: id.String()}, {Field: "status", Operator: "=", Text: string(want)}, {Field: "personId", Operator: "=", Text: string(c.NIK)}}, 10)
			s.must(err)
			if c.Status() != want || len(found) != 1 {
				t.Errorf("card is %s, want %s; found %d", c.Status(), want, len(found))
			}
		}
		one, chip := finish(1)
		is(one, CredentialNew)
		s.refused(boss, say(one, CredentialRevoked), "registry.not_allowed")
		s.refused(center, say(one, CredentialActive), "registry.wrong_state")
		s.refused(center, say(one, CredentialOther), "registry.bad_operation")
		s.do(center, say(one, CredentialSuspended))
		is(one, CredentialSuspended)
		s.refused(center, say(one, CredentialActive), "registry.wrong_state")
		s.do(center, say(one, ""))
		is(one, CredentialNew)
		s.do(kec, shown(appID(1), chip))
		s.do(officer, HandOver{Application: appID(1), Chip: chip})
		is(one, CredentialActive)
		s.refused(center, CancelRequest{Application: appID(1)}, "registry.card_in_force")
		s.do(center, say(one, CredentialSuspended))
		s.do(center, say(one, CredentialRevoked))
		is(one, CredentialRevoked)
		if res := s.do(center, say(one, CredentialRevoked)); res.Answer != AnswerUnchanged {
			t.Errorf("revoked again: %+v", res)
		}
		s.refused(center, say(one, CredentialSuspended), "registry.wrong_state")
		all := s.reports()
		if last := all[len(all)-1]; last.State != StateCardRetired || last.Chip != chip || last.Word != "CARD_ISSUED" {
			t.Errorf("last report %+v", last)
		}

		two, chip := finish(2)
		if res := s.do(center, say(two, CredentialRevoked)); res.Answer != AnswerRecall {
			t.Errorf("revoked before the hand-over: %+v", res)
		}
		s.state(2, Recalled)
		s.refused(center, say(two, ""), "registry.wrong_state")
		s.refused(boss, FreeCard{Chip: chip}, "registry.wrong_state")
		s.refused(boss, ReleaseQuarantine{chip, Actor{ID: "boss-2", Roles: boss.Roles}}, "registry.wrong_state")
		s.do(admin, RetireCard{Chip: chip, Because: Because{Reason: "recalled"}, Second: boss})
		is(two, CredentialRevoked)
		s.state(2, Closed)

		s.queued(3)
		o := s.next(line1)
		chip = s.upTo(o, jobs.Activate)
		s.do(center, say(o.Attempt, CredentialRevoked)) // its line has it still
		s.state(3, Producing)
		s.step(o, jobs.Recheck, chip)
		s.step(o, jobs.Eject, chip)
		s.state(3, Recalled)
		s.sound()
	})
}

// The center is told what came of each withdrawal, once, in the word that it was given here.
func TestWithdrawalIsAnswered(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.produced(2, "")
		s.forced(3)
		for n, want := range map[int]string{1: AnswerDone, 2: AnswerRecall, 3: AnswerCardInForce} {
			for range 2 {
				s.do(center, WithdrawRecord{appID(n), 1, "withdrawn"})
			}
			var words []string
			for _, r := range s.reports() {
				if r.State == StateWithdrawalAnswered && r.Record == appID(n) {
					words = append(words, r.Reason)
				}
			}
			if len(words) != 1 || words[0] != want || s.app(n).Cancel != want {
				t.Errorf("%d: told %v, kept %q, want %s", n, words, s.app(n).Cancel, want)
			}
		}
	})
}

// What is compared outside the database is looked for behind a full page of others, too.
func TestCredentialsBehindOthersAreFound(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for n := 1; n <= 3; n++ {
			s.produced(n, "")
		}
		all, err := s.r.Credentials(bg, nil, 10)
		s.must(err)
		last := all[len(all)-1].Card.Attempt
		found, err := s.r.CredentialsThat(bg, nil, func(c Credential) bool { return c.Card.Attempt == last }, 1)
		s.must(err)
		if len(all) != 3 || len(found) != 1 || found[0].Card.Attempt != last {
			t.Errorf("%d of %d found", len(found), len(all))
		}
	})
}
