package access

// Permission names what a role lets an actor do.
type Permission string

const (
	DeliverRecords     Permission = "records.deliver"        // print-ready records, withdrawals, holds
	Approve            Permission = "print.approve"          // let a record be printed
	Produce            Permission = "print.produce"          // queue, cancel, run lines, release holds
	MarkOrders         Permission = "orders.mark"            // disaster, backlog: who comes first in a shortage
	SteerLine          Permission = "line.steer"             // pause and resume
	ReopenLine         Permission = "line.reopen"            // resume after a finding
	DefineLines        Permission = "line.define"            // configuration of the station
	ReleaseStation     Permission = "station.release"        // let the lines go after a start
	SecondForStation   Permission = "station.second"         // agree to it
	ReceiveStock       Permission = "stock.receive"          // lots into the store
	MoveStock          Permission = "stock.move"             // store, hopper
	SecondInStock      Permission = "stock.second"           // be the second person of a count
	DenyStock          Permission = "stock.deny"             // deny list
	ResolveDoubt       Permission = "doubt.resolve"          // present a card
	SecondInDoubt      Permission = "doubt.second"           // be the second person of a doubt
	RetireCards        Permission = "card.retire"            // a card that never came into force
	ShowCards          Permission = "handover.show"          // have a chip answer for itself
	VerifyHolder       Permission = "handover.verify"        // 1:1, "BERHASIL"
	ExamineChips       Permission = "chip.examine"           // keep what a chip told of itself
	HandOver           Permission = "handover.do"            // to the holder
	SetClock           Permission = "clock.set"              // after the clock ran backward
	AcceptLedger       Permission = "ledger.accept"          // after it was put back to an older copy
	SecondForLedger    Permission = "ledger.second"          // agree to it
	SecondInService    Permission = "service.second"         // agree to an exception at the counter
	Inspect            Permission = "inspection.draw"        // draw and close a sample
	Present            Permission = "inspection.present"     // present what was drawn
	TakeComplaints     Permission = "complaints.take"        // write them down
	AssignComplaints   Permission = "complaints.assign"      // to an officer of the team
	AnswerComplaints   Permission = "complaints.answer"      // look into, answer, close
	SeeComplaints      Permission = "complaints.read"        // without their content
	ExportPersons      Permission = "persons.export"         // everything about one person, for that person
	HandleBreaches     Permission = "breaches.handle"        // of personal data
	DefineStandard     Permission = "standard.define"        // change the service standard
	SecondForStandard  Permission = "standard.second"        // agree to it
	DefinePlaces       Permission = "place.define"           // service places
	Ship               Permission = "card.ship"              // pack, seal, send, recall
	ReceiveCards       Permission = "card.receive"           // scan in, wait for holders
	ReturnCards        Permission = "card.return"            // take a card out of the way to its holder
	AttestLosses       Permission = "card.attest_loss"       // print the berita acara of a card declared lost; see registry.MayAttest
	EndCards           Permission = "card.end"               // retire a card in force
	HoldCards          Permission = "card.hold"              // suspend, free
	RuleCards          Permission = "card.rule"              // suspend, free, revoke by the word of the center
	KeepDestruction    Permission = "destruction.keep"       // collect and count in
	Destroy            Permission = "destruction.do"         // count destroyed
	ImportLists        Permission = "residents.import"       // lists of residents
	GiveTickets        Permission = "counter.tickets"        // numbers of the counter's queue
	TakeApplications   Permission = "applications.take"      // at the counter
	AttachScans        Permission = "applications.attach"    // scans of forms and papers
	RejectApplications Permission = "applications.reject"    // end an application that is not granted
	Capture            Permission = "applications.capture"   // photo, signature, fingers, irises, confirmation
	Recapture          Permission = "applications.recapture" // send back to be captured again
	SendEnrolments     Permission = "applications.send"      // to the 1:N search
	SecondForResults   Permission = "results.second"         // agree that a duplicate is none
	RunPlaces          Permission = "places.run"             // incidents of devices and links
	TestDevices        Permission = "devices.test"           // have one read now
	ReportHealth       Permission = "health.report"          // of devices and links
	DecideFines        Permission = "fines.decide"           // waive
	IssueSukets        Permission = "suket.issue"            // temporary certificates
	ManagePeople       Permission = "people.manage"          // persons, roles, tokens
	SecondForPeople    Permission = "people.second"          // agree to a change of persons
	TakePart           Permission = "work.take_part"         // take work, agree or disagree as the second person, declare an interest
	Dispatch           Permission = "work.dispatch"          // hand work out, agree to a jump
	ReadResults        Permission = "results.read"           // of the 1:N search, adjudicate
	ReleaseFindings    Permission = "quarantine.lift"        // free a card that a finding set apart
	KeepSAMs           Permission = "sam.keep"               // issue, take back, report lost
	SecondForSAMs      Permission = "sam.second"             // agree to it
	ServeDesk          Permission = "desk.serve"             // devices of a counter, for who has a page there
	SeeEvents          Permission = "events.read"            // event log
	ExportEvents       Permission = "events.export"          // files of the event log
	SeeProduction      Permission = "production.read"        // lines, starts, how much there is to do
	SeeOrders          Permission = "orders.read"            // orders and attempts, with their applications and chips
	SeeApplications    Permission = "applications.list"      // their states, cards and ways, without personal data
	SeeStock           Permission = "stock.read"             // lots, rolls, shifts, destructions
	SeeStatusList      Permission = "status_list.read"       // the standing of cards
	SeePersons         Permission = "applications.read"      // applications with personal data
)

