package console_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The list of applications begins with the newest, that of a state with what stands in it longest, whatever their numbers
// are; each row says, masked, whose it is and where it goes. The search says that it finds nobody by name.
func TestApplicationsInTheirOrder(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss)
	for _, n := range []int{3, 1, 2} {
		o.as(center, delivery(n))
		o.clock.Advance(time.Hour)
	}
	v := o.visit()
	v.signIn(boss)
	v.click(".menu a[href='/permohonan']")
	rows := func() []string {
		return ask[[]string](v, `[...document.querySelectorAll('main tbody tr')].map(r => r.innerText)`)
	}
	for _, want := range [][]string{{"req-2", "req-1", "req-3"}, {"req-3", "req-1", "req-2"}} {
		got := rows()
		if len(got) != len(want) {
			t.Fatalf("rows: %q", got)
		}
		for i, id := range want {
			if !strings.HasPrefix(got[i], id) || !strings.Contains(got[i], "P•••") || !strings.Contains(got[i], "Dinas") || strings.Contains(got[i], "PENDUDUK") {
				t.Errorf("row %d, wanted %s: %q", i, id, got[i])
			}
		}
		v.click(".filter a[href*='keadaan=']")
	}
	v.fill("#q", "PENDUDUK 1")
	v.expect("a status of 404")
	v.do(chromedp.Focus(chromedp.CSS("#q")))
	_, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent(kb.Enter)))
	v.must(err)
	if text := v.read("main"); !slices.ContainsFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, "Nama tidak dapat dicari") }) {
		t.Errorf("a search by name says %q", text)
	}
}
