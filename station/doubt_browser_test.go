package station

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"blanko/internal/rig"
	"blanko/internal/rig/chromium"
	"blanko/registry/access"

	machine "blanko/emulator/printer"
)

// browserPatience bounds what waits for a page: a browser that does not answer ends the test.
const browserPatience = 40 * time.Second

// sitter is somebody of the print room before a browser.
type sitter struct {
	*inlineRoom
	ctx   context.Context
	base  context.Context // without the bound of patience
	watch *chromium.Watch
}

// browser is one for everybody of a room; each has a profile of his own in it.
func (r *inlineRoom) browser() context.Context {
	r.Helper()
	ctx, end, err := chromium.Start(r.Context(), rig.Chromium(r))
	r.fine(err)
	r.Cleanup(end)
	return ctx
}

// sit lets somebody in by the link of an invitation, with a password and a second factor.
func (r *inlineRoom) sit(browser context.Context, who string) *sitter {
	r.Helper()
	const password = "empat kata yang diingat"
	text, hash, err := access.NewToken(rand.Reader)
	r.fine(err)
	r.agree("keamanan", "kepala", "/v1/people/"+who+"/invitation", map[string]any{"hash": fmt.Sprintf("%x", hash), "expiresAt": time.Now().Add(time.Hour)})
	base, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	r.Cleanup(end)
	r.fine(chromedp.Do(base, chromedp.Navigate("about:blank")))
	ctx, stop := context.WithTimeout(base, browserPatience)
	r.Cleanup(stop)
	watch, err := chromium.Look(base, r.address)
	r.fine(err)
	s := &sitter{r, ctx, base, watch}
	s.open("/undangan/" + text)
	code, err := totp.GenerateCode(s.read("#secret"), time.Now())
	r.fine(err)
	for field, value := range map[string]string{"#password": password, "#again": password, "#code": code} {
		s.do(chromedp.SetValue(chromedp.CSS(field), value))
	}
	s.press("main button[type=submit]")
	if !strings.Contains(s.read(".who"), who) {
		r.Fatalf("%s is not let in: %s", who, s.read("main"))
	}
	return s
}

// leaves goes from the page, and tells what the browser should not have said or asked for.
func (s *sitter) leaves() {
	s.Helper()
	s.fine(chromedp.Do(s.base, chromedp.Navigate("about:blank")))
	for _, wrong := range s.watch.Wrong() {
		s.Error(wrong)
	}
}

func (s *sitter) do(steps ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	if err := chromedp.Do(s.ctx, steps...); err != nil {
		s.Fatalf("%v; the page says %s", err, s.read("body"))
	}
}

func (s *sitter) open(path string) {
	s.Helper()
	s.do(chromedp.Navigate("http://"+s.address+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// press sends a form or follows a link, and waits for the page that answers.
func (s *sitter) press(selector string) {
	s.Helper()
	s.do(chromedp.WaitVisible(chromedp.CSS(selector)))
	if _, err := chromedp.Run(s.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(chromedp.CSS(selector)))); err != nil {
		s.Fatalf("after %s: %v", selector, err)
	}
	if wrong := s.read("#problem"); wrong != "" {
		s.Fatalf("after %s: %s", selector, wrong)
	}
}

func (s *sitter) read(selector string) string {
	s.Helper()
	text, _ := chromedp.Run(s.base, chromedp.Evaluate[string](fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText`, selector)))
	return text
}

// until waits until the page, which is not loaded again, comes to something that is said by a script.
func (s *sitter) until(script string) {
	s.Helper()
	if _, err := chromedp.Run(s.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(0))); err != nil {
		s.Fatalf("never %s: %v; the page says %s", script, err, s.read("main"))
	}
}

func (s *sitter) says(selector, text string) {
	s.Helper()
	s.until(fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText.includes(%q)`, selector, text))
}

func (s *sitter) gone(selector string) {
	s.Helper()
	s.until(fmt.Sprintf(`document.querySelector(%q) === null`, selector))
}

// face accepts the face of an attempt by its key, once it is asked for and seen.
func (s *sitter) face(attempt string) {
	s.Helper()
	s.open("/penerimaan")
	s.do(chromedp.WaitVisible(chromedp.CSS("#face-" + attempt)))
	s.until(`document.querySelector('.face img').naturalWidth > 0`)
	s.do(chromedp.KeyEvent("y"), chromedp.WaitVisible(chromedp.CSS("#done")))
}

// Two cards were pulled out of a jam behind their activation. Who finds the first says so on the page of the print
// room, is told that the reader on the desk is empty, lays the card there, is told what its chip said, looks at its
// face anew and puts it with the finished ones. The second is found by nobody: one person declares it lost and
// another agrees, in English. The page of the first is never loaded by hand.
func TestDoubtsByThePage(t *testing.T) {
	t.Parallel()
	const blanks, records = 4, 2
	r := newInlineRoom(t, blanks, records)
	r.world.Machine.Plan(machine.Fault{Kind: machine.KindJam, Card: 1, Step: machine.StepEject}, machine.Fault{Kind: machine.KindJam, Card: 2, Step: machine.StepEject})
	r.begin()
	r.serve()
	r.staff()
	r.ready(blanks)
	browser := r.browser()
	joko, ratna := r.sit(browser, "joko"), r.sit(browser, "ratna")

	joko.open("/cetak")
	joko.until(`document.querySelectorAll('.doubt').length === 2`)
	open, err := chromedp.Run(joko.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll('.doubt')].map(d => d.id.replace('doubt-', ''))`))
	r.fine(err)
	found, lost := open[0], open[1]
	first, second := "#doubt-"+found, "#doubt-"+lost
	joko.press("#present-" + found)
	joko.says(first+" .ask", "Letakkan kartu di pembaca meja.")
	if text := joko.read(first + " .ask"); strings.Contains(text, "blangko") || !strings.Contains(text, "Kartu tidak ditemukan") {
		t.Errorf("the ways to answer: %s", text)
	}
	joko.press("#done-" + found)
	joko.says(first+" .ask", "Tidak ada kartu")
	if !r.bring(found) {
		t.Fatal("the card is nowhere")
	}
	joko.press("#done-" + found)
	joko.gone(first)
	joko.says("#strip-line-1 .ask", "Pindahkan kartu ke tumpukan kartu jadi.")
	r.desk.Remove()
	r.fine(r.there().Take(onDesk))
	joko.press("#done-" + found)
	joko.face(found)
	r.until(func() bool { return r.made() == 1 })

	joko.open("/cetak")
	joko.do(chromedp.Click(chromedp.CSS("#declare-lost-"+lost+" > summary")), chromedp.SetValue(chromedp.CSS("#reason-"+lost), "not_found"))
	joko.press("#declare-lost-" + lost + " button[type=submit]")
	joko.do(chromedp.WaitVisible(chromedp.CSS("#done")))
	ratna.open("/persetujuan")
	ratna.press(".languages button[value=en]")
	ratna.press("#part-usulan a[href^='/persetujuan/']")
	ratna.says("main", "Declare lost")
	ratna.press("#agree")
	joko.gone(second)

	var told struct {
		Items []struct{ Code, Attempt string }
	}
	r.see("keamanan", "/v1/events?code=doubt.presented", &told)
	if len(told.Items) != 1 || told.Items[0].Attempt != found {
		t.Errorf("presented: %+v", told)
	}
	joko.leaves()
	ratna.leaves()
	r.end()
}
