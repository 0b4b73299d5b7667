package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"blanko/registry"
	"blanko/web"
)

// Conditional requests (RFC 9110, 13). The ETag of an address is a hash of what it answers with: it changes when
// anything of that changes, and two types of one address have two. An operation is about the things that its own
// address begins with; its If-Match is held against what they would answer in the transaction of the change.

const (
	headerTag         = "ETag"
	headerIfMatch     = "If-Match"
	headerIfNoneMatch = "If-None-Match"
)

// tagBytes of the hash tell two answers of one address apart.
const tagBytes = 16

func tagOf(answer []byte) string {
	sum := sha256.Sum256(answer)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:tagBytes]) + `"`
}

// names reports whether a condition names a tag. A tag of an answer has no comma.
func names(condition, tag string) bool {
	for t := range strings.SplitSeq(condition, ",") {
		if t = strings.TrimSpace(t); t == tag || t == "*" {
			return true
		}
	}
	return false
}

// tagged gives an answer its ETag, and leaves it out where the asker has it already.
func tagged(c huma.Context, next func(huma.Context)) {
	k := &withheld{request: c}
	next(k)
	if k.status == http.StatusOK {
		tag := tagOf(k.body.Bytes())
		c.SetHeader(headerTag, tag)
		if names(strings.ReplaceAll(headerOf(c, headerIfNoneMatch), "W/", ""), tag) {
			c.SetStatus(http.StatusNotModified)
			return
		}
	}
	c.SetStatus(k.status)
	_, _ = c.BodyWriter().Write(k.body.Bytes()) // who asked has gone
}

// withheld is a request whose answer is held back until it is whole.
type withheld struct {
	request
	status int
	body   bytes.Buffer
}

// Unwrap gives what it wraps to the adapter.
func (k *withheld) Unwrap() huma.Context { return k.request }

func (k *withheld) SetStatus(code int)    { k.status = code }
func (k *withheld) Status() int           { return k.status }
func (k *withheld) BodyWriter() io.Writer { return &k.body }

// conditionally has an operation refused when the things that it is about are not as its If-Match says.
func (a *api) conditionally(c huma.Context, next func(huma.Context)) {
	condition := headerOf(c, headerIfMatch)
	if condition == "" {
		next(c)
		return
	}
	address := c.URL()
	path := strings.Split(address.EscapedPath(), "/")
	things := a.thingsOf(c.Operation().Path)
	next(huma.WithContext(c, registry.OnlyIf(c.Context(), func(ctx context.Context) (bool, error) {
		for _, parts := range things {
			tag, err := a.tagNow(ctx, strings.Join(path[:parts], "/"))
			if err != nil || tag != "" && names(condition, tag) {
				return err == nil, err
			}
		}
		return false, nil
	})))
}

// thingsOf are the things that an address begins with, or is: how many parts of it name each.
func (a *api) thingsOf(path string) (parts []int) {
	names := strings.Split(path, "/")
	for n := range names {
		if a.things[strings.Join(names[:n+1], "/")] {
			parts = append(parts, n+1)
		}
	}
	return parts
}

// tagNow is the ETag that the actor would read at an address now; empty where there is nothing to read.
func (a *api) tagNow(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://station"+path, nil)
	if err != nil {
		return "", web.Unexpected.At("api.tagNow", err)
	}
	w := looked{status: http.StatusOK, header: http.Header{}}
	a.mux.ServeHTTP(&w, req)
	if w.status >= http.StatusInternalServerError {
		return "", web.Unexpected.At("api.tagNow", nil)
	}
	return w.header.Get(headerTag), nil
}

// looked is an answer of which only the head is wanted.
type looked struct {
	status int
	header http.Header
}

func (l *looked) Header() http.Header         { return l.header }
func (l *looked) WriteHeader(status int)      { l.status = status }
func (l *looked) Write(b []byte) (int, error) { return len(b), nil }

// documentConditions says in the document which addresses answer with an ETag, and which take one.
func (a *api) documentConditions() {
	text := &huma.Schema{Type: huma.TypeString}
	for path, item := range a.huma.OpenAPI().Paths {
		if op := item.Get; op != nil && a.tags[path] {
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: headerIfNoneMatch, In: "header", Schema: text, Description: "ETag of an answer that the asker has; where it would be the same, 304",
			})
			op.Responses["200"].Headers = map[string]*huma.Param{headerTag: {Schema: text, Description: "Hash of this answer"}}
			op.Responses["304"] = &huma.Response{Description: "As the asker has it"}
		}
		if op := item.Post; op != nil && len(a.thingsOf(path)) > 0 {
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: headerIfMatch, In: "header", Schema: text,
				Description: "ETag of what this address begins with, as it was read in JSON: where that changed meanwhile nothing is done; absent: however it is now",
			})
			op.Responses["412"] = &huma.Response{Description: "It changed meanwhile; nothing was done", Content: op.Responses["default"].Content}
		}
	}
}
