package paper

import "blanko/ktp"

// OnCard are the values of a person as the face of the card shows them.
func OnCard(p ktp.Person) []Line {
	return linesOf(p, func(f ktp.CardField) bool { return !f.Chip })
}

// Signed are the values of a person that a resident confirms: those of the face, and those that the chip alone has.
func Signed(p ktp.Person) []Line {
	return linesOf(p, func(f ktp.CardField) bool { return f.Told(p) })
}

func linesOf(p ktp.Person, shown func(ktp.CardField) bool) (list []Line) {
	for _, f := range ktp.CardFields {
		if shown(f) {
			list = append(list, Line{f.Label, f.Of(p)})
		}
	}
	return list
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
