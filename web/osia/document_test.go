package osia_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"blanko/web/openapitest"
	service "blanko/web/osia"
)

const documentAt = service.Base + "/openapi.yaml"

var committed = sync.OnceValues(func() (*openapitest.Document, error) {
	return openapitest.Read("openapi.yaml", "GET "+documentAt)
})

// The served document is the committed one, and speaks of the operations of the specification and of no other.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	w := httptest.NewRecorder()
	r.http.ServeHTTP(w, httptest.NewRequest(http.MethodGet, documentAt, nil))
	want, err := os.ReadFile("openapi.yaml")
	must(t, err)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/yaml" || !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("%d %s, %d bytes", w.Code, w.Header().Get("Content-Type"), w.Body.Len())
	}
	d, err := committed()
	must(t, err)
	documented := map[string]*openapitest.Operation{}
	for _, op := range d.Operations {
		documented[op.OperationID] = op
	}
	for _, op := range every {
		_, id, _ := strings.Cut(op.clause, " ")
		of := documented[id]
		path := strings.NewReplacer("credentialRequests/nothing", "credentialRequests/{credentialRequestId}", "credentials/nothing", "credentials/{credentialId}").Replace(op.path)
		if of == nil || of.Pattern() != op.method+" "+service.Base+path || of.Description != "Scope: "+string(op.scope)+"." {
			t.Errorf("%s: %+v", op.clause, of)
		}
	}
	if len(documented) != len(every) {
		t.Errorf("%d operations in the document, %d in the specification", len(documented), len(every))
	}
}
