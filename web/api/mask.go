package api

import (
	"strings"
	"unicode/utf8"
)

// hidden stands for a sign that is masked.
const hidden = "•"

// maskNumber shows the last four digits of a number.
func maskNumber(n string) string {
	const shown = 4
	if len(n) <= shown {
		return strings.Repeat(hidden, len(n))
	}
	return strings.Repeat(hidden, len(n)-shown) + n[len(n)-shown:]
}

// maskName shows the first letter of each word.
func maskName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		_, size := utf8.DecodeRuneInString(w)
		words[i] = w[:size] + strings.Repeat(hidden, 3)
	}
	return strings.Join(words, " ")
}
