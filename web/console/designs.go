package console

import (
	"encoding/hex"

	"github.com/a-h/templ"

	"blanko/registry"
)

var designActions = []action{{Path: "/rancangan/standar", Page: "designs", Op: func(f *form) (registry.Operation, error) {
	return registry.UseStandard{Content: f.needed("content")}, nil
}}}

// shortHash is the beginning of a hash, enough to compare it by eye.
func shortHash(sum []byte) string { return hex.EncodeToString(sum[:min(len(sum), 6)]) }

// designs are what cards are made by: the chip's profile, the faces and the service standard, in the versions
// that two persons approved.
func (v *view) designs() (templ.Component, error) {
	list, err := v.Registry.DesignsInForce(v.ctx())
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("release.designs"), Empty: v.T("release.no_designs"), Heads: []string{v.T("head.what"), v.T("account.name"), v.T("release.version"), v.T("designs.hash"), v.T("release.changed_by"), v.T("release.approved_by"), v.T("head.time")}}
	for _, d := range list {
		t.Rows = append(t.Rows, []cell{{Text: v.T("design." + d.Kind)}, {Text: d.Name}, {Text: d.Version}, {Text: d.Hash[:min(len(d.Hash), 12)], Class: "mono"}, {Text: d.ChangedBy}, {Text: d.ApprovedBy}, {Text: v.Time(d.ApprovedAt)}})
	}
	versions, err := v.Registry.StandardVersions(v.ctx(), listed)
	if err != nil {
		return nil, err
	}
	s := tableView{Title: v.T("designs.standards"), Empty: v.T("designs.no_standards"), Heads: []string{v.T("account.name"), v.T("release.version"), v.T("designs.hash"), v.T("release.changed_by"), v.T("release.approved_by"), v.T("designs.from")}}
	for _, x := range versions {
		s.Rows = append(s.Rows, []cell{{Text: x.ID}, {Text: x.Version}, {Text: x.Hash[:min(len(x.Hash), 12)], Class: "mono"}, {Text: x.ChangedBy}, {Text: x.ApprovedBy}, {Text: v.Time(x.ActiveFrom)}})
	}
	return stack(table(v, t), note(v, v.T("release.design_command")), table(v, s),
		folds(v.T("card.acts"), v.foldOf("standard", "/rancangan/standar", registry.UseStandard{}, input{Name: "content", Kind: "text", Needed: true}))), nil
}
