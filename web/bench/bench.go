package bench

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"blanko/web"
)

// Config is what the bench needs.
type Config struct {
	World    World
	Problems *web.Problems
	Style    string // address of the style sheet of the console
}

//go:embed pages
var pages embed.FS

// policy is that of the console: nothing but what this program serves, and no code or style within a page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

type bench struct {
	Config
	pages *template.Template
	files files
}

// Mount adds the bench to a mux, below /bangku. Nobody signs in: it belongs to a trial, which listens to its
// own machine alone.
func Mount(mux *http.ServeMux, cfg Config) {
	b := &bench{Config: cfg}
	b.pages = template.Must(template.New("").Funcs(template.FuncMap{
		"t": func(string) string { return "" }, "of": func(string, string) string { return "" }, "tell": func(Sentence) string { return "" }, "address": b.address,
		"dict": func(key string, value any) map[string]any { return map[string]any{key: value} },
	}).ParseFS(pages, "pages/*.html"))
	for _, name := range []string{"bench.css", "bench.js"} {
		content, err := pages.ReadFile("pages/" + name)
		if err != nil {
			panic(err) // it is part of the program
		}
		kind := "text/css; charset=utf-8"
		if strings.HasSuffix(name, ".js") {
			kind = "text/javascript; charset=utf-8"
		}
		mux.HandleFunc("GET "+b.address(name), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(content)
		})
	}
	get := func(path string, show func(http.ResponseWriter, *http.Request) error) {
		mux.Handle("GET "+path, b.guard(show))
	}
	post := func(path string, act func(http.ResponseWriter, *http.Request) error) {
		mux.Handle("POST "+path, b.guard(act))
	}
	get("/bangku", b.home)
	get("/bangku/ruang", b.room)
	get("/bangku/orang", b.people)
	get("/bangku/pemohon/{nik}/{file}", b.applicantFile)
	get("/bangku/kartu/{serial}", b.card)
	get("/bangku/muka/{serial}", b.face)
	post("/bangku/rusak", b.damage)
	post("/bangku/lakukan", b.deed)
	post("/bangku/skenario", b.play)
	get("/bangku/laporan/{report}/{file}", b.file)
}

// address of a file of the bench changes with its content, so that it may be kept for good.
func (b *bench) address(name string) string {
	content, _ := pages.ReadFile("pages/" + name)
	sum := sha256.Sum256(content)
	return "/bangku/aset/" + hex.EncodeToString(sum[:8]) + "/" + name
}

func (b *bench) guard(next func(http.ResponseWriter, *http.Request) error) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		b.Problems.Write(w, web.ForeignForm.At("bench.guard", nil).With("Origin", "not this station"))
	}))
	return foreign.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if err := next(w, r); err != nil {
			if errors.Is(err, ErrUnknown) {
				err = web.NoSuchPage.At("bench", err)
			}
			b.Problems.Write(w, err)
		}
	}))
}

// page writes a page of the template in the language of who looks.
func (b *bench) page(w http.ResponseWriter, r *http.Request, name string, data any) error {
	lang := languageOf(r)
	t, err := b.pages.Clone()
	if err != nil {
		return err
	}
	t.Funcs(template.FuncMap{
		"t":    func(key string) string { return word(lang, key) },
		"of":   func(group, code string) string { return Code{group, code}.In(lang) },
		"tell": func(s Sentence) string { return s.In(lang) },
	})
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, name, map[string]any{"Lang": lang, "Style": b.Style, "Of": data}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes()) // who asked has gone
	return nil
}

func (b *bench) home(w http.ResponseWriter, r *http.Request) error {
	room, err := b.World.Room(r.Context())
	if err != nil {
		return err
	}
	people, err := b.World.People()
	if err != nil {
		return err
	}
	applicants, err := b.World.Applicants()
	if err != nil {
		return err
	}
	type line struct {
		ID     string
		Groups []Group
	}
	var lines []line
	for _, l := range room.Lines {
		lines = append(lines, line{l.ID, b.World.Faults(l.ID)})
	}
	return b.page(w, r, "home.html", map[string]any{
		"Room": room, "People": people, "Applicants": applicants, "Files": ApplicantFiles, "Lines": lines, "Deeds": Deeds, "Scenarios": b.World.Scenarios(), "Done": r.URL.Query().Get("sudah"),
	})
}

func (b *bench) room(w http.ResponseWriter, r *http.Request) error {
	room, err := b.World.Room(r.Context())
	if err != nil {
		return err
	}
	return b.page(w, r, "room", room)
}

func (b *bench) people(w http.ResponseWriter, r *http.Request) error {
	people, err := b.World.People()
	if err != nil {
		return err
	}
	return b.page(w, r, "people", people)
}

func (b *bench) applicantFile(w http.ResponseWriter, r *http.Request) error {
	file := r.PathValue("file")
	data, mime, err := b.World.ApplicantFile(r.PathValue("nik"), file)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", `attachment; filename="`+file+"."+strings.TrimPrefix(mime, "image/")+`"`)
	_, _ = w.Write(data)
	return nil
}

func (b *bench) card(w http.ResponseWriter, r *http.Request) error {
	c, err := b.World.Card(r.PathValue("serial"))
	if err != nil {
		return err
	}
	return b.page(w, r, "card.html", c)
}

func (b *bench) face(w http.ResponseWriter, r *http.Request) error {
	picture, err := b.World.Face(r.PathValue("serial"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(picture)
	return nil
}

func (b *bench) damage(w http.ResponseWriter, r *http.Request) error {
	line, kind := r.PostFormValue("lini"), r.PostFormValue("gangguan")
	if !slices.ContainsFunc(b.World.Faults(line), func(g Group) bool { return slices.Contains(g.Kinds, kind) }) {
		return ErrUnknown
	}
	if err := b.World.Break(line, kind); err != nil {
		return err
	}
	http.Redirect(w, r, "/bangku?sudah=rusak#ruang", http.StatusSeeOther)
	return nil
}

func (b *bench) deed(w http.ResponseWriter, r *http.Request) error {
	deed := r.PostFormValue("apa")
	if !slices.Contains(Deeds, deed) {
		return ErrUnknown
	}
	if err := b.World.Do(r.Context(), deed); err != nil {
		return err
	}
	http.Redirect(w, r, "/bangku?sudah="+deed+"#ruang", http.StatusSeeOther)
	return nil
}

// maxText bounds a scenario that is typed in, in bytes.
const maxText = 64 << 10

func (b *bench) play(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 2*maxText)
	rep, err := b.World.Play(r.Context(), r.PostFormValue("nama"), strings.ReplaceAll(r.PostFormValue("teks"), "\r\n", "\n"))
	if err != nil {
		return err
	}
	return b.page(w, r, "report.html", map[string]any{"Report": rep, "Formats": Formats, "Kept": b.files.keep(rep.Files)})
}
