package console_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/registry/access"
	"blanko/web/console"
	"blanko/web/console/words"
)

// somebodyWho may see a page.
func somebodyWho(may access.Permission) access.Actor {
	for _, a := range staff {
		if may == "" || a.May(may) {
			return a
		}
	}
	return access.Actor{}
}

// lives is who has a page before him, where others may see it too.
var lives = map[string]access.Role{
	"approvals": access.Supervisor, "application": access.ServiceOfficer, "applications": access.ServiceOfficer, "handover": access.KecamatanOperator,
	"complaint": access.ComplaintOfficer, "complaints": access.ComplaintOfficer, "stock": access.StockKeeper, "destruction_one": access.StockKeeper, "audit": access.Auditor,
}

// livesOn is somebody who has a page before him.
func livesOn(p console.PageRow) access.Actor {
	if role, is := lives[p.ID]; is {
		return staffOf(role)
	}
	return somebodyWho(p.May)
}

// pathOf is a page of the office with its names filled in.
func (o *office) pathOf(path string) string {
	return strings.NewReplacer("/permohonan-baru", "/permohonan-baru?jenis=data_change", "{application}/perekaman", cmp.Or(o.names["examined"], string(id(1)))+"/perekaman", "{batch}/{application}", cmp.Or(o.names["sampled"], "none")+"/"+string(id(14)), "{application}", string(id(1)), "{proposal}", cmp.Or(o.names["proposal"], "none"), "{batch}", cmp.Or(o.names["batch"], "none"),
		"{consignment}", cmp.Or(o.names["consignment"], "none"), "{destruction}", cmp.Or(o.names["destruction"], "none"), "{inspection}", cmp.Or(o.names["inspection"], "none"), "{incident}", cmp.Or(o.names["incident"], "none"), "{person}", boss.ID,
		"{chip}", "0000A0B0C0D000000002", "{complaint}", cmp.Or(o.names["complaint"], "none"), "{lot}", "LOT-A", "{serial}", "00112233445566AA").Replace(path)
}

// Every page, in Indonesian on white and in English on black, at 1366, 683 (200 % of it) and 360 pixels, with all that is
// folded up unfolded: nothing that axe objects to, nothing that has to be scrolled sideways, no table that is cut off at
// 1366, no word without its text; and it looks as its screen.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	var needed []access.Actor
	for _, p := range console.PageRows() {
		if a := livesOn(p); !slices.ContainsFunc(needed, func(n access.Actor) bool { return n.ID == a.ID }) {
			needed = append(needed, a)
		}
	}
	if !slices.ContainsFunc(needed, func(n access.Actor) bool { return n.ID == boss.ID }) { // the person of the page of one
		needed = append(needed, boss)
	}
	o := newOffice(t, needed...)
	o.room(6)
	o.make(o.next(), "0000A0B0C0D000000002", "")
	o.make(o.next(), "0000A0B0C0D000000001", "accept")
	o.faceAsked("lini-1")
	o.work()
	v := o.visit()
	who := ""
	for _, p := range console.PageRows() {
		a := livesOn(p)
		if a.ID == "" {
			t.Errorf("nobody may see %s", p.ID)
			continue
		}
		if a.ID != who {
			v.leave()
			v.signIn(a)
			who = a.ID
		}
		for _, l := range []string{"id", "en"} {
			v.open(o.pathOf(p.Path))
			v.language(l)
			if at := v.where(); at != o.pathOf(p.Path) {
				t.Errorf("%s: at %s", p.ID, at)
			}
			if found := missing.FindAllString(v.read("body"), -1); len(found) > 0 && !slices.Contains(codes, p.ID) {
				t.Errorf("%s %s: no text for %v", p.ID, l, found)
			}
			dark, often := l == "en", slices.Contains(allDay, p.ID)
			v.dark(dark)
			v.keep(p.ID + "-" + l)
			if dark && often {
				v.screen(p.ID + "-dark")
			} else if !dark && !slices.Contains(noScreens, p.ID) {
				v.screen(p.ID)
			}
			ask[any](v, `document.querySelectorAll('main details').forEach(d => { d.open = true; }), 0`)
			if found := v.violations(); len(found) > 0 {
				t.Errorf("%s %s, dark %t: %v", p.ID, l, dark, found)
			}
			if cut := ask[[]string](v, `[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.getAttribute('aria-label'))`); len(cut) > 0 {
				t.Errorf("%s %s: cut off: %q", p.ID, l, cut)
			}
			for i, width := range []int64{683, 360} {
				v.do(chromedp.EmulateViewport(width, 800))
				if wide := ask[int](v, `document.documentElement.scrollWidth`); int64(wide) > width {
					t.Errorf("%s %s at %d: %d wide", p.ID, l, width, wide)
				}
				if often && !dark {
					v.open(o.pathOf(p.Path)) // its menu is folded up
					v.screen(p.ID + []string{"-200", "-360"}[i])
				}
			}
			v.keep(p.ID + "-" + l + "-360")
			v.do(chromedp.EmulateViewport(1366, 900))
		}
	}
}

