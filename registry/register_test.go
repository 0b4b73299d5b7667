package registry

import (
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

// counts is how much the counter has written: what is refused changes nothing of it.
func (s *room) counts() (n int) {
	s.Helper()
	return len(s.codes(audit.Filter{})) - len(s.codes(audit.Filter{Code: "operation.denied"}))
}

// refuses tries operations that must change nothing.
func (s *room) refuses(cases []refusal) {
	s.Helper()
	before := s.counts()
	for _, c := range cases {
		if _, err := s.r.Do(bg, c.a, c.op, s.key()); fault.CodeOf(err) != c.code {
			s.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
	if after := s.counts(); after != before {
		s.Errorf("refused, but %d events were written", after-before)
	}
}

type refusal struct {
	name string
	a    Actor
	op   Operation
	code fault.Code
}

func TestListOfResidents(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b := townsman(0, whole), townsman(1, whole)
		rows := func(list ...Resident) ImportResidents { return ImportResidents{Version: "dpt-2026-11", Rows: list} }
		nobody := a.Resident
		nobody.Person.NIK = "61050"
		small := a.Resident
		small.Person.Names = []string{"Budi"}
		twin := b.Resident
		twin.ID = a.ID
		again := a.Resident
		again.ID = "row-x"
		s.refuses([]refusal{
			{"no list", officer, s.application(ktp.TypeNew, a), "registry.no_resident_list"},
			{"not by the counter", officer, rows(a.Resident), "registry.not_allowed"},
			{"no rows", dataman, rows(), "registry.bad_operation"},
			{"a version that is a number", dataman, ImportResidents{Version: "6105014107900001", Rows: []Resident{a.Resident}}, "registry.bad_operation"},
			{"a bad NIK", dataman, rows(b.Resident, nobody), "registry.bad_operation"},
			{"a name in small letters", dataman, rows(b.Resident, small), "registry.bad_operation"},
			{"an id twice", dataman, rows(a.Resident, twin), "registry.bad_operation"},
			{"a person twice", dataman, rows(a.Resident, again), "registry.bad_operation"},
			{"a list that is not there", dataman, UseResidents{Version: "dpt-2026-11", Residents: 0}, "registry.unknown_id"},
		})
		s.do(dataman, rows(a.Resident))
		s.refuses([]refusal{
			{"a person of an earlier import", dataman, rows(b.Resident, again), "registry.bad_operation"},
			{"fewer than there must be", dataman, UseResidents{Version: "dpt-2026-11", Residents: 2}, "registry.bad_operation"},
		})
		s.do(dataman, rows(b.Resident))
		s.do(dataman, UseResidents{Version: "dpt-2026-11", Residents: 2})
		s.refused(dataman, rows(townsman(2, whole).Resident), "registry.wrong_state")
		s.refused(dataman, UseResidents{Version: "dpt-2026-11", Residents: 2}, "registry.wrong_state")

		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		in, _, err := s.r.Intake(bg, id)
		s.must(err)
		if in.List != "dpt-2026-11" || in.Resident != a.ID || in.Person.NIK != a.Person.NIK {
			t.Errorf("matched to %s of %s", in.Resident, in.List)
		}
		for _, f := range []ResidentFilter{{Limit: 10}, {Region: "61.05", Limit: 10}, {NIK: b.Person.NIK}} {
			list, err := s.r.Residents(bg, f)
			s.must(err)
			if want := map[bool]int{true: 1, false: 2}[f.NIK != ""]; len(list) != want {
				t.Errorf("%+v: %d rows", f, len(list))
			}
		}
		if list, err := s.r.Residents(bg, ResidentFilter{Region: "61.06", Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("of another district: %v, %v", list, err)
		}
		if list, err := s.r.Residents(bg, ResidentFilter{After: slices.Max([]string{a.ID, b.ID}), Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("behind the last: %v, %v", list, err)
		}

		// The next version replaces it; of the old one only the row of the application stays.
		s.listed(b)
		lists, err := s.r.ResidentLists(bg, 10)
		s.must(err)
		if len(lists) != 2 || lists[0].State != ListInUse && lists[1].State != ListInUse {
			t.Errorf("lists %+v", lists)
		}
		old, err := s.r.Residents(bg, ResidentFilter{Version: "dpt-2026-11", Limit: 10})
		s.must(err)
		if len(old) != 1 || old[0].ID != a.ID {
			t.Errorf("left of the old list: %v", old)
		}
	})
}

// Everything that the counter refuses, and that nothing is changed by it.
func TestRegisterRefuses(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b, f, elsewhere, stranger := townsman(0, whole), townsman(1, whole), townsman(0, foreign), townsman(2, whole), townsman(3, whole)
		far := ktp.Regions().Within(ktp.Regions().Within("61.71")[0].Code)[0]
		if why := setRegion(&elsewhere.Person, far.Code); why != "" {
			t.Fatal(why)
		}
		s.listed(a, b, f, elsewhere)
		with := func(o Register, change func(*Register)) Register {
			o.Requirements = slices.Clone(o.Requirements)
			change(&o)
			return o
		}
		plain := s.application(ktp.TypeNew, a)
		atKec := officer
		atKec.Place = "61.05.01"
		var all []string
		for _, p := range plain.Requirements {
			all = append(all, p.ID)
		}
		change := func(element, value, reason string) Register {
			return with(s.application(ktp.TypeDataChange, a), func(o *Register) {
				o.Changes = []ElementChange{{Element: element, Value: value, Reason: reason}}
			})
		}
		s.refuses([]refusal{
			{"no type", officer, with(plain, func(o *Register) { o.Type = "gift" }), "registry.bad_operation"},
			{"to nowhere", officer, with(plain, func(o *Register) { o.Delivery = "61.05.99" }), "registry.bad_operation"},
			{"no NIK", officer, with(plain, func(o *Register) { o.NIK = "61" }), "registry.bad_operation"},
			{"not on the list", officer, s.application(ktp.TypeNew, stranger), "registry.resident_unmatched"},
			{"a requirement is missing", officer, with(plain, func(o *Register) { o.Requirements = o.Requirements[1:] }), "registry.requirement_missing"},
			{"a requirement of another type", officer, with(plain, func(o *Register) { o.Requirements = append(o.Requirements, Presented{ID: "dowry"}) }), "registry.bad_operation"},
			{"a citizen as a foreigner", officer, with(s.application(ktp.TypeForeignNew, a), func(o *Register) { o.StayUntil = storetest.Start.AddDate(1, 0, 0) }), "registry.bad_operation"},
			{"a foreigner as a citizen", officer, with(s.application(ktp.TypeNew, f), func(o *Register) { o.StayUntil = time.Time{} }), "registry.bad_operation"},
			{"a foreigner at the kecamatan", atKec, s.application(ktp.TypeForeignNew, f), "registry.only_at_dinas"},
			{"a stay permit that has ended", officer, with(s.application(ktp.TypeForeignNew, f), func(o *Register) { o.StayUntil = storetest.Start }), "registry.bad_operation"},
			{"lost without the police", officer, with(s.application(ktp.TypeLost, a), func(o *Register) { o.PoliceLetter = "" }), "registry.bad_operation"},
			{"a letter for another type", officer, with(plain, func(o *Register) { o.PoliceLetter = "SK/1" }), "registry.bad_operation"},
			{"of another district", officer, s.application(ktp.TypeNew, elsewhere), "registry.bad_operation"},
			{"outside the domicile, at home", officer, s.application(ktp.TypeOutsideDomicile, a), "registry.bad_operation"},
			{"a change without a change", officer, with(s.application(ktp.TypeDataChange, a), func(o *Register) { o.Changes = nil }), "registry.bad_operation"},
			{"a change by a first card", officer, with(plain, func(o *Register) { o.Changes = []ElementChange{{Element: "occupation", Value: "GURU"}} }), "registry.bad_operation"},
			{"another NIK", officer, change("nik", "6105010101010001", ""), "registry.static_element"},
			{"another birthplace", officer, change("placeOfBirth", "PONTIANAK", ""), "registry.static_element"},
			{"another birth date", officer, change("dateOfBirth", "1990-01-01", ""), "registry.static_element"},
			{"another blood type", officer, change("bloodType", "AB", ""), "registry.static_element"},
			{"an unknown element", officer, change("shoeSize", "42", ""), "registry.bad_operation"},
			{"small letters", officer, change("occupation", "guru", ""), "registry.bad_operation"},
			{"no religion of the list", officer, change("religion", "JEDI", ""), "registry.bad_operation"},
			{"no village", officer, change("regionCode", "61.05.99.9999", ""), "registry.bad_operation"},
			{"a photo for vanity", officer, change("photo", "", "vanity"), "registry.bad_operation"},
			{"a photo that is typed", officer, change("photo", "data:", "hijab"), "registry.bad_operation"},
			{"by the administrator", admin, plain, "registry.not_allowed"},
			{"an override without the second person", officer, RegisterOverride{Application: plain, Overrides: []Override{{all[0], "follows"}}}, "registry.second_person_missing"},
			{"the second person is the first", officer, RegisterOverride{Application: plain, Overrides: []Override{{all[0], "follows"}}, Second: officer}, "registry.same_person"},
			{"an override of what was presented", officer, RegisterOverride{Application: plain, Overrides: []Override{{all[0], "follows"}}, Second: boss}, "registry.bad_operation"},
			{"an override without a reason", officer, RegisterOverride{Application: with(plain, func(o *Register) { o.Requirements = o.Requirements[1:] }), Overrides: []Override{{all[0], ""}}, Second: boss}, "registry.bad_operation"},
			{"unmatched, and on the list", officer, RegisterUnmatched{Application: plain, Person: a.Person, Source: "siak", Second: boss}, "registry.wrong_state"},
			{"unmatched, of another NIK", officer, RegisterUnmatched{Application: s.application(ktp.TypeNew, stranger), Person: a.Person, Source: "siak", Second: boss}, "registry.bad_operation"},
			{"unmatched, without a source", officer, RegisterUnmatched{Application: s.application(ktp.TypeNew, stranger), Person: stranger.Person, Second: boss}, "registry.bad_operation"},
		})
		s.do(officer, plain)
		s.refuses([]refusal{{"a second one open", officer, plain, "registry.person_busy"}, {"of another type", officer, s.application(ktp.TypeDamaged, a), "registry.person_busy"}})

		// With a reason and a second person; the event names both, and what was let go.
		short := with(s.application(ktp.TypeNew, b), func(o *Register) { o.Requirements = o.Requirements[1:] })
		res := s.do(officer, RegisterOverride{Application: short, Overrides: []Override{{all[0], "follows"}}, Second: boss})
		_, list, err := s.r.Intake(bg, res.Application)
		s.must(err)
		if i := slices.IndexFunc(list, func(r Requirement) bool { return r.ID == all[0] }); i < 0 || list[i].Override != "follows" || list[i].Second != boss.ID {
			t.Errorf("requirements %+v", list)
		}
		s.do(officer, RegisterUnmatched{Application: s.application(ktp.TypeNew, stranger), Person: stranger.Person, Source: "siak", Second: boss})
		rows, err := s.r.Residents(bg, ResidentFilter{NIK: stranger.Person.NIK})
		s.must(err)
		if len(rows) != 1 || !strings.HasPrefix(rows[0].ID, "added-") {
			t.Errorf("added %v", rows)
		}
	})
}

// An override is proposed by one and agreed to by another, each at their own place.
func TestOverrideByProposal(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		s.employ(officer, boss)
		a := townsman(0, whole)
		s.listed(a)
		o := s.application(ktp.TypeNew, a)
		op := RegisterOverride{Application: o, Overrides: []Override{{o.Requirements[0].ID, "follows"}}}
		op.Application.Requirements = o.Requirements[1:]
		p, err := s.r.Propose(bg, officer, op, "p1")
		s.must(err)
		if _, err := s.r.ReceiptStatus(bg, p.Answer); err == nil {
			t.Error("a proposal gave a receipt")
		}
		res := s.do(boss, Decide{Proposal: p.Answer, Agree: true})
		s.is(res.Application, Received)
		s.refused(officer, Approve{res.Application}, "registry.not_allowed")
	})
}

