package registry

import "blanko/registry/access"

// Actor is who acts.
type Actor = access.Actor

// Name of an operation.
type Name string

const (
	opReceiveRecord     Name = "record.receive"
	opRefuseRecord      Name = "record.refuse"
	opRefillRecord      Name = "record.refill"
	opWithdrawRecord    Name = "record.withdraw"
	opHoldRecord        Name = "record.hold"
	opReleaseRecord     Name = "record.release"
	opApprove           Name = "application.approve"
	opQueue             Name = "application.queue"
	opCancel            Name = "application.cancel"
	opRelease           Name = "application.release"
	opRemake            Name = "application.remake"
	opReceiveBlanks     Name = "stock.receive"
	opLoadHopper        Name = "stock.load_hopper"
	opUnloadHopper      Name = "stock.unload_hopper"
	opDenyBlank         Name = "stock.deny"
	opDefineLine        Name = "line.define"
	opPauseLine         Name = "line.pause"
	opResumeLine        Name = "line.resume"
	opSetClock          Name = "clock.set"
	opPresentCard       Name = "doubt.present"
	opSurrenderMute     Name = "doubt.surrender"
	opDeclareLost       Name = "doubt.declare_lost"
	opRetireCard        Name = "card.retire"
	opReleaseQuarantine Name = "card.release_quarantine"
	opVerifyHolder      Name = "handover.verify"
	opHandOver          Name = "handover.do"
	opSetPerson         Name = "person.set"
	opIssueToken        Name = "token.issue"
	opRevokeToken       Name = "token.revoke"
	opPropose           Name = "proposal.make"
	opDecide            Name = "proposal.decide"
	opTakeBack          Name = "proposal.take_back"
	opDrawBatch         Name = "batch.draw"
	opOpenSample        Name = "batch.open_sample"
	opApproveBatch      Name = "batch.approve"
	opTakeNext          Name = "work.take_next"
	opTakeThis          Name = "work.take_this"
	opGiveBack          Name = "work.give_back"
	opDeclareConflict   Name = "application.declare_conflict"
)

// Row of an operation.
type Row struct {
	Name Name
	Of   Operation // its zero value: which struct it is, for operations that are stored
	Who  access.Permission
	// From lists the application states in which it is allowed; empty: the operation decides.
	From []State
	// Second is what the second person must be allowed to; empty: one person suffices.
	Second access.Permission
	// Duty and SecondDuty are what its two persons do by it to the subject; empty: nothing that
	// another duty excludes.
	Duty, SecondDuty Duty
	// Task: it is this piece of back-office work; see Tasks.
	Task Task
	// Exception: it is made for a separation that may be lifted; see Separation.
	Exception bool
	Event     string // code of the event it writes
	Paper     string // printed for it
}

