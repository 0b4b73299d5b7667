package osia

// CredentialRequest of OSIA Credential Services 1.3.0; closed: unknown members are refused.
type CredentialRequest struct {
	CredentialRequestID string          `json:"credentialRequestId,omitempty"`
	Status              string          `json:"status,omitempty"`
	RequestData         RequestData     `json:"requestData"`
	PersonID            string          `json:"personId"`
	BiographicData      BiographicData  `json:"biographicData"`
	BiometricData       []BiometricData `json:"biometricData,omitempty"`
	CredentialIDs       []string        `json:"credentialIds,omitempty"`
	Encryption          *Encryption     `json:"encryption,omitempty"`
	Integrity           []Integrity     `json:"integrity,omitempty"`
}

// String never shows the person.
func (r CredentialRequest) String() string { return "CredentialRequest(" + r.CredentialRequestID + ")" }

// GoString never shows the person.
func (r CredentialRequest) GoString() string { return r.String() }

// RequestData of a credential request; closed.
type RequestData struct {
	Priority                 int      `json:"priority"`
	CredentialProfileID      string   `json:"credentialProfileId"`
	CredentialProfileVersion string   `json:"credentialProfileVersion,omitempty"`
	CredentialProfileSubtype string   `json:"credentialProfileSubtype,omitempty"`
	NumberOfPages            int      `json:"numberOfPages,omitempty"`
	RequestType              string   `json:"requestType"`
	RequestTypeOther         string   `json:"requestTypeOther,omitempty"`
	ValidFromDate            string   `json:"validFromDate,omitempty"`
	ValidToDate              string   `json:"validToDate,omitempty"`
	CredentialNumber         string   `json:"credentialNumber,omitempty"`
	IssuingAuthority         string   `json:"issuingAuthority,omitempty"`
	DeliveryOffice           string   `json:"deliveryOffice,omitempty"`
	DeliveryAddress          *Address `json:"deliveryAddress,omitempty"`
	ParentCredentialID       string   `json:"parentCredentialId,omitempty"`
	Others                   Others   `json:"others"`
}

// Address of OSIA; closed.
type Address struct {
	Address1   string         `json:"address1,omitempty"`
	Address2   string         `json:"address2,omitempty"`
	City       string         `json:"city,omitempty"`
	State      string         `json:"state,omitempty"`
	PostalCode string         `json:"postalCode,omitempty"`
	Country    string         `json:"country,omitempty"`
	Others     map[string]any `json:"others,omitempty"`
}

// Others carries what Blanko needs beyond OSIA.
type Others struct {
	Blanko Blanko `json:"blanko"`
}

// Blanko is requestData.others.blanko of the center protocol.
type Blanko struct {
	Version    int       `json:"version"`
	Office     string    `json:"office"`     // PP.KK of the Dinas
	ValidUntil string    `json:"validUntil"` // RFC 3339
	MessageID  string    `json:"messageId"`  // UUID, seen once
	Type       string    `json:"type"`       // application type
	Identity   *Identity `json:"identity,omitempty"`
}

// Identity is the center's signature that goes on the chip (card profile, section 3.3).
type Identity struct {
	KID       string `json:"kid"`       // 8 bytes, hex
	Signature string `json:"signature"` // r and s, 64 bytes, base64url
}

// BiographicData uses the names of the /v1 API.
type BiographicData struct {
	NIK              string   `json:"nik"`
	FamilyCardNumber string   `json:"familyCardNumber,omitempty"`
	Name             string   `json:"name"`
	OtherNames       []string `json:"otherNames,omitempty"`
	PlaceOfBirth     string   `json:"placeOfBirth"`
	DateOfBirth      string   `json:"dateOfBirth"` // yyyy-mm-dd
	Sex              string   `json:"sex"`
	BloodType        string   `json:"bloodType,omitempty"`
	Address          string   `json:"address"`
	RT               string   `json:"rt"`
	RW               string   `json:"rw"`
	Village          string   `json:"village"`
	District         string   `json:"district"`
	Regency          string   `json:"regency"`
	Province         string   `json:"province"`
	RegionCode       string   `json:"regionCode"`
	Religion         string   `json:"religion"`
	MaritalStatus    string   `json:"maritalStatus"`
	Occupation       string   `json:"occupation"`
	Citizenship      string   `json:"citizenship"`
	ValidUntil       string   `json:"validUntil"` // SEUMUR HIDUP, or DD-MM-YYYY
}

// String never shows the person.
func (BiographicData) String() string { return "BiographicData(redacted)" }

// GoString never shows the person.
func (b BiographicData) GoString() string { return b.String() }

// BiometricData of OSIA; closed. Buffers are base64.
type BiometricData struct {
	BiometricType    string      `json:"biometricType"`
	BiometricSubType string      `json:"biometricSubType,omitempty"`
	Instance         string      `json:"instance,omitempty"`
	EncounterID      string      `json:"encounterId,omitempty"`
	Image            []byte      `json:"image,omitempty"`
	ImageRef         string      `json:"imageRef,omitempty"`
	CaptureDate      string      `json:"captureDate,omitempty"`
	CaptureDevice    string      `json:"captureDevice,omitempty"`
	ImpressionType   string      `json:"impressionType,omitempty"`
	Width            int         `json:"width,omitempty"`
	Height           int         `json:"height,omitempty"`
	Bitdepth         int         `json:"bitdepth,omitempty"`
	MimeType         string      `json:"mimeType,omitempty"`
	Resolution       int         `json:"resolution,omitempty"`
	Compression      string      `json:"compression,omitempty"`
	Missing          []Missing   `json:"missing,omitempty"`
	Metadata         string      `json:"metadata,omitempty"`
	Comment          string      `json:"comment,omitempty"`
	Template         []byte      `json:"template,omitempty"`
	TemplateRef      string      `json:"templateRef,omitempty"`
	TemplateFormat   string      `json:"templateFormat,omitempty"`
	Quality          int64       `json:"quality,omitempty"`
	QualityFormat    string      `json:"qualityFormat,omitempty"`
	Algorithm        string      `json:"algorithm,omitempty"`
	Vendor           string      `json:"vendor,omitempty"`
	Encryption       *Encryption `json:"encryption,omitempty"`
	Integrity        []Integrity `json:"integrity,omitempty"`
}

// String shows what it is alone.
func (b BiometricData) String() string { return "BiometricData(" + b.BiometricType + ")" }

// GoString shows what it is alone.
func (b BiometricData) GoString() string { return b.String() }

// Missing is OSIA's MissingType; closed.
type Missing struct {
	BiometricSubType string `json:"biometricSubType,omitempty"`
	Presence         string `json:"presence,omitempty"` // BANDAGED, AMPUTATED, DAMAGED
}

// Integrity of OSIA; closed.
type Integrity struct {
	ID           string `json:"id,omitempty"`
	Type         string `json:"type,omitempty"` // NONE, JWS, PKCS7
	Scope        string `json:"scope"`
	Alg          string `json:"alg"`
	Encrypted    bool   `json:"encrypted,omitempty"`
	FollowRef    bool   `json:"followRef,omitempty"`
	Hash         string `json:"hash"`
	Signature    string `json:"signature,omitempty"`
	SignatureRef string `json:"signatureRef,omitempty"`
}
