package console_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// staffOf is the member of the staff with a role.
func staffOf(r access.Role) access.Actor {
	for _, a := range staff {
		if a.Roles[0] == r {
			return a
		}
	}
	return access.Actor{}
}

// townsman is a person of the list of obliged residents.
func townsman(n int) ktp.Person {
	place := ktp.Regions().Within("61.05")[0]
	for len(place.Code) < len("61.05.01.2001") {
		place = ktp.Regions().Within(place.Code)[0]
	}
	full, _ := ktp.Regions().Place(place.Code)
	born := time.Date(1990, 7, 1, 0, 0, 0, 0, time.UTC)
	return ktp.Person{
		NIK: ktp.NIK(fmt.Sprintf("610501410790%04d", n)), Names: []string{fmt.Sprintf("PENDUDUK %d", n)}, FamilyCard: "6105012003040005", BirthPlace: "SINTANG", BirthDate: born,
		Sex: ktp.Female, Blood: 1, Street: "JALAN CONTOH 1", RT: "001", RW: "002", RegionCode: place.Code, Village: full.Village.CardName(), District: full.District.CardName(),
		Regency: full.Regency.CardName(), Province: full.Province.CardName(), Religion: 1, Marital: 1, Occupation: "PETANI/PEKEBUN", Citizenship: "WNI", Nationality: "IDN", Validity: ktp.Lifelong,
	}
}

// scanned is a scanned paper.
func scanned() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 42, 60)))
	return b.Bytes()
}

// recorded has everything of a person taken, as the capture desk does it with its scripts and devices.
func (o *office) recorded(app registry.ApplicationID) {
	o.t.Helper()
	c := registry.Capture{Application: app}
	add := func(part string, p registry.CapturedPart) {
		p.Part, p.Source, p.Tries = part, registry.SourceEmulated, 1
		c.Parts = append(c.Parts, p)
	}
	whole := registry.CapturedPart{Quality: 80, MIME: "image/png", Data: scanned()}
	for _, part := range []string{registry.PartPortrait, registry.PartSignature, registry.PartIrisLeft, registry.PartIrisRight} {
		add(part, whole)
	}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		add(registry.PartOf(f), registry.CapturedPart{Missing: registry.MissingBandaged})
	}
	o.as(staffOf(access.EnrolmentOperator), c)
}

// captured has everything of a person taken and confirmed.
func (o *office) captured(app registry.ApplicationID) {
	o.t.Helper()
	o.recorded(app)
	shown, err := o.reg.ToConfirm(o.t.Context(), app)
	o.must(err)
	o.as(staffOf(access.EnrolmentOperator), registry.Confirm{Application: app, Hash: shown.Hash, Method: registry.MethodPad, Proof: scanned()})
}

// unique has the center find the person unique and deliver the record.
func (o *office) unique(app registry.ApplicationID) {
	o.t.Helper()
	shown, err := o.reg.ToConfirm(o.t.Context(), app)
	o.must(err)
	d, err := o.reg.Application(o.t.Context(), app)
	o.must(err)
	o.as(center, registry.TakeEnrolment{Application: app, Encounter: 1})
	o.as(center, registry.ReceiveResult{Application: app, Encounter: 1, Sequence: 5, Result: registry.ResultUnique})
	rec := delivery(1)
	rec.Record.ID, rec.Record.Type, rec.Record.Person, rec.MessageID = string(app), d.Application.Type, shown.Person, string(app)+"/1"
	rec.Record.Portrait, rec.Record.Signature, rec.Record.Fingers = shown.Portrait, shown.Signature, [2]ktp.FingerSlot{}
	o.as(center, rec)
}

