package paper

import (
	"strings"

	"blanko/ktp"
)

// OnCard are the values of a person as the card shows them.
func OnCard(p ktp.Person) []Line { return personOnCard(p) }

// personOnCard are the values of a person as the card shows them, label and value (the order of the
// card face).
func personOnCard(p ktp.Person) []Line {
	word := func(list []ktp.Word, code byte) string {
		w, ok := ktp.Words(list, code)
		switch {
		case !ok:
			return "-"
		case p.Foreign():
			return w.EN
		}
		return w.ID
	}
	place := p.BirthPlace
	if !p.BirthDate.IsZero() {
		place = strings.TrimPrefix(place+", "+shortDate(p.BirthDate), ", ")
	}
	rtrw := ""
	if p.RT != "" || p.RW != "" {
		rtrw = p.RT + "/" + p.RW
	}
	name := ""
	if len(p.Names) > 0 {
		name = p.Names[0]
	}
	return []Line{
		{"NIK", p.NIK.Digits()},
		{"Nama", name},
		{"Tempat/Tgl Lahir", place},
		{"Jenis Kelamin", word(ktp.Sexes, byte(p.Sex))},
		{"Gol. Darah", word(ktp.BloodTypes, byte(p.Blood))},
		{"Alamat", p.Street},
		{"RT/RW", rtrw},
		{"Kel/Desa", p.Village},
		{"Kecamatan", p.District},
		{"Kabupaten/Kota", p.Regency},
		{"Provinsi", p.Province},
		{"Agama", word(ktp.Religions, byte(p.Religion))},
		{"Status Perkawinan", word(ktp.MaritalStatuses, byte(p.Marital))},
		{"Pekerjaan", p.Occupation},
		{"Kewarganegaraan", p.Citizenship},
		{"Berlaku Hingga", p.Validity},
	}
}

// checkPerson refuses a person without number, name and birth, or with what cannot be printed.
func checkPerson(field string, p ktp.Person) error {
	name := ""
	if len(p.Names) > 0 {
		name = p.Names[0]
	}
	return first(
		isNIK(field+".nik", p.NIK), printable(field+".name", name, true),
		printable(field+".birthPlace", p.BirthPlace, true), given(field+".birthDate", p.BirthDate),
		printable(field+".street", p.Street, false), printable(field+".rt", p.RT, false), printable(field+".rw", p.RW, false),
		printable(field+".village", p.Village, false), printable(field+".district", p.District, false),
		printable(field+".regency", p.Regency, false), printable(field+".province", p.Province, false),
		printable(field+".occupation", p.Occupation, false), printable(field+".citizenship", p.Citizenship, false),
		printable(field+".validity", p.Validity, false), printable(field+".familyCard", p.FamilyCard, false),
	)
}
