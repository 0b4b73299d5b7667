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

	"blanko/ktp"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// Config of the API.
type Config struct {
	Registry *registry.Registry
	Problems *web.Problems
	Version  string // of the program
	Now      func() time.Time
	// Face draws the front of the card of a record as PNG, as it should be on the plastic; nil: not shown.
	Face   func(context.Context, ktp.Record) ([]byte, error)
	Office paper.Office // head of the papers
	// StatusList is the signed list of what the register says of every card; nil: the station has no token.
	StatusList func(context.Context) ([]byte, error)
	// SignSAM has the token of the station sign the renewal of a SAM; nil: none is renewed here.
	SignSAM func(context.Context, SAMGrant) ([]byte, error)
	// SAMsReady reports an error where SignSAM could not sign now; nil: it is not asked.
	SAMsReady func(context.Context) error
	// CopyAge is how old the newest copy of the ledger is, false where there is none; nil: nobody makes any here.
	CopyAge func() (time.Duration, bool)
	// ListAge is how old the last revocation list of the signer's authority is, and how long it holds yet; false where
	// there is none; nil: no card is signed here.
	ListAge func() (age, left time.Duration, found bool)
	// Anchored: there is a center, which takes the daily anchors of the event log.
	Anchored bool
	// Certificates are those of the configuration; nil: there are none.
	Certificates func() []CertificateLeft
}

// CertificateLeft is how long the certificates of a place in the configuration hold yet, by the first that ends; 0
// after its end, and where they cannot be read.
type CertificateLeft struct {
	Name string // of the place, such as "network.certificate"
	Left time.Duration
}

// anyone is the permission of what everybody may see who can reach the server.
const anyone access.Permission = ""

// api answers requests from one registry.
type api struct {
	Config
	huma   huma.API
	mux    *http.ServeMux
	began  time.Time
	tags   map[string]bool // addresses that answer with an ETag
	things map[string]bool // those of them that are one thing with a name, and no list
}

// subjects are all that the API speaks of, one file each.
var subjects = []func(*api){lines, orders, attempts, events, summary, health, people, desks, deskMatches, sams, examinations, signedStatusList, proposals, batches, work, streams, applications, devices, cards, handovers, places, consignments, destructions, blankHistories, room, counter, captures, uniqueness, office, residents, listFiles, attachments, standards, complaints, privacy, reasonsAndNotes, rolls, shifts, inspections, stocks, denyList, reports, shortage, questions, reconciliations, starts, papers}

// Mount puts /v1, /healthz, /readyz and /metrics on a mux.
func Mount(mux *http.ServeMux, cfg Config) error {
	a := &api{Config: cfg, mux: mux, began: cfg.Now(), tags: map[string]bool{}, things: map[string]bool{}}
	a.huma = humago.New(mux, a.settings())
	for _, s := range subjects {
		s(a)
	}
	mux.HandleFunc("GET /healthz", a.healthz)
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.HandleFunc("GET /metrics", a.metrics)
	a.documentConditions()
	return a.document(mux, "/v1/openapi.json")
}

// description is what the document says of the whole API.
const description = `What a Blanko station does and tells: the whole service from the counter to the complaint desk. Field
names are English, values are the words of the station and the national status words. Personal data is masked unless
an operation says otherwise.

Every POST carries an Idempotency-Key: the same key with the same request answers again what it answered then. An
operation that takes two persons answers 202 with a proposal; the second person decides it.

What is read has an ETag, which changes whenever the answer does; given back as If-None-Match it spares an answer
that would be the same (304). An operation is about the thing that its address begins with; the ETag of that thing, as
it was read in JSON, given as If-Match, refuses a change of what changed meanwhile (412, registry.changed).

A list answers with next, which is given back as cursor for what follows; without next there is no more. A list
is also a table: asked for text/csv it answers in CSV, masked as in JSON. A type that an address does not offer is
refused (406). The event log never skips: ask again with after set to the last id that was seen. Errors are
problem details (RFC 9457) with a stable code, both languages, and what to do.`

