package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	media "github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"go.uber.org/zap"

	"blanko/internal/rig"
	"blanko/internal/rig/chromium"
	"blanko/registry"
	"blanko/trial"
	"blanko/web/bench"
)

// guest is somebody at a browser in a house whose batch is done and that lives on.
type guest struct {
	t     *testing.T
	house *trial.House
	url   string
	ctx   context.Context
	base  context.Context // of the browser, without the bound of patience
}

// patience bounds what waits for a page: a browser that does not answer ends the test.
const patience = 5 * time.Minute

// visit opens a house of so many lines, and a browser before it.
func visit(t *testing.T, lines int) *guest {
	t.Helper()
	path := rig.Chromium(t)
	opened, done, ended := make(chan *guest), make(chan struct{}), make(chan error, 1)
	g := &guest{t: t}
	ctx, end := context.WithCancel(context.Background())
	o := trial.Options{Cards: 1, Lines: lines, Chip: "8k", Seed: 1, Serve: func(h *trial.House) (func(), error) {
		handler, err := h.Handler(zap.NewNop())
		if err != nil {
			return nil, err
		}
		s := httptest.NewServer(handler)
		g.house, g.url = h, s.URL
		return s.Close, nil
	}, Stay: func(ctx context.Context, h *trial.House, _ trial.Summary) error {
		live, stop := context.WithCancel(ctx)
		lived := make(chan error, 1)
		go func() { lived <- h.Live(live) }()
		opened <- g
		<-done
		stop()
		return <-lived
	}}
	go func() {
		_, err := trial.Demo(ctx, o, &trial.Screen{Out: io.Discard}, zap.NewNop())
		ended <- err
	}()
	select {
	case <-opened:
	case err := <-ended:
		end()
		t.Fatalf("the house closed before anybody came: %v", err)
	}
	t.Cleanup(func() {
		close(done)
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		end()
	})
	g.browse(path)
	return g
}

func (g *guest) browse(path string) {
	ctx, end, err := chromium.Start(context.Background(), path)
	g.must(err)
	g.t.Cleanup(end)
	g.base = ctx
	ctx, stop := context.WithTimeout(ctx, patience)
	g.t.Cleanup(stop)
	g.ctx = ctx
	g.do(chromedp.EmulateViewport(1200, 800))
	_, err = chromedp.Call(ctx, media.SetScrollbarsHidden, media.SetScrollbarsHiddenParams{Hidden: true})
	g.must(err)
	watch, err := chromium.Look(ctx, strings.TrimPrefix(g.url, "http://"))
	g.must(err)
	g.t.Cleanup(func() {
		for _, wrong := range watch.Wrong() {
			g.t.Error(wrong)
		}
	})
}

func (g *guest) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *guest) do(steps ...chromedp.Action[chromedp.Void]) {
	g.t.Helper()
	if err := chromedp.Do(g.ctx, steps...); err != nil {
		g.keep("failed")
		g.t.Fatal(err)
	}
}

func (g *guest) open(path string) {
	g.t.Helper()
	g.do(chromedp.Navigate(g.url+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// until opens a page until it has something that comes by itself.
func (g *guest) until(path, selector string) {
	g.t.Helper()
	for {
		changed := g.house.Registry().Changed()
		g.open(path)
		if g.count(selector) > 0 {
			return
		}
		select {
		case <-changed:
		case <-g.ctx.Done():
			text, _ := chromedp.Run(g.base, chromedp.Evaluate[string](`document.body.innerText`))
			g.t.Fatalf("%s never had %s: %s", path, selector, text)
		}
	}
}

// count is how often something is on the page.
func (g *guest) count(selector string) int {
	g.t.Helper()
	n, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](`document.querySelectorAll("`+selector+`").length`))
	g.must(err)
	return n
}

// linked is the path that a link of the page leads to.
func (g *guest) linked(selector string) string {
	g.t.Helper()
	to, err := chromedp.Run(g.ctx, chromedp.Evaluate[string](`(document.querySelector("`+selector+`") || {pathname: ''}).pathname`))
	if g.must(err); to == "" {
		g.keep("failed")
		g.t.Fatalf("the page has no %s: %s", selector, g.read("main"))
	}
	return to
}

// free waits until the strip of a line shows no fault; the page is not loaded again.
func (g *guest) free(line string) {
	g.t.Helper()
	strip := `document.querySelector("#strip-` + line + `")`
	if _, err := chromedp.Run(g.ctx, chromedp.Poll[bool](strip+` !== null && `+strip+`.querySelector("[data-say=alert]") === null`, chromedp.WithPollingTimeout(0))); err != nil {
		g.keep("failed")
		g.t.Fatalf("the strip of %s: %v: %s", line, err, g.read("#strip-"+line))
	}
}

func (g *guest) click(selector string) {
	g.t.Helper()
	if _, err := chromedp.Run(g.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(chromedp.CSS(selector)))); err != nil {
		g.keep("failed")
		g.t.Fatalf("after %s: %v", selector, err)
	}
}

