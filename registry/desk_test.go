package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"testing"
	"time"

	"blanko/fault"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// A computer becomes a desk once by a code, acts for nobody by itself, and is nobody after it was revoked.
func TestDesk(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.district()
		code := NewPairingCode()
		hash := PairingHash(code)
		invite := func(id string, valid time.Duration) InviteDesk {
			return InviteDesk{ID: id, Place: "kec.sepauk", Hash: hex.EncodeToString(hash[:]), ExpiresAt: s.db.Clock.Now().Add(valid)}
		}
		s.refused(boss, invite("loket-1", time.Hour), "registry.not_allowed")
		s.refused(guard, invite("Loket 1", time.Hour), "registry.bad_operation")
		s.refused(guard, invite("loket.1", time.Hour), "registry.bad_operation") // "loket" would tell of its devices
		s.refused(guard, invite("loket-1", 25*time.Hour), "registry.bad_operation")
		s.do(guard, invite("loket-1", time.Hour))

		first, second := sha256.Sum256([]byte("first")), sha256.Sum256([]byte("second"))
		pair := func(typed string, certificate [32]byte, want fault.Code) {
			t.Helper()
			if _, err := s.r.PairDesk(bg, PairingHash(typed), certificate); fault.CodeOf(err) != want {
				t.Errorf("pairing by %s: %v, want %q", typed, err, want)
			}
		}
		known := func(certificate [32]byte, kind access.TokenKind) bool {
			who, err := s.r.Authenticate(bg, kind, certificate)
			if err == nil && (who.ID != "desk:loket-1" || who.Place != "kec.sepauk" || who.May(access.VerifyHolder) || !who.May(access.ServeDesk)) {
				t.Errorf("the desk is %+v", who)
			}
			return err == nil
		}
		pair("AAAA-AAAA-AAAA-AAAA", first, "registry.pairing_over")
		pair(" "+code[:4]+code[5:]+" ", first, "")
		pair(code, second, "registry.pairing_over")
		pair(code, first, "") // its answer was lost
		if got := s.codes(audit.Filter{Code: "desk.paired"}); len(got) != 1 {
			t.Errorf("%d pairings in the log", len(got))
		}
		if !known(first, access.ClientCertificate) || known(first, access.APIToken) || known(second, access.ClientCertificate) {
			t.Error("the wrong computers are known")
		}

		agent, err := s.r.Authenticate(bg, access.ClientCertificate, first)
		s.must(err)
		tells := ReportHealth{Place: "kec.sepauk", Device: "loket-1.sam", Cause: "equipment", State: HealthDown}
		s.do(agent, tells)
		left := func(want string) {
			t.Helper()
			h, err := s.r.HealthOf(bg, "kec.sepauk", 10)
			s.must(err)
			got := "not told"
			if len(h) == 1 && h[0].Uses != nil {
				got = strconv.Itoa(*h[0].Uses)
			}
			if got != want {
				t.Errorf("the SAM has left: %s, want %s", got, want)
			}
		}
		left("not told")
		for _, n := range []int{118, 0} {
			tells.State, tells.Uses = HealthWorks, &n
			s.do(agent, tells)
			left(strconv.Itoa(n))
		}
		tells.State, tells.Uses = HealthDown, nil
		s.do(agent, tells)
		left("not told")
		for _, device := range []string{"loket-2.sam", "printer"} {
			tells.Device = device
			s.refused(agent, tells, "registry.not_allowed")
		}

		s.do(guard, invite("loket-1", time.Hour))
		pair(code, first, "") // the same certificate, by a new invitation
		s.db.Clock.Advance(time.Hour)
		pair(code, first, "registry.pairing_over") // when the code would have run out
		s.do(guard, invite("loket-1", time.Hour))
		s.db.Clock.Advance(time.Hour)
		pair(code, second, "registry.pairing_over")
		s.do(guard, RevokeDesk{Desk: "loket-1"})
		if known(first, access.ClientCertificate) {
			t.Error("a revoked desk is known")
		}
		pair(code, first, "registry.pairing_over")
		s.do(guard, invite("loket-1", time.Hour))
		s.do(guard, RevokeDesk{Desk: "loket-1"})
		pair(code, second, "registry.pairing_over")
		s.do(guard, invite("loket-1", time.Hour))
		pair(code, second, "")
		if known(first, access.ClientCertificate) || !known(second, access.ClientCertificate) {
			t.Error("after a new pairing the old certificate counts, or the new one does not")
		}
		if got := s.codes(audit.Filter{Code: "desk.paired"}); len(got) != 3 {
			t.Errorf("%d pairings in the log", len(got))
		}
	})
}

