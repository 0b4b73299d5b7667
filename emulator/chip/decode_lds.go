package chip

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// CommonData is EF.COM (Doc 9303-10, 4.6.1).
type CommonData struct {
	LDSVersion     string `json:"lds_version"`
	UnicodeVersion string `json:"unicode_version"`
	Groups         []int  `json:"groups"` // data group numbers, as listed
}

func parseCOM(b []byte) (*CommonData, error) {
	body, err := unwrapTLV(b, 0x60)
	if err != nil {
		return nil, err
	}
	list, err := parseTLVs(body)
	if err != nil {
		return nil, err
	}
	c := &CommonData{Groups: []int{}}
	if len(list) != 3 || list[0].tag != 0x5F01 || list[1].tag != 0x5F36 || list[2].tag != 0x5C {
		return nil, errors.New("is not LDS version, Unicode version, tag list")
	}
	c.LDSVersion, c.UnicodeVersion = string(list[0].value), string(list[1].value)
	for _, tag := range list[2].value {
		n := slices.Index(dgTags[:], tag)
		if n < 0 {
			return nil, fmt.Errorf("lists unknown tag %02X", tag)
		}
		c.Groups = append(c.Groups, n+1)
	}
	return c, nil
}

// MRZ is DG1 of a TD1 document (Doc 9303-5): three lines of 30.
type MRZ struct {
	Lines          []string `json:"lines"`
	DocumentCode   string   `json:"document_code"`
	Issuer         string   `json:"issuer"`
	DocumentNumber string   `json:"document_number"` // here the NIK
	BirthDate      string   `json:"birth_date"`      // yymmdd
	Sex            string   `json:"sex"`
	Expiry         string   `json:"expiry"` // yymmdd; 991231 for lifetime
	Nationality    string   `json:"nationality"`
	Surname        string   `json:"surname"`
	GivenNames     string   `json:"given_names,omitempty"`
}

const mrzLine = 30

func parseDG1(b []byte) (*MRZ, error) {
	body, err := unwrapTLV(b, 0x61)
	if err != nil {
		return nil, err
	}
	text, err := unwrapTLV(body, 0x5F1F)
	if err != nil {
		return nil, err
	}
	if len(text) != 3*mrzLine {
		return nil, fmt.Errorf("MRZ of %d characters instead of 90", len(text))
	}
	for _, c := range text {
		if mrzValue(c) < 0 {
			return nil, fmt.Errorf("MRZ holds character %02X", c)
		}
	}
	one, two, three := string(text[:mrzLine]), string(text[mrzLine:2*mrzLine]), string(text[2*mrzLine:])
	trim := func(s string) string { return strings.TrimRight(s, "<") }
	m := &MRZ{
		Lines: []string{one, two, three}, DocumentCode: trim(one[:2]), Issuer: trim(one[2:5]),
		BirthDate: two[:6], Sex: trim(two[7:8]), Expiry: two[8:14], Nationality: trim(two[15:18]),
	}
	number, check := trim(one[5:14]), one[14]
	if check == '<' { // long number: the rest and its check digit start the optional field
		rest, _, _ := strings.Cut(one[15:], "<")
		if len(rest) < 2 {
			return m, errors.New("the long document number has no end")
		}
		number, check = number+rest[:len(rest)-1], rest[len(rest)-1]
	}
	m.DocumentNumber = number
	names := strings.SplitN(trim(three), "<<", 2)
	m.Surname = strings.ReplaceAll(names[0], "<", " ")
	if len(names) == 2 {
		m.GivenNames = strings.ReplaceAll(names[1], "<", " ")
	}
	for _, c := range []struct {
		what, over string
		got        byte
	}{
		{"document number", number, check},
		{"birth date", two[:6], two[6]},
		{"expiry", two[8:14], two[14]},
		{"composite", one[5:30] + two[0:7] + two[8:15] + two[18:29], two[29]},
	} {
		if want := mrzCheck(c.over); c.got != want {
			return m, fmt.Errorf("check digit of the %s is %c instead of %c", c.what, c.got, want)
		}
	}
	return m, nil
}

// mrzValue is the value of a character for the check digit; -1 where none is allowed.
func mrzValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	case c == '<':
		return 0
	}
	return -1
}

// mrzCheck is the check digit of Doc 9303-3, 4.9: weights 7, 3, 1, modulo 10.
func mrzCheck(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += mrzValue(s[i]) * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}

// Details are DG11 and DG12, personal and document details (Doc 9303-10, 4.7.11, 4.7.12). On a
// small chip DG11 holds those of DG12 too.
type Details struct {
	Name           string   `json:"name,omitempty"`            // 5F0E
	OtherNames     []string `json:"other_names,omitempty"`     // 5F0F
	PersonalNumber string   `json:"personal_number,omitempty"` // 5F10
	BirthDate      string   `json:"birth_date,omitempty"`      // 5F2B, yyyymmdd
	BirthPlace     []string `json:"birth_place,omitempty"`     // 5F11
	Address        []string `json:"address,omitempty"`         // 5F42
	Profession     string   `json:"profession,omitempty"`      // 5F13
	Authority      string   `json:"authority,omitempty"`       // 5F19
	IssueDate      string   `json:"issue_date,omitempty"`      // 5F26, yyyymmdd
	PersonalizedAt string   `json:"personalized_at,omitempty"` // 5F55, yyyymmddhhmmss
	Station        string   `json:"station,omitempty"`         // 5F56
	Other          []Field  `json:"other,omitempty"`
}

