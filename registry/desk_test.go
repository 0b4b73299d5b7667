package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"blanko/fault"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// A computer becomes a desk once by a code, acts for nobody by itself, and is nobody after it was revoked.
func TestDesk(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		code := NewPairingCode()
		hash := PairingHash(code)
		invite := func(id string, valid time.Duration) InviteDesk {
			return InviteDesk{ID: id, Place: "kec-01", Hash: hex.EncodeToString(hash[:]), ExpiresAt: s.db.Clock.Now().Add(valid)}
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
			if err == nil && (who.ID != "desk:loket-1" || who.Place != "kec-01" || who.May(access.VerifyHolder) || !who.May(access.ServeDesk)) {
				t.Errorf("the desk is %+v", who)
			}
			return err == nil
		}
		pair("AAAA-AAAA-AAAA-AAAA", first, "registry.pairing_over")
		pair(" "+code[:4]+code[5:]+" ", first, "")
		pair(code, second, "registry.pairing_over")
		if !known(first, access.ClientCertificate) || known(first, access.APIToken) || known(second, access.ClientCertificate) {
			t.Error("the wrong computers are known")
		}

		agent, err := s.r.Authenticate(bg, access.ClientCertificate, first)
		s.must(err)
		tells := ReportHealth{Place: "kec-01", Device: "loket-1.sam", Cause: "equipment", State: HealthDown}
		s.do(agent, tells)
		for _, device := range []string{"loket-2.sam", "printer"} {
			tells.Device = device
			s.refused(agent, tells, "registry.not_allowed")
		}

		s.do(guard, invite("loket-1", time.Hour))
		s.db.Clock.Advance(time.Hour)
		pair(code, second, "registry.pairing_over")
		s.do(guard, RevokeDesk{Desk: "loket-1"})
		if known(first, access.ClientCertificate) {
			t.Error("a revoked desk is known")
		}
		s.do(guard, invite("loket-1", time.Hour))
		s.do(guard, RevokeDesk{Desk: "loket-1"})
		pair(code, second, "registry.pairing_over")
		s.do(guard, invite("loket-1", time.Hour))
		pair(code, second, "")
		if known(first, access.ClientCertificate) || !known(second, access.ClientCertificate) {
			t.Error("after a new pairing the old certificate counts, or the new one does not")
		}
		if got := s.codes(audit.Filter{Code: "desk.paired"}); len(got) != 2 {
			t.Errorf("%d pairings in the log", len(got))
		}
	})
}

// A ticket is good for who it was made for, until it has run out, their sessions were ended or the person left.
func TestDeskTicket(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(guard, SetPerson{ID: "yusuf", FullName: "YUSUF", Roles: []access.Role{access.KecamatanOperator}, Active: true, Second: boss2})
		ticket, err := s.r.DeskTicket(bg, "yusuf", appID(1))
		s.must(err)
		who, id, key, err := s.r.OnTicket(bg, ticket)
		if err != nil || who.ID != "yusuf" || !who.May(access.VerifyHolder) || id != appID(1) || key == "" {
			t.Errorf("on the ticket: %+v %s %q, %v", who, id, key, err)
		}
		other, err := s.r.DeskTicket(bg, "yusuf", appID(1))
		s.must(err)
		if _, _, again, err := s.r.OnTicket(bg, other); err != nil || again == key {
			t.Errorf("two tickets have one key: %v", err)
		}
		s.do(guard, EndSessions{Person: "yusuf"})
		if _, _, _, err := s.r.OnTicket(bg, other); fault.CodeOf(err) != "registry.ticket_over" {
			t.Errorf("after their sessions were ended: %v", err)
		}
		ticket, err = s.r.DeskTicket(bg, "yusuf", appID(1))
		s.must(err)
		s.db.Clock.Advance(ticketOpen)
		for _, wrong := range []string{ticket, "", "blanko_wrong"} {
			if _, _, _, err := s.r.OnTicket(bg, wrong); fault.CodeOf(err) != "registry.ticket_over" {
				t.Errorf("on a ticket that is none: %v", err)
			}
		}
		last, err := s.r.DeskTicket(bg, "yusuf", appID(1))
		s.must(err)
		s.do(guard, SetPerson{ID: "yusuf", FullName: "YUSUF", Second: boss2})
		if _, _, _, err := s.r.OnTicket(bg, last); fault.CodeOf(err) != "registry.ticket_over" {
			t.Errorf("on the ticket of somebody who left: %v", err)
		}
	})
}
