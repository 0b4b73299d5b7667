package registry

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/emulator/people"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store/storetest"
)

// The people of the counter.
var (
	operator = Actor{ID: "operator-1", Roles: []access.Role{access.EnrolmentOperator}}
	dataman  = Actor{ID: "datacenter-1", Roles: []access.Role{access.DatacenterOfficer}}
)

// Residents of the emulated district: their persons and fingers agree with one another.
var townsfolk = sync.OnceValue(func() *people.Generator {
	g, err := people.New(7, "61.05")
	if err != nil {
		panic(err)
	}
	return g
})

// resident is one of the list; foreign ones and those that lack an index finger are passed over
// unless they are asked for.
type resident struct {
	Resident
	fingers [2]ktp.FingerSlot
}

var (
	townLock sync.Mutex
	town     []resident // drawn once for all tests
)

// townsman finds the nth resident that fits.
func townsman(n int, fits func(ktp.Person, [2]ktp.FingerSlot) bool) resident {
	townLock.Lock()
	defer townLock.Unlock()
	for i := 0; ; i++ {
		if i == len(town) {
			slots, _, err := townsfolk().Fingers(i)
			if err != nil {
				panic(err)
			}
			town = append(town, resident{Resident: Resident{ID: fmt.Sprintf("row-%d", i), Person: townsfolk().Person(i)}, fingers: slots})
		}
		if !fits(town[i].Person, town[i].fingers) {
			continue
		}
		if n--; n < 0 {
			return town[i]
		}
	}
}

func whole(p ktp.Person, slots [2]ktp.FingerSlot) bool {
	return !p.Foreign() && slots[0].Finger == ktp.RightIndex && slots[1].Finger == ktp.LeftIndex && slots[0].Second != nil && slots[1].Second != nil
}

func foreign(p ktp.Person, slots [2]ktp.FingerSlot) bool {
	return p.Foreign() && slots[0].Finger == ktp.RightIndex && slots[1].Finger == ktp.LeftIndex && slots[0].Second != nil && slots[1].Second != nil
}

// listed puts residents on the list of the district.
func (s *room) listed(list ...resident) {
	s.Helper()
	s.keys++
	version := fmt.Sprintf("dpt-%d", s.keys)
	var rows []Resident
	for _, r := range list {
		rows = append(rows, r.Resident)
	}
	s.do(dataman, ImportResidents{Version: version, Rows: rows})
	s.do(dataman, UseResidents{Version: version, Residents: len(rows)})
}

// presented is everything that a type asks for.
func (s *room) presented(t ktp.ApplicationType) (list []Presented) {
	s.Helper()
	rules, err := s.r.RulesOf(bg, t)
	s.must(err)
	for _, r := range rules.Requirements {
		p := Presented{ID: r.ID}
		if r.Evidence == EvidenceNumber {
			p.Number = "SKTLK/123/XI/2026"
		}
		list = append(list, p)
	}
	return list
}

// application is what a resident asks for.
func (s *room) application(t ktp.ApplicationType, r resident) Register {
	o := Register{Type: t, NIK: r.Person.NIK, Requirements: s.presented(t)}
	switch t {
	case ktp.TypeLost:
		o.PoliceLetter = "SKTLK/123/XI/2026"
	case ktp.TypeDataChange:
		o.Changes = []ElementChange{{Element: "occupation", Value: "PETANI/PEKEBUN"}}
	}
	if r.Person.Foreign() {
		o.StayUntil = time.Date(2030, 5, 17, 0, 0, 0, 0, time.UTC)
	}
	return o
}

// scans attaches everything that the check wants.
func (s *room) scans(id ApplicationID) {
	s.Helper()
	s.do(officer, Attach{Application: id, Class: AttachmentForm, MIME: "application/pdf", Data: []byte("%PDF")})
	_, list, err := s.r.Intake(bg, id)
	s.must(err)
	for _, r := range list {
		if r.Evidence == EvidenceScan && r.Override == "" {
			s.do(officer, Attach{Application: id, Class: AttachmentOf(r.ID), MIME: "image/jpeg", Data: []byte("scan")})
		}
	}
}

// capture is a capture of a resident; the fingers beside the index fingers are missing.
func capture(id ApplicationID, r resident) Capture {
	c := Capture{Application: id}
	for _, part := range captureParts {
		p := CapturedPart{Part: part, Source: SourceEmulated, Quality: 80, Tries: 1, MIME: "image/png", Data: []byte(part)}
		switch f := fingerOf(part); {
		case part == PartPortrait:
			p.MIME, p.Background = "image/jpeg", background(r.Person.BirthDate)
		case f == r.fingers[0].Finger && f != 0:
			p.MIME, p.Data, p.Template = "", nil, r.fingers[0].Best60
		case f == r.fingers[1].Finger && f != 0:
			p.MIME, p.Data, p.Template = "", nil, r.fingers[1].Best60
		case f != 0:
			p = CapturedPart{Part: part, Missing: MissingBandaged}
		}
		c.Parts = append(c.Parts, p)
	}
	return c
}

func again(id ApplicationID, r resident) VerifyCapture {
	v := VerifyCapture{Application: id}
	for _, f := range r.fingers {
		if !f.Empty() {
			v.Impressions = append(v.Impressions, Impression{Finger: f.Finger, Template: f.Second, Quality: 80})
		}
	}
	return v
}

// confirm has the resident confirm what is shown.
func (s *room) confirm(id ApplicationID) Result {
	s.Helper()
	shown, err := s.r.ToConfirm(bg, id)
	s.must(err)
	return s.do(operator, Confirm{Application: id, Hash: shown.Hash, Method: MethodPad, Proof: []byte("ink")})
}