func parseDG11(b []byte) (*Details, error) { return parseDetails(b, 0x6B) }

func parseDG12(b []byte) (*Details, error) { return parseDetails(b, 0x6C) }

func parseDetails(b []byte, tag uint16) (*Details, error) {
	body, err := unwrapTLV(b, tag)
	if err != nil {
		return nil, err
	}
	list, err := parseTLVs(body)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0].tag != 0x5C {
		return nil, errors.New("has no tag list")
	}
	d := &Details{}
	seen := map[uint16]bool{}
	if err := d.read(list[1:], seen); err != nil {
		return d, err
	}
	for tags := list[0].value; len(tags) > 0; {
		t := uint16(tags[0])
		tags = tags[1:]
		if t&0x1F == 0x1F && len(tags) > 0 {
			t, tags = t<<8|uint16(tags[0]), tags[1:]
		}
		if !seen[t] {
			return d, fmt.Errorf("lists tag %X, which it does not hold", t)
		}
	}
	return d, nil
}

func (d *Details) read(list []tlv, seen map[uint16]bool) error {
	texts := map[uint16]*string{
		0x5F0E: &d.Name, 0x5F10: &d.PersonalNumber, 0x5F13: &d.Profession, 0x5F19: &d.Authority, 0x5F56: &d.Station,
	}
	lists := map[uint16]*[]string{0x5F11: &d.BirthPlace, 0x5F42: &d.Address}
	dates := map[uint16]struct {
		to     *string
		digits int
	}{0x5F2B: {&d.BirthDate, 8}, 0x5F26: {&d.IssueDate, 8}, 0x5F55: {&d.PersonalizedAt, 14}}
	for _, t := range list {
		repeated := seen[t.tag]
		seen[t.tag] = true
		if t.tag == 0xA0 {
			inner, err := parseTLVs(t.value)
			if err != nil {
				return err
			}
			if err := d.read(inner, seen); err != nil {
				return err
			}
			continue
		}
		if t.tag == 0x02 { // number of 5F0F in A0
			continue
		}
		if repeated && t.tag != 0x5F0F {
			return fmt.Errorf("tag %X twice", t.tag)
		}
		if date, ok := dates[t.tag]; ok {
			digits, err := decodeDigits(t.value, date.digits)
			if err != nil {
				return fmt.Errorf("tag %X: %w", t.tag, err)
			}
			*date.to = digits
			continue
		}
		if !utf8.Valid(t.value) {
			return fmt.Errorf("tag %X is not UTF-8", t.tag)
		}
		s := string(t.value)
		switch {
		case texts[t.tag] != nil:
			*texts[t.tag] = s
		case lists[t.tag] != nil:
			*lists[t.tag] = strings.Split(s, "<")
		case t.tag == 0x5F0F:
			d.OtherNames = append(d.OtherNames, s)
		default:
			d.Other = append(d.Other, Field{Tag: fmt.Sprintf("%X", t.tag), Text: s})
		}
	}
	return nil
}

// decodeDigits reads n digits written as text or as packed BCD; both are in the field.
func decodeDigits(b []byte, n int) (string, error) {
	s := string(b)
	if len(b) == n/2 {
		s = hex.EncodeToString(b)
	}
	if len(s) != n || strings.Trim(s, "0123456789") != "" {
		return "", fmt.Errorf("is not %d digits", n)
	}
	return s, nil
}

// Field is one value of a file without a fixed list of tags.
type Field struct {
	Tag  string `json:"tag"` // hex
	Text string `json:"text,omitempty"`
	Hex  string `json:"hex,omitempty"` // where the value is not UTF-8
}

// maxNesting bounds the depth of constructed values in EF.BIO.
const maxNesting = 4

// parseFields lists the primitive values of a TLV file in their order (EF.BIO, national
// biodata, UTF-8).
func parseFields(b []byte) ([]Field, error) { return appendFields(nil, b, maxNesting) }

func appendFields(to []Field, b []byte, depth int) ([]Field, error) {
	list, err := parseTLVs(b)
	if err != nil {
		return to, err
	}
	for _, t := range list {
		switch {
		case t.constructed() && depth == 0:
			return to, errors.New("nested too deep")
		case t.constructed():
			if to, err = appendFields(to, t.value, depth-1); err != nil {
				return to, err
			}
		case utf8.Valid(t.value):
			to = append(to, Field{Tag: fmt.Sprintf("%X", t.tag), Text: string(t.value)})
		default:
			to = append(to, Field{Tag: fmt.Sprintf("%X", t.tag), Hex: hex.EncodeToString(t.value)})
		}
	}
	return to, nil
}
