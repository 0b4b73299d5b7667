package chipdata

import (
	"time"

	"blanko/ktp"
)

// Biodata is EF.BIO: the fields of the card face for readers with a SAM, each a TLV in UTF-8.
// Formatting it with fmt shows nothing of it.
//
//	7E L { 80 NIK  81 name  82 birthplace  83 birth date YYYYMMDD  84 sex M or F
//	       85 street  86 RT/RW  87 village  88 district  89 regency  8A province
//	       8B religion  8C marital status  8D blood group: one byte each, code of the value list, FF unknown
//	       8E occupation  8F nationality, three letters  90 validity }
type Biodata struct {
	NIK         string
	Name        string
	BirthPlace  string
	BirthDate   time.Time // midnight UTC
	Sex         ktp.Sex
	Street      string
	RTRW        string
	Village     string
	District    string
	Regency     string
	Province    string
	Religion    ktp.Religion
	Marital     ktp.MaritalStatus
	Blood       ktp.BloodType
	Occupation  string
	Nationality string
	Validity    string
}

// String never shows the person.
func (Biodata) String() string { return "Biodata(redacted)" }

// GoString never shows the person.
func (b Biodata) GoString() string { return b.String() }

const (
	tagBiodata  = 0x7E
	tagBioFirst = 0x80
	bioFields   = 17
)

// biodataOf takes a person's fields for EF.BIO.
func biodataOf(p ktp.Person) Biodata {
	return Biodata{
		NIK: p.NIK.Digits(), Name: p.Names[0], BirthPlace: p.BirthPlace, BirthDate: p.BirthDate, Sex: p.Sex,
		Street: p.Street, RTRW: p.RT + "/" + p.RW, Village: p.Village, District: p.District, Regency: p.Regency,
		Province: p.Province, Religion: p.Religion, Marital: p.Marital, Blood: p.Blood, Occupation: p.Occupation,
		Nationality: p.Nationality, Validity: p.Validity,
	}
}

// EncodeBIO writes EF.BIO.
func EncodeBIO(d Biodata) []byte {
	fields := [bioFields][]byte{
		[]byte(d.NIK), []byte(d.Name), []byte(d.BirthPlace), []byte(d.BirthDate.Format(ldsDate)),
		{byte(d.Sex)},
		[]byte(d.Street), []byte(d.RTRW), []byte(d.Village), []byte(d.District), []byte(d.Regency), []byte(d.Province),
		{byte(d.Religion)},
		{byte(d.Marital)},
		{byte(d.Blood)},
		[]byte(d.Occupation), []byte(d.Nationality), []byte(d.Validity),
	}
	var b []byte
	for i, f := range fields {
		b = AppendTLV(b, tagBioFirst+uint16(i), f...)
	}
	return AppendTLV(nil, tagBiodata, b...)
}

// ParseBIO reads EF.BIO.
func ParseBIO(b []byte) (Biodata, error) {
	const op, file = "chipdata.ParseBIO", "EF.BIO"
	body, err := only(b, tagBiodata)
	if err != nil {
		return Biodata{}, inFile(op, file, err)
	}
	tags := make([]uint16, bioFields)
	for i := range tags {
		tags[i] = tagBioFirst + uint16(i)
	}
	f, err := sequence(body, tags...)
	if err != nil {
		return Biodata{}, inFile(op, file, err)
	}
	var d Biodata
	nik, err := ktp.ParseNIK(string(f[0]))
	if err != nil {
		return Biodata{}, inFile(op, file, err)
	}
	d.NIK = nik.Digits()
	if d.BirthDate, err = time.Parse(ldsDate, string(f[3])); err != nil || d.BirthDate.Format(ldsDate) != string(f[3]) {
		return Biodata{}, malformed(op, file, "the birth date is no date")
	}
	for _, s := range []struct {
		at   int
		into *string
	}{
		{1, &d.Name},
		{2, &d.BirthPlace},
		{5, &d.Street},
		{6, &d.RTRW},
		{7, &d.Village},
		{8, &d.District},
		{9, &d.Regency},
		{10, &d.Province},
		{14, &d.Occupation},
		{15, &d.Nationality},
		{16, &d.Validity},
	} {
		if *s.into, err = text(f[s.at]); err != nil {
			return Biodata{}, inFile(op, file, err)
		}
	}
	for _, at := range []int{4, 11, 12, 13} {
		if len(f[at]) != 1 {
			return Biodata{}, malformed(op, file, "a code has %d bytes", len(f[at]))
		}
	}
	d.Sex, d.Religion, d.Marital, d.Blood = ktp.Sex(f[4][0]), ktp.Religion(f[11][0]), ktp.MaritalStatus(f[12][0]), ktp.BloodType(f[13][0])
	return d, nil
}
