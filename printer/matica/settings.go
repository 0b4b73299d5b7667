package matica

import (
	"bytes"
	"context"
	_ "embed"
	"maps"
	"slices"
	"strconv"

	"blanko/printer"
)

//go:embed settings.yaml
var settingsFile []byte

// setting is one row of settings.yaml.
type setting struct {
	Name   string         `yaml:"name"`
	Read   int            `yaml:"read"`
	Write  int            `yaml:"write"`
	Values map[int]string `yaml:"values"`
}

// Layout of the block of a write: head, then one byte for each setting.
const (
	settingsSize      = 32
	settingsHead      = 0x28
	settingsLength    = 0x1E
	settingsUnchanged = 0xFF
)

// theFilm is the setting that tells which film is fitted, in transfers.
const theFilm = "film-type"

// parseSettings reads the data file.
// Error: matica.model_data_wrong.
func parseSettings(b []byte) ([]setting, error) {
	const op = "matica.parseSettings"
	var file struct {
		Settings []setting `yaml:"settings"`
	}
	if err := decode(b, &file); err != nil {
		return nil, modelDataWrong.At(op, err)
	}
	if len(file.Settings) == 0 {
		return nil, modelDataWrong.At(op, nil).With("settings", "none")
	}
	seen := map[string]bool{}
	reads, writes := map[int]bool{}, map[int]bool{}
	for _, s := range file.Settings {
		switch {
		case s.Name == "" || seen[s.Name]:
			return nil, modelDataWrong.At(op, nil).With("name", "%q is empty or stands twice", s.Name)
		case s.Read < 12 || s.Read >= parametersSize || reads[s.Read]:
			return nil, modelDataWrong.At(op, nil).With("read", "%s: offset %d", s.Name, s.Read)
		case s.Write < 2 || s.Write >= settingsSize || writes[s.Write]:
			return nil, modelDataWrong.At(op, nil).With("write", "%s: offset %d", s.Name, s.Write)
		case len(s.Values) == 0:
			return nil, modelDataWrong.At(op, nil).With("values", "%s has none", s.Name)
		}
		words := map[string]bool{}
		for n, w := range s.Values {
			if n < 0 || n >= settingsUnchanged || w == "" || words[w] {
				return nil, modelDataWrong.At(op, nil).With("values", "%s: %d", s.Name, n)
			}
			words[w] = true
		}
		seen[s.Name], reads[s.Read], writes[s.Write] = true, true, true
	}
	return file.Settings, nil
}

// values are the settings of a parameters page, by name; "number n" for a value that is not named.
func values(table []setting, page []byte) map[string]string {
	out := map[string]string{}
	for _, s := range table {
		n := int(page[s.Read])
		out[s.Name] = s.Values[n]
		if out[s.Name] == "" {
			out[s.Name] = "number " + strconv.Itoa(n)
		}
	}
	return out
}

// checkWanted makes sure that the settings that the line wants exist.
func checkWanted(table []setting, wanted map[string]string) error {
	const op = "matica.Open"
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		i := slices.IndexFunc(table, func(s setting) bool { return s.Name == name })
		if i < 0 {
			return settingsWrong.At(op, nil).With("settings."+name, "the printer has no such setting")
		}
		if _, ok := number(table[i], wanted[name]); !ok {
			return settingsWrong.At(op, nil).With("settings."+name, "it has no value %q", wanted[name])
		}
	}
	return nil
}

func number(s setting, value string) (byte, bool) {
	for n, w := range s.Values {
		if w == value {
			return byte(n), true
		}
	}
	return 0, false
}

// Settings are the printer's own settings now, by name. transfer-temp is the step of the transfer
// temperature.
func (p *Printer) Settings(ctx context.Context) (map[string]string, error) {
	const op = "matica.Settings"
	b, err := p.read(ctx, op, readParameters)
	if err != nil {
		return nil, err
	}
	if _, err := parseParameters(b); err != nil {
		return nil, commFault(op, err)
	}
	return values(p.table, b), nil
}

// SetSettings changes settings of the printer, all in one write, and reads them back.
// Errors: matica.settings_wrong (nothing was sent), matica.settings_drifted when the printer did not
// take a value, and those of the device.
func (p *Printer) SetSettings(ctx context.Context, wanted map[string]string) error {
	const op = "matica.SetSettings"
	if err := checkWanted(p.table, wanted); err != nil {
		return err
	}
	data := bytes.Repeat([]byte{settingsUnchanged}, settingsSize)
	data[0], data[1] = settingsHead, settingsLength
	for _, s := range p.table {
		if v, ok := wanted[s.Name]; ok {
			data[s.Write], _ = number(s, v)
		}
	}
	if err := p.usable(ctx, op); err != nil {
		return err
	}
	if err := p.do(ctx, op, writeSettings(data), forMove); err != nil {
		return err
	}
	return p.drifted(ctx, op, wanted)
}

// drifted compares the printer's settings with those that are wanted.
func (p *Printer) drifted(ctx context.Context, op string, wanted map[string]string) error {
	if len(wanted) == 0 {
		return nil
	}
	now, err := p.Settings(ctx)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if now[name] != wanted[name] {
			return settingsDrifted.At(op, nil).With(name, "%s, the line wants %s", now[name], wanted[name])
		}
	}
	return nil
}

// filmOf is what the settings tell of the film; how much is left they do not.
func filmOf(now map[string]string) printer.Known[printer.Film] {
	total, err := strconv.Atoi(now[theFilm])
	if err != nil {
		return printer.Known[printer.Film]{}
	}
	return printer.Know(printer.Film{Type: now[theFilm], Total: printer.Know(total)})
}
