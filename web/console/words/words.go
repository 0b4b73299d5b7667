// Package words holds what the pages of the console say, in Indonesian and English.
//
// What lives here: one text per key and language, in id.json and en.json. What may not: the texts of
// errors (faults.go of each room) and of papers. web/console calls it. Start reading at id.json.
package words

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

// Language of the pages.
type Language string

const (
	Indonesian Language = "id"
	English    Language = "en"
)

//go:embed id.json
var indonesian []byte

//go:embed en.json
var english []byte

var texts = map[Language]map[string]string{Indonesian: read(indonesian), English: read(english)}

func read(file []byte) map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(file, &m); err != nil {
		panic(err) // the files are part of the program
	}
	return m
}

// LanguageOf is a language by its code; Indonesian for any other.
func LanguageOf(code string) Language {
	if Language(code) == English {
		return English
	}
	return Indonesian
}

// Has reports whether a key has a text.
func Has(key string) bool {
	_, found := texts[Indonesian][key]
	return found
}

// Of is the text of a key, filled with values as fmt does. A key without a text is shown as it is.
func Of(l Language, key string, values ...any) string {
	text, found := texts[l][key]
	switch {
	case !found:
		return key
	case len(values) > 0:
		return fmt.Sprintf(text, values...)
	}
	return text
}
