package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// On the smallest screen of an office, 1366 by 768, who compares a face sees all of it, the key that accepts and every
// cause to refuse at once, in both languages.
func TestFaceAndAnswersAtOneGlance(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	o.make(o.next(), "0000A0B0C0D000000001", "accept")
	o.faceAsked("lini-1")
	v := o.visit()
	v.signIn(admin)
	v.do(chromedp.EmulateViewport(1366, 768))
	for _, l := range []string{"id", "en"} {
		v.open("/penerimaan")
		v.language(l)
		if n := ask[int](v, `document.querySelectorAll('.face img, #accept, .causes button').length`); n != 10 {
			t.Errorf("%s: %d of a face, a key and eight causes", l, n)
		}
		below := ask[[]string](v, `[...document.querySelectorAll('.face img, #accept, .causes button')]
			.filter(e => e.getBoundingClientRect().bottom > innerHeight).map(e => e.innerText || e.alt)`)
		if len(below) > 0 {
			t.Errorf("%s: below the screen: %q", l, below)
		}
		v.clean("acceptance-768-" + l)
	}
}
