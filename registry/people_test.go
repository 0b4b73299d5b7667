package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"blanko/fault"
	"blanko/registry/access"
	"blanko/store/storetest"
)

var guard = Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}

// employ puts actors of a test into the register of persons.
func (s *room) employ(list ...Actor) {
	s.Helper()
	for _, a := range list {
		s.do(guard, SetPerson{ID: a.ID, FullName: "PETUGAS " + a.ID, Roles: a.Roles, Place: a.Place, Active: true, Second: boss2})
	}
}

var boss2 = Actor{ID: "boss-2", Roles: []access.Role{access.Supervisor}}

func TestPersons(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		_, hash, err := access.NewToken(s.rand)
		s.must(err)
		s.must(s.r.FirstOfficer(bg, "guard-1", "KEPALA KEAMANAN", hash))
		if who, err := s.r.Authenticate(bg, access.APIToken, hash); err != nil || who.ID != "guard-1" {
			t.Errorf("%+v, %v", who, err)
		}
		if err := s.r.FirstOfficer(bg, "guard-2", "ORANG LAIN", hash); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("a second first officer: %v", err)
		}
		s.employ(boss)
		roles := []access.Role{access.Supervisor}
		for name, c := range map[string]struct {
			a    Actor
			op   SetPerson
			code fault.Code
		}{
			"oneself":            {guard, SetPerson{ID: "guard-1", FullName: "A", Roles: roles, Active: true, Second: boss}, "registry.same_person"},
			"the second person":  {guard, SetPerson{ID: "boss-1", FullName: "A", Roles: roles, Active: true, Second: boss}, "registry.same_person"},
			"alone":              {guard, SetPerson{ID: "x", FullName: "A", Roles: roles, Active: true}, "registry.second_person_missing"},
			"by a supervisor":    {boss, SetPerson{ID: "x", FullName: "A", Roles: roles, Active: true, Second: boss2}, "registry.not_allowed"},
			"no name":            {guard, SetPerson{ID: "x", FullName: " ", Roles: roles, Active: true, Second: boss}, "registry.bad_operation"},
			"a NIK as id":        {guard, SetPerson{ID: "Ä", FullName: "A", Roles: roles, Active: true, Second: boss}, "registry.bad_operation"},
			"an unknown role":    {guard, SetPerson{ID: "x", FullName: "A", Roles: []access.Role{"king"}, Active: true, Second: boss}, "registry.bad_operation"},
			"a system with more": {guard, SetPerson{ID: "x", FullName: "A", Roles: []access.Role{access.System, access.Supervisor}, Active: true, Second: boss}, "registry.bad_operation"},
		} {
			if _, err := s.r.Do(bg, c.a, c.op, s.key()); fault.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		list, err := s.r.Persons(bg, "", 10)
		s.must(err)
		if len(list) != 2 || list[0].ID != "boss-1" || list[1].ID != "guard-1" {
			t.Errorf("persons %v", list)
		}
	})
}

// A token works from its issue to its revocation, and no longer than its person.
func TestTokens(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(boss, officer)
		_, hash, err := access.NewToken(s.rand)
		s.must(err)
		issue := func(id string, h [sha256.Size]byte, kind access.TokenKind) IssueToken {
			return IssueToken{ID: id, Person: "officer-1", Kind: kind, Hash: hex.EncodeToString(h[:]), ExpiresAt: storetest.Start.AddDate(0, 1, 0), Second: boss2}
		}
		s.do(guard, issue("t1", hash, access.APIToken))
		s.refused(guard, issue("t1", sha256.Sum256(nil), access.APIToken), "registry.wrong_state")
		bad := issue("t2", hash, access.APIToken)
		bad.ExpiresAt = storetest.Start.AddDate(-1, 0, 0)
		s.refused(guard, bad, "registry.bad_operation")
		s.refused(boss, issue("t2", hash, access.APIToken), "registry.not_allowed")

		who, err := s.r.Authenticate(bg, access.APIToken, hash)
		if err != nil || who.ID != "officer-1" || !who.May(access.HandOver) {
			t.Errorf("%+v, %v", who, err)
		}
		for name, f := range map[string]func() error{
			"another hash": func() error {
				_, err := s.r.Authenticate(bg, access.APIToken, sha256.Sum256([]byte("x")))
				return err
			},
			"another kind": func() error {
				_, err := s.r.Authenticate(bg, access.ClientCertificate, hash)
				return err
			},
		} {
			if err := f(); fault.CodeOf(err) != "registry.not_signed_in" {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.do(guard, SetPerson{ID: "officer-1", FullName: "PETUGAS", Active: false, Second: boss})
		if _, err := s.r.Authenticate(bg, access.APIToken, hash); fault.CodeOf(err) != "registry.not_signed_in" {
			t.Errorf("of one who left: %v", err)
		}
		s.employ(officer)
		s.do(guard, RevokeToken{"t1"})
		if _, err := s.r.Authenticate(bg, access.APIToken, hash); fault.CodeOf(err) != "registry.not_signed_in" {
			t.Errorf("revoked: %v", err)
		}
	})
}

