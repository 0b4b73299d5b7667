package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/registry"
)

// slowBody is a form whose sender waits: it says when it is read, and ends when it may.
type slowBody struct {
	once       sync.Once
	read, ends chan struct{}
}

func (b *slowBody) Read([]byte) (int, error) {
	b.once.Do(func() { close(b.read) })
	<-b.ends
	return 0, io.EOF
}

// A request that came before a session was ended, or locked, and is answered after it, changes nothing of that: who was
// signed out everywhere held a request open and was in again.
func TestSlowRequestBringsNothingBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin, guard)
	for _, c := range []struct {
		name, to  string
		meanwhile func(cookie *http.Cookie)
	}{
		{"signed out everywhere", "/masuk", func(*http.Cookie) { o.as(guard, registry.EndSessions{Person: admin.ID}) }},
		{"signed out", "/masuk", func(k *http.Cookie) { o.sends(k, "/keluar", http.NoBody) }},
		{"locked", "/kunci", func(k *http.Cookie) { o.sends(k, "/kunci", http.NoBody) }},
	} {
		sari := o.comes(admin)
		at, err := url.Parse(o.url)
		o.must(err)
		var cookie *http.Cookie
		for _, k := range sari.http.Jar.Cookies(at) {
			if k.Name == "blanko" {
				cookie = k
			}
		}
		o.clock.Advance(time.Minute) // so that the session is told that its person is there
		body, answered := &slowBody{read: make(chan struct{}), ends: make(chan struct{})}, make(chan int)
		go func() { answered <- o.sends(cookie, "/hadir", body).Code }()
		<-body.read
		c.meanwhile(cookie)
		close(body.ends)
		if code := <-answered; code != http.StatusNoContent {
			t.Errorf("%s: the slow request: %d", c.name, code)
		}
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/akun", nil)
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		o.http.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, c.to) {
			t.Errorf("%s, and after it %d to %q", c.name, w.Code, to)
		}
	}
}

// sends sends a form under a session.
func (o *office) sends(cookie *http.Cookie, path string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+path, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookie)
	w := httptest.NewRecorder()
	o.http.ServeHTTP(w, r)
	return w
}
