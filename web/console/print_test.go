package console_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

// until waits for the page to say something.
func (v *visitor) until(selector, text string) {
	v.t.Helper()
	script := `(document.querySelector(` + quoted(selector) + `) || {innerText: ''}).innerText.includes(` + quoted(text) + `)`
	if _, err := chromedp.Run(v.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(0))); err != nil {
		v.keep("failed")
		v.t.Fatalf("%s never says %q: %v; it says %s", selector, text, err, v.read(selector))
	}
}

// The strip is true while it is looked at: a card goes through the line, and a fault takes the strip over
// and leaves it, and the page was never loaded again.
func TestStripIsLive(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(2)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.see("body[data-stream=open]")
	ask[bool](v, `window.same = true`)
	v.until("#strip-lini-1 .state", "Siap")
	order := o.next()
	o.make(order, "0000A0B0C0D000000001", jobs.Print)
	v.until("#strip-lini-1 .state", "Bekerja")
	if at := v.read("#strip-lini-1 li[aria-current]"); at != "" {
		t.Errorf("nobody began a step, and %q is shown as running", at)
	}
	o.must(o.reg.Intend(t.Context(), order, jobs.Print, jobs.Evidence{At: o.clock.Now()}))
	v.until("#strip-lini-1 li[aria-current]", "Cetak")
	o.must(o.reg.Observe(t.Context(), "lini-1", "", "stopped", "personalize.card_jam"))
	v.until("#strip-lini-1 .note", "Angkat kartu")
	o.must(o.reg.Observe(t.Context(), "lini-1", "", "running", ""))
	v.until("#strip-lini-1 .state", "Bekerja")
	if v.read("#strip-lini-1 .note") != "" || !ask[bool](v, `window.same === true`) {
		t.Error("the fault stayed, or the page was loaded anew")
	}
}

// A station of which nothing is heard any more is said on the open page, in no green; once it is back the page says that.
// What only says that it is there tells no page anything.
func TestStripOfASilentStation(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(0)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.see("body[data-stream=open]")
	for range 6 { // three minutes of nothing to do
		o.clock.Advance(3 * jobs.BeatEvery)
		o.must(o.reg.Beat(t.Context(), "lini-1", ""))
	}
	v.until("#strip-lini-1.mood-good .state", "Siap")
	mark, err := o.reg.RoomMark(t.Context())
	o.must(err)
	o.clock.Advance(jobs.BeatEvery)
	o.must(o.reg.Beat(t.Context(), "lini-1", ""))
	if now, err := o.reg.RoomMark(t.Context()); err != nil || now != mark {
		t.Errorf("pages are told of a beat: %v", err)
	}
	o.clock.Advance(3*jobs.BeatEvery + time.Second)
	v.until("#strip-lini-1.mood-warn .state", "Tidak ada kabar dari stasiun sejak")
	o.must(o.reg.Beat(t.Context(), "lini-1", ""))
	v.until("#strip-lini-1.mood-good .state", "Siap")
}

// A person pauses a line, is told what was done and how it is undone, and runs it again; the ledger knows
// who.
func TestPauseAndRun(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(0)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.click("#pause-lini-1")
	if told := v.read("#done"); !strings.Contains(told, "Jeda") || !strings.Contains(told, "diurungkan dengan: Jalankan") {
		t.Errorf("told %q", told)
	}
	lines, err := o.reg.Lines(t.Context())
	o.must(err)
	if lines[0].Wish != jobs.Paused || lines[0].By != admin.ID {
		t.Errorf("the wish is %s by %s", lines[0].Wish, lines[0].By)
	}
	v.click("#resume-lini-1")
	if lines, err = o.reg.Lines(t.Context()); err != nil || lines[0].Wish != jobs.Running {
		t.Errorf("%v, %v", lines[0].Wish, err)
	}
}

