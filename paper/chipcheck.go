package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// ChipCheck is the slip that a citizen takes from the counter after the chip of a card was
// examined: what was found, what to do, and what was looked at. It holds no more of the person
// than the masked number.
type ChipCheck struct {
	Office  Office
	Number  string // reference number of the examination
	At      time.Time
	By      string      // who examined
	NIK     ktp.NIK     // empty: not read
	Chip    ktp.ChipUID // empty: not read
	Code    string      // stable code of the finding
	Mark    Mark
	Finding string   // in one sentence
	Steps   []string // what the holder does now
	Checks  []Result
	Verify  string // verification code, as the register knows the slip; empty: it is not registered
	Link    string // content of the QR code; empty: the code itself
}

const (
	checkRow    = 6.4
	verdictLead = 16.0
)

// ChipCheckSlip draws the slip. Error: paper.content_invalid with the field.
func ChipCheckSlip(c ChipCheck) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	foot := fmt.Sprintf("Pemeriksaan chip %s  ·  %s", c.Number, c.Code)
	if c.Verify != "" {
		foot += "  ·  kode verifikasi " + c.Verify
	}
	head := func(s *sheet) {
		if s.pdf.PageNo() == 1 {
			s.letterhead(c.Office)
			return
		}
		s.text(margin, s.y+4, "B", 9, inkAccent, "HASIL PEMERIKSAAN CIP KTP-el")
		s.right(pageWidth-margin, s.y+4, "", 9, inkGray, "Nomor "+c.Number+" (lanjutan)")
		s.y += 9
	}
	return document("Hasil Pemeriksaan Chip KTP-el "+c.Number, c.At, foot, head, func(s *sheet) {
		c.opening(s)
		c.verdict(s)
		c.steps(s)
		c.table(s)
		s.signatures("", signer{role: "Petugas", name: c.By}, signer{role: "Pemegang kartu", plain: true})
	})
}

func (c ChipCheck) check() error {
	const op = "paper.ChipCheckSlip"
	if err := first(
		c.Office.check(),
		printable("number", c.Number, true), printable("by", c.By, true),
		printable("chip", string(c.Chip), false), printable("code", c.Code, true), printable("finding", c.Finding, true),
		printable("verify", c.Verify, false), printable("link", c.Link, false),
	); err != nil {
		return err
	}
	if n := len(c.Link); n > longestLink {
		return contentInvalid.At(op, nil).With("link", "%d bytes, at most %d", n, longestLink)
	}
	if c.At.IsZero() {
		return contentInvalid.At(op, nil).With("at", "is empty")
	}
	if _, err := ktp.ParseNIK(c.NIK.Digits()); c.NIK != "" && err != nil {
		return contentInvalid.At(op, nil).With("nik", "not a number of 16 digits")
	}
	if len(c.Steps) == 0 {
		return contentInvalid.At(op, nil).With("steps", "the holder has to know what comes next")
	}
	for i, step := range c.Steps {
		if err := printable(fmt.Sprintf("steps[%d]", i), step, true); err != nil {
			return err
		}
	}
	for i, r := range c.Checks {
		field := fmt.Sprintf("checks[%d]", i)
		if err := first(printable(field+".what", r.What, true), printable(field+".text", r.Text, false)); err != nil {
			return err
		}
	}
	return nil
}

func (c ChipCheck) opening(s *sheet) {
	const title = "HASIL PEMERIKSAAN CIP KTP-el"
	nik, chip := "tidak terbaca", "tidak terbaca"
	if c.NIK != "" {
		nik = maskNIK(c.NIK)
	}
	if c.Chip != "" {
		chip = uidTail(c.Chip)
	}
	rows := [][2]string{{"Nomor", c.Number}, {"Diperiksa", dateTime(c.At)}, {"Petugas", c.By}, {"NIK", nik}, {"UID chip", chip}}
	if c.Verify != "" {
		s.opening(title, c.Verify, c.Link, rows)
		return
	}
	s.text(margin, s.y+5, "B", 15, inkBlack, title)
	s.y += 11
	s.rows(rows, textWidth)
	s.y += 4
}

// verdict is the finding in a frame, with its sign.
func (c ChipCheck) verdict(s *sheet) {
	const size, inset = 13.0, 5.0
	lines := s.wrap("B", size, textWidth-verdictLead-inset, c.Finding)
	height := float64(len(lines))*6 + 9
	s.fill(margin, s.y, textWidth, height, tintRow)
	s.frame(margin, s.y, textWidth, height, 0.4, inkAccent)
	s.mark(c.Mark, margin+inset, s.y+height/2-1.8)
	for i, l := range lines {
		s.text(margin+verdictLead, s.y+8.2+float64(i)*6, "B", size, inkBlack, l)
	}
	s.y += height + 7
}

func (c ChipCheck) steps(s *sheet) {
	s.text(margin, s.y+3.4, "B", 10.5, inkAccent, "Yang perlu dilakukan")
	s.y += 7
	for i, step := range c.Steps {
		lines := s.wrap("", 10, textWidth-8, step)
		s.room(float64(len(lines)) * 5)
		s.text(margin, s.y+3.6, "B", 10, inkBlack, fmt.Sprintf("%d.", i+1))
		for _, l := range lines {
			s.text(margin+8, s.y+3.6, "", 10, inkBlack, l)
			s.y += 5
		}
	}
	s.y += 6
}

func (c ChipCheck) table(s *sheet) {
	if len(c.Checks) == 0 {
		return
	}
	heading := func() {
		s.text(margin, s.y+3.4, "B", 10.5, inkAccent, "Yang diperiksa")
		s.y += 6.5
	}
	s.room(3 * checkRow)
	heading()
	const what, text = 7.0, 82.0
	for i, r := range c.Checks {
		if s.room(checkRow) {
			heading()
		}
		if i%2 == 0 {
			s.fill(margin, s.y, textWidth, checkRow, tintRow)
		}
		s.mark(r.Mark, margin+1.5, s.y+checkRow/2-1.6)
		s.fitted(margin+what, s.y, text-what-2, checkRow, "", 9, inkBlack, r.What)
		s.fitted(margin+text, s.y, textWidth-text-1, checkRow, "", 9, inkGray, r.Text)
		s.y += checkRow
	}
}
