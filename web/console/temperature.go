package console

import (
	"slices"

	"github.com/a-h/templ"

	"blanko/jobs"
	"blanko/registry"
)

// transfers reports whether the printer of a line transfers a film, by its rolls or by its own word.
func (s strip) transfers() bool {
	return slices.ContainsFunc(s.Rolls, func(r registry.RollUse) bool { return r.Kind == "film" }) ||
		s.Printer != nil && slices.ContainsFunc(s.Printer.Gauges, func(g registry.Gauge) bool { return g.Of == registry.GaugeFilm })
}

// degrees is a temperature with its unit.
func (v *view) degrees(value string) string { return value + " °C" }

// readToday reports whether somebody has read the display today.
func (v *view) readToday(t jobs.Transfer) bool { return !t.At.Before(v.today()) }

// temperatureText is what was read on the display last, by whom and when.
func (v *view) temperatureText(t jobs.Transfer) string {
	if t.At.IsZero() {
		return v.T("temperature.never")
	}
	return v.T("temperature.read", t.Degrees, v.Time(t.At), t.By)
}

// temperatureSheet is the daily entry of a line; nil for who may not.
func (v *view) temperatureSheet(s strip) templ.Component {
	id := string(s.ID)
	return v.foldOf("temperature-"+id, "/cetak/suhu", registry.NoteTemperature{}, input{Name: "line", Kind: "hidden", Value: id}, input{Name: "degrees", Kind: "number", Needed: true})
}