// settings leave out what huma adds by default: the $schema member with its address, pages of
// documentation that load from elsewhere, content types other than JSON.
func (a *api) settings() huma.Config {
	c := huma.DefaultConfig("Blanko", "1")
	c.CreateHooks = nil
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.Info.Description = description
	c.AllowAdditionalPropertiesByDefault = true // an answer may grow
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{a.problemOf, asTable}
	c.Formats = map[string]huma.Format{typeJSON: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat, typeCSV: formatCSV, "csv": formatCSV}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		schemeToken:       {Type: "http", Scheme: "bearer", Description: "A token of the station, for a person or a system"},
		schemeCertificate: {Type: "mutualTLS", Description: "A client certificate that the station knows"},
	}
	return c
}

// problemOf turns huma's own errors, those of validation, into the house's problems. The value
// that was refused is not repeated.
func (a *api) problemOf(c huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	err := web.Unexpected.At("api.validate", nil)
	if m.Status < http.StatusInternalServerError {
		err = web.BadParameter.At("api.validate", nil)
	}
	c.SetHeader("Content-Type", web.ProblemType)
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

// get registers one address that is read, by those who have the permission.
func get[I, O any](a *api, who access.Permission, path, id, what string, do func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: what, Description: readers(who),
		Responses: map[string]*huma.Response{"default": a.anyProblem()},
	}
	a.secure(&op, who)
	types := []string{typeJSON}
	op.Middlewares = append(op.Middlewares, func(c huma.Context, next func(huma.Context)) { a.offering(types...)(c, next) }, tagged)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return out, nil
	})
	if a.offersTable(path, reflect.TypeFor[O]()) {
		types = append(types, typeCSV)
	}
	a.tags[path] = true
	a.things[path] = strings.HasSuffix(path, "}")
}

// may refuses who lacks a permission to read.
func may(ctx context.Context, p access.Permission) error {
	who := web.ActorOf(ctx)
	switch {
	case p == anyone || who.May(p):
		return nil
	case who.ID == "":
		return web.SignInNeeded.At("api.get", nil)
	default:
		return web.NotAllowed.At("api.get", nil).With("role", "needs a role for %s", p)
	}
}

// readers names the roles of a permission, for the document.
func readers(p access.Permission) string {
	if p == anyone {
		return "For everybody who can reach the station."
	}
	return "For: " + roles(p) + "."
}

func roles(p access.Permission) string {
	var names []string
	for _, r := range access.Matrix[p] {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// secure says in the document how one signs in, and lets nobody else in.
func (a *api) secure(op *huma.Operation, who access.Permission) {
	if who == anyone {
		return
	}
	op.Security = []map[string][]string{{schemeToken: {}}, {schemeCertificate: {}}}
	op.Middlewares = huma.Middlewares{a.admit(func(ctx context.Context, _ access.Actor) error { return may(ctx, who) })}
}

// Names of the ways to sign in.
const (
	schemeToken       = "token"
	schemeCertificate = "certificate"
)

func (a *api) anyProblem() *huma.Response {
	schema := huma.SchemaFromType(a.huma.OpenAPI().Components.Schemas, reflect.TypeFor[web.Problem]())
	a.huma.OpenAPI().Components.Schemas.Map()["Problem"] = schema
	return &huma.Response{
		Description: "Problem",
		Content:     map[string]*huma.MediaType{web.ProblemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}
}

// document serves the OpenAPI document at an address.
func (a *api) document(mux *http.ServeMux, at string) error {
	doc := a.huma.OpenAPI()
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // huma's own problems never go out
		delete(doc.Components.Schemas.Map(), unused)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return web.Unexpected.At("api.document", err)
	}
	mux.HandleFunc("GET "+at, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text) // who asked has gone
	})
	return nil
}

// answer is a body with status 200.
type answer[B any] struct{ Body B }
