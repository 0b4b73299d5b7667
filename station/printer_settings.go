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
	if field, why := p.unbound(); field != "" {
		return field, why
	}
	if field := p.stray(); field != "" {
		return field, fmt.Sprintf("it means nothing to a printer of language %q", p.Language)
	}
	switch r := p.Rest; {
	case r.Cards < 0 || r.Within < 0 || r.Pause < 0:
		return "rest", "no number below zero"
	case (r.Cards == 0) != (r.Pause == 0) || r.Within > 0 && r.Cards == 0:
		return "rest", "cards and pause go together"
	case r.Pause >= longestRest:
		return "rest.pause", fmt.Sprintf("less than %v", longestRest)
	case p.CleaningEvery < 0:
		return "cleaning_every", "no number below zero"
	case p.Page != (PageConfig{}) && !(p.Page.Columns > p.Page.Rows && p.Page.Rows > 0 && p.Page.Columns <= maxPage):
		return "page", fmt.Sprintf("columns and rows in dots, landscape, at most %d", maxPage)
	}
	return "", ""
}

// maxPage is far beyond a card at 300 dpi, in dots.
const maxPage = 4096

// unbound says what a line must tell of which printer it has.
func (p PrinterConfig) unbound() (field, why string) {
	switch {
	case (p.Cable == cableCUPS) != (p.Language == spoolLanguage):
		return "language", fmt.Sprintf("%q goes with cable %q, and with no other", spoolLanguage, cableCUPS)
	case p.Cable == cableCUPS && p.Queue == "":
		return "queue", "a line is bound to a print queue by its name"
	case p.Cable != cableCUPS && p.Serial == "" && p.Place == "":
		return "serial", "a line is bound to a printer's serial number, or to its place, never to the first one"
	}
	return "", ""
}

// stray is an option that is set and means nothing in the printer's language; empty: there is none.
func (p PrinterConfig) stray() string {
	known := spoolOptions
	for _, r := range printerLanguages {
		if r.Name == p.Language {
			known = r.Options
		}
	}
	set := []struct {
		name string
		is   bool
	}{
		{"queue", p.Queue != ""},
		{"print_service", p.PrintService != ""},
		{"page", p.Page != (PageConfig{})},
		{"retransfer", p.Retransfer},
		{"two_sided", p.TwoSided},
		{"ribbon", p.Ribbon != ""},
		{"film", p.Film != ""},
		{"settings", len(p.Settings) > 0},
		{"cleaning_every", p.CleaningEvery > 0},
	}
	for _, o := range set {
		if o.is && !slices.Contains(known, o.name) {
			return o.name
		}
	}
	return ""
}

// same is the field by which two lines would have one printer; empty: they have two.
func (p PrinterConfig) same(o PrinterConfig) string {
	switch {
	case p.Cable != o.Cable:
	case p.Cable == cableCUPS && p.Queue == o.Queue && p.PrintService == o.PrintService:
		return "queue"
	case p.Cable == cableCUPS:
	case p.Serial != "" && p.Serial == o.Serial:
		return "serial"
	case p.Place != "" && p.Place == o.Place:
		return "place"
	}
	return ""
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
