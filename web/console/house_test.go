package console_test

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// sends fills in a form by the names of its fields and sends it; one that is folded up is opened first.
func (v *visitor) sends(id string, values map[string]string) {
	v.t.Helper()
	if !v.keys && ask[bool](v, `document.querySelector(`+quoted("details#"+id+":not([open])")+`) !== null`) {
		v.do(chromedp.Click(chromedp.CSS("#" + id + " > summary")))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v.fill("#"+id+"-"+name, values[name])
	}
	v.click("#" + id + " button[type=submit]")
	v.succeeds()
}

// succeeds is what the page says of the act before: that it was done.
func (v *visitor) succeeds() {
	v.t.Helper()
	v.do(chromedp.WaitReady(chromedp.CSS("#done, #problem")))
	if text := v.read("#problem"); text != "" {
		v.keep("failed")
		v.t.Fatalf("at %s: %s", v.where(), text)
	}
}

// agrees opens the one proposal that waits, sees what it would change, and carries it out.
func (v *visitor) agrees() {
	v.t.Helper()
	v.open("/persetujuan")
	v.click("#part-usulan a[href^='/persetujuan/']")
	v.click("#agree")
	v.succeeds()
}

func (v *visitor) clean(what string) {
	v.t.Helper()
	if v.width > 0 {
		what = fmt.Sprintf("%s-%d", what, v.width)
	}
	v.keep("walk-" + what)
	if found := v.violations(); len(found) > 0 {
		v.t.Errorf("%s: %v", what, found)
	}
	if wide := ask[int64](v, `document.documentElement.scrollWidth`); v.width > 0 && wide > v.width {
		v.t.Errorf("%s is %d wide", what, wide)
	}
}

