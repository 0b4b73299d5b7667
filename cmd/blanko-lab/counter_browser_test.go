package main

import (
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pen "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"blanko/ktp"
	"blanko/registry"
	"blanko/web/bench"
)

// Who practises at the counter of a house takes somebody from the bench to an application that waits for approval, with
// nothing but a browser and the files of the bench: registered and examined by one, captured and confirmed by another,
// found unique by the center.
func TestCounterIsPractised(t *testing.T) {
	t.Parallel()
	g := visit(t, 1)
	list, err := g.house.Applicants()
	g.must(err)
	if len(list) != 6 {
		t.Fatalf("%d stand before the counter", len(list))
	}
	enlisted, err := g.house.Registry().Residents(t.Context(), registry.ResidentFilter{Limit: 2 * len(list)})
	g.must(err)
	for _, r := range enlisted {
		if r.Person.Nationality != ktp.Citizen.Code {
			t.Errorf("%s comes with the nationality %s, and the house has no blanks for that", r.Person.NIK.Digits(), r.Person.Nationality)
		}
	}
	if len(enlisted) != len(list) {
		t.Errorf("%d are in the list of obliged residents", len(enlisted))
	}
	who := list[2]
	g.open("/bangku")
	if text := g.read("main"); !strings.Contains(text, who.NIK) || !strings.Contains(text, who.Name) {
		t.Errorf("the bench does not show %+v: %s", who, text)
	}
	files := map[string]string{}
	for _, file := range bench.ApplicantFiles {
		files[file] = g.fetch("/bangku/pemohon/" + who.NIK + "/" + file)
	}

	g.signIn("service_officer")
	g.open("/permohonan-baru?jenis=new")
	g.do(chromedp.SetValue(chromedp.CSS("#nik"), who.NIK))
	rules, err := g.house.Registry().RulesOf(t.Context(), ktp.TypeNew)
	g.must(err)
	for _, q := range rules.Requirements {
		if q.Evidence == registry.EvidenceScan {
			g.attach(`input[name="scan.`+q.ID+`"]`, files[bench.FilePhoto])
		}
		if g.count("#r-"+q.ID) > 0 {
			g.do(chromedp.Click(chromedp.CSS("#r-" + q.ID)))
		}
	}
	g.click("main form[action='/permohonan-baru'] button[type=submit]")
	at := g.at()
	const form = "form.attach:has(input[name=class][value=form])"
	g.attach(form+" input[type=file]", files[bench.FilePhoto])
	g.click(form + " button[type=submit]")
	g.click("#examine")
	g.signOut()

	g.signIn("enrolment_operator")
	g.open(at)
	g.click("#to-capture")
	g.see("#desk-without")
	g.attach("#photo-file", files[bench.FilePhoto])
	g.taken("#part-portrait")
	g.attach("#pad-file", files[bench.FileSignature])
	g.taken("#part-signature")
	for _, part := range []string{bench.FileIrisRight, bench.FileIrisLeft} {
		row := `[data-part='` + part + `']`
		g.attach(row+" input[type=file]", files[part])
		g.taken(row)
	}
	_, err = chromedp.Run(g.ctx, chromedp.Evaluate[any](`document.querySelectorAll('[data-part^="finger."] select').forEach(s => { s.value = 'BANDAGED'; s.dispatchEvent(new Event('change')); }); 0`))
	g.must(err)
	g.see("#capture-send:not([disabled])")
	g.click("#capture-send")
	g.see("#part-confirm")
	g.signs()
	g.click("#pad-confirm")
	g.open(at)
	g.click("#send")
	g.signOut()

	g.signIn("datacenter_officer")
	read := "#read-" + filepath.Base(at)
	g.until("/ketunggalan", read)
	g.click(read)
	g.signOut()

	g.signIn("supervisor")
	g.until("/persetujuan", "a[href^='"+at+"']")
}

// fetch keeps a file of the bench as somebody who downloads it.
func (g *guest) fetch(path string) string {
	g.t.Helper()
	r, err := http.Get(g.url + path) //nolint:noctx // of this process
	g.must(err)
	defer r.Body.Close()
	name := filepath.Join(g.t.TempDir(), strings.TrimSuffix(strings.SplitN(r.Header.Get("Content-Disposition"), `"`, 3)[1], `"`))
	f, err := os.Create(name)
	g.must(err)
	_, err = f.ReadFrom(r.Body)
	g.must(err)
	g.must(f.Close())
	return name
}

func (g *guest) attach(input, file string) {
	g.t.Helper()
	g.do(chromedp.SetUploadFiles(chromedp.CSS(input), []string{file}))
}

// taken waits until a part of a capture is there, and good.
func (g *guest) taken(part string) {
	g.t.Helper()
	if _, err := chromedp.Run(g.ctx, chromedp.Poll[bool](`(document.querySelector("`+part+`") || {dataset: {}}).dataset.taken === 'good'`, chromedp.WithPollingTimeout(0))); err != nil {
		g.keep("failed")
		g.t.Fatalf("%s is not taken: %v: %s; %s", part, err, g.readOf(part), g.readOf("#capture-problem"))
	}
}

// signs draws a line on the pad with a pen.
func (g *guest) signs() {
	g.t.Helper()
	at, err := chromedp.Run(g.ctx, chromedp.Evaluate[[]float64](`(() => { const pad = document.getElementById('pad'); pad.scrollIntoView(); const r = pad.getBoundingClientRect(); return [r.left + 20, r.top + 40]; })()`))
	g.must(err)
	touch := func(kind pen.DispatchTouchEventType, at ...*pen.TouchPoint) {
		_, err := chromedp.Call(g.ctx, pen.DispatchTouchEvent, pen.DispatchTouchEventParams{Type: kind, TouchPoints: append([]*pen.TouchPoint{}, at...)})
		g.must(err)
	}
	touch(pen.DispatchTouchEventTypeTouchStart, &pen.TouchPoint{X: at[0], Y: at[1]})
	for i := 1.0; i < 12; i++ {
		touch(pen.DispatchTouchEventTypeTouchMove, &pen.TouchPoint{X: at[0] + 15*i, Y: at[1] + 25*math.Sin(i)})
	}
	touch(pen.DispatchTouchEventTypeTouchEnd)
}

func (g *guest) readOf(selector string) string {
	text, _ := chromedp.Run(g.base, chromedp.Evaluate[string](`(document.querySelector("`+selector+`") || {innerText: ''}).innerText`))
	return text
}

// at is the path of the page.
func (g *guest) at() string {
	g.t.Helper()
	path, err := chromedp.Run(g.ctx, chromedp.Evaluate[string](`location.pathname`))
	g.must(err)
	return path
}
