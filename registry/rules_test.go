package registry

import (
	"strings"
	"testing"

	"blanko/registry/standard"
)

// A standard is changed by one person and approved by another; what does not fit changes nothing.
func TestStandardIsTakenIntoUseByTwo(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		now, err := s.r.Standard(bg)
		s.must(err)
		if now.ID != "sintang" {
			t.Fatalf("in force: %s", now.ID)
		}
		text := standard.File("national-2018")
		s.refused(admin, UseStandard{Content: text}, "registry.second_person_missing")
		s.refused(admin, UseStandard{Content: text + "\nfee: 1\n", Second: boss}, standard.BadStandard.Code)
		s.refused(admin, UseStandard{Content: strings.Replace(standard.File("sintang"), "amount: 25000", "amount: 50000", 1), Second: boss}, "registry.bad_operation")
		res := s.do(admin, UseStandard{Content: text, Second: boss})
		if now, err = s.r.Standard(bg); err != nil || now.ID != "national-2018" || res.Answer != now.Hash() {
			t.Errorf("in force: %s, %v", now.ID, err)
		}
		if again := s.do(admin, UseStandard{Content: text, Second: boss}); again.Answer != AnswerUnchanged {
			t.Errorf("again: %+v", again)
		}
		list, err := s.r.StandardVersions(bg, 10)
		s.must(err)
		if len(list) != 1 || list[0].ChangedBy != admin.ID || list[0].ApprovedBy != boss.ID {
			t.Errorf("%+v", list)
		}
	})
}

// Complaints come in by every channel of the standard in force, and by no other.
func TestEveryChannel(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		now, err := s.r.Standard(bg)
		s.must(err)
		for _, c := range now.Complaints.Channels {
			o := RegisterComplaint{Channel: c.ID, Subject: "waiting", Text: "ANTRE LAMA", FullName: "PELAPOR SATU", Contact: "0812000111"}
			if c.ID == "lapor" {
				o.ForeignNumber = "L-100"
			}
			s.do(complaintDesk, o)
		}
		list, err := s.r.ListComplaints(bg, ComplaintFilter{Limit: 10})
		s.must(err)
		if len(list) != len(now.Complaints.Channels) || len(list) != 6 {
			t.Errorf("%d complaints by %d channels", len(list), len(now.Complaints.Channels))
		}
		s.refused(complaintDesk, RegisterComplaint{Channel: "pigeon", Subject: "waiting", Text: "A", FullName: "B", Contact: "C"}, "registry.bad_operation")
	})
}
