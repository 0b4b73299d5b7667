package osia

import (
	"slices"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/osia"
)

// query is what the expressions of findCredentials come to; all of them must hold.
type query struct {
	conditions []registry.Condition
	expiries   []comparison
	none       bool // nothing can be found
}

type comparison struct {
	operator string
	at       time.Time
}

// searched are the names that a search may use beside those of the register.
const (
	byNumber = "credentialNumber" // no KTP-el has one
	byPlace  = "issuingPlace"     // one for the whole office
	byExpiry = "expiryDate"
)

var known = []string{byNumber, byPlace, byExpiry}

func badExpression(e osia.Expression) refusal {
	name := e.AttributeName
	if _, is := registry.CredentialFields[name]; !is && !slices.Contains(known, name) {
		name = "attributeName"
	}
	return bad(codeExpression, name, "not searched by this name, operator and type of value")
}

var operators = []string{"<", ">", "=", ">=", "<=", "!="}

func (q *query) add(s *server, e osia.Expression) error {
	text, isText := e.Value.(string)
	field, is := registry.CredentialFields[e.AttributeName]
	equality := e.Operator == "=" || e.Operator == "!="
	if !isText || !slices.Contains(operators, e.Operator) || !is && !slices.Contains(known, e.AttributeName) {
		return badExpression(e)
	}
	timed := field.Time || e.AttributeName == byExpiry
	if !equality && !timed {
		return badExpression(e)
	}
	var at time.Time
	if timed {
		var err error
		if at, err = time.Parse(time.RFC3339, text); err != nil {
			return bad(codeExpression, e.AttributeName, "an RFC 3339 date-time")
		}
	}
	switch e.AttributeName {
	case byNumber:
		q.none = true
	case byPlace:
		q.none = q.none || (text == s.Place) != (e.Operator == "=")
	case byExpiry:
		q.conditions = append(q.conditions, registry.Condition{Field: "credentialProfileId", Operator: "=", Text: ktp.ProfileForeign})
		q.expiries = append(q.expiries, comparison{e.Operator, at})
	default:
		q.conditions = append(q.conditions, registry.Condition{Field: e.AttributeName, Operator: e.Operator, Text: text, At: at})
	}
	return nil
}

// holds compares what the database cannot: the expiry stands among personal data.
func (q *query) holds(c registry.Credential) bool {
	for _, x := range q.expiries {
		until, has := expiry(c)
		n := until.Compare(x.at)
		if !has || !map[string]bool{"<": n < 0, ">": n > 0, "=": n == 0, ">=": n >= 0, "<=": n <= 0, "!=": n != 0}[x.operator] {
			return false
		}
	}
	return true
}
