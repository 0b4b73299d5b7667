package pcsc

import (
	"slices"
	"strings"
)

// Binding says which reader a line means: by model, by serial number, by slot, never by order.
type Binding struct {
	// Line is who means it, such as "line-1"; it stands in messages.
	Line string
	// Name is the reader's model, "*" for any run of characters; empty: any model. The numbers that
	// the service puts at the end of a reader's name are the order of plugging and do not belong here.
	Name string
	// Serial is the USB serial number; empty: not known, and then no second reader of the model may
	// be there without a calibration.
	Serial string
	// Slot of a reader with several; nil: it has one.
	Slot *int
}

// Check refuses a binding that would mean any reader, or one by its order. The error is fault code
// pcsc.binding_wrong with the field: name, serial or slot.
func (b Binding) Check() error {
	const op = "pcsc.Binding.Check"
	switch {
	case b.Serial == "" && strings.Trim(b.Name, "* ") == "":
		return BindingWrong.At(op, nil).With("name", "the model or the serial number of the reader is wanted, never the first one")
	case readerName.MatchString(b.Name):
		return BindingWrong.At(op, nil).With("name", "the two numbers at the end of %q are the order of plugging; leave them out, and give serial or slot instead", b.Name)
	case strings.ContainsRune(b.Name, 0) || strings.ContainsRune(b.Serial, 0):
		return BindingWrong.At(op, nil).With("name", "a zero byte is in no name")
	case b.Slot != nil && (*b.Slot < 0 || *b.Slot > maxSlot):
		return BindingWrong.At(op, nil).With("slot", "%d is none of 0 to %d", *b.Slot, maxSlot)
	}
	return nil
}

const maxSlot = 255 // two hexadecimal digits

// Overlaps reports whether one reader may answer both bindings, so that serial numbers do not keep
// the two apart.
func (b Binding) Overlaps(o Binding) bool {
	return (b.Serial == "" || o.Serial == "" || b.Serial == o.Serial) &&
		(b.Slot == nil || o.Slot == nil || *b.Slot == *o.Slot) &&
		(b.Name == "" || o.Name == "" || like(b.Name, o.Name) || like(o.Name, b.Name))
}

// fits reports whether the reader is one that the binding may mean.
func (b Binding) fits(r Reader) bool {
	return (b.Name == "" || like(b.Name, r.Model)) && (b.Serial == "" || b.Serial == r.Serial) && (b.Slot == nil || *b.Slot == r.Slot)
}

func (b Binding) among(readers []Reader) []Reader {
	return slices.DeleteFunc(slices.Clone(readers), func(r Reader) bool { return !b.fits(r) })
}

// like compares a text with a pattern in which "*" is any run of characters.
func like(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return pattern == text
	}
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

// Find tells which reader of a list the binding means, for a program that has no other binding.
// None is fault code pcsc.no_reader; several that it cannot tell apart is pcsc.reader_ambiguous.
func (b Binding) Find(readers []Reader) (Reader, error) {
	return newAtlas([]Binding{b}).find(b, readers)
}

// FindEach tells for each of the bindings of a station which reader it means, or why none: as Find,
// and a reader that may be another line's is no answer.
func FindEach(bindings []Binding, readers []Reader) ([]Reader, []error) {
	a := newAtlas(bindings)
	found, errs := make([]Reader, len(bindings)), make([]error, len(bindings))
	for i, b := range bindings {
		found[i], errs[i] = a.find(b, readers)
	}
	return found, errs
}
