// Package bench is the QA bench: pages that show a virtual world, break it, and replay scenarios in it.
//
// What lives here: the pages, their words, and the port World that they look through. What may not: the
// virtual world itself, the product. trial implements World; only cmd/blanko-lab mounts the pages, so that
// the product has none of them. Start reading at bench.go.
package bench
