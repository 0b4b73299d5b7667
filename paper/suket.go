package paper

import (
	"image"
	"time"

	"blanko/ktp"
)

// Suket is the temporary certificate (surat keterangan) that stands for a card that cannot be
// printed yet. It is the holder's own and shows the whole number.
type Suket struct {
	Heading
	Application string
	Person      ktp.Person
	Photo       image.Image // nil: a space to stick one on
	Reason      string      // why there is no card yet, in words
	ValidUntil  time.Time
	Signer      Officer // head of the office
	SignerRole  string  // Kepala Dinas Kependudukan dan Pencatatan Sipil
}

// photoWidth and photoHeight are those of the picture on a card, 2 x 3 cm.
const (
	photoWidth  = 20.0
	photoHeight = 30.0
)

// TemporaryCertificate draws the certificate. Error: paper.content_invalid with the field.
func TemporaryCertificate(c Suket) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	var pictures album
	var photo picture
	if c.Photo != nil {
		var err error
		if photo, err = pictures.encode(c.Photo); err != nil {
			return nil, renderFailed.At("paper.TemporaryCertificate", err)
		}
	}
	return compose(c.Heading, "Surat keterangan pengganti KTP-el", func(s *sheet) {
		s.openingOf(c.Heading, "SURAT KETERANGAN PENGGANTI KTP-el",
			[2]string{"Diterbitkan", longDate(c.At)}, [2]string{"Berlaku sampai", longDate(c.ValidUntil)}, [2]string{"Permohonan", c.Application},
		)
		s.prose("", inkBlack, "Yang bertanda tangan di bawah ini menerangkan bahwa orang dengan data berikut telah merekam KTP-el dan datanya tercatat pada basis data kependudukan:")
		var rows [][2]string
		for _, l := range OnCard(c.Person) {
			if l.Label != "Berlaku Hingga" {
				rows = append(rows, [2]string{l.Label, l.Value})
			}
		}
		top := s.y
		s.rows(rows, textWidth-photoWidth-8)
		x := pageWidth - margin - photoWidth
		s.frame(x, top, photoWidth, photoHeight, 0.2, lineGray)
		if c.Photo != nil {
			w, h := within(c.Photo, photoWidth, photoHeight)
			s.picture(photo, x+(photoWidth-w)/2, top+(photoHeight-h)/2, w, h)
		} else {
			s.center(x+photoWidth/2, top+photoHeight/2, "", 7, inkGray, "Pas foto 2 x 3")
		}
		s.y = max(s.y, top+photoHeight) + 4
		s.prose("", inkBlack, "KTP-el belum dapat dicetak karena "+c.Reason+". Surat ini berlaku sebagai pengganti KTP-el sampai tanggal tersebut di atas "+
			"atau sampai KTP-el diserahkan, mana yang lebih dahulu. Keabsahannya dapat diperiksa dengan kode verifikasi.")
		s.signatures("", signer{role: "Pemegang", name: c.Person.Names[0], plain: true}, signs(c.SignerRole, c.Signer))
	})
}

func (c Suket) check() error {
	if err := first(
		c.Heading.check(), printable("application", c.Application, true), checkPerson("person", c.Person), printable("reason", c.Reason, true),
		given("validUntil", c.ValidUntil), inOrder("validUntil", c.At, c.ValidUntil), c.Signer.check("signer", true), printable("signerRole", c.SignerRole, true),
	); err != nil {
		return err
	}
	if c.Photo != nil {
		return isPicture("photo", c.Photo)
	}
	return nil
}
