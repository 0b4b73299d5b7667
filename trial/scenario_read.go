package trial

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"blanko/station"
)

// Mistake is one place of a scenario file that cannot be.
type Mistake struct {
	File         string
	Line, Column int // 0 where it is of the file as a whole
	Field        string
	Reason       string
}

func (m Mistake) Error() string {
	at := m.File
	if m.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", m.File, m.Line, m.Column)
	}
	if m.Field != "" {
		at += ": " + m.Field
	}
	return strings.Map(seeable, at+": "+m.Reason)
}

// seeable is what a terminal shows and does not obey.
func seeable(r rune) rune {
	if unicode.IsControl(r) && r != '\n' {
		return unicode.ReplacementChar
	}
	return r
}

// ReadScenario reads a scenario file. The error joins every Mistake.
func ReadScenario(file string) (*Scenario, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxScene+1)) // a device or a pipe tells no size
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return parseScenario(file, text)
}

// maxScene bounds the text of a scenario, in bytes; the longest that comes with the product has 1 kB.
const maxScene = 64 << 10

// parseScenario reads the text of a scenario; file names it in errors.
func parseScenario(file string, text []byte) (*Scenario, error) {
	if len(text) > maxScene {
		return nil, Mistake{File: file, Reason: fmt.Sprintf("more than %d bytes", maxScene)}
	}
	if err := station.PlainYAML(text); err != nil {
		return nil, Mistake{File: file, Reason: err.Error()}
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, Mistake{File: file, Reason: err.Error()}
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, Mistake{File: file, Reason: "one scenario is wanted"}
	}
	r := scenarioReader{file: file, at: map[string]ast.Node{}}
	r.value(tree.Docs[0].Body, reflect.TypeFor[Scenario](), "")
	if r.wrong != nil {
		return nil, r.mistakes()
	}
	s := &Scenario{
		Name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), Seed: 1,
		Batch: Batch{Chip: "8k"}, Devices: Devices{Lines: 1, Printer: printerModel},
	}
	if err := yaml.UnmarshalWithOptions(text, s, yaml.Strict()); err != nil {
		return nil, Mistake{File: file, Reason: yaml.FormatError(err, false, false)}
	}
	r.sense(s)
	if r.wrong != nil {
		return nil, r.mistakes()
	}
	return s, nil
}

// scenarioReader collects mistakes, and where every field stands.
type scenarioReader struct {
	file  string
	at    map[string]ast.Node
	wrong []Mistake
}

func (r *scenarioReader) say(n ast.Node, field, format string, args ...any) {
	m := Mistake{File: r.file, Field: field, Reason: fmt.Sprintf(format, args...)}
	if n != nil {
		p := n.GetToken().Position
		m.Line, m.Column = p.Line, p.Column
	}
	r.wrong = append(r.wrong, m)
}

// of says something about a field of a scenario that could be read; one that is not written is told by
// what it would stand in.
func (r *scenarioReader) of(field, format string, args ...any) {
	n := r.at[field]
	for up := field; n == nil && up != ""; n = r.at[up] {
		up = up[:max(strings.LastIndexAny(up, ".["), 0)]
	}
	r.say(n, field, format, args...)
}

func (r *scenarioReader) mistakes() error {
	slices.SortStableFunc(r.wrong, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var all []error
	for i, m := range r.wrong {
		if i == mostMistakes {
			all = append(all, Mistake{File: r.file, Reason: fmt.Sprintf("and %d more", len(r.wrong)-i)})
			break
		}
		all = append(all, m)
	}
	return errors.Join(all...)
}

// mostMistakes are told of one file.
const mostMistakes = 50

// keysOf are the fields of a struct by their key in the text.
func keysOf(t reflect.Type) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		if name != "-" {
			keys[name] = f.Type
		}
	}
	return keys
}

// value holds a piece of the text against the type that it is to become.
func (r *scenarioReader) value(n ast.Node, t reflect.Type, field string) {
	r.at[field] = n
	switch {
	case t == reflect.TypeFor[time.Duration]():
		if _, err := time.ParseDuration(n.GetToken().Value); err != nil {
			r.say(n, field, "a time with its unit is wanted, such as 90s")
		}
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		r.mapping(n, t, field)
	case t.Kind() == reflect.Slice:
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			r.say(n, field, "a list is wanted")
			return
		}
		for i, v := range list.Values {
			r.value(v, t.Elem(), fmt.Sprintf("%s[%d]", field, i+1))
		}
	default:
		r.scalar(n, t, field)
	}
}

func (r *scenarioReader) mapping(n ast.Node, t reflect.Type, field string) {
	rows, ok := rowsOf(n)
	if !ok {
		r.say(n, field, "keys and values are wanted")
		return
	}
	var keys map[string]reflect.Type
	if t.Kind() == reflect.Struct {
		keys = keysOf(t)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		key := row.Key.GetToken().Value
		name := strings.TrimPrefix(field+"."+key, ".")
		if seen[key] {
			r.say(row.Key, name, "stands twice")
			continue
		}
		seen[key] = true
		if strings.ContainsFunc(key, unicode.IsControl) {
			r.say(row.Key, name, "a key of signs that can be seen is wanted")
			continue
		}
		if keys == nil {
			r.value(row.Value, t.Elem(), name)
			continue
		}
		if of, known := keys[key]; known {
			r.value(row.Value, of, name)
			continue
		}
		r.say(row.Key, name, "no such key; there are %s", strings.Join(sortedKeys(keys), ", "))
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func rowsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

func (r *scenarioReader) scalar(n ast.Node, t reflect.Type, field string) {
	kind, text := n.Type(), n.GetToken().Value
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		if _, err := strconv.ParseInt(text, 10, 64); kind != ast.IntegerType || err != nil {
			r.say(n, field, "a whole number is wanted")
		}
	case reflect.Float64:
		if kind != ast.IntegerType && kind != ast.FloatType {
			r.say(n, field, "a number is wanted")
		}
	case reflect.Bool:
		if kind != ast.BoolType {
			r.say(n, field, "true or false is wanted")
		}
	default:
		if kind == ast.MappingType || kind == ast.SequenceType || kind == ast.NullType || strings.TrimSpace(text) == "" {
			r.say(n, field, "words are wanted")
		}
	}
}
