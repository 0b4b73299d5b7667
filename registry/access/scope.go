package access

import "slices"

// Scope is what a token lets a system do over OSIA. The names are the specification's and must not be
// changed (OSIA 7.1, Credential Services 1.3.0, security requirements).
type Scope string

const (
	RequestRead     Scope = "cms.request.read"
	RequestWrite    Scope = "cms.request.write"
	CredentialRead  Scope = "cms.credential.read"
	CredentialWrite Scope = "cms.credential.write"
	ProfileRead     Scope = "cms.profile.read"
)

// Scopes lists every one.
var Scopes = []Scope{RequestRead, RequestWrite, CredentialRead, CredentialWrite, ProfileRead}

// Within reports whether the credential that the actor signed in with has a scope.
func (a Actor) Within(s Scope) bool { return slices.Contains(a.Scopes, s) }
