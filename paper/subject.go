package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// SubjectAccess is the cover of what the station holds about a person, given to that person (Law
// 27/2022, article 7: access and a copy).
type SubjectAccess struct {
	Heading      // Number is that of the request
	NIK          ktp.NIK
	Name         string
	RequestedAt  time.Time
	IdentifiedBy string // how the person was identified: kartu dan sidik jari 1:1
	Purpose      string // why the data is held
	Basis        string // legal
	Classes      []SubjectClass
	Files        []SubjectFile
	Recipients   []string // to whom data was given
	Officer      Officer
}

// SubjectClass is one kind of data.
type SubjectClass struct {
	What  string // in words
	Items int
	Kept  string // how long, or when it was erased
}

// SubjectFile is one file of the copy.
type SubjectFile struct {
	Name  string
	Bytes int64
	Hash  string // SHA-256, 64 hex digits
}

// SubjectAccessCover draws the cover. Error: paper.content_invalid with the field.
func SubjectAccessCover(a SubjectAccess) ([]byte, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	return compose(a.Heading, "Salinan data pribadi", func(s *sheet) {
		s.openingOf(a.Heading, "SALINAN DATA PRIBADI UNTUK PEMILIKNYA",
			[2]string{"NIK", maskNIK(a.NIK)}, [2]string{"Nama", a.Name}, [2]string{"Diminta", dateTime(a.RequestedAt)}, [2]string{"Diserahkan", dateTime(a.At)},
			[2]string{"Dikenali dengan", a.IdentifiedBy}, [2]string{"Tujuan", a.Purpose}, [2]string{"Dasar hukum", a.Basis},
		)
		s.section("Data yang disimpan")
		var rows []row
		for _, c := range a.Classes {
			rows = append(rows, row{cells: []string{c.What, fmt.Sprint(c.Items), c.Kept}})
		}
		s.table([]column{{"Data", 70, false}, {"Jumlah", 20, true}, {"Lama penyimpanan", 90, false}}, rows, "Tidak ada data tentang orang ini.")
		s.section("Berkas salinan")
		rows = nil
		for _, f := range a.Files {
			rows = append(rows, row{cells: []string{f.Name, fmt.Sprint(f.Bytes), f.Hash}})
		}
		s.table([]column{{"Berkas", 52, false}, {"Bita", 20, true}, {"SHA-256", 108, false}}, rows, "Tidak ada berkas.")
		s.section("Diberikan kepada")
		if len(a.Recipients) == 0 {
			s.prose("", inkBlack, "Tidak diberikan kepada siapa pun.")
		} else {
			s.numbered(a.Recipients)
		}
		s.section("Hak pemilik data")
		s.numbered([]string{
			"Meminta perbaikan data yang keliru; NIK, tempat dan tanggal lahir hanya diperbaiki oleh pusat data.",
			"Mengajukan keberatan atau pengaduan melalui sarana pengaduan Dinas.",
			"Meminta penghapusan bila tidak ada lagi kewajiban menurut undang-undang untuk menyimpannya.",
		})
		s.signatures("", signer{role: "Pemilik data", name: a.Name, plain: true}, signs("Petugas", a.Officer))
	})
}

func (a SubjectAccess) check() error {
	if err := first(
		a.Heading.check(), isNIK("nik", a.NIK), printable("name", a.Name, true), given("requestedAt", a.RequestedAt), inOrder("at", a.RequestedAt, a.At),
		printable("identifiedBy", a.IdentifiedBy, true), printable("purpose", a.Purpose, true), printable("basis", a.Basis, true), a.Officer.check("officer", true),
	); err != nil {
		return err
	}
	for i, c := range a.Classes {
		field := indexed("classes", i)
		if err := first(printable(field+".what", c.What, true), printable(field+".kept", c.Kept, true)); err != nil {
			return err
		}
		if c.Items < 0 {
			return contentInvalid.At("paper.SubjectAccess", nil).With(field+".items", "below zero")
		}
	}
	for i, f := range a.Files {
		field := indexed("files", i)
		if err := first(printable(field+".name", f.Name, true), isHash(field+".hash", f.Hash)); err != nil {
			return err
		}
		if f.Bytes < 0 {
			return contentInvalid.At("paper.SubjectAccess", nil).With(field+".bytes", "below zero")
		}
	}
	for i, r := range a.Recipients {
		if err := printable(indexed("recipients", i), r, true); err != nil {
			return err
		}
	}
	return nil
}
