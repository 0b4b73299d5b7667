package console

import (
	"slices"

	"github.com/a-h/templ"

	"blanko/registry"
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