// Matrix is who may do what. A role that is not listed may not.
var Matrix = map[Permission][]Role{
	DeliverRecords:     {System, Administrator},
	Approve:            {Supervisor},
	Produce:            {Administrator},
	MarkOrders:         {ServiceOfficer, Administrator},
	SteerLine:          {Administrator, Supervisor},
	ReopenLine:         {Supervisor},
	DefineLines:        {System},
	ReleaseStation:     {Administrator},
	SecondForStation:   {Supervisor},
	ReceiveStock:       {StockKeeper},
	MoveStock:          {StockKeeper, Administrator},
	SecondInStock:      {StockKeeper, Administrator, Supervisor},
	DenyStock:          {StockKeeper, Supervisor, SecurityOfficer, System},
	ResolveDoubt:       {Administrator, Supervisor},
	SecondInDoubt:      {Supervisor},
	RetireCards:        {Administrator, Supervisor},
	ShowCards:          {KecamatanOperator, ServiceOfficer},
	VerifyHolder:       {KecamatanOperator},
	ExamineChips:       {KecamatanOperator, ServiceOfficer, Administrator, Supervisor, StockKeeper},
	HandOver:           {ServiceOfficer},
	AcceptLedger:       {DatacenterOfficer, SecurityOfficer},
	SecondForLedger:    {Supervisor},
	SetClock:           {DatacenterOfficer, Administrator, Supervisor, SecurityOfficer},
	ReleaseFindings:    {Supervisor},
	SecondInService:    {Supervisor},
	Inspect:            {Auditor},
	Present:            {Auditor, StockKeeper, Administrator, KecamatanOperator},
	TakeComplaints:     {ComplaintOfficer, ServiceOfficer, KecamatanOperator, System},
	AssignComplaints:   {ComplaintOfficer, Supervisor},
	AnswerComplaints:   {ComplaintOfficer},
	SeeComplaints:      {ComplaintOfficer, ServiceOfficer, Administrator, Supervisor, SecurityOfficer, Auditor},
	ExportPersons:      {SecurityOfficer},
	HandleBreaches:     {SecurityOfficer},
	DefineStandard:     {Administrator, Supervisor},
	SecondForStandard:  {Supervisor},
	DefinePlaces:       {Administrator, Supervisor},
	Ship:               {Administrator, KecamatanOperator},
	ReceiveCards:       {KecamatanOperator, Administrator},
	ReturnCards:        {ServiceOfficer, KecamatanOperator, Administrator},
	AttestLosses:       {ServiceOfficer, KecamatanOperator, Administrator, Supervisor},
	EndCards:           {ServiceOfficer, Administrator},
	HoldCards:          {Supervisor, System},
	RuleCards:          {System},
	KeepDestruction:    {StockKeeper, Administrator},
	Destroy:            {Supervisor, StockKeeper, Administrator},
	ImportLists:        {DatacenterOfficer, Administrator},
	GiveTickets:        {ServiceOfficer, System},
	TakeApplications:   {ServiceOfficer},
	AttachScans:        {ServiceOfficer, EnrolmentOperator, Administrator},
	RejectApplications: {ServiceOfficer, Administrator},
	Capture:            {EnrolmentOperator},
	Recapture:          {EnrolmentOperator, DatacenterOfficer},
	SendEnrolments:     {EnrolmentOperator, DatacenterOfficer},
	SecondForResults:   {Supervisor},
	RunPlaces:          {DatacenterOfficer},
	TestDevices:        {Administrator, DatacenterOfficer},
	ReportHealth:       {System, DatacenterOfficer, DeskAgent},
	KeepSAMs:           {SecurityOfficer},
	SecondForSAMs:      {Supervisor},
	ServeDesk:          {DeskAgent},
	DecideFines:        {ServiceOfficer, Administrator},
	IssueSukets:        {ServiceOfficer, Administrator},
	ManagePeople:       {SecurityOfficer},
	SecondForPeople:    {Supervisor},
	TakePart:           {ServiceOfficer, EnrolmentOperator, DatacenterOfficer, Administrator, KecamatanOperator, ComplaintOfficer, StockKeeper, Supervisor, SecurityOfficer},
	Dispatch:           {Supervisor},
	ReadResults:        {DatacenterOfficer},
	SeeEvents:          {Auditor, SecurityOfficer},
	ExportEvents:       {Auditor},
	SeeProduction:      {Administrator, Supervisor, SecurityOfficer, Auditor, DatacenterOfficer, StockKeeper, System},
	SeeOrders:          {Administrator, Supervisor, SecurityOfficer, Auditor, DatacenterOfficer, System},
	SeeApplications:    {ServiceOfficer, EnrolmentOperator, DatacenterOfficer, Administrator, KecamatanOperator, ComplaintOfficer, Supervisor, SecurityOfficer, Auditor, System},
	SeeStock:           {StockKeeper, Administrator, Supervisor, SecurityOfficer, Auditor},
	SeeStatusList:      {Administrator, KecamatanOperator, SecurityOfficer, Auditor, System},
	SeePersons:         {ServiceOfficer, EnrolmentOperator, DatacenterOfficer, Administrator, KecamatanOperator, Supervisor},
}
