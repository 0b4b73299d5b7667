package console_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"blanko/registry/access"
)

// What is refused when a paper is asked for is a page with words and a way back, and no file of a program.
func TestRefusedPaperIsAPage(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	c := sit[access.Administrator]
	o.as(center, delivery(1))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/kertas/v1/applications/nobody/papers/proof", strings.NewReader("key=k-1&kembali=%2Fpermohonan"))
	o.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.http.Do(r)
	o.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	o.must(err)
	if kind := res.Header.Get("Content-Type"); res.StatusCode < 400 || !strings.HasPrefix(kind, "text/html") {
		t.Fatalf("%d, %s: %s", res.StatusCode, kind, body)
	}
	c.page = string(body)
	if text := c.problem(); text == "" || !strings.Contains(c.page, `href="/permohonan"`) {
		t.Errorf("the page says %q", text)
	}
}

// After a step of the capture the next page says what was done; after one that was refused it says nothing of the kind.
func TestCaptureSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	c := sit[access.Administrator]
	o.as(center, delivery(1))
	for app, done := range map[string]bool{"nobody": false, string(id(1)): true} {
		res, err := c.http.Post(c.url+"/permohonan/"+app+"/perekaman/konfirmasi", "application/json", strings.NewReader("{}"))
		o.must(err)
		res.Body.Close()
		if good := res.StatusCode == http.StatusOK; good != done {
			t.Fatalf("%s: %d", app, res.StatusCode)
		}
		c.open("/akun")
		if says := strings.Contains(c.says(), "Sudah dilakukan: Konfirmasi"); says != done {
			t.Errorf("%s: the page says %s", app, c.says())
		}
	}
}

// What is refused or not there is a page like any other, for who hears it, too, in both languages: nothing that is
// found, an application that there is not, a page for others, a paper that cannot be issued.
func TestRefusedPagesAreForEverybody(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin)
	v := o.visit()
	v.signIn(admin)
	v.expect("a status of 403")
	v.expect("a status of 404")
	for _, l := range []string{"id", "en"} {
		v.open("/akun")
		v.language(l)
		for what, path := range map[string]string{"nothing-found": "/cari?q=tidak-ada", "no-application": "/permohonan/tidak-ada", "page-of-others": "/pengguna"} {
			v.open(path)
			v.clean(what + "-" + l)
		}
		v.open("/akun")
		_, err := chromedp.Run(v.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Evaluate[any](`(() => {
			const paper = document.createElement('form');
			paper.method = 'post';
			paper.action = '/kertas/v1/applications/nobody/papers/proof';
			for (const [name, value] of [['key', 'k-1'], ['kembali', '/permohonan']]) {
				const field = document.createElement('input');
				[field.type, field.name, field.value] = ['hidden', name, value];
				paper.append(field);
			}
			document.body.append(paper);
			paper.submit();
		})(), 0`)))
		o.must(err)
		if v.read("#problem") == "" {
			t.Errorf("the refused paper is the page %s", v.read("main"))
		}
		v.clean("refused-paper-" + l)
	}
}

// The page of a thing carries its number in the title and as its heading.
func TestTitlesNameTheThing(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	o.as(center, delivery(1))
	c := sit[access.Administrator]
	c.open("/permohonan/" + string(id(1)))
	for _, want := range []string{"<title>Permohonan req-1 · Blanko</title>", "<h1>Permohonan req-1</h1>"} {
		if !strings.Contains(c.page, want) {
			t.Errorf("no %s", want)
		}
	}
}

// A long number is cut off in the heading, and whole in the title.
func TestLongNumberInAHeading(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.EnrolmentOperator)
	app := string(o.examinedOf(1))
	c := sit[access.EnrolmentOperator]
	c.open("/permohonan/" + app + "/perekaman")
	for _, want := range []string{"<title>Perekaman " + app + " · Blanko</title>", "<h1>Perekaman " + app[:8] + "…</h1>"} {
		if !strings.Contains(c.page, want) {
			t.Errorf("no %s", want)
		}
	}
}
