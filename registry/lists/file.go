package lists

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// MostBytes bounds the file of a list.
const MostBytes = 64 << 20

// longestLine bounds a line of a list, in bytes: no row of any list is longer.
const longestLine = 16 << 10

// Text is what is said in both languages.
type Text struct {
	ID string `json:"id"` // Indonesian
	EN string `json:"en"` // English
}

// listColumn is a column of a list that is imported.
type listColumn struct {
	name   string
	needed bool // the file must have it, and every line a value
}

// listRow is a line of a list: its values by the names of the columns.
type listRow struct {
	line   int
	values map[string]string
}

// BadRow names what keeps a line out. It never repeats the value.
type BadRow struct {
	Line   int    `json:"line"` // In the file, from 1; 0: the whole list
	Column string `json:"column,omitempty"`
	Reason Text   `json:"reason"`
}

// Reasons that keep a line out.
var (
	valueMissing = Text{"kosong", "is empty"}
	valueTwice   = Text{"sudah ada pada baris sebelumnya", "stands in an earlier line already"}
	valueLonger  = Text{"lebih panjang dari yang dapat disimpan", "is longer than can be kept"}
	notChip      = Text{"bukan UID chip: 20 digit heksadesimal besar", "no UID of a chip: 20 hex digits in capitals"}
	notLabel     = Text{"bukan nomor cetak: 4 sampai 32 huruf besar, angka, titik, garis", "no printed number: 4 to 32 capitals, digits, dots, dashes"}
	notRange     = Text{"bukan rentang nomor cetak: hanya digit terakhir yang berbeda, dari kecil ke besar, paling banyak 100000 nomor", "no range of printed numbers: they differ in their last digits alone, the smaller one first, 100000 numbers at most"}
	rangeOfChip  = Text{"sebuah chip tidak mempunyai rentang", "a chip has no range"}
	otherChip    = Text{"nomor cetak ini milik chip lain", "this printed number is of another chip"}
	notNIK       = Text{"bukan NIK: 16 digit", "no NIK: 16 digits"}
	notDate      = Text{"bukan tanggal seperti 2026-11-26", "no date such as 2026-11-26"}
	notWord      = Text{"bukan kata dari daftar", "no word of the list"}
	notPrinted   = Text{"memuat tanda yang tidak dapat dicetak pada kartu", "holds a sign that cannot be printed on the card"}
	notCountry   = Text{"bukan tiga huruf seperti IDN", "not three letters such as IDN"}
	fewerCells   = Text{"jumlah kolom tidak sama dengan kepala berkas", "has another number of columns than the head of the file"}
	badQuotes    = Text{"tanda kutip tidak lengkap", "its quotation marks do not fit"}
	lineLonger   = Text{"lebih panjang dari baris mana pun", "is longer than any line may be"}
	notUTF8      = Text{"bukan UTF-8", "is not UTF-8"}
	isKnown      = Text{"sudah tercatat di buku", "is in the ledger already"}
)

// readList reads a list: CSV (RFC 4180) in UTF-8 with a head of the columns' names, separated by commas or,
// as spreadsheets of this country write it, by semicolons. The lines that cannot be read are named; a file
// without its columns is an error.
func readList(text []byte, columns []listColumn) (rows []listRow, bad []BadRow, err error) {
	const op = "lists.readList"
	if len(text) > MostBytes {
		return nil, nil, TooLarge.At(op, nil).With("file", "at most %d bytes", MostBytes)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(text))
	if head, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		r.Comma = ';'
	}
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return nil, nil, Malformed.At(op, nil).With("file", "it has no head")
	}
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.ContainsFunc(columns, func(c listColumn) bool { return c.name == head[i] }) || slices.Index(head, head[i]) < i {
			return nil, nil, Malformed.At(op, nil).With("head", "column %d is none of this list, or stands twice", i+1)
		}
	}
	for _, c := range columns {
		if c.needed && !slices.Contains(head, c.name) {
			return nil, nil, Malformed.At(op, nil).With("head", "the column %s is missing", c.name)
		}
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, bad, nil
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			bad = append(bad, BadRow{Line: wrong.Line, Reason: badQuotes})
			continue
		} else if err != nil {
			return nil, nil, Malformed.At(op, err).With("file", "cannot be read")
		}
		line, _ := r.FieldPos(0)
		if why := unfit(cells, len(head)); why != (Text{}) {
			bad = append(bad, BadRow{Line: line, Reason: why})
			continue
		}
		row := listRow{line, map[string]string{}}
		for i, cell := range cells {
			row.values[head[i]] = strings.TrimSpace(cell)
		}
		empty := slices.DeleteFunc(slices.Clone(columns), func(c listColumn) bool { return !c.needed || row.values[c.name] != "" })
		for _, c := range empty {
			bad = append(bad, BadRow{line, c.name, valueMissing})
		}
		if len(empty) == 0 {
			rows = append(rows, row)
		}
	}
}

// unfit is what is wrong with a line as a whole.
func unfit(cells []string, columns int) Text {
	long := 0
	for _, c := range cells {
		if long += len(c); !utf8.ValidString(c) {
			return notUTF8
		}
	}
	switch {
	case long > longestLine:
		return lineLonger
	case len(cells) != columns:
		return fewerCells
	}
	return Text{}
}
