package console_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web/console"
)

// What another does is on the page by itself, and the page was never loaded anew: what somebody types there meanwhile stays,
// with the focus in it and the page where it was scrolled to.
func TestPagesAreTrueByThemselves(t *testing.T) {
	t.Parallel()
	const chip = ktp.ChipUID("0000A0B0C0D000000001")
	sari, heard, dewi := staffOf(access.ServiceOfficer), staffOf(access.ComplaintOfficer), staffOf(access.DatacenterOfficer)
	o := newOffice(t, admin, boss, keeper, sari, heard, dewi)
	o.room(2)
	o.make(o.next(), chip, "")
	o.work()
	v := o.visit()
	who := ""
	for _, p := range []struct {
		by    access.Actor
		page  string
		field string // that is filled in meanwhile; empty: the page has none
		does  func()
		part  string
		says  string
	}{
		{admin, "devices", "", func() {
			o.must(o.reg.Tell(t.Context(), []registry.Reading{{Device: "sintang-1.ups", Kind: registry.DeviceUPS, Model: "5E 650i", Gauges: []registry.Gauge{{Of: registry.GaugeBattery, Value: 31, Full: 100}}}}))
		}, "perangkat", "Baterai: 31 %"},
		{dewi, "devices", "#open-code", func() { o.as(dewi, registry.OpenIncident{Cause: "network", Place: "61.05.01"}) }, "perangkat", "jaringan"},
		{keeper, "stock", "#receive-lot", func() {
			o.as(keeper, registry.ReceiveBlanks{Lot: "LOT-NEW", Product: ktp.ProfileCitizen, Quantity: 7})
		}, "stok", "LOT-NEW"},
		{keeper, "destruction", "", func() { o.as(admin, registry.OpenDestruction{}) }, "pemusnahan", admin.ID},
		{keeper, "destruction_one", "#add-item", func() {
			o.as(admin, registry.CancelDestruction{Destruction: o.names["destruction"]})
		}, "isi-pemusnahan", "dibatalkan"},
		{admin, "shipping", "", func() { o.as(admin, registry.CancelConsignment{Consignment: o.names["consignment"]}) }, "kiriman-selesai", o.names["consignment"]},
		{sari, "applications", "", func() { o.as(center, delivery(51)) }, "permohonan", "req-51"},
		{admin, "application", "#batal-note", func() {
			o.as(admin, registry.HoldApplication{Application: id(2), Because: registry.Because{Reason: "check"}})
		}, "riwayat", "permohonan ditahan"},
		{admin, "card", "", func() {
			o.as(boss, registry.HoldCard{Chip: chip, Because: registry.Because{Reason: "police"}})
		}, "kartu", "ditahan"},
		{heard, "complaints", "#register-text", func() {
			o.as(heard, registry.RegisterComplaint{Channel: "box", Subject: "officer", Text: "Petugas lain."})
		}, "pengaduan", "petugas"},
		{heard, "complaint", "#verify-text", func() {
			o.as(heard, registry.AssignComplaint{Complaint: o.names["complaint"], Person: heard.ID})
		}, "satu-pengaduan", heard.ID},
		{sari, "counter", "", func() { o.as(sari, registry.TakeTicket{}); o.as(sari, registry.CallNext{}) }, "loket", "dipanggil"},
	} {
		if p.by.ID != who {
			v.leave()
			v.signIn(p.by)
			who = p.by.ID
		}
		i := slices.IndexFunc(console.PageRows(), func(r console.PageRow) bool { return r.ID == p.page })
		path := strings.NewReplacer("{application}", string(id(2)), "{chip}", string(chip)).Replace(console.PageRows()[i].Path)
		v.open(o.pathOf(path))
		v.see("body[data-stream=open]")
		part := "#part-" + p.part
		if strings.Contains(v.read(part), p.says) {
			t.Errorf("%s says %q before", p.page, p.says)
		}
		ask[bool](v, `window.same = true`)
		const typed = "sedang diisi"
		if p.field != "" {
			ask[any](v, `(() => { const f = document.querySelector(`+quoted(p.field)+`); for (let d = f.closest('details'); d; d = d.parentElement.closest('details')) { d.open = true; } f.value = `+quoted(typed)+`; f.focus(); window.scrollTo(0, 120); })()`)
		}
		o.clock.Advance(time.Second)
		p.does()
		v.until(part, p.says)
		if p.field == "" {
			continue
		}
		if got := ask[string](v, `document.querySelector(`+quoted(p.field)+`).value`); got != typed || !ask[bool](v, `window.same === true`) {
			t.Errorf("%s: %q is in %s, or the page was loaded anew", p.page, got, p.field)
		}
		if at := ask[string](v, `'#' + document.activeElement.id`); at != p.field {
			t.Errorf("%s: the focus went to %s", p.page, at)
		}
	}
}