// paired makes a computer a desk.
func (s *room) paired(id string) Actor {
	s.Helper()
	code, certificate := NewPairingCode(), sha256.Sum256([]byte("of "+id))
	hash := PairingHash(code)
	s.do(guard, InviteDesk{ID: id, Hash: hex.EncodeToString(hash[:]), ExpiresAt: s.db.Clock.Now().Add(time.Hour)})
	d, err := s.r.PairDesk(bg, hash, certificate)
	s.must(err)
	return d.actor()
}

// A ticket is good for its desk, its act and its person, until it has run out, their session ended or they left.
func TestDeskTicket(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(guard, SetPerson{ID: "yusuf", FullName: "YUSUF", Roles: []access.Role{access.KecamatanOperator}, Active: true, Second: boss2})
		here, there := s.paired("loket-1"), s.paired("loket-2")
		session := func(name string) string {
			t.Helper()
			s.must(s.r.KeepSession(bg, access.Session{Hash: name, Person: "yusuf", Data: "{}", ExpiresAt: s.db.Clock.Now().Add(time.Hour)}))
			return name
		}
		ticket := func(act DeskAct, session string) string {
			t.Helper()
			text, err := s.r.NewDeskTicket(bg, DeskTicket{Person: "yusuf", Session: session, Act: act, Desk: "loket-1", Application: appID(1)})
			s.must(err)
			return text
		}
		over := func(name string, err error) {
			t.Helper()
			if fault.CodeOf(err) != ticketOver.Code {
				t.Errorf("%s: %v", name, err)
			}
		}
		on := func(desk Actor, text string) error {
			_, _, _, err := s.r.OnTicket(bg, desk, DeskMatches, text)
			return err
		}

		first := ticket(DeskMatches, session("a"))
		who, given, key, err := s.r.OnTicket(bg, here, DeskMatches, first)
		id := given.Application
		if err != nil || who.ID != "yusuf" || !who.May(access.VerifyHolder) || id != appID(1) || key == "" {
			t.Errorf("on the ticket: %+v %s %q, %v", who, id, key, err)
		}
		if _, _, again, err := s.r.OnTicket(bg, here, DeskMatches, ticket(DeskMatches, "a")); err != nil || again == key {
			t.Errorf("two tickets have one key: %v", err)
		}
		over("a ticket of another desk", on(there, first))
		over("of a person", on(kec, first))
		over("to read a card", s.r.UseTicket(bg, here, DeskReadsCard, first))

		read := ticket(DeskReadsCard, "a")
		over("to capture", s.r.UseTicket(bg, here, DeskCaptures, read))
		over("at another desk", s.r.UseTicket(bg, there, DeskReadsCard, read))
		over("to match", on(here, read))
		s.must(s.r.UseTicket(bg, here, DeskReadsCard, read))
		over("a second time", s.r.UseTicket(bg, here, DeskReadsCard, read))

		s.must(s.r.EndSession(bg, "a"))
		over("after the person signed out", on(here, first))
		last := ticket(DeskMatches, session("b"))
		s.do(guard, EndSessions{Person: "yusuf"})
		over("after their sessions were ended", on(here, last))
		late := ticket(DeskMatches, session("c"))
		s.db.Clock.Advance(ticketOpen)
		for _, wrong := range []string{late, "", "blanko_wrong"} {
			over("a ticket that is none", on(here, wrong))
		}
		gone := ticket(DeskCaptures, "")
		s.do(guard, SetPerson{ID: "yusuf", FullName: "YUSUF", Second: boss2})
		over("of somebody who left", s.r.UseTicket(bg, here, DeskCaptures, gone))
		s.do(guard, RevokeDesk{Desk: "loket-2"})
		for _, desk := range []string{"loket-2", "loket-3", ""} {
			if _, err := s.r.NewDeskTicket(bg, DeskTicket{Person: "yusuf", Act: DeskMatches, Desk: desk}); fault.CodeOf(err) != unknownID.Code {
				t.Errorf("for the desk %q: %v", desk, err)
			}
		}
	})
}
