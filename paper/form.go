package paper

import (
	"strings"

	"blanko/ktp"
)

// Choice is a line of a form with its box.
type Choice struct {
	Text   string
	Ticked bool
}

// Form is the application form of the card: the part of form F-1.02 (Permendagri 109/2019,
// registration of civil events) that asks for a KTP-el. Types and requirements are those of the
// service standard in force. Without a person it is the blank form, which needs no number and no
// code.
type Form struct {
	Heading
	Person       *ktp.Person // nil: blank
	Phone, Email string
	Place        string // where it is handed in
	Types        []Choice
	Requirements []Choice
	Free         string // what the standard says of the fee: Penerbitan KTP-el tidak dipungut biaya (gratis)
}

// ApplicationForm draws form F-1.02, blank or filled in. Error: paper.content_invalid with the field.
func ApplicationForm(f Form) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	name := "Formulir F-1.02"
	return compose(f.Heading, name, func(s *sheet) {
		f.opening(s)
		f.applicant(s)
		s.section("II.  Jenis permohonan KTP-el (pilih satu)")
		s.choices(f.Types, 2)
		s.section("III.  Persyaratan yang dilampirkan")
		s.choices(f.Requirements, 2)
		f.closing(s)
	})
}

func (f Form) check() error {
	if f.Person == nil {
		if err := first(
			f.Office.check(), given("at", f.At), printable("number", f.Number, false), printable("code", f.Code, false), printable("link", f.Link, false),
		); err != nil {
			return err
		}
	} else if err := first(
		f.Heading.check(), checkPerson("person", *f.Person), printable("phone", f.Phone, false), printable("email", f.Email, false),
	); err != nil {
		return err
	}
	if err := first(printable("place", f.Place, false), printable("free", f.Free, false)); err != nil {
		return err
	}
	return first(checkChoices("types", f.Types), checkChoices("requirements", f.Requirements))
}

func checkChoices(field string, list []Choice) error {
	if len(list) == 0 {
		return contentInvalid.At("paper.Form", nil).With(field, "a form offers at least one")
	}
	for i, c := range list {
		if err := printable(indexed(field, i), c.Text, true); err != nil {
			return err
		}
	}
	return nil
}

func (f Form) opening(s *sheet) {
	const title = "FORMULIR PENDAFTARAN PERISTIWA KEPENDUDUKAN"
	const side, boxed = 20.0, 20.0
	right := pageWidth - margin
	top := s.y
	if f.Code != "" {
		link := f.Link
		if link == "" {
			link = f.Code
		}
		if err := s.code(link, right-side, top, side); err != nil {
			s.failed = err
			return
		}
		s.right(right, top+side+4, "B", 7, inkBlack, f.Code)
		right -= side + 5
	}
	s.frame(right-boxed, top-0.5, boxed, 7.5, 0.4, inkBlack)
	s.center(right-boxed/2, top+4.8, "B", 11, inkBlack, "F-1.02")
	s.fitted(margin, top-0.4, right-boxed-margin-3, 6.5, "B", 13, inkBlack, title)
	s.text(margin, top+9.6, "", 9, inkGray, "Permohonan KTP-el. Diisi dengan huruf cetak, satu formulir untuk satu orang.")
	s.y += 13
	if f.Code == "" {
		return
	}
	s.rows([][2]string{{"Nomor", f.Number}, {"Dicetak", dateTime(f.At)}, {"Tempat", f.Place}}, right-margin)
	s.y = max(s.y, top+side+5) + 2
}

