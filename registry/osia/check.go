package osia

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"blanko/ktp"
)

// MaxRecord is the largest record, decompressed (center protocol: 2 MiB a record).
const MaxRecord = 2 << 20

// unsignedMembers stay outside the record's signature: they may change later.
var unsignedMembers = []string{
	"integrity", "status", "requestData.priority", "requestData.deliveryOffice", "requestData.deliveryAddress",
}

// profiles are the credential profiles of the house, and whether they are for foreign residents.
var profiles = map[string]bool{ktp.ProfileCitizen: false, ktp.ProfileForeign: true}

var (
	recordID  = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)
	messageID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	digits3   = regexp.MustCompile(`^[0-9]{3}$`)
	digits16  = regexp.MustCompile(`^[0-9]{16}$`)
)

// Checker turns records as delivered into records a line can work with.
type Checker struct {
	Trust  Trust
	Office string // PP.KK of this Dinas
	// Unsigned lets records without any signature in; they become specimens. Never in production.
	Unsigned bool
	// JPEG2000 decodes a portrait in JPEG 2000, a JP2 file or a bare codestream, and tells its size
	// in pixels. nil: this station reads none, and such a portrait is refused.
	JPEG2000 func(data []byte) (width, height int, err error)
	Keys     Keys // open what records have encrypted; none: such a record is refused
}

// Checked is a record that passed, with what only the register needs of it.
type Checked struct {
	Record    ktp.Record
	MessageID string
	Canonical [32]byte // SHA-256 of the signed form: two deliveries of one version must agree
	Warnings  []string // never a reason to refuse
}

// ValidID reports whether an id of a request may stand in logs and reports: 1 to 64 letters, digits,
// dots, colons and dashes, and no number that would be a NIK.
func ValidID(id string) bool { return recordID.MatchString(id) && !digits16.MatchString(id) }

func refuse(c Code, pointer, format string, args ...any) *Refusal {
	return &Refusal{Code: c, Pointer: pointer, Reason: fmt.Sprintf(format, args...)}
}

// Check takes a CredentialRequest apart. The error is a *Refusal; what only the register can
// know (replay, lower version, a successor in work) is its own check. ID is the id under which
// the center delivered the record, "" when the record alone tells.
func (c Checker) Check(text []byte, id string, now time.Time) (Checked, error) {
	var out Checked
	if len(text) > MaxRecord {
		return out, refuse(PartTooLarge, "", "%d bytes, at most %d", len(text), MaxRecord)
	}
	text, r := c.Keys.Open(text)
	if r != nil {
		return out, r
	}
	if r := shape(text); r != nil {
		return out, r
	}
	var req CredentialRequest
	if err := strict(text, &req); err != nil {
		return out, schemaOf(err)
	}
	if r := plain(req); r != nil {
		return out, r
	}
	if id == "" {
		id = req.CredentialRequestID
	}
	switch {
	case !recordID.MatchString(id):
		return out, refuse(Schema, "/credentialRequestId", "1 to 64 letters, digits, dots, colons, dashes")
	case digits16.MatchString(id):
		return out, refuse(Schema, "/credentialRequestId", "16 digits would be a NIK in every log")
	case req.CredentialRequestID != "" && req.CredentialRequestID != id:
		return out, refuse(Schema, "/credentialRequestId", "differs from the id of the item")
	}
	signed, err := c.signature(text, req, now)
	if err != nil {
		return out, err
	}
	if out.Canonical, err = SignedForm(text); err != nil {
		return out, refuse(Schema, "", "%v", err)
	}
	if err := c.request(&out, req, id, now); err != nil {
		return out, err
	}
	if err := c.person(&out, req, now); err != nil {
		return out, err
	}
	if err := c.parts(&out.Record, req); err != nil {
		return out, err
	}
	return out, c.identity(&out.Record, req, signed, now)
}

// shape walks the text once, before anything is decoded, so that doubled members and hostile
// nesting never reach the decoder.
func shape(text []byte) *Refusal {
	if _, err := Canonical(text); err != nil {
		return refuse(Schema, "", "%v", err)
	}
	return nil
}

