package console

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web/console/words"
)

// PageRow is a row of the table of pages, for the tests that walk it.
type PageRow struct {
	ID, Path string
	May      access.Permission
}

// PageRows is every page behind the sign-in.
func PageRows() (rows []PageRow) {
	for _, p := range pages {
		rows = append(rows, PageRow{p.ID, p.Path, p.May})
	}
	return rows
}

// Vendored are the files of others, by name, with the SHA-256 that they have to have.
var Vendored = vendored

// Policy is the Content-Security-Policy of every page.
var Policy = policyWith(usualDesk)

// ConfirmationOf is what a resident is shown of what is to be confirmed.
func ConfirmationOf(c registry.ToConfirm) (string, error) {
	var b strings.Builder
	err := captureConfirm(&view{console: &console{}, Lang: words.Indonesian}, "req-1", c).Render(context.Background(), &b)
	return b.String(), err
}

// Turned is where a page leads whose address says so, with a value for every word of its path.
func Turned(path, query, value, word, last string) string {
	v := &view{r: httptest.NewRequest(http.MethodGet, "/?"+query, nil), Page: page{Path: path}}
	for _, word := range pathWord.FindAllString(path, -1) {
		v.r.SetPathValue(strings.Trim(word, "{}"), value)
	}
	return v.turned(word, last)
}

// PartRow is a row of the table of parts.
type PartRow struct {
	ID, Page string
	Of       []string
}

// PartRows is every part that is renewed by itself.
func PartRows() (rows []PartRow) {
	for _, p := range parts {
		rows = append(rows, PartRow{p.ID, p.Page, p.Of})
	}
	return rows
}

// NewsBesideEvents are the kinds of news that are no events.
var NewsBesideEvents = []string{newsOfThis, newsOfLines, newsOfDevices}

// ActionPaths are the addresses of every form that changes something.
func ActionPaths() (list []string) {
	for _, a := range actions() {
		list = append(list, a.Path)
	}
	return list
}
