package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/emulator/people"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
)

// office is a room in which people do everything over the API. Only the machines stand beside it: the
// data center, and the line with its printer.
type office struct {
	*room
	tokens map[string]string
	town   *people.Generator
	keys   int
}

// The people of the office. No one of them could take a card from the counter to its holder.
var staff = map[string]access.Actor{
	"Sari, service officer":           {ID: "sari", Roles: []access.Role{access.ServiceOfficer}},
	"Budi, enrolment operator":        {ID: "budi", Roles: []access.Role{access.EnrolmentOperator}},
	"Dewi, data center officer":       {ID: "dewi", Roles: []access.Role{access.DatacenterOfficer}},
	"Joko, administrator":             {ID: "joko", Roles: []access.Role{access.Administrator}},
	"Ratna, supervisor":               {ID: "ratna", Roles: []access.Role{access.Supervisor}},
	"Rina, stock keeper":              {ID: "rina", Roles: []access.Role{access.StockKeeper}},
	"Yusuf, operator at Sepauk":       {ID: "yusuf", Roles: []access.Role{access.KecamatanOperator}, Place: "kec.sepauk"},
	"Lina, service officer at Sepauk": {ID: "lina", Roles: []access.Role{access.ServiceOfficer}, Place: "kec.sepauk"},
	"Agus, complaint officer":         {ID: "agus", Roles: []access.Role{access.ComplaintOfficer}},
	"Hadi, supervisor":                {ID: "hadi", Roles: []access.Role{access.Supervisor}},
	"Wati, auditor":                   {ID: "wati", Roles: []access.Role{access.Auditor}},
	"Tono, service officer":           {ID: "tono", Roles: []access.Role{access.ServiceOfficer, access.KecamatanOperator}},
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{room: newRoom(t), tokens: map[string]string{}}
	o.clock.Advance(time.Hour)
	second := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	o.tokens["Joko, administrator"] = o.token(staff["Joko, administrator"], second)
	var err error
	o.town, err = people.New(7, "61.05")
	o.must(err)
	for _, p := range []map[string]any{
		{"place": "dinas", "kind": "dinas", "name": "DINAS", "region": "61.05", "active": true},
		{"place": "kec.sepauk", "kind": "kecamatan", "name": "SEPAUK", "parent": "dinas", "region": "61.05.03", "active": true},
		{"place": "dinas.melawi", "kind": "other_dinas", "name": "DINAS MELAWI", "region": "61.10", "active": true},
	} {
		id := p["place"].(string)
		delete(p, "place")
		o.done("Joko, administrator", "/v1/places/"+id, p)
	}
	for name, who := range staff {
		if o.tokens[name] == "" {
			o.tokens[name] = o.token(who, second)
		}
	}
	return o
}

// post is what somebody does. It is done, or waits for a second person, or is refused with a code.
func (o *office) post(who, target string, body any) (status int, out map[string]any) {
	o.t.Helper()
	o.keys++
	if o.tokens[who] == "" {
		o.t.Fatalf("nobody is called %q", who)
	}
	return o.send(o.tokens[who], target, fmt.Sprintf("walk-%d", o.keys), o.shows(who, target, body))
}

// done is something that succeeds at once.
func (o *office) done(who, target string, body any) map[string]any {
	o.t.Helper()
	status, out := o.post(who, target, body)
	if status != http.StatusOK {
		o.t.Fatalf("%s, %s: %d %v %v", who, target, status, out["code"], out["errors"])
	}
	return out
}

// examined lays a card on a reader, where its chip tells its state.
func (o *office) examined(chip string, state registry.ChipState) {
	o.t.Helper()
	o.do(staff[tono], registry.ExamineChip{Chip: ktp.ChipUID(chip), State: state, Cause: "chip_" + string(state), Told: registry.Told{
		Mark: registry.MarkBad, Finding: "Chip diperiksa.", Steps: []string{"Simpan lembar ini."},
	}})
}