// A form that shows what changes waits, with what was chosen in it, and says so; whoever wants to see the change is shown it,
// and what was chosen is still chosen.
func TestBegunChoiceWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss)
	for n := 1; n <= 3; n++ {
		o.as(center, delivery(n))
	}
	v := o.visit()
	v.signIn(boss)
	v.open("/persetujuan")
	v.see("body[data-stream=open]")
	v.do(chromedp.Click(chromedp.CSS("#a-" + string(id(2)))))
	ask[any](v, `document.activeElement.blur()`)
	o.as(center, delivery(4))
	v.see("#changed")
	if v.read("#a-"+string(id(4))) != "" || ask[bool](v, `document.getElementById('a-`+string(id(4))+`') !== null`) {
		t.Error("the list changed under the hand")
	}
	v.clean("changed")
	v.do(chromedp.Click(chromedp.CSS("#show-changed")))
	v.see("#a-" + string(id(4)))
	v.do(chromedp.WaitNotVisible(chromedp.CSS("#changed")))
	if !ask[bool](v, `document.getElementById('a-`+string(id(2))+`').checked`) {
		t.Error("what was chosen is not chosen any more")
	}
	o.as(boss, registry.Approve{Application: id(4)}) // another one marked stays where its record goes
	v.see("#changed")
}

// What was typed for something that cannot be done any more is not taken away: the page says that it has changed.
func TestTypedForWhatIsOverWaits(t *testing.T) {
	t.Parallel()
	heard := staffOf(access.ComplaintOfficer)
	o := newOffice(t, heard)
	c := o.as(heard, registry.RegisterComplaint{Channel: "box", Subject: "waiting", Text: "Antre lama."}).Answer
	all, err := o.reg.ListComplaints(t.Context(), registry.ComplaintFilter{Limit: 1})
	o.must(err)
	v := o.visit()
	v.signIn(heard)
	v.open("/pengaduan/" + all[0].ID)
	v.see("body[data-stream=open]")
	v.fill("#verify-text", "sudah dicek")
	o.as(heard, registry.VerifyComplaint{Complaint: all[0].ID, Finding: "right", Matter: "Benar."})
	v.see("#changed")
	if got := ask[string](v, `document.getElementById('verify-text').value`); got != "sudah dicek" {
		t.Errorf("%s: %q", c, got)
	}
	v.do(chromedp.Click(chromedp.CSS("#show-changed")))
	v.see("#answer")
	if ask[bool](v, `document.getElementById('verify-text') !== null`) {
		t.Error("what is over is still offered")
	}
}

// A count that was begun waits where the heaps change under it; whoever wants to see the change counts on with one more field.
func TestBegunCountWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t, keeper)
	o.room(0)
	v := o.visit()
	v.signIn(keeper)
	v.open("/giliran")
	v.see("body[data-stream=open]")
	const first, second = "open-shift-heap|store|LOT-A", "open-shift-heap|store|LOT-NEW"
	field := func(id string) string { return "document.getElementById(" + quoted(id) + ")" }
	ask[any](v, field(first)+`.value = '420'`)
	o.as(keeper, registry.ReceiveBlanks{Lot: "LOT-NEW", Product: ktp.ProfileCitizen, Quantity: 7})
	v.see("#changed")
	if ask[bool](v, field(second)+` !== null`) {
		t.Error("the form changed under the hand")
	}
	v.do(chromedp.Click(chromedp.CSS("#show-changed")))
	v.do(chromedp.WaitNotVisible(chromedp.CSS("#changed")))
	if got := ask[string](v, field(first)+`.value`); got != "420" || !ask[bool](v, field(second)+` !== null`) {
		t.Errorf("counted %q, or the new lot is not asked for", got)
	}
}

