package registry

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
)

var update = flag.Bool("update", false, "write the golden files anew")

// walk tries every event in every state: each is a row, or refused by name.
func walk[S, E ~string](t *testing.T, table ktp.Table[S, E]) {
	t.Helper()
	if err := table.Check(); err != nil {
		t.Error(err)
	}
	for _, s := range table.States() {
		for _, e := range table.Events() {
			rows := 0
			for _, r := range table.Rows {
				if r.From == s && r.Event == e {
					rows++
				}
			}
			to, err := table.Next(s, e)
			var refused *ktp.Refused
			switch {
			case rows > 1:
				t.Errorf("%s: %d rows for %s in %s", table.Name, rows, e, s)
			case rows == 1 && err != nil:
				t.Errorf("%s: %s in %s: %v", table.Name, e, s, err)
			case rows == 0 && (!errors.As(err, &refused) || to != s):
				t.Errorf("%s: %s in %s went to %s, %v", table.Name, e, s, to, err)
			}
		}
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	walk(t, Applications)
	walk(t, Cards)
	walk(t, Consignments)
	walk(t, Destructions)
	walk(t, Complaints)
	walk(t, Breaches)
	walk(t, Incidents)
	walk(t, Fines)
}

// The database's index of open applications lists the same final states as the table.
func TestFinalStatesAreThoseOfTheIndex(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../store/migrations/sqlite/00140_passed_on.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "where state not in (")
	list, _, _ = strings.Cut(list, ")")
	var got []string
	for s := range strings.SplitSeq(list, ",") {
		got = append(got, strings.Trim(s, " '"))
	}
	var want []string
	for _, s := range Applications.Final {
		want = append(want, string(s))
	}
	if !slices.Equal(got, want) {
		t.Errorf("index has %v, table has %v", got, want)
	}
}

func TestEveryStateHasItsWordAndItsWithdrawal(t *testing.T) {
	t.Parallel()
	for _, s := range Applications.States() {
		if s == Absent {
			continue
		}
		if WordOf(s) == "" {
			t.Errorf("%s has no status word", s)
		}
		w, listed := withdrawals[s]
		if !listed {
			t.Errorf("nothing is said about a withdrawal in %s", s)
		}
		if w.Event != "" {
			if _, err := Applications.Next(s, w.Event); err != nil {
				t.Errorf("withdrawal in %s: %v", s, err)
			}
		}
		if w.Event == "" && w.Answer == AnswerDone && s != Producing {
			t.Errorf("withdrawal in %s is called done and does nothing", s)
		}
	}
}