// The house by its pages alone, across roles and in both languages: records let to print by a batch, one of them
// before the others and one held; cards packed, received, sent back and redirected; one destroyed by two persons;
// one handed to a proxy; a complaint from outside, answered; a ledger that was put back, accepted by two.
func TestWalkThroughTheHouse(t *testing.T) {
	t.Parallel()
	sari, heard, dewi := staffOf(access.ServiceOfficer), staffOf(access.ComplaintOfficer), staffOf(access.DatacenterOfficer)
	tono := access.Actor{ID: "kecamatan-2", Roles: []access.Role{access.KecamatanOperator}, Place: "61.05.01"}
	other := access.Actor{ID: "kecamatan-3", Roles: []access.Role{access.KecamatanOperator}, Place: "61.05.02"}
	o := newOffice(t, admin, boss, keeper, sari, heard, dewi)
	o.room(0)
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	for id, name := range map[string]string{"61.05.01": "KECAMATAN SATU", "61.05.02": "KECAMATAN DUA"} {
		o.as(admin, registry.SetPlace{ID: id, Kind: registry.PlaceKecamatan, PlaceName: name, Parent: "dinas", Region: "61.05.01", Active: true})
	}
	o.employ(tono)
	o.employ(other)
	for n := 1; n <= 3; n++ {
		o.as(center, delivery(n))
	}
	chief, room, there := o.visit(), o.visit(), o.visit()
	chief.signIn(boss)
	room.signIn(admin)
	there.signIn(tono)

	// Approvals, in English: three at once, after the sample was opened.
	chief.open("/persetujuan")
	chief.language("en")
	for n := 1; n <= 3; n++ {
		chief.do(chromedp.Click(chromedp.CSS("#a-" + string(id(n)))))
	}
	chief.click("form[action='/persetujuan/kumpulan'] button")
	for first := true; ask[bool](chief, `document.querySelector('[id^=open-req]') !== null`); first = false {
		if !ask[bool](chief, `document.querySelector('#approve-batch').disabled`) {
			t.Fatal("the batch can be approved before its sample was opened")
		}
		opened := strings.TrimPrefix(ask[string](chief, `document.querySelector('[id^=open-req]').id`), "open-")
		chief.click("#open-" + opened)
		chief.succeeds()
		n := strings.TrimPrefix(opened, "req-")
		if data := chief.read("main"); !strings.Contains(data, "PENDUDUK "+n) || !strings.Contains(data, "610501410790000"+n) {
			t.Errorf("the opened sample %s shows %s", opened, data)
		}
		if wide := promised[int](chief, `(i => i.decode().then(() => i.naturalWidth))(document.querySelector('.face img'))`); wide != 856 {
			t.Errorf("the face of %s is %d wide", opened, wide)
		}
		chief.clean("sample")
		if !first {
			chief.click("#to-batch")
			continue
		}
		chief.click(".menu a[href='/persetujuan']") // somebody who is called away finds the batch again
		chief.click("main a[href^='/persetujuan/kumpulan/']")
		chief.click("#again-" + opened)
		chief.click("#to-batch")
	}
	chief.click("#approve-batch")
	chief.succeeds()

	// Places, an order before others (by the keyboard alone), the queue, and a hold that is shown as it comes.
	for n := 1; n <= 2; n++ {
		room.open("/permohonan/" + string(id(n)))
		room.sends("redirect", map[string]string{"to": "61.05.01", "reason": "moved"})
	}
	room.open("/permohonan/" + string(id(3)))
	ask[any](room, `document.querySelector('#mark > summary').focus()`)
	room.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	room.succeeds()
	chief.agrees()
	for n := 1; n <= 3; n++ {
		room.open("/permohonan/" + string(id(n)))
		room.click("#queue")
	}
	room.open("/cetak")
	room.see("body[data-stream=open]")
	if text := room.read("#part-antre"); strings.Index(text, "req-3") > strings.Index(text, "req-1") || !strings.Contains(text, "req-2") {
		t.Errorf("the queue: %s", text)
	}
	o.as(center, registry.HoldRecord{ID: id(2), Reason: "court"})
	room.until("#part-antre", "ditahan pusat")
	o.as(center, registry.ReleaseRecord{ID: id(2)})
	chips := map[registry.ApplicationID]ktp.ChipUID{}
	for _, chip := range []ktp.ChipUID{"0000A0B0C0D000000001", "0000A0B0C0D000000002", "0000A0B0C0D000000003"} {
		o.make(o.next(), chip, "")
		c, err := o.reg.CardByChip(t.Context(), chip)
		o.must(err)
		chips[c.Application] = chip
	}

	// Out to the kecamatan, scanned in there; one comes back, one goes on to another.
	bag := func(v *visitor, kind, to string, cards ...registry.ApplicationID) string {
		v.open("/pengiriman")
		v.sends("open", map[string]string{"consignment_kind": kind, "to": to})
		at := v.where()
		for _, app := range cards {
			_, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent(string(chips[app])+kb.Enter))) // as a scanner does
			v.must(err)
			v.succeeds()
		}
		v.sends("seal", map[string]string{"seal": "S-" + kind})
		v.sends("ship", nil)
		return at
	}
	at := bag(room, "out", "61.05.01", id(1), id(2))
	there.open(at)
	there.sends("receive", map[string]string{"seal": "S-out", "chips": string(chips[id(1)]) + "\n" + string(chips[id(2)])})
	there.clean("received")
	there.open("/kecamatan")
	there.sends("return", map[string]string{"application": string(id(1)), "chip": string(chips[id(1)]), "reason": "damaged"})
	at = bag(there, "back", "dinas", id(1))
	room.open(at)
	room.sends("receive", map[string]string{"seal": "S-back", "chips": string(chips[id(1)])})
	room.open("/permohonan/" + string(id(2)))
	room.sends("redirect", map[string]string{"to": "61.05.02", "reason": "moved"})
	at = bag(there, "redirect", "61.05.02", id(2))
	far := o.comes(other)
	far.by(at, at+"/terima", url.Values{"seal": {"S-redirect"}, "chips": {string(chips[id(2)])}}, nil)
	if s := o.state(id(2)); s != registry.Delivered {
		t.Errorf("the redirected one is %s", s)
	}

	there.leave()
	there.signIn(keeper)
	destroys(room, chief, there, chips[id(1)])

	// To a proxy, with a letter, as a supervisor's exception.
	there.leave()
	there.signIn(sari)
	there.open("/kecamatan")
	there.shows(sari, chips[id(3)])
	there.sends("proxy", map[string]string{
		"application": string(id(3)), "chip": string(chips[id(3)]), "proxy_nik": townsman(9).NIK.Digits(), "proxy_name": "PENERIMA", "letter": "SK/3", "reason": "ill",
	})
	chief.agrees()
	o.cardIs(chips[id(3)], registry.CardInForce, "")

	// A complaint that came from outside, in English, until it is closed.
	o.as(center, registry.RegisterComplaint{Channel: "website", Subject: "waiting", Text: "Belum jadi.", FullName: "WARGA", Contact: "0812"})
	there.leave()
	there.signIn(heard)
	there.open("/pengaduan")
	there.language("en")
	there.click("main td a[href^='/pengaduan/']")
	there.sends("assign", nil)
	there.sends("verify", map[string]string{"finding": "right", "text": "The blanks came late."})
	there.sends("answer", map[string]string{"text": "It can be collected tomorrow."})
	there.clean("answered")
	there.sends("close", nil)
	if text := there.read("main"); !strings.Contains(text, "closed") || !strings.Contains(text, "tomorrow") {
		t.Errorf("the complaint: %s", text)
	}

	// A ledger that was put back to an older copy.
	o.must(o.reg.MarkRestored(t.Context(), center, o.clock.Now(), false))
	there.leave()
	there.signIn(dewi)
	there.open("/mulai")
	there.clean("restored")
	there.sends("accept-ledger", nil)
	chief.agrees()
	there.open("/mulai")
	if ask[bool](there, `document.querySelector('#accept-ledger') !== null`) {
		t.Error("the ledger was accepted, and still waits")
	}
}

