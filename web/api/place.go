package api

import (
	"context"

	"blanko/registry"
	"blanko/registry/access"
)

// place is where people are served, or where cards are sent.
type place struct {
	ID     string `json:"id"`
	Kind   string `json:"kind" enum:"dinas,kecamatan,kelurahan,directorate,other_dinas"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
	Region string `json:"region,omitempty" doc:"PP.KK, PP.KK.CC or PP.KK.CC.DDDD"`
	Active bool   `json:"active"`
}

func places(a *api) {
	get(a, access.TakePart, "/v1/places", "listPlaces", "Service places", func(ctx context.Context, _ *struct{}) (*answer[list[place]], error) {
		all, err := a.Registry.Places(ctx)
		if err != nil {
			return nil, err
		}
		out := &answer[list[place]]{list[place]{Items: []place{}}}
		for _, p := range all {
			out.Body.Items = append(out.Body.Items, place{p.ID, string(p.Kind), p.Name, p.Parent, p.Region, p.Active})
		}
		return out, nil
	})
	change(a, registry.SetPlace{}, "/v1/places/{place}", "setPlace", "Define or change a service place",
		func(_ context.Context, in *struct {
			Keyed
			Place string `path:"place" pattern:"^[a-z0-9][a-z0-9.-]{0,39}$" patternDescription:"lower case letters, digits, dots, dashes"`
			Body  struct {
				Kind   string `json:"kind" enum:"dinas,kecamatan,kelurahan,directorate,other_dinas"`
				Name   string `json:"name" minLength:"1" maxLength:"100"`
				Parent string `json:"parent,omitempty" maxLength:"40"`
				Region string `json:"region,omitempty" maxLength:"13"`
				Active bool   `json:"active"`
			}
		},
		) (registry.Operation, error) {
			b := in.Body
			return registry.SetPlace{ID: in.Place, Kind: registry.PlaceKind(b.Kind), PlaceName: b.Name, Parent: b.Parent, Region: b.Region, Active: b.Active}, nil
		})
}
