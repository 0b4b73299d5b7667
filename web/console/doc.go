// Package console is the operators' console: pages in Indonesian and English, made on the server.
//
// What lives here: pages, their words (words) and assets, sign-in and sessions. What may not: a
// device, a rule of the service, SQL. Every page reads the registry, every change is an operation of
// registry.Do. station and trial call it. Start reading at pages.go, then render.go and action.go.
//
// # How a page is added
//
// A page is a row in pages.go (its path, who may see it, what it shows) and a stem of its own:
// stock.go gathers what the page shows, stock.templ shows it where the common parts of parts.templ (table,
// form, list) do not suffice. What it changes are rows of actions in the same file: a path, the page that
// offers it, and a function that makes the operation from the form. Who may is not said there: the table of
// operations knows, and a form is shown only to who may send it. An operation of two persons becomes a
// proposal by itself. Words stand in words/id.json and words/en.json under the page's name, what an
// operation did under "did." and its name. A part that must stay true while it is looked at is a row of
// parts in pages.go: the page shows it through the component live, and the event stream renews it at news of
// the kinds that the row names.
// Generated code is written by
//
//	go generate ./web/console
package console

//go:generate go tool templ generate -include-version=false
