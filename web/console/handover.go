package console

import (
	"github.com/a-h/templ"

	"blanko/ktp"
	"blanko/registry"
)

var handoverActions = []action{
	{Path: "/kecamatan/serah", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.HandOver{Application: f.application(), Chip: f.chip("chip"), Old: registry.OldCard(f.text("old")), Confirmed: f.yes("confirmed")}, nil
	}},
	{Path: "/kecamatan/pengecualian", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.ExceptMatch{Application: f.application(), Chip: f.chip("chip"), Because: f.because()}, nil
	}},
	{Path: "/kecamatan/sisihkan", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.SetApart{Chip: f.chip("chip"), Because: f.because()}, nil
	}},
	{Path: "/kecamatan/serah-sendiri", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.HandOverAlone{Application: f.application(), Chip: f.chip("chip"), Old: registry.OldCard(f.text("old")), Confirmed: f.yes("confirmed"), Because: f.because()}, nil
	}},
	{Path: "/kecamatan/kuasa", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.HandOverToProxy{
			Application: f.application(), Chip: f.chip("chip"), Old: registry.OldCard(f.text("old")), Because: f.because(),
			Proxy: registry.Proxy{NIK: f.needed("proxy_nik"), Name: upper(f.needed("proxy_name")), Letter: f.needed("letter")},
		}, nil
	}},
	{Path: "/kecamatan/asal-lain", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.SurrenderForeign{Kind: f.needed("foreign_kind"), Chip: ktp.ChipUID(upper(f.text("chip"))), Application: registry.ApplicationID(f.text("application")), Detail: upper(f.text("printed"))}, nil
	}},
	{Path: "/kecamatan/kembali", Page: "handover", Op: func(f *form) (registry.Operation, error) {
		return registry.ReturnCard{Application: f.application(), Chip: f.chip("chip"), Because: f.because()}, nil
	}},
}

func (f *form) application() registry.ApplicationID {
	return registry.ApplicationID(f.needed("application"))
}

// handover says first which device is missing: without a paired desk no finger is compared here, and
// "BERHASIL" is written by nobody's word.
func (v *view) handover() (templ.Component, error) {
	d, err := v.desk(true)
	if err != nil {
		return nil, err
	}
	who := []input{{Name: "application", Needed: true}, {Name: "chip", Needed: true}}
	old := input{Name: "old", Kind: "select", Options: []option{{"none", v.T("old.none")}, {"surrendered", v.T("old.surrendered")}, {"not_surrendered", v.T("old.not_surrendered")}}}
	with := func(more ...input) []input { return append(append([]input{}, who...), more...) }
	confirmed := input{Name: "confirmed", Kind: "check"}
	return stack(deskBox(v, d), columns(
		v.sheetOf("hand-over", "/kecamatan/serah", registry.HandOver{}, with(old, confirmed)...),
		v.sheetOf("except", "/kecamatan/pengecualian", registry.ExceptMatch{}, with()...),
		v.sheetOf("return", "/kecamatan/kembali", registry.ReturnCard{}, with()...),
	), folds(v.T("handover.seldom"),
		v.foldOf("proxy", "/kecamatan/kuasa", registry.HandOverToProxy{}, with(input{Name: "proxy_nik", Needed: true}, input{Name: "proxy_name", Needed: true}, input{Name: "letter", Needed: true}, old)...),
		v.foldOf("alone", "/kecamatan/serah-sendiri", registry.HandOverAlone{}, with(old, confirmed)...),
		v.foldOf("foreign", "/kecamatan/asal-lain", registry.SurrenderForeign{}, chooseOf(v, "foreign_kind", "foreign", "paper_ktp", "ktp_el", "unknown"), input{Name: "printed"}, input{Name: "chip"}, input{Name: "application"}),
		v.foldOf("apart", "/kecamatan/sisihkan", registry.SetApart{}, input{Name: "chip", Needed: true}),
	), v.LivePart("serah")), nil
}

// waiting are the cards that wait for their holders, by how far each is.
func (v *view) waiting() (templ.Component, error) {
	in, err := v.Registry.ApplicationCounts(v.ctx())
	if err != nil {
		return nil, err
	}
	var lists []templ.Component
	for _, s := range []registry.State{registry.Matched, registry.Delivered, registry.Produced, registry.Uncollected} {
		list, err := v.Registry.ApplicationsBehind(v.ctx(), s, registry.Seen{}, listed+1)
		if err != nil {
			return nil, err
		}
		t := tableView{Title: v.Say("state", string(s)), Heads: []string{v.T("account.name"), v.T("head.receipt"), v.T("head.type"), v.T("head.delivery"), v.T("head.since")}, Empty: v.T("handover.none"), Total: in[s]}
		list = v.firstIn(&t, s, list)
		labels, err := v.labels(idsOf(list)...)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			l := labels[a.ID]
			t.Rows = append(t.Rows, []cell{{Text: v.holderOf(l), Link: v.applicationPath(a.ID)}, {Text: orDash(l.Receipt), Class: "mono"}, {Text: v.Say("type", a.Type)}, {Text: v.placeName(l.Place.ID)}, {Text: v.Ago(a.Since)}})
		}
		lists = append(lists, table(v, t))
	}
	return stack(lists...), nil
}
