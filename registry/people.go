package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// SetPerson adds a person or changes roles, place and whether the person still works here. By the
// security officer, agreed to by a second person; nobody changes themselves.
type SetPerson struct {
	ID       string
	FullName string // personal data
	Roles    []access.Role
	Place    string
	Active   bool
	Second   Actor
}

func (SetPerson) Name() Name        { return opSetPerson }
func (o SetPerson) second() Actor   { return o.Second }
func (o SetPerson) subject() string { return "person:" + o.ID }

func (o SetPerson) run(a *act) error {
	const op = "registry.SetPerson"
	if o.ID == a.actor.ID || o.ID == o.Second.ID {
		return samePerson.At(op, nil).With("id", "nobody changes their own roles")
	}
	return o.save(a)
}

func (o SetPerson) save(a *act) error {
	const op = "registry.SetPerson"
	switch {
	case !access.ValidID(o.ID):
		return badOperation.At(op, nil).With("id", "1 to 64 lower case letters, digits, dots, dashes")
	case strings.TrimSpace(o.FullName) == "":
		return badOperation.At(op, nil).With("fullName", "is needed")
	case len(o.Roles) == 0 && o.Active:
		return badOperation.At(op, nil).With("roles", "at least one")
	}
	roles := slices.Compact(slices.Sorted(slices.Values(o.Roles)))
	for _, r := range roles {
		if !access.Known(r) {
			return badOperation.At(op, nil).With("roles", "no such role")
		}
		if r == access.System && len(roles) > 1 {
			return badOperation.At(op, nil).With("roles", "a system is no person")
		}
	}
	var err error
	if o.Place, err = a.workplace(o.Place); err != nil && o.Active { // who left may be of a place that is no more
		return err
	}
	p := access.Person{ID: o.ID, Name: o.FullName, Roles: roles, Place: o.Place, Active: o.Active, Since: a.now()}
	if err := p.Save(a.tx); err != nil {
		return err
	}
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	state := "active"
	if !o.Active {
		state = "left"
	}
	return a.tell(audit.Event{Code: "person.set", Detail: map[string]string{"person": o.ID, "roles": strings.Join(names, ","), "place": o.Place, "state": state}})
}

// firstToken is how long the token of the first officer is valid; others are issued meanwhile.
const firstToken = 24 * time.Hour

// FirstOfficer makes the first person of a new station, a security officer, with a token of one
// day; refused as soon as there is anybody. The officer gets another one where no token of anybody who
// manages persons is valid any more.
func (r *Registry) FirstOfficer(ctx context.Context, id, name string, token [sha256.Size]byte) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: access.Actor{ID: "setup"}}
		anybody, err := access.Persons(tx, "", 1)
		if err != nil {
			return err
		}
		return a.first(first{op: "registry.FirstOfficer", id: id, name: name, role: access.SecurityOfficer, may: access.ManagePeople, hash: token, alone: len(anybody) == 0})
	})
}

// FirstSupervisor makes the first person who agrees to others, beside the first officer, with a token of
// one day; refused as soon as anybody who works here may agree. The supervisor gets another one where no
// token of anybody who agrees is valid any more.
func (r *Registry) FirstSupervisor(ctx context.Context, id, name string, token [sha256.Size]byte) error {
	const op = "registry.FirstSupervisor"
	return r.store.Write(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: access.Actor{ID: "setup"}}
		anybody, err := access.Persons(tx, "", 1)
		if err != nil {
			return err
		}
		if len(anybody) == 0 {
			return wrongState.At(op, nil).With("person", "the first officer comes before")
		}
		those, err := a.whoMay(access.SecondForPeople)
		if err != nil {
			return err
		}
		return a.first(first{op: op, id: id, name: name, role: access.Supervisor, may: access.SecondForPeople, hash: token, alone: len(those) == 0})
	})
}

// NobodyAgrees reports whether nobody who works here may agree to a change of persons: every proposal of one waits until
// FirstSupervisor was called.
func (r *Registry) NobodyAgrees(ctx context.Context) (nobody bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		those, err := (&act{r: r, tx: tx}).whoMay(access.SecondForPeople)
		nobody = len(those) == 0
		return err
	})
	return nobody, err
}

// first is a person by whom a station begins.
type first struct {
	op       string
	id, name string
	role     access.Role
	may      access.Permission // why the person is needed
	hash     [sha256.Size]byte
	alone    bool // nobody is there yet who might have it
}

