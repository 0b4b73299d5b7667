package access

import "slices"

// Role of a person or a system at the station. The ids stand in interfaces.
type Role string

const (
	ServiceOfficer    Role = "service_officer"    // Petugas Pelayanan
	EnrolmentOperator Role = "enrolment_operator" // Petugas Operator
	DatacenterOfficer Role = "datacenter_officer" // Petugas Data Center
	Administrator     Role = "administrator"      // Administrator Dinas
	KecamatanOperator Role = "kecamatan_operator" // Petugas Operator Kecamatan/Kelurahan
	ComplaintOfficer  Role = "complaint_officer"  // Petugas Pengaduan
	StockKeeper       Role = "stock_keeper"       // Petugas Gudang Blangko
	Supervisor        Role = "supervisor"         // Atasan
	SecurityOfficer   Role = "security_officer"   // Petugas Keamanan
	Auditor           Role = "auditor"            // Auditor
	System            Role = "system"             // the data center, other stations, lines
	// DeskAgent is a paired computer at a counter. No person has this role, and it acts for nobody without a
	// ticket of their page.
	DeskAgent Role = "desk"
)

// RoleRow pairs a role with its Indonesian name.
type RoleRow struct {
	Role Role
	ID   string
}

// Roles lists every role that a person or a system may be given.
var Roles = []RoleRow{
	{ServiceOfficer, "Petugas Pelayanan"},
	{EnrolmentOperator, "Petugas Operator"},
	{DatacenterOfficer, "Petugas Data Center"},
	{Administrator, "Administrator Dinas"},
	{KecamatanOperator, "Petugas Operator Kecamatan/Kelurahan"},
	{ComplaintOfficer, "Petugas Pengaduan"},
	{StockKeeper, "Petugas Gudang Blangko"},
	{Supervisor, "Atasan"},
	{SecurityOfficer, "Petugas Keamanan"},
	{Auditor, "Auditor"},
	{System, "Sistem"},
}

// Actor is who acts: an id that is no personal data, what it may be, and where.
type Actor struct {
	ID    string
	Roles []Role
	Place string // service place; empty: the Dinas, or no place
	// Scopes of the token that a system signed in with; nobody else has any.
	Scopes []Scope `json:",omitempty"`
	// Session is the hash of what the actor is signed in by: a session of the console, a token. Empty: by nothing
	// that ends. It is no part of what an operation says.
	Session string `json:"-"`
}

// Has reports whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}

// May reports whether the matrix lets the actor do what the permission names.
func (a Actor) May(p Permission) bool { return a.Has(Matrix[p]...) }
