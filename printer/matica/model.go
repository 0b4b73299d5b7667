package matica

import (
	"bytes"
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"blanko/printer"
)

// Model is what one model differs in, as its data file tells it. Options that the printer does not
// tell are what the model can be bought with; Config.Fitted says what this unit has.
type Model struct {
	ID    string   `yaml:"id"`
	Name  string   `yaml:"name"`
	Match []string `yaml:"match"` // beginnings of the model text of the inquiry, without case and blanks

	Columns int  `yaml:"columns"`
	Rows    int  `yaml:"rows"`
	DPI     int  `yaml:"dpi"`
	Turned  bool `yaml:"turned"` // the image goes over the wire turned by 180 degrees

	Fitted Fitted `yaml:"fitted"`
	// ReturnAfterPrint: a printed card that was kept inside can go back to the encoder.
	ReturnAfterPrint bool  `yaml:"return_after_print"`
	Total            Total `yaml:"total"`
	Cleaning         int   `yaml:"cleaning"` // cards between two cleanings; 0 not known
}

// Fitted are the options of a unit.
type Fitted struct {
	Contact     bool `yaml:"contact"`
	Contactless bool `yaml:"contactless"`
	Magnetic    bool `yaml:"magnetic"`
	TwoSided    bool `yaml:"two_sided"`
	Hopper      int  `yaml:"hopper"` // capacity in cards; 0 not known
}

// Total is what the printer's counter "total" counts.
type Total string

const (
	TotalFed     Total = "fed"     // cards that left the hopper: evidence of a feed
	TotalUnknown Total = "unknown" // no evidence
)

// Bounds of a data file: cards of a hopper and between two cleanings, dots of a side of an image.
const (
	maxHopper   = 10_000
	maxCleaning = 1_000_000
	maxDots     = 8192
)

//go:embed models/*.yaml
var modelFiles embed.FS

// ParseModel reads a model's data file (YAML, unknown keys refused).
// Error: matica.model_data_wrong.
func ParseModel(b []byte) (*Model, error) {
	const op = "matica.ParseModel"
	var m Model
	if err := decode(b, &m); err != nil {
		return nil, modelDataWrong.At(op, err)
	}
	if field, why := m.wrong(); field != "" {
		return nil, modelDataWrong.At(op, nil).With(field, "%s", why)
	}
	return &m, nil
}

// decode reads a data file strictly. The library ends in a panic over some texts that are none.
func decode(b []byte, to any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("no data file: %v", r)
		}
	}()
	return yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(to)
}

func (m *Model) wrong() (field, why string) {
	size := func(n int) bool { return n > 0 && n <= maxDots }
	switch {
	case m.ID == "" || m.Name == "":
		return "id", "id and name must be given"
	case len(m.Match) == 0:
		return "match", "none given"
	case !size(m.Columns) || !size(m.Rows) || !size(m.DPI):
		return "columns", "columns, rows and dpi must be given"
	case m.Fitted.Hopper < 0 || m.Fitted.Hopper > maxHopper:
		return "fitted.hopper", "out of range"
	case m.Cleaning < 0 || m.Cleaning > maxCleaning:
		return "cleaning", "out of range"
	case m.Total != TotalFed && m.Total != TotalUnknown:
		return "total", "fed or unknown"
	}
	for _, s := range m.Match {
		if printer.Squeeze("", s) == "" {
			return "match", "an empty beginning fits every model, also one whose image is turned otherwise"
		}
	}
	return "", ""
}

func (m *Model) geometry() printer.Geometry {
	return printer.Geometry{Columns: m.Columns, Rows: m.Rows, DPI: m.DPI, Levels: levels}
}

// Models are the known models, by file name.
// Error: matica.model_data_wrong.
func Models() ([]*Model, error) { return printer.ReadModels(modelFiles, ParseModel) }

// known are the models as a printer is opened with them. Nobody changes them.
var known = sync.OnceValues(Models)

// choose finds the model by the text of the inquiry.
func choose(models []*Model, text string) *Model {
	return printer.ModelNamed(models, "", text, func(m *Model) []string { return m.Match })
}
