package printer

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// ReadModels reads the data files of a family's models in the folder models, by file name. Errors are
// those of parse.
func ReadModels[M any](files fs.FS, parse func([]byte) (*M, error)) ([]*M, error) {
	names, err := fs.Glob(files, "models/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []*M
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		m, err := parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		all = append(all, m)
	}
	return all, nil
}

// ModelNamed finds the model by the name that a printer tells: of the beginnings that each model has,
// the longest counts, and an empty one fits every name; nil where none fits. Case, blanks and the
// maker's name in front make no difference.
func ModelNamed[M any](models []*M, maker, told string, beginnings func(*M) []string) *M {
	told = Squeeze(maker, told)
	var best *M
	length := -1
	for _, m := range models {
		for _, b := range beginnings(m) {
			if s := Squeeze(maker, b); strings.HasPrefix(told, s) && len(s) > length {
				best, length = m, len(s)
			}
		}
	}
	return best
}

// Squeeze drops what names of a model differ in: case, blanks, dashes, and the maker's name in front (the
// USB product string is often "<maker> <model>").
func Squeeze(maker, name string) string {
	name = strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' || c == '_' {
			return -1
		}
		return c
	}, strings.ToLower(name))
	return strings.TrimPrefix(name, maker)
}
