package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"blanko/registry/access"
	"blanko/web"
)

// signedStatusList gives desks what the register says of every card, for when they have no link.
func signedStatusList(a *api) {
	op := huma.Operation{
		OperationID: "getSignedStatusList", Method: "GET", Path: "/v1/status-list/signed",
		Summary: "The standing of every card by its chip, signed by the token of the station, for desks without a link; at most a minute old", Description: readers(access.SeeStatusList),
		Responses: map[string]*huma.Response{
			"200":     {Description: "A compact JWS (RFC 7515) of type ktp-status-list", Content: map[string]*huma.MediaType{"application/jose": {Schema: &huma.Schema{Type: huma.TypeString}}}},
			"default": a.anyProblem(),
		},
	}
	a.secure(&op, access.SeeStatusList)
	huma.Register(a.huma, op, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		if a.StatusList == nil {
			return nil, a.Problems.Of(web.NoToken.At("api.getSignedStatusList", nil))
		}
		text, err := a.StatusList(ctx)
		if err != nil {
			return nil, a.Problems.Of(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", "application/jose")
			c.SetHeader("Cache-Control", "no-store")
			_, _ = c.BodyWriter().Write(text) // who asked has gone
		}}, nil
	})
}
