package osia

import "blanko/ktp"

// CredentialData of OSIA Credential Services 1.3.0; closed.
type CredentialData struct {
	CredentialID             string         `json:"credentialId"`
	Status                   string         `json:"status"`
	StatusOther              string         `json:"statusOther,omitempty"`
	CredentialNumber         string         `json:"credentialNumber,omitempty"`
	PersonID                 string         `json:"personId"`
	CredentialProfileID      string         `json:"credentialProfileId"`
	CredentialProfileVersion string         `json:"credentialProfileVersion,omitempty"`
	CredentialProfileSubtype string         `json:"credentialProfileSubtype,omitempty"`
	NumberOfPages            int            `json:"numberOfPages,omitempty"`
	IssuedDate               string         `json:"issuedDate,omitempty"`
	ExpiryDate               string         `json:"expiryDate,omitempty"`
	SerialNumber             string         `json:"serialNumber,omitempty"`
	IssuingAuthority         string         `json:"issuingAuthority,omitempty"`
	IssuingPlace             string         `json:"issuingPlace,omitempty"`
	Others                   map[string]any `json:"others,omitempty"`
}

// CredentialProfile of OSIA; closed.
type CredentialProfile struct {
	CredentialProfileID string `json:"credentialProfileId,omitempty"`
	Name                string `json:"name,omitempty"`
	Description         string `json:"description,omitempty"`
	CredentialType      string `json:"credentialType,omitempty"`
}

// Profiles are the credential profiles of the house.
var Profiles = []CredentialProfile{
	{ktp.ProfileCitizen, "KTP-el WNI", "Electronic identity card of a citizen", "ID_CARD"},
	{ktp.ProfileForeign, "KTP-el OA", "Electronic identity card of a foreign resident with a permanent stay permit", "ID_CARD"},
}

// Expression of OSIA; closed. A list of them must hold as a whole.
type Expression struct {
	AttributeName string `json:"attributeName"`
	Operator      string `json:"operator"` // <, >, =, >=, <=, !=
	Value         any    `json:"value"`
}

// StatusWish is the body of setCredentialStatus; closed.
type StatusWish struct {
	Status    string `json:"status"`
	Reason    string `json:"reason,omitempty"`
	Requester string `json:"requester,omitempty"`
	Comment   string `json:"comment,omitempty"`
}

// Error is the body of every answer that is no success; closed.
type Error struct {
	Code    int32  `json:"code"`
	Message string `json:"message"`
}

// Read reads a closed model: an unknown or doubled member, or another type, is refused.
func Read(text []byte, into any) *Refusal {
	if r := shape(text); r != nil {
		return r
	}
	if err := strict(text, into); err != nil {
		return schemaOf(err)
	}
	return nil
}
