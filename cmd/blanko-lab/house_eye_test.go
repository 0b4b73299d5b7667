package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/ktp"
	"blanko/registry"
)

// The first hour in a house of two lines, by links and buttons alone: the supervisor opens the sample, sees the cards and
// approves all six records; the administrator lets the line with a camera rest, so that it does not take them all,
// queues them, and accepts by eye the first card of the line without a camera.
func TestFaceInTheFirstHour(t *testing.T) {
	t.Parallel()
	g := visit(t, 2)
	g.signIn("supervisor")
	g.until("/persetujuan", ".choice input")
	n, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](`(all => (all.forEach(c => c.click()), all.length))([...document.querySelectorAll(".choice input")])`))
	if g.must(err); n == 0 {
		t.Fatal("no record waits")
	}
	g.click("form[action='/persetujuan/kumpulan'] button")
	for g.count("[id^=open-]") > 0 {
		g.click("[id^=open-]")
		wide, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](`(i => i.decode().then(() => i.naturalWidth))(document.querySelector(".face img"))`, chromedp.EvalAwaitPromise))
		if g.must(err); wide == 0 {
			t.Error("an opened sample has no card")
		}
		g.click("#to-batch")
	}
	g.click("#approve-batch")
	g.signOut()

	g.signIn("administrator")
	g.until("/cetak", "#pause-line-1")
	g.click("#pause-line-1")
	for g.click(".menu a[href='/permohonan']"); g.count(".filter a[href$='keadaan=approved']") > 0; g.click(".menu a[href='/permohonan']") {
		g.click(".filter a[href$='keadaan=approved']")
		g.click("main tbody a")
		g.click("#queue")
	}
	g.click(".menu a[href='/penerimaan']")
	g.see("[id^=face-] #accept")
	card, err := chromedp.Run(g.ctx, chromedp.Evaluate[string](`document.querySelector("section[id^=face-]").id`))
	g.must(err)
	attempt, err := ktp.ParseAttemptID(strings.TrimPrefix(card, "face-"))
	g.must(err)
	g.do(chromedp.WaitReady(chromedp.CSS("body[data-stream=open]")), chromedp.KeyEvent("y"), chromedp.WaitVisible(chromedp.CSS("#done")))
	for reg := g.house.Registry(); ; {
		changed := reg.Changed()
		d, err := reg.Attempt(t.Context(), attempt)
		g.must(err)
		a, err := reg.Application(t.Context(), registry.ApplicationID(d.Attempt.Application))
		if g.must(err); a.Application.State == registry.Produced {
			if d.Attempt.Line != "line-2" {
				t.Errorf("a face of %s was asked for", d.Attempt.Line)
			}
			return
		}
		select {
		case <-changed:
		case <-g.ctx.Done():
			t.Fatalf("the accepted card is %s, its application %s", d.Attempt.State, a.Application.State)
		}
	}
}