// SignedForm is the SHA-256 of what the center signs of a record: two of the same differ only in what may
// change later.
func SignedForm(text []byte) ([32]byte, error) {
	canonical, err := Canonical(text, unsignedMembers...)
	return sha256.Sum256(canonical), err
}

// plain refuses what a station does not check, by the name of the member: nothing of it may be taken for
// something else.
func plain(req CredentialRequest) *Refusal {
	for n, i := range req.Integrity {
		at := fmt.Sprintf("/integrity/%d", n)
		switch {
		case i.Type == "PKCS7":
			return refuse(Schema, at+"/type", "PKCS7 is not checked here: JWS is wanted")
		case i.SignatureRef != "":
			return refuse(Schema, at+"/signatureRef", "references are not followed")
		case i.Encrypted:
			return refuse(Schema, at+"/encrypted", "a record is signed in clear, then encrypted")
		}
	}
	return nil
}

func schemaOf(err error) *Refusal {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return refuse(Schema, "/"+strings.ReplaceAll(e.Field, ".", "/"), "%s where %s is wanted", e.Value, e.Type)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return refuse(Schema, "", "unknown member %s", name)
	}
	if _, ok := errors.AsType[base64.CorruptInputError](err); ok {
		return refuse(PartUndecodable, "/biometricData", "a buffer is not base64")
	}
	return refuse(Schema, "", "not the agreed JSON")
}

func (c Checker) signature(text []byte, req CredentialRequest, now time.Time) (signed bool, err error) {
	var jws []Integrity
	for _, i := range req.Integrity {
		if i.Type == "JWS" {
			jws = append(jws, i)
		}
	}
	if len(jws) == 0 || jws[0].Signature == "" {
		if c.Unsigned && len(req.Integrity) == 0 {
			return false, nil
		}
		return false, refuse(SignatureMissing, "/integrity", "no JWS over the record")
	}
	payload, cerr := Canonical(text, unsignedMembers...)
	if cerr != nil {
		return false, refuse(Schema, "", "%v", cerr)
	}
	if code := c.Trust.VerifyDetached(UseRecord, jws[0].Signature, payload, now); code != "" {
		return false, refuse(code, "/integrity/0", "JWS ES256 over the record")
	}
	return true, nil
}

func (c Checker) request(out *Checked, req CredentialRequest, id string, now time.Time) error {
	d, b := req.RequestData, req.RequestData.Others.Blanko
	r := &out.Record
	*r = ktp.Record{
		ID: id, Version: b.Version, Office: b.Office, Type: b.Type, Priority: d.Priority,
		DeliveryOffice: d.DeliveryOffice, Profile: d.CredentialProfileID, Parent: d.ParentCredentialID,
	}
	const at = "/requestData"
	foreign, known := profiles[d.CredentialProfileID]
	row, typed := ktp.Application(ktp.ApplicationType(b.Type))
	var err error
	switch {
	case d.Priority < 0 || d.Priority > 9:
		return refuse(Schema, at+"/priority", "0 to 9")
	case !known:
		return refuse(Schema, at+"/credentialProfileId", "ktp-el-wni or ktp-el-oa")
	case !typed:
		return refuse(Schema, at+"/others/blanko/type", "not an application type")
	case row.Request != d.RequestType:
		return refuse(Schema, at+"/requestType", "%s does not go with the type", d.RequestType)
	case row.Foreign != foreign:
		return refuse(Schema, at+"/credentialProfileId", "does not go with the type")
	case b.Version < 1 || b.Version > maxVersion:
		return refuse(Schema, at+"/others/blanko/version", "1 to %d", maxVersion)
	case b.Office == "":
		return refuse(Schema, at+"/others/blanko/office", "missing")
	case b.Office != c.Office:
		return refuse(OfficeOther, at+"/others/blanko/office", "for another office")
	case !messageID.MatchString(b.MessageID):
		return refuse(Schema, at+"/others/blanko/messageId", "a UUID")
	}
	if r.ValidUntil, err = time.Parse(time.RFC3339, b.ValidUntil); err != nil {
		return refuse(Schema, at+"/others/blanko/validUntil", "an RFC 3339 time")
	}
	if now.After(r.ValidUntil) {
		return refuse(Expired, at+"/others/blanko/validUntil", "the record is no longer valid")
	}
	out.MessageID = strings.ToLower(b.MessageID)
	return nil
}