// agreed is something that a second person carries out.
func (o *office) agreed(who, second, target string, body any) map[string]any {
	o.t.Helper()
	status, out := o.post(who, target, body)
	id, _ := out["proposal"].(string)
	if status != http.StatusAccepted || id == "" {
		o.t.Fatalf("%s, %s: %d %v %v", who, target, status, out["code"], out["errors"])
	}
	return o.done(second, "/v1/proposals/"+id+"/decision", map[string]any{"agree": true})
}

// refused is something that must not be done.
func (o *office) refused(who, target string, body any, want string) {
	o.t.Helper()
	if status, out := o.post(who, target, body); status < 400 || out["code"] != want {
		o.t.Errorf("%s, %s: %d %v, want %s", who, target, status, out["code"], want)
	}
}

// see reads an address as somebody.
func (o *office) see(who, target string, into any) {
	o.t.Helper()
	req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, nil)
	req.Header.Set("Authorization", "Bearer "+o.tokens[who])
	w := httptest.NewRecorder()
	o.http.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		o.t.Fatalf("%s reads %s: %d %s", who, target, w.Code, w.Body)
	}
	o.must(json.Unmarshal(w.Body.Bytes(), into))
}

func (o *office) is(app, want string) {
	o.t.Helper()
	var d struct{ Application struct{ State string } }
	o.see("Sari, service officer", "/v1/applications/"+app, &d)
	if d.Application.State != want {
		o.t.Errorf("the application is %s, want %s", d.Application.State, want)
	}
}

// resident is somebody of the emulated town with two fingers, each with a second impression.
func (o *office) resident(n int) (ktp.Person, [2]ktp.FingerSlot) { return o.somebody(n, false) }

// somebody is the n-th citizen or foreign resident of the town.
func (o *office) somebody(n int, foreign bool) (ktp.Person, [2]ktp.FingerSlot) {
	for i := 0; ; i++ {
		slots, _, err := o.town.Fingers(i)
		o.must(err)
		p := o.town.Person(i)
		if p.Foreign() != foreign || slots[0].Finger != ktp.RightIndex || slots[1].Finger != ktp.LeftIndex || slots[0].Second == nil || slots[1].Second == nil {
			continue
		}
		if n == 0 {
			return p, slots
		}
		n--
	}
}

// civil is a person as the API takes it.
func civil(p ktp.Person) map[string]any {
	word := func(list []ktp.Word, code byte) string {
		w, _ := ktp.Words(list, code)
		return w.ID
	}
	return map[string]any{
		"nik": p.NIK.Digits(), "familyCard": p.FamilyCard, "names": p.Names, "birthPlace": p.BirthPlace, "birthDate": p.BirthDate.Format(time.DateOnly),
		"sex": word(ktp.Sexes, byte(p.Sex)), "blood": word(ktp.BloodTypes, byte(p.Blood)), "street": p.Street, "rt": p.RT, "rw": p.RW, "village": p.Village,
		"district": p.District, "regency": p.Regency, "province": p.Province, "regionCode": p.RegionCode, "religion": word(ktp.Religions, byte(p.Religion)),
		"marital": word(ktp.MaritalStatuses, byte(p.Marital)), "occupation": p.Occupation, "nationality": p.Nationality,
	}
}

// picture is a portrait before the color of the birth year, or a scribble.
func picture(back color.Color, asPNG bool) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 60, 80))
	for y := range 80 {
		for x := range 60 {
			img.Set(x, y, back)
			if x > 20 && x < 40 && y > 20 {
				img.Set(x, y, color.RGBA{200, 160, 130, 255})
			}
		}
	}
	var b bytes.Buffer
	if asPNG {
		_ = png.Encode(&b, img)
	} else {
		_ = jpeg.Encode(&b, img, nil)
	}
	return b.Bytes()
}

func behindOf(p ktp.Person) color.Color {
	if p.BirthDate.Year()%2 == 1 {
		return color.RGBA{0xDB, 0x15, 0x14, 255}
	}
	return color.RGBA{0, 0x60, 0xFF, 255}
}

