package trial

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"blanko/emulator"
	"blanko/emulator/center"
	machine "blanko/emulator/printer"
	"blanko/jobs"
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
	if m.Field == "" {
		return at + ": " + m.Reason
	}
	return at + ": " + m.Field + ": " + m.Reason
}

// ReadScenario reads a scenario file. The error joins every Mistake.
func ReadScenario(file string) (*Scenario, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxScript+1)) // a device or a pipe tells no size
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(text) > maxScript {
		return nil, Mistake{File: file, Reason: fmt.Sprintf("more than %d bytes", maxScript)}
	}
	return parseScenario(file, text)
}

// parseScenario reads the text of a scenario; file names it in errors.
func parseScenario(file string, text []byte) (*Scenario, error) {
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
	for _, m := range r.wrong {
		all = append(all, m)
	}
	return errors.Join(all...)
}

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

// Bounds of a scenario: it is looked at by a person.
const (
	mostSceneCards = 200
	mostSceneLines = 8
	mostDelay      = time.Minute
)

var lesson = regexp.MustCompile(`^FL-[1-9][0-9]{0,2}$`)

// sense says what can be read and cannot be.
func (r *scenarioReader) sense(s *Scenario) {
	if s.Title.ID == "" || s.Title.EN == "" {
		r.of("title", "a sentence under id and one under en is wanted")
	}
	for i, l := range s.Lessons {
		if !lesson.MatchString(l) {
			r.of(fmt.Sprintf("lessons[%d]", i+1), "FL- and a number is wanted")
		}
	}
	r.batch(s)
	if b := s.Center; min(b.CutEvery, b.FailEvery, b.RepeatEvery, b.LoseReportsEvery, b.LoseAnswersEvery) < 0 {
		r.of("center", "numbers below zero")
	} else if b.CutEvery == 1 || b.FailEvery == 1 || b.RepeatEvery == 1 || b.LoseAnswersEvery == 1 || b.LoseReportsEvery == 1 {
		r.of("center", "every call would fail, and nothing would ever be done: 2 or more is wanted")
	}
	if s.Center.Delay < 0 || s.Center.Delay > mostDelay {
		r.of("center.delay", "0s to %s is wanted", mostDelay)
	}
	r.strikes(s)
	r.then(s.Then)
}

func (r *scenarioReader) batch(s *Scenario) {
	b, d := s.Batch, s.Devices
	if b.Cards < 0 || b.Cards+b.Impostors+len(b.Broken) < 1 || b.Cards > mostSceneCards {
		r.of("batch.cards", "1 to %d is wanted", mostSceneCards)
	}
	if b.Impostors < 0 || b.Impostors > mostSceneCards {
		r.of("batch.impostors", "0 to %d is wanted", mostSceneCards)
	}
	if _, ok := chips[b.Chip]; !ok {
		r.of("batch.chip", "%s is wanted", strings.Join(sortedKeys(chips), " or "))
	}
	for i, name := range b.Broken {
		if !slices.ContainsFunc(center.Broken, func(k center.Kind) bool { return k.Name == name }) {
			r.of(fmt.Sprintf("batch.broken[%d]", i+1), "%q is no kind of broken record", name)
		}
	}
	for i, n := range b.Denied {
		if n < 1 || n > hopperCapacity {
			r.of(fmt.Sprintf("batch.denied[%d]", i+1), "1 to %d is wanted", hopperCapacity)
		}
	}
	if d.Lines < 1 || d.Lines > mostSceneLines {
		r.of("devices.lines", "1 to %d is wanted", mostSceneLines)
	}
	if !slices.Contains(InlinePrinters, d.Printer) {
		r.of("devices.printer", "%s is wanted", strings.Join(InlinePrinters, ", "))
	}
}

// strikes holds faults and events against the print room.
func (r *scenarioReader) strikes(s *Scenario) {
	if s.Devices.Lines < 1 || s.Devices.Lines > mostSceneLines || !slices.Contains(InlinePrinters, s.Devices.Printer) {
		return // there is no room to hold them against
	}
	world := emulator.Config{Virtual: true, Desks: []string{deskName}}
	for _, id := range s.lines() {
		world.Lines = append(world.Lines, emulator.LineConfig{Name: string(id), Model: s.Devices.Printer})
	}
	w, err := emulator.New(world)
	if err != nil {
		r.of("devices", "%v", err)
		return
	}
	defer w.Close() //nolint:errcheck // nothing was done in it
	for i, f := range s.Faults {
		if err := w.Check(f); err != nil {
			r.of(fmt.Sprintf("faults[%d]", i+1), "%s", strings.TrimPrefix(err.Error(), "fault script: "))
		}
	}
	for i, e := range s.Events {
		field := fmt.Sprintf("events[%d]", i+1)
		if !slices.Contains(s.lines(), jobs.LineID(e.Line)) {
			r.of(field+".line", "line-1 to line-%d is wanted", s.Devices.Lines)
		}
		if e.Card < 1 {
			r.of(field+".card", "a number from 1 is wanted")
		}
		if !slices.Contains(intended(), e.Step) {
			r.of(field+".step", "%s is wanted", join(intended()))
		}
		if !slices.Contains(Deeds, e.Do) {
			r.of(field+".do", "%s is wanted", strings.Join(Deeds, ", "))
		}
	}
}

// intended are the steps that a line writes down before it does them.
func intended() []jobs.Step {
	return []jobs.Step{jobs.Feed, jobs.Claim, jobs.Write, jobs.Print, jobs.Accept, jobs.Activate, jobs.Eject}
}

func join[T ~string](words []T) string {
	var text []string
	for _, w := range words {
		text = append(text, string(w))
	}
	return strings.Join(text, ", ")
}

func (r *scenarioReader) then(t Then) {
	if r.at["then"] == nil {
		r.say(nil, "then", "what must be true at the end is wanted")
	}
	if min(t.Made, t.InDoubt, t.Withdrawn, t.Waiting) < 0 {
		r.of("then", "numbers below zero")
	}
	codes := map[string]bool{}
	for _, e := range station.Entries() {
		codes[string(e.Code)] = true
	}
	refusals := map[string]bool{}
	for _, k := range center.Broken {
		refusals[k.Refusal] = true
	}
	count := func(field string, counts map[string]int, known map[string]bool) {
		for _, k := range sortedKeys(counts) {
			if !known[k] {
				r.of("then."+field+"."+k, "no such code")
			}
			if counts[k] < 1 {
				r.of("then."+field+"."+k, "a number from 1 is wanted; leave out what is nothing")
			}
		}
	}
	count("spoiled", t.Spoiled, codes)
	count("blocked", t.Blocked, codes)
	count("refused", t.Refused, refusals)
	for i, w := range t.Waits {
		if !codes[w] {
			r.of(fmt.Sprintf("then.waits[%d]", i+1), "no such code")
		}
	}
	for i, p := range t.Mended {
		if !slices.Contains(emulator.Problems(), machine.Problem(p)) {
			r.of(fmt.Sprintf("then.mended[%d]", i+1), "%s is wanted", join(emulator.Problems()))
		}
	}
	for _, k := range sortedKeys(t.Places) {
		if t.Places[k] < 0 {
			r.of("then.places."+k, "a number below zero")
		}
	}
}
