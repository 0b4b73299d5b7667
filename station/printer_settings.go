package station

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// longestRest is that of a line: another line may take an order that waits longer (registry, lease).
const longestRest = 10 * time.Minute

// wrong says what is wrong with the printer of a line; an empty field: nothing.
func (p PrinterConfig) wrong() (field, why string) {
	at := slices.IndexFunc(printerLanguages, func(r printerLanguage) bool { return r.Name == p.Language })
	tuned := at >= 0 && printerLanguages[at].Tuned
	switch r := p.Rest; {
	case r.Cards < 0 || r.Within < 0 || r.Pause < 0:
		return "rest", "no number below zero"
	case (r.Cards == 0) != (r.Pause == 0) || r.Within > 0 && r.Cards == 0:
		return "rest", "cards and pause go together"
	case r.Pause >= longestRest:
		return "rest.pause", fmt.Sprintf("less than %v", longestRest)
	case p.CleaningEvery < 0:
		return "cleaning_every", "no number below zero"
	case len(p.Settings) > 0 && !tuned:
		return "settings", fmt.Sprintf("a printer of language %q does not tell its settings", p.Language)
	case p.CleaningEvery > 0 && !tuned:
		return "cleaning_every", fmt.Sprintf("a printer of language %q has its own limit, or counts nothing", p.Language)
	}
	return "", ""
}

// settingsTeller is a printer that tells its own settings, by name.
type settingsTeller interface {
	Settings(ctx context.Context) (map[string]string, error)
}

// Drift is a setting of a printer that is not what its line wants. Somebody, or the printer by itself,
// has changed it; while it stands so, no card is fed.
type Drift struct {
	Name string `json:"name"`
	Is   string `json:"is"`
	Want string `json:"want"`
}

// settings are those of the printer now, nil where it tells none, and what has drifted.
func (o *openedPrinter) settings(ctx context.Context) (now map[string]string, drift []Drift, err error) {
	p, ok := o.Printer.(settingsTeller)
	if !ok {
		return nil, nil, nil
	}
	if now, err = p.Settings(ctx); err != nil || o.Line.Printer.Language != o.Language {
		return now, nil, err
	}
	want := o.Line.Printer.Settings
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if now[name] != want[name] {
			drift = append(drift, Drift{name, now[name], want[name]})
		}
	}
	return now, drift, nil
}

// printSettings shows the settings, those that have drifted marked.
func printSettings(w io.Writer, l Language, now map[string]string, drift []Drift) {
	for _, name := range slices.Sorted(maps.Keys(now)) {
		row(w, l, say("  setelan %s", "  setting %s", name), now[name])
	}
	for _, d := range drift {
		row(w, l, say("! setelan %s", "! setting %s", d.Name), l.of(say("%s, seharusnya %s", "%s, should be %s", d.Is, d.Want)))
	}
}