// captureOf is a capture of a resident; the other fingers are bandaged.
func captureOf(p ktp.Person, slots [2]ktp.FingerSlot) map[string]any {
	var parts []map[string]any
	add := func(part string, more map[string]any) {
		m := map[string]any{"part": part, "source": "emulated", "quality": 80, "tries": 1}
		for k, v := range more {
			m[k] = v
		}
		parts = append(parts, m)
	}
	add("portrait", map[string]any{"picture": picture(behindOf(p), false)})
	for _, part := range []string{"signature", "iris.left", "iris.right"} {
		add(part, map[string]any{"picture": picture(color.White, true)})
	}
	for f := 1; f <= 10; f++ {
		part := fmt.Sprintf("finger.%d", f)
		switch ktp.Finger(f) {
		case slots[0].Finger:
			add(part, map[string]any{"template": slots[0].Best60})
		case slots[1].Finger:
			add(part, map[string]any{"template": slots[1].Best60})
		default:
			add(part, map[string]any{"missing": "BANDAGED"})
		}
	}
	return map[string]any{"parts": parts}
}

// listed puts residents on the list of obliged residents.
func (o *office) listed(version string, list ...ktp.Person) {
	o.t.Helper()
	var rows []map[string]any
	for i, p := range list {
		rows = append(rows, map[string]any{"id": fmt.Sprintf("row-%d", i), "person": civil(p)})
	}
	o.done("Dewi, data center officer", "/v1/resident-lists/"+version+"/rows", map[string]any{"rows": rows})
	o.done("Dewi, data center officer", "/v1/resident-lists/"+version+"/use", map[string]any{"residents": len(rows)})
}