// texts are the values printed on the face, with their JSON names.
func texts(b BiographicData) []struct {
	name, value string
	optional    bool
} {
	return []struct {
		name, value string
		optional    bool
	}{
		{"name", b.Name, false},
		{"placeOfBirth", b.PlaceOfBirth, false},
		{"address", b.Address, false},
		{"village", b.Village, false},
		{"district", b.District, false},
		{"regency", b.Regency, false},
		{"province", b.Province, false},
		{"religion", b.Religion, false},
		{"maritalStatus", b.MaritalStatus, false},
		{"occupation", b.Occupation, false},
		{"citizenship", b.Citizenship, false},
		{"validUntil", b.ValidUntil, false},
		{"sex", b.Sex, false},
		{"bloodType", b.BloodType, true},
	}
}

// Bounds of values that go on the chip. The longest legal texts have 60 characters.
const (
	maxText       = 120  // characters of a printed value
	maxTextBytes  = 255  // of it in UTF-8
	maxOtherNames = 15   // other names in DG11
	firstBirth    = 1900 // year; nobody who applies was born before
	// maxVersion is the largest integer of which the RFC 8785 form keeps every digit.
	maxVersion = 1<<53 - 1
)

// hasLetter reports whether anything of a name is left for the machine readable zone: a letter
// before the degrees that follow the first comma (Doc 9303-3, 4.6).
func hasLetter(name string) bool {
	bare, _, _ := strings.Cut(name, ",")
	return strings.ContainsFunc(bare, unicode.IsLetter)
}

func (c Checker) person(out *Checked, req CredentialRequest, now time.Time) error {
	const at = "/biographicData"
	b, p := req.BiographicData, &out.Record.Person
	nik, err := ktp.ParseNIK(b.NIK)
	if err != nil {
		return refuse(NIKMalformed, at+"/nik", "%v", err)
	}
	if req.PersonID == "" {
		return refuse(Schema, "/personId", "missing")
	}
	for _, t := range texts(b) {
		switch n := len([]rune(t.value)); {
		case n == 0 && !t.optional:
			return refuse(PartMissing, at+"/"+t.name, "empty")
		case n > maxText || len(t.value) > maxTextBytes:
			return refuse(TextUnprintable, at+"/"+t.name, "%d characters, at most %d", n, maxText)
		}
		if err := ktp.CheckText(t.value); err != nil {
			return refuse(TextUnprintable, at+"/"+t.name, "%v", err)
		}
	}
	if !hasLetter(b.Name) {
		return refuse(TextUnprintable, at+"/name", "no letter for the machine readable zone")
	}
	if len(b.OtherNames) > maxOtherNames {
		return refuse(Schema, at+"/otherNames", "%d names, at most %d", len(b.OtherNames), maxOtherNames)
	}
	for i, name := range b.OtherNames {
		if err := ktp.CheckText(name); err != nil || name == "" || len(name) > maxTextBytes {
			return refuse(TextUnprintable, fmt.Sprintf("%s/otherNames/%d", at, i), "not printable")
		}
	}
	birth, err := time.Parse("2006-01-02", b.DateOfBirth)
	if err != nil || birth.After(now) || birth.Year() < firstBirth {
		return refuse(Schema, at+"/dateOfBirth", "a date yyyy-mm-dd, not in the future")
	}
	if !digits3.MatchString(b.RT) || !digits3.MatchString(b.RW) {
		return refuse(Schema, at+"/rt", "RT and RW have three digits each")
	}
	if b.FamilyCardNumber != "" && !digits16.MatchString(b.FamilyCardNumber) {
		return refuse(Schema, at+"/familyCardNumber", "16 digits")
	}
	if b.ValidUntil != ktp.Lifelong {
		if _, err := time.Parse(ktp.DateLayout, b.ValidUntil); err != nil {
			return refuse(Schema, at+"/validUntil", "%s or DD-MM-YYYY", ktp.Lifelong)
		}
	}
	*p = ktp.Person{
		NIK: nik, FamilyCard: b.FamilyCardNumber, Names: append([]string{b.Name}, b.OtherNames...),
		BirthPlace: b.PlaceOfBirth, BirthDate: birth, Street: b.Address, RT: b.RT, RW: b.RW, Village: b.Village,
		District: b.District, Regency: b.Regency, Province: b.Province, RegionCode: b.RegionCode,
		Occupation: b.Occupation, Citizenship: b.Citizenship, Validity: b.ValidUntil,
	}
	for _, v := range []struct {
		name, word string
		list       []ktp.Word
		set        func(byte)
	}{
		{"sex", b.Sex, ktp.Sexes, func(c byte) { p.Sex = ktp.Sex(c) }},
		{"religion", b.Religion, ktp.Religions, func(c byte) { p.Religion = ktp.Religion(c) }},
		{"maritalStatus", b.MaritalStatus, ktp.MaritalStatuses, func(c byte) { p.Marital = ktp.MaritalStatus(c) }},
		{"bloodType", orDash(b.BloodType), ktp.BloodTypes, func(c byte) { p.Blood = ktp.BloodType(c) }},
	} {
		code := wordCode(v.list, v.word)
		if code == ktp.UnknownCode {
			return refuse(Schema, at+"/"+v.name, "not in the value list")
		}
		v.set(code)
	}
	country, ok := ktp.CountryByName(b.Citizenship)
	if !ok {
		return refuse(Schema, at+"/citizenship", "WNI or a country of the list")
	}
	p.Nationality = country.Code
	if foreign := profiles[out.Record.Profile]; foreign != p.Foreign() {
		return refuse(Schema, at+"/citizenship", "does not go with the card profile")
	}
	out.Warnings = nik.Warnings(birth, p.Sex, nil)
	return nil
}

