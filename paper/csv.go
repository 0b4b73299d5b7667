package paper

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"
)

// table of a CSV (RFC 4180): UTF-8, CRLF, a header of names in snake_case.
type csvTable struct {
	b bytes.Buffer
	w *csv.Writer
}

func newCSV(names ...string) *csvTable {
	t := new(csvTable)
	t.w = csv.NewWriter(&t.b)
	t.w.UseCRLF = true
	t.line(names)
	return t
}

// CSV lists records under names in snake_case. A value is a text, a whole number, a float64, a bool or a
// time; text that a spreadsheet would run as a formula is made harmless.
func CSV(names []string, records [][]any) []byte {
	t := newCSV(names...)
	for _, r := range records {
		t.add(r...)
	}
	return t.bytes()
}

// add writes a record. Text may be a formula to a spreadsheet and is made harmless; numbers and
// times are written as they are.
func (t *csvTable) add(values ...any) {
	record := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case string:
			record[i] = harmless(v)
		case int:
			record[i] = strconv.Itoa(v)
		case int64:
			record[i] = strconv.FormatInt(v, 10)
		case float64:
			record[i] = strconv.FormatFloat(v, 'f', -1, 64)
		case bool:
			record[i] = strconv.FormatBool(v)
		case time.Time:
			if !v.IsZero() {
				record[i] = v.Format(time.RFC3339)
			}
		}
	}
	t.line(record)
}

func (t *csvTable) line(record []string) {
	// csv.Writer writes into memory here and knows its separator: it has no error to tell.
	_ = t.w.Write(record)
}

func (t *csvTable) bytes() []byte {
	t.w.Flush()
	return t.b.Bytes()
}

// harmless puts an apostrophe before a text that a spreadsheet would run as a formula: one that
// begins with = + - @, a tab or a line break, also after spaces and in the wide forms of East
// Asian keyboards (OWASP, CSV injection).
func harmless(t string) string {
	switch rest := strings.TrimLeft(t, " \u00a0"); {
	case rest == "":
		return t
	case strings.ContainsAny(rest[:1], "=+-@\t\r\n"), strings.HasPrefix(rest, "＝"), strings.HasPrefix(rest, "＋"),
		strings.HasPrefix(rest, "－"), strings.HasPrefix(rest, "＠"):
		return "'" + t
	}
	return t
}
