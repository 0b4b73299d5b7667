package console_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"blanko/registry/access"
)

// The first page behind the sign-in, such as the print room with the fifty orders that its queue shows, and everything
// that it loads, comes in less than 100 kB to a browser that has kept nothing.
func TestFirstPageIsLight(t *testing.T) {
	t.Parallel()
	const orders, least, most = 50, 20_000, 100_000
	o := newOffice(t, admin, boss)
	o.room(orders)
	for _, x := range []struct {
		who      access.Actor
		open, at string
		orders   int
	}{{admin, "/", "/cetak", orders}, {boss, "/", "/persetujuan", 0}, {boss, "/cetak", "/cetak", orders}} {
		v, who := o.visit(), x.who
		v.signIn(who)
		v.forget()
		v.open(x.open)
		v.see("body[data-stream=open]")
		if n := ask[int](v, `document.querySelectorAll('#part-antre tbody tr').length`); v.where() != x.at || n != x.orders {
			t.Errorf("%s is at %s and sees %d orders", who.ID, v.where(), n)
		}
		took := v.watch.Sent()
		if took < least || took > most {
			t.Errorf("the first page of %s takes %.0f bytes", who.ID, took)
		}
		t.Logf("%s: %.0f bytes", who.ID, took)
	}
}

// Files are compressed for everybody who takes that, pages for those alone whom no page of another site sent, and the
// stream for nobody; what is compressed is what it is otherwise.
func TestWhatIsCompressed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	c := o.comes(admin)
	c.open("/akun")
	style := regexp.MustCompile(`/aset/[0-9a-f]+/console\.css`).FindString(c.page)
	wire := &http.Transport{DisableCompression: true}
	t.Cleanup(wire.CloseIdleConnections)
	client := http.Client{Jar: c.http.Jar, Transport: wire}
	css, err := os.ReadFile("assets/console.css")
	o.must(err)
	for _, x := range []struct {
		path, takes, from string
		packed            bool
		holds             string
	}{
		{style, "gzip, deflate, br", "same-origin", true, string(css)},
		{style, "gzip", "cross-site", true, string(css)},
		{style, "GZIP;q=0.5", "", true, string(css)},
		{style, "br;q=1, gzip; q=0", "same-origin", false, string(css)},
		{style, "gzip;q=0.000", "same-origin", false, string(css)},
		{style, "br", "same-origin", false, string(css)},
		{style, "", "same-origin", false, string(css)},
		{"/akun", "gzip", "same-origin", true, "<h1>Akun saya</h1>"},
		{"/akun", "br, gzip", "none", true, "<h1>Akun saya</h1>"},
		{"/akun", "gzip", "same-site", false, "<h1>Akun saya</h1>"},
		{"/akun", "gzip", "cross-site", false, "<h1>Akun saya</h1>"},
		{"/akun", "gzip", "", false, "<h1>Akun saya</h1>"},
		{"/akun", "br", "same-origin", false, "<h1>Akun saya</h1>"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+x.path, nil)
		o.must(err)
		r.Header.Set("Accept-Encoding", x.takes)
		r.Header.Set("Sec-Fetch-Site", x.from)
		res, err := client.Do(r)
		o.must(err)
		var body io.Reader = res.Body
		packed := res.Header.Get("Content-Encoding") == "gzip"
		if packed {
			body, err = gzip.NewReader(body)
			o.must(err)
		}
		text, err := io.ReadAll(body)
		o.must(err)
		res.Body.Close()
		if packed != x.packed || !strings.Contains(string(text), x.holds) {
			t.Errorf("%s for %q from %q: compressed %t, %d bytes", x.path, x.takes, x.from, packed, len(text))
		}
		if varies := strings.Join(res.Header.Values("Vary"), ", "); !strings.Contains(varies, "Accept-Encoding") {
			t.Errorf("%s varies by %q", x.path, varies)
		}
	}

	ctx, end := context.WithCancel(t.Context())
	defer end()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/aliran", nil)
	o.must(err)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := client.Do(r)
	o.must(err)
	defer res.Body.Close()
	first := make([]byte, len("retry:"))
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "retry:" || res.Header.Get("Content-Encoding") != "" {
		t.Errorf("the stream begins with %q, %v", first, err)
	}
}
