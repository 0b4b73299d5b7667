package osia

import "blanko/fault"

// Code says why a record was refused (center protocol, refusals).
type Code string

const (
	SignatureMissing   Code = "signature_missing"
	SignatureWrong     Code = "signature_wrong"
	KeyUnknown         Code = "key_unknown"
	KeyExpired         Code = "key_expired"
	IdentityWrong      Code = "identity_wrong"
	Replayed           Code = "replayed"
	VersionLower       Code = "version_lower"
	Expired            Code = "expired"
	OfficeOther        Code = "office_other"
	Schema             Code = "schema"
	PartMissing        Code = "part_missing"
	PartUndecodable    Code = "part_undecodable"
	PartTooLarge       Code = "part_too_large"
	NIKMalformed       Code = "nik_malformed"
	TextUnprintable    Code = "text_unprintable"
	PhotoBelowFloor    Code = "photo_below_floor"
	FingerBelowMinimum Code = "finger_below_minimum"
	PersonHasSuccessor Code = "person_has_successor"
)

// Refusal of a record. Pointer is the JSON pointer (RFC 6901) of the part, Reason plain
// English; neither holds personal data.
type Refusal struct {
	Code    Code
	Pointer string
	Reason  string
}

func (r *Refusal) Error() string {
	if r.Pointer == "" {
		return string(r.Code) + ": " + r.Reason
	}
	return string(r.Code) + " at " + r.Pointer + ": " + r.Reason
}

// again and ask are the two ways out of a refusal.
var (
	again = [2][]string{
		{"Data tidak masuk antrean; tidak ada blangko terpakai.", "Alasan sudah dilaporkan ke pusat data; tunggu kiriman ulang."},
		{"The record is not queued; no blank was used.", "The reason was reported to the data center; wait for it to be sent again."},
	}
	ask = [2][]string{
		{"Data tidak masuk antrean; tidak ada blangko terpakai.", "Hubungi petugas data center dan sebutkan kode ini."},
		{"The record is not queued; no blank was used.", "Call the data center officer and name this code."},
	}
)

func entry(c Code, id, en string, steps [2][]string) fault.Entry {
	return fault.Entry{Code: fault.Code("osia." + string(c)), Kind: fault.Invalid, ID: id, EN: en, StepsID: steps[0], StepsEN: steps[1]}
}

// Faults lists what an operator reads of each refusal.
var Faults = []fault.Entry{
	entry(SignatureMissing, "Data tidak ditandatangani pusat data.", "The record is not signed by the data center.", ask),
	entry(SignatureWrong, "Tanda tangan pusat data tidak cocok dengan data.", "The data center's signature does not fit the record.", ask),
	entry(KeyUnknown, "Kunci yang menandatangani atau menyandi data tidak dikenal stasiun ini.", "This station does not know the key that signed or encrypted the record.", ask),
	entry(KeyExpired, "Kunci penanda tangan sudah tidak berlaku atau belum berlaku.", "The signing key is not valid at this time.", ask),
	entry(IdentityWrong, "Tanda tangan identitas untuk chip tidak cocok.", "The identity signature for the chip does not fit.", ask),
	entry(Replayed, "Pesan ini sudah pernah diterima.", "This message was received before.", ask),
	entry(VersionLower, "Versi data lebih rendah dari yang sudah diterima.", "The version is lower than the one already received.", ask),
	entry(Expired, "Masa berlaku data sudah lewat.", "The record has expired.", again),
	entry(OfficeOther, "Data ini untuk Dinas lain.", "The record is for another Dinas.", ask),
	entry(Schema, "Bentuk data tidak sesuai.", "The record does not have the agreed shape.", ask),
	entry(PartMissing, "Ada bagian data yang tidak disertakan.", "A part of the record is missing.", again),
	entry(PartUndecodable, "Ada bagian data yang tidak dapat dibaca.", "A part of the record cannot be decoded.", again),
	entry(PartTooLarge, "Ada bagian data yang terlalu besar.", "A part of the record is too large.", ask),
	entry(NIKMalformed, "NIK tidak terdiri dari 16 angka.", "The NIK does not have 16 digits.", ask),
	entry(TextUnprintable, "Ada teks yang tidak dapat dicetak pada kartu.", "A text cannot be printed on the card.", ask),
	entry(PhotoBelowFloor, "Mutu foto di bawah batas.", "The photo is below the quality floor.", again),
	entry(FingerBelowMinimum, "Data sidik jari kurang dari batas.", "The finger record has too few minutiae.", again),
	entry(PersonHasSuccessor, "Orang ini sudah mempunyai kartu pengganti yang sedang dibuat.", "A successor card is already being made for this person.", ask),
}
