package console_test

import (
	"testing"

	"blanko/registry/access"
)

// Who signs in comes to the page where he works; a person of several roles to the first of them in the menu.
func TestEverybodyComesInWhereHeWorks(t *testing.T) {
	t.Parallel()
	all := make([]access.Actor, 0, len(staff))
	for _, a := range staff {
		if len(a.Roles) > 0 && a.Roles[0] != access.System {
			all = append(all, a)
		}
	}
	o := newOffice(t, all...)
	homes := map[access.Role]string{
		access.ServiceOfficer: "/loket", access.EnrolmentOperator: "/permohonan", access.DatacenterOfficer: "/ketunggalan", access.Administrator: "/cetak",
		access.KecamatanOperator: "/kecamatan", access.ComplaintOfficer: "/pengaduan", access.StockKeeper: "/stok", access.Supervisor: "/persetujuan",
		access.SecurityOfficer: "/pengguna", access.Auditor: "/audit",
	}
	for role, want := range homes {
		c := o.comes(staffOf(role))
		if c.open("/"); c.at != want {
			t.Errorf("%s comes in at %s, not %s", role, c.at, want)
		}
	}
	for _, r := range access.Roles {
		if _, is := homes[r.Role]; !is && r.Role != access.System && r.Role != access.DeskAgent {
			t.Errorf("%s comes in nowhere", r.Role)
		}
	}
}
