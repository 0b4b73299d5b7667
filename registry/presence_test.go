package registry

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"testing"

	"blanko/applet/inspect/inspecttest"
	"blanko/fault"
	"blanko/keys"
	"blanko/ktp"
	"blanko/registry/audit"
)

// A holder is compared only while the card answers a fresh challenge of the station by its own key: what a
// client says of itself, the files of the card that it kept, an answer of before or of another card, are refused
// and count nothing.
func TestCardIsPresent(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip, other := s.produced(1, ""), s.produced(2, "")
		fresh := func(who Actor, of ktp.ChipUID) Challenge {
			t.Helper()
			c, err := s.r.ChallengeChip(bg, who, of)
			s.must(err)
			return c
		}
		second := Actor{ID: "kec-2", Roles: kec.Roles}
		used := s.answers(kec, chip)
		try := stranger(appID(1), chip)
		try.Presence = used
		s.do(kec, try)
		old := fresh(kec, chip)
		s.db.Clock.Advance(challengeOpen)
		for name, c := range map[string]struct {
			presence Presence
			code     fault.Code
		}{
			"none":                     {Presence{Answer: []byte("x")}, challengeOver.Code},
			"no answer":                {Presence{Challenge: bytesOf(fresh(kec, chip))}, chipUnproved.Code},
			"a made up challenge":      {Presence{make([]byte, 8), inspecttest.Answer(chip, [8]byte{})}, challengeOver.Code},
			"a challenge that is long": {Presence{make([]byte, 9), []byte("x")}, challengeOver.Code},
			"a made up answer":         {Presence{bytesOf(fresh(kec, chip)), make([]byte, 32)}, chipUnproved.Code},
			"an answer of before":      {used, challengeOver.Code},
			"before's to a fresh one":  {Presence{bytesOf(fresh(kec, chip)), used.Answer}, chipUnproved.Code},
			"too late":                 {Presence{bytesOf(old), inspecttest.Answer(chip, old.Bytes)}, challengeOver.Code},
			"by another card":          {answered(fresh(kec, chip), other), chipUnproved.Code},
			"of another card":          {s.answers(kec, other), challengeOver.Code},
			"of another person":        {s.answers(second, chip), challengeOver.Code},
		} {
			o := shown(appID(1), chip)
			o.Presence = c.presence
			if _, err := s.r.Do(bg, kec, o, s.key()); fault.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		tries, err := s.r.MatchTries(bg, appID(1))
		s.must(err)
		if len(tries) != 1 {
			t.Errorf("counted %+v", tries)
		}
		chips := s.r.cfg.Chips.(inspecttest.Chips)
		known, err := s.r.ChipCounters(bg, chip)
		s.must(err)
		if len(known) != 1 || known[0].Role != keys.Reading || known[0].Version != 0x38 || known[0].Counter != 2 {
			t.Errorf("after one try the counters are %+v", known)
		}
		for _, behind := range []int{0, 1} { // a copy of the chip, made before: the card waits for two persons
			again := shown(appID(1), chip)
			again.Presence = s.answers(kec, chip)
			chips.Rewind(behind)
			if _, err := s.r.Do(bg, kec, again, s.key()); fault.CodeOf(err) != chipCounterBack.Code {
				t.Errorf("counter %d after 2: %v", behind+1, err)
			}
			events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "chip.counter_back"})
			s.must(err)
			if len(events) != behind+1 || events[behind].Chip != chip || events[behind].Detail["counter"] != strconv.Itoa(behind+1) || events[behind].Detail["known"] != "2" {
				t.Errorf("%+v", events)
			}
			s.refused(kec, ExceptMatch{Application: appID(1), Chip: chip, Because: Because{Reason: "worn_fingers"}, Second: boss}, RecordHeld.Code)
			s.refused(kec, shown(appID(1), chip), RecordHeld.Code)
			open, err := s.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 10})
			s.must(err)
			if len(open) != 1 || open[0].Chip != chip || open[0].Kind != InvestigateCounterfeit {
				t.Fatalf("%+v", open)
			}
			s.do(admin, CloseInvestigation{Investigation: open[0].ID, Outcome: OutcomeFound, Second: boss})
		}
		denied, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "operation.denied"})
		s.must(err)
		if e := denied[len(denied)-1]; e.Chip != chip {
			t.Errorf("%+v", e)
		}
		s.state(1, Produced)
		s.do(kec, shown(appID(1), chip))
		s.state(1, Matched)
	})
}

func bytesOf(c Challenge) []byte { return bytes.Clone(c.Bytes[:]) }

// answered is what the chip of a card says to a challenge, whatever card it was for.
func answered(c Challenge, by ktp.ChipUID) Presence {
	return Presence{bytesOf(c), inspecttest.Answer(by, c.Bytes)}
}

// keysAway is a token that was pulled.
type keysAway struct{}

func (keysAway) Challenge(context.Context) ([8]byte, error) { return [8]byte{1}, nil }

func (keysAway) Answered(context.Context, ktp.ChipUID, [8]byte, []byte) (int, bool, error) {
	return 0, false, errors.New("away")
}

// Where the key that checks answers is out of reach nobody is compared, and nothing is taken for proved.
func TestReadingKeyAway(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		asked := s.answers(kec, chip)
		for name, keys := range map[string]Chips{"none": nil, "away": keysAway{}} {
			s.r.cfg.Chips = keys
			o := shown(appID(1), chip)
			o.Presence = asked
			if _, err := s.r.Do(bg, kec, o, s.key()); fault.CodeOf(err) != readingKeyAway.Code {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.r.cfg.Chips = nil
		if _, err := s.r.ChallengeChip(bg, kec, chip); fault.CodeOf(err) != readingKeyAway.Code {
			t.Errorf("a challenge without a key: %v", err)
		}
		if _, err := s.r.ChallengeChip(bg, kec, "0000FFFFFFFFFFFFFFFF"); fault.CodeOf(err) != cardUnknown.Code {
			t.Errorf("a challenge for no card: %v", err)
		}
		s.state(1, Produced)
	})
}
