// Package papertest reads the text of a paper, for tests of what stands on it.
//
// What lives here: a reader of the files that paper writes. What may not: paper itself, a check of what it says.
// Tests of paper and of the API call it. Start reading at Text.
package papertest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// Size of a page, and of a point of its file.
const (
	pageHeight = 297.0
	mmPerPoint = 25.4 / 72
)

// Word is a piece of text on a page as it is drawn.
type Word struct {
	X, Y   float64 // left end and baseline, in mm from the upper left corner
	Points float64
	Text   string
}

var contents = regexp.MustCompile(`/Contents (\d+) 0 R`)

// Pages reads the text of a PDF that gofpdf wrote: its strings are UTF-16.
func Pages(t testing.TB, pdf []byte) (list [][]Word) {
	t.Helper()
	for _, m := range contents.FindAllSubmatch(pdf, -1) {
		_, rest, ok := bytes.Cut(pdf, []byte("\n"+string(m[1])+" 0 obj\n"))
		_, rest, ok2 := bytes.Cut(rest, []byte("stream\n"))
		if !ok || !ok2 {
			t.Fatal("no stream of a page")
		}
		z, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			t.Fatal(err)
		}
		stream, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, words(t, stream))
	}
	return list
}

// words reads "BT /F1 9.00 Tf ET" and "BT 42.52 799.37 Td (text) Tj ET" out of the stream of a page.
func words(t testing.TB, stream []byte) (page []Word) {
	t.Helper()
	points, number := 0.0, func(b []byte) float64 {
		n, err := strconv.ParseFloat(string(b), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for {
		_, rest, more := bytes.Cut(stream, []byte("BT "))
		if !more {
			return page
		}
		if rest[0] == '/' {
			f := bytes.Fields(rest[:min(len(rest), 100)])
			points, stream = number(f[1]), rest
			continue
		}
		at, rest, _ := bytes.Cut(rest, []byte(" Td ("))
		x, y, _ := bytes.Cut(at, []byte(" "))
		end := 0
		for rest[end] != ')' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		page = append(page, Word{number(x) * mmPerPoint, pageHeight - number(y)*mmPerPoint, points, unescape(rest[:end])})
		stream = rest[end:]
	}
}

func unescape(b []byte) string {
	var raw []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' {
			i++
			if b[i] == 'r' {
				raw = append(raw, '\r')
				continue
			}
		}
		raw = append(raw, b[i])
	}
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// Text is the text of a paper, a line for each piece, each page under its number.
func Text(t testing.TB, pdf []byte) string {
	t.Helper()
	var b strings.Builder
	for i, page := range Pages(t, pdf) {
		fmt.Fprintf(&b, "--- %d\n", i+1)
		for _, w := range page {
			if w.Text != "" {
				b.WriteString(w.Text + "\n")
			}
		}
	}
	return b.String()
}
