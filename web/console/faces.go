package console

import (
	"net/http"
	"slices"
	"sync"

	"blanko/fault"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// mostFaces is how many drawn faces are kept: those of the cards that lines have in work, and of the ones before.
const mostFaces = 8

// faces are those that were drawn last: thirty open consoles ask for the same one at the same moment. They are in memory
// alone, and who asks for one was looked at before.
type faces struct {
	mu    sync.Mutex
	drawn []drawnFace // oldest first
}

type drawnFace struct {
	attempt ktp.AttemptID
	png     []byte
}

// of is the face of an attempt, drawn by the first of all who ask for it.
func (f *faces) of(attempt ktp.AttemptID, draw func() ([]byte, error)) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.drawn, func(d drawnFace) bool { return d.attempt == attempt }); i >= 0 {
		return f.drawn[i].png, nil
	}
	png, err := draw()
	if err != nil {
		return nil, err
	}
	if len(f.drawn) == mostFaces {
		f.drawn = slices.Delete(f.drawn, 0, 1)
	}
	f.drawn = append(f.drawn, drawnFace{attempt, png})
	return png, nil
}

// faceInWork is the expected face of a card, while a line has it in work. Of one that went out a moment ago there is
// nothing to show, which is no fault of the page that still names it.
func (c *console) faceInWork(v *view, w http.ResponseWriter) error {
	const op = "console.faceInWork"
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
	if err != nil {
		return err
	}
	return c.sendFace(w, op, func() ([]byte, error) {
		return c.faces.of(id, func() ([]byte, error) { return c.Face(v.ctx(), rec) })
	})
}

// faceOfSample is the expected face of an opened application of a sample.
func (c *console) faceOfSample(v *view, w http.ResponseWriter) error {
	const op = "console.faceOfSample"
	if !v.May(access.Approve) {
		return web.PageDenied.At(op, nil).With("page", "needs a role for %s", access.Approve)
	}
	rec, err := c.Registry.OpenedSample(v.ctx(), v.Actor.ID, v.r.PathValue("batch"), registry.ApplicationID(v.r.PathValue("application")))
	if err != nil {
		return err
	}
	return c.sendFace(w, op, func() ([]byte, error) { return c.Face(v.ctx(), rec) })
}

// sendFace answers with a face, where this console can draw one.
func (c *console) sendFace(w http.ResponseWriter, op string, draw func() ([]byte, error)) error {
	if c.Face == nil {
		return web.Gone.At(op, nil)
	}
	png, err := draw()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(png) // who asked has gone
	return nil
}
