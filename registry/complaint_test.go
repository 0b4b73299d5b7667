package registry

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store/storetest"
)

var complaintDesk = Actor{ID: "aduan-1", Roles: []access.Role{access.ComplaintOfficer}}

// A complaint goes from its channel to its answer; nothing is closed without one, and the log never has a word of it.
func TestComplaint(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(complaintDesk, officer)
		chip := s.produced(1, "")
		wish := RegisterComplaint{Channel: "in_person", Subject: "card", Text: "KARTU RUSAK", FullName: "PELAPOR SATU", Contact: "0812000111", Chip: chip}
		for name, c := range map[string]struct {
			change func(*RegisterComplaint)
			code   fault.Code
		}{
			"no channel":          {func(o *RegisterComplaint) { o.Channel = "pigeon" }, "registry.bad_operation"},
			"no subject":          {func(o *RegisterComplaint) { o.Subject = "weather" }, "registry.bad_operation"},
			"no text":             {func(o *RegisterComplaint) { o.Text = "" }, "registry.bad_operation"},
			"a book":              {func(o *RegisterComplaint) { o.Text = strings.Repeat("x", longestText+1) }, "registry.bad_operation"},
			"anonymous in person": {func(o *RegisterComplaint) { o.FullName, o.Contact = "", "" }, "registry.bad_operation"},
			"no contact":          {func(o *RegisterComplaint) { o.Contact = "" }, "registry.bad_operation"},
			"another's card":      {func(o *RegisterComplaint) { o.Chip = "0000" }, "registry.card_unknown"},
			"no application":      {func(o *RegisterComplaint) { o.Application = "req-99" }, "registry.application_unknown"},
		} {
			o := wish
			c.change(&o)
			if _, err := s.r.Do(bg, complaintDesk, o, s.key()); fault.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		number := s.do(complaintDesk, wish).Answer
		list, err := s.r.ListComplaints(bg, ComplaintFilter{Limit: 10})
		s.must(err)
		if len(list) != 1 || list[0].Number != number || list[0].Application != appID(1) || list[0].Content != (ComplaintContent{}) || !list[0].Verifiable {
			t.Fatalf("%+v", list)
		}
		id := list[0].ID
		s.refused(complaintDesk, CloseComplaint{id}, "registry.wrong_state")
		s.refused(complaintDesk, AnswerComplaint{id, "MAAF"}, "registry.wrong_state") // not looked into
		s.refused(complaintDesk, AssignComplaint{id, officer.ID}, "registry.person_unknown")
		s.do(complaintDesk, AssignComplaint{id, complaintDesk.ID})
		s.refused(complaintDesk, VerifyComplaint{Complaint: id, Finding: "maybe", Matter: "x"}, "registry.bad_operation")
		s.do(complaintDesk, VerifyComplaint{Complaint: id, Finding: "right", Matter: "CIP TIDAK TERBACA"})
		s.do(complaintDesk, AnswerComplaint{id, "KARTU DIGANTI"})
		s.do(complaintDesk, ReopenComplaint{id, Because{Reason: "not_content"}})
		s.do(complaintDesk, VerifyComplaint{Complaint: id, Finding: "right", Matter: "CIP TIDAK TERBACA"})
		s.do(complaintDesk, AnswerComplaint{id, "KARTU DIGANTI"})
		status, err := s.r.ComplaintStatus(bg, strings.ToLower(number[:4])+" "+number[4:])
		s.must(err)
		if status.Number != number || status.State != ComplaintAnswered {
			t.Errorf("%+v", status)
		}
		s.do(complaintDesk, CloseComplaint{id})
		bad, err := s.r.Suspects(bg, Period{}, 10)
		s.must(err)
		if len(bad) != 2 || bad[0].Item != string(line1) || bad[1].Item != lotA {
			t.Errorf("suspects %+v", bad)
		}
		if bad, err = s.r.Suspects(bg, Period{Until: storetest.Start}, 10); err != nil || len(bad) != 0 {
			t.Errorf("suspects before anything %+v, %v", bad, err)
		}
		events, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "complaint."})
		s.must(err)
		for _, e := range events {
			if text := fmt.Sprint(e); strings.Contains(text, "PELAPOR") || strings.Contains(text, "0812") || strings.Contains(text, "RUSAK") {
				t.Errorf("the log says %s", text)
			}
		}
	})
}

