package public

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"maps"
	"net/http"
	"strings"
	"time"

	"blanko/registry"
	"blanko/registry/standard"
	"blanko/web"
)

// Config is what the pages need.
type Config struct {
	Registry *registry.Registry
	Problems *web.Problems
	Office   string
	Visitors *web.Visitors
}

//go:embed pages
var pages embed.FS

// Policy of the pages: their style, their icon, their forms, and nothing else (Content Security Policy Level 3).
const Policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

type site struct {
	Config
	pages map[language]*template.Template
}

// Mount adds the pages and their document to a mux: Indonesian at the root, English below /en. The address says the language, so that
// nothing has to be remembered of who looks.
func Mount(mux *http.ServeMux, cfg Config) {
	s := &site{Config: cfg, pages: map[language]*template.Template{}}
	for name, kind := range map[string]string{"public.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"} {
		mux.HandleFunc("GET "+address(name), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(file(name))
		})
	}
	for _, l := range []language{indonesian, english} {
		s.pages[l] = template.Must(template.New("").Funcs(template.FuncMap{
			"t": l.word, "text": l.text, "day": func(t time.Time) string { return l.day(t.In(cfg.Registry.Zone())) }, "address": address,
		}).ParseFS(pages, "pages/*.html"))
		at := l.prefix()
		mux.Handle("GET "+at+"/{$}", s.page(l, s.home))
		mux.Handle("GET "+at+"/status", s.page(l, s.status))
		mux.Handle("GET "+at+"/pengaduan", s.page(l, s.complaint))
		mux.Handle("POST "+at+"/pengaduan", s.page(l, s.complain))
	}
	mux.HandleFunc("GET /openapi.yaml", web.Document(document))
	mux.HandleFunc("GET /", s.nothing)
}

func file(name string) []byte {
	content, err := pages.ReadFile("pages/" + name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return content
}

// address of a file changes with its content, so that it may be kept for good.
func address(name string) string {
	sum := sha256.Sum256(file(name))
	return "/aset/" + hex.EncodeToString(sum[:8]) + "/" + name
}

// shown is what one page is made from.
type shown struct {
	site     *site
	r        *http.Request
	Lang     language
	Page     string // its words stand under it
	Standard standard.Standard
	Of       any

	headers http.Header // of the answer, beside those of every page
}

// Office is whose station it is.
func (p *shown) Office() string { return p.site.Office }

// At is the address of a page in the language of this one.
func (p *shown) At(path string) string { return p.Lang.at(path) }

// later is the status of a page that says itself why nothing was done, and the headers say when to try again.
func (p *shown) later(err error) int {
	pr := p.site.Problems.Of(err)
	p.headers = pr.GetHeaders()
	return pr.Status
}

// Typed is the number that was not found: it is mended, not typed again.
func (p *shown) Typed() string {
	if of, is := p.Of.(*statusPage); is && of.Found == nil {
		return of.Number
	}
	return ""
}

// Other is this page in the other language, as far as it can be asked for by an address.
func (p *shown) Other() string {
	path := "/" + strings.TrimPrefix(strings.TrimPrefix(p.r.URL.Path, p.Lang.prefix()), "/")
	if p.Page == "nothing" {
		path = "/"
	}
	to := p.Lang.other().at(path)
	if q := p.r.URL.RawQuery; q != "" {
		to += "?" + q
	}
	return to
}

// page answers with a page in a language; no form of another site is taken.
func (s *site) page(l language, show func(*shown) (status int, err error)) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.Problems.Write(w, web.ForeignForm.At("public.page", nil).With("Origin", "not this station"))
	}))
	return foreign.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &shown{site: s, r: r, Lang: l}
		st, err := s.Registry.Standard(r.Context())
		status := http.StatusOK
		if err == nil {
			p.Standard = st
			status, err = show(p)
		}
		if err != nil {
			pr := s.Problems.Of(err)
			status, p.Page, p.Of, p.headers = pr.Status, "sorry", pr, pr.GetHeaders()
		}
		s.write(w, p, status)
	}))
}

// nothing is what stands at every other address: for a browser a page, for a program a problem.
func (s *site) nothing(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.Problems.Write(w, web.NoSuchPage.At("public", nil))
		return
	}
	l := indonesian
	if strings.HasPrefix(r.URL.Path, english.prefix()+"/") {
		l = english
	}
	s.page(l, func(p *shown) (int, error) {
		p.Page = "nothing"
		return http.StatusNotFound, nil
	}).ServeHTTP(w, r)
}

func (s *site) write(w http.ResponseWriter, p *shown, status int) {
	var out bytes.Buffer
	if err := s.pages[p.Lang].ExecuteTemplate(&out, p.Page+".html", p); err != nil {
		s.Problems.Write(w, web.Unexpected.At("public.write", err))
		return
	}
	h := w.Header()
	maps.Copy(h, p.headers)
	h.Set("Content-Security-Policy", Policy)
	h.Set("Referrer-Policy", "same-origin") // a telephone without Fetch Metadata names the origin of a form only then
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // who asked has gone
}

func (s *site) home(p *shown) (int, error) {
	p.Page = "home"
	return http.StatusOK, nil
}
