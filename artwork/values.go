package artwork

import (
	"fmt"
	"image"
	"strings"
	"time"

	"blanko/ktp"
)

// Input is what one card shows beside the template.
type Input struct {
	Person     ktp.Person
	Portrait   image.Image // decoded, any size; alpha lies on white
	Signature  image.Image // dark strokes on white or on nothing; nil: the holder cannot sign
	IssuePlace string      // place below the photo; set in capitals
	IssueDate  time.Time
	Specimen   bool // marks the card across its face: no identity card
}

// placeholders names every value a template may print. The language is "id" or "en".
var placeholders = map[string]func(in Input, language string) string{
	"province":    func(in Input, _ string) string { return in.Person.Province },
	"regency":     func(in Input, _ string) string { return in.Person.Regency },
	"nik":         func(in Input, _ string) string { return in.Person.NIK.Digits() },
	"name":        func(in Input, _ string) string { return first(in.Person.Names) },
	"birth_place": func(in Input, _ string) string { return in.Person.BirthPlace },
	"birth_date":  func(in Input, _ string) string { return date(in.Person.BirthDate) },
	"sex":         func(in Input, l string) string { return word(ktp.Sexes, byte(in.Person.Sex), l) },
	"blood":       func(in Input, l string) string { return word(ktp.BloodTypes, byte(in.Person.Blood), l) },
	"street":      func(in Input, _ string) string { return in.Person.Street },
	"rt":          func(in Input, _ string) string { return in.Person.RT },
	"rw":          func(in Input, _ string) string { return in.Person.RW },
	"village":     func(in Input, _ string) string { return in.Person.Village },
	"district":    func(in Input, _ string) string { return in.Person.District },
	"religion":    func(in Input, l string) string { return word(ktp.Religions, byte(in.Person.Religion), l) },
	"marital":     func(in Input, l string) string { return word(ktp.MaritalStatuses, byte(in.Person.Marital), l) },
	"occupation":  func(in Input, _ string) string { return in.Person.Occupation },
	"citizenship": func(in Input, _ string) string { return in.Person.Citizenship },
	"validity":    func(in Input, _ string) string { return in.Person.Validity },
	"issue_place": func(in Input, _ string) string { return ktp.Capitals(in.IssuePlace) },
	"issue_date":  func(in Input, _ string) string { return date(in.IssueDate) },
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(ktp.DateLayout)
}

func word(list []ktp.Word, code byte, language string) string {
	w, _ := ktp.Words(list, code)
	if language == "en" {
		return w.EN
	}
	return w.ID
}

// part of a text of a template: a literal, or the name of a placeholder.
type part struct {
	literal string
	name    string
}

// parts takes a text such as "{birth_place}, {birth_date}" apart.
func parts(text string) ([]part, error) {
	var out []part
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("%q: a closing brace without an opening one", text)
		}
		if before != "" {
			out = append(out, part{literal: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, fmt.Errorf("%q: an opening brace without a closing one", text)
		}
		if placeholders[name] == nil {
			return nil, fmt.Errorf("{%s} is no value of a card", name)
		}
		out = append(out, part{name: name})
		text = after
	}
	return out, nil
}

// fill puts the values of in into a text. A text whose values are all empty is empty itself
// and becomes the word for empty; so does one empty value among others. Without such a word
// an empty value is an error, as is one that breaks the rule for card values.
func fill(text, field, empty string, in Input, language string) (string, error) {
	const op = "artwork.fill"
	list, err := parts(text)
	if err != nil {
		return "", templateInvalid.At(op, err)
	}
	var b strings.Builder
	values, missing := 0, 0
	for _, p := range list {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		v := placeholders[p.name](in, language)
		if err := ktp.CheckText(v); err != nil {
			return "", valueInvalid.At(op, nil).With(field, "%s: %v", p.name, err)
		}
		values++
		if v == "" {
			if empty == "" {
				return "", valueInvalid.At(op, nil).With(field, "%s is empty", p.name)
			}
			missing++
			v = empty
		}
		b.WriteString(v)
	}
	if values > 0 && values == missing {
		return empty, nil
	}
	return b.String(), nil
}