// A page asks again for what shows a kind of thing alone: other news cost nothing.
func TestPartsAskForTheirKindAlone(t *testing.T) {
	t.Parallel()
	heard := staffOf(access.ComplaintOfficer)
	o := newOffice(t, heard, admin)
	o.room(1)
	v := o.visit()
	v.signIn(heard)
	v.open("/pengaduan")
	v.see("body[data-stream=open]")
	v.see("body[data-event]")
	o.as(heard, registry.RegisterComplaint{Channel: "box", Subject: "officer", Text: "Satu."})
	newest, err := o.reg.NewestEvent(t.Context())
	o.must(err)
	v.see(fmt.Sprintf(`body[data-event="%d"]`, newest)) // what was asked for as the page opened may have it already
	v.until("#part-pengaduan", "petugas")
	v.see("body:not(:has(.live.htmx-request))")
	o.asked.take()
	for range 3 {
		o.as(admin, registry.PauseLine{Line: "lini-1", Because: registry.Because{Reason: "operator"}})
		o.as(admin, registry.ResumeLine{Line: "lini-1"})
		newest, err := o.reg.NewestEvent(t.Context())
		o.must(err)
		v.see(fmt.Sprintf(`body[data-event="%d"]`, newest))
	}
	o.as(heard, registry.RegisterComplaint{Channel: "box", Subject: "fee", Text: "Dua."})
	v.until("#part-pengaduan", "pungutan")
	if asked := o.asked.take(); asked["pengaduan"] != 1 || asked["mark"] < 4 {
		t.Errorf("asked for %v", asked)
	}
}

// What a part waits for is a kind of event that there is, or news beside events.
func TestPartsWaitForWhatThereIs(t *testing.T) {
	t.Parallel()
	known := slices.Clone(console.NewsBesideEvents)
	for code := range registry.EventWords {
		kind, _, _ := strings.Cut(code, ".")
		known = append(known, kind)
	}
	for _, p := range console.PartRows() {
		for _, kind := range p.Of {
			if !slices.Contains(known, kind) {
				t.Errorf("%s waits for %q", p.ID, kind)
			}
		}
	}
}

// stays is a page that is never loaded again, on which something comes by itself.
func (v *visitor) stays(path, part, says string, does func()) {
	v.t.Helper()
	v.open(path)
	v.see("body[data-stream=open]")
	v.see("body[data-event]")
	if strings.Contains(v.read(part), says) {
		v.t.Errorf("%s says %q before", path, says)
	}
	v.clock.Advance(time.Second)
	does()
	v.until(part, says)
}

// What a machine brings, and no person at a page, is shown there by itself: the result of a search, and a counter computer
// that was paired.
func TestWhatMachinesBringIsShown(t *testing.T) {
	t.Parallel()
	dewi := staffOf(access.DatacenterOfficer)
	o := newOffice(t, dewi, guard)
	app := o.examinedOf(1)
	o.captured(app)
	o.as(staffOf(access.EnrolmentOperator), registry.Send{Application: app})
	o.as(center, registry.TakeEnrolment{Application: app, Encounter: 1})
	v := o.visit()
	v.signIn(dewi)
	v.stays("/ketunggalan", "#part-ketunggalan", string(app), func() {
		o.as(center, registry.ReceiveResult{Application: app, Encounter: 1, Sequence: 5, Result: registry.ResultAdjudicate})
	})
	v.leave()
	v.signIn(guard)
	v.stays("/meja", "#part-meja", "loket-1", o.paired)
}

// What a second person agreed to elsewhere turns the page of the first: a shift that is open and can be closed, a face that
// is approved, somebody who may come in; so does what a colleague did on the same thing.
func TestSecondPersonTurnsThePage(t *testing.T) {
	t.Parallel()
	auditor, dewi := staffOf(access.Auditor), staffOf(access.DatacenterOfficer)
	o := newOffice(t, keeper, admin, guard, auditor, dewi)
	o.room(0)
	o.made(1, "0000A0B0C0D000000001")
	v := o.visit()
	v.signIn(keeper)
	v.stays("/giliran", "#part-giliran", "Tutup giliran", func() {
		o.as(keeper, registry.OpenShift{Second: boss, Counts: []registry.Counted{
			{Heap: registry.Heap{Kind: registry.CountedBlank, Place: "store", Lot: "LOT-A"}, Quantity: 420}, {Heap: registry.Heap{Kind: registry.CountedBlank, Place: "hopper/lini-1", Lot: "LOT-A"}, Quantity: 79},
		}})
	})
	v.leave()
	v.signIn(admin)
	v.stays("/rancangan", "#part-rancangan", "sama dengan yang disetujui", func() {
		o.as(admin, registry.ApproveDesign{Kind: registry.DesignProfile, Title: "ktp-el-op", Version: "1.0", Hash: strings.Repeat("c3", 32), Signature: []byte("signed"), Second: boss})
	})
	v.leave()
	v.signIn(guard)
	v.stays("/pengguna", "#part-pengguna", "orang-baru", func() {
		o.as(guard, registry.SetPerson{ID: "orang-baru", FullName: "ORANG BARU", Roles: []access.Role{access.StockKeeper}, Active: true, Second: boss})
	})
	v.leave()
	v.signIn(dewi)
	outage := o.as(dewi, registry.OpenIncident{Cause: "power"}).Answer
	v.stays("/perangkat/gangguan/"+outage, "#part-gangguan", "berakhir", func() { o.as(dewi, registry.EndIncident{Incident: outage}) })
	v.leave()
	v.signIn(auditor)
	drawn := o.as(auditor, registry.DrawInspection{Seed: "benih-1234", Cards: 1}).Answer
	i, err := o.reg.InspectionByID(t.Context(), drawn)
	o.must(err)
	v.stays("/inspeksi/"+drawn, "#part-isi-inspeksi", "1 / 1", func() { o.as(auditor, registry.PresentItem{Inspection: drawn, Item: i.Items[0].Item}) })
}

