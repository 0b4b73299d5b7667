package standard

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"

	"blanko/ktp"
)

// Text is a sentence in both languages.
type Text struct {
	ID string `yaml:"id"`
	EN string `yaml:"en"`
}

// Standard is one public service standard.
type Standard struct {
	ID      string `yaml:"id"`
	Version string `yaml:"version"`
	Title   Text   `yaml:"title"`
	Source  string `yaml:"source"` // what it follows

	Requirements []Requirement `yaml:"requirements"`
	Types        []Type        `yaml:"types"`
	Clocks       []Clock       `yaml:"clocks"`
	Fines        []FineRule    `yaml:"fines"`
	// Free says that the card itself costs nothing.
	Free        Text        `yaml:"free"`
	Destruction string      `yaml:"destruction"` // RETURN_TO_CENTER or DESTROY_LOCALLY
	Complaints  Complaints  `yaml:"complaints"`
	Shortage    Shortage    `yaml:"shortage"`
	Retention   []Retention `yaml:"retention"`
	// Said is every sentence of the published text and what of this file carries it out.
	Said []Sentence `yaml:"said"`
}

// Evidence is how a requirement is shown.
type Evidence string

const (
	Seen        Evidence = "seen"        // shown and given back
	Surrendered Evidence = "surrendered" // given up, at the hand-over at the latest
	Scan        Evidence = "scan"        // kept as a picture
	Number      Evidence = "number"      // its number is kept
	ByAge       Evidence = "age"         // shown by the list of obliged residents itself
)

var evidences = []Evidence{Seen, Surrendered, Scan, Number, ByAge}

// Requirement is a paper or a fact that an application needs.
type Requirement struct {
	ID       string   `yaml:"id"`
	Text     Text     `yaml:"text"`
	Evidence Evidence `yaml:"evidence"`
	// Overridable: a second person may let it be missing, with a reason.
	Overridable bool   `yaml:"overridable"`
	Basis       string `yaml:"basis"`
}

// Type is what holds for one type of application.
type Type struct {
	Type         ktp.ApplicationType `yaml:"type"`
	Requirements []string            `yaml:"requirements"` // ids
	OnlyAtDinas  bool                `yaml:"onlyAtDinas"`
	// Priority of its order: 9 highest.
	Priority int `yaml:"priority"`
	// OldCard: the card of before is surrendered at the hand-over.
	OldCard bool `yaml:"oldCard"`
}

// Complaints is how and to whom one complains.
type Complaints struct {
	Channels []Channel `yaml:"channels"`
	Officer  string    `yaml:"officer"` // name and telephone are set at the station
	Team     Text      `yaml:"team"`
	// AnswerDays is within how many days an answer is due.
	AnswerDays int `yaml:"answerDays"`
}

// Channel is a way in which complaints come.
type Channel struct {
	ID   string `yaml:"id"`
	Text Text   `yaml:"text"`
	// Anonymous complaints are taken, and marked as not verifiable.
	Anonymous bool `yaml:"anonymous"`
}

// Sentence is one sentence of the published text.
type Sentence struct {
	Text       string `yaml:"text"` // verbatim
	Operation  string `yaml:"operation"`
	CarriesOut string `yaml:"carriesOut"`
}

//go:embed data/*.yaml
var shipped embed.FS

// Names lists the standards that ship.
var Names = []string{"sintang", "national-2018"}

// Load reads a standard that ships.
func Load(name string) (Standard, error) {
	if !slices.Contains(Names, name) {
		return Standard{}, Unknown.At("standard.Load", nil).With("standard", "%v", Names)
	}
	return Parse([]byte(File(name)))
}

// File is a standard that ships, as it is written; empty where there is none.
func File(name string) string {
	text, err := shipped.ReadFile("data/" + name + ".yaml")
	if err != nil {
		return ""
	}
	return string(text)
}

// mostText bounds a standard, in bytes.
const mostText = 256 << 10

// Parse reads a standard strictly: a key that is not known is an error with its line.
func Parse(text []byte) (Standard, error) {
	const op = "standard.Parse"
	if len(text) > mostText {
		return Standard{}, BadStandard.At(op, nil).With("standard", "more than %d bytes", mostText)
	}
	var s Standard
	if err := yaml.UnmarshalWithOptions(text, &s, yaml.Strict(), yaml.DisallowUnknownField()); err != nil {
		return Standard{}, BadStandard.At(op, err).With("standard", "%s", yaml.FormatError(err, false, false))
	}
	if field, why := s.wrong(); why != "" {
		return Standard{}, BadStandard.At(op, nil).With(field, "%s", why)
	}
	return s, nil
}