// The number of the police's letter ends the card in force in the transaction of the application;
// any other type leaves it in force.
func TestLostEndsTheCardInForce(t *testing.T) {
	for _, kind := range []ktp.ApplicationType{ktp.TypeLost, ktp.TypeDamaged} {
		t.Run(string(kind), func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				a := townsman(0, whole)
				s.listed(a)
				first := record(1, 1)
				first.Person.NIK = a.Person.NIK
				s.do(center, delivery(first))
				s.do(boss, Approve{appID(1)})
				s.do(admin, Queue{appID(1)})
				chip := s.upTo(s.next(line1), jobs.Eject)
				s.do(kec, shown(appID(1), chip))
				s.do(officer, HandOver{Application: appID(1), Chip: chip})
				s.refused(officer, s.application(ktp.TypeNew, a), "registry.has_card")
				s.do(officer, s.application(kind, a))
				want := map[ktp.ApplicationType]CardState{ktp.TypeLost: CardRetired, ktp.TypeDamaged: CardInForce}[kind]
				if c := s.app(1).Cards[0]; c.State != want {
					t.Errorf("the card is %s, want %s", c.State, want)
				}
			})
		})
	}
}

// Who asks for another card in place of a damaged one shows the damaged one at the counter: without it nothing is taken in.
func TestDamagedCardIsShown(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a := townsman(0, whole)
		s.listed(a)
		shown := s.application(ktp.TypeDamaged, a)
		without := shown
		without.Requirements = slices.DeleteFunc(slices.Clone(shown.Requirements), func(p Presented) bool { return p.ID == "damaged_card" })
		if len(without.Requirements) != len(shown.Requirements)-1 {
			t.Fatalf("papers %v", shown.Requirements)
		}
		s.refuses([]refusal{{"a citizen without the damaged card", officer, without, "registry.requirement_missing"}})
		s.do(officer, shown)
	})
}