// What a complaint is about may be told later, and corrected; a receipt that somebody wrote links it by itself, and one
// that was never given out is kept as it was written. The cards that are complained of lead to the roll that printed
// them.
func TestComplaintIsLinked(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(complaintDesk)
		for _, serial := range []string{"R-1", "R-2"} {
			s.do(keeper, ReceiveRoll{Serial: serial, Kind: "ribbon", Product: "YMCKO", Panels: 500})
		}
		s.do(keeper, FitRoll{Serial: "R-1", Line: line1, Second: admin})
		first := s.produced(1, "")
		s.db.Clock.Advance(time.Minute)
		s.do(keeper, RemoveRoll{Serial: "R-1", Seal: "SEGEL-1", Left: 499, Second: admin})
		s.do(keeper, FitRoll{Serial: "R-2", Line: line1, Second: admin})
		s.db.Clock.Advance(time.Minute)

		someone := townsman(0, whole)
		s.listed(someone)
		id := s.do(officer, s.application(ktp.TypeNew, someone)).Application
		in, _, err := s.r.Intake(bg, id)
		s.must(err)
		s.printReady(id, someone)
		s.do(boss, Approve{id})
		s.do(admin, Queue{id})
		second := s.upTo(s.next(line1), jobs.Eject)

		complain := func(receipt string) Complaint {
			t.Helper()
			number := s.do(complaintDesk, RegisterComplaint{Channel: "website", Subject: "card", Text: "KABUR", FullName: "PELAPOR", Contact: "0812", Receipt: receipt}).Answer
			list, err := s.r.ListComplaints(bg, ComplaintFilter{Limit: 10})
			s.must(err)
			i := slices.IndexFunc(list, func(c Complaint) bool { return c.Number == number })
			c, err := s.r.ComplaintByID(bg, list[i].ID)
			s.must(err)
			return c
		}
		if c := complain(strings.ToLower(in.Receipt)); c.Application != id || c.Chip != second || c.Content.Receipt != strings.ToLower(in.Receipt) {
			t.Errorf("by its receipt: %s, %s, %+v", c.Application, c.Chip, c.Content.Receipt)
		}
		c := complain("R000000000A")
		if c.Application != "" || c.Chip != "" || c.Content.Receipt != "R000000000A" {
			t.Errorf("by none: %s, %s, %q", c.Application, c.Chip, c.Content.Receipt)
		}
		s.refused(complaintDesk, RegisterComplaint{Channel: "website", Subject: "card", Text: "x", FullName: "A", Contact: "B", Receipt: strings.Repeat("R", longestReceipt+1)}, "registry.bad_operation")
		verify := VerifyComplaint{Complaint: c.ID, Finding: "right", Matter: "PITA RUSAK", Application: "req-99"}
		s.refused(complaintDesk, verify, "registry.application_unknown")
		verify.Application, verify.Chip = "", "0000"
		s.refused(complaintDesk, verify, "registry.card_unknown")
		verify.Chip = first
		s.do(complaintDesk, verify)
		if c, err = s.r.ComplaintByID(bg, c.ID); err != nil || c.Application != appID(1) || c.Chip != first {
			t.Errorf("verified: %s, %s, %v", c.Application, c.Chip, err)
		}
		s.do(complaintDesk, AnswerComplaint{c.ID, "DIGANTI"})
		s.do(complaintDesk, ReopenComplaint{c.ID, Because{Reason: "new_facts"}})
		s.do(complaintDesk, VerifyComplaint{Complaint: c.ID, Finding: "right", Matter: "PITA RUSAK"})
		if c, err = s.r.ComplaintByID(bg, c.ID); err != nil || c.Chip != first {
			t.Errorf("verified again: %s, %v", c.Chip, err)
		}
		bad, err := s.r.Suspects(bg, Period{}, 10)
		s.must(err)
		if want := []Suspect{{"line", string(line1), 2}, {"lot", lotA, 2}, {"roll", "R-1", 1}, {"roll", "R-2", 1}}; !slices.Equal(bad, want) {
			t.Errorf("suspects %+v, want %+v", bad, want)
		}
	})
}

