package console

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"

	"blanko/registry"
	"blanko/web"
)

// printable is a paper that a page offers, or a report as a table.
type printable struct {
	Kind   registry.PaperKind
	Path   string // of the API, which fills and numbers it
	List   bool   // it is a table too
	Label  string // empty: what its kind is called
	Fields []input
}

func (p printable) name(v *view) string { return cmp.Or(p.Label, v.T("paper."+string(p.Kind))) }

// blankForm answers with form F-1.02 for who fills it in by hand, as the API draws it.
func (c *console) blankForm(mux *http.ServeMux) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		a := v.ask(mux, &url.URL{Path: "/v1/forms/application"}, http.Header{"Accept": {"application/pdf"}})
		return a.passOr(v, w, "/permohonan-baru")
	}
}

// paperPath is what the console lets a page ask of the API in the name of who has signed in: papers.
var paperPath = regexp.MustCompile(`^/v1/[A-Za-z0-9./_-]+/papers/[a-z-]+$`)

// printPaper has the API issue a paper in the name of who looks.
func (c *console) printPaper(mux *http.ServeMux) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		path := "/" + v.r.PathValue("path")
		if !paperPath.MatchString(path) {
			return web.NoSuchPage.At("console.printPaper", nil)
		}
		if err := v.readForm(w); err != nil {
			return err
		}
		query := url.Values{}
		for _, name := range []string{"month", "day", "place"} {
			if text := v.r.PostForm.Get(name); text != "" {
				query.Set(name, text)
			}
		}
		header := http.Header{"Accept": {"application/pdf"}, "Idempotency-Key": {v.r.PostForm.Get("key")}}
		if v.r.PostForm.Get("format") == "csv" {
			header.Set("Accept", "text/csv")
		}
		back := local(v.r.PostForm.Get("kembali"))
		v.r.Body, v.r.ContentLength, v.r.Form, v.r.PostForm = http.NoBody, 0, nil, nil
		a := v.ask(mux, &url.URL{Path: path, RawQuery: query.Encode()}, header)
		return a.passOr(v, w, back)
	}
}

// printables are the papers that who looks may issue.
func (v *view) printables(list ...printable) (out []printable) {
	for _, p := range list {
		if v.Can(registry.IssuePaper{Kind: p.Kind}) {
			out = append(out, p)
		}
	}
	return out
}

// ofTheApplication are the papers about one application, as far as it has come.
func (v *view) ofTheApplication(a applicationView) []printable {
	at := "/v1/applications/" + url.PathEscape(string(a.Application.ID)) + "/papers/"
	var list []printable
	if a.Application.Origin == "local" {
		list = append(list, printable{Kind: registry.PaperForm, Path: at + "form"}, printable{Kind: registry.PaperReceipt, Path: at + "receipt"}, printable{Kind: registry.PaperConfirmation, Path: at + "confirmation"},
			printable{Kind: registry.PaperUniqueness, Path: at + "uniqueness"})
	}
	if a.Application.Version > 0 {
		list = append(list, printable{Kind: registry.PaperProof, Path: at + "proof"}, printable{Kind: registry.PaperSuket, Path: at + "suket"})
	}
	switch a.Application.State {
	case registry.HandedOver:
		list = append(list, printable{Kind: registry.PaperHandover, Path: at + "handover"})
	case registry.Returned:
		if a.CameBack {
			list = append(list, printable{Kind: registry.PaperReturn, Path: at + "return"})
		}
	}
	for _, e := range a.Events { // by which two persons ended a card
		switch at := "/v1/attempts/" + e.Attempt + "/papers/"; e.Code {
		case "doubt.declared_lost", "card.declared_missing":
			if registry.MayAttest(v.Actor, e) {
				list = append(list, printable{Kind: registry.PaperLost, Path: at + "loss", List: true})
			}
		case "doubt.surrendered":
			list = append(list, printable{Kind: registry.PaperMute, Path: at + "surrender", List: true})
		case "card.retired":
			if e.Detail["picture"] != "" { // its chip did not answer
				list = append(list, printable{Kind: registry.PaperMute, Path: at + "surrender", List: true})
			}
		}
	}
	return v.printables(append(list, printable{Kind: registry.PaperSubject, Path: at + "subject-access"})...)
}
