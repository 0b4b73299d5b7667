package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"blanko/fault"
	"blanko/registry/access"
)

const password = "empat kata yang diingat"

// invited lets boss-1 take up an invitation; code is what boss-1 reads from the authenticator.
func (s *room) invited() (code func() string) {
	s.Helper()
	s.employ(boss)
	text, hash, err := access.NewToken(nil)
	s.must(err)
	s.do(guard, Invite{Person: "boss-1", Hash: hex.EncodeToString(hash[:]), ExpiresAt: s.db.Clock.Now().Add(time.Hour), Second: boss2})
	key, err := access.NewCodeSecret(s.rand)
	s.must(err)
	code = func() string {
		c, err := totp.GenerateCode(key, s.db.Clock.Now())
		s.must(err)
		return c
	}
	who, err := s.r.TakeUpInvitation(bg, sha256.Sum256([]byte(text)), password, key, code())
	if err != nil || who != "boss-1" {
		s.Fatalf("%s, %v", who, err)
	}
	_, err = s.r.TakeUpInvitation(bg, hash, password, key, code())
	if fault.CodeOf(err) != "registry.invitation_over" {
		s.Errorf("an invitation was taken up twice: %v", err)
	}
	return code
}

func TestSignIn(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		code := s.invited()
		const from = "127.0.0.1"
		if err := s.r.CheckCode(bg, "boss-1", code(), from); fault.CodeOf(err) != "registry.sign_in_refused" {
			t.Errorf("the code of the enrolment was taken again: %v", err)
		}
		s.db.Clock.Advance(time.Minute)
		s.must(s.r.CheckPassword(bg, "boss-1", password, from))
		s.must(s.r.CheckCode(bg, "boss-1", code(), from))
		if err := s.r.CheckCode(bg, "boss-1", code(), from); fault.CodeOf(err) != "registry.sign_in_refused" {
			t.Errorf("a code was taken twice: %v", err)
		}
		for person, text := range map[string]string{"boss-1": password + "x", "nobody": password, "": ""} {
			if err := s.r.CheckPassword(bg, person, text, from); fault.CodeOf(err) != "registry.sign_in_refused" {
				t.Errorf("%q: %v", person, err)
			}
		}
		list, err := s.r.SignInsOf(bg, "boss-1", 10)
		s.must(err)
		var got []access.SignInOutcome
		for _, try := range list {
			got = append(got, try.Outcome)
		}
		if len(got) != 4 || got[0] != access.SignInRefused || got[2] != access.SignInOpened {
			t.Errorf("tries: %v", got)
		}
	})
}

// Five failures in a row lock a person out, whatever is tried; a right password does not take the count of
// wrong codes back.
func TestLockOut(t *testing.T) {
	for name, wrong := range map[string]func(*room) error{
		"password": func(s *room) error { return s.r.CheckPassword(bg, "boss-1", "wrong", "") },
		"code": func(s *room) error {
			s.must(s.r.CheckPassword(bg, "boss-1", password, ""))
			return s.r.CheckCode(bg, "boss-1", "000000x", "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				code := s.invited()
				s.db.Clock.Advance(time.Minute)
				for n := range mostFailures {
					want := fault.Code("registry.sign_in_refused")
					if n == mostFailures-1 {
						want = "registry.locked_out"
					}
					if err := wrong(s); fault.CodeOf(err) != want {
						t.Fatalf("failure %d: %v", n+1, err)
					}
				}
				if err := s.r.CheckPassword(bg, "boss-1", password, ""); fault.CodeOf(err) != "registry.locked_out" {
					t.Errorf("locked out, and yet: %v", err)
				}
				s.db.Clock.Advance(lockedFor)
				s.must(s.r.CheckPassword(bg, "boss-1", password, ""))
				s.must(s.r.CheckCode(bg, "boss-1", code(), ""))
			})
		})
	}
}

// Whoever left gets in no more, and a new invitation ends the old password when it is taken up.
func TestSignInOfWhoLeft(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.invited()
		s.do(guard, SetPerson{ID: "boss-1", FullName: "ATASAN", Roles: []access.Role{access.Supervisor}, Second: boss2})
		if err := s.r.CheckPassword(bg, "boss-1", password, ""); fault.CodeOf(err) != "registry.sign_in_refused" {
			t.Error(err)
		}
	})
}

func TestSessions(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.invited()
		keep := func(hash string) {
			s.must(s.r.KeepSession(bg, access.Session{Hash: hash, Person: "boss-1", Data: "{}", ExpiresAt: s.db.Clock.Now().Add(time.Hour)}))
		}
		keep("a")
		keep("b")
		s.must(s.r.EndSession(bg, "a"))
		if list, err := s.r.SessionsOf(bg, "boss-1"); err != nil || len(list) != 1 {
			t.Errorf("%d sessions, %v", len(list), err)
		}
		s.do(guard, EndSessions{Person: "boss-1"})
		if _, found, err := s.r.SessionByHash(bg, "b"); err != nil || found {
			t.Errorf("found %v, %v", found, err)
		}
		keep("c")
		s.db.Clock.Advance(2 * time.Hour)
		if _, found, err := s.r.SessionByHash(bg, "c"); err != nil || found {
			t.Errorf("a session that ran out: found %v, %v", found, err)
		}
	})
}
