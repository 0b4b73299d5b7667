package access

import (
	"slices"
	"testing"
)

func TestMatrixKnowsItsRoles(t *testing.T) {
	t.Parallel()
	known := map[Role]bool{DeskAgent: true} // which nobody is given
	for _, r := range Roles {
		if r.ID == "" || known[r.Role] {
			t.Errorf("%s lacks a name or is there twice", r.Role)
		}
		known[r.Role] = true
	}
	for p, roles := range Matrix {
		if len(roles) == 0 {
			t.Errorf("nobody may %s", p)
		}
		for _, r := range roles {
			if !known[r] {
				t.Errorf("%s: unknown role %q", p, r)
			}
		}
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		roles []Role
		p     Permission
		want  bool
	}{
		{[]Role{Supervisor}, Approve, true},
		{[]Role{Administrator}, Approve, false},
		{[]Role{Administrator, Supervisor}, Approve, true},
		{nil, Approve, false},
		{[]Role{System}, Approve, false},
		{[]Role{"king"}, Approve, false},
		{[]Role{Supervisor}, "everything", false},
	} {
		if got := (Actor{ID: "a", Roles: c.roles}).May(c.p); got != c.want {
			t.Errorf("%v may %s: %v", c.roles, c.p, got)
		}
	}
}

// The head of security sees everything and neither prints nor approves (ICAO Doc 9303-2, appendix D).
func TestSecurityOfficerOnlySees(t *testing.T) {
	t.Parallel()
	for _, p := range []Permission{Approve, Produce, HandOver, VerifyHolder, ReceiveStock, MoveStock, ResolveDoubt, RetireCards, DeliverRecords} {
		if slices.Contains(Matrix[p], SecurityOfficer) {
			t.Errorf("the security officer may %s", p)
		}
	}
	for _, p := range []Permission{SeeEvents, SeeProduction} {
		if !slices.Contains(Matrix[p], SecurityOfficer) {
			t.Errorf("the security officer may not %s", p)
		}
	}
}

// The five roles of the published text do what it says of them, and not each other's work.
func TestRolesOfTheText(t *testing.T) {
	t.Parallel()
	work := map[Role][]Permission{
		ServiceOfficer:    {TakeApplications, HandOver},
		EnrolmentOperator: {Capture},
		DatacenterOfficer: {ReadResults, RunPlaces},
		Administrator:     {Produce},
		KecamatanOperator: {VerifyHolder},
	}
	for role, own := range work {
		for of, list := range work {
			for _, p := range list {
				if got := (Actor{ID: "a", Roles: []Role{role}}).May(p); got != (role == of) {
					t.Errorf("a %s may %s: %v", role, p, got)
				}
			}
		}
		if also := map[Role][]Permission{
			ServiceOfficer: {AttachScans, ReturnCards}, EnrolmentOperator: {SendEnrolments}, DatacenterOfficer: {AcceptLedger},
			Administrator: {DeliverRecords, Ship}, KecamatanOperator: {ReceiveCards},
		}[role]; slices.ContainsFunc(also, func(p Permission) bool { return !slices.Contains(Matrix[p], role) }) {
			t.Errorf("a %s may not do all of %v", role, append(own, also...))
		}
	}
}

// The store is kept without the cards' applications, their states or their persons.
func TestStockKeeperSeesNoCards(t *testing.T) {
	t.Parallel()
	for _, p := range []Permission{SeeOrders, SeeApplications, SeePersons, SeeStatusList, SeeEvents, SeeComplaints} {
		if slices.Contains(Matrix[p], StockKeeper) {
			t.Errorf("a stock keeper may %s", p)
		}
	}
}
