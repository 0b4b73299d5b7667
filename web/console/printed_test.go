package console_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"blanko/registry/access"
	"blanko/web/console"
)

// Every page on paper has its heading, its tables whole, black on white whatever the screen is, and nothing that one can
// press, fill in or follow through the menu.
func TestPagesOnPaper(t *testing.T) {
	t.Parallel()
	var needed []access.Actor
	for _, p := range console.PageRows() {
		if a := livesOn(p); !slices.ContainsFunc(needed, func(n access.Actor) bool { return n.ID == a.ID }) {
			needed = append(needed, a)
		}
	}
	o := newOffice(t, needed...)
	o.room(6)
	o.make(o.next(), "0000A0B0C0D000000002", "")
	o.make(o.next(), "0000A0B0C0D000000001", "accept")
	o.work()
	v := o.visit()
	who := ""
	for _, p := range console.PageRows() {
		if a := livesOn(p); a.ID != who {
			v.leave()
			v.signIn(a)
			who = a.ID
		}
		path := o.pathOf(p.Path)
		v.open(path)
		v.onPaper(true)
		if shown := ask[[]string](v, `[...document.querySelectorAll('button, input, select, textarea, .menu, .top, .skip')].filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))`); len(shown) > 0 {
			t.Errorf("%s: on paper stand %q", path, shown)
		}
		if !ask[bool](v, `document.querySelector('main h1').checkVisibility()`) {
			t.Errorf("%s: no heading on paper", path)
		}
		if cut := ask[int](v, `[...document.querySelectorAll('.scroll')].filter(e => getComputedStyle(e).overflowX !== 'visible').length`); cut > 0 {
			t.Errorf("%s: %d tables are cut off on paper", path, cut)
		}
		if ink := ask[[]string](v, `[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]`); !slices.Equal(ink, []string{"rgb(0, 0, 0)", "rgb(255, 255, 255)"}) {
			t.Errorf("%s: %s", path, ink)
		}
		if whole := ask[int](v, `[...document.querySelectorAll('.card')].filter(e => e.querySelector('table, h3, img') && !e.matches('.strip, .sheet') && getComputedStyle(e).breakInside !== 'auto').length`); whole > 0 {
			t.Errorf("%s: %d lists or texts leave the first page empty where they do not fit on one", path, whole)
		}
		r, err := chromedp.Call(v.ctx, page.PrintToPDF, page.PrintToPDFParams{})
		v.must(err)
		if !bytes.HasPrefix(r.Data, []byte("%PDF-")) || len(r.Data) < 5000 {
			t.Errorf("%s: %d bytes of paper", path, len(r.Data))
		}
		v.onPaper(false)
	}
}

// onPaper shows the page as it is printed from a dark screen.
func (v *visitor) onPaper(on bool) {
	v.t.Helper()
	media := ""
	if on {
		media = "print"
	}
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	v.must(err)
}
