package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/store"
)

// alike brings the applications of two persons to where the second is alike to the first, as a station that searches
// by itself finds it.
func (o *office) alike() (first, second registry.ApplicationID) {
	o.t.Helper()
	dewi, sari := staffOf(access.DatacenterOfficer), staffOf(access.ServiceOfficer)
	other := townsman(2)
	other.Names, other.Street, other.Occupation = []string{"WARGA CONTOH"}, "JALAN LAIN 9", ""
	o.as(dewi, registry.ImportResidents{Version: "dpt-1", Rows: []registry.Resident{{ID: "row-1", Person: townsman(1)}, {ID: "row-2", Person: other}}})
	o.as(dewi, registry.UseResidents{Version: "dpt-1", Residents: 2})
	var ids []registry.ApplicationID
	for _, nik := range []ktp.NIK{townsman(1).NIK, other.NIK} {
		app := o.as(sari, registry.Register{Type: ktp.TypeNew, NIK: nik, Requirements: []registry.Presented{{ID: "family_card"}, {ID: "rt_rw_letter"}}}).Application
		for _, class := range []string{registry.AttachmentForm, "requirement.family_card", "requirement.rt_rw_letter"} {
			o.as(sari, registry.Attach{Application: app, Class: class, MIME: "application/pdf", Data: []byte("%PDF-1.4")})
		}
		o.as(sari, registry.Examine{Application: app})
		o.captured(app)
		o.as(staffOf(access.EnrolmentOperator), registry.Send{Application: app})
		o.as(center, registry.TakeEnrolment{Application: app, Encounter: 1})
		ids = append(ids, app)
	}
	o.as(center, registry.ReceiveResult{Application: ids[1], Encounter: 1, Sequence: 5, Result: registry.ResultAdjudicate, Reason: "searched_here"})
	o.as(dewi, registry.ReadResult{Application: ids[1]})
	o.must(o.store.Write(o.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`insert into candidate (application, other, score) values (?, ?, 87)`, ids[1], ids[0])
		return err
	}))
	return ids[0], ids[1]
}

// The dispatcher leads to two persons side by side: masked, with what differs marked; open to who asked, which is two
// looks; decided by the keyboard alone.
func TestCompareTwoPersons(t *testing.T) {
	t.Parallel()
	dewi := staffOf(access.DatacenterOfficer)
	o := newOffice(t, dewi)
	first, second := o.alike()
	v := o.visit()
	v.signIn(dewi)
	v.expect("a status of 403") // the face that is asked for without a look
	v.open("/ketunggalan")
	v.click("#next-adjudicate")
	if at := v.where(); at != "/ketunggalan/"+string(second) {
		t.Fatalf("at %s", at)
	}
	marks := func(mark string) int {
		return ask[int](v, `document.querySelectorAll('.compared .`+mark+`').length`)
	}
	nobodySeen := func() {
		t.Helper()
		if n := marks("differs") + marks("same"); n != 0 || marks("unseen") == 0 {
			t.Errorf("%d marks tell of who was not looked at: %s", n, v.read(".pair"))
		}
	}
	nobodySeen()
	if text := v.read(".pair"); strings.Contains(text, "CONTOH") || strings.Contains(text, "JALAN") || !strings.Contains(text, "skor 87") || !strings.Contains(text, "minta lihat keduanya") ||
		!strings.Contains(text, "tidak dapat dibandingkan") || ask[int](v, `document.querySelectorAll('.portrait img').length`) != 0 {
		t.Errorf("masked: %s", text)
	}
	o.as(dewi, registry.Unmask{Application: second, Because: registry.Because{Reason: "check"}})
	v.open("/ketunggalan/" + string(second))
	nobodySeen()
	if status := promised[int](v, `fetch('/ketunggalan/`+string(first)+`/foto').then(r => r.status)`); status != http.StatusForbidden {
		t.Errorf("a portrait that nobody asked to see: %d", status)
	}
	v.do(chromedp.Click(chromedp.CSS("#look summary")))
	v.fill("#look-reason", "check")
	v.click("#look button")
	if text := v.read(".pair"); !strings.Contains(text, "WARGA CONTOH") || !strings.Contains(text, "JALAN CONTOH 1") {
		t.Errorf("open: %s", text)
	}
	if got := marks("differs"); got != 2*3 || marks("unseen") != 0 { // name, NIK, address; on both sides
		t.Errorf("%d differ: %s", got, v.read(".pair"))
	}
	if n := promised[int](v, `Promise.all([...document.querySelectorAll('.portrait img')].map(i => i.decode())).then(l => l.length)`); n != 2 {
		t.Errorf("%d portraits", n)
	}
	v.fill("#adjudicate-reason", "faces_differ")
	v.do(chromedp.Focus(chromedp.CSS("#different")))
	_, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent("\r")))
	v.must(err)
	if told := v.read("#done"); !strings.Contains(told, "Putuskan") {
		t.Errorf("told %q", told)
	}
	if d, err := o.reg.Application(t.Context(), second); err != nil || d.Application.State != registry.AtCenter || v.where() != "/ketunggalan" {
		t.Errorf("%s, %v, at %s", d.Application.State, err, v.where())
	}
}

// Where a center named nobody, the page says what to do as long as something is to be decided, and that nothing is
// afterwards.
func TestCompareWithNobody(t *testing.T) {
	t.Parallel()
	dewi := staffOf(access.DatacenterOfficer)
	o := newOffice(t, dewi)
	first, _ := o.alike()
	o.as(center, registry.ReceiveResult{Application: first, Encounter: 1, Sequence: 5, Result: registry.ResultAdjudicate})
	o.as(dewi, registry.ReadResult{Application: first})
	c := o.comes(dewi)
	c.open("/ketunggalan/" + string(first))
	if says := c.says(); !strings.Contains(says, "Tidak ada kandidat yang disebut") || !strings.Contains(says, "Tanyakan kepada pusat data") {
		t.Errorf("undecided: %s", says)
	}
	o.as(dewi, registry.AdjudicateResult{Application: first, Decision: registry.SamePerson, Because: registry.Because{Reason: "data_agree"}})
	c.open("/ketunggalan/" + string(first))
	c.send("/ketunggalan/"+string(first)+"/tutup", url.Values{"reason": {"same_person"}}, nil)
	c.open("/ketunggalan/" + string(first))
	if says := c.says(); !strings.Contains(says, "Tidak ada yang perlu diputuskan di sini") || strings.Contains(says, "Tanyakan kepada pusat data") {
		t.Errorf("decided: %s", says)
	}
}
