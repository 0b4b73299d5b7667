package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"blanko/registry"
	"blanko/web"
)

// Config of the API.
type Config struct {
	Registry *registry.Registry
	Problems *web.Problems
	Version  string // of the program
	Now      func() time.Time
}

// api answers requests from one registry.
type api struct {
	Config
	huma  huma.API
	began time.Time
}

// subjects are all that the API speaks of, one file each.
var subjects = []func(*api){lines, orders, attempts, events, summary, health}

// Mount puts /v1 and /healthz on a mux.
func Mount(mux *http.ServeMux, cfg Config) error {
	a := &api{Config: cfg, began: cfg.Now()}
	a.huma = humago.New(mux, a.settings())
	for _, s := range subjects {
		s(a)
	}
	mux.HandleFunc("GET /healthz", a.healthz)
	return a.document(mux)
}

// description is what the document says of the whole API.
const description = `What a Blanko station tells of its production. Field names are English, values are the words of the
station and the national status words. There is no personal data in any answer. Reading only: the station
listens on its own machine alone until sign-in exists.

A list answers with next, which is given back as cursor for what follows; without next there is no more. The
event log never skips: ask again with after set to the last id that was seen. Errors are problem details
(RFC 9457) with a stable code, both languages, and what to do.`

// settings leave out what huma adds by default: the $schema member with its address, pages of
// documentation that load from elsewhere, content types other than JSON.
func (a *api) settings() huma.Config {
	c := huma.DefaultConfig("Blanko", "1")
	c.CreateHooks = nil
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.Info.Description = description
	c.AllowAdditionalPropertiesByDefault = true // an answer may grow
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{a.problemOf}
	return c
}

// problemOf turns huma's own errors, those of validation, into the house's problems. The value
// that was refused is not repeated.
func (a *api) problemOf(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	err := web.Unexpected.At("api.validate", nil)
	if m.Status < http.StatusInternalServerError {
		err = web.BadParameter.At("api.validate", nil)
	}
	p := a.Problems.Of(err)
	p.Status = m.Status
	for _, d := range m.Errors {
		if _, field, ok := strings.Cut(d.Location, "."); ok {
			d.Location = field
		}
		p.Errors = append(p.Errors, web.Wrong{Field: d.Location, Reason: d.Message})
	}
	return p, nil
}

// get registers one address that is read.
func get[I, O any](a *api, path, id, what string, do func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: what,
		Responses: map[string]*huma.Response{"default": a.anyProblem()},
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return out, nil
	})
}

func (a *api) anyProblem() *huma.Response {
	schema := huma.SchemaFromType(a.huma.OpenAPI().Components.Schemas, reflect.TypeFor[web.Problem]())
	a.huma.OpenAPI().Components.Schemas.Map()["Problem"] = schema
	return &huma.Response{
		Description: "Problem",
		Content:     map[string]*huma.MediaType{web.ProblemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}
}

// document serves the OpenAPI document.
func (a *api) document(mux *http.ServeMux) error {
	doc := a.huma.OpenAPI()
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // huma's own problems never go out
		delete(doc.Components.Schemas.Map(), unused)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return web.Unexpected.At("api.document", err)
	}
	mux.HandleFunc("GET /v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text) // who asked has gone
	})
	return nil
}

// answer is a body with status 200.
type answer[B any] struct{ Body B }
