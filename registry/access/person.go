package access

import (
	"slices"
	"time"
)

// Person is somebody who works at the station, or a system that may act there.
type Person struct {
	ID     string // no personal data; stands in events and papers
	Name   string // personal data
	Roles  []Role
	Place  string // service place; empty: the Dinas
	Active bool
	Since  time.Time // of the last change
}

// Actor is the person as one who acts. Somebody who left may do nothing.
func (p Person) Actor() Actor {
	if !p.Active {
		return Actor{ID: p.ID, Place: p.Place}
	}
	return Actor{ID: p.ID, Roles: slices.Clone(p.Roles), Place: p.Place}
}

// String never shows the name.
func (p Person) String() string { return "Person(" + p.ID + ")" }

// GoString never shows the name.
func (p Person) GoString() string { return p.String() }

// Known reports whether a role is one of Roles.
func Known(r Role) bool {
	return slices.ContainsFunc(Roles, func(row RoleRow) bool { return row.Role == r })
}

// longestID bounds the id of a person.
const longestID = 64

// ValidID reports whether an id can name a person: lower case letters, digits, dots, dashes.
func ValidID(id string) bool {
	if id == "" || len(id) > longestID {
		return false
	}
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
