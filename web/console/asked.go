package console

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"

	"blanko/web"
)

// asked is what the API answered a page that asked in the name of who looks.
type asked struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (a *asked) Header() http.Header { return a.header }

func (a *asked) WriteHeader(status int) { a.status = status }

func (a *asked) Write(p []byte) (int, error) { return a.body.Write(p) }

// ask has the API answer at an address in the name of who looks.
func (v *view) ask(api http.Handler, at *url.URL, header http.Header) *asked {
	r := v.r.Clone(web.WithActor(v.ctx(), v.Actor))
	r.URL, r.Header = at, header
	a := &asked{header: http.Header{}, status: http.StatusOK}
	api.ServeHTTP(a, r)
	return a
}

func (a *asked) good() bool { return a.status < http.StatusBadRequest }

// problem is why the API refused.
func (a *asked) problem() (*web.Problem, error) {
	p := &web.Problem{}
	if err := json.Unmarshal(a.body.Bytes(), p); err != nil || p.Code == "" {
		return nil, web.Unexpected.At("console.asked", err)
	}
	return p, nil
}

// pass hands the answer on as it is.
func (a *asked) pass(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // who asked has gone
}

// passOr is pass, or a page that says why the API refused and leads back.
func (a *asked) passOr(v *view, w http.ResponseWriter, back string) (err error) {
	if a.good() {
		a.pass(w)
		return nil
	}
	if v.Problem, err = a.problem(); err != nil {
		return err
	}
	return write(v, w, a.status, layout(v, v.T("problem.title"), wayBack(v, back)))
}
