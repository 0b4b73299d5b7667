package artwork

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"fmt"
	"image/color"
	"sort"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed templates/*.yaml
var templates embed.FS

// Card size ID-1 in mm (ISO/IEC 7810). At 300 dpi it is 1011 x 638 dots, at 600 dpi 2022 x 1275.
const (
	cardWidth  = 85.60
	cardHeight = 53.98
)

// maxPoints bounds every size of type in a template.
const maxPoints = 72

// Template is one card design, read-only after loading and safe for concurrent use.
// Positions are in mm from the top left corner of the card, sizes of type in points
// (1/72 inch).
type Template struct {
	spec spec
	hash [32]byte
	pen  *pen
}

// spec is the file. Every field is needed unless its comment says otherwise.
type spec struct {
	Name      string            `yaml:"name"`    // as the record's profile names it
	Version   int               `yaml:"version"` // rises with every change that can be seen
	Card      card              `yaml:"card"`
	Language  string            `yaml:"language"`   // of enumerated values: id or en
	Fonts     map[string]string `yaml:"fonts"`      // a name used below, and an embedded font file
	PrintBack bool              `yaml:"print_back"` // false: the back is pre-printed
	Preview   gradient          `yaml:"preview"`    // look of the pre-printed blank, for proofs only
	Specimen  stamp             `yaml:"specimen"`   // marking of a card that is no identity card
	Front     sheet             `yaml:"front"`
	Back      sheet             `yaml:"back"` // optional
}

type card struct {
	Width  float64 `yaml:"width"`
	Height float64 `yaml:"height"`
}

type gradient struct {
	Top    ink `yaml:"top"`
	Bottom ink `yaml:"bottom"`
}

// stamp is a word set across the card in color, behind the black text.
type stamp struct {
	Text    string  `yaml:"text"`
	Font    string  `yaml:"font"`
	Size    float64 `yaml:"size"`
	X       float64 `yaml:"x"` // middle of the word
	Y       float64 `yaml:"y"`
	Angle   float64 `yaml:"angle"` // degrees, rising to the right
	Color   ink     `yaml:"color"`
	Opacity float64 `yaml:"opacity"` // percent
}

// sheet is one side. All parts are optional.
type sheet struct {
	Portrait  *box     `yaml:"portrait"`  // filled; the picture is cut at the center where its shape differs
	Signature *box     `yaml:"signature"` // the trimmed signature fits inside, centered
	Lines     []line   `yaml:"lines"`     // each at its own place
	Columns   []column `yaml:"columns"`   // rows that flow down
}

type box struct {
	X      float64 `yaml:"x"`
	Y      float64 `yaml:"y"`
	Width  float64 `yaml:"width"`
	Height float64 `yaml:"height"`
}

// line is one line of text: static, or a value.
type line struct {
	Field    string  `yaml:"field"` // named by the error when the text does not fit
	Text     string  `yaml:"text"`  // with placeholders such as {name}
	Font     string  `yaml:"font"`
	Size     float64 `yaml:"size"`
	Min      float64 `yaml:"min"` // optional: shrinks down to this
	Align    string  `yaml:"align"`
	X        float64 `yaml:"x"` // left end, middle or right end, by align
	Baseline float64 `yaml:"baseline"`
	Width    float64 `yaml:"width"`
}

// column is a stack of rows: label, colon, value. Lines stand Pitch apart; where values wrap
// and the column would pass Last, all lines move together down to MinPitch.
type column struct {
	First    float64 `yaml:"first"` // baseline of the first line
	Last     float64 `yaml:"last"`  // lowest baseline
	Pitch    float64 `yaml:"pitch"`
	MinPitch float64 `yaml:"min_pitch"`
	Label    label   `yaml:"label"` // optional, where no row has one
	Value    place   `yaml:"value"`
	Fit      []step  `yaml:"fit"` // of rows that have none of their own
	Rows     []row   `yaml:"rows"`
}

type label struct {
	Font   string  `yaml:"font"`
	Size   float64 `yaml:"size"`
	X      float64 `yaml:"x"`
	Indent float64 `yaml:"indent"` // optional, added to X for rows with indent: true
	Colon  float64 `yaml:"colon"`
}

type place struct {
	Font  string  `yaml:"font"`
	Size  float64 `yaml:"size"`
	Align string  `yaml:"align"`
	X     float64 `yaml:"x"`
	Width float64 `yaml:"width"`
}

// step is one way to make a text fit: at most Lines lines, size not under Min. Steps are
// tried in order, each from the full size down.
type step struct {
	Lines int     `yaml:"lines"`
	Min   float64 `yaml:"min"`
}

type row struct {
	Field  string  `yaml:"field"`
	Label  string  `yaml:"label"`  // optional
	Indent bool    `yaml:"indent"` // optional
	Text   string  `yaml:"text"`
	Empty  string  `yaml:"empty"`  // optional: printed for a value that is empty; without it that is an error
	Width  float64 `yaml:"width"`  // optional: narrower than the column
	Fit    []step  `yaml:"fit"`    // optional
	Beside *beside `yaml:"beside"` // optional: a second label and value on the same line
}

type beside struct {
	Field string  `yaml:"field"`
	Label string  `yaml:"label"`
	Text  string  `yaml:"text"`
	Empty string  `yaml:"empty"`
	X     float64 `yaml:"x"`
	Colon float64 `yaml:"colon"`
	Value float64 `yaml:"value"`
	Width float64 `yaml:"width"`
	Min   float64 `yaml:"min"`
}

// ink is a color written "#RRGGBB".
type ink color.NRGBA

// UnmarshalText reads "#RRGGBB".
func (k *ink) UnmarshalText(b []byte) error {
	v, err := strconv.ParseUint(strings.TrimPrefix(string(b), "#"), 16, 24)
	if err != nil || len(b) != 7 || b[0] != '#' {
		return fmt.Errorf("a color is written #RRGGBB")
	}
	*k = ink{R: byte(v >> 16), G: byte(v >> 8), B: byte(v), A: 255}
	return nil
}

// Names lists the embedded templates.
func Names() []string {
	entries, _ := templates.ReadDir("templates")
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return out
}

// LoadTemplate reads an embedded template by name, such as "ktp-el-wni".
// Error: artwork.template_unknown.
func LoadTemplate(name string) (*Template, error) {
	if strings.ContainsAny(name, "/\\.") {
		return nil, templateUnknown.At("artwork.LoadTemplate", nil).With("name", "no template has such a name")
	}
	b, err := templates.ReadFile("templates/" + name + ".yaml")
	if err != nil {
		return nil, templateUnknown.At("artwork.LoadTemplate", nil).With("name", "known are %s", strings.Join(Names(), ", "))
	}
	return ParseTemplate(b)
}

// ParseTemplate reads a template file, for an office with a design of its own. Unknown keys,
// anchors, aliases and merge keys are refused. Error: artwork.template_invalid.
func ParseTemplate(b []byte) (*Template, error) {
	const op = "artwork.ParseTemplate"
	if err := checkYAML(b); err != nil {
		return nil, templateInvalid.At(op, err)
	}
	t := &Template{}
	if err := yaml.UnmarshalWithOptions(b, &t.spec, yaml.Strict()); err != nil {
		return nil, templateInvalid.At(op, err)
	}
	pen, err := newPen(t.spec.Fonts)
	if err != nil {
		return nil, templateInvalid.At(op, err)
	}
	t.pen = pen
	if err := t.spec.check(pen); err != nil {
		return nil, templateInvalid.At(op, err)
	}
	t.hash = hash(b, t.spec.Fonts)
	return t, nil
}

// Name of the template, such as "ktp-el-wni".
func (t *Template) Name() string { return t.spec.Name }

// Version rises with every change of the design.
func (t *Template) Version() int { return t.spec.Version }

// PrintsBack reports whether Back gives a face.
func (t *Template) PrintsBack() bool { return t.spec.PrintBack }

// Hash is SHA-256 over the template file and the fonts it uses: equal hashes and equal input
// give equal faces.
func (t *Template) Hash() [32]byte { return t.hash }

func hash(file []byte, fonts map[string]string) [32]byte {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	part(file)
	for _, name := range sortedKeys(fonts) {
		b, _ := fontFiles.ReadFile("fonts/" + fonts[name])
		part([]byte(name))
		part(b)
	}
	return [32]byte(h.Sum(nil))
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
