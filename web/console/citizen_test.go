package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/api"
	"blanko/web/console"
	"blanko/web/public"
)

// listener is the public one, over the ledger of the office: at the addresses of the office that it gives stand
// what anybody may see.
func (o *office) listener() *office {
	o.t.Helper()
	s := httptest.NewServer(o.outside(web.Complaints{PerHour: 60, PerDay: 300}))
	o.t.Cleanup(s.Close)
	outside := *o
	outside.url = s.URL
	return &outside
}

func (o *office) outside(all web.Complaints) http.Handler {
	problems := web.NewProblems(registry.Faults, nil, nil)
	mux, visitors := http.NewServeMux(), web.NewVisitors(all, o.clock.Now)
	o.must(api.Public(mux, api.Config{Registry: o.reg, Problems: problems, Version: "test", Now: o.clock.Now}, visitors))
	public.Mount(mux, public.Config{Registry: o.reg, Problems: problems, Office: "61.05", Visitors: visitors})
	web.Rest(mux, problems)
	return web.Guard(mux, problems)
}

// receipt is the number that a resident was given at the counter.
func (o *office) receipt() string {
	o.t.Helper()
	dewi, sari := staffOf(access.DatacenterOfficer), staffOf(access.ServiceOfficer)
	o.as(dewi, registry.ImportResidents{Version: "dpt-1", Rows: []registry.Resident{{ID: "row-1", Person: townsman(1)}}})
	o.as(dewi, registry.UseResidents{Version: "dpt-1", Residents: 1})
	o.employ(sari)
	counter := o.comes(sari)
	counter.open("/permohonan-baru?jenis=" + string(ktp.TypeNew))
	counter.send("/permohonan-baru", url.Values{"nik": {townsman(1).NIK.Digits()}, "requirement": {"family_card", "rt_rw_letter"}},
		map[string][]byte{"scan.family_card": scanned(), "scan.rt_rw_letter": scanned()})
	path, _, _ := strings.Cut(counter.at, "#")
	in, _, err := o.reg.Intake(o.t.Context(), registry.ApplicationID(strings.TrimPrefix(path, "/permohonan/")))
	o.must(err)
	return in.Receipt
}

// A citizen with a telephone, in both languages: what a number stands for, a complaint, its number, how far it is;
// a number that was misread, a form with gaps, and too much of it in a short time. Nothing that axe objects to,
// nothing wider than the telephone, nothing of a person.
func TestCitizenWithATelephone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	receipt := o.receipt()
	v := o.listener().visit()
	v.expect("Failed to load resource") // of what is refused
	v.do(chromedp.EmulateViewport(360, 740))
	clean := func(what string) {
		t.Helper()
		if wide := ask[int](v, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d wide", what, wide)
		}
		for _, secret := range []string{townsman(1).NIK.Digits(), townsman(1).Street, townsman(1).Names[0]} {
			if strings.Contains(v.read("body"), secret) {
				t.Errorf("%s tells %s", what, secret)
			}
		}
		v.clean(what)
	}
	for _, l := range []struct{ at, ready, answered, wrong, never, wait, incomplete, taken, waits string }{
		{"", "Permohonan Anda sudah diterima", "Pengaduan Anda sudah diterima", "Ada huruf atau angka yang salah", "tidak pernah diberikan", "Tunggu satu menit", "Tulis apa yang terjadi", "Pengaduan Anda sudah kami terima", "Tunggu sepuluh menit"},
		{"/en", "Your application has been received", "Your complaint has been received", "is wrong", "never gave out", "Wait a minute", "Write what happened", "We have received your complaint", "Wait ten minutes"},
	} {
		o.clock.Advance(time.Hour)
		v.dark(l.at != "")
		v.open(l.at + "/")
		clean("citizen-home" + l.at[min(1, len(l.at)):])
		if l.at == "" {
			v.screen("public")
		}
		see := func(number string) string {
			v.open(l.at + "/")
			v.do(chromedp.Click(chromedp.CSS("#nomor")))
			_, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent(number+kb.Enter)))
			v.must(err)
			return v.read("main")
		}
		if text := see(strings.ToLower(receipt)); !strings.Contains(text, l.ready) || !strings.Contains(text, receipt) {
			t.Errorf("the receipt: %s", text)
		}
		clean("citizen-status" + l.at[min(1, len(l.at)):])
		if l.at == "" {
			v.screen("public-status")
		}
		if text := see(receipt[:5] + other(receipt[5]) + receipt[6:]); !strings.Contains(text, l.wrong) {
			t.Errorf("misread: %s", text)
		}
		clean("citizen-misread" + l.at[min(1, len(l.at)):])
		if text := see(neverGiven); !strings.Contains(text, l.never) {
			t.Errorf("never given out: %s", text)
		}

		// A form with gaps that a browser would let through; what was typed stays.
		v.open(l.at + "/pengaduan")
		clean("citizen-complaint" + l.at[min(1, len(l.at)):])
		if l.at == "" {
			v.screen("public-complaint")
		}
		ask[bool](v, `document.querySelector('#complain').noValidate = true`)
		v.fill("#name", "WARGA <b>CONTOH</b>")
		v.fill("#text", "   ")
		v.click("#complain button")
		if text := v.read("main"); !strings.Contains(text, l.incomplete) || ask[string](v, `document.querySelector('#name').value`) != "WARGA <b>CONTOH</b>" {
			t.Errorf("a form with gaps: %s", text)
		}
		clean("citizen-incomplete" + l.at[min(1, len(l.at)):])
		v.fill("#subject", "waiting")
		v.fill("#text", "Kartu belum jadi setelah dua minggu.")
		v.fill("#receipt", strings.ToLower(receipt))
		v.fill("#contact", "0812-0000-0000")
		v.click("#complain button")
		if text := v.read("#taken"); !strings.Contains(text, l.taken) {
			t.Fatalf("the complaint: %s", v.read("main"))
		}
		clean("citizen-taken" + l.at[min(1, len(l.at)):])
		number := v.read("#taken .number")
		v.click("#taken a.button")
		if text := v.read("#found"); !strings.Contains(text, l.answered) || !strings.Contains(text, number) {
			t.Errorf("the complaint's number: %s", text)
		}
		clean("citizen-complaint-status" + l.at[min(1, len(l.at)):])

		// Too much at once.
		for n := 0; ; n++ {
			if text := see(receipt); strings.Contains(text, l.wait) {
				break
			}
			if n > 50 {
				t.Fatal("never too many")
			}
		}
		clean("citizen-too-many" + l.at[min(1, len(l.at)):])
		v.open(l.at + "/pengaduan")
		for name, text := range map[string]string{"subject": "fee", "text": "Diminta uang.", "name": "WARGA", "contact": "0812"} {
			v.fill("#"+name, text)
		}
		v.click("#complain button")
		if text := v.read("main"); !strings.Contains(text, l.waits) || ask[string](v, `document.querySelector('#text').value`) != "Diminta uang." {
			t.Errorf("too many complaints: %s", text)
		}
		o.clock.Advance(10 * time.Minute)
		v.click("#complain button")
		v.see("#taken")
		v.open(l.at + "/there-is-no-such-page")
		clean("citizen-nothing" + l.at[min(1, len(l.at)):])
	}
	v.open("/pengaduan")
	v.click("a.language")
	if at := v.where(); at != "/en/pengaduan" {
		t.Errorf("the other language is at %s", at)
	}
	all, err := o.reg.ListComplaints(t.Context(), registry.ComplaintFilter{Limit: 9})
	if err != nil || len(all) != 4 {
		t.Errorf("%d complaints, %v", len(all), err)
	}
}

