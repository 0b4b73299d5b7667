package station

import (
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// leadingZero finds an unquoted number that would lose its zero: 012 becomes 10.
var leadingZero = regexp.MustCompile(`^[-+]?0[0-9_]+$`)

// maxBrackets is how many brackets may be open at once, and how many lists may begin with nothing between: the time
// and the memory of the parser grow with the square of their depth, and a list of lines with a map in each needs four.
const maxBrackets = 64

// PlainYAML refuses what makes a file that people write mean something else than it shows, or
// grow while it is read.
func PlainYAML(text []byte) error {
	if !utf8.Valid(text) {
		return errors.New("not UTF-8")
	}
	if deep(text) {
		return fmt.Errorf("more than %d brackets are open, or lists in lists begun", maxBrackets)
	}
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return errors.New(yaml.FormatError(err, false, false))
	}
	var v plainVisitor
	for _, d := range f.Docs {
		if d.Body != nil {
			ast.Walk(&v, d.Body)
		}
	}
	return v.err
}

func deep(text []byte) bool {
	open, begun, before := 0, 0, byte(0)
	for _, b := range text {
		switch b {
		case '-': // "- - - x" is a list in a list in a list, "-----" is a ruler
			if before != '-' {
				begun++
			}
			if begun > maxBrackets {
				return true
			}
		case ' ', '\t', '\n', '\r':
		default:
			begun = 0
		}
		before = b
		switch b {
		case '[', '{':
			if open++; open > maxBrackets {
				return true
			}
		case ']', '}':
			open = max(open-1, 0)
		}
	}
	return false
}

type plainVisitor struct{ err error }

func (v *plainVisitor) Visit(n ast.Node) ast.Visitor {
	if v.err != nil || n == nil {
		return nil
	}
	at := func(what string) {
		p := n.GetToken().Position
		v.err = fmt.Errorf("line %d, column %d: %s", p.Line, p.Column, what)
	}
	switch n.Type() {
	case ast.AnchorType, ast.AliasType, ast.MergeKeyType, ast.TagType:
		at("anchors, aliases, tags and merge keys are not allowed")
	case ast.IntegerType:
		if leadingZero.MatchString(n.GetToken().Value) {
			at("a code with a leading zero must be quoted")
		}
	}
	return v
}