// What a colleague or a program did turns the page of one thing, too: a SAM, somebody's tokens, two persons who are compared, a
// list of residents, a place.
func TestColleaguesTurnThePage(t *testing.T) {
	t.Parallel()
	dewi := staffOf(access.DatacenterOfficer)
	o := newOffice(t, admin, guard, dewi)
	_, second := o.alike()
	v := o.visit()
	v.signIn(guard)
	const serial = "00112233445566BB"
	v.stays("/sam", "#part-sam", serial, func() {
		o.as(guard, registry.IssueSAM{Serial: serial, Generation: 1, Check: "a1b2c3", Seal: "S-2", Uses: 500, Days: 7, Second: boss})
	})
	v.stays("/sam/"+serial, "#part-satu-sam", "dikembalikan", func() {
		o.as(guard, registry.TakeBackSAM{Serial: serial, Because: registry.Because{Reason: "broken"}, Second: boss})
	})
	v.stays("/pengguna/"+dewi.ID, "#part-masuk", "loket-antrean", func() {
		_, hash, err := access.NewToken(nil)
		o.must(err)
		o.as(guard, registry.IssueToken{ID: "loket-antrean", Person: dewi.ID, Kind: access.APIToken, Hash: hex.EncodeToString(hash[:]), ExpiresAt: o.clock.Now().AddDate(0, 0, 9), Second: boss})
	})
	v.leave()
	v.signIn(dewi)
	v.stays("/daftar-wajib", "#part-daftar-wajib", "dpt-9", func() {
		o.as(dewi, registry.ImportResidents{Version: "dpt-9", Rows: []registry.Resident{{ID: "row-3", Person: townsman(3)}}})
	})
	v.stays("/ketunggalan/"+string(second), "#part-perbandingan", "Bukan ganda", func() {
		o.as(dewi, registry.AdjudicateResult{Application: second, Decision: registry.SamePerson, Because: registry.Because{Reason: "data_agree"}})
	})
	v.leave()
	v.signIn(admin)
	v.stays("/tempat", "#part-tempat", "KECAMATAN BARU", func() {
		o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
		o.as(admin, registry.SetPlace{ID: "61.05.09", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN BARU", Parent: "dinas", Region: "61.05.09", Active: true})
	})
}

// Whose roles a colleague changes meanwhile is not set back by a form that was begun before: it waits, and then shows them. The
// link of an invitation, which may be copied already, stays.
func TestBegunPersonWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t, guard, keeper)
	v := o.visit()
	v.signIn(guard)
	v.open("/pengguna/" + keeper.ID)
	v.see("body[data-stream=open]")
	link := v.read("#invite .secret")
	v.fill("#person-full_name", "PENJAGA GUDANG")
	ask[any](v, `document.activeElement.blur()`)
	o.as(guard, registry.SetPerson{ID: keeper.ID, FullName: "PENJAGA", Roles: []access.Role{access.StockKeeper, access.Auditor}, Active: true, Second: boss})
	v.see("#changed")
	if ask[bool](v, `document.getElementById('person-role-auditor').checked`) {
		t.Error("the form changed under the hand")
	}
	v.do(chromedp.Click(chromedp.CSS("#show-changed")), chromedp.WaitNotVisible(chromedp.CSS("#changed")))
	if got := ask[string](v, `document.getElementById('person-full_name').value`); got != "PENJAGA GUDANG" || !ask[bool](v, `document.getElementById('person-role-auditor').checked`) {
		t.Errorf("%q was typed, or the new role is not shown", got)
	}
	if now := v.read("#invite .secret"); now == "" || now != link {
		t.Errorf("the link was %q and is %q", link, now)
	}
}
