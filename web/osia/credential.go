package osia

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/osia"
)

// mostFound is how many credentials a search may find.
const mostFound = 1000

// ours is the member of others that the station fills; the rest of it is the center's.
const ours = "blanko"

// inDoubt is statusOther of a card that was activated and whose place is not proved.
const inDoubt = "IN_DOUBT"

func (s *server) data(c registry.Credential) osia.CredentialData {
	others := map[string]any{}
	maps.Copy(others, c.Others)
	others[ours] = map[string]any{"state": string(c.Card.State), "matched": c.Matched, "request": string(c.Card.Application)}
	out := osia.CredentialData{
		CredentialID: c.Card.Attempt.String(), Status: string(c.Status()), PersonID: maskNIK(c.NIK), CredentialProfileID: c.Profile,
		IssuedDate: c.Card.MadeAt.UTC().Format(time.RFC3339), SerialNumber: string(c.Card.Chip), IssuingAuthority: s.Authority, IssuingPlace: s.Place,
		Others: others,
	}
	if c.Status() == registry.CredentialOther {
		out.StatusOther = inDoubt
	}
	if until, ok := expiry(c); ok {
		out.ExpiryDate = until.Format(time.RFC3339)
	}
	return out
}

// expiry is the last day of a foreign resident's card.
func expiry(c registry.Credential) (time.Time, bool) {
	until, err := time.Parse(ktp.DateLayout, c.Expiry)
	return until, err == nil
}

func (s *server) credential(r request) (registry.Credential, error) {
	id, err := ktp.ParseAttemptID(r.PathValue("credentialId"))
	if err != nil {
		return registry.Credential{}, refusal{http.StatusNotFound, codeUnknown, "no such credential"}
	}
	return s.Registry.Credential(r.Context(), id)
}

func (s *server) readCredential(r request) (int, any, error) {
	c, err := s.credential(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.data(c), nil
}

// updateCredential keeps what the center puts into others. What the specification lets be written besides is
// printed on the card: it may be repeated as it is, a change is a renewal.
func (s *server) updateCredential(r request) (int, any, error) {
	c, err := s.credential(r)
	if err != nil {
		return 0, nil, err
	}
	if err := r.read(&osia.CredentialData{}); err != nil {
		return 0, nil, err
	}
	given := map[string]json.RawMessage{}
	if err := json.Unmarshal(r.body, &given); err != nil {
		return 0, nil, bad(codeSchema, "body", "an object")
	}
	var person string
	if raw, there := given["personId"]; there && json.Unmarshal(raw, &person) == nil && person == c.NIK.Digits() {
		delete(given, "personId")
	}
	wanted, there := given["others"]
	delete(given, "others")
	if err := unchanged(given, s.data(c)); err != nil || !there {
		return http.StatusNoContent, nil, err
	}
	others, own := map[string]any{}, map[string]json.RawMessage{}
	if err := errors.Join(json.Unmarshal(wanted, &others), json.Unmarshal(wanted, &own)); err != nil || others == nil {
		return 0, nil, bad(codeSchema, "others", "an object")
	}
	if raw, there := own[ours]; there {
		if err := unchanged(map[string]json.RawMessage{ours: raw}, s.data(c).Others); err != nil {
			return 0, nil, err
		}
	}
	delete(others, ours)
	op := registry.UpdateCredential{Credential: c.Card.Attempt, Others: others, Transaction: r.outside()}
	res, err := s.Registry.Do(r.Context(), r.who, op, r.key(c.Card.Attempt.String()))
	if err == nil && res.Replayed {
		now, ferr := s.credential(r)
		if err = ferr; err == nil && !maps.EqualFunc(now.Others, others, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
			err = usedBefore
		}
	}
	return http.StatusNoContent, nil, err
}

// rule is one of the three operations that set a status by their name.
func rule(to registry.CredentialStatus) func(*server, request) (int, any, error) {
	return func(s *server, r request) (int, any, error) {
		var body struct {
			Reason string `json:"reason"`
		}
		if err := json.Unmarshal(r.body, &body); err != nil { // the specification leaves these bodies open
			return 0, nil, bad(codeSchema, "body", "an object with a reason")
		}
		return s.set(r, to, osia.StatusWish{Reason: body.Reason})
	}
}

func (s *server) setStatus(r request) (int, any, error) {
	var wish osia.StatusWish
	if err := r.read(&wish); err != nil {
		return 0, nil, err
	}
	switch to := registry.CredentialStatus(wish.Status); to {
	case registry.CredentialNew, registry.CredentialActive, registry.CredentialSuspended, registry.CredentialRevoked, registry.CredentialOther:
		return s.set(r, to, wish)
	}
	return 0, nil, bad(codeSchema, "status", "NEW, ACTIVE, SUSPENDED, REVOKED or OTHER")
}

func (s *server) set(r request, to registry.CredentialStatus, wish osia.StatusWish) (int, any, error) {
	c, err := s.credential(r)
	if err != nil {
		return 0, nil, err
	}
	if wish.Reason == "" {
		return 0, nil, bad(codeSchema, "reason", "missing")
	}
	op := registry.SetCardStatus{Credential: c.Card.Attempt, Status: to, Reason: reasonOf(wish.Reason), Transaction: r.outside()}
	if access.ValidID(wish.Requester) && osia.ValidID(wish.Requester) {
		op.Requester = wish.Requester
	}
	res, err := s.Registry.Do(r.Context(), r.who, op, r.key(c.Card.Attempt.String()))
	if err != nil || !res.Replayed {
		return http.StatusNoContent, nil, err
	}
	// A repeated transaction is done when the card still is what it asked for.
	now := c.Status()
	if now != to && (to != "" || now == registry.CredentialSuspended) && (to != registry.CredentialRevoked || now != registry.CredentialSuspended) {
		return 0, nil, usedBefore
	}
	return http.StatusNoContent, nil, nil
}

func (s *server) findCredentials(r request) (int, any, error) {
	var given []osia.Expression
	if err := r.read(&given); err != nil {
		return 0, nil, err
	}
	q := query{}
	for _, e := range given {
		if err := q.add(s, e); err != nil {
			return 0, nil, err
		}
	}
	found := []osia.CredentialData{}
	if q.none {
		return http.StatusOK, found, nil
	}
	list, err := s.Registry.CredentialsThat(r.Context(), q.conditions, q.holds, mostFound+1)
	if err != nil {
		return 0, nil, err
	}
	if len(list) > mostFound {
		return 0, nil, bad(codeTooMany, "expressions", "more than 1000 credentials: narrow the search")
	}
	for _, c := range list {
		found = append(found, s.data(c))
	}
	return http.StatusOK, found, nil
}

func (s *server) findProfiles(r request) (int, any, error) {
	var given []osia.Expression
	if err := r.read(&given); err != nil {
		return 0, nil, err
	}
	found := []osia.CredentialProfile{}
	for _, p := range osia.Profiles {
		values := map[string]string{"credentialProfileId": p.CredentialProfileID, "name": p.Name, "description": p.Description, "credentialType": p.CredentialType}
		all := true
		for _, e := range given {
			have, known := values[e.AttributeName]
			want, text := e.Value.(string)
			if !known || !text || e.Operator != "=" && e.Operator != "!=" {
				return 0, nil, badExpression(e)
			}
			all = all && (have == want) == (e.Operator == "=")
		}
		if all {
			found = append(found, p)
		}
	}
	return http.StatusOK, found, nil
}
