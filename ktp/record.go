package ktp

import (
	"fmt"
	"time"
)

// Lifelong is the validity of a citizen's card, as printed (Law 24/2013, article 64(7)).
const Lifelong = "SEUMUR HIDUP"

// DateLayout is how dates stand on the card and in texts of the chip: DD-MM-YYYY.
const DateLayout = "02-01-2006"

// Person is what is printed and written of a resident, spelled by the center: capitals, NFC,
// single spaces. Formatting it with fmt shows nothing of it.
type Person struct {
	NIK         NIK
	FamilyCard  string   // nomor KK, 16 digits
	Names       []string // full name first, then other names
	BirthPlace  string
	BirthDate   time.Time // midnight UTC
	Sex         Sex
	Blood       BloodType
	Street      string // alamat without RT/RW
	RT, RW      string // three digits each
	Village     string // kelurahan or desa
	District    string // kecamatan
	Regency     string // with the word KABUPATEN or KOTA in front
	Province    string // without the word PROVINSI
	RegionCode  string // PP.KK.CC.DDDD
	Religion    Religion
	Marital     MaritalStatus
	Occupation  string // the printed value, at most 27 characters in the national list
	Nationality string // three letters as in the MRZ, IDN for citizens
	Citizenship string // as printed: WNI or the country's name
	Validity    string // Lifelong, or a date in DateLayout
}

// Foreign reports whether the card is a KTP-el OA.
func (p Person) Foreign() bool { return p.Nationality != Citizen.Code }

// String never shows the person.
func (p Person) String() string { return "Person(redacted)" }

// GoString never shows the person.
func (p Person) GoString() string { return p.String() }

// Image is a picture as delivered.
type Image struct {
	MIME string // image/jpeg, image/jp2, image/png
	Data []byte
}

func (i Image) String() string { return fmt.Sprintf("Image(%s, %d bytes)", i.MIME, len(i.Data)) }

// GoString shows the size alone.
func (i Image) GoString() string { return i.String() }

// FingerSlot is one of the two places for a finger on the chip. The center delivers two
// ISO/IEC 19794-2 records of the same impression, of at most 60 and at most 40 minutiae,
// and one independent second impression where it has one. Empty slot: Finger is 0.
type FingerSlot struct {
	Finger Finger
	Best60 []byte
	Best40 []byte
	Second []byte // nil: no independent impression, so no post-write 1:1
}

// Empty reports whether no finger stands in the slot.
func (s FingerSlot) Empty() bool { return s.Finger == 0 }

func (s FingerSlot) String() string { return fmt.Sprintf("FingerSlot(%s)", s.Finger) }

// GoString shows the position code alone.
func (s FingerSlot) GoString() string { return s.String() }

// FingerException says why a default index finger is not on the card.
type FingerException struct {
	Finger Finger
	Reason MissingReason
}

// IdentitySignature is the center's own ECDSA P-256 signature over the identity statement;
// it goes on the chip as it came (DG13 A3). Zero: an unsigned record, a specimen.
type IdentitySignature struct {
	KeyID     [8]byte  // first 8 bytes of SHA-256 over the center's public key (SPKI)
	Signature [64]byte // r and s, 32 bytes each
}

// IsZero reports whether the center did not sign.
func (s IdentitySignature) IsZero() bool { return s == IdentitySignature{} }

// Profiles of the card: of citizens, and the KTP-el OA of foreign residents, which is made of a blank of its own, orange
// since Permendagri 72/2022.
const (
	ProfileCitizen = "ktp-el-wni"
	ProfileForeign = "ktp-el-oa"
)

// Record is one print-ready record of the center, checked and taken apart: everything a
// line needs to make one card.
type Record struct {
	ID             string // the center's id of the request
	Version        int    // rising per id
	Office         string // PP.KK of the Dinas
	Type           string // application type: new, lost, damaged, ...
	Priority       int    // 0 lowest to 9 highest
	DeliveryOffice string
	ValidUntil     time.Time
	Profile        string // ProfileCitizen, ProfileForeign
	Parent         string // credential to be retired at hand-over
	Person         Person
	Portrait       Image
	Signature      Image
	Fingers        [2]FingerSlot
	Exceptions     []FingerException
	Identity       IdentitySignature
}

func (r Record) String() string { return fmt.Sprintf("Record(%s, version %d)", r.ID, r.Version) }

// GoString shows id and version alone.
func (r Record) GoString() string { return r.String() }

// Specimen reports whether the record is not signed by a center; its card can only be a specimen.
func (r Record) Specimen() bool { return r.Identity.IsZero() }
