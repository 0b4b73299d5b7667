package console_test

import (
	"context"
	"image/color"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/registry/access"
)

// leads follows the menu, as somebody does who forgot what is on the page, and goes on or stays where the browser asks
// first.
func (v *visitor) leads(away bool) (asked bool) {
	v.t.Helper()
	ctx, end := context.WithCancel(v.ctx)
	defer end()
	happens := make(chan any, 8)
	v.must(chromedp.Listen(ctx, func(ev any) {
		switch ev.(type) {
		case *page.EventJavascriptDialogOpening, *page.EventLoadEventFired:
			happens <- ev
		}
	}))
	ask[any](v, `setTimeout(() => document.querySelector('.menu a').click(), 0)`)
	for {
		select {
		case ev := <-happens:
			if _, is := ev.(*page.EventLoadEventFired); is {
				return asked
			}
			asked = true
			_, err := chromedp.Call(v.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: away})
			v.must(err)
			if !away {
				return asked
			}
		case <-v.ctx.Done():
			v.t.Fatal("the page neither asks nor is left")
		}
	}
}

// What was taken or typed is lost by no scan and no link: what is scanned beside the fields stays in the search field,
// and the browser asks before the page is left. A page that holds nothing asks nothing.
func TestNothingTakenIsLost(t *testing.T) {
	t.Parallel()
	const nik, read = "6105014107900001", "REQ-30"
	operator, sari := staffOf(access.EnrolmentOperator), staffOf(access.ServiceOfficer)
	o := newOffice(t)
	app := string(o.examinedOf(30))
	o.employ(operator)
	o.employ(sari)
	v := o.visit()
	dir := folder(t, map[string][]byte{"biru.png": photoOf(600, 800, color.RGBA{0, 0x60, 0xFF, 255}, 200)})
	for _, p := range []struct {
		who  access.Actor
		at   string
		fill func()
		kept string // whether what was filled in is still there
	}{
		{operator, "/permohonan/" + app + "/perekaman", func() {
			v.do(chromedp.SetUploadFiles(chromedp.CSS("#photo-file"), []string{filepath.Join(dir, "biru.png")}))
			v.see("#part-portrait .taken img")
		}, `document.querySelector('#part-portrait .taken img') !== null`},
		{sari, "/permohonan-baru?jenis=new", func() {
			v.do(chromedp.SendKeys(chromedp.CSS("#nik"), nik))
			ask[any](v, `document.activeElement.blur()`)
		}, `document.getElementById('nik').value === '` + nik + `'`},
	} {
		stays := func(by string) {
			t.Helper()
			if at := v.where(); at != p.at || !ask[bool](v, p.kept) {
				t.Fatalf("%s: lost by %s, at %s", p.at, by, at)
			}
		}
		v.signIn(p.who)
		v.open(p.at)
		p.fill()
		v.do(chromedp.KeyEvent(read + kb.Enter)) // as a scanner does
		v.see("#unsent")
		stays("a scan")
		if q := ask[string](v, `document.getElementById('q').value`); q != read {
			t.Errorf("%s: the search field says %q", p.at, q)
		}
		v.clean("unsent")
		if !v.leads(false) {
			t.Fatalf("%s: nobody was asked", p.at)
		}
		stays("a link")
		if !v.leads(true) || v.where() == p.at {
			t.Errorf("%s: who wants to go is kept at %s", p.at, v.where())
		}
		v.open(p.at)
		if v.leads(true) {
			t.Errorf("%s: asks where nothing would be lost", p.at)
		}
		v.leave()
	}
}