// taken takes an application as far as the data center.
func (o *office) taken(p ktp.Person, slots [2]ktp.FingerSlot, wish map[string]any) (app string) {
	o.t.Helper()
	sari, budi := "Sari, service officer", "Budi, enrolment operator"
	if wish == nil {
		wish = map[string]any{"type": "new", "requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}}}
	}
	wish["nik"] = p.NIK.Digits()
	app = o.done(sari, "/v1/applications", wish)["application"].(string)
	return o.captured(app, sari, budi, p, slots)
}

func (o *office) captured(app, clerk, operator string, p ktp.Person, slots [2]ktp.FingerSlot) string {
	o.t.Helper()
	for _, step := range o.front(app, clerk, operator, p, slots) {
		step.do()
	}
	return app
}

// frontStep is what people do at the counter and the capture desk, and the state of the application afterwards.
type frontStep struct {
	state string
	do    func()
}

// front is the way of an application from its receipt to the data center.
func (o *office) front(app, clerk, operator string, p ktp.Person, slots [2]ktp.FingerSlot) []frontStep {
	at := "/v1/applications/" + app
	return []frontStep{
		{"received", func() { o.scanned(app, clerk) }},
		{"checked", func() { o.done(clerk, at+"/examination", nil) }},
		{"captured", func() {
			o.done(operator, at+"/capture", captureOf(p, slots))
			o.done(operator, at+"/capture/verification", map[string]any{"impressions": []any{
				map[string]any{"finger": slots[0].Finger, "template": slots[0].Second, "quality": 80}, map[string]any{"finger": slots[1].Finger, "template": slots[1].Second, "quality": 80},
			}})
		}},
		{"confirmed", func() {
			var shown struct{ Hash string }
			o.see(operator, at+"/to-confirm", &shown)
			o.done(operator, at+"/confirmation", map[string]any{"hash": shown.Hash, "method": "signature_pad", "proof": picture(color.White, true)})
		}},
		{"sent", func() { o.done(operator, at+"/sending", nil) }},
	}
}

// scanned attaches the signed form and every paper that is kept as a scan.
func (o *office) scanned(app, clerk string) {
	o.t.Helper()
	at := "/v1/applications/" + app
	o.done(clerk, at+"/attachments", map[string]any{"class": "form", "data": []byte("%PDF-1.4 signed form")})
	var in struct {
		Requirements []struct{ ID, Evidence string }
	}
	o.see(clerk, at+"/intake", &in)
	for _, r := range in.Requirements {
		if r.Evidence == "scan" {
			o.done(clerk, at+"/attachments", map[string]any{"class": "requirement." + r.ID, "data": picture(color.White, false)})
		}
	}
}

// unique has the data center find the person unique and deliver the record.
func (o *office) unique(app string, slots [2]ktp.FingerSlot) {
	o.t.Helper()
	id := registry.ApplicationID(app)
	o.do(center, registry.TakeEnrolment{Application: id, Encounter: 1})
	o.do(center, registry.ReceiveResult{Application: id, Encounter: 1, Sequence: 5, Result: registry.ResultUnique})
	o.do(center, o.recordOf(app, slots))
	o.done("Dewi, data center officer", "/v1/applications/"+app+"/result/reading", nil)
}

// recordOf is the record that the data center makes of what was captured and confirmed.
func (o *office) recordOf(app string, slots [2]ktp.FingerSlot) registry.ReceiveRecord {
	o.t.Helper()
	id := registry.ApplicationID(app)
	shown, err := o.reg.ToConfirm(o.t.Context(), id)
	o.must(err)
	d, err := o.reg.Application(o.t.Context(), id)
	o.must(err)
	rec := delivery(1)
	rec.Record.ID, rec.Record.Type, rec.Record.Person, rec.Record.Fingers = app, d.Application.Type, shown.Person, slots
	rec.Record.Portrait, rec.Record.Signature, rec.MessageID = shown.Portrait, shown.Signature, app+"/1"
	if shown.Person.Foreign() {
		rec.Record.Profile = "ktp-el-oa"
	}
	return rec
}

// loaded gives the line blanks for foreign residents' cards, or for citizens', in place of those of the other kind.
func (o *office) loaded(foreign bool) {
	o.t.Helper()
	const hopper, some = "/v1/lines/line-1/hopper", 10
	lot := "LOT-A"
	if foreign {
		lot = "LOT-OA"
	}
	held, _, err := o.reg.Blanks(o.t.Context())
	o.must(err)
	known := !foreign
	for _, h := range held {
		known = known || h.Lot == lot
		switch {
		case h.Place.String() != "hopper/line-1" || h.Unread == 0:
		case h.Lot == lot:
			return
		default:
			o.agreed(rina, joko, hopper+"/return", map[string]any{"lot": h.Lot, "quantity": h.Unread})
		}
	}
	if !known {
		o.done(rina, "/v1/lots/"+lot+"/receipt", map[string]any{"product": "ktp-el-oa", "quantity": some})
	}
	o.agreed(rina, joko, hopper, map[string]any{"lot": lot, "quantity": some})
}

// made has the card approved, queued and made by the line.
func (o *office) made(app string) (chip string) {
	o.t.Helper()
	shown, err := o.reg.ToConfirm(o.t.Context(), registry.ApplicationID(app))
	o.must(err)
	o.loaded(shown.Person.Foreign())
	at := "/v1/applications/" + app
	o.done("Ratna, supervisor", at+"/approval", nil)
	o.done("Joko, administrator", at+"/queue", nil)
	for {
		order := o.next()
		chip = o.finishWith(order)
		if order.Record.ID == app {
			return chip
		}
	}
}

var chips atomic.Int64

// nextChip is a chip that nobody has seen.
func nextChip() ktp.ChipUID { return ktp.ChipUID(fmt.Sprintf("0000CAFE%012d", chips.Add(1))) }

// finishWith makes the stages of an inline line with a chip of its own.
func (o *office) finishWith(order jobs.Order) string {
	o.t.Helper()
	chip := nextChip()
	for _, step := range jobs.Stages(jobs.Inline) {
		o.step(order, step, chip)
	}
	return string(chip)
}

// step makes one stage.
func (o *office) step(order jobs.Order, step jobs.Step, chip ktp.ChipUID) {
	o.t.Helper()
	known := chip
	if step == jobs.Feed {
		known = ""
	}
	if step != jobs.ReadBack && step != jobs.Recheck {
		o.must(o.reg.Intend(o.t.Context(), order, step, jobs.Evidence{Chip: known, At: o.clock.Now()}))
	}
	o.settled(order, step, known)
}

// settled writes that a stage was done.
func (o *office) settled(order jobs.Order, step jobs.Step, chip ktp.ChipUID) {
	o.t.Helper()
	o.clock.Advance(time.Second)
	out := jobs.Outcome{Result: jobs.Done, Chip: chip}
	switch step {
	case jobs.Write:
		out.Hashes = inspecttest.Hashes()
	case jobs.ReadBack:
		out.Match, out.Score = jobs.Matched, 80
	case jobs.Eject:
		out.Tray = "output"
	}
	o.must(o.reg.Settle(o.t.Context(), order, step, out))
}

// sentTo packs a card and brings it to Sepauk.
func (o *office) sentTo(place, receiver, chip string) {
	o.t.Helper()
	joko := "Joko, administrator"
	id := o.done(joko, "/v1/consignments", map[string]any{"kind": "out", "to": place})["answer"].(string)
	o.done(joko, "/v1/consignments/"+id+"/cards/"+chip, nil)
	o.done(joko, "/v1/consignments/"+id+"/seal", map[string]any{"seal": "SEGEL-77"})
	o.done(joko, "/v1/consignments/"+id+"/shipping", nil)
	if out := o.done(receiver, "/v1/consignments/"+id+"/receipt", map[string]any{"seal": "SEGEL-77", "chips": []string{chip}}); out["answer"] != "complete" {
		o.t.Errorf("received %v", out)
	}
}

// All the way: from the number at the counter to the card in the hand, by eight people, over the API alone.
func TestWalkFromTheCounterToTheHolder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)

	// At the counter.
	o.done(sari, "/v1/tickets", map[string]any{})
	number := o.done(sari, "/v1/tickets/next", nil)["answer"]
	wish := map[string]any{
		"type": "new", "nik": person.NIK.Digits(), "delivery": "kec.sepauk", "ticket": json.Number(number.(string)),
		"requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}},
	}
	short := map[string]any{"type": "new", "nik": person.NIK.Digits(), "requirements": []any{map[string]any{"id": "family_card"}}}
	o.refused(sari, "/v1/applications", short, "registry.requirement_missing")
	o.refused(budi, "/v1/applications", wish, "registry.not_allowed")
	taken := o.done(sari, "/v1/applications", wish)
	app, receipt := taken["application"].(string), taken["answer"].(string)
	o.refused(sari, "/v1/applications", wish, "registry.person_busy")
	if !strings.HasPrefix(receipt, "R") || taken["paper"] != "receipt" {
		t.Errorf("receipt %v", taken)
	}

	// At the capture desk; the data center finds the person unique.
	at := "/v1/applications/" + app
	o.captured(app, sari, budi, person, fingers)
	o.is(app, "sent")
	o.refused(budi, at+"/capture", captureOf(person, fingers), "registry.wrong_state")
	o.unique(app, fingers)
	o.is(app, "print ready")

	// Approved by one, given to the lines by another; the line makes the card.
	o.refused(dewi, at+"/approval", nil, "registry.not_allowed")
	o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 1})
	chip := o.made(app)
	o.is(app, "produced")

	// To the kecamatan, matched there, handed over by another person.
	o.refused("Tono, service officer", at+"/match", holderOf(chip), "registry.wrong_state") // it has to travel first
	o.sentTo("kec.sepauk", yusuf, chip)
	o.done(yusuf, at+"/match", strangerOf(chip))
	o.refused(lina, at+"/handover", map[string]any{"chip": chip}, "registry.wrong_state") // no "BERHASIL"
	o.done(yusuf, at+"/match", holderOf(chip))
	o.refused(sari, at+"/handover", map[string]any{"chip": chip}, "registry.not_allowed") // not at her place
	given := o.done(lina, at+"/handover", map[string]any{"chip": chip, "old": "none"})
	if given["word"] != "CARD_ISSUED" || given["paper"] != "handover_receipt" {
		t.Errorf("handed over: %v", given)
	}
	var d struct {
		Application struct{ State, Word string }
		Cards       []struct{ State string }
		Tries       []struct{ Result string }
	}
	o.see(joko, at, &d)
	if d.Application.State != "handed over" || len(d.Cards) != 1 || d.Cards[0].State != "in force" || len(d.Tries) != 2 {
		t.Errorf("%+v", d)
	}
	var book struct {
		Items []struct{ Kind, Application string }
	}
	o.see(sari, "/v1/daily-book?limit=500", &book)
	var noted []string
	for _, b := range book.Items {
		if b.Application == app {
			noted = append(noted, b.Kind)
		}
	}
	if len(noted) < 2 || noted[0] != "application" || noted[len(noted)-1] != "handover" {
		t.Errorf("the daily book has %v", noted)
	}
	var log struct {
		Items []struct{ Actor, Code string }
	}
	o.see("Wati, auditor", "/v1/events?limit=1000", &log)
	acted := map[string]bool{}
	for _, e := range log.Items {
		acted[e.Actor] = acted[e.Actor] || e.Code != "operation.denied"
	}
	for _, who := range []string{"sari", "budi", "dewi", "rina", "ratna", "joko", "yusuf", "lina"} {
		if !acted[who] {
			t.Errorf("%s did nothing", who)
		}
	}
}

