package trial

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	qa "blanko/web/bench"
)

// visitor may look at everything that holds no personal data.
var visitor = access.Actor{ID: "visitor", Roles: []access.Role{access.Auditor}}

// deputy is the second supervisor: what one proposes, the other may approve.
var deputy = access.Actor{ID: "atasan.rudi", Roles: []access.Role{access.Supervisor}}

// members of a house: at least one for each role that a page lives by.
var members = []struct {
	id   string
	name string
	role access.Role
}{
	{supervisor.ID, "SARI WULANDARI", access.Supervisor},
	{deputy.ID, "RUDI HARTAWAN", access.Supervisor},
	{printRoom.ID, "JOKO SUSILO", access.Administrator},
	{"layanan.dewi", "DEWI LESTARI", access.ServiceOfficer},
	{"rekam.agus", "AGUS SALIM", access.EnrolmentOperator},
	{hendra.ID, "HENDRA", access.DatacenterOfficer},
	{"kecamatan.lina", "LINA MARLINA", access.KecamatanOperator},
	{"aduan.budi", "BUDI HARTONO", access.ComplaintOfficer},
	{keeperA.ID, "RINA ANGGRAINI", access.StockKeeper},
	{"aman.tono", "TONO PRASETYO", access.SecurityOfficer},
	{"audit.maya", "MAYA SAFITRI", access.Auditor},
}

// member is somebody who may sign in.
type member struct {
	id, password, codes string
	role                access.Role
}

// hire lets the members in, each with a password and a second factor that were drawn for this house.
func (h *House) hire(ctx context.Context) error {
	first := access.Actor{ID: "setup", Roles: []access.Role{access.SecurityOfficer}}
	var people []member
	for _, m := range members {
		second := supervisor
		if m.id == supervisor.ID {
			second = deputy
		}
		do := h.demo.staff.do
		if _, err := do(ctx, first, registry.SetPerson{ID: m.id, FullName: m.name, Roles: []access.Role{m.role}, Active: true, Second: second}); err != nil {
			return err
		}
		text, hash, err := access.NewToken(nil)
		if err != nil {
			return err
		}
		until := h.demo.now().Add(time.Hour)
		if _, err := do(ctx, first, registry.Invite{Person: m.id, Hash: hex.EncodeToString(hash[:]), ExpiresAt: until, Second: second}); err != nil {
			return err
		}
		codes, err := access.NewCodeSecret(nil)
		if err != nil {
			return err
		}
		p := member{id: m.id, password: password(), codes: codes, role: m.role}
		if err := takeUp(ctx, h.demo.reg, sha256.Sum256([]byte(text)), p.password, codes, h.demo.now); err != nil {
			return err
		}
		people = append(people, p)
	}
	h.mu.Lock()
	h.people = people
	h.mu.Unlock()
	return nil
}

// takeUp has somebody come in by an invitation with the code of the period before this one, so that the one that is shown is
// still good; with a fresh one where the period ended meanwhile.
func takeUp(ctx context.Context, reg *registry.Registry, invitation [sha256.Size]byte, password, secret string, now func() time.Time) (err error) {
	for range 2 {
		code, codeErr := totp.GenerateCode(secret, now().Add(-codePeriod))
		if codeErr != nil {
			return codeErr
		}
		if _, err = reg.TakeUpInvitation(ctx, invitation, password, secret, code); fault.CodeOf(err) != "registry.code_wrong" {
			return err
		}
	}
	return err
}

// codePeriod is how long a one-time code is shown (RFC 6238, 5.2).
const codePeriod = 30 * time.Second

// password draws one that a person can type: three groups of letters.
func password() string {
	t := strings.ToLower(rand.Text())
	return fmt.Sprintf("%s-%s-%s", t[:5], t[5:10], t[10:15])
}

// People are the members with the codes of this moment.
func (h *House) People() ([]qa.Person, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []qa.Person
	for _, m := range h.people {
		code, err := totp.GenerateCode(m.codes, h.demo.now())
		if err != nil {
			return nil, err
		}
		list = append(list, qa.Person{ID: m.id, Role: string(m.role), Password: m.password, Code: code})
	}
	return list, nil
}
