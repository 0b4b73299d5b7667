package magicard

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"blanko/printer"
)

// Format is how a model packs planes and answers questions.
type Format string

const (
	KGE2 Format = "kge2" // Enduro family: one request tells all
	KEE  Format = "kee"  // Rio and Tango: one request for each value
)

// Model is what one model differs in, as its data file tells it.
type Model struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	Match    []string `yaml:"match"` // beginnings of the name that the printer tells, without case, maker's name and blanks
	Format   Format   `yaml:"format"`
	Firmware bool     `yaml:"firmware"` // VER tells the printer's firmware
	// Words of the header between the time of the job and the sides, the print head among them.
	Words []string `yaml:"words"`
	// Overcoat is the whole area: left, bottom, right, top in dots from the lower left corner.
	Overcoat [4]int `yaml:"overcoat"`
	// HeadShift is how many dots further on the head the card begins than its position tells.
	HeadShift      int         `yaml:"head_shift"`
	CleaningPrompt bool        `yaml:"cleaning_prompt"` // the value CLP asks for a cleaning
	Hopper         int         `yaml:"hopper"`          // capacity in cards; 0 not known
	Errors         []ErrorCode `yaml:"errors"`
}

// ErrorCode is a pair of error numbers that was met on a real printer.
type ErrorCode struct {
	Major   int           `yaml:"major"`
	Minor   int           `yaml:"minor"`
	Class   printer.Class `yaml:"class"`
	Display string        `yaml:"display"` // what the printer's display showed
}

// Bounds of a data file.
const (
	maxHopper   = 10_000 // cards
	maxWord     = 16     // bytes
	maxShift    = 30     // dots: the head is 30 dots wider than the card
	maxNumber   = 65_535 // of an error
	maxDisplay  = 80     // bytes
	maxOvercoat = 1025   // the largest area that the filter sends
)

// headWords name the print head in a header.
var headWords = map[Format]string{KGE2: "KGE2", KEE: "KEE"}

//go:embed models/*.yaml
var modelFiles embed.FS

// ParseModel reads a model's data file (YAML, unknown keys refused).
// Error: magicard.model_data_wrong.
func ParseModel(b []byte) (*Model, error) {
	const op = "magicard.ParseModel"
	m, err := decode(b)
	if err != nil {
		return nil, modelDataWrong.At(op, err)
	}
	if field, why := m.wrong(); field != "" {
		return nil, modelDataWrong.At(op, nil).With(field, "%s", why)
	}
	return m, nil
}

// decode reads strictly. The library ends in a nil pointer over a list with a tag, such as
// "words: !x".
func decode(b []byte) (m *Model, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("no data file: %v", r)
		}
	}()
	m = &Model{}
	return m, yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(m)
}

func (m *Model) wrong() (field, why string) {
	head, known := headWords[m.Format]
	o := m.Overcoat
	switch {
	case m.ID == "" || m.Name == "":
		return "id", "id and name must be given"
	case !known:
		return "format", "kge2 or kee"
	case !slices.Contains(m.Words, head):
		return "words", "the head " + head + " is not among them"
	case o[0] < 0 || o[1] < 0 || o[0] > o[2] || o[1] > o[3] || o[2] < Columns-1 || o[2] > maxOvercoat || o[3] != Rows-1:
		return "overcoat", "not the area of a card"
	case m.HeadShift < -maxShift || m.HeadShift > maxShift:
		return "head_shift", "out of range"
	case m.Hopper < 0 || m.Hopper > maxHopper:
		return "hopper", "out of range"
	case m.CleaningPrompt && m.Format != KEE:
		return "cleaning_prompt", "only kee printers tell it"
	case len(m.Errors) > 0 && m.Format != KGE2:
		return "errors", "only kge2 printers tell numbers"
	}
	for _, w := range m.Words {
		if w == "" || len(w) > maxWord || strings.ContainsFunc(w, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') }) {
			return "words", fmt.Sprintf("%q is no header word", w)
		}
	}
	seen := map[[2]int]bool{}
	for _, e := range m.Errors {
		pair := [2]int{e.Major, e.Minor}
		switch {
		case e.Major < 0 || e.Major > maxNumber || e.Minor < 0 || e.Minor > maxNumber || pair == [2]int{} || seen[pair]:
			return "errors", fmt.Sprintf("%d/%d is out of range or stands twice", e.Major, e.Minor)
		case e.Class == printer.ClassNone || printer.ClassOf(printer.Fault(e.Class).At("magicard.ParseModel", nil)) != e.Class:
			return "errors.class", fmt.Sprintf("%q is no class", e.Class)
		case e.Display == "" || len(e.Display) > maxDisplay:
			return "errors.display", "the text of the display must be given"
		}
		seen[pair] = true
	}
	return "", ""
}

// Models are the known models, by file name.
// Error: magicard.model_data_wrong.
func Models() ([]*Model, error) { return printer.ReadModels(modelFiles, ParseModel) }

// known are the models as a printer is opened with them. Nobody changes them.
var known = sync.OnceValues(Models)

// choose finds the model of a format by the name that the printer tells; the empty match of the file
// for models that are not listed fits last.
func choose(models []*Model, f Format, told string) *Model {
	return printer.ModelNamed(models, "magicard", told, func(m *Model) []string {
		if m.Format != f {
			return nil
		}
		return m.Match
	})
}

// class is the error class of a pair of numbers, and what the display shows with it where known.
func (m *Model) class(major, minor int) (printer.Class, string) {
	if major == 0 && minor == 0 {
		return printer.ClassNone, ""
	}
	for _, e := range m.Errors {
		if e.Major == major && e.Minor == minor {
			return e.Class, e.Display
		}
	}
	return printer.ClassUnknown, ""
}
