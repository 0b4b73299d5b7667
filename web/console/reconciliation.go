package console

import (
	"github.com/a-h/templ"

	"blanko/registry"
)

// reconciliations are the days on which center and ledger were compared, newest first, and record by record where
// they differ.
func (v *view) reconciliations() (templ.Component, error) {
	const word = "sebelum"
	list, err := v.Registry.Reconciliations(v.ctx(), v.after(word), reconciledShown+1)
	if err != nil {
		return nil, err
	}
	days := tableView{Title: v.T("reconciliation.days"), Empty: v.T("reconciliation.none"), Heads: []string{v.T("audit.day"), v.T("head.time"), v.T("reconciliation.center"), v.T("reconciliation.station"), v.T("reconciliation.differences"), v.T("reconciliation.explained")}}
	differ := tableView{Title: v.T("reconciliation.records"), Empty: v.T("reconciliation.agree"), Heads: []string{v.T("audit.day"), v.T("head.application"), v.T("head.what"), v.T("reconciliation.center_thinks"), v.T("reconciliation.station_thinks"), v.T("head.state")}}
	for _, r := range cut(v, &days, reconciledShown, list, word, func(r registry.Reconciliation) string { return r.Day }) {
		explained := 0
		for _, d := range r.Differences {
			open := cell{Text: v.T("reconciliation.open"), Class: "bad"}
			if d.Pending {
				explained++
				open = cell{Text: v.T("reconciliation.pending")}
			}
			id := cell{Text: string(d.ID), Class: "mono"}
			if d.Station.Version > 0 || d.Station.State != "" {
				id.Link = "/permohonan/" + escaped(string(d.ID))
			}
			differ.Rows = append(differ.Rows, []cell{
				{Text: r.Day}, id, {Text: v.Say("differs", string(d.What))},
				{Text: v.standing(d.Center)}, {Text: v.standing(d.Station)}, open,
			})
		}
		days.Rows = append(days.Rows, []cell{
			{Text: r.Day}, {Text: v.Time(r.At)}, {Text: number(r.Center), Class: "number"}, {Text: number(r.Station), Class: "number"},
			{Text: number(len(r.Differences)), Class: "number"}, {Text: number(explained), Class: "number"},
		})
	}
	return stack(table(v, days), table(v, differ)), nil
}

// reconciledShown are days of one page.
const reconciledShown = 31

// standing is what one side thinks of a record.
func (v *view) standing(s registry.Standing) string {
	if s.Version == 0 && s.Word == "" {
		return v.T("reconciliation.absent")
	}
	text := string(s.Word) + " · " + v.T("reconciliation.version", s.Version)
	if s.State != "" {
		text += " · " + v.Say("state", string(s.State))
	}
	return text
}