// One of several papers does. A paper that says that the card is lost ends it, whatever the type; a
// damaged one stays in force until its successor is handed over.
func TestOneOfSeveralPapers(t *testing.T) {
	for name, c := range map[string]struct {
		paper, letter string
		want          CardState
	}{
		"damaged": {"damaged_card", "", CardInForce},
		"lost":    {"police_letter", "SKTLK/7/XI/2026", CardRetired},
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(t *testing.T, s *room) {
				f := townsman(0, foreign)
				s.listed(f)
				first := record(1, 1)
				first.Person.NIK = f.Person.NIK
				s.do(center, delivery(first))
				s.do(boss, Approve{appID(1)})
				s.do(admin, Queue{appID(1)})
				chip := s.upTo(s.next(line1), jobs.Eject)
				s.do(kec, shown(appID(1), chip))
				s.do(officer, HandOver{Application: appID(1), Chip: chip})

				with := func(letter string, papers ...string) Register {
					o := s.application(ktp.TypeForeignReplacement, f)
					o.PoliceLetter = letter
					o.Requirements = slices.DeleteFunc(o.Requirements, func(p Presented) bool { return p.ID == "damaged_card" })
					for _, id := range papers {
						o.Requirements = append(o.Requirements, Presented{ID: id, Number: letter})
					}
					return o
				}
				s.refuses([]refusal{
					{"neither", officer, with(""), "registry.requirement_missing"},
					{"both", officer, with("SKTLK/7/XI/2026", "damaged_card", "police_letter"), "registry.bad_operation"},
					{"a letter without its number", officer, with("", "police_letter"), "registry.bad_operation"},
					{"a number without its letter", officer, with("SKTLK/7/XI/2026", "damaged_card"), "registry.bad_operation"},
				})
				res := s.do(officer, with(c.letter, c.paper))
				_, list, err := s.r.Intake(bg, res.Application)
				s.must(err)
				if i := slices.IndexFunc(list, func(r Requirement) bool { return r.ID == c.paper }); i < 0 || list[i].Number != c.letter {
					t.Errorf("requirements %+v", list)
				}
				if card := s.app(1).Cards[0]; card.State != c.want {
					t.Errorf("the card is %s, want %s", card.State, c.want)
				}
			})
		})
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	p := townsman(0, whole).Person
	seen := map[string]bool{}
	for _, e := range Elements {
		if seen[e.ID] {
			t.Errorf("%s is there twice", e.ID)
		}
		seen[e.ID] = true
		if e.Static != (e.ID == "nik" || e.ID == "placeOfBirth" || e.ID == "dateOfBirth" || e.ID == "bloodType") {
			t.Errorf("%s: static %v", e.ID, e.Static)
		}
	}
	for _, c := range []struct {
		change ElementChange
		got    func(ktp.Person) string
		want   string
	}{
		{ElementChange{Element: "name", Value: "SITI AMINAH"}, func(p ktp.Person) string { return p.Names[0] }, "SITI AMINAH"},
		{ElementChange{Element: "maritalStatus", Value: "CERAI MATI"}, func(p ktp.Person) string { return string(rune('0' + p.Marital)) }, "4"},
		{ElementChange{Element: "religion", Value: "HINDU"}, func(p ktp.Person) string { return string(rune('0' + p.Religion)) }, "4"},
		{ElementChange{Element: "rt", Value: "007"}, func(p ktp.Person) string { return p.RT }, "007"},
		{ElementChange{Element: "address", Value: "JL. MELATI NO. 7"}, func(p ktp.Person) string { return p.Street }, "JL. MELATI NO. 7"},
		{ElementChange{Element: "familyCardNumber", Value: "6105010101010001"}, func(p ktp.Person) string { return p.FamilyCard }, "6105010101010001"},
		{ElementChange{Element: "validUntil", Value: "17-05-2030"}, func(p ktp.Person) string { return p.Validity }, "17-05-2030"},
		{ElementChange{Element: "photo", Reason: "hijab"}, func(q ktp.Person) string { return q.Names[0] }, p.Names[0]},
	} {
		got, err := changed(p, []ElementChange{c.change})
		if err != nil || c.got(got) != c.want {
			t.Errorf("%s: %q, %v", c.change.Element, c.got(got), err)
		}
	}
	name := p.Names[0]
	if _, err := changed(p, []ElementChange{{Element: "name", Value: "X Y"}, {Element: "name", Value: "Z"}}); err == nil || p.Names[0] != name {
		t.Error("one element twice, or the person of the caller was changed")
	}
}

