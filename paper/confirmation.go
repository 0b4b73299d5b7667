package paper

import (
	"fmt"
	"image"
	"time"
)

// Confirmation is what a resident confirms with a signature: exactly what will be printed, and its
// hash. The slip is the resident's own and shows everything.
type Confirmation struct {
	Heading
	Application string
	Version     int // of the data; it rises when the center corrects it
	Printed     []Line
	Fingers     []Line      // what goes on the chip, and why a finger does not
	Hash        string      // SHA-256 of what will be printed, 64 hex digits
	Signature   image.Image // the electronic signature; nil: signed on this slip by hand
	ConfirmedAt time.Time
	Name        string // of the resident
	Operator    Officer
}

// signatureWidth and signatureHeight bound the picture of a signature, in mm.
const (
	signatureWidth  = 60.0
	signatureHeight = signSpace - 7
)

// ConfirmationSlip draws the slip. Error: paper.content_invalid with the field.
func ConfirmationSlip(c Confirmation) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	var pictures album
	var strokes picture
	if c.Signature != nil {
		var err error
		if strokes, err = pictures.encode(c.Signature); err != nil {
			return nil, renderFailed.At("paper.ConfirmationSlip", err)
		}
	}
	return compose(c.Heading, "Lembar pengesahan data", func(s *sheet) {
		resident := "Penduduk"
		if c.Signature != nil {
			resident = "Penduduk, tanda tangan elektronik"
		}
		s.openingOf(c.Heading, "LEMBAR PENGESAHAN DATA KTP-el",
			[2]string{"Permohonan", c.Application}, [2]string{"Versi data", fmt.Sprint(c.Version)}, [2]string{"Disahkan", dateTime(c.ConfirmedAt)},
		)
		s.section("Yang akan dicetak pada kartu")
		s.pairs(c.Printed)
		if len(c.Fingers) > 0 {
			s.section("Sidik jari pada chip")
			s.pairs(c.Fingers)
		}
		s.section("Sidik data yang disahkan (SHA-256)")
		s.prose("", inkBlack, c.Hash[:32]+" "+c.Hash[32:])
		s.prose("", inkBlack, "Saya telah membaca data di atas dan menyatakan bahwa data itu benar. "+
			"Kartu hanya dicetak dari data ini; bila pusat data memperbaikinya, pengesahan diminta sekali lagi.")
		s.room(signBox + 12)
		if c.Signature != nil {
			w, h := within(c.Signature, signatureWidth, signatureHeight)
			s.picture(strokes, margin+3, s.y+2+signSpace-0.4-h, w, h)
		}
		s.signatures("", signer{role: resident, name: c.Name, plain: true}, signs("Petugas Operator", c.Operator))
	})
}

// within is the size of a picture in a frame, in mm, its shape kept.
func within(m image.Image, width, height float64) (w, h float64) {
	size := m.Bounds().Size()
	scale := min(width/float64(size.X), height/float64(size.Y))
	return float64(size.X) * scale, float64(size.Y) * scale
}

// pairs are labels and values in the width of the page; an empty value stands as a dash.
func (s *sheet) pairs(lines []Line) {
	var rows [][2]string
	for _, l := range lines {
		if l.Value == "" {
			l.Value = "-"
		}
		rows = append(rows, [2]string{l.Label, l.Value})
	}
	s.rows(rows, textWidth)
	s.y += 3
}

func checkLines(field string, lines []Line) error {
	for i, l := range lines {
		if err := first(printable(indexed(field, i), l.Label, true), printable(indexed(field, i), l.Value, false)); err != nil {
			return err
		}
	}
	return nil
}

// isHash refuses what is not a SHA-256 in hex digits.
func isHash(field, h string) error {
	ok := len(h) == 64
	for _, r := range h {
		ok = ok && (r >= '0' && r <= '9' || r >= 'a' && r <= 'f')
	}
	if !ok {
		return contentInvalid.At("paper.isHash", nil).With(field, "not 64 hex digits")
	}
	return nil
}

// isPicture refuses a picture without dots.
func isPicture(field string, m image.Image) error {
	if m == nil || m.Bounds().Empty() {
		return contentInvalid.At("paper.isPicture", nil).With(field, "is empty")
	}
	return nil
}

func (c Confirmation) check() error {
	const op = "paper.Confirmation"
	if err := first(
		c.Heading.check(), printable("application", c.Application, true), isHash("hash", c.Hash), given("confirmedAt", c.ConfirmedAt),
		printable("name", c.Name, true), c.Operator.check("operator", true), checkLines("printed", c.Printed), checkLines("fingers", c.Fingers),
	); err != nil {
		return err
	}
	if len(c.Printed) == 0 {
		return contentInvalid.At(op, nil).With("printed", "is empty")
	}
	if c.Version < 1 {
		return contentInvalid.At(op, nil).With("version", "versions begin at 1")
	}
	if c.Signature != nil {
		return isPicture("signature", c.Signature)
	}
	return nil
}
