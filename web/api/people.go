package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// person works at the station, or is a system that acts there.
type person struct {
	ID     string    `json:"id" doc:"Stands in events and papers; no personal data"`
	Name   string    `json:"name"`
	Roles  []string  `json:"roles" nullable:"false"`
	Place  string    `json:"place,omitempty" doc:"Service place; absent: the Dinas"`
	Active bool      `json:"active" doc:"Whether the person still works here"`
	Since  time.Time `json:"since" doc:"Of the last change"`
}

// token lets a program act for a person.
type token struct {
	ID        string     `json:"id"`
	Person    string     `json:"person"`
	Kind      string     `json:"kind" enum:"token,certificate"`
	Label     string     `json:"label,omitempty"`
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt time.Time  `json:"expiresAt"`
	RevokedAt *time.Time `json:"revokedAt,omitempty"`
	Scopes    []string   `json:"scopes" nullable:"false" doc:"Over OSIA, of a system"`
}

type personWish struct {
	Keyed
	ID   string `path:"person" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes" doc:"Id of the person"`
	Body struct {
		Name   string   `json:"name" minLength:"1" maxLength:"200"`
		Roles  []string `json:"roles" nullable:"false" maxItems:"20" doc:"Of the list of roles"`
		Place  string   `json:"place,omitempty" maxLength:"64"`
		Active bool     `json:"active"`
	}
}

type tokenWish struct {
	Keyed
	Person string `path:"person" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
	Body   struct {
		ID        string    `json:"id" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
		Kind      string    `json:"kind" enum:"token,certificate"`
		Hash      string    `json:"hash" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"SHA-256 of the token's text, or of the certificate (DER); the text itself is never sent"`
		Label     string    `json:"label,omitempty" maxLength:"100"`
		ExpiresAt time.Time `json:"expiresAt"`
		Scopes    []string  `json:"scopes,omitempty" nullable:"false" maxItems:"5" doc:"Over OSIA, for a system"`
	}
}

type inviteWish struct {
	Keyed
	Person string `path:"person" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
	Body   struct {
		Hash      string    `json:"hash" pattern:"^[0-9a-f]{64}$" patternDescription:"64 hex digits" doc:"SHA-256 of the invitation's text; the text itself is never sent"`
		ExpiresAt time.Time `json:"expiresAt"`
	}
}

type personName struct {
	Keyed
	Person string `path:"person" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
}

type tokenName struct {
	Keyed
	Token string `path:"token" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
}

// me is who a request comes from.
type me struct {
	ID    string   `json:"id"`
	Roles []string `json:"roles" nullable:"false"`
	Place string   `json:"place,omitempty"`
}

func people(a *api) {
	get(a, access.ManagePeople, "/v1/people", "listPeople", "Who works here", func(ctx context.Context, in *Paging) (*answer[list[person]], error) {
		return idPage(*in, func(after string, limit int) ([]access.Person, error) { return a.Registry.Persons(ctx, after, limit) },
			func(p access.Person) string { return p.ID }, personOf)
	})
	get(a, access.ManagePeople, "/v1/people/{person}", "getPerson", "One of those who work here, or did",
		func(ctx context.Context, in *struct {
			ID string `path:"person" pattern:"^[a-z0-9._-]{1,64}$" patternDescription:"lower case letters, digits, dots, dashes"`
		},
		) (*answer[person], error) {
			p, err := a.Registry.Somebody(ctx, in.ID)
			return thing(p, err, personOf)
		})
	get(a, access.ManagePeople, "/v1/people/{person}/tokens", "listTokens", "The tokens of a person",
		func(ctx context.Context, in *struct {
			Person string `path:"person" maxLength:"64"`
		},
		) (*answer[list[token]], error) {
			all, err := a.Registry.Tokens(ctx, in.Person)
			if err != nil {
				return nil, err
			}
			out := &answer[list[token]]{list[token]{Items: []token{}}}
			for _, t := range all {
				out.Body.Items = append(out.Body.Items, token{
					ID: t.ID, Person: t.Person, Kind: string(t.Kind), Label: t.Label, CreatedAt: t.CreatedAt.UTC(), ExpiresAt: t.ExpiresAt.UTC(), RevokedAt: moment(t.RevokedAt), Scopes: words(t.Scopes),
				})
			}
			return out, nil
		})
	get(a, access.TakePart, "/v1/me", "getMe", "Who the request comes from", func(ctx context.Context, _ *struct{}) (*answer[me], error) {
		who := actor(ctx)
		return &answer[me]{me{ID: who.ID, Roles: words(who.Roles), Place: who.Place}}, nil
	})
	change(a, registry.SetPerson{}, "/v1/people/{person}", "setPerson", "Add a person, change roles and place, or end their work here",
		func(_ context.Context, in *personWish) (registry.Operation, error) {
			op := registry.SetPerson{ID: in.ID, FullName: in.Body.Name, Place: in.Body.Place, Active: in.Body.Active}
			for _, r := range in.Body.Roles {
				op.Roles = append(op.Roles, access.Role(r))
			}
			return op, nil
		})
	change(a, registry.IssueToken{}, "/v1/people/{person}/tokens", "issueToken", "Let a program act for a person",
		func(_ context.Context, in *tokenWish) (registry.Operation, error) {
			b := in.Body
			op := registry.IssueToken{ID: b.ID, Person: in.Person, Kind: access.TokenKind(b.Kind), Hash: b.Hash, Label: b.Label, ExpiresAt: b.ExpiresAt}
			for _, s := range b.Scopes {
				op.Scopes = append(op.Scopes, access.Scope(s))
			}
			return op, nil
		})
	change(a, registry.RevokeToken{}, "/v1/tokens/{token}/revocation", "revokeToken", "End a token at once",
		func(_ context.Context, in *tokenName) (registry.Operation, error) {
			return registry.RevokeToken{ID: in.Token}, nil
		})
	change(a, registry.Invite{}, "/v1/people/{person}/invitation", "invitePerson", "Let a person choose a password and a second factor at the console, once",
		func(_ context.Context, in *inviteWish) (registry.Operation, error) {
			return registry.Invite{Person: in.Person, Hash: in.Body.Hash, ExpiresAt: in.Body.ExpiresAt}, nil
		})
	change(a, registry.EndSessions{}, "/v1/people/{person}/sign-out", "signOutPerson", "Sign a person out at every console",
		func(_ context.Context, in *personName) (registry.Operation, error) {
			return registry.EndSessions{Person: in.Person}, nil
		})
}

func personOf(p access.Person) person {
	return person{ID: p.ID, Name: p.Name, Roles: words(p.Roles), Place: p.Place, Active: p.Active, Since: p.Since.UTC()}
}

// words are values of a text type as texts.
func words[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