// The check character of ISO/IEC 7064, MOD 37,36, of the identifier that IFPI's standard of the Global
// Release Identifier gives as its example: A1-2425G-ABC1234002-M.
func TestNumbersThatAreGivenOut(t *testing.T) {
	t.Parallel()
	if c := checkSign("A12425GABC1234002"); c != 'M' {
		t.Errorf("check character %c, want M", c)
	}
	s := newRoom(t, storetest.SQLite(t))
	seen := map[string]bool{}
	for i := range 12 {
		letter, other := byte(receiptLetter), byte(complaintLetter)
		if i%2 == 1 {
			letter, other = other, letter
		}
		n, err := s.r.newNumber(letter)
		s.must(err)
		if _, ok := parseNumber(other, n); ok {
			t.Errorf("%s is taken for another kind", n)
		}
		if got, ok := parseNumber(letter, strings.ToLower(n[:4])+"-"+n[4:8]+" "+n[8:]); !ok || got != n || seen[n] {
			t.Errorf("%s is not read back, or drawn twice", n)
		}
		seen[n] = true
		for i := range n[1:] { // every single misread character
			at := i + 1
			for _, c := range []byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
				if bent := n[:at] + string(c) + n[at+1:]; c != n[at] {
					if _, ok := parseNumber(letter, bent); ok {
						t.Fatalf("%s misread as %s passes", n, bent)
					}
				}
			}
		}
	}
	for _, bad := range []string{"", "R", "6105014107900001", "R12345678901", "Q1234567890"} {
		if _, ok := ParseReceipt(bad); ok {
			t.Errorf("%q passes", bad)
		}
	}
	if _, err := s.r.ReceiptStatus(bg, "R0000000000"); err == nil {
		t.Error("an unknown receipt has a status")
	}
	for _, state := range Applications.States() {
		if state != Absent && NextOf(state) == "" {
			t.Errorf("%s has no next step", state)
		}
	}
}

