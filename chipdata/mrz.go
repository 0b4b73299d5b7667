package chipdata

import (
	"strings"
	"time"

	"blanko/ktp"
)

// The machine readable zone of a TD1 card: three lines of 30 characters (Doc 9303-5, 4.2).
const (
	mrzLine    = 30
	mrzLines   = 3
	mrzName    = 30 // characters of the name field, line 3
	mrzShort   = 9  // characters of the document number field, line 1
	mrzState   = "IDN"
	mrzDocType = "I<"
	mrzForever = "991231" // expiry of a card without one; the words stand in DG13
	mrzDate    = "060102"
)

// MRZ is DG1 taken apart. Formatting it with fmt shows nothing of it.
type MRZ struct {
	DocumentNumber string // the NIK
	State          string // issuing state, three letters
	BirthDate      string // YYMMDD
	Sex            byte   // M, F or <
	Expiry         string // YYMMDD
	Nationality    string
	Primary        string   // primary identifier, words separated by a space
	Secondary      []string // secondary identifier, word by word; possibly cut
	Lines          [mrzLines]string
}

// String never shows the person.
func (MRZ) String() string { return "MRZ(redacted)" }

// GoString never shows the person.
func (m MRZ) GoString() string { return m.String() }

// CheckDigit of a field of the zone (Doc 9303-3, 4.9): weights 7, 3, 1; a letter counts as 10 to
// 35, a filler as 0.
func CheckDigit(s string) byte {
	weights := [3]int{7, 3, 1}
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * weights[i%3]
	}
	return '0' + byte(sum%10)
}

func pad(s string, n int) string {
	if len(s) >= n {
		return s[:n]
	}
	return s + strings.Repeat("<", n-len(s))
}

// mrzOf is the text of the zone. The NIK is a long document number: nine digits, a filler in
// place of the check digit, seven digits, check digit, filler (Doc 9303-5, 4.2.2, note j).
// The birth date is always the true date, never the one in the NIK.
func mrzOf(p ktp.Person) ([mrzLines]string, error) {
	var lines [mrzLines]string
	nik := p.NIK.Digits()
	expiry := mrzForever
	if p.Validity != ktp.Lifelong {
		t, err := time.Parse(ktp.DateLayout, p.Validity)
		if err != nil {
			return lines, recordIncomplete.At("chipdata.mrzOf", nil).With("validity", "is neither %s nor DD-MM-YYYY", ktp.Lifelong)
		}
		expiry = t.Format(mrzDate)
	}
	sex := byte('<')
	if p.Sex == ktp.Male || p.Sex == ktp.Female {
		sex = byte(p.Sex)
	}
	birth := p.BirthDate.Format(mrzDate)
	lines[0] = pad(mrzDocType+mrzState+nik[:mrzShort]+"<"+nik[mrzShort:]+string(CheckDigit(nik)), mrzLine)
	body := birth + string(CheckDigit(birth)) + string(sex) + expiry + string(CheckDigit(expiry)) + pad(p.Nationality, 3)
	body = pad(body, mrzLine-1)
	lines[1] = body + string(CheckDigit(composite(lines[0], body)))
	primary, secondary, err := mrzNames(p.Names[0])
	if err != nil {
		return lines, err
	}
	lines[2] = fitName(primary, secondary)
	return lines, nil
}

// composite is what the last check digit of line 2 covers (Doc 9303-5, 4.2.4).
func composite(line1, line2 string) string {
	return line1[5:30] + line2[0:7] + line2[8:15] + line2[18:29]
}

// mrzNames takes a printed name apart: degrees after the first comma do not enter the zone
// (Doc 9303-3, 4.6), the last word is the primary identifier, the words before it the
// secondary one; a single word is primary alone.
func mrzNames(name string) (primary string, secondary []string, err error) {
	bare, _, _ := strings.Cut(name, ",")
	t, err := transliterate(bare)
	if err != nil {
		return "", nil, err
	}
	var words []string
	for _, w := range strings.Fields(t) {
		if w = strings.Trim(w, "<"); w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return "", nil, textUnprintable.At("chipdata.mrzNames", nil).With("names[0]", "no letter is left for the machine readable zone")
	}
	return words[len(words)-1], words[:len(words)-1], nil
}

