package registry

import (
	"slices"

	"blanko/registry/access"
)

// Actor is who acts.
type Actor = access.Actor

// Name of an operation.
type Name string

const (
	opReceiveRecord          Name = "record.receive"
	opRefuseRecord           Name = "record.refuse"
	opRefillRecord           Name = "record.refill"
	opWithdrawRecord         Name = "record.withdraw"
	opReconcileCenter        Name = "center.reconcile"
	opPushRecord             Name = "record.push"
	opUpdateRequest          Name = "record.update"
	opCancelRequest          Name = "record.cancel"
	opSetCardStatus          Name = "card.set_status"
	opUpdateCredential       Name = "card.update"
	opHoldRecord             Name = "record.hold"
	opReleaseRecord          Name = "record.release"
	opApprove                Name = "application.approve"
	opMarkOrder              Name = "application.mark"
	opMoveOrder              Name = "order.move"
	opExportAudit            Name = "audit.export"
	opQueue                  Name = "application.queue"
	opCancel                 Name = "application.cancel"
	opHold                   Name = "application.hold"
	opRelease                Name = "application.release"
	opRemake                 Name = "application.remake"
	opReceiveBlanks          Name = "stock.receive"
	opLoadHopper             Name = "stock.load_hopper"
	opUnloadHopper           Name = "stock.unload_hopper"
	opCorrectLot             Name = "stock.correct_lot"
	opReceiveTestBlanks      Name = "stock.receive_test"
	opDrawTestBlanks         Name = "stock.draw_test"
	opEndTestBlanks          Name = "stock.end_test"
	opReadmitBlank           Name = "stock.readmit"
	opDenyBlank              Name = "stock.deny"
	opAllowBlank             Name = "stock.allow"
	opDefineLine             Name = "line.define"
	opPauseLine              Name = "line.pause"
	opNoteTemperature        Name = "line.temperature"
	opResumeLine             Name = "line.resume"
	opRecordStart            Name = "start.record"
	opRecordStop             Name = "start.end"
	opReleaseStart           Name = "start.release"
	opReleaseStartAlone      Name = "start.release_alone"
	opConfirmStart           Name = "start.confirm"
	opSetClock               Name = "clock.set"
	opAcceptRestoration      Name = "ledger.accept"
	opPresentCard            Name = "doubt.present"
	opExamineChip            Name = "chip.examine"
	opSurrenderMute          Name = "doubt.surrender"
	opSettleFed              Name = "doubt.settle_fed"
	opDeclareLost            Name = "doubt.declare_lost"
	opAcceptFace             Name = "face.accept"
	opDoneHandOff            Name = "handoff.done"
	opRetireCard             Name = "card.retire"
	opReleaseQuarantine      Name = "card.release_quarantine"
	opVerifyHolder           Name = "handover.verify"
	opHandOver               Name = "handover.do"
	opReceiveRoll            Name = "roll.receive"
	opFitRoll                Name = "roll.fit"
	opRemoveRoll             Name = "roll.remove"
	opOpenShift              Name = "shift.open"
	opCloseShift             Name = "shift.close"
	opSettleShift            Name = "shift.settle"
	opDrawInspection         Name = "inspection.draw"
	opPresentItem            Name = "inspection.present"
	opCloseInspection        Name = "inspection.close"
	opImportBlanks           Name = "stock.import"
	opImportDenied           Name = "stock.import_denied"
	opRegisterComplaint      Name = "complaint.register"
	opAssignComplaint        Name = "complaint.assign"
	opVerifyComplaint        Name = "complaint.verify"
	opAnswerComplaint        Name = "complaint.answer"
	opReopenComplaint        Name = "complaint.reopen"
	opCloseComplaint         Name = "complaint.close"
	opUnmask                 Name = "person.unmask"
	opReadNote               Name = "note.read"
	opExportSubject          Name = "person.export"
	opOpenBreach             Name = "breach.open"
	opNotifyBreach           Name = "breach.notify"
	opCloseBreach            Name = "breach.close"
	opUseStandard            Name = "standard.use"
	opApproveDesign          Name = "design.approve"
	opSetPlace               Name = "place.set"
	opRedirect               Name = "application.redirect"
	opOpenConsignment        Name = "consignment.open"
	opPack                   Name = "consignment.pack"
	opUnpack                 Name = "consignment.unpack"
	opSealConsignment        Name = "consignment.seal"
	opUnsealConsignment      Name = "consignment.unseal"
	opCancelConsignment      Name = "consignment.cancel"
	opShipConsignment        Name = "consignment.ship"
	opReceiveConsignment     Name = "consignment.receive"
	opLoseConsignment        Name = "consignment.lose"
	opCloseInvestigation     Name = "investigation.close"
	opExceptMatch            Name = "handover.except_match"
	opShowCard               Name = "handover.show"
	opMatchLater             Name = "handover.match_later"
	opSetApart               Name = "handover.set_apart"
	opHandOverAlone          Name = "handover.alone"
	opHandOverToProxy        Name = "handover.to_proxy"
	opSurrenderForeign       Name = "handover.surrender_foreign"
	opReturnCard             Name = "card.return"
	opCloseReturned          Name = "application.close_returned"
	opEndCard                Name = "card.end"
	opDeclareMissing         Name = "card.declare_missing"
	opHoldCard               Name = "card.hold"
	opFreeCard               Name = "card.free"
	opRemind                 Name = "application.remind"
	opLeaveUncollected       Name = "application.leave_uncollected"
	opRecallUncollected      Name = "application.recall_uncollected"
	opOpenDestruction        Name = "destruction.open"
	opAddToDestruction       Name = "destruction.add"
	opCountIn                Name = "destruction.count_in"
	opReopenDestruction      Name = "destruction.reopen"
	opDestroyAll             Name = "destruction.destroy"
	opSendDestruction        Name = "destruction.send"
	opAcknowledgeDestruction Name = "destruction.acknowledge"
	opCancelDestruction      Name = "destruction.cancel"
	opImportResidents        Name = "resident.import"
	opUseResidents           Name = "resident.use"
	opTakeTicket             Name = "counter.take_ticket"
	opCallNext               Name = "counter.call_next"
	opCallThis               Name = "counter.call_this"
	opEndTicket              Name = "counter.end_ticket"
	opRegister               Name = "application.register"
	opRegisterOverride       Name = "application.register_override"
	opRegisterUnmatched      Name = "application.register_unmatched"
	opAttach                 Name = "application.attach"
	opKeepPicture            Name = "picture.keep"
	opRemoveAttachment       Name = "application.detach"
	opExamine                Name = "application.check"
	opCapture                Name = "application.capture"
	opVerifyCapture          Name = "application.verify_capture"
	opRecapture              Name = "application.recapture"
	opConfirm                Name = "application.confirm"
	opSend                   Name = "application.send"
	opResend                 Name = "application.resend"
	opTakeEnrolment          Name = "enrolment.take"
	opRefuseEnrolment        Name = "enrolment.refuse"
	opReceiveResult          Name = "uniqueness.receive"
	opReadResult             Name = "uniqueness.read"
	opAdjudicate             Name = "uniqueness.adjudicate"
	opClearDuplicate         Name = "uniqueness.clear"
	opSearch                 Name = "uniqueness.search"
	opIssueRecord            Name = "record.issue"
	opCloseApplication       Name = "application.close"
	opReject                 Name = "application.reject"
	opAbandon                Name = "application.abandon"
	opOpenIncident           Name = "incident.open"
	opEndIncident            Name = "incident.end"
	opDismissIncident        Name = "incident.dismiss"
	opAskDevice              Name = "device.ask"
	opReportHealth           Name = "health.report"
	opWaiveFine              Name = "fine.waive"
	opSettleFine             Name = "fine.settle"
	opIssueSuket             Name = "suket.issue"
	opEndSuket               Name = "suket.end"
	opSetPerson              Name = "person.set"
	opIssueToken             Name = "token.issue"
	opRevokeToken            Name = "token.revoke"
	opInvite                 Name = "person.invite"
	opEndSessions            Name = "session.end"
	opInviteDesk             Name = "desk.invite"
	opRevokeDesk             Name = "desk.revoke"
	opIssueSAM               Name = "sam.issue"
	opRenewSAM               Name = "sam.renew"
	opLoseSAM                Name = "sam.lose"
	opFindSAM                Name = "sam.find"
	opTakeBackSAM            Name = "sam.take_back"
	opPropose                Name = "proposal.make"
	opDecide                 Name = "proposal.decide"
	opTakeBack               Name = "proposal.take_back"
	opDrawBatch              Name = "batch.draw"
	opOpenSample             Name = "batch.open_sample"
	opApproveBatch           Name = "batch.approve"
	opTakeNext               Name = "work.take_next"
	opTakeThis               Name = "work.take_this"
	opGiveBack               Name = "work.give_back"
	opDeclareConflict        Name = "application.declare_conflict"
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
var Operations = append([]Row{
	{Name: opSetPerson, Of: SetPerson{}, Who: access.ManagePeople, Second: access.SecondForPeople, Event: "person.set"},
	{Name: opIssueToken, Of: IssueToken{}, Who: access.ManagePeople, Second: access.SecondForPeople, Event: "token.issued"},
	{Name: opRevokeToken, Of: RevokeToken{}, Who: access.ManagePeople, Event: "token.revoked"},
	{Name: opInvite, Of: Invite{}, Who: access.ManagePeople, Second: access.SecondForPeople, Event: "person.invited"},
	{Name: opEndSessions, Of: EndSessions{}, Who: access.ManagePeople, Event: "session.ended"},

	{Name: opInviteDesk, Of: InviteDesk{}, Who: access.ManagePeople, Event: "desk.invited"},
	{Name: opRevokeDesk, Of: RevokeDesk{}, Who: access.ManagePeople, Event: "desk.revoked"},

	{Name: opIssueSAM, Of: IssueSAM{}, Who: access.KeepSAMs, Second: access.SecondForSAMs, Event: "sam.issued", Paper: "sam_receipt"},
	{Name: opRenewSAM, Of: RenewSAM{}, Who: access.ServeDesk, Event: "sam.renewed"},
	{Name: opLoseSAM, Of: LoseSAM{}, Who: access.KeepSAMs, Event: "sam.lost"},
	{Name: opFindSAM, Of: FindSAM{}, Who: access.KeepSAMs, Second: access.SecondForSAMs, Event: "sam.found"},
	{Name: opTakeBackSAM, Of: TakeBackSAM{}, Who: access.KeepSAMs, Second: access.SecondForSAMs, Event: "sam.taken_back", Paper: "sam_receipt"},

	{Name: opPropose, Of: propose{}, Who: access.TakePart, Event: "proposal.made"},
	{Name: opDecide, Of: Decide{}, Who: access.TakePart, Event: "proposal.decided"},
	{Name: opTakeBack, Of: TakeBack{}, Who: access.TakePart, Event: "proposal.decided"},
	{Name: opDrawBatch, Of: DrawBatch{}, Who: access.Approve, Event: "batch.drawn"},
	{Name: opOpenSample, Of: OpenSample{}, Who: access.Approve, From: []State{PrintReady}, Event: "batch.sample_opened"},
	{Name: opApproveBatch, Of: ApproveBatch{}, Who: access.Approve, Event: "batch.approved"},
	{Name: opTakeNext, Of: TakeNext{}, Who: access.TakePart, Event: "work.taken"},
	{Name: opTakeThis, Of: TakeThis{}, Who: access.TakePart, Second: access.Dispatch, Event: "work.jumped"},
	{Name: opGiveBack, Of: GiveBack{}, Who: access.TakePart, Event: "work.given_back"},
	{Name: opDeclareConflict, Of: DeclareConflict{}, Who: access.TakePart, Duty: DutyConflict, Event: "application.conflict"},

	{Name: opImportResidents, Of: ImportResidents{}, Who: access.ImportLists, Event: "resident.imported"},
	{Name: opUseResidents, Of: UseResidents{}, Who: access.ImportLists, Event: "resident.list_used"},

	{Name: opTakeTicket, Of: TakeTicket{}, Who: access.GiveTickets, Event: "counter.ticket"},
	{Name: opCallNext, Of: CallNext{}, Who: access.TakeApplications, Event: "counter.ticket"},
	{Name: opCallThis, Of: CallThis{}, Who: access.TakeApplications, Event: "counter.jumped"},
	{Name: opEndTicket, Of: EndTicket{}, Who: access.TakeApplications, Event: "counter.ticket"},
	{Name: opRegister, Of: Register{}, Who: access.TakeApplications, Duty: DutyReceive, Event: "application.register", Paper: "receipt"},
	{Name: opRegisterOverride, Of: RegisterOverride{}, Who: access.TakeApplications, Second: access.SecondInService, Duty: DutyReceive, Event: "application.register", Paper: "receipt"},
	{Name: opRegisterUnmatched, Of: RegisterUnmatched{}, Who: access.TakeApplications, Second: access.SecondInService, Duty: DutyReceive, Event: "application.register", Paper: "receipt"},
	{Name: opAttach, Of: Attach{}, Who: access.AttachScans, Event: "application.attached"},
	{Name: opKeepPicture, Of: KeepPicture{}, Who: access.TakePart, Event: "picture.kept"},
	{Name: opRemoveAttachment, Of: RemoveAttachment{}, Who: access.AttachScans, Event: "application.detached"},
	{Name: opExamine, Of: Examine{}, Who: access.TakeApplications, From: []State{Received}, Event: "application.check"},
	{Name: opReject, Of: RejectApplication{}, Who: access.RejectApplications, From: []State{Received, Examined, PrintReady, Reconfirm}, Event: "application.reject"},
	{Name: opAbandon, Of: AbandonApplication{}, Who: access.TakeApplications, From: front, Event: "application.cancel"},

	{Name: opCapture, Of: Capture{}, Who: access.Capture, From: []State{Examined}, Duty: DutyCapture, Event: "application.capture"},
	{Name: opVerifyCapture, Of: VerifyCapture{}, Who: access.Capture, From: []State{Captured, Confirmed}, Event: "capture.verified"},
	{Name: opRecapture, Of: Recapture{}, Who: access.Recapture, From: []State{Captured, Confirmed, Duplicate, Adjudicate, EnrollFailure, SearchFailure}, Event: "application.recapture"},
	{Name: opConfirm, Of: Confirm{}, Who: access.Capture, From: []State{Captured, Reconfirm}, Event: "application.confirm", Paper: "confirmation_slip"},
	{Name: opSend, Of: Send{}, Who: access.SendEnrolments, From: []State{Confirmed}, Event: "application.send"},
	{Name: opResend, Of: Resend{}, Who: access.ReadResults, From: []State{Sent, AtCenter, SearchFailure}, Event: "enrolment.queued"},
	{Name: opTakeEnrolment, Of: TakeEnrolment{}, Who: access.DeliverRecords, Event: "enrolment.taken"},
	{Name: opRefuseEnrolment, Of: RefuseEnrolment{}, Who: access.DeliverRecords, Event: "application.enroll_failure"},
	{Name: opReceiveResult, Of: ReceiveResult{}, Who: access.DeliverRecords, Event: "uniqueness.received"},
	{Name: opReadResult, Of: ReadResult{}, Who: access.ReadResults, From: []State{AtCenter, Adjudicate, Duplicate, SearchFailure}, Event: "uniqueness.read", Paper: "uniqueness_notice"},
	{Name: opAdjudicate, Of: AdjudicateResult{}, Who: access.ReadResults, From: []State{Adjudicate}, Task: TaskAdjudicate, Duty: DutyJudge, Event: "application.clear"},
	{Name: opClearDuplicate, Of: ClearDuplicate{}, Who: access.ReadResults, From: []State{Duplicate}, Second: access.SecondForResults, Duty: DutyJudge, Event: "application.clear"},
	{Name: opCloseApplication, Of: CloseApplication{}, Who: access.ReadResults, From: []State{Duplicate, EnrollFailure, SearchFailure}, Event: "application.close"},
	{Name: opSearch, Of: recordSearch{}, Who: access.ReadResults, From: []State{AtCenter}, Event: "uniqueness.received"},
	{Name: opIssueRecord, Of: IssueRecord{}, Who: access.ReadResults, From: []State{AtCenter}, Duty: DutyJudge, Event: "record.issued"},

	{Name: opExportAudit, Of: ExportAudit{}, Who: access.ExportEvents, Event: "audit.exported"},
	{Name: opOpenIncident, Of: OpenIncident{}, Who: access.RunPlaces, Event: "incident.open"},
	{Name: opEndIncident, Of: EndIncident{}, Who: access.RunPlaces, Event: "incident.ended"},
	{Name: opDismissIncident, Of: DismissIncident{}, Who: access.RunPlaces, Event: "incident.dismissed"},
	{Name: opAskDevice, Of: AskDevice{}, Who: access.TestDevices, Event: "device.asked"},
	{Name: opReportHealth, Of: ReportHealth{}, Who: access.ReportHealth, Event: "health.changed"},
	{Name: opWaiveFine, Of: WaiveFine{}, Who: access.DecideFines, Second: access.SecondInService, Event: "fine.waived"},
	{Name: opSettleFine, Of: SettleFine{}, Who: access.TakeApplications, Event: "fine.settled"},
	{Name: opIssueSuket, Of: IssueSuket{}, Who: access.IssueSukets, From: []State{PrintReady, Reconfirm, Approved, Queued, Producing, OnHold, InDoubt}, Event: "suket.issued", Paper: "suket"},
	{Name: opEndSuket, Of: EndSuket{}, Who: access.IssueSukets, Event: "suket.ended"},

	{Name: opReceiveRecord, Of: ReceiveRecord{}, Who: access.DeliverRecords, Duty: DutyReceive, Event: "record.received"},
	{Name: opRefuseRecord, Of: RefuseRecord{}, Who: access.DeliverRecords, Event: "record.refused"},
	{Name: opRefillRecord, Of: RefillRecord{}, Who: access.DeliverRecords, Event: "record.refilled"},
	{Name: opWithdrawRecord, Of: WithdrawRecord{}, Who: access.DeliverRecords, Event: "record.withdrawn"},
	{Name: opReconcileCenter, Of: ReconcileCenter{}, Who: access.DeliverRecords, Event: "center.reconciled"},
	{Name: opPushRecord, Of: PushRecord{}, Who: access.DeliverRecords, Duty: DutyReceive, Event: "record.received"},
	{Name: opUpdateRequest, Of: UpdateRequest{}, Who: access.DeliverRecords, From: []State{PrintReady, Reconfirm, Approved, Queued, OnHold}, Event: "record.updated"},
	{Name: opCancelRequest, Of: CancelRequest{}, Who: access.DeliverRecords, Event: "record.withdrawn"},
	{Name: opSetCardStatus, Of: SetCardStatus{}, Who: access.RuleCards, Event: "card.held"},
	{Name: opUpdateCredential, Of: UpdateCredential{}, Who: access.RuleCards, Event: "card.updated"},
	{Name: opHoldRecord, Of: HoldRecord{}, Who: access.DeliverRecords, Event: "record.held"},
	{Name: opReleaseRecord, Of: ReleaseRecord{}, Who: access.DeliverRecords, Event: "record.released"},

	{Name: opApprove, Of: Approve{}, Who: access.Approve, From: []State{PrintReady}, Duty: DutyApprove, Task: TaskApprove, Event: "application.approve"},
	{Name: opMarkOrder, Of: MarkOrder{}, Who: access.MarkOrders, From: slices.Concat(front, []State{PrintReady, Reconfirm, Approved}), Second: access.SecondInService, Event: "application.marked"},
	{Name: opQueue, Of: Queue{}, Who: access.Produce, From: []State{Approved}, Duty: DutyQueue, Event: "application.queue"},
	{Name: opCancel, Of: CancelApplication{}, Who: access.Produce, From: []State{PrintReady, Reconfirm, Approved, Queued, OnHold}, Event: "application.cancel"},
	{Name: opHold, Of: HoldApplication{}, Who: access.Produce, From: []State{Queued}, Event: "application.hold"},
	{Name: opRelease, Of: ReleaseApplication{}, Who: access.Produce, From: []State{OnHold}, Event: "application.release"},
	{Name: opMoveOrder, Of: MoveOrder{}, Who: access.Dispatch, From: []State{Queued, OnHold}, Event: "order.moved"},
	{Name: opRemake, Of: Remake{}, Who: access.Produce, From: []State{Returned}, Second: access.SecondInDoubt, SecondDuty: DutySecondRemake, Task: TaskRemake, Event: "application.remake"},

	{Name: opReceiveBlanks, Of: ReceiveBlanks{}, Who: access.ReceiveStock, Event: "stock.received"},
	{Name: opLoadHopper, Of: LoadHopper{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.loaded"},
	{Name: opUnloadHopper, Of: UnloadHopper{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.unloaded"},
	{Name: opCorrectLot, Of: CorrectLot{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.lot_corrected"},
	{Name: opReceiveTestBlanks, Of: ReceiveTestBlanks{}, Who: access.ReceiveStock, Event: "stock.test_received"},
	{Name: opDrawTestBlanks, Of: DrawTestBlanks{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.test_drawn"},
	{Name: opEndTestBlanks, Of: EndTestBlanks{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.test_ended"},
	{Name: opReadmitBlank, Of: ReadmitBlank{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "stock.readmitted"},
	{Name: opDenyBlank, Of: DenyBlank{}, Who: access.DenyStock, Event: "stock.denied"},
	{Name: opAllowBlank, Of: AllowBlank{}, Who: access.MoveStock, Second: access.SecondInDoubt, Event: "stock.allowed"},

	{Name: opDefineLine, Of: DefineLine{}, Who: access.DefineLines, Event: "line.defined"},
	{Name: opPauseLine, Of: PauseLine{}, Who: access.SteerLine, Event: "line.paused"},
	{Name: opNoteTemperature, Of: NoteTemperature{}, Who: access.SteerLine, Event: "line.temperature"},
	{Name: opResumeLine, Of: ResumeLine{}, Who: access.SteerLine, Event: "line.running"},
	{Name: opRecordStart, Of: RecordStart{}, Who: access.DefineLines, Event: "station.started"},
	{Name: opRecordStop, Of: RecordStop{}, Who: access.DefineLines, Event: "station.stopped"},
	{Name: opReleaseStart, Of: ReleaseStart{}, Who: access.ReleaseStation, Second: access.SecondForStation, Event: "station.released"},
	{Name: opReleaseStartAlone, Of: ReleaseStartAlone{}, Who: access.SteerLine, Event: "station.released"},
	{Name: opConfirmStart, Of: ConfirmStart{}, Who: access.SecondInStock, Event: "station.release_confirmed"},
	{Name: opSetClock, Of: SetClock{}, Who: access.SetClock, Second: access.SetClock, Event: "clock.set"},
	{Name: opAcceptRestoration, Of: AcceptRestoration{}, Who: access.AcceptLedger, Second: access.SecondForLedger, Event: "ledger.accepted"},

	{Name: opAcceptFace, Of: AcceptFace{}, Who: access.Produce, Event: "face.looked_at"},
	{Name: opDoneHandOff, Of: DoneHandOff{}, Who: access.Produce, Event: "handoff.answered"},

	{Name: opPresentCard, Of: PresentCard{}, Who: access.ResolveDoubt, Event: "doubt.presented"},
	{Name: opExamineChip, Of: ExamineChip{}, Who: access.ExamineChips, Event: "chip.examined"},
	{Name: opSurrenderMute, Of: SurrenderMute{}, Who: access.ResolveDoubt, Second: access.SecondInDoubt, Event: "doubt.surrendered", Paper: "berita_acara_mute"},
	{Name: opDeclareLost, Of: DeclareLost{}, Who: access.ResolveDoubt, Second: access.SecondInDoubt, Event: "doubt.declared_lost", Paper: "berita_acara_lost"},
	{Name: opSettleFed, Of: SettleFed{}, Who: access.ResolveDoubt, Second: access.SecondInDoubt, Event: "doubt.fed_settled"},

	{Name: opRetireCard, Of: RetireCard{}, Who: access.RetireCards, Second: access.SecondInDoubt, Event: "card.retired"},
	{Name: opReleaseQuarantine, Of: ReleaseQuarantine{}, Who: access.ReleaseFindings, Second: access.RetireCards, Event: "card.quarantine_lifted"},
	{Name: opVerifyHolder, Of: VerifyHolder{}, Who: access.VerifyHolder, From: []State{Produced, Delivered, Uncollected, Matched}, Duty: DutyMatch, Event: "application.match"},
	{Name: opExceptMatch, Of: ExceptMatch{}, Who: access.VerifyHolder, From: []State{Produced, Delivered, Uncollected, Matched}, Second: access.SecondInService, Duty: DutyMatch, Event: "application.match"},
	{Name: opShowCard, Of: ShowCard{}, Who: access.ShowCards, Event: "card.shown"},
	{Name: opSetApart, Of: SetApart{}, Who: access.VerifyHolder, Second: access.SecondInService, Event: "investigation.opened"},
	{Name: opMatchLater, Of: MatchLater{}, Who: access.VerifyHolder, Event: "match.tried"},
	{Name: opHandOverAlone, Of: HandOverAlone{}, Who: access.HandOver, From: []State{Matched}, Second: access.SecondInService, Duty: DutyHandOver, Exception: true, Event: "application.hand_over", Paper: "handover_receipt"},
	{Name: opHandOverToProxy, Of: HandOverToProxy{}, Who: access.HandOver, From: []State{Produced, Delivered, Uncollected, Matched}, Second: access.SecondInService, Duty: DutyHandOver, Event: "application.hand_over_to_proxy", Paper: "handover_receipt"},
	{Name: opSurrenderForeign, Of: SurrenderForeign{}, Who: access.HandOver, Event: "card.foreign"},

	{Name: opReceiveRoll, Of: ReceiveRoll{}, Who: access.ReceiveStock, Event: "roll.received"},
	{Name: opFitRoll, Of: FitRoll{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "roll.fitted"},
	{Name: opRemoveRoll, Of: RemoveRoll{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "roll.removed"},
	{Name: opOpenShift, Of: OpenShift{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "shift.opened"},
	{Name: opCloseShift, Of: CloseShift{}, Who: access.MoveStock, Second: access.SecondInStock, Event: "shift.closed", Paper: "shift_sheet"},
	{Name: opSettleShift, Of: SettleShift{}, Who: access.MoveStock, Second: access.SecondInDoubt, Event: "shift.closed", Paper: "shift_sheet"},
	{Name: opDrawInspection, Of: DrawInspection{}, Who: access.Inspect, Event: "inspection.drawn"},
	{Name: opPresentItem, Of: PresentItem{}, Who: access.Present, Event: "inspection.presented"},
	{Name: opCloseInspection, Of: CloseInspection{}, Who: access.Inspect, Event: "inspection.closed", Paper: "inspection_report"},
	{Name: opImportBlanks, Of: ImportBlanks{}, Who: access.ReceiveStock, Event: "stock.imported"},
	{Name: opImportDenied, Of: ImportDenied{}, Who: access.DenyStock, Event: "stock.denied"},

	{Name: opRegisterComplaint, Of: RegisterComplaint{}, Who: access.TakeComplaints, Event: "complaint.receive", Paper: "complaint_slip"},
	{Name: opAssignComplaint, Of: AssignComplaint{}, Who: access.AssignComplaints, Event: "complaint.assigned"},
	{Name: opVerifyComplaint, Of: VerifyComplaint{}, Who: access.AnswerComplaints, Event: "complaint.verify"},
	{Name: opAnswerComplaint, Of: AnswerComplaint{}, Who: access.AnswerComplaints, Event: "complaint.answer", Paper: "complaint_slip"},
	{Name: opReopenComplaint, Of: ReopenComplaint{}, Who: access.AnswerComplaints, Event: "complaint.reopen"},
	{Name: opCloseComplaint, Of: CloseComplaint{}, Who: access.AnswerComplaints, Event: "complaint.close"},

	{Name: opUnmask, Of: Unmask{}, Who: access.SeePersons, Event: "person.unmasked"},
	{Name: opReadNote, Of: ReadNote{}, Who: access.SeePersons, Event: "person.unmasked"},
	{Name: opExportSubject, Of: ExportSubject{}, Who: access.ExportPersons, Event: "person.unmasked", Paper: "subject_access"},
	{Name: opOpenBreach, Of: OpenBreach{}, Who: access.HandleBreaches, Event: "breach.open", Paper: "breach_notice"},
	{Name: opNotifyBreach, Of: NotifyBreach{}, Who: access.HandleBreaches, Event: "breach.notify"},
	{Name: opCloseBreach, Of: CloseBreach{}, Who: access.HandleBreaches, Event: "breach.close"},

	{Name: opUseStandard, Of: UseStandard{}, Who: access.DefineStandard, Second: access.SecondForStandard, Event: "standard.used"},
	{Name: opApproveDesign, Of: ApproveDesign{}, Who: access.DefineStandard, Second: access.SecondForStandard, Event: "design.approved"},
	{Name: opSetPlace, Of: SetPlace{}, Who: access.DefinePlaces, Event: "place.set"},
	{Name: opRedirect, Of: Redirect{}, Who: access.Ship, From: []State{Received, Examined, Captured, Confirmed, Sent, AtCenter, PrintReady, Reconfirm, Approved, Queued, OnHold, Producing, InDoubt, Produced, Shipped, Delivered, Uncollected, Matched}, Event: "application.redirected"},
	{Name: opOpenConsignment, Of: OpenConsignment{}, Who: access.Ship, Event: "consignment.open"},
	{Name: opPack, Of: Pack{}, Who: access.Ship, Event: "consignment.packed"},
	{Name: opUnpack, Of: Unpack{}, Who: access.Ship, Event: "consignment.unpacked"},
	{Name: opSealConsignment, Of: SealConsignment{}, Who: access.Ship, Event: "consignment.seal", Paper: "consignment"},
	{Name: opUnsealConsignment, Of: UnsealConsignment{}, Who: access.Ship, Event: "consignment.unseal"},
	{Name: opCancelConsignment, Of: CancelConsignment{}, Who: access.Ship, Event: "consignment.cancel"},
	{Name: opShipConsignment, Of: ShipConsignment{}, Who: access.Ship, Event: "consignment.ship", Paper: "delivery_note"},
	{Name: opReceiveConsignment, Of: ReceiveConsignment{}, Who: access.ReceiveCards, Event: "consignment.receive", Paper: "consignment_receipt"},
	{Name: opLoseConsignment, Of: LoseConsignment{}, Who: access.RetireCards, Second: access.SecondInDoubt, Event: "consignment.lose", Paper: "berita_acara_lost_consignment"},
	{Name: opCloseInvestigation, Of: CloseInvestigation{}, Who: access.RetireCards, Second: access.SecondInDoubt, Event: "investigation.closed"},

	{Name: opReturnCard, Of: ReturnCard{}, Who: access.ReturnCards, From: []State{Produced, Delivered, Uncollected, Matched}, Event: "application.return", Paper: "return_note"},
	{Name: opCloseReturned, Of: CloseReturned{}, Who: access.Produce, From: []State{Returned}, Second: access.SecondInDoubt, Event: "application.close"},
	{Name: opEndCard, Of: EndCard{}, Who: access.EndCards, Second: access.SecondInService, Event: "card.retired"},
	{Name: opDeclareMissing, Of: DeclareMissing{}, Who: access.ReturnCards, Second: access.SecondInDoubt, Event: "card.declared_missing", Paper: "berita_acara_lost"},
	{Name: opHoldCard, Of: HoldCard{}, Who: access.HoldCards, Event: "card.held"},
	{Name: opFreeCard, Of: FreeCard{}, Who: access.HoldCards, Event: "card.freed"},
	{Name: opRemind, Of: Remind{}, Who: access.ReceiveCards, From: []State{Produced, Delivered, Uncollected, Matched}, Event: "application.reminded"},
	{Name: opLeaveUncollected, Of: LeaveUncollected{}, Who: access.ReceiveCards, From: []State{Produced, Delivered, Matched}, Event: "application.leave_uncollected"},
	{Name: opRecallUncollected, Of: RecallUncollected{}, Who: access.Ship, From: []State{Uncollected}, Second: access.SecondInDoubt, Event: "application.recall"},

	{Name: opOpenDestruction, Of: OpenDestruction{}, Who: access.KeepDestruction, Event: "destruction.open"},
	{Name: opAddToDestruction, Of: AddToDestruction{}, Who: access.KeepDestruction, Event: "destruction.added"},
	{Name: opCountIn, Of: CountIn{}, Who: access.KeepDestruction, Duty: DutyCountIn, Event: "destruction.count_in"},
	{Name: opReopenDestruction, Of: ReopenDestruction{}, Who: access.KeepDestruction, Event: "destruction.reopen"},
	{Name: opDestroyAll, Of: DestroyAll{}, Who: access.Destroy, Second: access.SecondInDoubt, Duty: DutyDestroy, SecondDuty: DutyDestroy, Event: "destruction.destroy", Paper: "berita_acara"},
	{Name: opSendDestruction, Of: SendDestruction{}, Who: access.Destroy, Second: access.SecondInDoubt, Duty: DutyDestroy, SecondDuty: DutyDestroy, Event: "destruction.send", Paper: "return_list"},
	{Name: opAcknowledgeDestruction, Of: AcknowledgeDestruction{}, Who: access.KeepDestruction, Duty: DutyAcknowledge, Event: "destruction.acknowledge"},
	{Name: opCancelDestruction, Of: CancelDestruction{}, Who: access.KeepDestruction, Event: "destruction.cancel"},
	{Name: opHandOver, Of: HandOver{}, Who: access.HandOver, From: []State{Matched}, Duty: DutyHandOver, Event: "application.hand_over", Paper: "handover_receipt"},
}, paperRows()...)