// Scripts that never come: every page is still forms and links, and says nothing false.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	v := o.visit()
	v.signIn(admin)
	v.forget()
	o.gate.without(".js")
	v.expect("Failed to load resource")
	v.open("/cetak")
	v.click("#pause-lini-1")
	v.see("#resume-lini-1")
	v.click("#resume-lini-1")
	v.see("#pause-lini-1")
	v.open("/kecamatan") // the desk is not there, and the page says so by itself
	v.see("#desk-without")
	v.click("#lock-form button")
	if at := v.where(); !strings.HasPrefix(at, "/kunci") {
		t.Errorf("locked at %s", at)
	}
	v.clean("locked-without-scripts")
	v.fill("#password", password)
	v.click("main button[type=submit]")
	v.open("/permohonan/" + string(id(1)))
	v.sends("redirect", map[string]string{"to": "dinas", "reason": "wish"})
	v.open("/permohonan/" + string(id(1)))
	v.do(chromedp.Click(chromedp.CSS("#redirect > summary")))
	v.fill("#redirect-reason", "other")
	v.see("#redirect .asked") // the note is asked for before anything is sent
	v.language("en")
	v.clean("without-scripts")
}

// What cannot be done without a script says so where it would be done, as long as none came.
func TestCaptureWithoutScripts(t *testing.T) {
	t.Parallel()
	operator := staffOf(access.EnrolmentOperator)
	o := newOffice(t, operator)
	at := "/permohonan/" + string(o.examinedOf(1)) + "/perekaman"
	v := o.visit()
	v.signIn(operator)
	v.forget()
	o.gate.without(".js")
	v.expect("Failed to load resource")
	for l, want := range map[string]string{"id": "muat ulang halaman", "en": "load the page again"} {
		v.open(at)
		v.language(l)
		if text := v.read("#capture-waits"); !strings.Contains(text, want) {
			t.Errorf("without scripts the page says %q", text)
		}
		v.clean("capture-without-scripts-" + l)
	}
	o.gate.without("")
	v.open(at)
	v.do(chromedp.WaitNotVisible(chromedp.CSS("#capture-waits")))
}

var scriptOf = regexp.MustCompile(`src="(/aset/[0-9a-f]+/console.js)"`)

// Scripts that come late: what is sent before they are there counts, and nothing that was typed is lost when they
// come.
func TestScriptsComeLate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	v := o.visit()
	v.signIn(admin)
	c := o.comes(admin)
	c.open("/permohonan/" + string(id(1)))
	script := scriptOf.FindStringSubmatch(c.page)[1]
	v.forget()
	late := o.gate.late(script)
	ask[any](v, `setTimeout(() => location = '/permohonan/`+string(id(1))+`'), 0`)
	select {
	case <-late.made:
	case <-v.ctx.Done():
		t.Fatal("the page asks for no script")
	}
	v.see("#redirect > summary")
	v.do(chromedp.Click(chromedp.CSS("#redirect > summary")))
	v.fill("#redirect-reason", "moved")
	close(late.comes)
	v.see("body[data-stream=open]")
	if got := ask[string](v, `document.querySelector('#redirect-reason').value`); got != "moved" {
		t.Errorf("after the script came the form says %q", got)
	}
	for code, needed := range map[string]bool{"other": true, "moved": false} {
		v.fill("#redirect-reason", code)
		if got := ask[bool](v, `document.querySelector('#redirect-note').required`); got != needed {
			t.Errorf("with the reason %s the note is needed: %t", code, got)
		}
	}
	v.fill("#redirect-reason", "moved")
	v.click("#redirect button[type=submit]")
	v.succeeds()
}
