package paper

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// Table writes a CSV (RFC 4180): UTF-8, CRLF, a header of names in snake_case. A value is a text, a whole number, a
// float64, a bool or a time; text that a spreadsheet would run as a formula is made harmless.
type Table struct{ w *csv.Writer }

// NewTable begins one with its header.
func NewTable(to io.Writer, names ...string) *Table {
	t := &Table{csv.NewWriter(to)}
	t.w.UseCRLF = true
	t.line(names)
	return t
}

// End writes what is left. Error: of the writer below.
func (t *Table) End() error {
	t.w.Flush()
	return t.w.Error()
}

// csvTable is one in memory.
type csvTable struct {
	b bytes.Buffer
	*Table
}

func newCSV(names ...string) *csvTable {
	t := new(csvTable)
	t.Table = NewTable(&t.b, names...)
	return t
}

// CSV is a Table in memory.
func CSV(names []string, records [][]any) []byte {
	t := newCSV(names...)
	for _, r := range records {
		t.Add(r...)
	}
	return t.bytes()
}

// Add writes a record. Numbers and times are written as they are.
func (t *Table) Add(values ...any) {
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

func (t *Table) line(record []string) {
	_ = t.w.Write(record) // End tells
}

func (t *csvTable) bytes() []byte {
	_ = t.End() // into memory
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