// A note in the suggestion box is taken without a name, and marked.
func TestAnonymousComplaint(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(officer, RegisterComplaint{Channel: "box", Subject: "officer", Text: "ANTRE LAMA"})
		list, err := s.r.ListComplaints(bg, ComplaintFilter{State: ComplaintReceived, Limit: 10})
		s.must(err)
		if len(list) != 1 || list[0].Verifiable {
			t.Errorf("%+v", list)
		}
		late, err := s.r.ListComplaints(bg, ComplaintFilter{Late: true, Limit: 10})
		s.must(err)
		s.db.Clock.Advance(15 * 24 * time.Hour)
		later, err := s.r.ListComplaints(bg, ComplaintFilter{Late: true, Limit: 10})
		s.must(err)
		if len(late) != 0 || len(later) != 1 {
			t.Errorf("late: %d, then %d", len(late), len(later))
		}
	})
}

// Looking at a person is an event, and bounded in a day.
func TestUnmaskingIsCounted(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.do(center, delivery(record(1, 1)))
		s.refused(officer, Unmask{appID(1), Because{Reason: ""}}, "registry.bad_operation")
		s.refused(keeper, Unmask{appID(1), Because{Reason: "check"}}, "registry.not_allowed")
		for range mostUnmasked {
			s.do(officer, Unmask{appID(1), Because{Reason: "check"}})
		}
		s.refused(officer, Unmask{appID(1), Because{Reason: "check"}}, "registry.too_many_opened")
		s.db.Clock.Advance(25 * time.Hour)
		s.do(officer, Unmask{appID(1), Because{Reason: "check"}})
		if n := len(s.codes(audit.Filter{Code: "person.unmasked"})); n != mostUnmasked+1 {
			t.Errorf("%d events", n)
		}
		if n := len(s.codes(audit.Filter{Code: "person.unmask_limit"})); n != 1 {
			t.Errorf("%d events of a full measure", n)
		}
		p, err := s.r.PersonOf(bg, appID(1))
		s.must(err)
		if p.Names[0] != "PENDUDUK 1" {
			t.Errorf("%v", p.Names)
		}
	})
}

// Everything about one person, and nothing about another.
func TestSubjectAccess(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.produced(2, "")
		s.do(officer, RegisterComplaint{Channel: "letter", Subject: "card", Text: "A", FullName: "B", Contact: "C", Chip: chip})
		nik := record(1, 1).Person.NIK
		s.refused(guard, ExportSubject{NIK: "1", Request: "SAR-2"}, "registry.bad_operation")
		s.refused(officer, ExportSubject{NIK: nik, Request: "SAR-2"}, "registry.not_allowed")
		if res := s.do(guard, ExportSubject{NIK: nik, Request: "SAR-1"}); res.Answer != "1" {
			t.Errorf("%+v", res)
		}
		for range mostExported - 1 {
			s.do(guard, ExportSubject{NIK: nik, Request: "SAR-1"})
		}
		s.refused(guard, ExportSubject{NIK: nik, Request: "SAR-1"}, "registry.too_many_opened")
		if n := len(s.codes(audit.Filter{Code: "person.unmask_limit"})); n != 1 {
			t.Errorf("%d events of a full measure", n)
		}
		d, err := s.r.SubjectData(bg, nik)
		s.must(err)
		if len(d.Applications) != 1 {
			t.Fatalf("%d applications", len(d.Applications))
		}
		x := d.Applications[0]
		s.do(officer, SurrenderForeign{Kind: "paper_ktp", Application: appID(1), Detail: "KTP LAMA"})
		if d, err = s.r.SubjectData(bg, nik); err != nil {
			t.Fatal(err)
		}
		x = d.Applications[0]
		if x.Person.NIK != nik || len(x.Foreign) != 1 || x.Foreign[0].Detail != "KTP LAMA" || len(x.Cards) != 1 || len(x.Complaints) != 1 || len(x.Events) == 0 {
			t.Errorf("%+v", x)
		}
		if d, err = s.r.SubjectData(bg, ktp.NIK("6105010101010001")); err != nil || len(d.Applications) != 0 {
			t.Errorf("somebody else: %d, %v", len(d.Applications), err)
		}
	})
}

