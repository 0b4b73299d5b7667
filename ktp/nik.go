package ktp

import (
	"fmt"
	"time"
)

// NIK is the resident's number: 16 digits PPKKCC DDMMYY SSSS, day plus 40 for women,
// no check digit. It never changes, also when the birth date is corrected, so its parts
// may rightly differ from the record. Formatting it with fmt masks it; Digits gives it whole.
type NIK string

// ParseNIK accepts exactly 16 digits and nothing else.
func ParseNIK(s string) (NIK, error) {
	if len(s) != 16 {
		return "", fmt.Errorf("a NIK has 16 digits, this has %d characters", len(s))
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", fmt.Errorf("a NIK has digits only, character %d is none", i+1)
		}
	}
	return NIK(s), nil
}

// Digits is the number in full. It is personal data: never for a log or an error.
func (n NIK) Digits() string { return string(n) }

// String masks all but the province and the last two digits.
func (n NIK) String() string {
	if len(n) != 16 {
		return "NIK(invalid)"
	}
	return string(n[:2]) + "************" + string(n[14:])
}

// GoString masks like String.
func (n NIK) GoString() string { return n.String() }

// District is the kecamatan of first registration as PP.KK.CC.
func (n NIK) District() string { return string(n[:2] + "." + n[2:4] + "." + n[4:6]) }

// Warnings lists where the NIK disagrees with the record or the region list. None of them
// is ever a reason to refuse.
func (n NIK) Warnings(birth time.Time, sex Sex, knownDistrict func(code string) bool) []string {
	var out []string
	two := func(at int) int { return int(n[at]-'0')*10 + int(n[at+1]-'0') }
	day, month, year := two(6), two(8), two(10)
	woman := day > 40
	if woman {
		day -= 40
	}
	d := time.Date(2000+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	c := time.Date(1900+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if (d.Day() != day || int(d.Month()) != month) && (c.Day() != day || int(c.Month()) != month) {
		out = append(out, "nik_date_impossible")
	} else if birth.Day() != day || int(birth.Month()) != month || birth.Year()%100 != year {
		out = append(out, "nik_date_differs")
	}
	if woman != (sex == Female) {
		out = append(out, "nik_sex_differs")
	}
	if knownDistrict != nil && !knownDistrict(n.District()) {
		out = append(out, "nik_region_unknown")
	}
	if n[12:] == "0000" {
		out = append(out, "nik_serial_zero")
	}
	return out
}