// Whoever is not on the list goes to a second person, never to free typing alone.
func TestWalkOfSomebodyWhoIsNotOnTheList(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	listed, _ := o.resident(0)
	person, fingers := o.resident(1)
	o.listed("dpt-1", listed)
	wish := map[string]any{"type": "new", "nik": person.NIK.Digits(), "requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}, map[string]any{"id": "age"}}}
	o.refused("Sari, service officer", "/v1/applications", wish, "registry.resident_unmatched")
	out := o.agreed("Sari, service officer", "Ratna, supervisor", "/v1/applications/unmatched", map[string]any{"application": wish, "person": civil(person), "source": "family_card"})
	o.captured(out["application"].(string), "Sari, service officer", "Budi, enrolment operator", person, fingers)
	o.is(out["application"].(string), "sent")
}

// The Dinas counter: no consignment; a proxy only by a supervisor's exception; the holder matches later.
func TestWalkToAProxyAtTheDinas(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	body := map[string]any{"chip": chip, "reason": "ill", "proxy": map[string]any{"nik": "6105010101700001", "name": "WAKIL", "letter": "SK-1"}}
	o.agreed("Sari, service officer", "Ratna, supervisor", "/v1/applications/"+app+"/handover-to-proxy", body)
	o.is(app, "handed over")
	matched := func() bool {
		t.Helper()
		var d struct{ Handover struct{ Matched, Proxy bool } }
		o.see(sari, "/v1/applications/"+app, &d)
		if !d.Handover.Proxy {
			t.Error("the holder came")
		}
		return d.Handover.Matched
	}
	if matched() {
		t.Error("matched before the holder came")
	}
	o.done("Tono, service officer", "/v1/cards/"+chip+"/match", holderOf(""))
	if !matched() {
		t.Error("not matched after the holder came")
	}
}

// uses takes a service standard that ships into use.
func (o *office) uses(standardID string) {
	o.t.Helper()
	o.agreed(joko, ratna, "/v1/standard", map[string]any{"content": standard.File(standardID)})
}

// A damaged card comes back, is retired and destroyed before witnesses; another is made, with its cause.
func TestWalkOfADamagedCard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	at := "/v1/applications/" + app
	o.done(sari, at+"/return", map[string]any{"chip": chip, "reason": "damaged"})
	o.examined(chip, registry.ChipTerminated)
	o.agreed(joko, ratna, "/v1/cards/"+chip+"/retirement", map[string]any{"reason": "damaged"})
	o.uses("national-2018")
	list := o.done(rina, "/v1/destructions", nil)["answer"].(string)
	o.done(rina, "/v1/destructions/"+list+"/items", map[string]any{"item": chip})
	o.refused(rina, "/v1/destructions/"+list+"/count", map[string]any{"count": 7}, "registry.count_differs")
	o.done(rina, "/v1/destructions/"+list+"/count", map[string]any{"count": 1})
	o.agreed(joko, ratna, "/v1/destructions/"+list+"/destroying", map[string]any{
		"count": 1, "witnesses": []any{map[string]any{"name": "SAKSI", "position": "LURAH"}, map[string]any{"name": "SAKSI LAIN", "position": "CAMAT"}}, "pictures": []string{strings.Repeat("a", 64)},
	})
	var destroyed struct{ Destruction struct{ State string } }
	o.see(rina, "/v1/destructions/"+list, &destroyed)
	if o.card(chip) != "destroyed" || destroyed.Destruction.State != "destroyed" {
		t.Errorf("the card is %s, the list %s", o.card(chip), destroyed.Destruction.State)
	}
	// Who approved may not agree to the remake; another supervisor does.
	_, wish := o.post(joko, at+"/remake", map[string]any{"reason": "damaged"})
	o.refused(ratna, "/v1/proposals/"+wish["proposal"].(string)+"/decision", map[string]any{"agree": true}, "registry.same_person")
	o.is(app, "returned")
	o.done(hadi, "/v1/proposals/"+wish["proposal"].(string)+"/decision", map[string]any{"agree": true})
	o.do(center, registry.RefillRecord{Record: o.again(app, fingers), MessageID: app + "/again", Canonical: delivery(1).Canonical})
	second := o.madeNext(app)
	o.clock.Advance(24 * time.Hour)
	o.handed(app, second, "none")
	var made struct {
		Cards []struct{ Chip, State string }
	}
	o.see(joko, at, &made)
	if o.card(chip) != "destroyed" || o.card(second) != "in force" || len(made.Cards) != 2 {
		t.Errorf("the first is %s, the second %s, of %v", o.card(chip), o.card(second), made.Cards)
	}
}

