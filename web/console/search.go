package console

import (
	"net/http"
	"strings"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
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
	found, err := c.Registry.Find(v.ctx(), q, 1)
	if err != nil {
		return "", err
	}
	if len(found) == 0 || !v.May(access.SeeApplications) {
		if at, err := c.findOther(v, upper(q)); err != nil || at != "" || len(found) == 0 {
			return at, err
		}
	}
	return v.applicationPath(found[0]), nil
}

// findOther is the page of a blank, a consignment or a complaint.
func (c *console) findOther(v *view, text string) (at string, err error) {
	for _, find := range []func(*view, string) (string, error){c.findBlank, c.findConsignment, c.findComplaint} {
		if at, err = find(v, text); err != nil || at != "" {
			break
		}
	}
	return at, err
}

func (c *console) findConsignment(v *view, text string) (string, error) {
	if !v.May(access.SeeApplications) {
		return "", nil
	}
	id, err := c.Registry.FindConsignment(v.ctx(), text)
	if err != nil || id == "" {
		return "", err
	}
	return "/pengiriman/" + escaped(id), nil
}

func (c *console) findComplaint(v *view, text string) (string, error) {
	if !v.May(access.SeeComplaints) {
		return "", nil
	}
	id, err := c.Registry.FindComplaint(v.ctx(), text)
	if err != nil || id == "" {
		return "", err
	}
	return "/pengaduan/" + escaped(id), nil
}

// findBlank is the history of a blank that the ledger knows by its chip or by what is printed on it, for who may see
// the stock.
func (c *console) findBlank(v *view, text string) (string, error) {
	if !v.May(access.SeeStock) {
		return "", nil
	}
	if l := stock.Label(text); l.Valid() {
		found, err := c.Registry.ChipsLabelled(v.ctx(), []stock.Label{l})
		if err != nil || found[l] == "" {
			return "", err
		}
		return blankPath(found[l]), nil
	}
	chip := ktp.ChipUID(text)
	if !chip.Valid() {
		return "", nil
	}
	known, err := c.Registry.KnownBlanks(v.ctx(), []ktp.ChipUID{chip})
	if err != nil || !known[chip] {
		return "", err
	}
	return blankPath(chip), nil
}

func (v *view) applicationPath(id registry.ApplicationID) string {
	return "/permohonan/" + escaped(string(id))
}
