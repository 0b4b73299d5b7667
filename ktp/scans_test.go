package ktp

import (
	"slices"
	"testing"
)

// Vectors by ITU-T T.81, annex B.
func TestScans(t *testing.T) {
	t.Parallel()
	var (
		start   = []byte{0xFF, 0xD8}
		end     = []byte{0xFF, 0xD9}
		scan    = []byte{0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x7F}
		preview = append([]byte{0xFF, 0xE1, 0, 8}, 0xFF, 0xDA, 0xFF, 0xDA, 0xFF, 0xDA)
	)
	for name, c := range map[string]struct {
		parts [][]byte
		want  int
	}{
		"nothing":                   {nil, 0},
		"text":                      {[][]byte{[]byte("text")}, 0},
		"no start":                  {[][]byte{scan, end}, 0},
		"no scan":                   {[][]byte{start, end}, 0},
		"one":                       {[][]byte{start, scan, end}, 1},
		"three":                     {[][]byte{start, scan, scan, scan, end}, 3},
		"without an end":            {[][]byte{start, scan, scan}, 2},
		"a preview has its own":     {[][]byte{start, preview, scan, end}, 1},
		"behind the end":            {[][]byte{start, scan, end, scan, scan}, 1},
		"data that looks like one":  {[][]byte{start, scan, {0xFF, 0, 0xDA}, end}, 1},
		"filled":                    {[][]byte{start, {0xFF, 0xFF, 0xFF}, scan, end}, 1},
		"behind a restart":          {[][]byte{start, scan, {0xFF, 0xD0, 0x7F}, scan, {0xFF, 0xD7}, scan, end}, 3},
		"behind what is no segment": {[][]byte{start, {1, 2, 3}, scan, {4, 5}, scan, end}, 2},
		"of no length":              {[][]byte{start, {0xFF, 0xDA, 0, 0}, {0xFF, 0xDA, 0, 0}}, 2},
		"cut in its length":         {[][]byte{start, {0xFF, 0xDA, 0}}, 1},
		"beyond the file":           {[][]byte{start, {0xFF, 0xDA, 0xFF, 0xFF}, scan}, 1},
	} {
		if got := Scans(slices.Concat(c.parts...)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
