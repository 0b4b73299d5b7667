package evolis

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"blanko/printer"

	"github.com/goccy/go-yaml"
)

// Model is what one model differs in, as its data file tells it. Options that no text read
// tells (stations, flip-over, reject box) are what the model can be bought with; Config.Fitted
// says what this unit has.
type Model struct {
	ID         string             `yaml:"id"`
	Name       string             `yaml:"name"`
	Match      []string           `yaml:"match"` // beginnings of the answer to Rtp, without case, maker's name and blanks
	Technology printer.Technology `yaml:"technology"`
	Levels     []int              `yaml:"levels"` // of Y, M and C that it prints
	Bezel      bool               `yaml:"bezel"`  // a sensor shows a card in the front slot
	Fitted     Fitted             `yaml:"fitted"`
	// ReturnAfterPrint: a printed card that was held can go back to the encoder.
	ReturnAfterPrint bool `yaml:"return_after_print"`
	// WayGap is the pause between the steps of a way out, where the model is known to need one.
	WayGap time.Duration `yaml:"way_gap"`
	Setup  []Setup       `yaml:"setup"` // in this order, at opening and after every restart
}

// Fitted are the options of a unit.
type Fitted struct {
	Contact     bool `yaml:"contact"`
	Contactless bool `yaml:"contactless"`
	TwoSided    bool `yaml:"two_sided"`
	RejectTray  bool `yaml:"reject_tray"`
	Hopper      int  `yaml:"hopper"` // capacity in cards; 0 not known
}

// Setup is one command of the setup.
type Setup struct {
	Send string `yaml:"send"` // {ribbon} stands for the ribbon's code
	// Probe: not known to be understood by every unit. It is tried once when the printer is
	// opened; a unit that refuses it is not asked again.
	Probe bool `yaml:"probe"`
	When  When `yaml:"when"`
}

// When restricts a setup command to lines that hold the card after printing, or that let go
// of it.
type When string

const (
	Always  When = ""
	Hold    When = "hold"
	Release When = "release"
)

// maxLevels is the deepest color this package packs.
const maxLevels = 128

// maxHopper bounds the hopper of a data file, in cards.
const maxHopper = 10_000

//go:embed models/*.yaml
var modelFiles embed.FS

// ParseModel reads a model's data file (YAML, unknown keys refused).
// Error: evolis.model_data_wrong.
func ParseModel(b []byte) (*Model, error) {
	const op = "evolis.ParseModel"
	var m Model
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&m); err != nil {
		return nil, modelDataWrong.At(op, err)
	}
	if field, why := m.wrong(); field != "" {
		return nil, modelDataWrong.At(op, nil).With(field, "%s", why)
	}
	return &m, nil
}

func (m *Model) wrong() (field, why string) {
	switch {
	case m.ID == "" || m.Name == "":
		return "id", "id and name must be given"
	case m.Technology != printer.DirectToCard:
		return "technology", "only direct-to-card models speak this language"
	case len(m.Levels) == 0:
		return "levels", "none given"
	case m.Fitted.Hopper < 0 || m.Fitted.Hopper > maxHopper:
		return "fitted.hopper", "out of range"
	}
	for _, l := range m.Levels {
		if bitsOf[l] == 0 {
			return "levels", fmt.Sprintf("%d levels have no format", l)
		}
	}
	if !slices.ContainsFunc(m.Setup, func(s Setup) bool { return strings.HasPrefix(s.Send, "Pem;") }) {
		return "setup", "the host must manage errors (Pem)"
	}
	for _, s := range m.Setup {
		if s.When != Always && s.When != Hold && s.When != Release {
			return "setup.when", "hold, release or nothing"
		}
		// P and W are the parameter and write commands: a setup moves no card.
		if len(s.Send) < 2 || len(s.Send) > maxSetupCommand || s.Send[0] != 'P' && s.Send[0] != 'W' {
			return "setup.send", "not a parameter command"
		}
		if strings.ContainsFunc(s.Send, func(c rune) bool { return c <= ' ' || c > '~' }) {
			return "setup.send", "not printable ASCII"
		}
	}
	return "", ""
}

// maxSetupCommand bounds a command of a data file, in bytes.
const maxSetupCommand = 32

// Models are the known models, by file name.
// Error: evolis.model_data_wrong.
func Models() ([]*Model, error) { return printer.ReadModels(modelFiles, ParseModel) }

// known are the models as a printer is opened with them. Nobody changes them.
var known = sync.OnceValues(Models)

// choose finds the model by the answer to Rtp; the empty match of the file for unknown models fits last.
func choose(models []*Model, answer string) *Model {
	return printer.ModelNamed(models, "evolis", answer, func(m *Model) []string { return m.Match })
}
