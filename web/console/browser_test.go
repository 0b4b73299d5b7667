package console_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/internal/rig"
	"blanko/internal/rig/chromium"
	"blanko/ktp"
	"blanko/registry/access"
)

//go:embed testdata/axe/axe-4.14.1.min.js
var axe string

// patience bounds what waits for a page: a browser that does not answer ends the test.
const patience = 12 * time.Minute

// one browser serves every test of the process; each test has a profile of its own in it.
var browser struct {
	sync.Mutex
	ctx context.Context
	end func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browser.end != nil {
		browser.end()
	}
	os.Exit(code)
}

func shared(t testing.TB) context.Context {
	t.Helper()
	path := rig.Chromium(t)
	browser.Lock()
	defer browser.Unlock()
	if browser.ctx == nil {
		ctx, end, err := chromium.Start(context.Background(), path, chromium.FakeCamera...)
		if err != nil {
			t.Fatal(err)
		}
		browser.ctx, browser.end = ctx, end
	}
	return browser.ctx
}

// visitor is somebody at a browser.
type visitor struct {
	*office
	ctx   context.Context
	watch *chromium.Watch
	keys  bool  // works pages with the keys alone; otherwise with a pointer
	width int64 // of the window, where no page may be wider
}

// visit opens a browser of its own for the office. What the page's console says, and every request to
// another host, fails the test.
func (o *office) visit() *visitor {
	o.t.Helper()
	parent := shared(o.t)
	ctx, end := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	o.t.Cleanup(end)
	ctx, stop := context.WithTimeout(ctx, patience)
	o.t.Cleanup(stop)
	v := &visitor{office: o, ctx: ctx}
	v.do(chromedp.Navigate("about:blank"), chromedp.EmulateViewport(1366, 900))
	home, err := url.Parse(o.url)
	o.must(err)
	_, err = chromedp.Call(ctx, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true})
	o.must(err)
	v.watch, err = chromium.Look(ctx, home.Host)
	o.must(err)
	o.t.Cleanup(func() {
		for _, wrong := range v.watch.Wrong() {
			o.t.Error(wrong)
		}
	})
	return v
}

// expect lets the console say that a request was refused: what the test is about.
func (v *visitor) expect(text string) { v.watch.Expect(text) }

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.keep("failed")
		v.t.Fatal(err)
	}
}

func ask[T any](v *visitor, script string) T {
	v.t.Helper()
	x, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		v.t.Fatalf("%s: %v", script, err)
	}
	return x
}

// promised is what a promise of the page comes to.
func promised[T any](v *visitor, script string) T {
	v.t.Helper()
	x, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s: %v", script, err)
	}
	return x
}

func (v *visitor) open(path string) {
	v.t.Helper()
	v.watch.Count()
	v.do(chromedp.Navigate(v.url+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// click follows a link or sends a form, and waits for the page it leads to.
func (v *visitor) click(selector string) {
	v.t.Helper()
	strike := chromedp.Click(chromedp.CSS(selector))
	if v.keys {
		v.took(chromium.Reach(v.ctx, selector))
		strike = chromedp.KeyEvent(kb.Enter)
	}
	if _, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, strike)); err != nil {
		v.keep("failed")
		v.t.Fatalf("after %s: %v", selector, err)
	}
}

// see waits until something is on the page.
func (v *visitor) see(selector string) {
	v.t.Helper()
	v.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

// read is the text of a part of the page.
func (v *visitor) read(selector string) string {
	v.t.Helper()
	return ask[string](v, `(document.querySelector(`+quoted(selector)+`) || {innerText: ''}).innerText`)
}

func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

func (v *visitor) fill(selector, text string) {
	v.t.Helper()
	switch {
	case !v.keys:
		v.do(chromedp.SetValue(chromedp.CSS(selector), text))
	case ask[bool](v, `document.querySelector(`+quoted(selector)+`).matches('select')`):
		v.took(chromium.Choose(v.ctx, selector, text))
	default:
		v.took(chromium.Type(v.ctx, selector, text))
	}
}

// attach gives a file where the page takes one.
func (v *visitor) attach(selector, file string) {
	v.t.Helper()
	if v.keys {
		v.took(chromium.Attach(v.ctx, selector, file))
		return
	}
	v.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// took fails where the page does not take what was done with the keys.
func (v *visitor) took(err error) {
	v.t.Helper()
	if err != nil {
		v.keep("failed")
		v.t.Fatalf("at %s: %v", v.where(), err)
	}
}

// in is a text of the page in its language.
func (v *visitor) in(indonesian, english string) string {
	v.t.Helper()
	if ask[string](v, `document.documentElement.lang`) == "en" {
		return english
	}
	return indonesian
}

// signIn is a person who signs in.
func (v *visitor) signIn(a access.Actor) {
	v.t.Helper()
	v.clock.Advance(31 * time.Second) // no code is taken twice
	v.beat()
	v.open("/masuk")
	v.fill("#person", a.ID)
	v.fill("#password", password)
	v.click("main button[type=submit]")
	v.fill("#code", v.code(a.ID))
	v.click("main button[type=submit]")
	if got := v.read("h1"); got == "" || strings.Contains(v.where(), "/masuk") {
		v.t.Fatalf("not signed in: %s, %s", v.where(), v.read("main"))
	}
}

// leave is a person who goes, and takes the browser's memory along: the next one signs in afresh.
func (v *visitor) leave() {
	v.t.Helper()
	v.do(chromedp.Navigate("about:blank")) // no page is left that would miss its session
	_, err := chromedp.Call(v.ctx, network.ClearBrowserCookies, cdp.Empty{})
	v.must(err)
}

// shows has the chip of a card on the reader answer for the session of the browser.
func (v *visitor) shows(who access.Actor, chip ktp.ChipUID) {
	v.t.Helper()
	held, err := chromedp.Call(v.ctx, network.GetCookies, network.GetCookiesParams{})
	v.must(err)
	for _, cookie := range held.Cookies {
		if cookie.Name == "blanko" {
			v.answers(who, cookie.Value, chip)
		}
	}
}

// forget lets the browser ask anew for every file.
func (v *visitor) forget() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	v.must(err)
}

func (v *visitor) where() string {
	v.t.Helper()
	at, err := chromedp.Run(v.ctx, chromedp.Location())
	v.must(err)
	return strings.TrimPrefix(at, v.url)
}

func (v *visitor) language(code string) {
	v.t.Helper()
	if ask[string](v, `document.documentElement.lang`) != code {
		v.click(`.languages button[value=` + code + `]`)
	}
}

// violations are what axe finds on the page by the rules of WCAG 2.2, levels A and AA.
func (v *visitor) violations() []string {
	v.t.Helper()
	found, err := chromium.Violations(v.ctx, axe)
	v.must(err)
	return found
}

// keep writes a picture of the page, where a folder for pictures is named.
func (v *visitor) keep(name string) {
	dir := os.Getenv("BLANKO_SCREENS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return
	}
	_ = os.MkdirAll(dir, 0o755)
	_ = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
}

func (v *visitor) dark(on bool) {
	v.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}})
	v.must(err)
}
