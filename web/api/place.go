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

// PlaceName names a service place.
type PlaceName struct {
	Place string `path:"place" pattern:"^[a-z0-9][a-z0-9.-]{0,39}$" patternDescription:"lower case letters, digits, dots, dashes"`
}

func placeOf(p registry.Place) place {
	return place{p.ID, string(p.Kind), p.Name, p.Parent, p.Region, p.Active}
}

func places(a *api) {
	get(a, access.TakePart, "/v1/places", "listPlaces", "Service places", func(ctx context.Context, _ *struct{}) (*answer[list[place]], error) {
		all, err := a.Registry.Places(ctx)
		return whole(all, err, placeOf)
	})
	get(a, access.TakePart, "/v1/places/{place}", "getPlace", "One service place", func(ctx context.Context, in *PlaceName) (*answer[place], error) {
		p, err := a.Registry.Place(ctx, in.Place)
		return thing(p, err, placeOf)
	})
	change(a, registry.SetPlace{}, "/v1/places/{place}", "setPlace", "Define or change a service place",
		func(_ context.Context, in *struct {
			Keyed
			PlaceName
			Body struct {
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