// toCenter takes a registered application as far as the center.
func (s *room) toCenter(id ApplicationID, r resident) {
	s.Helper()
	s.scans(id)
	s.do(officer, Examine{id})
	s.do(operator, capture(id, r))
	s.do(operator, again(id, r))
	s.confirm(id)
	s.do(operator, Send{id})
}

// printReady takes a registered application through the center, which finds its person unique.
func (s *room) printReady(id ApplicationID, r resident) {
	s.Helper()
	s.toCenter(id, r)
	s.do(center, TakeEnrolment{Application: id, Encounter: 1})
	s.do(center, ReceiveResult{Application: id, Encounter: 1, Sequence: 5, Result: ResultUnique})
	s.do(center, s.centerRecord(id, r, 1))
	s.do(dataman, ReadResult{id})
}

// centerRecord is the center's answer to a package.
func (s *room) centerRecord(id ApplicationID, r resident, version int) ReceiveRecord {
	s.Helper()
	shown, err := s.r.ToConfirm(bg, id)
	s.must(err)
	d, err := s.r.Application(bg, id)
	s.must(err)
	rec := record(1, version)
	rec.ID, rec.Type, rec.Person, rec.Portrait, rec.Signature, rec.Fingers = string(id), d.Application.Type, shown.Person, shown.Portrait, shown.Signature, r.fingers
	if rec.Person.Foreign() {
		rec.Profile = "ktp-el-oa"
	}
	return delivery(rec)
}

func (s *room) is(id ApplicationID, want State) {
	s.Helper()
	d, err := s.r.Application(bg, id)
	s.must(err)
	if d.Application.State != want {
		s.Errorf("application is %s (%s), want %s", d.Application.State, d.Application.Cause, want)
	}
}

// silent looks for personal data in every event of an application, and in what its operations show of
// themselves.
func (s *room) silent(id ApplicationID, ops ...Operation) {
	s.Helper()
	in, _, err := s.r.Intake(bg, id)
	s.must(err)
	p := in.Person
	secrets := append([]string{p.NIK.Digits(), p.FamilyCard, p.Street, in.Detail.PoliceLetter, "SKTLK"}, p.Names...)
	for _, c := range in.Detail.Changes {
		secrets = append(secrets, c.Value)
	}
	events, err := s.r.Events(bg, 0, 100000, audit.Filter{})
	s.must(err)
	shown := fmt.Sprintf("%+v %v %#v %+v", events, ops, ops, in)
	for _, secret := range secrets {
		if secret != "" && strings.Contains(shown, secret) {
			s.Errorf("%q is shown", secret)
		}
	}
}

// Every type of application goes from the counter to print ready, each act by its own role.
func TestEveryTypeFromTheCounterToPrintReady(t *testing.T) {
	t.Parallel()
	for _, row := range ktp.ApplicationTypes {
		t.Run(string(row.Type), func(t *testing.T) {
			t.Parallel()
			walk := func(t *testing.T, s *room) {
				fits := whole
				if row.Foreign {
					fits = foreign
				}
				r := townsman(0, fits)
				if row.Type == ktp.TypeOutsideDomicile {
					elsewhere := ktp.Regions().Within(ktp.Regions().Within("61.71")[0].Code)[0]
					if why := setRegion(&r.Person, elsewhere.Code); why != "" {
						t.Fatal(why)
					}
				}
				s.listed(r)
				res := s.do(officer, s.application(row.Type, r))
				id := res.Application
				if receipt, ok := ParseReceipt(res.Answer); !ok || receipt != res.Answer || res.Paper != "receipt" {
					t.Errorf("receipt %q, paper %q", res.Answer, res.Paper)
				}
				s.is(id, Received)
				s.toCenter(id, r)
				s.is(id, Sent)
				record := s.centerRecord(id, r, 1)
				s.do(center, TakeEnrolment{id, 1})
				s.is(id, AtCenter)
				s.do(center, ReceiveResult{Application: id, Encounter: 1, Sequence: 5, Result: ResultUnique})
				s.do(center, record)
				s.is(id, AtCenter)
				if res := s.do(dataman, ReadResult{id}); res.State != PrintReady || res.Paper != "uniqueness_notice" {
					t.Errorf("%+v", res)
				}
				if parts, err := s.r.CapturedParts(bg, id); err != nil || len(parts) != 0 {
					t.Errorf("%d parts of the capture are left, %v", len(parts), err)
				}
				status, err := s.r.ReceiptStatus(bg, strings.ToLower(res.Answer))
				s.must(err)
				if status.Word != "PRINT_READY_RECORD" || status.Next != "wait_for_card" || status.Type != string(row.Type) {
					t.Errorf("%+v", status)
				}
				want := []string{
					"intake.kept", "application.register", "application.attached", "application.check", "capture.kept", "application.capture", "capture.verified",
					"confirmation.kept", "application.confirm", "enrolment.queued", "application.send", "enrolment.taken", "application.arrive",
					"uniqueness.received", "record.received", "uniqueness.read", "record.erased", "application.deliver",
				}
				got := slices.Compact(s.codes(audit.Filter{Application: string(id)}))
				got = slices.DeleteFunc(got, func(c string) bool { return c == "fine.assessed" })
				if !slices.Equal(got, want) {
					t.Errorf("events\n%v\nwant\n%v", got, want)
				}
				s.refused(officer, Approve{id}, "registry.not_allowed")
				s.do(boss, Approve{id})
				s.sound()
				s.silent(id, s.application(row.Type, r), capture(id, r), again(id, r))
			}
			if row.Type == ktp.TypeLost { // its way touches most tables
				storetest.Both(t, func(t *testing.T, db storetest.DB) { walk(t, newRoom(t, db)) })
				return
			}
			walk(t, newRoom(t, storetest.SQLite(t)))
		})
	}
}
