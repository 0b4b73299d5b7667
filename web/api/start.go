package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// start is one start of a station, whose lines wait for its release.
type start struct {
	ID            string     `json:"id"`
	Station       string     `json:"station" doc:"Its serial"`
	At            time.Time  `json:"at"`
	Program       string     `json:"program" doc:"SHA-256, hex"`
	Configuration string     `json:"configuration" doc:"SHA-256, hex"`
	Keys          string     `json:"keys" doc:"SHA-256 of signer, authorities and ceremonies, hex"`
	Two           []string   `json:"two" nullable:"false" enum:"first_start,first_of_the_day,outside_a_shift,card_in_doubt,program_changed,configuration_changed,keys_changed" doc:"Why the release takes two persons; empty while it waits: one suffices"`
	Ended         string     `json:"ended,omitempty" enum:"stop,crash" doc:"crash: the next start found it running"`
	EndedAt       *time.Time `json:"endedAt,omitempty"`
	ReleasedBy    string     `json:"releasedBy,omitempty"`
	Second        string     `json:"second,omitempty" doc:"Who released with them, or confirmed it later"`
	ReleasedAt    *time.Time `json:"releasedAt,omitempty"`
	Shift         string     `json:"shift,omitempty" doc:"In which one person released it"`
	ConfirmedAt   *time.Time `json:"confirmedAt,omitempty"`
}

// startNamed names a start, with a key.
type startNamed struct {
	Keyed
	StartName
}

// StartName names a start.
type StartName struct {
	ID string `path:"start" minLength:"1" maxLength:"64"`
}

func startOf(s registry.Start) start {
	return start{
		s.ID, s.Station, s.At.UTC(), s.Program, s.Configuration, s.Keys, append([]string{}, s.Two...), s.Ended, moment(s.EndedAt),
		s.ReleasedBy, s.Second, moment(s.ReleasedAt), s.Shift, moment(s.ConfirmedAt),
	}
}

func starts(a *api) {
	get(a, access.SeeProduction, "/v1/starts", "listStarts", "Starts of stations and their release, newest first",
		func(ctx context.Context, in *struct {
			Station string `query:"station" maxLength:"64"`
			Waiting bool   `query:"waiting" doc:"Those alone whose lines wait, or that nobody confirmed"`
			Paging
		},
		) (*answer[list[start]], error) {
			return idPage(in.Paging, func(after string, limit int) ([]registry.Start, error) {
				return a.Registry.Starts(ctx, registry.StartFilter{Station: in.Station, Waiting: in.Waiting, After: after, Limit: limit})
			}, func(s registry.Start) string { return s.ID }, startOf)
		})
	get(a, access.SeeProduction, "/v1/starts/{start}", "getStart", "One start of a station", func(ctx context.Context, in *StartName) (*answer[start], error) {
		s, err := a.Registry.Started(ctx, in.ID)
		return thing(s, err, startOf)
	})
	change(a, registry.ReleaseStart{}, "/v1/starts/{start}/release", "releaseStart", "Let the lines go after a start, by two persons",
		func(_ context.Context, in *startNamed) (registry.Operation, error) {
			return registry.ReleaseStart{Start: in.ID}, nil
		})
	change(a, registry.ReleaseStartAlone{}, "/v1/starts/{start}/release-alone", "releaseStartAlone",
		"Let the lines go by one person, inside an open shift where nothing has changed; a second confirms it before the shift closes",
		func(_ context.Context, in *startNamed) (registry.Operation, error) {
			return registry.ReleaseStartAlone{Start: in.ID}, nil
		})
	change(a, registry.ConfirmStart{}, "/v1/starts/{start}/confirmation", "confirmStart", "Confirm, as the second person, a start that one person released",
		func(_ context.Context, in *startNamed) (registry.Operation, error) {
			return registry.ConfirmStart{Start: in.ID}, nil
		})
}