// first makes the person, or lets one who is here in again where nobody else gets in who may the same.
func (a *act) first(f first) error {
	_, known, err := access.PersonByID(a.tx, f.id)
	if err != nil {
		return err
	}
	switch {
	case f.alone && known:
		return wrongState.At(f.op, nil).With("id", "this person is here already, for something else")
	case f.alone:
		if err := (SetPerson{ID: f.id, FullName: f.name, Roles: []access.Role{f.role}, Active: true}).save(a); err != nil {
			return err
		}
	default:
		those, err := a.whoMay(f.may)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(those, func(p access.Person) bool { return p.ID == f.id }) {
			return wrongState.At(f.op, nil).With("person", "there are persons already")
		}
		for _, p := range those {
			if _, signs, err := access.CredentialOf(a.tx, p.ID); err != nil || signs {
				if err == nil {
					err = wrongState.At(f.op, nil).With("person", "%s can sign in", p.ID)
				}
				return err
			}
			tokens, err := access.TokensOf(a.tx, p.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(tokens, func(t access.Token) bool { return t.Valid(a.now()) }) {
				return wrongState.At(f.op, nil).With("person", "a token of %s is valid", p.ID)
			}
		}
	}
	number, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	i := access.Invitation{Hash: f.hash, Person: f.id, CreatedAt: a.now(), ExpiresAt: a.now().Add(firstToken)}
	if err := i.Save(a.tx); err != nil {
		return err
	}
	a.row = RowOf(opIssueToken)
	return IssueToken{ID: "first-" + number, Person: f.id, Kind: access.APIToken, Hash: hex.EncodeToString(f.hash[:]), ExpiresAt: a.now().Add(firstToken)}.run(a)
}

// whoMay are those who work here and have a permission.
func (a *act) whoMay(p access.Permission) (those []access.Person, err error) {
	const page = 100
	for after := ""; ; {
		list, err := access.Persons(a.tx, after, page)
		if err != nil {
			return nil, err
		}
		for _, who := range list {
			if who.Active && who.Actor().May(p) {
				those = append(those, who)
			}
			after = who.ID
		}
		if len(list) < page {
			return those, nil
		}
	}
}

// IssueToken lets a program act for a person until a time. By the security officer, agreed to by a second
// person: who issues alone could act as anybody. The caller makes the token and passes its
// hash; the text is never here.
type IssueToken struct {
	ID        string
	Person    string
	Kind      access.TokenKind
	Hash      string // SHA-256, hex
	Label     string
	ExpiresAt time.Time
	Second    Actor
	Scopes    []access.Scope `json:",omitempty"` // over OSIA, for a system
}

// longestToken is how long a token may be valid.
const longestToken = 400 * 24 * time.Hour

func (IssueToken) Name() Name        { return opIssueToken }
func (o IssueToken) second() Actor   { return o.Second }
func (o IssueToken) subject() string { return "person:" + o.Person }

func (o IssueToken) run(a *act) error {
	const op = "registry.IssueToken"
	hash, err := hex.DecodeString(o.Hash)
	switch {
	case err != nil || len(hash) != sha256.Size:
		return badOperation.At(op, nil).With("hash", "SHA-256 in hex")
	case !access.ValidID(o.ID):
		return badOperation.At(op, nil).With("id", "1 to 64 lower case letters, digits, dots, dashes")
	case o.Kind != access.APIToken && o.Kind != access.ClientCertificate:
		return badOperation.At(op, nil).With("kind", "token or certificate")
	case !o.ExpiresAt.After(a.now()) || o.ExpiresAt.After(a.now().Add(longestToken)):
		return badOperation.At(op, nil).With("expiresAt", "in the future, at most 400 days ahead")
	}
	for _, s := range o.Scopes {
		if !slices.Contains(access.Scopes, s) {
			return badOperation.At(op, nil).With("scopes", "not a scope of OSIA")
		}
	}
	p, found, err := access.PersonByID(a.tx, o.Person)
	switch {
	case err != nil:
		return err
	case !found:
		return personUnknown.At(op, nil)
	case len(o.Scopes) > 0 && !slices.Contains(p.Roles, access.System):
		return badOperation.At(op, nil).With("scopes", "for a system alone")
	}
	if _, found, err := access.TokenByID(a.tx, o.ID); err != nil || found {
		if err == nil {
			err = wrongState.At(op, nil).With("id", "a token has this id")
		}
		return err
	}
	t := access.Token{ID: o.ID, Person: o.Person, Kind: o.Kind, Label: o.Label, CreatedAt: a.now(), ExpiresAt: o.ExpiresAt, Hash: [sha256.Size]byte(hash), Scopes: o.Scopes}
	if err := t.Save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"token": o.ID, "person": o.Person, "kind": string(o.Kind)}})
}

// RevokeToken ends a token at once.
type RevokeToken struct{ ID string }

func (RevokeToken) Name() Name { return opRevokeToken }

func (o RevokeToken) run(a *act) error {
	t, found, err := access.TokenByID(a.tx, o.ID)
	if err != nil || !found {
		if err == nil {
			err = personUnknown.At("registry.RevokeToken", nil).With("id", "no such token")
		}
		return err
	}
	if !t.RevokedAt.IsZero() {
		return nil
	}
	t.RevokedAt = a.now()
	if err := t.Save(a.tx); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"token": o.ID, "person": t.Person}})
}

// Authenticate finds who a token, by its hash, acts for, or which desk a certificate is of;
// registry.not_signed_in when it is unknown, revoked or has run out, or its person left.
func (r *Registry) Authenticate(ctx context.Context, kind access.TokenKind, hash [sha256.Size]byte) (who Actor, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		t, found, err := access.TokenByHash(tx, hash)
		if err != nil {
			return err
		}
		if !found && kind == access.ClientCertificate {
			d, found, err := deskByCertificate(tx, hash)
			if err == nil && (!found || !d.RevokedAt.IsZero()) {
				err = notSignedIn.At("registry.Authenticate", nil)
			}
			who = d.actor()
			return err
		}
		if !found || t.Kind != kind || !t.Valid(tx.Now()) {
			return notSignedIn.At("registry.Authenticate", nil)
		}
		p, found, err := access.PersonByID(tx, t.Person)
		if err == nil && (!found || !p.Active) {
			err = notSignedIn.At("registry.Authenticate", nil)
		}
		who = p.Actor()
		who.Scopes = t.Scopes
		who.Session = hex.EncodeToString(hash[:])
		return err
	})
	return who, err
}

// Persons are those behind an id, in the order of their ids.
func (r *Registry) Persons(ctx context.Context, after string, limit int) (list []access.Person, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = access.Persons(tx, after, limit)
		return err
	})
	return list, err
}

// Tokens are the tokens of a person.
func (r *Registry) Tokens(ctx context.Context, person string) (list []access.Token, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = access.TokensOf(tx, person)
		return err
	})
	return list, err
}