func (g *guest) see(selector string) {
	g.t.Helper()
	g.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

func (g *guest) read(selector string) string {
	g.t.Helper()
	text, err := chromedp.Run(g.ctx, chromedp.Evaluate[string](`(document.querySelector("`+selector+`") || {innerText: ''}).innerText`))
	g.must(err)
	return text
}

// language sets the language of the pages.
func (g *guest) language(code string) {
	g.t.Helper()
	g.click(`.languages button[value=` + code + `]`)
}

// signIn is a member of the house by role, with the password and the code that the bench shows.
func (g *guest) signIn(role string) {
	g.t.Helper()
	people, err := g.house.People()
	g.must(err)
	i := slices.IndexFunc(people, func(p bench.Person) bool { return p.Role == role })
	g.open("/masuk")
	g.do(chromedp.SetValue(chromedp.CSS("#person"), people[i].ID), chromedp.SetValue(chromedp.CSS("#password"), people[i].Password))
	g.click("main button[type=submit]")
	if people, err = g.house.People(); err != nil {
		g.t.Fatal(err)
	}
	g.do(chromedp.SetValue(chromedp.CSS("#code"), people[i].Code))
	g.click("main button[type=submit]")
	if text := g.read("#code"); g.read(".who") == "" || text != "" {
		g.t.Fatalf("%s is not signed in: %s", role, g.read("main"))
	}
}

func (g *guest) signOut() {
	g.t.Helper()
	g.open("/akun")
	g.click(".who form[action='/keluar'] button")
}

// clean fails where axe finds something, or where a page is wider than a narrow screen.
func (g *guest) clean(axe string) {
	g.t.Helper()
	found, err := chromium.Violations(g.ctx, axe)
	g.must(err)
	if len(found) > 0 {
		g.t.Errorf("%s: %v", g.read("h1"), found)
	}
	g.do(chromedp.EmulateViewport(360, 800))
	wide, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	g.must(err)
	if wide > 360 {
		who, err := chromedp.Run(g.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 360 && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 90))`))
		g.t.Errorf("%s: %d wide by %q, %v", g.read("h1"), wide, who, err)
	}
	g.do(chromedp.EmulateViewport(1200, 800))
}

func (g *guest) dark(on bool) {
	g.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	_, err := chromedp.Call(g.ctx, media.SetEmulatedMedia, media.SetEmulatedMediaParams{Features: []*media.MediaFeature{{Name: "prefers-color-scheme", Value: value}}})
	g.must(err)
}

// keep writes a picture of the page, where a folder for pictures is named.
func (g *guest) keep(name string) {
	dir := os.Getenv("BLANKO_SCREENS")
	if dir == "" {
		return
	}
	if png, err := chromedp.Run(g.base, chromedp.FullScreenshot(100)); err == nil {
		_ = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
}

func axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "web", "console", "testdata", "axe", "axe-4.14.1.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// renews fails where a number of the bench stays what it was made to say, while the focus is beside it.
func (g *guest) renews(beside, number string) {
	g.t.Helper()
	script := `document.querySelector("` + beside + `").focus(), document.querySelector("` + number + `").textContent = "", true`
	_, err := chromedp.Run(g.ctx, chromedp.Evaluate[bool](script))
	g.must(err)
	if _, err := chromedp.Run(g.ctx, chromedp.Poll[bool](`/^[0-9]{6}$/.test(document.querySelector("`+number+`").textContent)`, chromedp.WithPollingTimeout(0))); err != nil {
		g.t.Fatalf("%s is not renewed: %v", number, err)
	}
	if kept, err := chromedp.Run(g.ctx, chromedp.Evaluate[bool](`document.activeElement.matches("`+beside+`")`)); err != nil || !kept {
		g.t.Errorf("the focus went from %s: %v", beside, err)
	}
}

// A person sees the house, breaks it, is told what to do, and replays a scenario.
func TestHouse(t *testing.T) {
	t.Parallel()
	g, rules := visit(t, 1), axe(t)
	g.open("/bangku")
	if n := strings.Count(g.read("#people ~ .scroll"), "\n"); n < 10 {
		t.Errorf("%d lines of people", n)
	}
	g.clean(rules)
	g.keep("bench-id")
	g.renews("#orang button[type=submit]", "#orang td[data-now]")
	g.language("en")
	g.dark(true)
	g.open("/bangku")
	g.clean(rules)
	g.keep("bench-en-dark")
	g.dark(false)
	g.picture("bench")

	// Six records wait for a supervisor.
	g.open("/masuk")
	g.picture("sign-in")
	g.signIn("supervisor")
	g.until("/persetujuan", "input[type=checkbox]")
	g.picture("approvals")
	g.open("/laporan") // before the next card is made
	g.picture("reports")
	g.signOut()

	// A line makes a card, slowly.
	g.house.Pace(3)
	g.must(g.house.Approve(t.Context(), 1))
	g.signIn("administrator")
	g.open("/cetak")
	g.see(".stepper li:nth-child(5)[aria-current]") // it prints
	g.picture("print-room")
	g.open("/stok") // while the card is in its path
	g.picture("stock")
	made, err := g.house.Registry().ListApplications(t.Context(), registry.Produced, "", 1)
	g.must(err)
	g.open("/permohonan/" + string(made[0].ID))
	g.picture("application")
	g.open("/rancangan")
	g.picture("designs")
	g.open("/pengiriman")
	g.picture("shipping")

	// Nobody is at the machine; the next print jams.
	g.house.Pace(0)
	g.open("/bangku")
	g.click(`button[value=away]`)
	g.click(`button[value=jam]`)
	g.must(g.house.Approve(t.Context(), 1))
	g.open("/cetak")
	g.see("#strip-line-1 [data-say=alert] ol.steps li:nth-child(2)")
	if text := g.read("#strip-line-1 [data-say=alert]"); !strings.Contains(text, "printer.jam") {
		t.Errorf("the strip says of the fault: %s", text)
	}
	g.inEnglish("#strip-line-1 [data-say=alert]", "printer.jam", "A card is jammed inside the printer.")
	jammed := g.linked("#strip-line-1 .facts a[href^='/permohonan/']")
	g.clean(rules)
	g.picture("fault")
	g.accepting()
	g.signOut()
	g.capturing()
	g.open("/bangku")
	g.see(".strip.mood-bad .note.bad")
	if text := g.read(".strip.mood-bad .note.bad"); !strings.Contains(text, "kartu macet") {
		t.Errorf("the bench says of the fault: %s", text)
	}
	g.inEnglish(".strip.mood-bad .note.bad", "a jam")
	g.keep("bench-fault")
	g.click(`button[value=call]`)
	g.house.Pace(0)
	g.see(".way .blank.active")
	if text := g.read("#ruang"); !strings.Contains(text, "aktif") || !strings.Contains(text, "berjalan") {
		t.Errorf("the bench in Indonesian: %s", text)
	}
	g.click(".way .blank.active")
	g.see("img.face")
	g.see("pre")
	g.clean(rules)
	g.keep("bench-card")

	g.signIn("auditor")
	g.inDoubt()

	// The jam is mended, and the card that was pulled out is brought to the reader of the desk: the strip is free of the
	// fault, and one card of the same application comes out.
	g.open("/bangku")
	g.click(`button[value=present]`)
	g.see(".note.good")
	g.open("/cetak")
	g.free("line-1")
	g.until(jammed, "main a[href^='/kartu/']")
	if n := g.count("main a[href^='/kartu/']"); n != 1 {
		t.Errorf("%d cards came of %s", n, jammed)
	}
	g.signOut()

	// A scenario is replayed, one that is false says so, one that cannot be read says where.
	g.open("/bangku")
	g.do(chromedp.SetValue(chromedp.CSS("#teks"), "title: {id: Ditolak, en: Refused}\nbatch: {cards: 0, broken: [expired]}\nthen: {refused: {expired: 1}}\n"))
	g.click(`form[action='/bangku/skenario'] button`)
	g.see(".note.good")
	if text := g.read("main"); !strings.Contains(text, "0 jadi, 0 rusak") {
		t.Errorf("the report in Indonesian: %s", text)
	}
	g.clean(rules)
	g.keep("bench-report")
	for format, begins := range map[string]string{"txt": "held", "json": "{", "xml": "<?xml"} {
		text, err := chromedp.Run(g.ctx, chromedp.Evaluate[string](`fetch("`+g.linked("main a[href$='."+format+"']")+`").then(r => r.text())`, chromedp.EvalAwaitPromise))
		if g.must(err); !strings.HasPrefix(text, begins) {
			t.Errorf("the report as %s begins with %.40q", format, text)
		}
	}
	for text, wants := range map[string]string{
		"title: {id: x, en: y}\nbatch: {cards: 0, broken: [expired]}\nthen: {made: 2, refused: {expired: 1}}\n": "made: 0, seharusnya 2",
		"title: {id: x, en: y}\nbatch: {cards: many}\n":                                                         "scenario.yaml:2:16: batch.cards: a whole number",
	} {
		g.open("/bangku")
		g.do(chromedp.SetValue(chromedp.CSS("#teks"), text))
		g.click(`form[action='/bangku/skenario'] button`)
		if got := g.read("main"); !strings.Contains(got, wants) {
			t.Errorf("%q does not say %q", got, wants)
		}
	}
	g.replaysFromTheList()
	for _, deed := range bench.Deeds {
		g.open("/bangku")
		g.click(`button[value=` + deed + `]`)
		g.see(".note.good")
	}
	g.breaksEverything()
}

// inDoubt reads what the print room is told of a card that was pulled out of the machine, in both languages.
func (g *guest) inDoubt() {
	g.t.Helper()
	g.until("/cetak", "[aria-labelledby=doubts] .doubt")
	if text := g.read("[aria-labelledby=doubts]"); !strings.Contains(text, "Keraguan yang terbuka") || !strings.Contains(text, "Cari kartu di jalur mesin") {
		g.t.Errorf("the doubt: %s", text)
	}
	g.inEnglish("[aria-labelledby=doubts]", "Open doubts", "Look for the card in the path")
}

// inEnglish holds a part of a page against its words in the other language, and comes back.
func (g *guest) inEnglish(selector string, wants ...string) {
	g.t.Helper()
	g.language("en")
	g.see(selector)
	for _, want := range wants {
		if text := g.read(selector); !strings.Contains(text, want) {
			g.t.Errorf("in English %s says %q, not %q", selector, text, want)
		}
	}
	g.language("id")
}

// replaysFromTheList plays one of the scenarios that come with the product, in English.
func (g *guest) replaysFromTheList() {
	g.t.Helper()
	g.open("/bangku")
	if n := g.count("#nama option"); n != len(trial.Scenarios()) {
		g.t.Errorf("%d scenarios are listed", n)
	}
	g.language("en")
	g.do(chromedp.SetValue(chromedp.CSS("#nama"), "no-chip"))
	g.click(`form[action='/bangku/skenario'] button`)
	g.see(".note.good")
	for _, want := range []string{"A blank without a chip among good ones", "Everything is true at the end", "2 made, 1 spoiled"} {
		if text := g.read("main"); !strings.Contains(text, want) {
			g.t.Errorf("the report in English does not say %q: %s", want, text)
		}
	}
	g.open("/bangku")
	g.language("id")
}

// breaksEverything presses the button of every fault: each is in the room from then on, planned for the next moment it can
// happen, and the next card meets the first of them.
func (g *guest) breaksEverything() {
	g.t.Helper()
	g.open("/bangku")
	g.click(`button[value=away]`)
	planned := func() int {
		room, err := g.house.Room(g.t.Context())
		g.must(err)
		n := room.Lines[0].Planned
		if shown := strings.Contains(g.read("#ruang"), fmt.Sprintf("Gangguan yang masih akan terjadi: %d", n)); shown != (n > 0) {
			g.t.Errorf("%d faults are planned, and the page says %s", n, g.read("#ruang"))
		}
		return n
	}
	pressed := 0
	for _, group := range g.house.Faults("line-1") {
		for _, kind := range group.Kinds {
			before := planned()
			g.click(`form[action='/bangku/rusak'] button[value=` + kind + `]`)
			g.see(".note.good")
			pressed++
			if now := planned(); now != before+1 && kind != "reader_gone" { // which is gone at once
				g.t.Errorf("after the button of %s %d faults are planned, not one more than %d", kind, now, before)
			}
		}
	}
	if buttons := g.count("form[action='/bangku/rusak'] button"); pressed != buttons {
		g.t.Errorf("%d of %d buttons were pressed", pressed, buttons)
	}
	g.must(g.house.Approve(g.t.Context(), 1))
	g.see(".strip.mood-bad .note.bad")
}

// Nothing of the bench can be done by a form of another site, and what is not there is not found.
func TestBenchRefuses(t *testing.T) {
	t.Parallel()
	served := errors.New("nobody served")
	_, err := trial.Demo(t.Context(), trial.Options{Cards: 1, Lines: 1, Chip: "8k", Serve: func(h *trial.House) (func(), error) {
		handler, err := h.Handler(zap.NewNop())
		if err != nil {
			return nil, err
		}
		served = refusals(handler)
		return func() {}, nil
	}}, &trial.Screen{Out: io.Discard}, zap.NewNop())
	if err := errors.Join(err, served); err != nil {
		t.Error(err)
	}
}

func refusals(h http.Handler) (wrong error) {
	for _, c := range []struct {
		method, path, body, site string
		want                     int
	}{
		{http.MethodPost, "/bangku/lakukan", "apa=cut", "cross-site", http.StatusForbidden},
		{http.MethodPost, "/bangku/lakukan", "apa=explode", "same-origin", http.StatusNotFound},
		{http.MethodPost, "/bangku/rusak", "lini=line-9&gangguan=jam", "same-origin", http.StatusNotFound},
		{http.MethodPost, "/bangku/rusak", "lini=line-1&gangguan=meteorite", "same-origin", http.StatusNotFound},
		{http.MethodPost, "/bangku/skenario", "nama=../../etc/passwd", "same-origin", http.StatusNotFound},
		{http.MethodGet, "/bangku/kartu/none", "", "", http.StatusNotFound},
		{http.MethodGet, "/bangku/muka/none", "", "", http.StatusNotFound},
		{http.MethodGet, "/bangku/laporan/none/laporan.txt", "", "", http.StatusNotFound},
		{http.MethodGet, "/bangku", "", "", http.StatusOK},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1"+c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", c.site)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			wrong = errors.Join(wrong, errors.New(c.method+" "+c.path+" "+c.body+": "+w.Result().Status))
		}
		if c.want == http.StatusOK && strings.Contains(w.Header().Get("Content-Security-Policy"), "unsafe") {
			wrong = errors.Join(wrong, errors.New("the policy lets code in"))
		}
	}
	return wrong
}
