package api

import (
	"cmp"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"blanko/web"
)

// Media types of answers.
const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
	typePDF  = "application/pdf"
)

// offering answers in the best of the types that the sender accepts (RFC 9110, 12.5.1); among equals in
// the first one offered. Where none is accepted the request is refused and nothing is done.
func (a *api) offering(types ...string) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		best := preferred(headerOf(c, "Accept"), types)
		if best == "" {
			_, w := humago.Unwrap(c)
			a.Problems.Write(w, web.NotOffered.At("api.offering", nil).With("Accept", "offered: %s", strings.Join(types, ", ")))
			return
		}
		next(chosen{c, best})
	}
}

// headerOf is a header of the request that may stand there several times.
func headerOf(c huma.Context, name string) string {
	var all []string
	c.EachHeader(func(n, value string) {
		if strings.EqualFold(n, name) {
			all = append(all, value)
		}
	})
	return strings.Join(all, ",")
}

// chosen is a request whose answer has its type.
type chosen struct {
	request
	kind string
}

// request leaves the name of its method Context free.
type request huma.Context

// Unwrap gives what it wraps to the adapter.
func (c chosen) Unwrap() huma.Context { return c.request }

func (c chosen) Header(name string) string {
	if strings.EqualFold(name, "Accept") {
		return c.kind
	}
	return c.request.Header(name)
}

// preferred is the type of those offered that an Accept header wants most; empty: none of them.
func preferred(header string, offered []string) string {
	if strings.TrimSpace(header) == "" {
		return offered[0]
	}
	type wish struct {
		kind  string
		close int // 2 a type, 1 a range of subtypes, 0 anything
		q     float64
	}
	var wishes []wish
	for part := range strings.SplitSeq(header, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q, err := strconv.ParseFloat(cmp.Or(params["q"], "1"), 64)
		if err != nil || q < 0 || q > 1 {
			continue
		}
		w := wish{kind, 2, q}
		if kind == "*/*" {
			w.close = 0
		} else if strings.HasSuffix(kind, "/*") {
			w.close = 1
		}
		wishes = append(wishes, w)
	}
	slices.SortStableFunc(wishes, func(x, y wish) int { return y.close - x.close })
	best, most := "", 0.0
	for _, o := range offered {
		for _, w := range wishes { // the closest one that fits decides
			family, _, _ := strings.Cut(o, "/")
			if w.kind != o && w.kind != family+"/*" && w.kind != "*/*" {
				continue
			}
			if w.q > most {
				best, most = o, w.q
			}
			break
		}
	}
	return best
}