// A lost card: the police letter's number ends it at once; its successor is handed over.
func TestWalkOfALostCard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	tono, sari := "Tono, service officer", "Sari, service officer"
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	handOut := func(app string) string {
		o.unique(app, fingers)
		chip := o.made(app)
		o.done(tono, "/v1/applications/"+app+"/match", holderOf(chip))
		o.done(sari, "/v1/applications/"+app+"/handover", map[string]any{"chip": chip})
		return chip
	}
	first := handOut(o.taken(person, fingers, nil))
	app := o.taken(person, fingers, map[string]any{
		"type": "lost", "policeLetter": "SKTLK/9/2026",
		"requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}, map[string]any{"id": "police_letter", "number": "SKTLK/9/2026"}},
	})
	var card struct{ State, Application string }
	o.see("Joko, administrator", "/v1/cards/"+first, &card)
	if card.State != "retired" {
		t.Errorf("the lost card is %s", card.State)
	}
	second := handOut(app)
	o.see("Joko, administrator", "/v1/cards/"+second, &card)
	if card.State != "in force" {
		t.Errorf("the successor is %s", card.State)
	}
}

// A complaint with the number of a receipt, from the counter and from the public listener to its answer.
func TestWalkOfAComplaint(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	agus := "Agus, complaint officer"
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	in, _, err := o.reg.Intake(t.Context(), registry.ApplicationID(app))
	o.must(err)
	o.done(sari, "/v1/complaints", map[string]any{
		"channel": "in_person", "subject": "waiting", "text": "ANTRE LAMA", "name": "PELAPOR", "contact": "0812000111", "receipt": in.Receipt,
	})
	w := knock(o.public(), "POST", "/public/v1/complaints", "192.0.2.1:1000", `{"subject":"waiting","text":"MASIH ANTRE","name":"PELAPOR","contact":"0812000111","receipt":"`+in.Receipt+`"}`)
	if w.Code != http.StatusOK {
		t.Fatalf("at the public listener: %d %s", w.Code, w.Body)
	}
	var list struct {
		Items []struct{ ID, State, Channel, Application string }
	}
	o.see(agus, "/v1/complaints", &list)
	channels := map[string]bool{}
	for _, c := range list.Items {
		channels[c.Channel] = true
		if c.Application != app {
			t.Errorf("the complaint by %s belongs to %q", c.Channel, c.Application)
		}
		at := "/v1/complaints/" + c.ID
		o.done(agus, at+"/assignment", map[string]any{"person": "agus"})
		o.refused(agus, at+"/closing", nil, "registry.wrong_state")
		o.done(agus, at+"/verification", map[string]any{"finding": "right", "matter": "SATU LOKET TUTUP"})
		o.done(agus, at+"/answer", map[string]any{"text": "LOKET DIBUKA LAGI"})
		o.done(agus, at+"/closing", nil)
	}
	if !channels["in_person"] || !channels["website"] || len(list.Items) != 2 {
		t.Errorf("%+v", list.Items)
	}
}