func orDash(s string) string {
	if s == "" || s == "TIDAK TAHU" {
		return "-"
	}
	return s
}

func wordCode(list []ktp.Word, word string) byte {
	for _, w := range list {
		if w.ID == word || w.EN == word {
			return w.Code
		}
	}
	return ktp.UnknownCode
}

// identity checks the signature that goes on the chip over the statement rebuilt from the record.
func (c Checker) identity(r *ktp.Record, req CredentialRequest, signed bool, now time.Time) error {
	const at = "/requestData/others/blanko/identity"
	i := req.RequestData.Others.Blanko.Identity
	if i == nil {
		if c.Unsigned && !signed {
			return nil
		}
		return refuse(SignatureMissing, at, "no identity signature for the chip")
	}
	if !signed {
		return refuse(SignatureMissing, "/integrity", "identity signed, record not")
	}
	kid, err := hex.DecodeString(i.KID)
	if err != nil || len(kid) != len(r.Identity.KeyID) {
		return refuse(IdentityWrong, at+"/kid", "8 bytes in hex")
	}
	sig, err := base64.RawURLEncoding.Strict().DecodeString(i.Signature)
	if err != nil || len(sig) != len(r.Identity.Signature) {
		return refuse(IdentityWrong, at+"/signature", "64 bytes in base64url")
	}
	k, ok := c.Trust.find(UseIdentity, hex.EncodeToString(kid))
	if !ok {
		return refuse(KeyUnknown, at+"/kid", "identity key")
	}
	if now.Before(k.NotBefore) || now.After(k.NotAfter) {
		return refuse(KeyExpired, at+"/kid", "identity key")
	}
	sum := sha256.Sum256(r.IdentityClaim().Statement())
	if !verifyRaw(k.Public, sum[:], sig) {
		return refuse(IdentityWrong, at+"/signature", "does not sign this identity")
	}
	copy(r.Identity.KeyID[:], kid)
	copy(r.Identity.Signature[:], sig)
	return nil
}