// Operations is the table of everything that can be done to the register from outside a line.
var Operations = []Row{
	{Name: opSetPerson, Of: SetPerson{}, Who: access.ManagePeople, Second: access.SecondForPeople, Event: "person.set"},
	{Name: opIssueToken, Of: IssueToken{}, Who: access.ManagePeople, Event: "token.issued"},
	{Name: opRevokeToken, Of: RevokeToken{}, Who: access.ManagePeople, Event: "token.revoked"},

	{Name: opPropose, Of: propose{}, Who: access.TakePart, Event: "proposal.made"},
	{Name: opDecide, Of: Decide{}, Who: access.TakePart, Event: "proposal.decided"},
	{Name: opTakeBack, Of: TakeBack{}, Who: access.TakePart, Event: "proposal.decided"},
	{Name: opDrawBatch, Of: DrawBatch{}, Who: access.Approve, Event: "batch.drawn"},
	{Name: opOpenSample, Of: OpenSample{}, Who: access.Approve, Event: "batch.sample_opened"},
	{Name: opApproveBatch, Of: ApproveBatch{}, Who: access.Approve, Event: "batch.approved"},
	{Name: opTakeNext, Of: TakeNext{}, Who: access.TakePart, Event: "work.taken"},
	{Name: opTakeThis, Of: TakeThis{}, Who: access.TakePart, Second: access.Dispatch, Event: "work.jumped"},
	{Name: opGiveBack, Of: GiveBack{}, Who: access.TakePart, Event: "work.given_back"},
	{Name: opDeclareConflict, Of: DeclareConflict{}, Who: access.TakePart, Duty: DutyConflict, Event: "application.conflict"},

	{Name: opReceiveRecord, Of: ReceiveRecord{}, Who: access.DeliverRecords, Duty: DutyReceive, Event: "record.received"},
	{Name: opRefuseRecord, Of: RefuseRecord{}, Who: access.DeliverRecords, Event: "record.refused"},
	{Name: opRefillRecord, Of: RefillRecord{}, Who: access.DeliverRecords, Event: "record.refilled"},
	{Name: opWithdrawRecord, Of: WithdrawRecord{}, Who: access.DeliverRecords, Event: "record.withdrawn"},
	{Name: opHoldRecord, Of: HoldRecord{}, Who: access.DeliverRecords, Event: "record.held"},
	{Name: opReleaseRecord, Of: ReleaseRecord{}, Who: access.DeliverRecords, Event: "record.released"},

	{Name: opApprove, Of: Approve{}, Who: access.Approve, From: []State{PrintReady}, Duty: DutyApprove, Task: TaskApprove, Event: "application.approve"},
	{Name: opQueue, Of: Queue{}, Who: access.Produce, From: []State{Approved}, Duty: DutyQueue, Event: "application.queue"},
	{Name: opCancel, Of: CancelApplication{}, Who: access.Produce, From: []State{PrintReady, Reconfirm, Approved, Queued, OnHold}, Event: "application.cancel"},
	{Name: opRelease, Of: ReleaseApplication{}, Who: access.Produce, From: []State{OnHold}, Event: "application.release"},
	{Name: opRemake, Of: Remake{}, Who: access.Produce, From: []State{Returned}, Second: access.SecondInDoubt, SecondDuty: DutySecondRemake, Task: TaskRemake, Event: "application.remake"},

	{Name: opReceiveBlanks, Of: ReceiveBlanks{}, Who: access.ReceiveStock, Event: "stock.received"},
	{Name: opLoadHopper, Of: LoadHopper{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.loaded"},
	{Name: opUnloadHopper, Of: UnloadHopper{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.unloaded"},
	{Name: opDenyBlank, Of: DenyBlank{}, Who: access.DenyStock, Event: "stock.denied"},

	{Name: opDefineLine, Of: DefineLine{}, Who: access.DefineLines, Event: "line.defined"},
	{Name: opPauseLine, Of: PauseLine{}, Who: access.SteerLine, Event: "line.paused"},
	{Name: opResumeLine, Of: ResumeLine{}, Who: access.SteerLine, Event: "line.running"},
	{Name: opSetClock, Of: SetClock{}, Who: access.SetClock, Second: access.SetClock, Event: "clock.set"},

	{Name: opPresentCard, Of: PresentCard{}, Who: access.ResolveDoubt, Event: "doubt.presented"},
	{Name: opSurrenderMute, Of: SurrenderMute{}, Who: access.ResolveDoubt, Second: access.SecondInDoubt, Event: "doubt.surrendered", Paper: "berita_acara"},
	{Name: opDeclareLost, Of: DeclareLost{}, Who: access.ResolveDoubt, Second: access.SecondInDoubt, SecondDuty: DutyDeclareLost, Event: "doubt.declared_lost", Paper: "berita_acara"},

	{Name: opRetireCard, Of: RetireCard{}, Who: access.RetireCards, Second: access.SecondInDoubt, Event: "card.retired"},
	{Name: opReleaseQuarantine, Of: ReleaseQuarantine{}, Who: access.ReleaseFindings, Second: access.RetireCards, Event: "card.quarantine_lifted"},
	{Name: opVerifyHolder, Of: VerifyHolder{}, Who: access.VerifyHolder, From: []State{Produced, Delivered, Uncollected}, Duty: DutyMatch, Event: "application.match"},
	{Name: opHandOver, Of: HandOver{}, Who: access.HandOver, From: []State{Matched}, Duty: DutyHandOver, Event: "application.hand_over", Paper: "handover_receipt"},
}
