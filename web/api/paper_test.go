package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/ktp"
	"blanko/paper"
	"blanko/paper/papertest"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/stock"
)

var letterhead = paper.Office{Government: "PEMERINTAH KABUPATEN SINTANG", Name: "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL", Address: "Jalan Contoh 1, Sintang"}

// printed asks for a paper as somebody, in a type and under a key.
func (o *office) printed(who, target, accept, key string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+target, nil)
	if token := o.tokens[who]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Idempotency-Key", key)
	req.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	o.http.ServeHTTP(w, req)
	return w
}

// A walked office prints every paper that the ledger fills, and each list as CSV beside it.
func TestEveryPaperComesOverTheAPI(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sari, budi, dewi, joko, ratna, rina := "Sari, service officer", "Budi, enrolment operator", "Dewi, data center officer", "Joko, administrator", "Ratna, supervisor", "Rina, stock keeper"
	yusuf, lina, agus := "Yusuf, operator at Sepauk", "Lina, service officer at Sepauk", "Agus, complaint officer"
	head := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	o.tokens["guard"] = o.token(access.Actor{ID: "satpam", Roles: guard.Roles}, head)

	counts := func() (list []registry.Counted) {
		held, _, err := o.reg.Blanks(t.Context())
		o.must(err)
		for _, h := range held {
			if h.Place.Kind == stock.Store || h.Place.Kind == stock.Hopper {
				list = append(list, registry.Counted{Heap: registry.Heap{Kind: registry.CountedBlank, Place: h.Place.String(), Lot: h.Lot}, Quantity: h.Unread + h.Read})
			}
		}
		return list
	}
	o.do(staff[rina], registry.OpenShift{Counts: counts(), Second: staff[joko]})

	person, fingers := o.resident(0)
	second, prints := o.resident(1)
	o.listed("dpt-1", person, second)
	app := o.taken(person, fingers, map[string]any{
		"type": "new", "delivery": "kec.sepauk", "requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}},
	})
	o.unique(app, fingers)
	o.done(sari, "/v1/applications/"+app+"/suket", nil)
	proof := o.printed(ratna, "/v1/applications/"+app+"/papers/proof", "application/pdf", "proof")
	confirmed := o.printed(budi, "/v1/applications/"+app+"/papers/confirmation", "application/pdf", "confirmed")
	suket := o.printed(sari, "/v1/applications/"+app+"/papers/suket", "application/pdf", "suket")
	chip := o.made(app)
	o.sentTo("kec.sepauk", yusuf, chip)
	o.done(yusuf, "/v1/applications/"+app+"/match", holderOf(chip))
	o.done(lina, "/v1/applications/"+app+"/handover", map[string]any{"chip": chip, "old": "none"})
	var bags struct{ Items []struct{ ID string } }
	o.see(joko, "/v1/consignments", &bags)
	bag := "/v1/consignments/" + bags.Items[0].ID + "/papers/"

	bad := o.taken(second, prints, nil)
	o.unique(bad, prints)
	worse := o.made(bad)
	o.done(sari, "/v1/applications/"+bad+"/return", map[string]any{"chip": worse, "reason": "damaged"})
	o.examined(worse, registry.ChipTerminated)
	o.agreed(joko, ratna, "/v1/cards/"+worse+"/retirement", map[string]any{"reason": "damaged"})
	o.uses("national-2018")
	list := o.done(rina, "/v1/destructions", nil)["answer"].(string)
	o.uses("sintang")
	o.do(staff[rina], registry.ReceiveRoll{Serial: "EV-R-1", Kind: "ribbon", Product: "YMCKO", Panels: 300})
	o.do(staff[rina], registry.FitRoll{Serial: "EV-R-1", Line: "line-1", Second: staff[joko]})
	o.do(staff[rina], registry.RemoveRoll{Serial: "EV-R-1", Seal: "SEGEL-9", Left: 300, Second: staff[joko]})
	for _, item := range []string{worse, "EV-R-1"} {
		o.done(rina, "/v1/destructions/"+list+"/items", map[string]any{"item": item})
	}
	o.done(rina, "/v1/destructions/"+list+"/count", map[string]any{"count": 2})
	o.agreed(joko, ratna, "/v1/destructions/"+list+"/destroying", map[string]any{
		"count": 2, "witnesses": []any{map[string]any{"name": "SAKSI", "position": "LURAH"}, map[string]any{"name": "SAKSI LAIN", "position": "CAMAT"}}, "pictures": []string{strings.Repeat("a", 64)},
	})
	o.do(staff[rina], registry.CloseShift{Counts: counts(), Second: staff[joko]})
	var shifts struct{ Items []struct{ ID string } }
	o.see(rina, "/v1/shifts", &shifts)
	_, drawn := o.send("", "/v1/inspections", "draw", map[string]any{"seed": "BENIH-INSPEKTUR", "cards": 1, "blanks": 1, "rolls": 0})
	o.send("", "/v1/inspections/"+drawn["answer"].(string)+"/closing", "close", nil)
	o.done(agus, "/v1/complaints", map[string]any{"channel": "in_person", "subject": "waiting", "text": "ANTRE LAMA", "name": "PELAPOR", "contact": "0812000111"})
	var complaints struct{ Items []struct{ ID string } }
	o.see(agus, "/v1/complaints", &complaints)
	breach := o.done("guard", "/v1/breaches", map[string]any{"what": "DAFTAR TERTINGGAL DI LOKET", "how": "ditemukan oleh petugas", "people": 3})["answer"].(string)

	ends := make([]*underway, 5)
	for n := range ends {
		w := &underway{o: o}
		w.person, w.fingers = o.resident(2 + n)
		o.listed(fmt.Sprintf("dpt-%d", 2+n), w.person)
		w.app = o.taken(w.person, w.fingers, o.wish("new", map[string]any{"delivery": "kec.sepauk"}))
		ends[n] = w
	}
	mute, lost := ends[0], ends[1]
	mute.doubted()
	o.agreed(joko, ratna, mute.attempt("surrender"), map[string]any{"picture": strings.Repeat("b", 64)})
	lost.doubted()
	o.agreed(joko, ratna, lost.attempt("loss"), map[string]any{"reason": "not_found"})
	ends[2].made()
	robbed := ends[2].bagged(joko, "out", "kec.sepauk")
	silent := ends[3]
	silent.returned()
	o.agreed(joko, ratna, "/v1/cards/"+silent.chip+"/retirement", map[string]any{"reason": "damaged", "picture": strings.Repeat("c", 64)})
	sent := o.done(rina, "/v1/destructions", nil)["answer"].(string)
	o.done(rina, "/v1/destructions/"+sent+"/items", map[string]any{"item": silent.chip})
	o.done(rina, "/v1/destructions/"+sent+"/count", map[string]any{"count": 1})
	o.agreed(joko, ratna, "/v1/destructions/"+sent+"/sending", map[string]any{"count": 1, "seal": "SEGEL-77"})
	made, err := o.reg.CardByChip(t.Context(), ktp.ChipUID(silent.chip))
	o.must(err)
	o.agreed(joko, ratna, robbed+"/loss", map[string]any{"reason": "robbed"})
	mislaid := ends[4]
	mislaid.made()
	o.agreed(sari, ratna, "/v1/cards/"+mislaid.chip+"/missing", map[string]any{"reason": "missing"})
	sought, err := o.reg.CardByChip(t.Context(), ktp.ChipUID(mislaid.chip))
	o.must(err)

	o.do(staff["Tono, service officer"], registry.ExamineChip{Chip: ktp.ChipUID(chip), Cause: "inspect.card_genuine", Told: registry.Told{
		Mark: registry.MarkGood, Finding: "Kartu asli.", Steps: []string{"Kartu dapat dipakai."},
		Checks: []registry.ExaminationCheck{{What: "autentikasi chip", Mark: registry.MarkGood, Text: "sah"}},
	}})
	var looked struct{ Items []struct{ Number string } }
	o.see(joko, "/v1/chip-examinations?chip="+chip, &looked)

	o.agreed("guard", ratna, "/v1/sams/0A0B0C0D0E0F0102/issue", map[string]any{"place": "kec.sepauk", "seal": "S-1", "generation": 1, "check": "ABCDEF", "uses": 40, "days": 7})

	o.done(rina, "/v1/lots/LOT-T/test-receipt", map[string]any{"product": "ktp-el-wni", "quantity": 7})
	at, gone := "/v1/applications/"+app+"/papers/", "/v1/applications/"+bad+"/papers/"
	seen := map[string]bool{}
	if w := o.printed("guard", "/v1/breaches/"+breach+"/papers/notice-to-persons", "application/pdf", "to the persons"); w.Code != http.StatusOK || !bytes.HasPrefix(w.Body.Bytes(), []byte("%PDF-")) {
		t.Errorf("the notice to the persons: %d %.200s", w.Code, w.Body)
	}
	if w := o.printed(sari, "/v1/applications/"+mislaid.app+"/papers/return", "application/pdf", "of a card that nobody has"); w.Code != http.StatusConflict {
		t.Errorf("the return note of a card that is missing: %d %.200s", w.Code, w.Body)
	}
	for _, c := range []struct {
		kind, who, target string
		list              bool
		tells             []string // what stands on it
	}{
		{"application_form", sari, at + "form", false, []string{person.Names[0], "Kartu Keluarga"}},
		{"receipt", sari, at + "receipt", false, []string{app, "Surat Pengantar dari RT/RW"}},
		{"confirmation_slip", budi, "", false, []string{person.Names[0], app}},
		{"uniqueness_notice", dewi, at + "uniqueness", false, []string{person.Names[0], "TUNGGAL"}},
		{"card_proof", ratna, "", false, []string{app, person.Names[0]}},
		{"suket", sari, "", false, []string{person.Names[0], person.NIK.Digits()}},
		{"handover_receipt", lina, at + "handover", false, []string{person.Names[0], "KECAMATAN SEPAUK"}},
		{"return_note", sari, gone + "return", false, []string{second.Names[0], worse[len(worse)-8:], "rusak", "Direktorat Jenderal"}},
		{"return_list", rina, "/v1/destructions/" + sent + "/papers/return", true, []string{"DIREKTORAT JENDERAL", "SEGEL-77", silent.person.Names[0], "rusak"}},
		{"subject_access", "guard", at + "subject-access", false, []string{person.Names[0], "permohonan dan data kependudukan"}},
		{"consignment", joko, bag + "manifest", true, []string{person.Names[0], "KECAMATAN SEPAUK"}},
		{"delivery_note", joko, bag + "delivery-note", true, []string{person.Names[0], "KECAMATAN SEPAUK"}},
		{"consignment_receipt", yusuf, bag + "receipt", true, []string{person.Names[0], "KECAMATAN SEPAUK"}},
		{"berita_acara", joko, "/v1/destructions/" + list + "/papers/berita-acara", true, []string{second.Names[0], "SE Mendagri 470.13/11176/SJ", "bekas pakai", "SAKSI LAIN"}},
		{"berita_acara_mute", joko, mute.attempt("papers/surrender"), true, []string{mute.person.Names[0], "Standar pelayanan Kabupaten Sintang"}},
		{"berita_acara_mute", joko, "/v1/attempts/" + made.Attempt.String() + "/papers/surrender", true, []string{silent.person.Names[0], "rusak"}},
		{"berita_acara_lost", joko, lost.attempt("papers/loss"), true, []string{lost.person.Names[0], "PERNYATAAN HILANG"}},
		{"berita_acara_lost", sari, "/v1/attempts/" + sought.Attempt.String() + "/papers/loss", true, []string{mislaid.person.Names[0], "PERNYATAAN HILANG"}},
		{"berita_acara_lost_consignment", joko, robbed + "/papers/loss", true, []string{ends[2].person.Names[0], "PERNYATAAN HILANG"}},
		{"chip_check", "Tono, service officer", "/v1/chip-examinations/" + looked.Items[0].Number + "/papers/slip", false, []string{"Kartu asli.", "autentikasi chip"}},
		{"sam_receipt", "guard", "/v1/sams/0A0B0C0D0E0F0102/papers/receipt", false, []string{"0A0B0C0D0E0F0102", "S-1"}},
		{"shift_sheet", rina, "/v1/shifts/" + shifts.Items[0].ID + "/papers/sheet", true, []string{"hopper/line-1, lot LOT-A", "Hitungan buta sesuai dengan buku."}},
		{"stock_report", rina, "/v1/stock/papers/report", true, []string{"EV-R-1", "LOT-T"}},
		{"inspection_report", "", "/v1/inspections/" + drawn["answer"].(string) + "/papers/report", true, []string{"BENIH-INSPEKTUR", "kartu"}},
		{"complaint_slip", agus, "/v1/complaints/" + complaints.Items[0].ID + "/papers/slip", false, []string{"ANTRE LAMA", "Datang langsung"}},
		{"breach_notice", "guard", "/v1/breaches/" + breach + "/papers/notice", false, []string{"DAFTAR TERTINGGAL DI LOKET", "ditemukan oleh petugas"}},
		{"daily_book", sari, "/v1/daily-book/papers/book", true, []string{person.Names[0], second.Names[0]}},
		{"monthly_report", joko, "/v1/reports/monthly/papers/report?month=" + o.clock.Now().Format("2006-01"), true, []string{"Permohonan diterima", "Kartu dimusnahkan atau dikembalikan"}},
		{"uncollected_list", joko, "/v1/uncollected/papers/list", true, []string{"BELUM DIAMBIL", "Nihil"}},
	} {
		seen["paper."+c.kind] = true
		w := map[string]*httptest.ResponseRecorder{"card_proof": proof, "suket": suket, "confirmation_slip": confirmed}[c.kind]
		if w == nil {
			w = o.printed(c.who, c.target, "application/pdf", c.target)
		}
		pdf := w.Body.Bytes()
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(pdf, []byte("%PDF-")) || paper.Pages(pdf) < 1 {
			t.Errorf("%s: %d %.400s", c.kind, w.Code, pdf)
			continue
		}
		text := strings.Join(strings.Fields(papertest.Text(t, pdf)), " ")
		for _, fact := range c.tells {
			if !strings.Contains(text, fact) {
				t.Errorf("%s does not tell %q: %s", c.target, fact, text)
			}
		}
		p, err := o.reg.Paper(t.Context(), w.Header().Get("Paper-Number"))
		o.must(err)
		if string(p.Kind) != c.kind || p.Pages != paper.Pages(pdf) || p.Copies != 0 || p.State != registry.PaperValid {
			t.Errorf("%s: the register has %+v", c.kind, p)
		}
		if !c.list && c.kind != "receipt" {
			continue
		}
		if again := o.printed(c.who, c.target, "application/pdf", c.target); !bytes.Equal(again.Body.Bytes(), pdf) {
			t.Errorf("%s: the same key gives another paper: %d %.300s", c.kind, again.Code, again.Body)
		}
		if c.kind == "stock_report" || c.kind == "receipt" {
			copied := o.printed(c.who, c.target, "application/pdf", c.target+" copy")
			if copied.Code != 200 || copied.Header().Get("Paper-Number") != p.Number || bytes.Equal(copied.Body.Bytes(), pdf) {
				t.Errorf("%s: no copy of %s: %d %s", c.kind, p.Number, copied.Code, copied.Header().Get("Paper-Number"))
			}
		}
		table := o.printed(c.who, c.target, "text/csv", c.target+" table")
		if lines, err := csv.NewReader(table.Body).ReadAll(); c.list && (table.Code != 200 || err != nil || len(lines) < 1) || !c.list && table.Code != 406 {
			t.Errorf("%s as CSV: %d %v", c.kind, table.Code, err)
		}
	}
	if w := o.printed(rina, "/v1/stock/papers/report", "text/csv", "test stock"); !strings.Contains(w.Body.String(), "LOT-T,uji,0,7,") {
		t.Errorf("the test stock does not stand in the report: %s", w.Body)
	}
	for _, row := range registry.Operations {
		if strings.HasPrefix(string(row.Name), "paper.") && row.Name != "paper.withdraw" && !seen[string(row.Name)] {
			t.Errorf("nobody printed %s", row.Name)
		}
	}
	for _, no := range []string{mute.attempt("papers/loss"), lost.attempt("papers/surrender"), bag + "loss"} {
		if w := o.printed(joko, no, "application/pdf", no); w.Code != 409 && w.Code != 404 && w.Code != 422 {
			t.Errorf("%s was printed of what did not happen: %d", no, w.Code)
		}
	}
	missing := "/v1/attempts/" + sought.Attempt.String() + "/papers/loss"
	for _, no := range []struct{ who, target string }{
		{sari, "/v1/destructions/" + sent + "/papers/return"},
		{yusuf, "/v1/destructions/" + sent + "/papers/return"},
		{yusuf, missing}, // declared by another
		{lina, missing},
		{sari, lost.attempt("papers/loss")},
	} {
		if w := o.printed(no.who, no.target, "application/pdf", no.who+no.target); w.Code != http.StatusForbidden {
			t.Errorf("%s printed by %s: %d", no.target, no.who, w.Code)
		}
	}
	if w := o.printed(ratna, missing, "application/pdf", "by the supervisor"); w.Code != http.StatusOK {
		t.Errorf("the supervisor has no berita acara of a missing card: %d %.300s", w.Code, w.Body)
	}
	o.keepsNobody(person.Names[0], second.Names[0], person.NIK.Digits(), second.NIK.Digits())
}

