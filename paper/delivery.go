package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// Place sends or receives cards.
type Place struct {
	Name    string // KECAMATAN SEPAUK
	Address string
}

// DeliveredCard is one line of a delivery note. The paper shows the number masked and the end
// of the chip's key alone.
type DeliveredCard struct {
	NIK  ktp.NIK
	Name string
	Chip ktp.ChipUID
}

// Delivery is a consignment: cards that travel together under one seal. Cards keep their order.
type Delivery struct {
	Office   Office
	Number   string
	At       time.Time // of packing, in local time
	From, To Place
	Seal     string // number of the seal
	Sender   string // who packed and hands over
	Carrier  string
	Cards    []DeliveredCard
	Code     string // verification code, as the register knows the note
	Link     string // content of the QR code; empty: the code itself
	Copy     int    // which copy it is; 0: the note itself
}

// columns of the card table: x of the left edge from the margin, and width, in mm.
var deliveryColumns = []struct {
	title    string
	x, width float64
}{
	{"No.", 0, 10}, {"NIK", 10, 36}, {"Nama", 46, 68}, {"UID chip", 114, 24}, {"Diterima", 138, 16}, {"Keterangan", 154, 26},
}

const (
	deliveryRow  = 7.0
	deliveryHead = 7.5
	signHeight   = 46.0
)

// DeliveryNote is the paper that goes with a consignment: place, seal, every card, fields for
// three signatures, verification code. Error: paper.content_invalid with the field.
func DeliveryNote(d Delivery) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	foot := fmt.Sprintf("Surat pengantar %s  ·  kode verifikasi %s", d.Number, d.Code) + copyWord(d.Copy)
	head := func(s *sheet) {
		s.copyMark(d.Copy)
		if s.pdf.PageNo() == 1 {
			s.letterhead(d.Office)
			return
		}
		s.text(margin, s.y+4, "B", 9, inkAccent, "SURAT PENGANTAR PENGIRIMAN KTP-el")
		s.right(pageWidth-margin, s.y+4, "", 9, inkGray, "Nomor "+d.Number+" (lanjutan)")
		s.y += 9
	}
	return document("Surat Pengantar Pengiriman KTP-el "+d.Number, d.At, foot, head, func(s *sheet) {
		d.opening(s)
		d.table(s)
		d.signatures(s)
	})
}

func (d Delivery) check() error {
	const op = "paper.DeliveryNote"
	if err := first(
		Heading{Office: d.Office, Number: d.Number, At: d.At, Code: d.Code, Link: d.Link}.check(),
		printable("from.name", d.From.Name, true), printable("from.address", d.From.Address, false),
		printable("to.name", d.To.Name, true), printable("to.address", d.To.Address, false),
		printable("seal", d.Seal, true),
		printable("sender", d.Sender, true), printable("carrier", d.Carrier, true),
	); err != nil {
		return err
	}
	if len(d.Cards) == 0 {
		return contentInvalid.At(op, nil).With("cards", "a consignment holds at least one card")
	}
	for i, c := range d.Cards {
		field := fmt.Sprintf("cards[%d]", i)
		if _, err := ktp.ParseNIK(c.NIK.Digits()); err != nil {
			return contentInvalid.At(op, nil).With(field+".nik", "not a number of 16 digits")
		}
		if err := first(printable(field+".name", c.Name, true), printable(field+".chip", string(c.Chip), true)); err != nil {
			return err
		}
	}
	return nil
}

// opening is the title, what travels where, and the verification code.
func (d Delivery) opening(s *sheet) {
	s.opening("SURAT PENGANTAR PENGIRIMAN KTP-el", d.Code, d.Link, [][2]string{
		{"Nomor", d.Number},
		{"Dikemas", dateTime(d.At)},
		{"Dari", d.From.Name},
		{"", d.From.Address},
		{"Tempat tujuan", d.To.Name},
		{"", d.To.Address},
		{"Jumlah kartu", count(len(d.Cards), "kartu")},
		{"Nomor segel", d.Seal},
	})
}

// table lists the cards; its head stands again on every page.
func (d Delivery) table(s *sheet) {
	heading := func() {
		s.fill(margin, s.y, textWidth, deliveryHead, tintHead)
		for _, c := range deliveryColumns {
			s.fitted(margin+c.x+1.5, s.y, c.width-2, deliveryHead, "B", 8.5, inkAccent, c.title)
		}
		s.y += deliveryHead
	}
	heading()
	for i, c := range d.Cards {
		if s.room(deliveryRow) {
			heading()
		}
		if i%2 == 1 {
			s.fill(margin, s.y, textWidth, deliveryRow, tintRow)
			s.rule(margin, s.y, textWidth, 0.1, lineGray)
		}
		for n, t := range []string{fmt.Sprint(i + 1), maskNIK(c.NIK), c.Name, uidTail(c.Chip)} {
			col := deliveryColumns[n]
			s.fitted(margin+col.x+1.5, s.y, col.width-2.5, deliveryRow, "", 9, inkBlack, t)
		}
		const box = 3.6
		s.frame(margin+deliveryColumns[4].x+(deliveryColumns[4].width-box)/2, s.y+(deliveryRow-box)/2, box, box, 0.25, inkGray)
		s.rule(margin, s.y+deliveryRow, textWidth, 0.1, lineGray)
		s.y += deliveryRow
	}
	s.y += 3
}

// signatures are the three hands the consignment goes through, kept on one page.
func (d Delivery) signatures(s *sheet) {
	s.room(signHeight)
	s.text(margin, s.y+3.4, "", 8.5, inkBlack, "Kartu dihitung dan nomor segel dicocokkan sebelum tanda tangan. Selisih dicatat kartu demi kartu pada tanda terima,")
	s.text(margin, s.y+7.4, "", 8.5, inkBlack, "bukan pada surat ini. Kartu hanya diserahkan kepada pemegangnya setelah verifikasi sidik jari 1:1 berhasil.")
	s.y += 12
	const gap = 6.0
	width := (textWidth - 2*gap) / 3
	for i, p := range [][2]string{{"Yang menyerahkan", d.Sender}, {"Pembawa", d.Carrier}, {"Yang menerima", ""}} {
		x := margin + float64(i)*(width+gap)
		s.frame(x, s.y, width, signHeight-13, 0.2, lineGray)
		s.text(x+3, s.y+5, "B", 8.5, inkAccent, p[0])
		s.rule(x+3, s.y+19, width-6, 0.2, inkGray)
		s.text(x+3, s.y+22.4, "", 7, inkGray, "Nama")
		s.fitted(x+14, s.y+19.4, width-17, 4.6, "", 8.5, inkBlack, p[1])
		s.text(x+3, s.y+26.6, "", 7, inkGray, "NIP")
		s.text(x+3, s.y+30.8, "", 7, inkGray, "Tanggal dan jam")
	}
	s.y += signHeight
}

// DeliveryCSV lists the cards of a delivery note.
func DeliveryCSV(d Delivery) []byte {
	t := newCSV("number", "line", "nik_masked", "name", "chip_uid", "to", "seal")
	for i, c := range d.Cards {
		t.Add(d.Number, i+1, maskNIK(c.NIK), c.Name, string(c.Chip), d.To.Name, d.Seal)
	}
	return t.bytes()
}