// When all together have sent as many complaints as are taken, the form says so calmly, in both languages, and keeps what
// was written; a program is told when to come again.
func TestComplaintsAreFull(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	h := o.outside(web.Complaints{PerHour: 1, PerDay: 1})
	send := func(path, from string) *httptest.ResponseRecorder {
		t.Helper()
		form := url.Values{"subject": {"fee"}, "text": {"Diminta uang."}, "name": {"WARGA"}, "contact": {"0812"}}
		r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if w := send("/pengaduan", "192.0.2.1:1"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `id="taken"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for path, says := range map[string]string{"/pengaduan": "Coba lagi satu jam lagi", "/en/pengaduan": "Try again in an hour"} {
		w := send(path, "192.0.2.2:1")
		text := w.Body.String()
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "3600" || !strings.Contains(text, says) || !strings.Contains(text, "Diminta uang.") {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), text)
		}
	}
}

// neverGiven is a number whose check character fits, and which nobody was given.
const neverGiven = "R000000000S"

func other(c byte) string {
	if c == '7' {
		return "8"
	}
	return "7"
}

// The public listener shows nothing of the console and leaves no cookie; the console shows nothing of it.
func TestPublicListenerStandsApart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	outside := o.listener()
	get := func(url string) (int, http.Header, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		o.must(err)
		r.Header.Set("Accept", "text/html")
		res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
		o.must(err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		o.must(err)
		return res.StatusCode, res.Header, string(text)
	}
	for _, p := range console.PageRows() {
		if p.Path == "/pengaduan" { // each has one of its own
			continue
		}
		if code, h, text := get(outside.url + o.pathOf(p.Path)); code != http.StatusNotFound || len(h.Values("Set-Cookie")) > 0 || strings.Contains(text, "/masuk") {
			t.Errorf("%s is there, too: %d", p.ID, code)
		}
	}
	for _, path := range []string{"/masuk", "/aliran", "/bagian/lini", "/kunci", "/v1/applications"} {
		if code, _, _ := get(outside.url + path); code != http.StatusNotFound {
			t.Errorf("%s is there, too: %d", path, code)
		}
	}
	for _, path := range []string{"/", "/en/", "/status?nomor=" + neverGiven, "/pengaduan", "/en/pengaduan"} {
		code, h, text := get(outside.url + path)
		if len(h.Values("Set-Cookie")) > 0 || strings.Contains(text, "<script") || h.Get("Content-Security-Policy") != public.Policy || code >= 500 {
			t.Errorf("%s: %d %v", path, code, h)
		}
	}
	for _, path := range []string{"/en/", "/status?nomor=" + neverGiven, "/en/pengaduan", "/public/v1/standard"} {
		if code, _, _ := get(o.url + path); code != http.StatusNotFound {
			t.Errorf("the console has %s: %d", path, code)
		}
	}
}
