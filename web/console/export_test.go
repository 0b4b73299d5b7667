package console

import "blanko/registry/access"

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
