package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"blanko/paper"
	"blanko/registry/access"
)

// table is a list for a spreadsheet.
type table struct {
	Names   []string
	Records [][]any
}

// tableOf registers an address that answers with a whole list as CSV.
func tableOf[I any](a *api, who access.Permission, path, id, what string, do func(context.Context, *I) (table, error)) {
	file(a, who, path, id, what, mimeCSV, func(ctx context.Context, in *I) ([]byte, error) {
		t, err := do(ctx, in)
		return paper.CSV(t.Names, t.Records), err
	})
}

const mimeCSV = "text/csv; charset=utf-8"

// file registers an address that answers with a file of one type.
func file[I any](a *api, who access.Permission, path, id, what, mime string, do func(context.Context, *I) ([]byte, error)) {
	op := huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: what, Description: readers(who),
		Responses: map[string]*huma.Response{
			"200":     {Description: "The file, to be saved", Content: map[string]*huma.MediaType{mime: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
			"default": a.anyProblem(),
		},
	}
	a.secure(&op, who)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		data, err := do(ctx, in)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", mime)
			c.SetHeader("Content-Disposition", "attachment")
			_, _ = c.BodyWriter().Write(data) // who asked has gone
		}}, nil
	})
}

// pageRows is how many rows of a list are read at once for a file.
const pageRows = 500

// every reads all pages of a list; last makes the parameters of the next page from the last item.
func every[T any](read func(limit int) ([]T, error), last func(T)) (all []T, err error) {
	for {
		list, err := read(pageRows)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if len(list) < pageRows {
			return all, nil
		}
		last(list[len(list)-1])
	}
}
