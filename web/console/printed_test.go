package console_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A page on paper has its heading, its tables whole, black on white whatever the screen is, and nothing that one can
// press, fill in or follow through the menu.
func TestPagesOnPaper(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss, keeper)
	o.room(2)
	v := o.visit()
	v.signIn(boss)
	for _, path := range []string{"/cetak", "/permohonan", "/laporan", "/persetujuan", "/panduan"} {
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
