package console_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/registry"
)

// looked says to a page that somebody looks at it, or that nobody does.
func (v *visitor) looked(at bool) {
	v.t.Helper()
	hidden := "true"
	if at {
		hidden = "false"
	}
	ask[bool](v, `Object.defineProperty(document, 'hidden', {configurable: true, get: () => `+hidden+`}), document.dispatchEvent(new Event('visibilitychange'))`)
}

// A page that nobody looks at holds no stream, as a browser has six connections for all pages of a station; looked
// at again it tells what it missed.
func TestHiddenPageHoldsNoStream(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.see("body[data-stream=open]")
	before := len(o.gate.resumed())
	v.looked(false)
	v.see("body[data-stream=rests]")
	o.must(o.reg.Observe(t.Context(), "lini-1", "", "stopped", "personalize.card_jam"))
	v.looked(true)
	v.until("#strip-lini-1 .note", "Angkat kartu")
	if after := len(o.gate.resumed()); after != before+1 {
		t.Errorf("%d streams before, %d after", before, after)
	}
}

// What changes while a part of the page is on its way is shown, too: the page asks once more.
func TestChangeMeanwhileIsShown(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.see("body[data-stream=open]")
	v.see("#pause-lini-1")
	h := o.gate.late("/bagian/lini")
	o.must(o.reg.Observe(t.Context(), "lini-1", "", "stopped", "personalize.card_jam"))
	select {
	case <-h.made:
	case <-v.ctx.Done():
		t.Fatal("the page never asked for the lines")
	}
	o.as(admin, registry.PauseLine{Line: "lini-1"})
	newest, err := o.reg.NewestEvent(t.Context())
	o.must(err)
	v.see(fmt.Sprintf(`body[data-event="%d"]`, newest))
	close(h.comes)
	v.see("#resume-lini-1")
}

// A sign-in that ended is said on the page, which keeps what was typed and sends nothing; signed in again
// elsewhere, it goes on.
func TestSignInEndsWithoutLoss(t *testing.T) {
	t.Parallel()
	sari := staff[6]
	o := newOffice(t, sari)
	v := o.visit()
	v.signIn(sari)
	v.open("/permohonan-baru?jenis=new")
	v.see("body[data-stream=open]")
	v.fill("#nik", "6105014107900001")
	o.as(guard, registry.EndSessions{Person: sari.ID})
	v.expect("a status of 401")
	v.looked(true)
	v.see("#signed-out")
	ask[bool](v, `document.querySelector("form[action='/permohonan-baru']").requestSubmit(), true`)
	if at := v.where(); at != "/permohonan-baru?jenis=new" || !strings.Contains(v.read("#signed-out"), "tetap ada") {
		t.Errorf("at %s: %s", at, v.read("main"))
	}
	if found := v.violations(); len(found) > 0 {
		t.Errorf("signed out: %v", found)
	}
	v.keep("signed-out")
	o.clock.Advance(31e9)
	again := `(async () => {
		const send = (to, fields) => fetch(to, {method: 'POST', body: new URLSearchParams(fields)});
		await send('/masuk', {person: '` + sari.ID + `', password: '` + password + `'});
		return (await send('/masuk/kode', {code: '` + o.code(sari.ID) + `'})).url;
	})()`
	if to := promised[string](v, again); strings.Contains(to, "/masuk") {
		t.Fatalf("not signed in again: %s", to)
	}
	v.looked(true)
	v.do(chromedp.WaitNotVisible(chromedp.CSS("#signed-out")))
	if typed := ask[string](v, `document.getElementById('nik').value`); typed != "6105014107900001" {
		t.Errorf("what was typed is lost: %q", typed)
	}
}