// New, damaged, changed and lost: every type from the counter to the hand of its holder by pages alone, without a
// script, with what two persons decide decided on the page of the other.
func TestCounterByPagesAlone(t *testing.T) {
	t.Parallel()
	sari, tono := staffOf(access.ServiceOfficer), staffOf(access.KecamatanOperator)
	dewi := staffOf(access.DatacenterOfficer)
	o := newOffice(t, admin, boss, sari, tono, dewi, staffOf(access.EnrolmentOperator))
	o.room(0)
	o.as(dewi, registry.ImportResidents{Version: "dpt-1", Rows: []registry.Resident{{ID: "row-1", Person: townsman(1)}, {ID: "row-2", Person: townsman(2)}}})
	o.as(dewi, registry.UseResidents{Version: "dpt-1", Residents: 2})
	clerks := map[string]*clerk{}
	for _, a := range []access.Actor{admin, boss, sari, tono, dewi, staffOf(access.EnrolmentOperator)} {
		clerks[a.ID] = o.comes(a)
	}
	counter, room := clerks[sari.ID], clerks[admin.ID]
	nik := townsman(1).NIK.Digits()
	scans := map[string][]byte{"scan.family_card": scanned(), "scan.rt_rw_letter": []byte("%PDF-1.4 letter"), "scan.proof_of_change": scanned()}
	cards := 0
	for _, w := range []struct {
		kind ktp.ApplicationType
		give url.Values
		old  string
	}{
		{ktp.TypeNew, url.Values{"requirement": {"family_card", "rt_rw_letter"}}, "none"},
		{ktp.TypeDamaged, url.Values{"requirement": {"family_card", "rt_rw_letter", "damaged_card"}, "change.photo": {"damaged_card"}}, "surrendered"},
		{ktp.TypeDataChange, url.Values{"requirement": {"family_card", "rt_rw_letter", "proof_of_change", "old_card"}, "change.occupation": {"pedagang"}, "change.maritalStatus": {"KAWIN"}}, "surrendered"},
		{ktp.TypeLost, url.Values{"requirement": {"family_card", "rt_rw_letter", "police_letter"}, "number.police_letter": {"SKTLK/9/2026"}}, "none"},
	} {
		counter.open("/permohonan-baru?jenis=" + string(w.kind))
		w.give.Set("nik", nik)
		counter.send("/permohonan-baru", w.give, scans)
		path, _, _ := strings.Cut(counter.at, "#")
		id := registry.ApplicationID(strings.TrimPrefix(path, "/permohonan/"))
		if !strings.Contains(counter.says(), "Berkas yang dipindai") {
			t.Fatalf("%s leads to %s: %s", w.kind, counter.at, counter.says())
		}
		counter.refused(path+"/periksa", nil, nil, "registry.scan_missing")
		counter.open(path)
		counter.send(path+"/lampiran", url.Values{"class": {"form"}}, map[string][]byte{"scan": []byte("%PDF-1.4 signed form")})
		counter.send(path+"/periksa", nil, nil)
		o.captured(id)
		operator := clerks[staffOf(access.EnrolmentOperator).ID]
		operator.open(path)
		operator.send(path+"/kirim", nil, nil)
		o.unique(id)
		clerks[dewi.ID].open("/ketunggalan")
		clerks[dewi.ID].send("/ketunggalan/baca", url.Values{"application": {string(id)}}, nil)
		clerks[boss.ID].open(path)
		clerks[boss.ID].send(path+"/setuju", nil, nil)
		room.open(path)
		room.send(path+"/antre", nil, nil)
		cards++
		chip := ktp.ChipUID(fmt.Sprintf("0000A0B0C0D0000000%02d", cards))
		o.make(o.next(), chip, "")
		o.except(clerks, tono, boss, id, chip)
		counter.open("/kecamatan")
		counter.shows(sari, chip)
		counter.send("/kecamatan/serah", url.Values{"application": {string(id)}, "chip": {string(chip)}, "old": {w.old}, "confirmed": {"yes"}}, nil)
		if d, err := o.reg.Application(t.Context(), id); err != nil || d.Application.State != registry.HandedOver {
			t.Fatalf("%s: %s, %v", w.kind, d.Application.State, err)
		}
	}
	for n := 1; n <= cards; n++ {
		c, err := o.reg.CardByChip(t.Context(), ktp.ChipUID(fmt.Sprintf("0000A0B0C0D0000000%02d", n)))
		if o.must(err); (c.State == registry.CardInForce) != (n == cards) {
			t.Errorf("card %d is %s", n, c.State)
		}
	}

	// Without the letter of the RT: a second person lets it go, on a page.
	counter.open("/permohonan-baru?jenis=new")
	counter.refused("/permohonan-baru", url.Values{"nik": {townsman(2).NIK.Digits()}, "requirement": {"family_card"}}, scans, "registry.requirement_missing")
	counter.send("/permohonan-baru", url.Values{"override.rt_rw_letter": {"follows"}}, scans)
	supervisor := clerks[boss.ID]
	supervisor.open("/persetujuan")
	at := supervisor.links("/persetujuan/")[0]
	supervisor.open(at)
	supervisor.send(at+"/setuju", nil, nil)
	counter.open("/permohonan?keadaan=received")
	counter.open(counter.links("/permohonan/")[0])
	if text := counter.says(); !strings.Contains(text, "Fotokopi Kartu Keluarga belum ada") || strings.Contains(text, "Surat Pengantar dari RT/RW belum ada") {
		t.Errorf("after the exception: %s", text)
	}
	counter.send(counter.at+"/urung", url.Values{"reason": {"applicant"}}, nil)
}

