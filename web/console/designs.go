package console

import (
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

var designActions = []action{
	{Path: "/rancangan/standar", Page: "designs", Op: func(f *form) (registry.Operation, error) {
		return registry.UseStandard{Content: f.needed("content")}, nil
	}},
	{Path: "/rancangan/ajukan", Page: "designs", Op: func(f *form) (registry.Operation, error) {
		d, found, err := f.usedDesign(f.needed("hash"))
		if err == nil && !found {
			f.refuse("hash", "this station has no such design")
		}
		return registry.ApproveDesign{Kind: d.Kind, Title: d.Name, Version: d.Version, Hash: d.Hash, Picture: d.Picture}, err
	}},
}

// UsedDesign is what a station makes cards by: the profile of the chip, a face, the service standard.
type UsedDesign struct {
	Kind, Name, Version string
	Hash                string // SHA-256, hex
	Picture             []byte // of a face, with nobody's data on it: PNG
}

// designView is one design: what the station has, beside what two persons approved.
type designView struct {
	Used    UsedDesign
	Force   registry.Design // zero: none was ever approved
	Before  bool            // there is a picture of the one in force
	Matches bool
	Asked   bool // it waits for its second person
	Foreign bool // it was proposed, and is not what this station makes cards by
}

// shortHash is the beginning of a hash, enough to compare it by eye.
func shortHash(sum []byte) string { return hex.EncodeToString(sum[:min(len(sum), 6)]) }

// hashText is the beginning of a hash in hex.
func hashText(hash string) string { return hash[:min(len(hash), 12)] }

// designs are what cards are made by: the chip's profile, the faces and the service standard; each as the
// station has it, beside the version in force.
func (v *view) designs() (templ.Component, error) {
	return stack(v.LivePart("rancangan"),
		folds(v.T("card.acts"), v.foldOf("standard", "/rancangan/standar", registry.UseStandard{}, input{Name: "content", Kind: "text", Needed: true}))), nil
}

// inForce are the designs of the station beside those that two persons approved, and the service standards.
func (v *view) inForce() (templ.Component, error) {
	force, err := v.Registry.DesignsInForce(v.ctx())
	if err != nil {
		return nil, err
	}
	used, err := v.usedDesigns()
	if err != nil {
		return nil, err
	}
	var list []templ.Component
	all := true
	for _, u := range used {
		d := designView{Used: u}
		v.beside(&d, force)
		all = all && d.Matches
		list = append(list, designCard(v, d))
	}
	if !all && v.Registry.FeedsByDesigns() {
		list = append([]templ.Component{note(v, v.T("designs.unapproved"))}, list...)
	}
	versions, err := v.Registry.StandardVersions(v.ctx(), listed)
	if err != nil {
		return nil, err
	}
	s := tableView{Title: v.T("designs.standards"), Empty: v.T("designs.no_standards"), Heads: []string{v.T("account.name"), v.T("release.version"), v.T("designs.hash"), v.T("release.changed_by"), v.T("release.approved_by"), v.T("designs.from")}}
	for _, x := range versions {
		s.Rows = append(s.Rows, []cell{{Text: x.ID}, {Text: x.Version}, {Text: hashText(x.Hash), Class: "mono"}, {Text: x.ChangedBy}, {Text: x.ApprovedBy}, {Text: v.Time(x.ActiveFrom)}})
	}
	return stack(append(list, table(v, s))...), nil
}

func (v *view) usedDesigns() ([]UsedDesign, error) {
	if v.Designs == nil {
		return nil, nil
	}
	return v.Designs(v.ctx())
}

// usedDesign is one of the station's own by its hash.
func (v *view) usedDesign(hash string) (d UsedDesign, found bool, err error) {
	used, err := v.usedDesigns()
	if i := slices.IndexFunc(used, func(d UsedDesign) bool { return d.Hash == hash }); i >= 0 {
		return used[i], true, nil
	}
	return d, false, err
}

// proposedDesign is a design that waits for its second person, as this station has it, beside the one in force.
func (v *view) proposedDesign(op registry.ApproveDesign) (designView, error) {
	d := designView{Used: UsedDesign{Kind: op.Kind, Name: op.Title, Version: op.Version, Hash: op.Hash}, Asked: true}
	own, found, err := v.usedDesign(op.Hash)
	if err != nil {
		return d, err
	}
	d.Foreign = !found || own.Kind != op.Kind || own.Name != op.Title || own.Version != op.Version
	d.Used.Picture = own.Picture // drawn here; what came with the proposal may show something else
	force, err := v.Registry.DesignsInForce(v.ctx())
	v.beside(&d, force)
	return d, err
}

// beside puts the version in force beside a design.
func (v *view) beside(d *designView, force []registry.Design) {
	i := slices.IndexFunc(force, func(f registry.Design) bool { return f.Kind == d.Used.Kind && f.Name == d.Used.Name })
	if i < 0 {
		return
	}
	d.Force, d.Matches = force[i], force[i].Hash == d.Used.Hash && force[i].Version == d.Used.Version
	_, err := v.Registry.DesignPicture(v.ctx(), force[i].Hash)
	d.Before = err == nil
}

// designPicture is a face: as the station would print it, or as it was when two persons approved it.
func (c *console) designPicture(v *view, w http.ResponseWriter) error {
	const op = "console.designPicture"
	if !v.May(access.SeeProduction) {
		return web.PageDenied.At(op, nil).With("page", "needs a role for %s", access.SeeProduction)
	}
	hash := v.r.PathValue("hash")
	used, _, err := v.usedDesign(hash)
	if err != nil {
		return err
	}
	png := used.Picture
	if len(png) == 0 {
		if png, err = v.Registry.DesignPicture(v.ctx(), hash); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(png) // who asked has gone
	return nil
}
