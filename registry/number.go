package registry

import "strings"

// A number that is given out is the letter of its kind and ten letters or digits: nine drawn at random,
// without those that look alike, and a check character (ISO/IEC 7064, MOD 37,36). It tells nothing of
// the person and is not guessed.
const (
	numberAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's base 32
	numberRandom   = 9
	numberSigns    = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// Letters of the kinds of numbers.
const (
	receiptLetter   = 'R'
	complaintLetter = 'P'
)

// newNumber draws a number of a kind.
func (r *Registry) newNumber(letter byte) (string, error) {
	b := []byte{letter}
	for range numberRandom {
		i, err := r.below(len(numberAlphabet))
		if err != nil {
			return "", err
		}
		b = append(b, numberAlphabet[i])
	}
	return string(append(b, checkSign(string(b)))), nil
}

// checkSign is the check character of ISO/IEC 7064, MOD 37,36.
func checkSign(s string) byte {
	const m = 36
	p := m
	for i := range len(s) {
		sum := (p + strings.IndexByte(numberSigns, s[i])) % m
		if sum == 0 {
			sum = m
		}
		p = 2 * sum % (m + 1)
	}
	return numberSigns[(m+1-p)%m]
}

// parseNumber reads a number of a kind as people write it; ok is false when its check character says
// that it was misread.
func parseNumber(letter byte, s string) (number string, ok bool) {
	number = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	if len(number) != numberRandom+2 || number[0] != letter {
		return "", false
	}
	for i := range len(number) {
		if strings.IndexByte(numberSigns, number[i]) < 0 {
			return "", false
		}
	}
	last := len(number) - 1
	return number, checkSign(number[:last]) == number[last]
}

// ParseReceipt reads the number of a receipt; ok is false when it was misread or is none.
func ParseReceipt(s string) (receipt string, ok bool) { return parseNumber(receiptLetter, s) }

// ParseComplaint reads the number of a complaint; ok is false when it was misread or is none.
func ParseComplaint(s string) (number string, ok bool) { return parseNumber(complaintLetter, s) }