// codes are pages that show codes of events as they are.
var codes = []string{"audit", "proposal"}

// missing finds the key of a word that has no text.
var missing = regexp.MustCompile(`\b(page|op|head|field|stock|shipping|destruction|reports|devices|audit|people|inspection|uniqueness|complaints|subject|outage|print|line|step|where|did|undo|menu|role|state|kind|reason|list|form)\.[a-z_]+[a-z_.]*\b`)

// Whatever is asked for, nobody sees a page who may not, and nothing changes by a form from elsewhere.
func TestNobodyElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ask := func(method, path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://127.0.0.1"+path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		o.http.ServeHTTP(w, r)
		return w
	}
	for _, p := range console.PageRows() {
		if w := ask(http.MethodGet, o.pathOf(p.Path)); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/masuk") {
			t.Errorf("%s: %d to %q", p.ID, w.Code, w.Header().Get("Location"))
		}
	}
	for _, path := range []string{"/aliran", "/bagian/lini"} {
		if w := ask(http.MethodGet, path, "HX-Request", "true"); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := ask(http.MethodPost, "/masuk", "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "web.foreign_form") {
		t.Errorf("a form from elsewhere: %d", w.Code)
	}
	w := ask(http.MethodGet, "/masuk")
	if got := w.Header().Get("Content-Security-Policy"); got != console.Policy || strings.Contains(got, "unsafe") {
		t.Errorf("policy %q", got)
	}
	for _, to := range []string{"//elsewhere.example", `/\elsewhere.example`, "/\t/elsewhere.example", "https://elsewhere.example"} {
		if w := ask(http.MethodGet, "/masuk?ke="+url.QueryEscape(to)); strings.Contains(w.Body.String(), `value="`+to) {
			t.Errorf("%s is kept as the way on", to)
		}
	}
}

// The files of others are those that were taken, and pages hold no code or style of their own.
func TestAssets(t *testing.T) {
	t.Parallel()
	sums := map[string]string{}
	for name, sum := range console.Vendored {
		sums["assets/"+name] = sum
	}
	sums["testdata/axe/axe-4.14.1.min.js"] = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
	for name, want := range sums {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != want {
			t.Errorf("%s is not the file that was taken", name)
		}
	}
	inline := regexp.MustCompile(`style=|<style|<script>|\son[a-z]+=|javascript:`)
	for name, text := range sources(t, ".templ") {
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s: %q would break the policy", name, found)
		}
	}
}

func sources(t *testing.T, suffix string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Every key that a page asks for by its full name has a text.
func TestEveryWordIsThere(t *testing.T) {
	t.Parallel()
	whole := regexp.MustCompile(`\.T\("([a-z_.]+[a-z_])"[,)]`)
	for _, suffix := range []string{".templ", ".go"} {
		for name, text := range sources(t, suffix) {
			for _, m := range whole.FindAllStringSubmatch(text, -1) {
				if !words.Has(m[1]) {
					t.Errorf("%s: no text for %s", name, m[1])
				}
			}
		}
	}
	for _, p := range console.PageRows() {
		if !words.Has("page." + p.ID) {
			t.Errorf("no name of page %s", p.ID)
		}
	}
}
