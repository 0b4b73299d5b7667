package store

import (
	"strconv"
	"strings"
	"sync"
)

// rewritten are queries with numbered arguments, each written once.
type rewritten struct{ known sync.Map }

func (r *rewritten) numbered(query string) string {
	if text, ok := r.known.Load(query); ok {
		return text.(string)
	}
	text := numbered(query)
	r.known.Store(query, text)
	return text
}

// numbered writes $1, $2 ... for every '?' outside of texts, names in quotes and comments.
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == '?':
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		case c == '\'' || c == '"':
			if end := strings.IndexByte(query[i+1:], c); end >= 0 {
				b.WriteString(query[i : i+1+end])
				i += 1 + end
			}
		case c == '-' && strings.HasPrefix(query[i:], "--"):
			if end := strings.IndexByte(query[i:], '\n'); end >= 0 {
				b.WriteString(query[i : i+end])
				i += end
			} else {
				b.WriteString(query[i:])
				return b.String()
			}
		}
		b.WriteByte(query[i])
	}
	return b.String()
}
