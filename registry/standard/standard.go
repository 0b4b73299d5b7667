package standard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"blanko/ktp"
)

// Text is a sentence in both languages.
type Text struct {
	ID string `yaml:"id"`
	EN string `yaml:"en"`
}

// Standard is one public service standard. It is never changed after it was read: its lists may be shared.
type Standard struct {
	ID      string `yaml:"id"`
	Version string `yaml:"version"`
	Title   Text   `yaml:"title"`
	Source  string `yaml:"source"` // what it follows

	Requirements []Requirement `yaml:"requirements"`
	Types        []Type        `yaml:"types"`
	// Procedure is who does what, in its order.
	Procedure []Duty `yaml:"procedure"`
	// Clocks are the limits of time. The first is that of the law and never stops.
	Clocks []Clock    `yaml:"clocks"`
	Fines  []FineRule `yaml:"fines"`
	// Free says that the card itself costs nothing.
	Free Text `yaml:"free"`
	// Product is what the resident gets.
	Product     Text        `yaml:"product"`
	Destruction Destruction `yaml:"destruction"`
	Complaints  Complaints  `yaml:"complaints"`
	// Priorities are the classes of orders in the order in which they are printed.
	Priorities  []Class     `yaml:"priorities"`
	Shortage    Shortage    `yaml:"shortage"`
	Presence    Believed    `yaml:"presence"`
	Examination Believed    `yaml:"examination"`
	Retention   []Retention `yaml:"retention"`
	// Said is every sentence of the published text, in its order, and what of this file it became.
	Said []Sentence `yaml:"said"`

	hash string // of what Parse read
}

// Evidence is how a requirement is shown.
type Evidence string

const (
	Seen        Evidence = "seen"        // shown and given back
	Surrendered Evidence = "surrendered" // given up, at the hand-over at the latest
	Scan        Evidence = "scan"        // kept as a picture
	Number      Evidence = "number"      // its number is kept
	ByAge       Evidence = "age"         // shown by the list of obliged residents itself, by nothing else
)

var evidences = []Evidence{Seen, Surrendered, Scan, Number, ByAge}

// Requirement is a paper or a fact that an application needs.
type Requirement struct {
	ID       string   `yaml:"id"`
	Text     Text     `yaml:"text"`
	Evidence Evidence `yaml:"evidence"`
	// Overridable: a second person may let it be missing, with a reason.
	Overridable bool `yaml:"overridable"`
	// Retires: it says that the card in force is lost; noting it ends that card.
	Retires bool   `yaml:"retires"`
	Basis   string `yaml:"basis"`

	// Instead are those of which any does in its place, for the type that was asked for; see TypeOf.
	Instead []Requirement `yaml:"-"`
}

// Type is what holds for one type of application. Its OSIA request and whether it is of foreign
// residents stand in ktp.ApplicationTypes.
type Type struct {
	Type ktp.ApplicationType `yaml:"type"`
	// Requirements are ids; "a|b" asks for one of the two.
	Requirements []string `yaml:"requirements"`
	OnlyAtDinas  bool     `yaml:"onlyAtDinas"`
	// OldCard: the card of before is surrendered at the hand-over, unless it was said to be lost.
	OldCard bool `yaml:"oldCard"`

	// Priority of an order of the type that nothing else lifts, 9 highest; TypeOf takes it from the
	// priorities.
	Priority int `yaml:"-"`
}

// Duty is one thing that the procedure asks of a role.
type Duty struct {
	ID   string `yaml:"id"`
	Role string `yaml:"role"` // a word of the table of roles: service_officer, ...
	Text Text   `yaml:"text"`
}

// Destruction is what becomes of cards and blanks that are no good.
type Destruction struct {
	Policy    string   `yaml:"policy"`    // RETURN_TO_CENTER or DESTROY_LOCALLY
	Witnesses int      `yaml:"witnesses"` // least number, beside the two persons who do it
	Causes    []string `yaml:"causes"`    // that the monthly report counts; empty: no report is asked for
	Text      Text     `yaml:"text"`
	Basis     string   `yaml:"basis"`
}

