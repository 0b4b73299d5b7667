package access

// Permission names what a role lets an actor do.
type Permission string

const (
	DeliverRecords  Permission = "records.deliver"   // print-ready records, withdrawals, holds
	Approve         Permission = "print.approve"     // let a record be printed
	Produce         Permission = "print.produce"     // queue, cancel, run lines, release holds
	SteerLine       Permission = "line.steer"        // pause and resume
	ReopenLine      Permission = "line.reopen"       // resume after a finding
	DefineLines     Permission = "line.define"       // configuration of the station
	ReceiveStock    Permission = "stock.receive"     // lots into the store
	MoveStock       Permission = "stock.move"        // store, hopper
	SecondInStock   Permission = "stock.second"      // be the second person of a count
	DenyStock       Permission = "stock.deny"        // deny list
	ResolveDoubt    Permission = "doubt.resolve"     // present a card
	SecondInDoubt   Permission = "doubt.second"      // be the second person of a doubt
	RetireCards     Permission = "card.retire"       // a card that never came into force
	VerifyHolder    Permission = "handover.verify"   // 1:1, "BERHASIL"
	HandOver        Permission = "handover.do"       // to the holder
	SetClock        Permission = "clock.set"         // after the clock ran backward
	ManagePeople    Permission = "people.manage"     // persons, roles, tokens
	SecondForPeople Permission = "people.second"     // agree to a change of persons
	TakePart        Permission = "work.take_part"    // take work, agree or disagree as the second person, declare an interest
	Dispatch        Permission = "work.dispatch"     // hand work out, agree to a jump
	ReadResults     Permission = "results.read"      // of the 1:N search, adjudicate
	ReleaseFindings Permission = "quarantine.lift"   // free a card that a finding set apart
	SeeEvents       Permission = "events.read"       // event log
	SeeProduction   Permission = "production.read"   // lines, orders, attempts
	SeePersons      Permission = "applications.read" // applications with personal data
)

// Matrix is who may do what. A role that is not listed may not.
var Matrix = map[Permission][]Role{
	DeliverRecords:  {System, Administrator},
	Approve:         {Supervisor},
	Produce:         {Administrator},
	SteerLine:       {Administrator, Supervisor},
	ReopenLine:      {Supervisor},
	DefineLines:     {System},
	ReceiveStock:    {StockKeeper},
	MoveStock:       {StockKeeper, Administrator},
	SecondInStock:   {StockKeeper, Administrator, Supervisor},
	DenyStock:       {StockKeeper, Supervisor, SecurityOfficer, System},
	ResolveDoubt:    {Administrator, Supervisor},
	SecondInDoubt:   {Supervisor},
	RetireCards:     {Administrator, Supervisor},
	VerifyHolder:    {KecamatanOperator},
	HandOver:        {ServiceOfficer},
	SetClock:        {DatacenterOfficer, Administrator, Supervisor, SecurityOfficer},
	ReleaseFindings: {Supervisor},
	ManagePeople:    {SecurityOfficer},
	SecondForPeople: {Supervisor},
	TakePart:        {ServiceOfficer, EnrolmentOperator, DatacenterOfficer, Administrator, KecamatanOperator, ComplaintOfficer, StockKeeper, Supervisor, SecurityOfficer},
	Dispatch:        {Supervisor},
	ReadResults:     {DatacenterOfficer},
	SeeEvents:       {Auditor, SecurityOfficer},
	SeeProduction:   {Administrator, Supervisor, SecurityOfficer, Auditor, DatacenterOfficer, StockKeeper, System},
	SeePersons:      {ServiceOfficer, EnrolmentOperator, DatacenterOfficer, Administrator, KecamatanOperator, Supervisor},
}
