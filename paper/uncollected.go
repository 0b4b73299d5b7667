package paper

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"blanko/ktp"
)

// Uncollected is the list of finished cards that nobody came for, a page for each kelurahan or desa,
// so that each can be handed to its own.
type Uncollected struct {
	Heading
	Place    Place // where the cards are
	After    int   // days from which a card counts as uncollected
	Recall   int   // days from which it is recalled; 0: none
	Villages []UncollectedVillage
	Keeper   Officer
}

// UncollectedVillage is one kelurahan or desa.
type UncollectedVillage struct {
	Code, Name, District string
	Place                string // where its cards are; empty: as the list says
	Cards                []UncollectedCard
}

// UncollectedCard is one card.
type UncollectedCard struct {
	Application string
	NIK         ktp.NIK
	Name        string
	Address     string
	Ready       time.Time // for collection
	Reminders   int
	Reminded    time.Time // last; zero: never
}

// daysBetween counts days by the calendar of the first time's zone.
func daysBetween(from, to time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.In(from.Location()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(to).Sub(date(from)).Hours() / 24)
}

// UncollectedList draws the list. Error: paper.content_invalid with the field.
func UncollectedList(u Uncollected) ([]byte, error) {
	if err := u.check(); err != nil {
		return nil, err
	}
	all := 0
	for _, v := range u.Villages {
		all += len(v.Cards)
	}
	return compose(u.Heading, "Daftar KTP-el belum diambil", func(s *sheet) {
		s.openingOf(u.Heading, "DAFTAR KTP-el YANG BELUM DIAMBIL",
			[2]string{"Tempat", u.Place.Name}, [2]string{"", u.Place.Address}, [2]string{"Keadaan pada", dateTime(u.At)},
			[2]string{"Belum diambil", fmt.Sprintf("lebih dari %d hari", u.After)}, [2]string{"Jumlah", count(all, "kartu")},
		)
		var sums []row
		for _, v := range u.Villages {
			sums = append(sums, row{cells: []string{v.Code, v.Name, v.District, fmt.Sprint(len(v.Cards)), fmt.Sprint(u.oldest(v))}})
		}
		s.table([]column{{"Kode", 32, false}, {"Kelurahan/Desa", 58, false}, {"Kecamatan", 50, false}, {"Kartu", 18, true}, {"Terlama, hari", 22, true}},
			sums, "Nihil: semua kartu telah diambil.")
		s.signatures("", signs("Penanggung jawab", u.Keeper), signer{role: "Mengetahui, Atasan"})
		for _, v := range u.Villages {
			if len(v.Cards) > 0 {
				s.page()
				u.village(s, v)
			}
		}
	})
}

func (u Uncollected) oldest(v UncollectedVillage) (n int) {
	for _, c := range v.Cards {
		n = max(n, daysBetween(c.Ready, u.At))
	}
	return n
}

func (u Uncollected) village(s *sheet, v UncollectedVillage) {
	s.section("Kelurahan/Desa " + v.Name + ", Kecamatan " + v.District)
	s.rows([][2]string{{"Kode wilayah", v.Code}, {"Jumlah", count(len(v.Cards), "kartu")}, {"Diambil di", cmp.Or(v.Place, u.Place.Name)}}, textWidth)
	s.y += 2
	var rows []row
	for i, c := range v.Cards {
		age := daysBetween(c.Ready, u.At)
		reminded := "belum"
		if c.Reminders > 0 {
			reminded = fmt.Sprintf("%d kali, %s", c.Reminders, shortDate(c.Reminded))
		}
		r := row{cells: []string{fmt.Sprint(i + 1), c.Name, c.Address, maskNIK(c.NIK), c.Application, shortDate(c.Ready), fmt.Sprint(age), reminded}}
		if u.Recall > 0 && age >= u.Recall {
			r.ink = inkRed
			r.cells[7] += "; ditarik kembali"
		}
		rows = append(rows, r)
	}
	s.table([]column{
		{"No.", 8, false}, {"Nama", 36, false}, {"Alamat", 38, false}, {"NIK", nikWidth, false}, {"Permohonan", 21, false}, {"Siap", 18, false}, {"Hari", 10, true}, {"Diingatkan", 22, false},
	}, rows, "")
	s.signatures("Diterima oleh kelurahan/desa untuk disampaikan kepada pemegang. Kartu hanya diambil oleh pemegangnya.", signer{role: "Kelurahan/Desa " + v.Name})
}

func (u Uncollected) check() error {
	const op = "paper.Uncollected"
	if err := first(
		u.Heading.check(), printable("place.name", u.Place.Name, true), printable("place.address", u.Place.Address, false), u.Keeper.check("keeper", true),
	); err != nil {
		return err
	}
	if u.After < 0 || u.Recall < 0 {
		return contentInvalid.At(op, nil).With("after", "below zero")
	}
	var seen []string
	for i, v := range u.Villages {
		field := indexed("villages", i)
		if err := first(printable(field+".code", v.Code, true), printable(field+".name", v.Name, true), printable(field+".place", v.Place, false), printable(field+".district", v.District, true)); err != nil {
			return err
		}
		if slices.Contains(seen, v.Code) {
			return contentInvalid.At(op, nil).With(field+".code", "stands twice")
		}
		seen = append(seen, v.Code)
		for n, c := range v.Cards {
			field := field + "." + indexed("cards", n)
			if err := first(
				printable(field+".application", c.Application, true), isNIK(field+".nik", c.NIK), printable(field+".name", c.Name, true),
				printable(field+".address", c.Address, false), given(field+".ready", c.Ready), inOrder(field+".ready", c.Ready, u.At),
			); err != nil {
				return err
			}
			if c.Reminders < 0 || (c.Reminders > 0) == c.Reminded.IsZero() {
				return contentInvalid.At(op, nil).With(field+".reminders", "number and time of the last do not fit")
			}
		}
	}
	return nil
}

// UncollectedCSV lists every card of the list.
func UncollectedCSV(u Uncollected) []byte {
	t := newCSV("village_code", "village", "district", "line", "application", "nik_masked", "name", "address", "ready_at", "days", "reminders", "reminded_at")
	for _, v := range u.Villages {
		for i, c := range v.Cards {
			t.Add(v.Code, v.Name, v.District, i+1, c.Application, maskNIK(c.NIK), c.Name, c.Address, c.Ready, daysBetween(c.Ready, u.At), c.Reminders, c.Reminded)
		}
	}
	return t.bytes()
}