// Form and scans are there before the check ends; an application can be rejected, or given up by its
// resident, and leaves nothing of a face or finger behind.
func TestCheckRejectAbandon(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		id := s.do(officer, s.application(ktp.TypeNew, a)).Application
		scan := func(class, mime string, n int) Attach {
			return Attach{Application: id, Class: class, MIME: mime, Data: make([]byte, n)}
		}
		s.refuses([]refusal{
			{"no form", officer, Examine{id}, "registry.scan_missing"},
			{"captured unchecked", operator, capture(id, a), "registry.wrong_state"},
			{"a program as a scan", officer, scan("form", "text/html", 9), "registry.bad_operation"},
			{"an empty scan", officer, scan("form", "image/png", 0), "registry.bad_operation"},
			{"a scan of nine megabytes", officer, scan("form", "image/png", 9<<20), "registry.bad_operation"},
			{"a class that is a path", officer, scan("../form", "image/png", 9), "registry.bad_operation"},
			{"a rejection without a reason", officer, RejectApplication{Application: id}, "registry.bad_operation"},
		})
		s.scans(id)
		s.do(officer, Examine{id})
		list, err := s.r.Attachments(bg, id)
		s.must(err)
		form := slices.IndexFunc(list, func(a Attachment) bool { return a.Class == AttachmentForm })
		one, data, err := s.r.Attachment(bg, list[form].ID)
		s.must(err)
		if len(list) < 2 || one.Class != AttachmentForm || string(data) != "%PDF" || one.Size != 4 {
			t.Errorf("attachments %+v, %q", list, data)
		}
		away := func(who Actor, attachment, reason string) refusal {
			return refusal{attachment, who, RemoveAttachment{id, attachment, Because{Reason: reason}}, "registry.scan_missing"}
		}
		s.refuses([]refusal{
			away(officer, one.ID, "wrong_paper"), // the papers were examined with it
			{"for no reason", officer, RemoveAttachment{id, one.ID, Because{Reason: ""}}, "registry.bad_operation"},
			{"of nobody's", officer, RemoveAttachment{id, "0123456789", Because{Reason: "unreadable"}}, "registry.unknown_id"},
			{"by who may not", keeper, RemoveAttachment{id, one.ID, Because{Reason: "unreadable"}}, "registry.not_allowed"},
		})
		better := s.do(officer, scan(AttachmentForm, "image/png", 7)).Answer
		s.do(officer, RemoveAttachment{id, one.ID, Because{Reason: "unreadable"}})
		if gone, data, err := s.r.Attachment(bg, one.ID); err != nil || gone.ErasedAt.IsZero() || len(data) > 0 {
			t.Errorf("taken away: %+v, %d bytes, %v", gone, len(data), err)
		}
		s.refuses([]refusal{away(officer, better, "unreadable"), {"a second time", officer, RemoveAttachment{id, one.ID, Because{Reason: "unreadable"}}, "registry.unknown_id"}})
		s.do(officer, RejectApplication{Application: id, Because: Because{Reason: "not_obliged"}})
		s.is(id, Rejected)
		s.refuses([]refusal{{"of an application that ended", officer, RemoveAttachment{id, better, Because{Reason: "unreadable"}}, "registry.wrong_state"}})

		id = s.do(officer, s.application(ktp.TypeNew, b)).Application
		s.scans(id)
		s.do(officer, Examine{id})
		s.do(operator, capture(id, b))
		s.do(officer, AbandonApplication{Application: id, Because: Because{Reason: "applicant"}})
		s.is(id, Cancelled)
		if parts, err := s.r.CapturedParts(bg, id); err != nil || len(parts) > 0 {
			t.Errorf("%d parts are left, %v", len(parts), err)
		}
		// The center never heard of either.
		if reports, err := s.r.Outbox(bg, 10); err != nil || len(reports) > 0 {
			t.Errorf("reported %+v, %v", reports, err)
		}
		s.do(officer, s.application(ktp.TypeNew, b)) // the person is free again
	})
}

