package inspect

import (
	"slices"
	"time"

	"blanko/chipdata"
	"blanko/ktp"
)

// Person is what the card says about its holder. Whether it is true is what the examination says.
// Formatting it with fmt shows nothing of it; its JSON shows all.
type Person struct {
	NIK         string      `json:"nik,omitempty"`
	Names       []string    `json:"names,omitempty"` // full name first
	BirthPlace  string      `json:"birth_place,omitempty"`
	BirthDate   string      `json:"birth_date,omitempty"` // yyyy-mm-dd
	Sex         string      `json:"sex,omitempty"`        // M or F
	Street      string      `json:"street,omitempty"`
	RTRW        string      `json:"rt_rw,omitempty"`
	Village     string      `json:"village,omitempty"`
	District    string      `json:"district,omitempty"`
	Regency     string      `json:"regency,omitempty"`  // with the SAM key only
	Province    string      `json:"province,omitempty"` // with the SAM key only
	Religion    string      `json:"religion,omitempty"` // Indonesian word
	Marital     string      `json:"marital_status,omitempty"`
	Blood       string      `json:"blood_type,omitempty"`
	Occupation  string      `json:"occupation,omitempty"`
	Nationality string      `json:"nationality,omitempty"` // three letters
	Validity    string      `json:"validity,omitempty"`
	MRZ         []string    `json:"mrz,omitempty"` // three lines
	Fingers     []string    `json:"fingers,omitempty"`
	Exceptions  []string    `json:"finger_exceptions,omitempty"` // fingers that are not on the card
	Portrait    *PictureOf  `json:"portrait,omitempty"`
	Signature   *PictureOf  `json:"signature,omitempty"`
	Issue       *IssueFacts `json:"issue,omitempty"`
}

// PictureOf is a picture as it stands on the chip.
type PictureOf struct {
	MIME   string `json:"mime"` // image/jp2, image/j2c or image/jpeg
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Data   []byte `json:"data"`
}

// IssueFacts is who made the card, and when.
type IssueFacts struct {
	Authority      string    `json:"authority,omitempty"`
	IssueDate      string    `json:"issue_date"` // yyyy-mm-dd
	PersonalizedAt time.Time `json:"personalized_at"`
	Station        string    `json:"station"`
}

// String never shows the person.
func (Person) String() string { return "Person(redacted)" }

// GoString never shows the person.
func (p Person) GoString() string { return p.String() }

// String never shows the picture.
func (PictureOf) String() string { return "PictureOf(redacted)" }

// GoString never shows the picture.
func (p PictureOf) GoString() string { return p.String() }

// person gathers what the files that were read say. A file that cannot be read adds nothing; nil:
// none said anything.
func (i *inspection) person() *Person {
	var p Person
	said := false
	for _, read := range []func(*Person) bool{i.fromZone, i.fromDetails, i.fromManifest, i.fromBiodata, i.fromPictures, i.fromFingers, i.fromIssue} {
		said = read(&p) || said
	}
	if !said {
		return nil
	}
	return &p
}

func (i *inspection) fromZone(p *Person) bool {
	data, ok := i.file(chipdata.BuildDG1)
	if !ok {
		return false
	}
	z, err := chipdata.ParseDG1(data)
	if err != nil {
		return false
	}
	p.NIK, p.Nationality, p.MRZ = z.DocumentNumber, z.Nationality, z.Lines[:]
	if z.Sex == byte(ktp.Male) || z.Sex == byte(ktp.Female) {
		p.Sex = string(rune(z.Sex))
	}
	return true
}

func (i *inspection) fromDetails(p *Person) bool {
	data, ok := i.details()
	if !ok {
		return false
	}
	d, err := chipdata.ParseDG11(data)
	if err != nil {
		return false
	}
	p.NIK, p.Names, p.BirthPlace, p.BirthDate = d.NIK, d.Names, d.BirthPlace, d.BirthDate.Format(time.DateOnly)
	p.Street, p.RTRW, p.Village, p.District, p.Occupation = d.Street, d.RTRW, d.Village, d.District, d.Occupation
	if d.Issue != nil {
		p.Issue = issueFacts(*d.Issue)
	}
	return true
}

func (i *inspection) fromManifest(p *Person) bool {
	data, ok := i.file(chipdata.BuildDG13)
	if !ok {
		return false
	}
	m, err := chipdata.ParseDG13(data)
	if err != nil {
		return false
	}
	p.Religion, p.Marital, p.Blood = wordOf(ktp.Religions, byte(m.Religion)), wordOf(ktp.MaritalStatuses, byte(m.Marital)), wordOf(ktp.BloodTypes, byte(m.Blood))
	p.Nationality, p.Validity = m.Nationality, m.Validity
	for _, x := range m.Exceptions {
		p.Exceptions = append(p.Exceptions, x.Finger.String())
	}
	return true
}

func wordOf(list []ktp.Word, code byte) string {
	w, _ := ktp.Words(list, code)
	return w.ID
}

func (i *inspection) fromBiodata(p *Person) bool {
	data, ok := i.file(chipdata.BuildBIO)
	if !ok {
		return false
	}
	b, err := chipdata.ParseBIO(data)
	if err != nil {
		return false
	}
	p.Regency, p.Province = b.Regency, b.Province
	if len(p.Names) == 0 {
		p.Names = []string{b.Name}
	}
	return true
}

func (i *inspection) fromPictures(p *Person) bool {
	if data, ok := i.file(chipdata.BuildDG2); ok {
		if f, err := chipdata.ParseDG2(data); err == nil {
			p.Portrait = &PictureOf{MIME: f.MIME, Width: f.Width, Height: f.Height, Data: slices.Clone(f.Image)}
		}
	}
	if data, ok := i.file(chipdata.BuildDG7); ok {
		if img, mime, err := chipdata.ParseDG7(data); err == nil {
			p.Signature = &PictureOf{MIME: mime, Data: slices.Clone(img)}
		}
	}
	return p.Portrait != nil || p.Signature != nil
}

func (i *inspection) fromFingers(p *Person) bool {
	for _, b := range []chipdata.Builder{chipdata.BuildFinger1, chipdata.BuildFinger2} {
		if data, ok := i.file(b); ok {
			if f, err := chipdata.ParseFingerFile(data); err == nil {
				p.Fingers = append(p.Fingers, f.Finger.String())
			}
		}
	}
	return len(p.Fingers) > 0
}

func (i *inspection) fromIssue(p *Person) bool {
	data, ok := i.file(chipdata.BuildDG12)
	if !ok {
		return false
	}
	d, err := chipdata.ParseDG12(data)
	if err != nil {
		return false
	}
	p.Issue = issueFacts(d)
	return true
}

func issueFacts(d chipdata.IssueDetails) *IssueFacts {
	return &IssueFacts{Authority: d.Authority, IssueDate: d.IssueDate.Format(time.DateOnly), PersonalizedAt: d.PersonalizedAt, Station: d.Station}
}