// Policies of destruction.
const (
	ReturnToCenter = "RETURN_TO_CENTER"
	DestroyLocally = "DESTROY_LOCALLY"
)

// Complaints is how and to whom one complains.
type Complaints struct {
	Channels []Channel `yaml:"channels"`
	Officer  Officer   `yaml:"officer"`
	Team     Text      `yaml:"team"`
	// AnswerDays is within how many days an answer is due.
	AnswerDays int    `yaml:"answerDays"`
	Basis      string `yaml:"basis"`
}

// Officer answers complaints. A district that publishes the name puts it here.
type Officer struct {
	Name      string `yaml:"name"`
	Telephone string `yaml:"telephone"`
}

// Channel is a way in which complaints come.
type Channel struct {
	ID   string `yaml:"id"`
	Text Text   `yaml:"text"`
	// Address, where the channel has a public one.
	Address string `yaml:"address"`
	// Anonymous complaints are taken, and marked as not verifiable.
	Anonymous bool `yaml:"anonymous"`
}

// Sentence is one sentence or heading of the published text.
type Sentence struct {
	Text string `yaml:"text"` // verbatim
	// Rule is the place in the standard that it became: "clocks.legal"; see Has.
	Rule string `yaml:"rule"`
	// Operations that carry it out; the table of operations has their names.
	Operations []string `yaml:"operations"`
	CarriesOut string   `yaml:"carriesOut"`
}

//go:embed data/*.yaml
var shipped embed.FS

// Names lists the standards that ship.
var Names = []string{"sintang", "national-2018"}

// ready holds the standards that ship, read at their first use.
var ready = map[string]func() (Standard, error){
	"sintang":       sync.OnceValues(func() (Standard, error) { return Parse([]byte(File("sintang"))) }),
	"national-2018": sync.OnceValues(func() (Standard, error) { return Parse([]byte(File("national-2018"))) }),
}

// Load reads a standard that ships; another name is fault code standard.unknown.
func Load(name string) (Standard, error) {
	read, known := ready[name]
	if !known {
		return Standard{}, Unknown.At("standard.Load", nil).With("standard", "%v", Names)
	}
	return read()
}

// File is a standard that ships, as it is written; empty where there is none.
func File(name string) string {
	text, err := shipped.ReadFile("data/" + name + ".yaml")
	if err != nil {
		return ""
	}
	return string(text)
}

const (
	mostText  = 64 << 10 // bytes of a standard; those that ship have up to 26,000
	mostDepth = 16       // of brackets and of dashes in a row: a reader of YAML takes minutes for thousands
)

// deep reports whether brackets are nested, or list dashes and key marks stand in a row, deeper than any
// standard has them. It takes brackets in quotes for brackets: no sentence has so many.
func deep(text []byte) bool {
	brackets, marks := 0, 0
	for _, b := range text {
		switch b {
		case '[', '{':
			brackets++
		case ']', '}':
			brackets = max(0, brackets-1)
		}
		switch b {
		case '-', '?', '!', '&', '*', ':':
			marks++
		case ' ', '\t', '\n', '\r':
		default:
			marks = 0
		}
		if brackets > mostDepth || marks > mostDepth {
			return true
		}
	}
	return false
}

// Parse reads a standard strictly. A key that is not known, or a value that does not fit, is fault code
// standard.bad with its place; the cause is Problems where the form is right.
func Parse(text []byte) (Standard, error) {
	const op = "standard.Parse"
	if len(text) > mostText {
		return Standard{}, BadStandard.At(op, nil).With("standard", "more than %d bytes", mostText)
	}
	if deep(text) {
		return Standard{}, BadStandard.At(op, nil).With("standard", "nested deeper than %d", mostDepth)
	}
	var s Standard
	if err := yaml.UnmarshalWithOptions(text, &s, yaml.Strict(), yaml.DisallowUnknownField()); err != nil {
		return Standard{}, BadStandard.At(op, err).With("standard", "%s", yaml.FormatError(err, false, false))
	}
	if wrong := s.Validate(); len(wrong) > 0 {
		return Standard{}, BadStandard.At(op, wrong).With(wrong[0].Field, "%s", wrong[0].Why)
	}
	s.hash = digest(s.Canonical())
	return s, nil
}