// Who waits is served in order; a jump has a reason and is counted.
func TestCounterQueue(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		a, b := townsman(0, whole), townsman(1, whole)
		s.listed(a, b)
		other := Actor{ID: "officer-2", Roles: []access.Role{access.ServiceOfficer}}
		for n := 1; n <= 4; n++ {
			if res := s.do(officer, TakeTicket{}); res.Answer != string(rune('0'+n)) {
				t.Errorf("number %s", res.Answer)
			}
		}
		o := s.application(ktp.TypeNew, a)
		numbered := func(n int) Register {
			p := o
			p.Ticket = n
			return p
		}
		s.refuses([]refusal{
			{"past the queue", officer, o, "registry.out_of_order"},
			{"a number that was not called", officer, numbered(1), "registry.out_of_order"},
			{"a number that was not given", officer, numbered(9), "registry.unknown_id"},
			{"a jump without a reason", officer, CallThis{Number: 3}, "registry.bad_operation"},
			{"a jump to nobody", officer, CallThis{Number: 9, Because: Because{Reason: "frail"}}, "registry.unknown_id"},
			{"the end of what was not called", officer, EndTicket{Number: 1}, "registry.out_of_order"},
		})
		if res := s.do(officer, CallNext{}); res.Answer != "1" {
			t.Errorf("called %s", res.Answer)
		}
		s.refused(other, numbered(1), "registry.out_of_order")
		s.do(officer, numbered(1))
		s.refused(officer, EndTicket{Number: 1}, "registry.out_of_order")
		s.do(officer, CallThis{Number: 3, Because: Because{Reason: "with_child"}})
		s.do(officer, EndTicket{Number: 3, Came: true})
		if res := s.do(other, CallNext{}); res.Answer != "2" {
			t.Errorf("called %s", res.Answer)
		}
		s.do(other, EndTicket{Number: 2})
		s.do(officer, CallNext{})
		s.refused(officer, CallNext{}, "registry.no_work")
		jumps, err := s.r.QueueJumps(bg, JumpFilter{From: storetest.Start, To: storetest.Start.Add(24 * time.Hour), Limit: 10})
		s.must(err)
		if len(jumps) != 1 || jumps[0].Number != "3" || jumps[0].Reason != "with_child" || jumps[0].Actor != officer.ID {
			t.Errorf("jumps %+v", jumps)
		}
		list, err := s.r.Tickets(bg, TicketFilter{After: 1, Limit: 2})
		s.must(err)
		if len(list) != 2 || list[0].State != TicketLeft || list[1].State != TicketServed {
			t.Errorf("tickets %+v", list)
		}
		s.do(officer, CallThis{Number: 2, Because: Because{Reason: "came_back"}})
		// Another day begins at one, and nobody waits.
		s.db.Clock.Advance(24 * time.Hour)
		o = s.application(ktp.TypeNew, b)
		s.do(officer, o)
		if res := s.do(officer, TakeTicket{}); res.Answer != "1" {
			t.Errorf("the next day begins with %s", res.Answer)
		}
	})
}
