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
	r := httptest.NewRequest(http.MethodGet, "/?"+query, nil)
	for _, name := range pathWord.FindAllString(path, -1) {
		r.SetPathValue(strings.Trim(name, "{}"), value)
	}
	return (&view{r: r, Page: page{Path: path}}).turned(word, last)
}
