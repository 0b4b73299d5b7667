package ktp

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cardSigns are the characters beside letters and digits that a card value may hold: those of
// the region list (- ' . / ( ) , and the curly apostrophe), of titles, addresses and blood types.
// The opening apostrophe is how some names of the archipelago spell the glottal stop.
const cardSigns = ` -'.,/()&+:;"#*@_=!?%’‘`

// CardRune reports whether the fonts of the card face must have r: capital letters of Basic
// Latin, Latin-1 and Latin Extended-A, digits, and the signs of card values. All of them are
// whole in NFC, so text of nothing else is in NFC.
func CardRune(r rune) bool {
	switch {
	case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	case r == '×' || r == 'ŉ' || r == 'ĸ' || r == 'ſ':
		return false
	case r >= 'À' && r <= 'Þ', r >= 'Ā' && r <= 'ž':
		return unicode.IsUpper(r)
	}
	return r != utf8.RuneError && strings.ContainsRune(cardSigns, r)
}

// TextError says which rule a card value breaks and where. It holds one code point, never the value.
type TextError struct {
	At   int // characters before the fault
	Rune rune
	Why  string
}

func (e *TextError) Error() string {
	return fmt.Sprintf("character %d (U+%04X): %s", e.At+1, e.Rune, e.Why)
}

// CheckText is the rule for every value that is printed on a card: UTF-8 in NFC, capitals,
// single spaces and none at the ends, no control characters, only characters that the card
// fonts have. An empty value passes: whether one may be empty is another rule. The error is
// a *TextError.
func CheckText(s string) error {
	n, last := 0, ' '
	for i, r := range s {
		why := ""
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			why = "not UTF-8"
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			why = "control character"
		case r == ' ' && n == 0:
			why = "space at the beginning"
		case r == ' ' && last == ' ':
			why = "two spaces in a row"
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc):
			why = "combining mark, not in NFC"
		case unicode.IsLower(r):
			why = "not a capital letter"
		case !CardRune(r):
			why = "not in the card fonts"
		}
		if why != "" {
			return &TextError{At: n, Rune: r, Why: why}
		}
		n, last = n+1, r
	}
	if n > 0 && last == ' ' {
		return &TextError{At: n - 1, Rune: ' ', Why: "space at the end"}
	}
	return nil
}

// Capitals is s in capital letters with single spaces and none at the ends.
func Capitals(s string) string { return strings.Join(strings.Fields(strings.ToUpper(s)), " ") }
