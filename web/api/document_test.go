package api_test

import (
	"net/http"
	"sync"
	"testing"

	"blanko/web/openapitest"
)

// Documents that are committed. What is for machines that watch the station is in none of them, and neither is a
// document itself.
var (
	committed = sync.OnceValues(func() (*openapitest.Document, error) {
		return openapitest.Read("openapi.yaml", "GET /v1/openapi.json", "GET /healthz", "GET /readyz", "GET /metrics")
	})
	committedPublic = sync.OnceValues(func() (*openapitest.Document, error) {
		return openapitest.Read("openapi-public.yaml", "GET /public/v1/openapi.json")
	})
)

// judged is a handler of which every answer in a test is one that a document names.
func judged(t testing.TB, document func() (*openapitest.Document, error), h http.Handler) http.Handler {
	t.Helper()
	d, err := document()
	if err != nil {
		t.Fatal(err)
	}
	return d.Judged(t, h)
}
