// Package refused reads the table of refused starts and refused operations, docs/refusals.tsv.
//
// What lives here: the rows, and the comparison with what a test saw refused. What may not: words and codes; those
// are fault entries of the rooms. Tests of keys, station and docs call it, the product never does. Start reading at
// Compare.
package refused

import (
	"fmt"
	"maps"
	"os"
	"strings"
)

// Row of the table: what is refused, with which fault code, and the test that shows it ("file Test").
type Row struct{ What, Code, Test string }

// Read reads the table: a row a line, its fields apart by tabs; lines that begin with # are remarks.
func Read(file string) (rows []Row, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("%s:%d: %d fields", file, n+1, len(f))
		}
		rows = append(rows, Row{f[0], f[1], f[2]})
	}
	return rows, nil
}

// Compare says how what a test saw refused (codes by what) differs from its rows of the table; empty: in nothing.
func Compare(file, test string, seen map[string]string) (string, error) {
	rows, err := Read(file)
	if err != nil {
		return "", err
	}
	want := map[string]string{}
	for _, r := range rows {
		if r.Test == test {
			want[r.What] = r.Code
		}
	}
	if maps.Equal(want, seen) {
		return "", nil
	}
	var b strings.Builder
	for what, code := range want {
		if seen[what] != code {
			fmt.Fprintf(&b, "%s: the table has %s, seen was %q\n", what, code, seen[what])
		}
	}
	for what, code := range seen {
		if want[what] == "" {
			fmt.Fprintf(&b, "%s\t%s\t%s is not in the table\n", what, code, test)
		}
	}
	return b.String(), nil
}
