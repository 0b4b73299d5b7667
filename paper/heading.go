package paper

import (
	"fmt"
	"time"
)

// Heading is what every paper of the service carries.
type Heading struct {
	Office Office
	Number string
	At     time.Time // when it was made, in local time
	Code   string    // verification code, as the register knows the paper
	Link   string    // content of the QR code; empty: the code itself
	Copy   int       // which copy it is; 0: the paper itself
}

// longestLink keeps the squares of a QR code large enough for a telephone (ISO/IEC 18004: 300
// bytes at level M are version 13, 69 squares in 28 mm).
const longestLink = 300

func (h Heading) check() error {
	if err := first(
		h.Office.check(), printable("number", h.Number, true), given("at", h.At),
		printable("code", h.Code, true), printable("link", h.Link, false),
	); err != nil {
		return err
	}
	if n := len(h.Link); n > longestLink {
		return contentInvalid.At("paper.Heading", nil).With("link", "%d bytes, at most %d", n, longestLink)
	}
	return nil
}

// given refuses a time that is not set.
func given(field string, t time.Time) error {
	if t.IsZero() {
		return contentInvalid.At("paper.given", nil).With(field, "is empty")
	}
	return nil
}

// inOrder refuses a time before another.
func inOrder(field string, from, to time.Time) error {
	if to.Before(from) {
		return contentInvalid.At("paper.inOrder", nil).With(field, "is before the time it follows")
	}
	return nil
}

// compose makes a paper: the letterhead on its first page, its title and number on the others,
// number and code in every footer. name is the title in a few words, for those narrow places.
func compose(h Heading, name string, draw func(*sheet)) ([]byte, error) {
	foot := name + " " + h.Number
	if h.Code != "" {
		foot += "  ·  kode verifikasi " + h.Code
	}
	foot += copyWord(h.Copy)
	head := func(s *sheet) {
		s.copyMark(h.Copy)
		if s.pdf.PageNo() == 1 {
			s.letterhead(h.Office)
			return
		}
		more := "(lanjutan)"
		if h.Number != "" {
			more = "Nomor " + h.Number + " (lanjutan)"
		}
		s.fitted(margin, s.y, textWidth-s.width("", 9, more)-4, 5.4, "B", 9, inkAccent, name)
		s.right(pageWidth-margin, s.y+4, "", 9, inkGray, more)
		s.y += 9
	}
	return document(name+" "+h.Number, h.At, foot, head, draw)
}

// copyWord says in a footer which copy a paper is.
func copyWord(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("  ·  SALINAN ke-%d", n)
}

// copyMark stands at the head of each page of a copy, above everything else.
func (s *sheet) copyMark(n int) {
	if n > 0 {
		s.center(pageWidth/2, margin-4, "B", 11, inkRed, fmt.Sprintf("SALINAN ke-%d", n))
	}
}

// codeSize is the side of the QR code at the head of a paper, in mm.
const codeSize = 28.0

// opening is the title of a paper, what it is about, and its verification code. A row without a
// label continues the one before it, in small letters; one without a value is left out.
func (s *sheet) opening(title, code, link string, rows [][2]string) {
	for i, l := range s.wrap("B", 15, textWidth, title) {
		if i > 0 {
			s.y += 6.5
		}
		s.text(margin, s.y+5, "B", 15, inkBlack, l)
	}
	s.y += 11

	top, x := s.y, pageWidth-margin-codeSize
	if link == "" {
		link = code
	}
	if err := s.code(link, x, top, codeSize); err != nil {
		s.failed = err
		return
	}
	s.center(x+codeSize/2, top+codeSize+4, "", 7, inkGray, "Kode verifikasi")
	s.center(x+codeSize/2, top+codeSize+8, "B", 8.5, inkBlack, code)
	s.rows(rows, textWidth-codeSize-8)
	s.y = max(s.y, top+codeSize+10) + 3
}

// openingOf is the opening of a paper with a heading; its number comes first.
func (s *sheet) openingOf(h Heading, title string, rows ...[2]string) {
	s.opening(title, h.Code, h.Link, append([][2]string{{"Nomor", h.Number}}, rows...))
}

// rowLabel is the width of the labels of rows, in mm.
const rowLabel = 32.0

// rows are labels and values in a width.
func (s *sheet) rows(rows [][2]string, width float64) {
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		style, size, c := "B", 9.5, inkBlack
		if row[0] == "" {
			style, size, c = "", 8.5, inkGray
		}
		lines := s.wrap(style, size, width-rowLabel, row[1])
		s.room(float64(min(len(lines), 10)) * 4.8)
		s.text(margin, s.y+3.4, "", 9.5, inkGray, row[0])
		for _, l := range lines {
			s.room(4.8)
			s.text(margin+rowLabel, s.y+3.4, style, size, c, l)
			s.y += 4.8
		}
	}
}

// count is a number in digits and words: "12 (dua belas) kartu".
func count(n int, what string) string { return fmt.Sprintf("%d (%s) %s", n, inWords(n), what) }