// Canonical is the standard as JSON with the keys of its file, sorted: two files that say the same have
// the same, whatever their comments and order of keys. Parse reads it.
func (s Standard) Canonical() []byte {
	flat, err := yaml.MarshalWithOptions(s, yaml.JSON())
	if err != nil {
		panic(err) // plain data
	}
	var tree any
	d := json.NewDecoder(bytes.NewReader(flat))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		panic(err)
	}
	text, err := json.Marshal(tree)
	if err != nil {
		panic(err)
	}
	return text
}

// Hash is SHA-256, in hex, over the canonical form.
func (s Standard) Hash() string {
	if s.hash != "" {
		return s.hash
	}
	return digest(s.Canonical())
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// either parts the ids of a requirement of a type.
const either = "|"

// TypeOf finds what holds for a type of application, with its requirements in their order. Where one of
// several will do, the first stands in the list and the others in its Instead.
func (s Standard) TypeOf(t ktp.ApplicationType) (Type, []Requirement, bool) {
	i := slices.IndexFunc(s.Types, func(row Type) bool { return row.Type == t })
	if i < 0 {
		return Type{}, nil, false
	}
	var list []Requirement
	for _, ids := range s.Types[i].Requirements {
		var one []Requirement
		for id := range strings.SplitSeq(ids, either) {
			if r, found := s.Requirement(id); found {
				one = append(one, r)
			}
		}
		one[0].Instead = one[1:]
		list = append(list, one[0])
	}
	row := s.Types[i]
	row.Priority = s.Priority(Order{Type: t})
	return row, list, true
}

// Requirement finds a requirement.
func (s Standard) Requirement(id string) (Requirement, bool) {
	i := slices.IndexFunc(s.Requirements, func(r Requirement) bool { return r.ID == id })
	if i < 0 {
		return Requirement{}, false
	}
	return s.Requirements[i], true
}

// Channel finds a channel of complaints.
func (s Standard) Channel(id string) (Channel, bool) {
	i := slices.IndexFunc(s.Complaints.Channels, func(c Channel) bool { return c.ID == id })
	if i < 0 {
		return Channel{}, false
	}
	return s.Complaints.Channels[i], true
}

// Has reports whether a place of the standard is there: a key of its file, and the id of a row after a
// dot where the key holds a list: "free", "clocks.legal", "complaints.channels.letter". "roles" are
// those of the procedure.
func (s Standard) Has(rule string) bool {
	list, id, row := strings.Cut(rule, ".")
	if !row {
		return slices.Contains([]string{"title", "free", "product", "destruction", "complaints", "shortage"}, rule)
	}
	is := func(other string) bool { return other == id }
	switch list {
	case "requirements":
		return slices.ContainsFunc(s.Requirements, func(r Requirement) bool { return is(r.ID) })
	case "types":
		return slices.ContainsFunc(s.Types, func(t Type) bool { return is(string(t.Type)) })
	case "procedure":
		return slices.ContainsFunc(s.Procedure, func(d Duty) bool { return is(d.ID) })
	case "roles":
		return slices.ContainsFunc(s.Procedure, func(d Duty) bool { return is(d.Role) })
	case "clocks":
		return slices.ContainsFunc(s.Clocks, func(c Clock) bool { return is(c.ID) })
	case "fines":
		return slices.ContainsFunc(s.Fines, func(f FineRule) bool { return is(f.Code) })
	case "priorities":
		return slices.ContainsFunc(s.Priorities, func(c Class) bool { return is(c.ID) })
	case "retention":
		return slices.ContainsFunc(s.Retention, func(r Retention) bool { return is(r.Class) })
	case "complaints":
		channel, found := strings.CutPrefix(id, "channels.")
		if found {
			_, found = s.Channel(channel)
		}
		return found || is("officer") || is("team")
	}
	return false
}
