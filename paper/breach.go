package paper

import (
	"fmt"
	"time"
)

// noticeWithin is how soon persons and authority are told (Law 27/2022, article 46: 3 x 24 hours).
const noticeWithin = 72 * time.Hour

// Breach is the notice of a failure to protect personal data, to the authority or to the persons
// (Law 27/2022, article 46: which data, when and how, what is done about it).
type Breach struct {
	Heading
	To       BreachReader
	FoundAt  time.Time
	People   int
	Data     string // which data
	How      string // when and how they became known to others
	Measures string // what was and is done
	Contact  string // whom to ask
	Advice   string // what the persons should do; for them
	Delay    string // why the notice is late; needed after the 72 hours
	Signer   Officer
}

// BreachReader is who is told.
type BreachReader string

const (
	BreachToAuthority BreachReader = "authority"
	BreachToPersons   BreachReader = "persons"
)

var breachWords = map[BreachReader]string{
	BreachToAuthority: "lembaga pelindungan data pribadi", BreachToPersons: "pemilik data pribadi",
}

// NoticeBy is the end of the 72 hours.
func (b Breach) NoticeBy() time.Time { return b.FoundAt.Add(noticeWithin) }

// BreachNotice draws the notice. Error: paper.content_invalid with the field.
func BreachNotice(b Breach) ([]byte, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	return compose(b.Heading, "Pemberitahuan kegagalan pelindungan data pribadi", func(s *sheet) {
		s.openingOf(b.Heading, "PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI",
			[2]string{"Kepada", breachWords[b.To]}, [2]string{"Diketahui", dateTime(b.FoundAt)}, [2]string{"Batas waktu", dateTime(b.NoticeBy())},
			[2]string{"Diberitahukan", dateTime(b.At)}, [2]string{"Orang terdampak", count(b.People, "orang")},
		)
		if left := b.NoticeBy().Sub(b.At); left >= 0 {
			s.verdict(Good, fmt.Sprintf("Dalam batas 3 x 24 jam: tersisa %s.", hours(left)))
		} else {
			s.verdict(Bad, fmt.Sprintf("Melewati batas 3 x 24 jam: terlambat %s.", hours(-left)))
		}
		for _, p := range [][2]string{
			{"Sebab keterlambatan", b.Delay},
			{"Data pribadi yang terungkap", b.Data},
			{"Kapan dan bagaimana terungkap", b.How},
			{"Upaya penanganan dan pemulihan", b.Measures},
			{"Yang sebaiknya dilakukan pemilik data", b.Advice},
		} {
			if p[1] != "" {
				s.section(p[0])
				s.prose("", inkBlack, written(p[1]))
			}
		}
		s.section("Narahubung")
		s.prose("", inkBlack, b.Contact)
		s.note("Dasar: Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, pasal 46.")
		s.signatures("", signs("Penanggung jawab", b.Signer), signer{role: "Diterima oleh", plain: true})
	})
}

// hours tells a time in whole hours and minutes.
func hours(d time.Duration) string {
	m := int(d.Minutes())
	return fmt.Sprintf("%d jam %d menit", m/60, m%60)
}

func (b Breach) check() error {
	const op = "paper.Breach"
	if breachWords[b.To] == "" {
		return contentInvalid.At(op, nil).With("to", "authority or persons")
	}
	if b.People < 0 {
		return contentInvalid.At(op, nil).With("people", "below zero")
	}
	if err := first(
		b.Heading.check(), given("foundAt", b.FoundAt), inOrder("at", b.FoundAt, b.At), wanted("data", b.Data), wanted("how", b.How), wanted("measures", b.Measures),
		printable("contact", b.Contact, true), b.Signer.check("signer", true),
	); err != nil {
		return err
	}
	if b.At.After(b.NoticeBy()) {
		return wanted("delay", b.Delay)
	}
	return nil
}