// Also of who never asked for a card, but stands on the list of obliged residents; and all that was taken of who did.
func TestSubjectAccessIsWhole(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		s.toCenter(id, a)
		d, err := s.r.SubjectData(bg, a.Person.NIK)
		s.must(err)
		x := d.Applications[0]
		if d.Resident == nil || x.Capture == nil || len(x.Capture.Parts) == 0 || len(x.Confirmed) != 1 || len(x.Attachments) == 0 || len(x.Requirements) == 0 {
			t.Errorf("missing: row %v, capture %v, %d confirmations", d.Resident, x.Capture, len(x.Confirmed))
		}
		if d, err = s.r.SubjectData(bg, b.Person.NIK); err != nil || d.Resident == nil || d.Resident.Person.NIK != b.Person.NIK || len(d.Applications) != 0 {
			t.Errorf("of the list alone: %v, %d applications, %v", d.Resident, len(d.Applications), err)
		}
	})
}

// What the rules say goes, on the day that they say, with an event as the proof.
func TestRetention(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		chip := s.produced(1, "")
		s.do(officer, HandOverToProxy{Application: appID(1), Chip: chip, Proxy: Proxy{NIK: "6105010101700001", Name: "WAKIL", Letter: "SK-1"}, Because: Because{Reason: "ill"}, Second: boss})
		s.do(officer, RegisterComplaint{Channel: "letter", Subject: "other", Text: "A", FullName: "B", Contact: "C"})
		all, err := s.r.ListComplaints(bg, ComplaintFilter{Limit: 1})
		s.must(err)
		id := all[0].ID
		s.do(complaintDesk, VerifyComplaint{Complaint: id, Finding: "unclear", Matter: "X"})
		s.do(complaintDesk, AnswerComplaint{id, "Y"})
		someone := townsman(0, whole)
		s.listed(someone)
		app := s.do(officer, s.application(ktp.TypeNew, someone)).Application
		s.scans(app)
		s.do(officer, Examine{app})
		s.do(operator, capture(app, someone))
		s.confirm(app)
		s.do(officer, AbandonApplication{Application: app, Because: Because{Reason: "applicant"}})
		scans, err := s.r.Attachments(bg, app)
		s.must(err)
		list, err := s.r.EraseDue(bg, center)
		s.must(err)
		if len(list) != 0 {
			t.Errorf("too early: %+v", list)
		}
		s.db.Clock.Advance(6 * 365 * 24 * time.Hour)
		if list, err = s.r.EraseDue(bg, center); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, e := range list {
			got[e.Class] = e.Count
		}
		if got["proxy"] != 1 || got["complaints"] != 1 || got["attachments"] != len(scans) || got["confirmation"] != 1 || got["person"] != 1 {
			t.Errorf("erased %v", got)
		}
		if _, data, err := s.r.Attachment(bg, scans[0].ID); err != nil || len(data) > 0 {
			t.Errorf("%d bytes of a scan are left, %v", len(data), err)
		}
		h, _, err := s.r.HandoverOf(bg, appID(1))
		s.must(err)
		c, err := s.r.ComplaintByID(bg, id)
		s.must(err)
		if h.Proxy != (Proxy{}) || c.Content != (ComplaintContent{}) || c.ErasedAt.IsZero() {
			t.Errorf("left: %+v, %+v", h, c)
		}
		if again, err := s.r.EraseDue(bg, center); err != nil || len(again) != 0 {
			t.Errorf("again: %+v, %v", again, err)
		}
		if n := len(s.codes(audit.Filter{Code: "retention.erased"})); n != len(list) {
			t.Errorf("%d proofs of %d", n, len(list))
		}
	})
}

// 72 hours from the discovery; no way around telling them.
func TestBreach(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		found := s.db.Clock.Now().Add(-time.Hour)
		s.refused(guard, OpenBreach{What: "x", How: "y", FoundAt: s.db.Clock.Now().Add(time.Hour)}, "registry.bad_operation")
		s.refused(guard, OpenBreach{What: "x", How: "y", Affected: []ApplicationID{"a"}}, "registry.bad_operation")
		id := s.do(guard, OpenBreach{What: "LAPTOP DICURI", How: "DI JALAN", People: 40, FoundAt: found}).Answer
		list, err := s.r.ListBreaches(bg, "", "", 10)
		s.must(err)
		if len(list) != 1 || !list[0].NotifyBy.Equal(found.Add(72*time.Hour)) {
			t.Errorf("%+v", list)
		}
		s.refused(guard, CloseBreach{id, "DITEMUKAN"}, "registry.wrong_state")
		s.do(guard, NotifyBreach{id})
		s.do(guard, CloseBreach{id, "DITEMUKAN"})
	})
}