// A paper about what was done under one service standard tells of that one, whichever is in force when it is printed.
func TestPapersKeepTheirStandard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sari := "Sari, service officer"
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	o.unique(app, fingers)
	chip := o.made(app)
	o.done(sari, "/v1/applications/"+app+"/return", map[string]any{"chip": chip, "reason": "damaged"})
	at := "/v1/applications/" + app + "/papers/"
	first := o.printed(sari, at+"receipt", "application/pdf", "first").Header().Get("Paper-Number")
	o.clock.Advance(time.Hour)
	o.uses("national-2018")
	for word, want := range map[string]string{
		"receipt": "Surat Pengantar dari RT/RW", "form": "Surat Pengantar dari RT/RW", "return": "dikembalikan ke Direktorat Jenderal",
	} {
		w := o.printed(sari, at+word, "application/pdf", word)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", word, w.Code, w.Body)
		}
		if text := strings.Join(strings.Fields(papertest.Text(t, w.Body.Bytes())), " "); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in %s", word, want, text)
		}
		if number := w.Header().Get("Paper-Number"); word == "receipt" && number != first {
			t.Errorf("the receipt %s became %s with the standard", first, number)
		}
	}
}

// keepsNobody looks for persons in the register of papers, in its lists and in its events.
func (o *office) keepsNobody(secrets ...string) {
	o.t.Helper()
	events, err := o.reg.Events(o.t.Context(), 0, 10000, audit.Filter{Code: "paper."})
	o.must(err)
	all, err := o.reg.Papers(o.t.Context(), registry.PaperFilter{Limit: 1000})
	o.must(err)
	text := fmt.Sprint(events, all) + o.ask(http.MethodGet, "/v1/papers?limit=500").Body.String()
	if len(events) == 0 || slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) }) {
		o.t.Errorf("%d events; or the register of papers names somebody", len(events))
	}
}

