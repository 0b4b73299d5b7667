package chipdata

import (
	"strings"
	"unicode"
)

// latin is the transliteration of Doc 9303-3, section 6 A, for the capitals that a card
// value may hold (Latin-1 and Latin Extended-A).
var latin = map[rune]string{
	'À': "A", 'Á': "A", 'Â': "A", 'Ã': "A", 'Ä': "AE", 'Å': "AA", 'Æ': "AE", 'Ç': "C",
	'È': "E", 'É': "E", 'Ê': "E", 'Ë': "E", 'Ì': "I", 'Í': "I", 'Î': "I", 'Ï': "I",
	'Ð': "D", 'Ñ': "N", 'Ò': "O", 'Ó': "O", 'Ô': "O", 'Õ': "O", 'Ö': "OE", 'Ø': "OE",
	'Ù': "U", 'Ú': "U", 'Û': "U", 'Ü': "UE", 'Ý': "Y", 'Þ': "TH",
	'Ā': "A", 'Ă': "A", 'Ą': "A", 'Ć': "C", 'Ĉ': "C", 'Ċ': "C", 'Č': "C", 'Ď': "D", 'Đ': "D",
	'Ē': "E", 'Ĕ': "E", 'Ė': "E", 'Ę': "E", 'Ě': "E", 'Ĝ': "G", 'Ğ': "G", 'Ġ': "G", 'Ģ': "G",
	'Ĥ': "H", 'Ħ': "H", 'Ĩ': "I", 'Ī': "I", 'Ĭ': "I", 'Į': "I", 'İ': "I", 'Ĳ': "IJ", 'Ĵ': "J", 'Ķ': "K",
	'Ĺ': "L", 'Ļ': "L", 'Ľ': "L", 'Ŀ': "L", 'Ł': "L", 'Ń': "N", 'Ņ': "N", 'Ň': "N", 'Ŋ': "N",
	'Ō': "O", 'Ŏ': "O", 'Ő': "O", 'Œ': "OE", 'Ŕ': "R", 'Ŗ': "R", 'Ř': "R",
	'Ś': "S", 'Ŝ': "S", 'Ş': "S", 'Š': "S", 'Ţ': "T", 'Ť': "T", 'Ŧ': "T",
	'Ũ': "U", 'Ū': "U", 'Ŭ': "U", 'Ů': "U", 'Ű': "U", 'Ų': "U", 'Ŵ': "W", 'Ŷ': "Y", 'Ÿ': "Y",
	'Ź': "Z", 'Ż': "Z", 'Ž': "Z",
}

// transliterate writes a name in A to Z, with < for a hyphen and spaces as they are.
// Apostrophes, dots, digits and the other signs of a card value are left out (Doc 9303-3, 4.6).
// A letter that the table lacks is fault code chipdata.text_unprintable.
func transliterate(name string) (string, error) {
	var b strings.Builder
	for i, r := range name {
		s, known := latin[r]
		switch {
		case r >= 'A' && r <= 'Z', r == ' ':
			b.WriteRune(r)
		case known:
			b.WriteString(s)
		case r == '-' || r == '/':
			b.WriteByte('<')
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsControl(r) || r == unicode.ReplacementChar:
			return "", textUnprintable.At("chipdata.transliterate", nil).With("names[0]", "no transliteration for U+%04X at byte %d", r, i)
		}
	}
	return b.String(), nil
}
