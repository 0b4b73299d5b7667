package main

import (
	"encoding/json"
	"io"
)

// result is what a long run of the virtual world found.
type result interface{ Print(io.Writer) error }

// printed writes it as text, or as JSON and nothing else.
func printed(out io.Writer, r result, asJSON bool) error {
	if !asJSON {
		return r.Print(out)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
