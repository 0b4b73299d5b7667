package artwork

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxTemplate bounds a template file in bytes; the embedded ones have about 6 kB.
const maxTemplate = 64 << 10

// maxBrackets bounds opening brackets and braces, and with them the depth of the parser; the
// embedded templates have about 60.
const maxBrackets = 2000

// checkYAML refuses what makes a file mean something else than it shows: a second document,
// anchors, aliases, merge keys, tags, and unquoted numbers with a leading zero (012 would
// become 10).
func checkYAML(b []byte) error {
	if len(b) > maxTemplate {
		return fmt.Errorf("the file has %d bytes, at most %d are allowed", len(b), maxTemplate)
	}
	if n := bytes.Count(b, []byte("[")) + bytes.Count(b, []byte("{")); n > maxBrackets {
		return fmt.Errorf("the file has %d brackets", n)
	}
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		return err
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return fmt.Errorf("the file holds %d documents, one is wanted", len(f.Docs))
	}
	v := &strictness{}
	ast.Walk(v, f.Docs[0].Body)
	return v.err
}

type strictness struct{ err error }

// Visit implements ast.Visitor.
func (s *strictness) Visit(n ast.Node) ast.Visitor {
	if s.err != nil {
		return nil
	}
	what := ""
	switch n := n.(type) {
	case *ast.AnchorNode:
		what = "an anchor"
	case *ast.AliasNode:
		what = "an alias"
	case *ast.MergeKeyNode:
		what = "a merge key"
	case *ast.TagNode:
		what = "a tag"
	case *ast.IntegerNode:
		if v := strings.TrimLeft(n.Token.Value, "+-"); len(v) > 1 && v[0] == '0' {
			what = "a number with a leading zero"
		}
	}
	if what != "" {
		at := n.GetToken().Position
		s.err = fmt.Errorf("line %d, column %d: %s is not allowed", at.Line, at.Column, what)
		return nil
	}
	return s
}
