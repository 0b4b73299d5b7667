package console

import (
	"net/http"
	"strings"

	"blanko/ktp"
	"blanko/registry"
)

// search is the one field of every page: a number from a scanner or a hand leads to what it names.
func (c *console) search(v *view, w http.ResponseWriter) error {
	q := strings.TrimSpace(v.r.URL.Query().Get("q"))
	to, err := c.find(v, q)
	if err != nil {
		return err
	}
	if to != "" {
		http.Redirect(w, v.r, to, http.StatusSeeOther)
		return nil
	}
	return write(v, w, http.StatusNotFound, layout(v, v.T("search.title"), nothingFound(v, q)))
}

// find is the page of what a text names; empty where there is none.
func (c *console) find(v *view, q string) (string, error) {
	if q == "" || len(q) > 64 {
		return "", nil
	}
	if d, err := c.Registry.Application(v.ctx(), registry.ApplicationID(q)); err == nil {
		return v.applicationPath(d.Application.ID), nil
	}
	if card, err := c.Registry.CardByChip(v.ctx(), ktp.ChipUID(strings.ToUpper(q))); err == nil {
		return v.applicationPath(card.Application), nil
	}
	return "", nil
}

func (v *view) applicationPath(id registry.ApplicationID) string {
	return "/permohonan/" + escaped(string(id))
}