// Hash is SHA-256, in hex, over the standard as JSON: two files that say the same have the same.
func (s Standard) Hash() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // plain data
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var word = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

// Policies of destruction.
const (
	ReturnToCenter = "RETURN_TO_CENTER"
	DestroyLocally = "DESTROY_LOCALLY"
)

// wrong finds the first thing that does not fit.
func (s Standard) wrong() (field, why string) {
	switch {
	case !word.MatchString(s.ID):
		return "id", "lower case letters, digits, dashes"
	case s.Version == "" || s.Title.ID == "" || s.Title.EN == "" || s.Source == "":
		return "version", "version, title in both languages and source are needed"
	case s.Destruction != ReturnToCenter && s.Destruction != DestroyLocally:
		return "destruction", "RETURN_TO_CENTER or DESTROY_LOCALLY"
	case len(s.Complaints.Channels) == 0 || s.Complaints.AnswerDays < 1:
		return "complaints", "at least one channel, and the days of an answer"
	}
	for _, check := range []func() (string, string){s.requirementsWrong, s.typesWrong, s.clocksWrong, s.finesWrong, s.shortageWrong, s.retentionWrong, s.channelsWrong} {
		if field, why := check(); why != "" {
			return field, why
		}
	}
	return "", ""
}

func (s Standard) requirementsWrong() (field, why string) {
	seen := map[string]bool{}
	for i, r := range s.Requirements {
		at := fmt.Sprintf("requirements[%d]", i)
		switch {
		case !word.MatchString(r.ID) || seen[r.ID]:
			return at + ".id", "lower case, each once"
		case r.Text.ID == "" || r.Text.EN == "":
			return at + ".text", "in both languages"
		case !slices.Contains(evidences, r.Evidence):
			return at + ".evidence", "seen, surrendered, scan, number or age"
		}
		seen[r.ID] = true
	}
	return "", ""
}

func (s Standard) typesWrong() (field, why string) {
	for _, row := range ktp.ApplicationTypes {
		n := 0
		for i, t := range s.Types {
			at := fmt.Sprintf("types[%d]", i)
			if t.Priority < 0 || t.Priority > highestPriority {
				return at + ".priority", "0 to 9"
			}
			for _, id := range t.Requirements {
				if !slices.ContainsFunc(s.Requirements, func(r Requirement) bool { return r.ID == id }) {
					return at + ".requirements", "no requirement " + id
				}
			}
			if t.Type == row.Type {
				n++
			}
			if t.Type == row.Type && row.Foreign && !t.OnlyAtDinas {
				return at + ".onlyAtDinas", "foreign residents are served at the Dinas alone"
			}
			if _, known := ktp.Application(t.Type); !known {
				return at + ".type", "no application type"
			}
		}
		if n != 1 {
			return "types", fmt.Sprintf("%s stands there %d times, not once", row.Type, n)
		}
	}
	return "", ""
}

func (s Standard) channelsWrong() (field, why string) {
	seen := map[string]bool{}
	for i, c := range s.Complaints.Channels {
		if !word.MatchString(c.ID) || c.Text.ID == "" || c.Text.EN == "" || seen[c.ID] {
			return fmt.Sprintf("complaints.channels[%d]", i), "a word and texts in both languages, each once"
		}
		seen[c.ID] = true
	}
	return "", ""
}

// TypeOf finds what holds for a type of application, with its requirements.
func (s Standard) TypeOf(t ktp.ApplicationType) (Type, []Requirement, bool) {
	i := slices.IndexFunc(s.Types, func(row Type) bool { return row.Type == t })
	if i < 0 {
		return Type{}, nil, false
	}
	var list []Requirement
	for _, id := range s.Types[i].Requirements {
		for _, r := range s.Requirements {
			if r.ID == id {
				list = append(list, r)
			}
		}
	}
	return s.Types[i], list, true
}

// Channel finds a channel of complaints.
func (s Standard) Channel(id string) (Channel, bool) {
	i := slices.IndexFunc(s.Complaints.Channels, func(c Channel) bool { return c.ID == id })
	if i < 0 {
		return Channel{}, false
	}
	return s.Complaints.Channels[i], true
}
