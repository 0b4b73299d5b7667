package paper

import (
	"fmt"

	"blanko/ktp"
)

// Route is why a consignment travels.
type Route string

const (
	RouteOut         Route = "out"
	RouteOnward      Route = "onward"
	RouteBack        Route = "back"
	RouteRedirect    Route = "redirect"
	RouteDirectorate Route = "directorate"
)

var routeWords = map[Route]string{
	RouteOut: "kiriman dari Dinas ke kecamatan", RouteOnward: "kiriman terusan ke kelurahan atau desa", RouteBack: "kiriman kembali ke Dinas",
	RouteRedirect: "kiriman dialihkan ke tempat lain", RouteDirectorate: "pengembalian kepada Direktorat Jenderal",
}

// Manifest is the list that lies in the bag of a consignment, with the label for the bag. The
// delivery note travels beside the bag.
type Manifest struct {
	Heading  // Number is that of the consignment; At is when it was sealed
	Route    Route
	From, To Place
	Seal     string
	Packer   Officer
	Cards    []PackedCard
}

// PackedCard is one card of a manifest.
type PackedCard struct {
	Application string
	NIK         ktp.NIK
	Name        string
	Chip        ktp.ChipUID
	Final       string // where it is handed over at last; empty: at the place the bag goes to
}

// ConsignmentManifest draws the list and the label. Error: paper.content_invalid with the field.
func ConsignmentManifest(m Manifest) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	return compose(m.Heading, "Daftar isi kiriman KTP-el", func(s *sheet) {
		m.label(s)
		s.openingOf(m.Heading, "DAFTAR ISI KIRIMAN KTP-el",
			[2]string{"Jenis", routeWords[m.Route]}, [2]string{"Dari", m.From.Name}, [2]string{"", m.From.Address},
			[2]string{"Kepada", m.To.Name}, [2]string{"", m.To.Address}, [2]string{"Nomor segel", m.Seal},
			[2]string{"Jumlah kartu", count(len(m.Cards), "kartu")}, [2]string{"Disegel", dateTime(m.At)},
		)
		var rows []row
		for i, c := range m.Cards {
			rows = append(rows, row{cells: []string{fmt.Sprint(i + 1), c.Application, maskNIK(c.NIK), c.Name, uidTail(c.Chip), c.Final}})
		}
		s.table([]column{
			{"No.", 8, false}, {"Permohonan", 32, false}, {"NIK", nikWidth, false}, {"Nama", 56, false}, {"UID chip", 22, false}, {"Diserahkan di", 35, false},
		}, rows, "")
		s.signatures("Isi dihitung dua kali sebelum disegel.", signs("Pengemas", m.Packer), signer{role: "Penghitung kedua"})
	})
}

// label is what is cut off and stuck on the bag.
func (m Manifest) label(s *sheet) {
	const height = 44.0
	s.frame(margin, s.y, textWidth, height, 0.5, inkBlack)
	link := m.Link
	if link == "" {
		link = m.Code
	}
	const side = 30.0
	x := pageWidth - margin - side - 7
	if err := s.code(link, x, s.y+7, side); err != nil {
		s.failed = err
		return
	}
	width := textWidth - side - 22
	s.text(margin+5, s.y+6.5, "", 8, inkGray, "Kepada")
	s.fitted(margin+5, s.y+7.5, width, 11, "B", 16, inkBlack, m.To.Name)
	s.fitted(margin+5, s.y+18.5, width, 6, "", 9, inkBlack, m.To.Address)
	for i, p := range [][2]string{{"Kiriman", m.Number}, {"Segel", m.Seal}, {"Isi", fmt.Sprintf("%d kartu", len(m.Cards))}} {
		at := margin + 5 + float64(i)*width/3
		s.text(at, s.y+30, "", 8, inkGray, p[0])
		s.fitted(at, s.y+31.5, width/3-3, 7, "B", 12, inkBlack, p[1])
	}
	s.y += height + 1
	for x := margin; x < pageWidth-margin; x += 4 {
		s.rule(x, s.y+2, 2, 0.2, inkGray)
	}
	s.text(margin, s.y+5, "", 7, inkGray, "Label kantong: potong di sini")
	s.y += 9
}

func (m Manifest) check() error {
	const op = "paper.Manifest"
	if routeWords[m.Route] == "" {
		return contentInvalid.At(op, nil).With("route", "none of a consignment")
	}
	if err := first(
		m.Heading.check(), printable("from.name", m.From.Name, true), printable("from.address", m.From.Address, false),
		printable("to.name", m.To.Name, true), printable("to.address", m.To.Address, false), printable("seal", m.Seal, true), m.Packer.check("packer", true),
	); err != nil {
		return err
	}
	if len(m.Cards) == 0 {
		return contentInvalid.At(op, nil).With("cards", "a consignment holds at least one card")
	}
	for i, c := range m.Cards {
		field := indexed("cards", i)
		if err := first(
			printable(field+".application", c.Application, true), isNIK(field+".nik", c.NIK), printable(field+".name", c.Name, true),
			printable(field+".chip", string(c.Chip), true), printable(field+".final", c.Final, false),
		); err != nil {
			return err
		}
	}
	return nil
}

// ManifestCSV lists the cards of a manifest.
func ManifestCSV(m Manifest) []byte {
	t := newCSV("consignment", "line", "application", "nik_masked", "name", "chip_uid", "from", "to", "final", "seal")
	for i, c := range m.Cards {
		t.Add(m.Number, i+1, c.Application, maskNIK(c.NIK), c.Name, string(c.Chip), m.From.Name, m.To.Name, c.Final, m.Seal)
	}
	return t.bytes()
}