// A person holds an order with a reason; it keeps its place, the page says who held it and why, and it is released from
// there. A reason that its note alone tells is asked for.
func TestHoldInTheQueue(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(3)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.do(chromedp.Click(chromedp.CSS("#hold-req-1 summary")))
	v.fill("#hold-req-1-reason", "other")
	v.fill("#hold-req-1-note", "menunggu surat")
	v.click("#hold-req-1 button")
	if told := v.read("#done"); !strings.Contains(told, "Tahan di antrean") || !strings.Contains(told, "diurungkan dengan: Lepaskan ke antrean") {
		t.Errorf("told %q", told)
	}
	if held := v.read("#part-antre section:first-child"); !strings.Contains(held, "req-1") || !strings.Contains(held, "lain, lihat catatan") || !strings.Contains(held, admin.ID) || strings.Contains(held, "menunggu") {
		t.Errorf("held %q", held)
	}
	if first := v.read("#part-antre section:last-child tbody tr"); !strings.Contains(first, "req-1") || !strings.Contains(first, "ditahan di sini") {
		t.Errorf("first %q", first)
	}
	if order := o.next(); order.Record.ID != "req-2" {
		t.Errorf("%s is made", order.Record.ID)
	}
	newer := delivery(1)
	newer.Record.Version, newer.MessageID, newer.Canonical = 2, "req-1/2", [32]byte{2}
	o.as(center, newer)
	v.open("/cetak")
	if held := v.read("#part-antre section:first-child"); !strings.Contains(held, "req-1") || !strings.Contains(held, "ditahan lagi saat masuk antrean") || !strings.Contains(held, admin.ID) {
		t.Errorf("held, and a newer version came: %q", held)
	}
	v.open("/permohonan/req-1")
	if held := v.read("#kept-hold"); !strings.Contains(held, admin.ID) || !strings.Contains(held, "lain, lihat catatan") || !strings.Contains(held, "ditahan lagi saat masuk antrean") {
		t.Errorf("the page of the application says %q", held)
	}
	o.as(boss, registry.Approve{Application: id(1)})
	o.as(admin, registry.Queue{Application: id(1)})
	v.open("/cetak")
	v.click("#release-req-1")
	for _, want := range []string{"req-3", "req-1"} { // what was queued anew came last
		if order := o.next(); order.Record.ID != want {
			t.Errorf("%s is made", order.Record.ID)
		}
	}
}

// A stream that is lost is said, and the page catches up with what happened meanwhile once it is back.
func TestStreamIsLostAndComesBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.see("body[data-stream=open][data-event]") // what it has heard, it resumes behind
	v.expect("ERR_")
	v.expect("object Event")
	v.expect("htmx:sendError") // what is asked for when the link is cut
	v.expect("htmx:afterRequest")
	o.gate.cut()
	v.see("#stream-lost")
	o.must(o.reg.Observe(t.Context(), "lini-1", "", "stopped", "personalize.card_jam"))
	o.gate.mend()
	v.do(chromedp.WaitNotVisible(chromedp.CSS("#stream-lost")))
	v.until("#strip-lini-1 .note", "Angkat kartu")
	if seen := o.gate.resumed(); len(seen) < 2 || seen[len(seen)-1] == "" {
		t.Errorf("resumed by %q", seen)
	}
}

// A hundred faces are accepted by keyboard alone, one after the other; the wrong one among them stops the line, which
// goes on once a supervisor lets it, also by keys. The cards before and after the wrong one are set apart.
func TestFacesByKeyboard(t *testing.T) {
	t.Parallel()
	const faces, wrong = 101, 57
	o := newOffice(t, admin, boss)
	o.room(faces)
	o.as(keeper, registry.LoadHopper{Line: "lini-1", Lot: "LOT-A", Quantity: faces, Second: admin2})
	v := o.visit()
	v.signIn(admin)
	v.open("/penerimaan")
	v.see("#face-none")
	v.see("body[data-stream=open]")
	accepted := 0
	for n := 1; n <= faces; n++ {
		order := o.next()
		chip := ktp.ChipUID(fmt.Sprintf("0000A0B0C0D000000%03d", n))
		o.make(order, chip, jobs.Accept)
		answer := make(chan registry.Question, 1)
		o.must(o.reg.Intend(t.Context(), order, jobs.Accept, jobs.Evidence{At: o.clock.Now()}))
		go func() {
			q, err := o.reg.Ask(t.Context(), "lini-1", registry.AskFace, "")
			if err == nil {
				answer <- q
			}
		}()
		v.see("#face-" + order.Attempt.String())
		if w := promised[int](v, `document.querySelector('.face img').decode().then(() => document.querySelector('.face img').naturalWidth)`); w == 0 {
			t.Error("no expected face")
		}
		key := "y"
		if n == wrong {
			key = "8"
		}
		v.do(chromedp.KeyEvent(key))
		q := <-answer
		if q.Good != (n != wrong) || q.By != admin.ID || q.WrongPerson() != (n == wrong) {
			t.Fatalf("card %d: %+v", n, q)
		}
		v.see("#done")
		if told, want := v.read("#done"), map[bool]string{false: "Muka kartu diterima.", true: "Muka kartu ditolak: Wajah atau data orang lain."}[n == wrong]; !strings.Contains(told, want) {
			t.Errorf("card %d: told %q", n, told)
		}
		if n != wrong {
			o.must(o.reg.Settle(t.Context(), order, jobs.Accept, jobs.Outcome{Result: jobs.Done, Millis: 900}))
			accepted++
			continue
		}
		const cause = "personalize.wrong_person"
		for _, step := range []struct {
			step jobs.Step
			out  jobs.Outcome
		}{
			{jobs.Accept, jobs.Outcome{Result: jobs.Failed, Cause: cause, Match: jobs.WrongPerson}},
			{jobs.Block, jobs.Outcome{Result: jobs.Done, Cause: cause, Chip: chip}}, {jobs.Reject, jobs.Outcome{Result: jobs.Done, Cause: cause, Tray: "reject", Chip: chip}},
		} {
			if step.step != jobs.Accept {
				o.must(o.reg.Intend(t.Context(), order, step.step, jobs.Evidence{Chip: chip, At: o.clock.Now()}))
			}
			o.must(o.reg.Settle(t.Context(), order, step.step, step.out))
		}
		chief := o.visit()
		chief.signIn(boss)
		chief.open("/cetak")
		chief.until("#strip-lini-1", "Kartu dan orang tidak cocok")
		ask[any](chief, `document.querySelector('#resume-lini-1').focus()`)
		chief.enters("")
		chief.see("#pause-lini-1")
		v.open("/penerimaan")
		v.see("#face-none")
		v.see("body[data-stream=open]")
	}
	if before, err := o.reg.CardByChip(t.Context(), ktp.ChipUID(fmt.Sprintf("0000A0B0C0D000000%03d", wrong-1))); err != nil || before.Held == "" || accepted != faces-1 {
		t.Errorf("%d faces accepted; the card before the wrong one: %+v, %v", accepted, before, err)
	}
}

