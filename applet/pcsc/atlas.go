package pcsc

import (
	"slices"
	"strings"
)

// atlas knows which reader each line means: by what readers say of themselves, and by what persons
// have shown where that is not enough. What was shown holds as long as the reader was seen plugged
// in without a gap; nothing of it is ever stored.
type atlas struct {
	bindings []Binding
	shown    map[string]Reader // by line
	// asked are the lines that have met readers which they cannot tell apart. The one that is left
	// when the other goes may be the wrong one.
	asked map[string]bool
}

func newAtlas(bindings []Binding) *atlas {
	return &atlas{bindings: slices.Clone(bindings), shown: map[string]Reader{}, asked: map[string]bool{}}
}

func (a *atlas) binding(line string) (Binding, error) {
	i := slices.IndexFunc(a.bindings, func(b Binding) bool { return b.Line == line })
	if i < 0 {
		return Binding{}, NoReader.At("pcsc.Watcher", nil).With("line", "%q has no reader bound to it", line)
	}
	return a.bindings[i], nil
}

// see takes note of the readers that are there now. A reader that was away, or whose count of cards
// went back, is another one for all that can be told.
func (a *atlas) see(readers []Reader) {
	for line, was := range a.shown {
		i := slices.IndexFunc(readers, func(r Reader) bool { return r.Name == was.Name })
		if i < 0 || readers[i].moves < was.moves {
			delete(a.shown, line)
			continue
		}
		a.shown[line] = readers[i]
	}
	for _, b := range a.bindings {
		if fit := a.candidates(b, readers); len(fit) > 1 || len(a.rivals(b, fit)) > 0 {
			a.asked[b.Line] = true
		}
	}
}

// lose forgets everything that was shown: the service has ended, and with it its names.
func (a *atlas) lose() { clear(a.shown) }

// show keeps what a person has shown.
func (a *atlas) show(line string, r Reader) { a.shown[line], a.asked[line] = r, true }

// candidates are the readers that a binding may mean. One that another line names by its serial
// number is no candidate of a line that knows no serial number.
func (a *atlas) candidates(b Binding, readers []Reader) []Reader {
	fit := b.among(readers)
	if b.Serial != "" {
		return fit
	}
	return slices.DeleteFunc(fit, func(r Reader) bool {
		return slices.ContainsFunc(a.bindings, func(o Binding) bool { return o.Line != b.Line && o.Serial != "" && o.fits(r) })
	})
}

// rivals are other lines that may mean one of the candidates too.
func (a *atlas) rivals(b Binding, candidates []Reader) []string {
	var lines []string
	for _, o := range a.bindings {
		if o.Line != b.Line && (o.Serial == "") == (b.Serial == "") && slices.ContainsFunc(candidates, o.fits) {
			lines = append(lines, o.Line)
		}
	}
	return lines
}

// find tells the reader of a binding among those that are there.
func (a *atlas) find(b Binding, readers []Reader) (Reader, error) {
	const op = "pcsc.find"
	fit := a.candidates(b, readers)
	if shown, ok := a.shown[b.Line]; ok {
		if i := slices.IndexFunc(fit, func(r Reader) bool { return r.Name == shown.Name && r.moves >= shown.moves }); i >= 0 {
			return fit[i], nil
		}
	}
	rivals := a.rivals(b, fit)
	switch {
	case len(fit) == 0:
		return Reader{}, NoReader.At(op, nil).With("reader", "%snone of %d readers fits%s", b.label(), len(readers), b.wanted())
	case len(fit) > 1:
		return Reader{}, ReaderAmbiguous.At(op, nil).With("reader", "%s%d readers fit%s: %s", b.label(), len(fit), b.wanted(), strings.Join(namesOf(fit), ", "))
	case len(rivals) > 0:
		return Reader{}, ReaderAmbiguous.At(op, nil).With("reader", "%s%s may also be the reader of %s", b.label(), fit[0].Name, strings.Join(rivals, ", "))
	case a.asked[b.Line]:
		return Reader{}, ReaderAmbiguous.At(op, nil).With("reader", "%s%s is left of several that could not be told apart", b.label(), fit[0].Name)
	}
	return fit[0], nil
}

// byShowing reports whether only a person's showing tells the line's reader.
func (a *atlas) byShowing(line string) bool { _, ok := a.shown[line]; return ok }

func (b Binding) label() string {
	if b.Line == "" {
		return ""
	}
	return b.Line + ": "
}

func (b Binding) wanted() string {
	var w strings.Builder
	if b.Name != "" {
		w.WriteString(" name " + b.Name)
	}
	if b.Serial != "" {
		w.WriteString(" serial " + b.Serial)
	}
	return w.String()
}

func namesOf(readers []Reader) []string {
	var names []string
	for _, r := range readers {
		names = append(names, r.Name)
	}
	return names
}