// applicant is the first part, with a box for each digit of the numbers.
func (f Form) applicant(s *sheet) {
	s.section("I.  Data pemohon")
	var p ktp.Person
	value := map[string]string{}
	if f.Person != nil {
		p = *f.Person
		for _, l := range OnCard(p) {
			value[l.Label] = l.Value
		}
	}
	s.comb("NIK", p.NIK.Digits(), numberBoxes)
	s.comb("Nomor Kartu Keluarga", p.FamilyCard, numberBoxes)
	s.blankLine("Nama lengkap", value["Nama"])
	s.blankLine("Tempat/Tgl Lahir", value["Tempat/Tgl Lahir"])
	s.blankLine("Alamat", value["Alamat"])
	s.blankPair(Line{"RT/RW", value["RT/RW"]}, Line{"Kel/Desa", value["Kel/Desa"]})
	s.blankPair(Line{"Kecamatan", value["Kecamatan"]}, Line{"Kabupaten/Kota", value["Kabupaten/Kota"]})
	s.blankPair(Line{"Telepon", f.Phone}, Line{"Surel", f.Email})
	s.y += 2
}

// numberBoxes: NIK and family card have 16 digits.
const numberBoxes = 16

const (
	formLabel = 40.0
	formLine  = 6.7
)

// comb is a number with a box for each digit.
func (s *sheet) comb(label, value string, boxes int) {
	const side = 6.0
	s.room(formLine)
	s.text(margin, s.y+4.4, "", 9, inkGray, label)
	for i := range boxes {
		x := margin + formLabel + float64(i)*side
		s.frame(x, s.y, side, side, 0.2, inkGray)
		if i < len(value) {
			s.center(x+side/2, s.y+4.4, "B", 10, inkBlack, value[i:i+1])
		}
	}
	s.y += formLine
}

// blankLine is a label and a line to write on, with its value where there is one.
func (s *sheet) blankLine(label, value string) {
	s.room(formLine)
	s.blank(margin, formLabel, textWidth-formLabel, Line{label, value})
	s.y += formLine
}

// blankPair are two such lines side by side.
func (s *sheet) blankPair(left, right Line) {
	const second, label = 106.0, 26.0
	s.room(formLine)
	s.blank(margin, formLabel, second-formLabel-4, left)
	s.blank(margin+second, label, textWidth-second-label, right)
	s.y += formLine
}

func (s *sheet) blank(x, label, width float64, l Line) {
	s.text(x, s.y+4.4, "", 9, inkGray, l.Label)
	s.fitted(x+label+1, s.y, width-1, formLine-1.4, "B", 9.5, inkBlack, l.Value)
	s.rule(x+label, s.y+formLine-1.2, width, 0.15, inkGray)
}

// choices are boxes with their text, in columns.
func (s *sheet) choices(list []Choice, columns int) {
	const size, pitch = 9.0, 4.2
	width := textWidth / float64(columns)
	for from := 0; from < len(list); from += columns {
		line := list[from:min(from+columns, len(list))]
		texts, tall := make([][]string, len(line)), 1
		for i, c := range line {
			texts[i] = s.wrap("", size, width-8, c.Text)
			tall = max(tall, len(texts[i]))
		}
		s.room(float64(tall)*pitch + 1.6)
		for i, c := range line {
			x := margin + float64(i)*width
			s.box(x, s.y, c.Ticked)
			for n, l := range texts[i] {
				s.text(x+5.4, s.y+2.9+float64(n)*pitch, "", size, inkBlack, l)
			}
		}
		s.y += float64(tall)*pitch + 1.6
	}
	s.y += 2
}

// closing is the applicant's word, and what the office fills in.
func (f Form) closing(s *sheet) {
	s.room(32 + signBox)
	s.prose("", inkBlack, strings.TrimSpace("Data pada formulir ini saya isi dengan sebenarnya, dan berkas yang dilampirkan adalah benar. "+f.Free))
	s.section("Diisi petugas")
	s.blankPair(Line{"Daftar wajib KTP", ""}, Line{"Tanda terima", ""})
	applicant := signer{role: "Pemohon", plain: true}
	if f.Person != nil {
		applicant.name = f.Person.Names[0]
	}
	s.signatures("", applicant, signer{role: "Petugas Pelayanan"})
}