// scans is a scanner that reads a code while no field has the focus; it leads to another page.
func (v *visitor) scans(code string) {
	v.t.Helper()
	keys, err := json.Marshal(append(strings.Split(code, ""), "Enter"))
	v.must(err)
	read := chromedp.Evaluate[bool](`document.activeElement.blur(), ` + string(keys) + `.forEach(k => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: k, bubbles: true, cancelable: true}))), true`)
	if _, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, read)); err != nil {
		v.t.Fatalf("after the scan of %s: %v", code, err)
	}
}

// The whole way with the keyboard alone: the skip link, and a scanner whose code goes to the search field, wherever
// the focus is.
func TestScannerAndKeyboard(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(1)
	v := o.visit()
	v.signIn(admin)
	v.open("/cetak")
	v.do(chromedp.KeyEvent(kb.Tab))
	if got := ask[string](v, `document.activeElement.className`); got != "skip" {
		t.Errorf("the first stop is %q", got)
	}
	for _, text := range []string{"req-1", "6105014107900001"} {
		v.open("/cetak")
		v.scans(text)
		v.until("main", "req-1")
		if at := v.where(); at != "/permohonan/req-1" {
			t.Errorf("%s leads to %s", text, at)
		}
	}
	if shown := v.read("main"); strings.Contains(shown, "6105014107900001") || strings.Contains(shown, "PENDUDUK 1") || !strings.Contains(shown, "610501••••••••01") {
		t.Errorf("without a reason the page shows the person as %s", shown)
	}
	v.do(chromedp.Click(chromedp.CSS("details:has(#lihat-reason) summary")))
	v.fill("#lihat-reason", "at_counter")
	v.click("form[action$='/lihat'] button")
	if shown := v.read("main"); !strings.Contains(shown, "6105014107900001") {
		t.Error("the page does not show the person though it was asked to")
	}
	v.open("/permohonan/req-1")
	if shown := v.read("main"); strings.Contains(shown, "6105014107900001") || !strings.Contains(shown, "data pribadi dibuka") {
		t.Error("the person stays on the page, or nobody wrote down who looked")
	}
}

// The strip shows the face and the masked name of the card in work before anybody is asked for it, and what is known of
// the chip and of the devices; the picture is asked for once, however often the strip is renewed.
func TestStripShowsTheFace(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	o.room(2)
	v := o.visit()
	v.signIn(admin)
	order := o.next()
	o.make(order, "0000A0B0C0D000000001", jobs.Print)
	v.open("/cetak")
	thumb := "#thumb-" + order.Attempt.String()
	v.see(thumb)
	if w := promised[int](v, `document.querySelector(`+quoted(thumb)+`).decode().then(() => document.querySelector(`+quoted(thumb)+`).naturalWidth)`); w == 0 {
		t.Error("no face")
	}
	ask[any](v, `document.querySelector(`+quoted(thumb)+`).dataset.same = 'yes'`)
	o.as(admin, registry.PauseLine{Line: "lini-1", Because: registry.Because{Reason: "operator"}})
	v.see("#resume-lini-1")
	if got := ask[string](v, `document.querySelector(`+quoted(thumb)+`).dataset.same || ''`); got != "yes" {
		t.Error("the picture of the face was asked for again")
	}
	text := v.read("#strip-lini-1")
	for _, want := range []string{"Isi chip", "5.912 dari 7.000 byte", "UPS", "belum diketahui", "P••• 1•••", "kemampuan mesin belum diketahui"} {
		if !strings.Contains(text, want) {
			t.Errorf("the strip does not say %q: %s", want, text)
		}
	}
	v.keep("strip-face")
	v.dark(true)
	v.do(chromedp.EmulateViewport(360, 800))
	v.keep("strip-face-360-dark")
}