func TestOperationsTable(t *testing.T) {
	t.Parallel()
	every := []Operation{
		Invite{},
		InviteDesk{},
		RevokeDesk{},
		IssueSAM{},
		RenewSAM{},
		LoseSAM{},
		FindSAM{},
		TakeBackSAM{},
		EndSessions{},
		ReceiveRoll{},
		FitRoll{},
		RemoveRoll{},
		RecordStart{},
		RecordStop{},
		ReleaseStart{},
		ReleaseStartAlone{},
		ConfirmStart{},
		OpenShift{},
		CloseShift{},
		SettleShift{},
		DrawInspection{},
		PresentItem{},
		CloseInspection{},
		ImportBlanks{},
		ImportDenied{},
		RegisterComplaint{},
		AssignComplaint{},
		VerifyComplaint{},
		AnswerComplaint{},
		ReopenComplaint{},
		CloseComplaint{},
		Unmask{},
		ExportSubject{},
		OpenBreach{},
		NotifyBreach{},
		CloseBreach{},
		UseStandard{},
		ApproveDesign{},
		SetPlace{},
		Redirect{},
		OpenConsignment{},
		Pack{},
		Unpack{},
		SealConsignment{},
		UnsealConsignment{},
		CancelConsignment{},
		ShipConsignment{},
		ReceiveConsignment{},
		LoseConsignment{},
		CloseInvestigation{},
		ExceptMatch{},
		ShowCard{},
		MatchLater{},
		SetApart{},
		HandOverAlone{},
		HandOverToProxy{},
		SurrenderForeign{},
		ReturnCard{},
		CloseReturned{},
		EndCard{},
		DeclareMissing{},
		HoldCard{},
		FreeCard{},
		ReconcileCenter{},
		PushRecord{},
		UpdateRequest{},
		CancelRequest{},
		SetCardStatus{},
		UpdateCredential{},
		ExamineChip{},
		LeaveUncollected{},
		RecallUncollected{},
		OpenDestruction{},
		AddToDestruction{},
		CountIn{},
		ReopenDestruction{},
		DestroyAll{},
		SendDestruction{},
		AcknowledgeDestruction{},
		CancelDestruction{},
		SetPerson{},
		IssueToken{},
		RevokeToken{},
		propose{},
		Decide{},
		TakeBack{},
		DrawBatch{},
		OpenSample{},
		ApproveBatch{},
		TakeNext{},
		TakeThis{},
		GiveBack{},
		DeclareConflict{},
		ImportResidents{},
		MarkOrder{},
		MoveOrder{},
		ExportAudit{},
		UseResidents{},
		TakeTicket{},
		CallNext{},
		CallThis{},
		EndTicket{},
		Register{},
		RegisterOverride{},
		RegisterUnmatched{},
		Attach{},
		RemoveAttachment{},
		Examine{},
		RejectApplication{},
		AbandonApplication{},
		Capture{},
		VerifyCapture{},
		Recapture{},
		Confirm{},
		Send{},
		Resend{},
		TakeEnrolment{},
		RefuseEnrolment{},
		ReceiveResult{},
		ReadResult{},
		AdjudicateResult{},
		ClearDuplicate{},
		CloseApplication{},
		recordSearch{},
		IssueRecord{},
		OpenIncident{},
		EndIncident{},
		DismissIncident{},
		ReportHealth{},
		WaiveFine{},
		SettleFine{},
		IssueSuket{},
		EndSuket{},
		ReceiveRecord{},
		RefuseRecord{},
		RefillRecord{},
		WithdrawRecord{},
		HoldRecord{},
		ReleaseRecord{},
		Approve{},
		Queue{},
		CancelApplication{},
		HoldApplication{},
		ReleaseApplication{},
		Remake{},
		ReceiveBlanks{},
		ReceiveTestBlanks{},
		DrawTestBlanks{},
		EndTestBlanks{},
		LoadHopper{},
		UnloadHopper{},
		CorrectLot{},
		ReadmitBlank{},
		DenyBlank{},
		AllowBlank{},
		DefineLine{},
		PauseLine{},
		NoteTemperature{},
		ResumeLine{},
		SetClock{},
		AcceptRestoration{},
		PresentCard{},
		SurrenderMute{},
		DeclareLost{},
		SettleFed{},
		AcceptFace{},
		DoneHandOff{},
		RetireCard{},
		ReleaseQuarantine{},
		VerifyHolder{},
		HandOver{},
	}
	every = append(every, WithdrawPaper{}, KeepPicture{}, ReadNote{}, AskDevice{})
	for _, p := range paperWho {
		every = append(every, IssuePaper{Kind: p.kind})
	}
	if len(every) != len(Operations) {
		t.Errorf("%d operations, %d rows", len(every), len(Operations))
	}
	states := Applications.States()
	seen := map[Name]bool{}
	for _, op := range every {
		i := slices.IndexFunc(Operations, func(r Row) bool { return r.Name == op.Name() })
		if i < 0 || seen[op.Name()] {
			t.Errorf("%s has no row of its own", op.Name())
			continue
		}
		seen[op.Name()] = true
		row := Operations[i]
		if len(access.Matrix[row.Who]) == 0 || row.Second != "" && len(access.Matrix[row.Second]) == 0 {
			t.Errorf("%s: the matrix does not know %s or %s", row.Name, row.Who, row.Second)
		}
		if _, two := op.(byTwo); two != (row.Second != "") {
			t.Errorf("%s: the row and the operation disagree about a second person", row.Name)
		}
		if _, about := op.(aboutApplication); !about && len(row.From) > 0 {
			t.Errorf("%s: states are listed for no application", row.Name)
		}
		if row.Of == nil || row.Of.Name() != row.Name {
			t.Errorf("%s: the row holds another operation", row.Name)
		}
		if row.Event == "" {
			t.Errorf("%s writes no event", row.Name)
		}
		for _, s := range row.From {
			if !slices.Contains(states, s) {
				t.Errorf("%s: no state %q", row.Name, s)
			}
		}
		if row.Second != "" && slices.Contains(access.Matrix[row.Second], access.System) {
			t.Errorf("%s: a machine may be the second person", row.Name)
		}
	}
}

// Only people approve, hand over and decide doubts.
func TestMachinesMayNotDecide(t *testing.T) {
	t.Parallel()
	for _, p := range []access.Permission{access.Approve, access.Produce, access.HandOver, access.VerifyHolder, access.ResolveDoubt, access.RetireCards, access.ReopenLine, access.SetClock} {
		if center.May(p) {
			t.Errorf("a machine may %s", p)
		}
	}
}

// The whole mapping from (state, step, result), drawn as text for every kind of line. What is not
// listed is refused.
func TestSettlementsGolden(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	results := []jobs.Result{jobs.Done, jobs.Failed, jobs.Unknown, jobs.Refused, jobs.Withdrawn}
	for _, k := range jobs.Kinds {
		table := jobs.Attempts(k)
		for _, s := range table.States() {
			for _, step := range append([]jobs.Step{jobs.Prepare}, append(jobs.Stages(k), jobs.Reject, jobs.Block)...) {
				var cells []string
				for _, res := range results {
					event, condemn, ok := settle(k, s, step, res)
					if !ok {
						continue
					}
					to := s
					if event != "" {
						var err error
						if to, err = table.Next(s, event); err != nil {
							t.Errorf("%s: %s %s in %s: %v", k, step, res, s, err)
						}
					}
					cell := fmt.Sprintf("%s=%s", res, to)
					if condemn {
						cell += "!"
					}
					cells = append(cells, cell)
				}
				if len(cells) > 0 {
					fmt.Fprintf(&b, "%-10s | %-9s | %-9s | %s\n", k, s, step, strings.Join(cells, ", "))
				}
			}
		}
	}
	const file = "testdata/settlements.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the mapping is not that of %s; run with -update and read the difference", file)
	}
}