// fitName fills the name field. A name that is too long is cut so that the last position is
// a letter, which tells a reader that it may be cut, and so that at least one letter of the
// secondary identifier stays (Doc 9303-5, 4.2.3).
func fitName(primary string, secondary []string) string {
	s := primary
	if len(secondary) > 0 {
		tail := "<<" + strings.Join(secondary, "<")
		if most := mrzName - len("<<X"); len(primary)+len(tail) > mrzName && len(primary) > most {
			s = strings.TrimRight(primary[:most], "<")
		}
		s += tail
	}
	for len(s) > mrzName && s[mrzName-1] == '<' {
		// The cut falls on a filler: take one letter off the longest word before it.
		end := longestWord(s[:mrzName])
		if end == 0 {
			break
		}
		s = s[:end-1] + s[end:]
	}
	return pad(s, mrzName)
}

// longestWord is where the first of the longest words of s ends; 0 when none has two letters.
func longestWord(s string) (end int) {
	longest, at := 1, 0
	for _, w := range strings.Split(s, "<") {
		at += len(w)
		if len(w) > longest {
			longest, end = len(w), at
		}
		at++
	}
	return end
}

// EncodeDG1 writes DG1: 95 bytes.
func EncodeDG1(p ktp.Person) ([]byte, error) {
	lines, err := mrzOf(p)
	if err != nil {
		return nil, err
	}
	return AppendTLV(nil, 0x61, AppendTLV(nil, 0x5F1F, []byte(strings.Join(lines[:], ""))...)...), nil
}

// ParseDG1 reads DG1 and checks all its check digits.
func ParseDG1(b []byte) (MRZ, error) {
	const op = "chipdata.ParseDG1"
	body, err := only(b, 0x61)
	if err != nil {
		return MRZ{}, inFile(op, "DG1", err)
	}
	parts, err := sequence(body, 0x5F1F)
	if err != nil {
		return MRZ{}, inFile(op, "DG1", err)
	}
	z := string(parts[0])
	if len(z) != mrzLine*mrzLines {
		return MRZ{}, malformed(op, "DG1", "%d characters, a TD1 zone has %d", len(z), mrzLine*mrzLines)
	}
	for i := range len(z) {
		if c := z[i]; c != '<' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return MRZ{}, malformed(op, "DG1", "character %d is not one of the zone", i+1)
		}
	}
	m := MRZ{Lines: [mrzLines]string{z[:30], z[30:60], z[60:]}}
	one, two, three := m.Lines[0], m.Lines[1], m.Lines[2]
	m.State = strings.TrimRight(one[2:5], "<")
	m.BirthDate, m.Sex, m.Expiry = two[0:6], two[7], two[8:14]
	m.Nationality = strings.TrimRight(two[15:18], "<")
	number, digit := strings.TrimRight(one[5:14], "<"), one[14]
	if digit == '<' { // a long number goes on in the optional field, its check digit before the first filler
		rest, _, _ := strings.Cut(one[15:], "<")
		if len(rest) < 2 {
			return MRZ{}, malformed(op, "DG1", "the long document number does not go on")
		}
		number, digit = one[5:14]+rest[:len(rest)-1], rest[len(rest)-1]
	}
	m.DocumentNumber = number
	switch {
	case CheckDigit(number) != digit:
		return MRZ{}, malformed(op, "DG1", "the check digit of the document number is wrong")
	case CheckDigit(m.BirthDate) != two[6]:
		return MRZ{}, malformed(op, "DG1", "the check digit of the birth date is wrong")
	case CheckDigit(m.Expiry) != two[14]:
		return MRZ{}, malformed(op, "DG1", "the check digit of the expiry is wrong")
	case CheckDigit(composite(one, two)) != two[29]:
		return MRZ{}, malformed(op, "DG1", "the composite check digit is wrong")
	}
	primary, secondary, _ := strings.Cut(strings.TrimRight(three, "<"), "<<")
	m.Primary = strings.ReplaceAll(primary, "<", " ")
	if secondary != "" {
		m.Secondary = strings.Split(secondary, "<")
	}
	return m, nil
}
