package station

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
)

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

// badRow names what keeps a line out. It never repeats the value.
type badRow struct {
	Line   int    `json:"line"` // in the file, from 1; 0: the whole list
	Column string `json:"column,omitempty"`
	Reason words  `json:"reason"`
}

// Reasons that keep a line out.
var (
	valueMissing = words{"kosong", "is empty"}
	valueTwice   = words{"sudah ada pada baris sebelumnya", "stands in an earlier line already"}
	valueLonger  = words{"lebih panjang dari yang dapat disimpan", "is longer than can be kept"}
	notChip      = words{"bukan UID cip: 20 digit heksadesimal besar", "no UID of a chip: 20 hex digits in capitals"}
	notNIK       = words{"bukan NIK: 16 digit", "no NIK: 16 digits"}
	notDate      = words{"bukan tanggal seperti 2026-11-26", "no date such as 2026-11-26"}
	notWord      = words{"bukan kata dari daftar", "no word of the list"}
	notPrinted   = words{"memuat tanda yang tidak dapat dicetak pada kartu", "holds a sign that cannot be printed on the card"}
	notCountry   = words{"bukan tiga huruf seperti IDN", "not three letters such as IDN"}
	fewerCells   = words{"jumlah kolom tidak sama dengan kepala berkas", "has another number of columns than the head of the file"}
	badQuotes    = words{"tanda kutip tidak lengkap", "its quotation marks do not fit"}
	isKnown      = words{"sudah tercatat di buku", "is in the ledger already"}
)

// readList reads a list: CSV (RFC 4180) in UTF-8 with a head of the columns' names, separated by commas or,
// as spreadsheets of this country write it, by semicolons. The lines that cannot be read are named; a file
// without its columns is an error.
func readList(path string, columns []listColumn) (rows []listRow, bad []badRow, err error) {
	const op = "station.readList"
	text, err := readSmall(path, maxImport)
	switch {
	case errors.Is(err, errNotSmall):
		return nil, nil, ImportTooLarge.At(op, nil).With("file", "a plain file of at most %d bytes", maxImport)
	case err != nil:
		return nil, nil, ImportUnreadable.At(op, err).With("file", "cannot be read")
	}
	return readColumns(text, columns)
}

// readColumns is readList of what a file holds.
func readColumns(text []byte, columns []listColumn) (rows []listRow, bad []badRow, err error) {
	const op = "station.readList"
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(text))
	if head, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		r.Comma = ';'
	}
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return nil, nil, ListMalformed.At(op, nil).With("file", "it has no head")
	}
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.ContainsFunc(columns, func(c listColumn) bool { return c.name == head[i] }) || slices.Index(head, head[i]) < i {
			return nil, nil, ListMalformed.At(op, nil).With("head", "column %d is none of this list, or stands twice", i+1)
		}
	}
	for _, c := range columns {
		if c.needed && !slices.Contains(head, c.name) {
			return nil, nil, ListMalformed.At(op, nil).With("head", "the column %s is missing", c.name)
		}
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, bad, nil
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			bad = append(bad, badRow{Line: wrong.Line, Reason: badQuotes})
			continue
		} else if err != nil {
			return nil, nil, ImportUnreadable.At(op, err).With("file", "cannot be read")
		}
		line, _ := r.FieldPos(0)
		if len(cells) != len(head) {
			bad = append(bad, badRow{Line: line, Reason: fewerCells})
			continue
		}
		row := listRow{line, map[string]string{}}
		for i, cell := range cells {
			row.values[head[i]] = strings.TrimSpace(cell)
		}
		empty := slices.DeleteFunc(slices.Clone(columns), func(c listColumn) bool { return !c.needed || row.values[c.name] != "" })
		for _, c := range empty {
			bad = append(bad, badRow{line, c.name, valueMissing})
		}
		if len(empty) == 0 {
			rows = append(rows, row)
		}
	}
}