// What the mapping may never say, whatever its rows are.
func TestSettlementsKeepThePromises(t *testing.T) {
	t.Parallel()
	steps := append(slices.Clone(everyStep), jobs.Prepare)
	results := []jobs.Result{jobs.Done, jobs.Failed, jobs.Unknown, jobs.Refused, jobs.Withdrawn}
	for _, k := range jobs.Kinds {
		table := jobs.Attempts(k)
		for _, s := range table.States() {
			for _, step := range steps {
				for _, res := range results {
					event, condemn, ok := settle(k, s, step, res)
					if !ok {
						if event != "" || condemn {
							t.Errorf("%s: %s %s in %s is refused with an effect", k, step, res, s)
						}
						continue
					}
					to := s
					if event != "" {
						to, _ = table.Next(s, event)
					}
					name := fmt.Sprintf("%s: %s %s in %s -> %s", k, step, res, s, to)
					switch {
					case table.IsFinal(s):
						t.Errorf("%s: an attempt that has ended moves", name)
					case res != jobs.Done && jobs.IsActive(k, to) && !jobs.IsActive(k, s):
						t.Errorf("%s: active without the act being done", name)
					case to == jobs.Spoiled && (step != jobs.Reject || res != jobs.Done):
						t.Errorf("%s: spoiled without being laid aside", name)
					case to == jobs.Spoiled && jobs.IsActive(k, s):
						t.Errorf("%s: an active card is called spoiled", name)
					case to == jobs.Void && s != jobs.Open && s != jobs.InDoubt:
						t.Errorf("%s: a used blank vanishes", name)
					case res == jobs.Unknown && to != jobs.InDoubt:
						t.Errorf("%s: an unknown outcome is no doubt", name)
					case s == jobs.InDoubt && to != s && (res == jobs.Unknown || res == jobs.Withdrawn):
						t.Errorf("%s: a doubt ends without proof", name)
					case (res == jobs.Failed || res == jobs.Withdrawn) && to != s && to != jobs.Void:
						t.Errorf("%s: a failed step moves the card", name)
					case (res == jobs.Failed || res == jobs.Withdrawn) && slices.Contains(stageSteps, step) && s != jobs.InDoubt && !condemn:
						t.Errorf("%s: the card may go on after a failed step", name)
					}
				}
			}
		}
	}
}

// Each fate moves the application from where it can be when an attempt ends.
func TestFates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		f    fateFacts
		want string
	}{
		{"made", fateFacts{State: jobs.Out, Finished: true, Withdrawn: true}, "finished"},
		{"withdrawn before the feed", fateFacts{State: jobs.Void, Withdrawn: true}, "withdrawn"},
		{"withdrawn and spoiled", fateFacts{State: jobs.Spoiled, Withdrawn: true, Wrong: true}, "withdrawn"},
		{"wrong person", fateFacts{State: jobs.Spoiled, Wrong: true, Lost: 1, MaxLost: 3}, "wrong person"},
		{"cannot become a card", fateFacts{State: jobs.Void, Refused: true}, "refused"},
		{"given back", fateFacts{State: jobs.Void}, "no blank used"},
		{"lost", fateFacts{State: jobs.Lost, Lost: 9, MaxLost: 3}, "declared lost"},
		{"spoiled", fateFacts{State: jobs.Spoiled, Lost: 2, MaxLost: 3}, "lost to a fault"},
		{"spoiled once more", fateFacts{State: jobs.Spoiled, Lost: 3, MaxLost: 3}, "too many lost"},
		{"revoked", fateFacts{State: jobs.Revoked, Lost: 1, MaxLost: 3}, "lost to a fault"},
	} {
		got := fateOf(c.f)
		if got.Name != c.want {
			t.Errorf("%s: %s, want %s", c.name, got.Name, c.want)
		}
		if _, err := Applications.Next(Producing, got.Event); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestChipCauses(t *testing.T) {
	t.Parallel()
	for cause, want := range map[string]bool{
		"applet.card_mute": true, "applet.auth_failed": true, "personalize.chip_failed": true, "personalize.print_failed": false,
		"printer.jam": false, "registry.withdrawn": false, "": false, "applet": false,
	} {
		if chipAtFault(cause) != want {
			t.Errorf("%q: %v", cause, !want)
		}
	}
}

func TestFaultsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range Faults {
		if e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) || seen[string(e.Code)] {
			t.Errorf("%q lacks a text or a step, or is there twice", e.Code)
		}
		seen[string(e.Code)] = true
	}
	for _, c := range []string{causeWrongPerson, causeTooManySpoiled, causeDeclaredLost, causeMute, causeChipFaults, causeUnexplained, causeSuperseded, causeCancelled} {
		if !seen[c] {
			t.Errorf("cause %s has no entry", c)
		}
	}
}
