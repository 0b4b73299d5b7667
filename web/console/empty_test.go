package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/web/console"
)

// On a station where nothing has happened yet every page of the menu is whole: a list without rows has a sentence in its
// place, in both languages; nothing that axe objects to, and nothing wider than a telephone.
func TestEmptyStation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.visit()
	who, empty := "", 0
	for _, p := range console.PageRows() {
		if strings.Contains(p.Path, "{") {
			continue
		}
		a := livesOn(p)
		if a.ID != who {
			if o.codes[a.ID] == "" {
				o.employ(a)
			}
			v.leave()
			v.signIn(a)
			who = a.ID
		}
		for _, l := range []string{"id", "en"} {
			v.open(p.Path)
			v.language(l)
			if bare := ask[[]string](v, `[...document.querySelectorAll('main tbody')].filter(b => b.rows.length === 0).map(b => b.closest('.scroll').getAttribute('aria-label'))`); len(bare) > 0 {
				t.Errorf("%s %s: %q have no rows, and no word of it", p.ID, l, bare)
			}
			for _, text := range ask[[]string](v, `[...document.querySelectorAll('main .empty')].map(e => e.innerText.trim())`) {
				if empty++; !strings.HasSuffix(text, ".") || len(strings.Fields(text)) < 2 {
					t.Errorf("%s %s: an empty list says %q", p.ID, l, text)
				}
			}
		}
		v.clean("empty-" + p.ID)
		v.do(chromedp.EmulateViewport(360, 800))
		if wide := ask[int](v, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d wide", p.ID, wide)
		}
		v.do(chromedp.EmulateViewport(1366, 900))
	}
	if empty < 40 {
		t.Errorf("%d lists are empty", empty)
	}
}
