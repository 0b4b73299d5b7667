package console

import (
	"strings"

	"github.com/a-h/templ"

	"blanko/jobs"
	"blanko/registry"
)

// readings are what every device told of itself last, each with a button that has it read now.
func (v *view) readings() (templ.Component, error) {
	list, err := v.Registry.Readings(v.ctx())
	if err != nil {
		return nil, err
	}
	lines, err := v.Registry.Lines(v.ctx())
	if err != nil {
		return nil, err
	}
	read := map[jobs.LineID]jobs.Transfer{}
	for _, l := range lines {
		read[l.ID] = l.Transfer
	}
	t := tableView{Title: v.T("readings.title"), Empty: v.T("readings.none"), Heads: []string{v.T("readings.at"), v.T("readings.is"), v.T("readings.shows"), v.T("head.state"), v.T("readings.read"), v.T("head.do")}}
	for _, x := range list {
		t.Rows = append(t.Rows, []cell{
			{Text: stationOf(x)}, {Part: deviceIs(v, x)}, {Part: deviceShows(v, x, read[x.Line])}, {Text: v.readingState(x)}, {Text: v.Ago(x.At)}, {Part: deviceTest(v, x)},
		})
	}
	return table(v, t), nil
}

// stationOf is where a device works: at a line, else at a station.
func stationOf(x registry.Reading) string {
	station, _, _ := strings.Cut(x.Device, ".")
	if x.Line == "" {
		return station
	}
	return station + " · " + string(x.Line)
}

// readingState is how a device is, by its own word.
func (v *view) readingState(x registry.Reading) string {
	if x.Fault == "" {
		return v.Say("health", string(registry.HealthWorks))
	}
	return v.causeText(string(x.Fault))
}

// gaugeText is a number of a device in words.
func (v *view) gaugeText(g registry.Gauge) string {
	if g.Full > 0 && g.Full != 100 {
		return v.T("gauge."+string(g.Of)+".of", g.Value, g.Full)
	}
	return v.T("gauge."+string(g.Of), g.Value)
}
