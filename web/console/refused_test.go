package console_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

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
