package console

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// Keys of the page: one accepts, one for each cause refuses.
const acceptKey = "y"

var acceptanceActions = []action{
	{Path: "/penerimaan", Page: "acceptance", Op: func(f *form) (registry.Operation, error) {
		cause := f.text("cause")
		return registry.AcceptFace{Attempt: f.attempt("attempt"), Good: cause == "", Cause: cause}, nil
	}, Did: func(v *view, _ registry.Result) string { return v.judged(v.r.PostForm.Get("cause")) },
		Next: func(*view, registry.Result) string { return "/penerimaan" }},
}

// judged says which key was taken: a face that was refused by mistake is seen at once.
func (v *view) judged(cause string) string {
	for _, c := range causesOf(registry.AskFace) {
		if c.Code == cause {
			return v.T("did.face_bad", v.Both(c.ID, c.EN))
		}
	}
	return v.T("did.face_good")
}

// acceptance shows the faces that lines ask for, one at a time, never a list.
func (v *view) acceptance() (templ.Component, error) { return v.LivePart("muka"), nil }

// face is the card whose face is asked for longest. A card on the screen stays there until somebody has
// answered for it, and then says so: a key that is pressed meanwhile never means the next card.
func (v *view) face() (templ.Component, error) {
	asked, err := v.Registry.Questions(v.ctx())
	if err != nil {
		return nil, err
	}
	asked = slices.DeleteFunc(asked, func(q registry.Question) bool { return q.Kind != registry.AskFace })
	if shown := v.r.URL.Query().Get("kartu"); v.Live && shown != "" {
		v.liveQuery = "&kartu=" + escaped(shown)
		i := slices.IndexFunc(asked, func(q registry.Question) bool { return q.Attempt.String() == shown })
		if i < 0 {
			return faceAnswered(v), nil
		}
		asked[0], asked[i] = asked[i], asked[0]
	}
	if len(asked) == 0 {
		return noFace(v), nil
	}
	q := asked[0]
	d, err := v.Registry.Attempt(v.ctx(), q.Attempt)
	if err != nil {
		return nil, err
	}
	v.liveQuery = "&kartu=" + q.Attempt.String()
	return faceCard(v, q, d, len(asked)-1), nil
}

// facePicture is the expected face of a card, while a line has it in work. Of one that went out a moment ago there is
// nothing to show, which is no fault of the page that still names it.
func (c *console) facePicture(v *view, w http.ResponseWriter) error {
	const op = "console.face"
	if !v.May(access.Produce) {
		return web.PageDenied.At(op, nil).With("page", "needs a role for %s", access.Produce)
	}
	id, err := ktp.ParseAttemptID(v.r.PathValue("attempt"))
	if err != nil {
		return web.BadParameter.At(op, err).With("attempt", "32 hex digits")
	}
	rec, err := c.Registry.ExpectedFace(v.ctx(), id)
	if fault.KindOf(err) == fault.NotFound {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err == nil && c.Face == nil {
		err = web.Gone.At(op, nil)
	}
	if err != nil {
		return err
	}
	png, err := c.faces.of(id, func() ([]byte, error) { return c.Face(v.ctx(), rec) })
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(png) // who asked has gone
	return nil
}
