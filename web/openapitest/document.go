// Package openapitest holds the answers of a server against the OpenAPI document that it gives out.
//
// What lives here: the document as a judge of answers, and random requests that are made from it. What may not: a
// rule of a server, an address. Tests of web/api, web/osia and web/public call it. Start reading at Judged.
package openapitest

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/goccy/go-yaml"
)

// Document is an OpenAPI document, made ready to judge answers. Safe for concurrent use.
type Document struct {
	// Operations of the document, by path and method.
	Operations []*Operation

	huma.Registry // only references are followed
	schemas       map[string]*huma.Schema
	raw           map[string]map[string]any // the same as they stand
	addresses     *http.ServeMux            // by method and path, as the served one
	byPattern     map[string]*Operation
	beside        *http.ServeMux // served, and known not to be in the document
	elsewhere     *response      // what a refusal at any other address is

	mu           sync.Mutex
	answeredWell map[string]bool // by pattern
}

// Operation is one of the document.
type Operation struct {
	Method, Path string
	OperationID  string
	Description  string
	Parameters   []Parameter
	RequestBody  struct{ Content map[string]*content }
	Responses    map[string]*response
}

// Parameter of an operation.
type Parameter struct {
	Name, In string
	Required bool
	Schema   map[string]any
	Ref      string `json:"$ref"` // until it is read
}

// response is one that the document names.
type response struct {
	Content map[string]*content
	Ref     string `json:"$ref"` // until it is read
}

// content is what an answer or a request of one type is.
type content struct {
	Schema map[string]any
	schema *huma.Schema // the same
}

// Pattern is the operation as http.ServeMux has it.
func (o *Operation) Pattern() string {
	if strings.HasSuffix(o.Path, "/") { // and nothing below
		return o.Method + " " + o.Path + "{$}"
	}
	return o.Method + " " + o.Path
}

const (
	schemasAt    = "#/components/schemas/"
	parametersAt = "#/components/parameters/"
	responsesAt  = "#/components/responses/"
	anyOther     = "default" // the response of every status without one of its own
)

// SchemaFromRef follows a reference of the document.
func (d *Document) SchemaFromRef(ref string) *huma.Schema {
	return d.schemas[strings.TrimPrefix(ref, schemasAt)]
}

// Read reads a committed document in YAML or JSON. Beside it stand the patterns that its server answers without it.
func Read(name string, beside ...string) (*Document, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	text, err = yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	var read struct {
		Components struct {
			Schemas    map[string]map[string]any
			Parameters map[string]Parameter
			Responses  map[string]*response
		}
		Paths map[string]map[string]*Operation
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	d := &Document{
		schemas: map[string]*huma.Schema{}, raw: read.Components.Schemas, addresses: http.NewServeMux(), byPattern: map[string]*Operation{},
		beside: http.NewServeMux(), answeredWell: map[string]bool{},
	}
	for name, s := range d.raw {
		d.schemas[name] = schemaOf(s)
	}
	for path, methods := range read.Paths {
		for method, op := range methods {
			op.Method, op.Path = strings.ToUpper(method), path
			for i, p := range op.Parameters {
				if p.Ref != "" {
					op.Parameters[i] = read.Components.Parameters[strings.TrimPrefix(p.Ref, parametersAt)]
				}
			}
			for status, answer := range op.Responses {
				if answer.Ref != "" {
					op.Responses[status] = read.Components.Responses[strings.TrimPrefix(answer.Ref, responsesAt)]
				}
			}
			d.addresses.Handle(op.Pattern(), http.NotFoundHandler())
			d.byPattern[op.Pattern()] = op
			d.Operations = append(d.Operations, op)
			for _, answer := range op.Responses {
				for _, c := range answer.Content {
					c.schema = schemaOf(c.Schema)
				}
			}
			for _, status := range []string{"404", anyOther} {
				if named := op.Responses[status]; named != nil {
					d.elsewhere = named
				}
			}
		}
	}
	slices.SortFunc(d.Operations, func(x, y *Operation) int { return strings.Compare(x.Path+x.Method, y.Path+y.Method) })
	for _, pattern := range beside {
		d.beside.Handle(pattern, http.NotFoundHandler())
	}
	return d, nil
}

// schemaOf is a schema of the document. Where it names properties, no other may be in an answer: the document allows
// more for the sake of later versions, but what goes out today stands in it.
func schemaOf(m map[string]any) *huma.Schema {
	if m == nil {
		return nil
	}
	m = maps.Clone(m)
	s := &huma.Schema{}
	if list, ok := m["type"].([]any); ok {
		m["type"], s.Nullable = list[0], true
	}
	more, properties, items := m["additionalProperties"], m["properties"], m["items"]
	delete(m, "additionalProperties")
	delete(m, "properties")
	delete(m, "items")
	text, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(text, s); err != nil {
		panic(err)
	}
	s.Ref, _ = m["$ref"].(string)
	if inner, ok := items.(map[string]any); ok {
		s.Items = schemaOf(inner)
	}
	if inner, ok := properties.(map[string]any); ok {
		s.Properties, s.AdditionalProperties = map[string]*huma.Schema{}, false
		for name, p := range inner {
			s.Properties[name] = schemaOf(p.(map[string]any))
		}
	}
	if inner, ok := more.(map[string]any); ok {
		s.AdditionalProperties = schemaOf(inner)
	}
	s.PrecomputeMessages()
	return s
}
