package ktp

import "strings"

// CardField is a value that a card tells of its holder: its label as the face has it, on every card in Indonesian, and what
// that means in English.
type CardField struct {
	Label, English string
	Of             func(Person) string
	Chip           bool // the chip alone has it, and only of who has one
}

// Told reports whether the card of a person tells it.
func (f CardField) Told(p Person) bool { return !f.Chip || f.Of(p) != "" }

// CardFields are all of them. Labels: the templates of the room artwork.
var CardFields = []CardField{
	{Label: "NIK", English: "NIK", Of: func(p Person) string { return p.NIK.Digits() }},
	{Label: "Nama", English: "Name", Of: func(p Person) string { return p.name() }},
	{Label: "Nama lain", English: "Other names", Of: func(p Person) string { return strings.Join(p.Names[min(1, len(p.Names)):], ", ") }, Chip: true},
	{Label: "Tempat/Tgl Lahir", English: "Place, date of birth", Of: Person.born},
	{Label: "Jenis Kelamin", English: "Sex", Of: func(p Person) string { return p.printed(Sexes, byte(p.Sex)) }},
	{Label: "Gol. Darah", English: "Blood type", Of: func(p Person) string { return p.printed(BloodTypes, byte(p.Blood)) }},
	{Label: "Alamat", English: "Address", Of: func(p Person) string { return p.Street }},
	{Label: "RT/RW", English: "RT/RW (neighborhood)", Of: Person.neighborhood},
	{Label: "Kel/Desa", English: "Village", Of: func(p Person) string { return p.Village }},
	{Label: "Kecamatan", English: "District", Of: func(p Person) string { return p.District }},
	{Label: "Kabupaten/Kota", English: "Regency or city", Of: func(p Person) string { return p.Regency }},
	{Label: "Provinsi", English: "Province", Of: func(p Person) string { return p.Province }},
	{Label: "Agama", English: "Religion", Of: func(p Person) string { return p.printed(Religions, byte(p.Religion)) }},
	{Label: "Status Perkawinan", English: "Marital status", Of: func(p Person) string { return p.printed(MaritalStatuses, byte(p.Marital)) }},
	{Label: "Pekerjaan", English: "Occupation", Of: func(p Person) string { return p.Occupation }},
	{Label: "Kewarganegaraan", English: "Citizenship", Of: func(p Person) string { return p.Citizenship }},
	{Label: "Berlaku Hingga", English: "Valid until", Of: func(p Person) string { return p.Validity }},
}

func (p Person) name() string {
	if len(p.Names) == 0 {
		return ""
	}
	return p.Names[0]
}

func (p Person) born() string {
	if p.BirthDate.IsZero() {
		return p.BirthPlace
	}
	return strings.TrimPrefix(p.BirthPlace+", "+p.BirthDate.Format(DateLayout), ", ")
}

func (p Person) neighborhood() string {
	if p.RT == "" && p.RW == "" {
		return ""
	}
	return p.RT + "/" + p.RW
}

// printed is a word as a card has it: those of foreign residents are in English. A code that no list knows is a dash.
func (p Person) printed(list []Word, code byte) string {
	w, known := Words(list, code)
	switch {
	case !known:
		return "-"
	case p.Foreign():
		return w.EN
	}
	return w.ID
}
