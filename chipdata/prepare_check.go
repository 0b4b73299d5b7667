package chipdata

import (
	"bytes"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"blanko/ktp"
)

// checkCodec refuses a codec that the profile does not allow for its picture files.
func checkCodec(p *Profile, codec Codec) error {
	const op = "chipdata.checkCodec"
	if codec == nil {
		return codecNotAllowed.At(op, nil).With("codec", "there is none")
	}
	for _, f := range p.Files {
		if len(f.Codecs) > 0 && !slices.Contains(f.Codecs, codecName(codec.MIME())) {
			return codecNotAllowed.At(op, nil).With(f.Name, "%s is not one of %v", codec.MIME(), f.Codecs)
		}
	}
	return nil
}

// checkPerson holds the person's values against the rules of the files: complete, printable,
// bounded.
func checkPerson(p ktp.Person) error {
	const op = "chipdata.checkPerson"
	lacks := func(field, format string, args ...any) error {
		return recordIncomplete.At(op, nil).With(field, format, args...)
	}
	if _, err := ktp.ParseNIK(p.NIK.Digits()); err != nil {
		return recordIncomplete.At(op, err).With("nik", "is no NIK")
	}
	if len(p.Names) < 1 || len(p.Names) > 1+maxOtherNames {
		return lacks("names", "%d names, allowed are 1 to %d", len(p.Names), 1+maxOtherNames)
	}
	values := []struct{ field, value string }{
		{"birthPlace", p.BirthPlace},
		{"street", p.Street},
		{"village", p.Village},
		{"district", p.District},
		{"regency", p.Regency},
		{"province", p.Province},
		{"occupation", p.Occupation},
		{"validity", p.Validity},
	}
	for i, n := range p.Names {
		values = append(values, struct{ field, value string }{fmt.Sprintf("names[%d]", i), n})
	}
	for _, v := range values {
		if v.value == "" || len(v.value) > maxText {
			return lacks(v.field, "%d bytes, allowed are 1 to %d", len(v.value), maxText)
		}
		if err := ktp.CheckText(v.value); err != nil {
			return textUnprintable.At(op, err).With(v.field, "cannot be written to the chip")
		}
	}
	for field, v := range map[string]string{"rt": p.RT, "rw": p.RW} {
		if len(v) != 3 || !digitsOnly(v) {
			return lacks(field, "is not three digits")
		}
	}
	if p.BirthDate.IsZero() || p.BirthDate.Year() < 1900 || p.BirthDate.Year() > 9999 {
		return lacks("birthDate", "is missing or no date of a resident")
	}
	if len(p.Nationality) != stateSize || !letters(p.Nationality) {
		return lacks("nationality", "is not three letters as in the machine readable zone")
	}
	for _, c := range []struct {
		field string
		list  []ktp.Word
		code  byte
	}{{"religion", ktp.Religions, byte(p.Religion)}, {"maritalStatus", ktp.MaritalStatuses, byte(p.Marital)}, {"bloodType", ktp.BloodTypes, byte(p.Blood)}} {
		if _, ok := ktp.Words(c.list, c.code); !ok && c.code != ktp.UnknownCode {
			return lacks(c.field, "code %d is in no list", c.code)
		}
	}
	if p.Sex != ktp.Male && p.Sex != ktp.Female {
		return lacks("sex", "is neither M nor F")
	}
	_, err := mrzOf(p)
	return err
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// letters reports whether s is capital letters, with fillers of the zone at the end.
func letters(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c != '<' || i == 0) {
			return false
		}
	}
	return true
}

// maxSerial bounds the station's serial, bytes.
const maxSerial = 64

func checkIssuance(p *Profile, is Issuance) error {
	const op = "chipdata.checkIssuance"
	lacks := func(field, reason string) error {
		return recordIncomplete.At(op, nil).With("issuance."+field, "%s", reason)
	}
	if _, ok := p.File(BuildDG12); ok && (is.Authority == "" || len(is.Authority) > maxText || !utf8.ValidString(is.Authority)) {
		return lacks("authority", "is empty, too long or not UTF-8")
	}
	switch {
	case is.Station == "" || len(is.Station) > maxSerial || !utf8.ValidString(is.Station):
		return lacks("station", "is empty, too long or not UTF-8")
	case !writable(is.IssueDate):
		return lacks("issueDate", "is missing")
	case !writable(is.PersonalizedAt):
		return lacks("personalizedAt", "is missing")
	}
	return nil
}

// writable reports whether a date has the four digits of a year that the chip has room for.
func writable(t time.Time) bool { return !t.IsZero() && t.Year() >= 1900 && t.Year() <= 9999 }

// exception is the A2 entry of a default finger that is not on the card; ok is false for one that is.
func exception(r ktp.Record, finger ktp.Finger) (x ktp.FingerException, ok bool) {
	for _, s := range r.Fingers {
		if s.Finger == finger {
			return x, false
		}
	}
	for _, e := range r.Exceptions {
		if e.Finger == finger {
			return e, true
		}
	}
	return ktp.FingerException{Finger: finger}, true
}

// checkFingers holds the delivered records against the rule of 60 and 40 and the exceptions.
func checkFingers(p *Profile, r ktp.Record) error {
	const op = "chipdata.checkFingers"
	bad := func(field, format string, args ...any) error {
		return fingerUnusable.At(op, nil).With(field, format, args...)
	}
	if a, b := r.Fingers[0], r.Fingers[1]; !a.Empty() && a.Finger == b.Finger {
		return bad("fingers", "both slots hold the same finger")
	}
	for slot, s := range r.Fingers {
		if s.Empty() {
			continue
		}
		counts := [2]int{}
		for i, c := range []struct {
			name   string
			record []byte
			most   int
		}{{"60", s.Best60, p.Minutiae.Most}, {"40", s.Best40, p.Minutiae.Least}} {
			field := fmt.Sprintf("fingers[%d].%s", slot, c.name)
			finger, count, reason := fingerRecord(c.record)
			switch {
			case reason != "":
				return bad(field, "%s", reason)
			case finger != s.Finger:
				return bad(field, "the record is of finger %d, the slot of finger %d", finger, s.Finger)
			case count < 1 || count > c.most:
				return bad(field, "%d minutiae, allowed are 1 to %d", count, c.most)
			}
			counts[i] = count
		}
		if counts[0] <= p.Minutiae.Least && !bytes.Equal(s.Best60, s.Best40) {
			return bad(fmt.Sprintf("fingers[%d]", slot), "a finger of at most %d minutiae has one record, two different ones came", p.Minutiae.Least)
		}
	}
	for _, finger := range DefaultFingers {
		if x, missing := exception(r, finger); missing && (x.Reason < ktp.FingerMissing || x.Reason > ktp.FingerOther) {
			return bad("exceptions", "%s is not on the card and no reason is given", finger)
		}
	}
	return nil
}