// except has the operator of the kecamatan ask for an exception of the 1:1, and a supervisor agree on the page.
func (o *office) except(clerks map[string]*clerk, by, second access.Actor, id registry.ApplicationID, chip ktp.ChipUID) {
	o.t.Helper()
	c := clerks[by.ID]
	c.open("/kecamatan")
	c.shows(by, chip)
	c.send("/kecamatan/pengecualian", url.Values{"application": {string(id)}, "chip": {string(chip)}, "reason": {"no_fingers"}}, nil)
	s := clerks[second.ID]
	s.open("/persetujuan")
	list := s.links("/persetujuan/")
	if len(list) != 1 {
		o.t.Fatalf("proposals %v: %s", list, s.says())
	}
	s.open(list[0])
	s.send(list[0]+"/setuju", nil, nil)
}

// What is attached is seen by who attached it and by who asks for the person, and by nobody else; what is no scan
// or too large is refused with words and attaches nothing; a wrong scan is taken away and replaced.
func TestScans(t *testing.T) {
	t.Parallel()
	sari := staffOf(access.ServiceOfficer)
	o := newOffice(t, sari, admin)
	o.as(center, delivery(1))
	path := "/permohonan/" + string(id(1))
	c := o.comes(sari)
	c.open(path)
	attach := func(data []byte) (url.Values, map[string][]byte) {
		return url.Values{"class": {"letter"}}, map[string][]byte{"scan": data}
	}
	for want, data := range map[string][]byte{"web.not_a_scan": []byte("MZ, a program"), "web.too_large": append([]byte("%PDF-"), make([]byte, web.MostScan)...)} {
		v, files := attach(data)
		c.refused(path+"/lampiran", v, files, want)
		if c.links("/lampiran/") != nil {
			t.Errorf("%s was attached", want)
		}
	}
	v, files := attach(scanned())
	c.send(path+"/lampiran", v, files)
	shown := c.links("/lampiran/")
	if len(shown) != 1 {
		t.Fatalf("shown %v", shown)
	}
	c.open(shown[0])
	if !strings.HasPrefix(c.page, "\x89PNG") {
		t.Errorf("the scan is %q", c.page[:min(9, len(c.page))])
	}
	other := o.comes(admin)
	other.open(path)
	if list := other.links("/lampiran/"); list != nil {
		t.Errorf("somebody else is shown %v", list)
	}
	other.send(path+"/lihat", url.Values{"reason": {"check"}}, nil)
	if list := other.links("/lampiran/"); len(list) != 1 {
		t.Errorf("who asked for the person is shown %v", list)
	}
	c.open(path)
	c.send(path+shown[0]+"/hapus", url.Values{"reason": {"wrong_person"}}, nil)
	if list := c.links("/lampiran/"); list != nil {
		t.Errorf("what was taken away is shown: %v", list)
	}
	v, files = attach([]byte("%PDF-1.4 the right one"))
	c.send(path+"/lampiran", v, files)
	if list := c.links("/lampiran/"); len(list) != 1 {
		t.Errorf("shown %v", list)
	}
}

// Who asks to see one person and is led to another is shown the other masked, without its scans: the log says whom
// one asked for.
func TestAnotherPersonStaysMasked(t *testing.T) {
	t.Parallel()
	sari := staffOf(access.ServiceOfficer)
	o := newOffice(t, sari, admin)
	o.as(center, delivery(1))
	o.as(center, delivery(2))
	asked, other := "/permohonan/"+string(id(1)), "/permohonan/"+string(id(2))
	c := o.comes(sari)
	c.open(other)
	c.send(other+"/lampiran", url.Values{"class": {"letter"}}, map[string][]byte{"scan": scanned()})
	a := o.comes(admin)
	a.open(asked)
	a.page = strings.ReplaceAll(a.page, `name="kembali" value="`+asked+`"`, `name="kembali" value="`+other+`"`)
	a.send(asked+"/lihat", url.Values{"reason": {"check"}, "kembali": {other}}, nil)
	if name := delivery(2).Record.Person.Names[0]; !strings.HasPrefix(a.at, other) || strings.Contains(a.says(), name) || a.links("/lampiran/") != nil {
		t.Errorf("%s shows %v: %s", a.at, a.links("/lampiran/"), a.says())
	}
	a.open(asked)
	a.send(asked+"/lihat", url.Values{"reason": {"check"}}, nil)
	if name := delivery(1).Record.Person.Names[0]; !strings.Contains(a.says(), name) {
		t.Errorf("who asked is shown %s", a.says())
	}
}
