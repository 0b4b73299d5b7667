package paper

import (
	"time"
)

// Complaint is the slip for who complains: given out when it is taken in, and again with the answer.
// What a citizen wrote is printed as it was written; a sign that the fonts lack stands as a square.
type Complaint struct {
	Heading
	Channel       string // in words of the service standard
	Subject       string // in words
	ReceivedAt    time.Time
	Receiver      Officer
	Name, Contact string // both empty: anonymous
	Text          string
	ForeignNumber string // of LAPOR!
	Application   string
	Card          string // end of the chip's key, or what is known of the card
	Due           time.Time
	Team          string // who handles it, of the service standard
	Desk          string // name of the complaint officer, of the service standard
	Telephone     string // and the number to call
	Verified      *ComplaintFinding
	Answer        *ComplaintAnswer
}

// ComplaintFinding is what looking into the matter found.
type ComplaintFinding struct {
	At      time.Time
	Officer Officer
	Finding string // benar, tidak benar, tidak jelas
	Matter  string
}

// ComplaintAnswer is the answer.
type ComplaintAnswer struct {
	At      time.Time
	Officer Officer
	Text    string
}

// ComplaintSlip draws the slip. Error: paper.content_invalid with the field.
func ComplaintSlip(c Complaint) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return compose(c.Heading, "Tanda terima pengaduan", func(s *sheet) {
		name, contact := oneLine(written(c.Name)), oneLine(written(c.Contact))
		if name == "" && contact == "" {
			name = "tanpa nama; tidak dapat diverifikasi, tetap dicatat"
		}
		s.openingOf(c.Heading, "TANDA TERIMA PENGADUAN",
			[2]string{"Diterima", dateTime(c.ReceivedAt)}, [2]string{"Sarana", c.Channel}, [2]string{"Nomor LAPOR!", c.ForeignNumber},
			[2]string{"Perihal", c.Subject}, [2]string{"Pelapor", name}, [2]string{"Kontak", contact},
			[2]string{"Permohonan", c.Application}, [2]string{"Kartu", c.Card},
		)
		s.section("Isi pengaduan")
		s.prose("", inkBlack, written(c.Text))
		if v := c.Verified; v != nil {
			s.section("Verifikasi materi")
			s.rows([][2]string{{"Hasil", v.Finding}, {"Diverifikasi", dateTime(v.At)}, {"Petugas", v.Officer.Name}}, textWidth)
			s.y += 2
			s.prose("", inkBlack, written(v.Matter))
		}
		officer := c.Receiver
		if a := c.Answer; a != nil {
			officer = a.Officer
			s.section("Tanggapan")
			s.prose("", inkBlack, written(a.Text))
			s.rows([][2]string{{"Ditanggapi", dateTime(a.At)}, {"Petugas", a.Officer.Name}}, textWidth)
			s.y += 3
		} else {
			s.section("Langkah berikutnya")
			s.verdict(Good, "Pengaduan ini diverifikasi dan ditanggapi paling lambat "+longDate(c.Due)+".")
			s.rows([][2]string{{"Ditangani oleh", c.Team}}, textWidth)
			s.y += 3
		}
		s.section("Petugas pelayanan pengaduan")
		s.rows([][2]string{{"Nama petugas", c.Desk}, {"Nomor HP", c.Telephone}}, textWidth)
		s.y += 3
		s.note("Status pengaduan dapat dilihat dengan nomor di atas atau kode QR, tanpa data pribadi. Pengaduan tidak ditutup tanpa tanggapan.")
		s.signatures("", signer{role: "Pelapor", name: oneLine(written(c.Name)), plain: true}, signs("Petugas Pengaduan", officer))
	})
}

func (c Complaint) check() error {
	if err := first(
		c.Heading.check(), printable("channel", c.Channel, true), printable("subject", c.Subject, true), given("receivedAt", c.ReceivedAt),
		c.Receiver.check("receiver", true), wanted("text", c.Text), printable("foreignNumber", c.ForeignNumber, false),
		printable("application", c.Application, false), printable("card", c.Card, false), given("due", c.Due), inOrder("due", c.ReceivedAt, c.Due),
		printable("team", c.Team, false), printable("desk", c.Desk, true), printable("telephone", c.Telephone, true),
	); err != nil {
		return err
	}
	if v := c.Verified; v != nil {
		if err := first(
			given("verified.at", v.At), inOrder("verified.at", c.ReceivedAt, v.At), v.Officer.check("verified.officer", true),
			printable("verified.finding", v.Finding, true), wanted("verified.matter", v.Matter),
		); err != nil {
			return err
		}
	}
	if a := c.Answer; a != nil {
		return first(given("answer.at", a.At), inOrder("answer.at", c.ReceivedAt, a.At), a.Officer.check("answer.officer", true), wanted("answer.text", a.Text))
	}
	return nil
}

// wanted refuses words of a person that are empty; any sign in them can be printed somehow.
func wanted(field, t string) error { return printable(field, oneLine(written(t)), true) }
