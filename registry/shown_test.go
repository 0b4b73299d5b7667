package registry

import (
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
)

// in is somebody who is signed in by a session.
func in(a Actor, session string) Actor {
	a.Session = session
	return a
}

// show lays a card on the reader of somebody.
func (s *room) show(a Actor, chip ktp.ChipUID) {
	s.Helper()
	s.do(a, ShowCard{Chip: chip, Presence: s.answers(a, chip)})
}

// A card is handed over where it lies: its chip answers in this session a short while before, and for nobody else's.
func TestHandOverOfACardThatIsHere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip, other := s.produced(1, ""), s.produced(2, "")
		s.do(kec, shown(appID(1), chip))
		give := HandOver{Application: appID(1), Chip: chip}
		here, bound := in(officer, "A"), 15*time.Minute
		not := func(name string, a Actor, op Operation, code fault.Code) {
			t.Helper()
			if _, err := s.r.Do(bg, a, op, s.key()); fault.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", name, err, code)
			}
		}
		not("never shown to who hands over", here, give, cardNotShown.Code)
		s.show(in(officer, "B"), chip)
		not("shown in another session", here, give, cardNotShown.Code)
		s.show(in(Actor{ID: "officer-9", Roles: officer.Roles}, "A"), chip)
		not("shown by somebody else", here, give, cardNotShown.Code)
		s.show(here, other)
		not("another card", here, give, cardNotShown.Code)
		s.show(officer, chip)
		not("by who is signed in by nothing", officer, give, cardNotShown.Code)
		used := s.answers(here, chip)
		s.do(here, ShowCard{Chip: chip, Presence: used})
		s.db.Clock.Advance(bound)
		not("too long ago", here, give, cardNotShown.Code)
		old := give
		old.Presence = used
		not("an answer of before", here, old, challengeOver.Code)
		old.Presence = s.answers(here, other)
		not("the answer of another card", here, old, challengeOver.Code)
		s.state(1, Matched)
		s.show(here, chip)
		s.db.Clock.Advance(bound - time.Second)
		s.do(here, give)
		s.state(1, HandedOver)
		s.do(kec, shown(appID(2), other))
		give = HandOver{Application: appID(2), Chip: other, Presence: s.answers(officer, other)}
		s.do(officer, give) // with an answer of its own
	})
}

// A card that a proxy fetches lies before who gives it, too.
func TestProxyIsGivenACardThatIsHere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		here := in(officer, "A")
		give := HandOverToProxy{Application: appID(1), Chip: chip, Because: Because{Reason: "ill"}, Proxy: Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}, Second: boss}
		s.refused(here, give, cardNotShown.Code)
		s.show(here, chip)
		s.do(here, give)
		s.state(1, HandedOver)
	})
}

// Who matched and hands over alone needs no second answer while the match is fresh in the same session.
func TestMatchShowsTheCard(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		both := in(Actor{ID: "both-1", Roles: append(append(officer.Roles[:0:0], officer.Roles...), kec.Roles...)}, "A")
		s.do(both, shown(appID(1), chip))
		alone := HandOverAlone{Application: appID(1), Chip: chip, Because: Because{Reason: "alone_on_duty"}, Second: boss}
		s.refused(in(both, "B"), alone, cardNotShown.Code)
		s.do(both, alone)
		s.state(1, HandedOver)
	})
}

// An exception that waits for its second person keeps the answer of its proposer, as long as any counts; then
// the card has to be shown anew.
func TestProposalOfACardThatIsHere(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.employ(kec, boss)
		except := ExceptMatch{Application: appID(1), Chip: chip, Because: Because{Reason: "worn_fingers"}}
		propose := func(op Operation) (string, error) {
			res, err := s.r.Propose(bg, kec, op, s.key())
			return res.Answer, err
		}
		if _, err := propose(except); fault.CodeOf(err) != cardNotShown.Code {
			t.Errorf("proposed without the card: %v", err)
		}
		except.Presence = s.answers(kec, chip)
		id, err := propose(except)
		s.must(err)
		s.db.Clock.Advance(15 * time.Minute)
		s.refused(boss, Decide{Proposal: id, Agree: true}, cardNotShown.Code)
		s.show(in(kec, "A"), chip)
		s.do(boss, Decide{Proposal: id, Agree: true})
		s.state(1, Matched)
	})
}
