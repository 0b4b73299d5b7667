package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"blanko/web"
)

// liveView is a piece of a page with the hash of what it shows.
type liveView struct {
	ID, Query, Version, HTML, Of string
}

func (v *view) liveOf(p livePart) (liveView, error) {
	v.liveQuery, v.kept = "", ""
	if about := v.about(); about != "" {
		v.liveQuery = "&tentang=" + escaped(about)
	}
	t, err := p.Show(v)
	if err != nil {
		return liveView{}, err
	}
	var b bytes.Buffer
	if err := t.Render(v.ctx(), &b); err != nil {
		return liveView{}, web.Unexpected.At("console.live", err)
	}
	sum := sha256.Sum256(stable(b.Bytes()))
	return liveView{p.ID, v.liveQuery + v.kept, hex.EncodeToString(sum[:8]), b.String(), strings.Join(p.Of, " ")}, nil
}

// stable is a page without the keys of its forms, which are new each time, and without the focus that it begins with.
func stable(html []byte) []byte {
	return bytes.ReplaceAll(keyField.ReplaceAll(html, nil), []byte(" autofocus"), nil)
}

// LivePart is a piece of the page by its name, for the page that shows it.
func (v *view) LivePart(id string) templ.Component {
	for _, p := range parts {
		if p.ID == id {
			l, err := v.liveOf(p)
			if err != nil {
				return failed(err)
			}
			return live(l)
		}
	}
	return templ.NopComponent
}

// failed is a component that could not be made.
func failed(err error) templ.Component {
	return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
}

// part answers with a piece of a page, or with nothing where it has not changed.
func (c *console) part(p livePart) func(*view, http.ResponseWriter) error {
	return func(v *view, w http.ResponseWriter) error {
		v.Page, v.Live = pageOf(p.Page), true
		if name := v.Page.about(); name != "" {
			v.r.SetPathValue(name, v.after("tentang"))
		}
		if !v.see(v.Page) {
			return web.PageDenied.At("console.part", nil).With("page", "needs a role for %s", v.Page.May)
		}
		get := v.sharedPart
		if p.Own {
			get = v.liveOf
		}
		l, err := get(p)
		if err != nil {
			return err
		}
		if l.Version == v.r.URL.Query().Get("v") {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		return write(v, w, http.StatusOK, live(l))
	}
}
