package console

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// invitationOpen is how long an invitation made here may be taken up.
const invitationOpen = 3 * 24 * time.Hour

var peopleActions = []action{
	{Path: "/pengguna", Page: "people", Op: func(f *form) (registry.Operation, error) {
		op := registry.SetPerson{ID: strings.ToLower(f.needed("id")), FullName: f.needed("full_name"), Place: f.text("place"), Active: f.yes("active")}
		for _, r := range f.r.PostForm["role"] {
			op.Roles = append(op.Roles, access.Role(r))
		}
		return op, nil
	}},
	{Path: "/pengguna/{person}/undang", Page: "person", Op: func(f *form) (registry.Operation, error) {
		return registry.Invite{Person: f.r.PathValue("person"), Hash: f.needed("hash"), ExpiresAt: f.Now().Add(invitationOpen)}, nil
	}},
	{Path: "/pengguna/{person}/keluarkan", Page: "person", Op: func(f *form) (registry.Operation, error) {
		return registry.EndSessions{Person: f.r.PathValue("person")}, nil
	}},
	{Path: "/pengguna/{person}/token-baru", Page: "person", Op: func(f *form) (registry.Operation, error) {
		op := registry.IssueToken{ID: strings.ToLower(f.needed("token_id")), Person: f.r.PathValue("person"), Kind: access.APIToken, Hash: f.needed("hash"), Label: f.text("label"), ExpiresAt: f.Now().AddDate(0, 0, f.number("days"))}
		return op, nil
	}},
	{Path: "/pengguna/{person}/token", Page: "person", Op: func(f *form) (registry.Operation, error) {
		return registry.RevokeToken{ID: f.needed("token")}, nil
	}},
}

// people are those who work here, and the form of another one.
func (v *view) people() (templ.Component, error) {
	sheet, err := v.personSheet(access.Person{Active: true})
	return stack(v.LivePart("pengguna"), sheet), err
}

// peopleList are those who work here.
func (v *view) peopleList() (templ.Component, error) {
	v.keepPage()
	list, err := v.Registry.Persons(v.ctx(), v.after("sesudah"), listed+1)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("people.list"), Empty: v.T("people.none"), Heads: []string{v.T("account.id"), v.T("account.name"), v.T("account.roles"), v.T("account.place"), v.T("head.state")}}
	for _, p := range cut(v, &t, listed, list, "sesudah", func(p access.Person) string { return p.ID }) {
		state := v.T("people.left")
		if p.Active {
			state = v.T("people.active")
		}
		t.Rows = append(t.Rows, []cell{{Text: p.ID, Link: "/pengguna/" + escaped(p.ID)}, {Text: p.Name}, {Text: strings.Join(v.roleNames(p), ", ")}, {Text: v.placeName(p.Place)}, {Text: state}})
	}
	return table(v, t), nil
}

// personSheet is the form of a person, new or known.
func (v *view) personSheet(p access.Person) (templ.Component, error) {
	places, err := v.Registry.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	roles := input{Name: "role", Kind: "checks", Label: v.T("account.roles")}
	for _, r := range access.Roles {
		if has := slices.Contains(p.Roles, r.Role); has || r.Role != access.System { // that of machines is no person's
			roles.Options = append(roles.Options, option{string(r.Role), v.T("role." + string(r.Role))})
			if has {
				roles.Chosen = append(roles.Chosen, string(r.Role))
			}
		}
	}
	f := v.formOf("person", "/pengguna", registry.SetPerson{},
		input{Name: "id", Value: p.ID, Needed: true}, input{Name: "full_name", Value: p.Name, Needed: true},
		input{Name: "place", Kind: "select", Options: v.placeOptions("", places), Value: p.Place}, roles, input{Name: "active", Kind: "check", Checked: p.Active})
	f.Shows = true
	if p.ID == "" {
		f.Title, f.Submit = v.T("people.new"), v.T("people.propose")
	}
	return sheet(v, f), nil
}

// origin is where this browser has the station.
func (v *view) origin() string {
	if v.Secure {
		return "https://" + v.r.Host
	}
	return "http://" + v.r.Host
}

// person is one of them: roles, invitation, sessions, sign-ins, tokens. No part renews the secrets that it shows: they may
// be copied already.
func (v *view) person() (templ.Component, error) {
	id := v.r.PathValue("person")
	if _, err := v.Registry.Person(v.ctx(), id); err != nil {
		return nil, err
	}
	text, hash, err := access.NewToken(nil)
	if err != nil {
		return nil, web.Unexpected.At("console.person", err)
	}
	var letIn templ.Component
	if v.just(registry.Invite{}) {
		letIn = wasCopied(v, v.T("op.person.invite"))
	} else if id != v.Actor.ID {
		letIn = invite(v, escaped(id), v.origin()+"/undangan/"+text, hex.EncodeToString(hash[:]))
	}
	secret, of, err := access.NewToken(nil)
	if err != nil {
		return nil, web.Unexpected.At("console.person", err)
	}
	program := newToken(v, escaped(id), secret, hex.EncodeToString(of[:]))
	if v.just(registry.IssueToken{}) {
		program = wasCopied(v, v.T("op.token.issue"))
	}
	return stack(v.LivePart("satu-pengguna"), letIn, v.LivePart("masuk"), program), nil
}

// personKnown is the form of a person whom others may change meanwhile.
func (v *view) personKnown() (templ.Component, error) {
	p, err := v.Registry.Person(v.ctx(), v.r.PathValue("person"))
	if err != nil {
		return nil, err
	}
	return v.personSheet(p)
}

// personSignIns are how a person comes in: sessions, sign-ins, tokens.
func (v *view) personSignIns() (templ.Component, error) {
	id := v.r.PathValue("person")
	open, err := v.Registry.SessionsOf(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	tries, err := v.Registry.SignInsOf(v.ctx(), id, signInsShown)
	if err != nil {
		return nil, err
	}
	tokens, err := v.Registry.Tokens(v.ctx(), id)
	if err != nil {
		return nil, err
	}
	t := tableView{Title: v.T("people.tokens"), Empty: v.T("people.no_tokens"), Heads: []string{v.T("people.token"), v.T("people.label"), v.T("account.until"), v.T("head.do")}}
	for _, k := range tokens {
		var do templ.Component
		if k.Valid(v.Now()) {
			do = button(v, "revoke-"+k.ID, "/pengguna/"+escaped(id)+"/token", v.T("op.token.revoke"), "danger", map[string]string{"token": k.ID})
		}
		t.Rows = append(t.Rows, []cell{{Text: k.ID, Class: "mono"}, {Text: orDash(k.Label)}, {Text: v.Time(k.ExpiresAt)}, {Part: do}})
	}
	return stack(table(v, v.openSessions(open)), v.sheetOf("sign-out", "/pengguna/"+escaped(id)+"/keluarkan", registry.EndSessions{}), table(v, v.signIns(tries)), table(v, t)), nil
}
