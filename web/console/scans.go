package console

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
	"blanko/web"
)

// heldScans is more than a request may bring, in bytes: scans are held in memory, and none is written to a
// temporary file.
const heldScans = 4 * web.MostScan

var scanActions = []action{
	{Path: "/permohonan/{application}/lampiran", Page: "application", Files: true, Op: func(f *form) (registry.Operation, error) {
		op := registry.Attach{Application: registry.ApplicationID(f.r.PathValue("application")), Class: f.needed("class")}
		var there bool
		op.MIME, op.Data, there = f.scan("scan")
		if !there {
			f.refuse("scan", "choose a file, or take a picture")
		}
		return op, nil
	}},
	{Path: "/permohonan/{application}/lampiran/{attachment}/hapus", Page: "application", Op: func(f *form) (registry.Operation, error) {
		return registry.RemoveAttachment{Application: registry.ApplicationID(f.r.PathValue("application")), Attachment: f.r.PathValue("attachment"), Because: f.because()}, nil
	}},
}

// parseFiles reads a form that may bring scans.
func parseFiles(r *http.Request) error {
	err := r.ParseMultipartForm(heldScans)
	if errors.Is(err, http.ErrNotMultipart) {
		return nil // a form without files, already read
	}
	if tooMuch, is := errors.AsType[*http.MaxBytesError](err); is {
		return web.TooLarge.At("console.parseFiles", nil).With("scan", "all files together at most %d MB", tooMuch.Limit>>20)
	}
	if err != nil {
		return web.BadParameter.At("console.parseFiles", nil).With("form", "cannot be read")
	}
	return nil
}

// scan is a file that a form brought, as it may be kept; there is false where none was chosen.
func (f *form) scan(field string) (mime string, data []byte, there bool) {
	file, head, err := f.r.FormFile(field)
	if err != nil || head.Size == 0 && head.Filename == "" {
		return "", nil, false
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, web.MostScan+1))
	if err == nil {
		mime, data, err = web.Scan(f.ctx(), "scan", raw)
	}
	if err != nil && f.err == nil {
		f.err = err
	}
	return mime, data, true
}

// file is what a form brought, as it is; there is false where no file was chosen.
func (f *form) file(field string) (content []byte, there bool) {
	file, head, err := f.r.FormFile(field)
	if err != nil || head.Size == 0 && head.Filename == "" {
		return nil, false
	}
	defer func() { _ = file.Close() }()
	content, err = io.ReadAll(io.LimitReader(file, web.MostScan+1))
	if err == nil && len(content) > web.MostScan {
		err = web.TooLarge.At("console.file", nil).With(field, "at most %d MB", web.MostScan>>20)
	}
	if err != nil && f.err == nil {
		f.err = err
	}
	return content, true
}

// paperView is one paper of an application with its scans.
type paperView struct {
	Class, Name string
	Wanted      bool // papers are not examined without it
	Scans       []registry.Attachment
}

func (p paperView) missing() bool { return p.Wanted && len(p.Scans) == 0 }

// otherScans are papers that no requirement asks for.
var otherScans = []string{"letter", "photograph", "other"}

// papersOf are the papers of an application, those that are asked for first.
func (v *view) papersOf(app registry.Application) ([]paperView, error) {
	wanted, err := v.Registry.WantedScans(v.ctx(), app.ID)
	if err != nil {
		return nil, err
	}
	scans, err := v.Registry.Attachments(v.ctx(), app.ID)
	if err != nil {
		return nil, err
	}
	s, err := v.Registry.Standard(v.ctx())
	if err != nil {
		return nil, err
	}
	var list []paperView
	for _, class := range wanted {
		list = append(list, paperView{Class: class, Name: v.paperName(s, class), Wanted: true})
	}
	for _, t := range scans {
		if !t.ErasedAt.IsZero() {
			continue
		}
		at := slices.IndexFunc(list, func(p paperView) bool { return p.Class == t.Class })
		if at < 0 {
			at, list = len(list), append(list, paperView{Class: t.Class, Name: v.paperName(s, t.Class)})
		}
		list[at].Scans = append(list[at].Scans, t)
	}
	return list, nil
}

// paperName is what a class of scan is called: a requirement by the text of the service standard.
func (v *view) paperName(s standard.Standard, class string) string {
	if id, is := strings.CutPrefix(class, registry.AttachmentOf("")); is {
		for _, q := range s.Requirements {
			if q.ID == id {
				return v.Both(q.Text.ID, q.Text.EN)
			}
		}
	}
	return v.Say("scan", class)
}

// sees reports whether who looks is shown a scan: who attached it, and who has asked to see the person, which
// is written down.
func (v *view) sees(t registry.Attachment) bool {
	return v.May(access.SeePersons) && (t.Actor == v.Actor.ID || v.sessions.GetString(v.ctx(), sessionOpened) == string(t.Application))
}

// scanned answers with the content of a scan.
func (c *console) scanned(v *view, w http.ResponseWriter) error {
	const op = "console.scanned"
	t, data, err := c.Registry.Attachment(v.ctx(), v.r.PathValue("attachment"))
	switch {
	case err != nil:
		return err
	case !t.ErasedAt.IsZero():
		return web.Gone.At(op, nil)
	case !v.sees(t):
		return web.PageDenied.At(op, nil).With("scan", "ask on the application's page to see the person first")
	}
	w.Header().Set("Content-Type", t.MIME)
	if t.MIME == web.MIMEPDF {
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.pdf"`, t.Class, t.ID))
	}
	_, _ = w.Write(data) // who asked has gone
	return nil
}

// weight is the size of a file.
func (v *view) weight(n int) string {
	if n < 1<<20 {
		return v.T("scan.kb", max(1, n>>10))
	}
	return v.T("scan.mb", v.Decimal(float64(n)/(1<<20)))
}

func (v *view) scanWords() string {
	words := v.said("scan.say_", "large", "kind", "file", "chosen")
	maps.Copy(words, v.said("capture.say_", cameraWords...))
	return asJSON(words)
}