// A code proves what a paper is, until it is withdrawn or replaced; what the ledger does not hold is not printed.
func TestPapersAreProved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sari, agus, ratna := "Sari, service officer", "Agus, complaint officer", "Ratna, supervisor"
	proves := func(number string) (out struct{ Kind, State, Office string }) {
		p, err := o.reg.Paper(t.Context(), number)
		o.must(err)
		o.see(sari, "/v1/paper-codes/"+strings.ToLower(p.Code), &out)
		return out
	}
	o.done(sari, "/v1/complaints", map[string]any{"channel": "in_person", "subject": "waiting", "text": "ANTRE LAMA", "name": "PELAPOR", "contact": "0812000111"})
	var list struct{ Items []struct{ ID string } }
	o.see(agus, "/v1/complaints", &list)
	at := "/v1/complaints/" + list.Items[0].ID
	first := o.printed(sari, at+"/papers/slip", "application/pdf", "1").Header().Get("Paper-Number")
	if got := proves(first); got.Kind != "complaint_slip" || got.State != "valid" || got.Office != "61.05" {
		t.Errorf("%+v", got)
	}
	o.done(agus, at+"/verification", map[string]any{"finding": "right", "matter": "SATU LOKET TUTUP"})
	if w := o.printed(sari, at+"/papers/slip", "application/pdf", "1"); w.Code != 409 {
		t.Errorf("an old key printed another paper under its number: %d", w.Code)
	}
	newer := o.printed(sari, at+"/papers/slip", "application/pdf", "2").Header().Get("Paper-Number")
	if newer == first || proves(first).State != "replaced" || proves(newer).State != "valid" {
		t.Errorf("%s after %s: %+v, %+v", newer, first, proves(first), proves(newer))
	}
	o.done(ratna, "/v1/papers/"+newer+"/withdrawal", map[string]any{"reason": "wrong_person"})
	if proves(newer).State != "withdrawn" {
		t.Errorf("%+v", proves(newer))
	}
	o.refused(ratna, "/v1/papers/"+newer+"/withdrawal", map[string]any{"reason": "wrong_person"}, "registry.wrong_state")

	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, nil)
	for _, word := range []string{"uniqueness", "suket", "handover", "return", "proof"} {
		who := map[string]string{"uniqueness": "Dewi, data center officer", "proof": ratna}[word]
		if who == "" {
			who = sari
		}
		w := o.printed(who, "/v1/applications/"+app+"/papers/"+word, "application/pdf", word)
		var problem struct{ Code string }
		o.must(json.Unmarshal(w.Body.Bytes(), &problem))
		if w.Code != 409 || problem.Code != "web.nothing_to_tell" {
			t.Errorf("%s of what was not done: %d %s", word, w.Code, w.Body)
		}
	}

	o.unique(app, fingers)
	o.done(sari, "/v1/applications/"+app+"/suket", nil)
	suket := o.printed(sari, "/v1/applications/"+app+"/papers/suket", "application/pdf", "s").Header().Get("Paper-Number")
	p, err := o.reg.Paper(t.Context(), suket)
	o.must(err)
	before := proves(suket).State
	o.clock.Advance(200 * 24 * time.Hour)
	after, err := o.reg.PaperByCode(t.Context(), p.Code)
	o.must(err)
	if before != "valid" || after.State != registry.PaperWithdrawn {
		t.Errorf("a certificate is %s, and when its time is over %s", before, after.State)
	}
}
