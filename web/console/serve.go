package console

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"blanko/web"
)

// signedIn lets through who has signed in and is not locked out of the page by time; others go to sign in.
// An error becomes a page.
func (c *console) signedIn(next func(*view, http.ResponseWriter) error) http.Handler {
	return c.guard(c.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := c.view(r)
		id := c.sessions.GetString(r.Context(), sessionPerson)
		quiet := r.Header.Get("HX-Request") != ""
		if id == "" {
			c.turnAway(w, r, "/masuk", quiet)
			return
		}
		p, err := c.Registry.Person(r.Context(), id)
		if err != nil {
			if derr := c.sessions.Destroy(r.Context()); derr != nil {
				c.fail(v, w, derr)
				return
			}
			c.turnAway(w, r, "/masuk", quiet)
			return
		}
		v.Person, v.Actor = p, p.Actor()
		v.Actor.Session = c.sessions.hash(r.Context())
		if c.sessions.locked(r.Context()) {
			c.turnAway(w, r, "/kunci", quiet)
			return
		}
		if !quiet {
			c.sessions.touch(r.Context())
		}
		if err := next(v, w); err != nil {
			c.fail(v, w, err)
		}
	})))
}

// turnAway sends somebody to sign in or to unlock; what a script asked for is told so by its status.
func (c *console) turnAway(w http.ResponseWriter, r *http.Request, to string, quiet bool) {
	if quiet || r.Method != http.MethodGet {
		if to == "/kunci" && quiet {
			w.WriteHeader(http.StatusLocked)
			return
		}
		if quiet {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
	}
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?ke=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// fail answers with a page that says what went wrong.
func (c *console) fail(v *view, w http.ResponseWriter, err error) {
	pr := c.Problems.Of(err)
	v.Problem = pr
	page := layout(v, v.T("problem.title"), templ.NopComponent)
	if v.Person.ID == "" {
		page = outside(v, v.T("problem.title"), templ.NopComponent)
	}
	if werr := write(v, w, pr.Status, page); werr != nil {
		c.Problems.Write(w, werr)
	}
}

// write sends a page that was made completely.
func write(v *view, w http.ResponseWriter, status int, t templ.Component) error {
	var b bytes.Buffer
	if err := t.Render(v.ctx(), &b); err != nil {
		return web.Unexpected.At("console.write", err)
	}
	text := b.Bytes()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "Accept-Encoding, Sec-Fetch-Site")
	if fromItself(v.r) && takesGzip(v.r) {
		w.Header().Set("Content-Encoding", "gzip")
		text = packedPage(text)
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) // who asked has gone
	return nil
}
