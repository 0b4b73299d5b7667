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
)

// Row of an operation.
type Row struct {
	Name Name
	Who  access.Permission
	// From lists the application states in which it is allowed; empty: the operation decides.
	From []State
	// Second is what the second person must be allowed to; empty: one person suffices.
	Second access.Permission
	Event  string // code of the event it writes
	Paper  string // printed for it
}

// Operations is the table of everything that can be done to the register from outside a line.
var Operations = []Row{
	{Name: opReceiveRecord, Who: access.DeliverRecords, Event: "record.received"},
	{Name: opRefuseRecord, Who: access.DeliverRecords, Event: "record.refused"},
	{Name: opRefillRecord, Who: access.DeliverRecords, Event: "record.refilled"},
	{Name: opWithdrawRecord, Who: access.DeliverRecords, Event: "record.withdrawn"},
	{Name: opHoldRecord, Who: access.DeliverRecords, Event: "record.held"},
	{Name: opReleaseRecord, Who: access.DeliverRecords, Event: "record.released"},

	{Name: opApprove, Who: access.Approve, From: []State{PrintReady}, Event: "application.approve"},
	{Name: opQueue, Who: access.Produce, From: []State{Approved}, Event: "application.queue"},
	{Name: opCancel, Who: access.Produce, From: []State{PrintReady, Reconfirm, Approved, Queued, OnHold}, Event: "application.cancel"},
	{Name: opRelease, Who: access.Produce, From: []State{OnHold}, Event: "application.release"},
	{Name: opRemake, Who: access.Produce, From: []State{Returned}, Second: access.SecondInDoubt, Event: "application.remake"},

	{Name: opReceiveBlanks, Who: access.ReceiveStock, Event: "stock.received"},
	{Name: opLoadHopper, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.loaded"},
	{Name: opUnloadHopper, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.unloaded"},
	{Name: opDenyBlank, Who: access.DenyStock, Event: "stock.denied"},

	{Name: opDefineLine, Who: access.DefineLines, Event: "line.defined"},
	{Name: opPauseLine, Who: access.SteerLine, Event: "line.paused"},
	{Name: opResumeLine, Who: access.SteerLine, Event: "line.running"},
	{Name: opSetClock, Who: access.SetClock, Second: access.SetClock, Event: "clock.set"},

	{Name: opPresentCard, Who: access.ResolveDoubt, Event: "doubt.presented"},
	{Name: opSurrenderMute, Who: access.ResolveDoubt, Second: access.SecondInDoubt, Event: "doubt.surrendered", Paper: "berita_acara"},
	{Name: opDeclareLost, Who: access.ResolveDoubt, Second: access.SecondInDoubt, Event: "doubt.declared_lost", Paper: "berita_acara"},

	{Name: opRetireCard, Who: access.RetireCards, Second: access.SecondInDoubt, Event: "card.retired"},
	{Name: opReleaseQuarantine, Who: access.ReleaseFindings, Second: access.RetireCards, Event: "card.quarantine_lifted"},
	{Name: opVerifyHolder, Who: access.VerifyHolder, From: []State{Produced, Delivered, Uncollected}, Event: "application.match"},
	{Name: opHandOver, Who: access.HandOver, From: []State{Matched}, Event: "application.hand_over", Paper: "handover_receipt"},
}