func TestTokenRunsOut(t *testing.T) {
	t.Parallel()
	at := storetest.Start
	token := access.Token{CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
	for d, want := range map[time.Duration]bool{-time.Second: false, 0: true, time.Hour - 1: true, time.Hour: false} {
		if token.Valid(at.Add(d)) != want {
			t.Errorf("after %s: %v", d, !want)
		}
	}
}

// A new station has an officer, then a supervisor who agrees; from then on two take on everybody else.
func TestFirstTwo(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		begin := func(make func(id string, hash [32]byte) error, id string) (Actor, error) {
			_, hash, err := access.NewToken(s.rand)
			s.must(err)
			if err := make(id, hash); err != nil {
				return Actor{}, err
			}
			return s.r.Authenticate(bg, access.APIToken, hash)
		}
		officers := func(id string, hash [32]byte) error { return s.r.FirstOfficer(bg, id, "A", hash) }
		supervisors := func(id string, hash [32]byte) error { return s.r.FirstSupervisor(bg, id, "B", hash) }
		if _, err := begin(supervisors, "atasan"); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("before the officer: %v", err)
		}
		_, err := begin(officers, "keamanan")
		s.must(err)
		if _, err := begin(supervisors, "keamanan"); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("the officer as supervisor: %v", err)
		}
		_, err = begin(supervisors, "atasan")
		s.must(err)
		if _, err := begin(supervisors, "atasan-2"); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("a second first supervisor: %v", err)
		}
		// Two who let a day pass are not locked out for good; nobody else gets in by it.
		if _, err := begin(officers, "keamanan"); fault.CodeOf(err) != "registry.wrong_state" {
			t.Errorf("while a token is valid: %v", err)
		}
		s.db.Clock.Advance(firstToken)
		for _, other := range []string{"atasan", "orang-lain"} {
			if _, err := begin(officers, other); fault.CodeOf(err) != "registry.wrong_state" {
				t.Errorf("%s as the officer: %v", other, err)
			}
		}
		first, err := begin(officers, "keamanan")
		s.must(err)
		second, err := begin(supervisors, "atasan")
		s.must(err)
		res, err := s.r.Propose(bg, first, SetPerson{ID: "admin-1", FullName: "C", Roles: admin.Roles, Active: true}, s.key())
		s.must(err)
		s.do(second, Decide{Proposal: res.Answer, Agree: true})
	})
}

// Who manages persons does not make a token for somebody else alone, and so cannot act as both of two.
func TestTokensTakeTwo(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		_, first, err := access.NewToken(s.rand)
		s.must(err)
		s.must(s.r.FirstOfficer(bg, guard.ID, "KEPALA KEAMANAN", first))
		s.employ(boss, admin)
		_, hash, err := access.NewToken(s.rand)
		s.must(err)
		token := IssueToken{ID: "t", Person: boss.ID, Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), ExpiresAt: storetest.Start.AddDate(0, 1, 0)}
		s.refused(guard, token, "registry.second_person_missing")
		token.Second = guard
		s.refused(guard, token, "registry.same_person")
		res, err := s.r.Propose(bg, guard, token, s.key())
		s.must(err)
		s.do(boss, Decide{Proposal: res.Answer, Agree: true})
		if who, err := s.r.Authenticate(bg, access.APIToken, hash); err != nil || who.ID != boss.ID {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

// What nobody decided in time is over, and forgotten.
func TestProposalsExpire(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		res, err := s.r.Propose(bg, guard, SetPerson{ID: "admin-1", FullName: "NAMA RAHASIA", Roles: admin.Roles, Active: true}, s.key())
		s.must(err)
		list, err := s.r.EraseDue(bg, center)
		s.must(err)
		if len(list) != 0 {
			t.Errorf("too early: %+v", list)
		}
		s.db.Clock.Advance(proposalTime)
		if list, err = s.r.EraseDue(bg, center); err != nil || len(list) != 1 || list[0] != (Erased{"proposals", 1}) {
			t.Errorf("%+v, %v", list, err)
		}
		p, _, err := s.r.Proposal(bg, res.Answer)
		s.must(err)
		if p.State != ProposalRefused || p.Reason != causeExpired || p.content != "" {
			t.Errorf("%s, %d bytes are left", p.State, len(p.content))
		}
		s.refused(boss, Decide{Proposal: res.Answer, Agree: true}, "registry.wrong_state")
	})
}

// Who declared an interest in an application does nothing more for it, whatever names it: its id, its
// record or its card.
func TestConflictReachesRecordsAndCards(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(admin, DeclareConflict{appID(1)})
		s.do(boss, DeclareConflict{appID(1)})
		for _, op := range []Operation{
			HoldRecord{ID: appID(1), Reason: "fraud"},
			WithdrawRecord{ID: appID(1), Version: 1, Reason: "died"},
			RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: Actor{ID: "boss-2", Roles: boss.Roles}},
		} {
			s.refused(admin, op, "registry.same_person")
		}
		s.refused(Actor{ID: "admin-2", Roles: admin.Roles}, RetireCard{Chip: chip, Because: Because{Reason: "damaged"}, Second: boss}, "registry.same_person")
		s.refused(boss, HoldCard{Chip: chip, Because: Because{Reason: "police"}}, "registry.same_person")
		s.state(1, Produced)
		s.do(center, HoldRecord{ID: appID(1), Reason: "fraud"})
	})
}

// People work at a place that is known; the Dinas is no place beside itself, so that its queue is one.
func TestWorkplace(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		at := func(place string) SetPerson {
			return SetPerson{ID: "sari", FullName: "SARI", Roles: officer.Roles, Place: place, Active: true, Second: boss2}
		}
		s.refused(guard, at("kec.nowhere"), "registry.bad_operation")
		for place, want := range map[string]string{"kec.sepauk": "kec.sepauk", Dinas: "", "": ""} {
			s.do(guard, at(place))
			list, err := s.r.Persons(bg, "sarh", 1)
			s.must(err)
			if list[0].Place != want {
				t.Errorf("%q is kept as %q", place, list[0].Place)
			}
		}
		s.do(officer, TakeTicket{Place: Dinas})
		s.do(officer, CallNext{})
	})
}
