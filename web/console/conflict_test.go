package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/registry"
)

// Two people have the same application open. What the first does counts; the second is told what stands against
// it, sees the application as it is now, and loses nothing of what was typed.
func TestTwoOnOneApplication(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss, admin)
	o.as(center, delivery(1))
	first, second := o.visit(), o.visit()
	first.signIn(boss)
	second.signIn(admin)
	at := "/permohonan/" + string(id(1))
	first.open(at)
	second.open(at)
	second.see("body[data-stream=open]")
	second.do(chromedp.Click(chromedp.CSS("#tolak > summary")))
	second.fill("#tolak-reason", "data_wrong")
	first.click("#approve")
	second.expect("a status of 409")
	second.click("form[action$='/tolak'] button")
	if text := second.read("#problem"); !strings.Contains(text, "registry.wrong_state") {
		t.Errorf("the conflict is told as %q", text)
	}
	if text := second.read("#problem"); !strings.Contains(text, "data tidak sesuai") || strings.Contains(text, "data_wrong") {
		t.Errorf("the reason that was chosen is told as %s", text)
	}
	if text := second.read("main"); !strings.Contains(text, "disetujui") {
		t.Errorf("the page shows %q", text)
	}
	d, err := o.reg.Application(t.Context(), id(1))
	if o.must(err); d.Application.State != registry.Approved {
		t.Errorf("the application is %s", d.Application.State)
	}
	second.clean("conflict")
}
