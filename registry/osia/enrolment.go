package osia

import (
	"encoding/json"
	"time"

	"blanko/ktp"
)

// Enrolment is what a station sends to the center's 1:N search: personal data. Formatting it with fmt
// shows nothing of it.
type Enrolment struct {
	ID        string // of the application; the center's record comes under the same
	Encounter int    // rises with every capture or repetition that is sent
	Office    string // PP.KK
	Type      ktp.ApplicationType
	Priority  int
	Delivery  string // place of delivery
	Confirmed string // hash that the resident confirmed, hex
	Person    ktp.Person
	Parts     []EnrolmentPart
}

// EnrolmentPart is one photo, signature, finger or iris.
type EnrolmentPart struct {
	Type     string // FACE, SIGNATURE, FINGER, IRIS
	SubType  string // PORTRAIT, RIGHT_INDEX, EYE_RIGHT, ...
	Instance string // first, or second: the independent impression of a finger for the chip
	MIME     string
	Image    []byte
	Template []byte
	Quality  int
	Device   string
	Missing  string // AMPUTATED, BANDAGED, DAMAGED
	Chip     bool   // of the fingers for the chip
}

func (e Enrolment) String() string { return "Enrolment(" + e.ID + ")" }

// GoString shows the id alone.
func (e Enrolment) GoString() string { return e.String() }

func (p EnrolmentPart) String() string { return "EnrolmentPart(" + p.Type + " " + p.SubType + ")" }

// GoString shows what it is alone.
func (p EnrolmentPart) GoString() string { return p.String() }

// profileOf is the credential profile of a person.
func profileOf(p ktp.Person) string {
	if p.Foreign() {
		return ktp.ProfileForeign
	}
	return ktp.ProfileCitizen
}

// chipPart marks, in the metadata of a finger, that it goes on the chip.
const chipPart = "chip"

// Biographic writes what is known of a person with the names of the /v1 API.
func Biographic(p ktp.Person) BiographicData {
	word := func(list []ktp.Word, code byte) string {
		w, _ := ktp.Words(list, code)
		return w.ID
	}
	bio := BiographicData{
		NIK: p.NIK.Digits(), FamilyCardNumber: p.FamilyCard, PlaceOfBirth: p.BirthPlace, DateOfBirth: p.BirthDate.UTC().Format(time.DateOnly),
		Sex: word(ktp.Sexes, byte(p.Sex)), BloodType: word(ktp.BloodTypes, byte(p.Blood)), Address: p.Street, RT: p.RT, RW: p.RW,
		Village: p.Village, District: p.District, Regency: p.Regency, Province: p.Province, RegionCode: p.RegionCode,
		Religion: word(ktp.Religions, byte(p.Religion)), MaritalStatus: word(ktp.MaritalStatuses, byte(p.Marital)),
		Occupation: p.Occupation, Citizenship: p.Citizenship, ValidUntil: p.Validity,
	}
	if len(p.Names) > 0 {
		bio.Name, bio.OtherNames = p.Names[0], p.Names[1:]
	}
	return bio
}

// Package writes an enrolment as a CredentialRequest of OSIA: what OSIA has no member for stands in
// requestData.others.blanko.
func (e Enrolment) Package() ([]byte, error) {
	row, _ := ktp.Application(e.Type)
	p := e.Person
	bio := Biographic(p)
	var parts []BiometricData
	for _, part := range e.Parts {
		b := BiometricData{BiometricType: part.Type, BiometricSubType: part.SubType, CaptureDevice: part.Device}
		switch {
		case part.Missing != "":
			b.Missing = []Missing{{BiometricSubType: part.SubType, Presence: part.Missing}}
		default:
			b.Instance, b.Image, b.MimeType, b.Template, b.Quality = part.Instance, part.Image, part.MIME, part.Template, int64(part.Quality)
			if part.Template != nil {
				b.TemplateFormat, b.ImpressionType = "ISO_19794_2", "LIVE_SCAN_PLAIN"
			}
		}
		if part.Chip {
			b.Metadata = chipPart
		}
		parts = append(parts, b)
	}
	return json.Marshal(map[string]any{
		"credentialRequestId": e.ID,
		"requestData": map[string]any{
			"priority": e.Priority, "credentialProfileId": profileOf(p), "requestType": row.Request, "deliveryOffice": e.Delivery,
			"others": map[string]any{"blanko": map[string]any{
				"office": e.Office, "type": string(e.Type), "encounter": e.Encounter, "confirmed": e.Confirmed,
			}},
		},
		"personId": p.NIK.Digits(), "biographicData": bio, "biometricData": parts,
	})
}
