package console_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// enters types into what has the focus, ends with Enter, and waits for the page that answers: what a scanner does.
func (v *visitor) enters(code string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent(code+kb.Enter))); err != nil {
		v.t.Fatalf("after %s: %v", code, err)
	}
}

// A card that is scanned while a face waits answers nothing by its digits: it leads to the card. A key that
// stands alone still answers.
func TestScanAnswersNoFace(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(2)
	v := o.visit()
	v.signIn(admin)
	const packed = ktp.ChipUID("0000A0B0C0D000000008")
	o.make(o.next(), packed, "")
	order := o.next()
	o.make(order, "0000A0B0C0D000000009", jobs.Accept)
	o.must(o.reg.Intend(t.Context(), order, jobs.Accept, jobs.Evidence{At: o.clock.Now()}))
	answer := make(chan registry.Question, 1)
	go func() {
		if q, err := o.reg.Ask(t.Context(), "lini-1", registry.AskFace, ""); err == nil {
			answer <- q
		}
	}()
	v.open("/penerimaan")
	v.see("body[data-stream=open]")
	v.see("#accept")
	v.scans(string(packed))
	if at := v.where(); strings.HasPrefix(at, "/penerimaan") || !strings.Contains(v.read("main"), "req-1") {
		t.Errorf("the scan leads to %s: %s", at, v.read("main"))
	}
	v.open("/penerimaan")
	v.see("#accept")
	if len(answer) != 0 {
		t.Errorf("a scan answered for a face: %+v", <-answer)
	}
	v.do(chromedp.KeyEvent("y"))
	if q := <-answer; !q.Good || q.By != admin.ID {
		t.Errorf("the key answers %+v", q)
	}
	v.see("#done")
}

// Ten cards are packed by scans alone, one after the other, whether a field has the focus or not; they are
// received, and shown to an inspector, the same way. What a scan finds wrong is replaced by the next scan.
func TestScansInARow(t *testing.T) {
	t.Parallel()
	const cards = 10
	auditor := staffOf(access.Auditor)
	there := access.Actor{ID: "kecamatan-2", Roles: []access.Role{access.KecamatanOperator}, Place: "61.05.01"}
	o := newOffice(t, admin, auditor)
	o.room(0)
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.01", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SATU", Parent: "dinas", Region: "61.05.01", Active: true})
	o.employ(there)
	var chips []string
	for n := 1; n <= cards; n++ {
		o.as(center, delivery(n))
		o.as(boss, registry.Approve{Application: id(n)})
		o.as(admin, registry.Redirect{Application: id(n), Place: "61.05.01", Because: registry.Because{Reason: "moved"}})
		o.as(admin, registry.Queue{Application: id(n)})
		chips = append(chips, fmt.Sprintf("0000A0B0C0D0000000%02d", n))
		o.make(o.next(), ktp.ChipUID(chips[n-1]), "")
	}

	v := o.visit()
	v.signIn(auditor)
	v.open("/inspeksi")
	v.sends("draw", map[string]string{"seed": "benih-1234", "cards": "3", "blanks": "0"})
	inspection := v.where()
	sample := ask[[]string](v, `[...document.querySelectorAll('td.mono')].map(e => e.innerText)`)
	v.expect("a status of 404")
	v.enters("0000A0B0C0D0000000FF") // not of the sample
	if v.read("#problem") == "" || !ask[bool](v, `document.querySelector('#present') !== null`) {
		t.Errorf("after the wrong card: %s", v.read("main"))
	}
	for _, item := range sample {
		v.enters(item)
		v.succeeds()
	}
	v.open("/inspeksi")
	if text := v.read("main"); !strings.Contains(text, "3 / 3") {
		t.Errorf("the inspections: %s", text)
	}
	v.click("main td a[href='" + inspection + "']")
	v.leave()

	v.signIn(admin)
	v.open("/pengiriman")
	v.sends("open", map[string]string{"consignment_kind": "out", "to": "61.05.01"})
	bag := v.where()
	v.expect("a status of 40")
	v.expect("a status of 42")
	for n, chip := range chips {
		if n == 4 {
			v.enters(chips[0]) // is packed already: the next scan takes its place in the field
			if v.read("#problem") == "" {
				t.Error("a card is packed twice")
			}
		}
		if n%2 == 0 {
			v.enters(chip)
		} else {
			v.scans(chip)
		}
		v.succeeds()
	}
	_, packed, err := o.reg.Consignment(t.Context(), strings.TrimPrefix(bag, "/pengiriman/"))
	if o.must(err); len(packed) != cards {
		t.Errorf("%d cards are packed: %s", len(packed), v.read("main"))
	}
	v.sends("seal", map[string]string{"seal": "S-1"})
	v.sends("ship", nil)
	v.leave()

	v.signIn(there)
	v.open(bag)
	v.fill("#receive-seal", "S-1")
	for _, chip := range chips {
		v.do(chromedp.Focus(chromedp.CSS("#receive-chips")), chromedp.KeyEvent(chip+kb.Enter))
	}
	v.click("#receive button[type=submit]")
	v.succeeds()
	if s := o.state(id(cards)); s != registry.Delivered {
		t.Errorf("the last card is %s", s)
	}
}

// Whoever fills in a form in a part of a page that is renewed loses nothing: what is open stays open, what is
// chosen stays chosen, the focus stays, and the page shows what changed once the field is left.
func TestStreamTakesNothingAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	order := o.next()
	o.make(order, "0000A0B0C0D000000001", jobs.Print)
	o.must(o.reg.Intend(t.Context(), order, jobs.Print, jobs.Evidence{Chip: "0000A0B0C0D000000001", At: o.clock.Now()}))
	o.must(o.reg.Settle(t.Context(), order, jobs.Print, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing", Chip: "0000A0B0C0D000000001"}))
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.see("body[data-stream=open]")
	fold, field := "#declare-lost-"+order.Attempt.String(), "#reason-"+order.Attempt.String()
	v.do(chromedp.Click(chromedp.CSS(fold + " > summary")))
	v.fill(field, "destroyed_in_machine")
	v.do(chromedp.Focus(chromedp.CSS(field)))
	o.clock.Advance(3 * 60 * 1e9) // "3 minutes ago": the part is another
	o.must(o.reg.Observe(t.Context(), "lini-1", "", "stopped", "personalize.card_jam"))
	v.until("#strip-lini-1 .note", "Angkat kartu")
	if told := v.read("#say-alert"); !strings.Contains(told, "Kartu tersangkut di printer. Buka tutup printer. Angkat kartu") || !strings.Contains(v.read("#say-status"), "lini-1") {
		t.Errorf("announced: %q, %q", told, v.read("#say-status"))
	}
	kept := func(when string) {
		t.Helper()
		if !ask[bool](v, `document.querySelector(`+quoted(fold)+`).open && document.querySelector(`+quoted(field)+`).value === 'destroyed_in_machine'`) {
			t.Errorf("%s: what was filled in is lost", when)
		}
	}
	kept("in the field")
	if at := ask[string](v, `document.activeElement.id`); "#"+at != field {
		t.Errorf("the focus is at %q", at)
	}
	ask[bool](v, `document.querySelector(`+quoted(fold+" > summary")+`).focus(), true`)
	v.until("#part-ragu", "3 menit lalu")
	kept("after the field")
	if at := ask[string](v, `document.activeElement.tagName`); at != "SUMMARY" {
		t.Errorf("the focus went to %q", at)
	}
}
