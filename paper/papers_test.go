package paper

import (
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/paper/papertest"
)

// goldenText compares the text of a paper, its number of pages and the hash of its bytes. Look at
// the paper itself (-keep) before the file is written anew.
func goldenText(t *testing.T, name string, pdf []byte) {
	t.Helper()
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, name+".pdf"), pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := fmt.Sprintf("SHA-256 %x\n%s", sha256.Sum256(pdf), papertest.Text(t, pdf))
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := 1; i < len(a); i++ {
			if i >= len(b) || a[i] != b[i] {
				t.Fatalf("%s, line %d: %q; run with -update and look", name, i+1, a[i])
			}
		}
		t.Errorf("%s: equal text, other bytes; run with -update and look", name)
	}
}

// inside fails where a piece of text leaves the margins of its page or two pages claim one number.
func inside(t *testing.T, name string, pdf []byte) (all [][]papertest.Word) {
	t.Helper()
	widths, err := rulers()
	if err != nil {
		t.Fatal(err)
	}
	ruler := &sheet{rulers: widths}
	all = papertest.Pages(t, pdf)
	for i, page := range all {
		numbered := false
		for _, w := range page {
			width := min(ruler.width("", w.Points, w.Text), ruler.width("B", w.Points, w.Text))
			if w.X < margin-0.1 || w.X+width > pageWidth-margin+0.1 || w.Y < margin || w.Y > pageHeight-margin {
				t.Errorf("%s, page %d: %q lies outside (%.1f to %.1f, %.1f)", name, i+1, w.Text, w.X, w.X+width, w.Y)
			}
			numbered = numbered || w.Text == fmt.Sprintf("Halaman %d dari %d", i+1, len(all))
		}
		if !numbered {
			t.Errorf("%s, page %d has no number", name, i+1)
		}
	}
	return all
}

const (
	longName   = "RADEN MAS MUHAMMAD ABDURRAHMAN WIRANATAKUSUMAH DIPONEGORO II"
	longStreet = "JL. RAYA PELABUHAN SUNDA KELAPA LAMA BLOK C NO. 117 GANG HAJI ABDUL MANAF RT 004 RW 002"
	hash       = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

var names = []string{
	"BUDI SANTOSO", "ANI", longName, "DR. HJ. MARIA FU'ADIAH D’OREY, S.PD., M.SI.", "ÁGÚSTA ŁUKASZEWSKA-ÑÚÑEZ ŠŤASTNÁ", "YOSEF LAI",
}

func name(i int) string { return names[i%len(names)] }

func nik(i int) ktp.NIK { return ktp.NIK(fmt.Sprintf("610507%02d0%d85%04d", 1+i%28, 1+i%9, i%9999+1)) }

func chip(i int) ktp.ChipUID { return ktp.ChipUID(fmt.Sprintf("479051686B2A00%06X", 0x10A3C4+i*77)) }

func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, wib) }

func heading(number string) Heading {
	return Heading{Office: office(), Number: number, At: at(14, 5), Code: "7QK4-M2PX-9DTA", Link: "https://blanko.sintangkab.go.id/v/7QK4-M2PX-9DTA"}
}

var (
	rina  = Officer{"Rina Oktaviani, S.Kom.", "198710022011012003"}
	yosef = Officer{"Yosef Lai", "197503121999031004"}
	maria = Officer{"Maria Goreti", ""}
	sekda = Place{"KANTOR CAMAT SEPAUK", "Jl. Pendidikan No. 3, Nanga Sepauk"}
	dinas = Place{"DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL KABUPATEN SINTANG", "Jl. Dr. Wahidin Sudirohusodo, Sintang"}
)

// scene is a picture that no two dots of agree.
func scene(width, height int, seed uint8) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.NRGBA{uint8(255 * x / width), uint8(255 * y / height), seed, 255})
		}
	}
	return m
}

// stroke is a signature.
func stroke() image.Image {
	m := image.NewGray(image.Rect(0, 0, 240, 80))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for x := range 200 {
		y := 40 + int(25*math.Sin(float64(x)/14)*math.Cos(float64(x)/50))
		for d := range 3 {
			m.SetGray(20+x, y+d, color.Gray{20})
		}
	}
	return m
}

func resident() ktp.Person {
	return ktp.Person{
		NIK: "6105011708850003", FamilyCard: "6105010101200007", Names: []string{longName}, BirthPlace: "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU",
		BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC), Sex: ktp.Male, Blood: 4, Street: longStreet, RT: "004", RW: "002", Village: "KAPUAS KANAN HULU",
		District: "SINTANG", Regency: "KABUPATEN SINTANG", Province: "KALIMANTAN BARAT", Religion: 1, Marital: 2, Occupation: "KARYAWAN SWASTA",
		Nationality: "IDN", Citizenship: "WNI", Validity: ktp.Lifelong,
	}
}

func choices(ticked int, texts ...string) (list []Choice) {
	for i, t := range texts {
		list = append(list, Choice{t, i == ticked})
	}
	return list
}

func form() Form {
	p := resident()
	return Form{
		Heading: heading("R7QK4M2PX9D"), Person: &p, Phone: "0812 0000 0000", Email: "warga@contoh.go.id", Place: "Loket 2, Kantor Camat Sepauk",
		Types: choices(0, "Baru", "Pemegang KTP lama yang belum merekam", "Hilang", "Rusak", "Perubahan data", "Pindah datang", "Luar domisili",
			"Orang Asing: baru", "Orang Asing: perpanjangan Izin Tinggal Tetap", "Orang Asing: penggantian"),
		Requirements: choices(1, "Fotokopi Kartu Keluarga", "Surat Pengantar dari RT/RW", "Surat keterangan pindah", "Telah berusia 17 tahun atau sudah menikah",
			"KTP elektronik yang rusak", "Surat Keterangan Kehilangan dari Kepolisian", "KTP lama", "Bukti perubahan data", "Dokumen perjalanan", "Kartu Izin Tinggal Tetap"),
		Free: "Penerbitan KTP elektronik tidak dipungut biaya (gratis).",
	}
}

func blankForm() Form {
	f := form()
	f.Person, f.Number, f.Code, f.Link, f.Phone, f.Email = nil, "", "", "", "", ""
	for i := range f.Types {
		f.Types[i].Ticked = false
	}
	for i := range f.Requirements {
		f.Requirements[i].Ticked = false
	}
	return f
}

func receipt() Receipt {
	return Receipt{
		Heading: heading("R7QK4M2PX9D"), Application: "610500-2026-000418", Type: ktp.TypeNew, NIK: nik(1), Name: longName, ReceivedAt: at(9, 12),
		NextStep: "Datang ke loket perekaman hari ini, dengan membawa tanda terima ini.", Due: at(9, 12).AddDate(0, 0, 14), Delivery: sekda,
		Requirements: choices(0, "Fotokopi Kartu Keluarga", "Surat Pengantar dari RT/RW"),
		Fines: []FineLine{{
			"Terlambat melapor lebih dari 30 hari sejak berumur 17 tahun atau kawin", 25000, 61,
			"Standar pelayanan Kabupaten Sintang", "ditetapkan",
		}},
		Free: "Penerbitan KTP elektronik tidak dipungut biaya (gratis).", Officer: rina,
	}
}

func dailyBook(n int) DailyBook {
	b := DailyBook{Heading: heading("BH/6105/2026-11-23"), Place: "Kantor Camat Sepauk", From: at(0, 0), To: at(23, 59), Keeper: rina}
	for i := range n {
		b.Entries = append(b.Entries, DailyEntry{
			Sequence: int64(88000 + 3*i), At: at(8, 0).Add(time.Duration(i) * time.Minute), Event: dailyOrder[i%3], Application: fmt.Sprintf("610500-2026-%06d", 400+i),
			Type: ktp.TypeNew, NIK: nik(i), Name: name(i), Officer: "r.oktaviani", Remark: []string{"", "kepada kuasa", "foto kabur"}[i%3],
		})
	}
	return b
}

func confirmation() Confirmation {
	return Confirmation{
		Heading: heading("PS-2026-000418"), Application: "610500-2026-000418", Version: 2, Printed: Signed(resident()),
		Fingers: []Line{{"Telunjuk kanan", "direkam, mutu 78"}, {"Telunjuk kiri", "tidak ada: dibalut"}}, Hash: hash, Signature: stroke(),
		ConfirmedAt: at(9, 40), Name: longName, Operator: yosef,
	}
}

func uniqueness(r UniquenessResult) Uniqueness {
	return Uniqueness{
		Heading: heading("PK-2026-000418"), Application: "610500-2026-000418", NIK: nik(2), Name: longName, Encounter: 2, Result: r,
		Reason: "rekaman di kabupaten lain", Source: "Pusat data", FoundAt: at(10, 0), ReadAt: at(11, 30), Reader: yosef,
	}
}

func manifest(n int) Manifest {
	m := Manifest{Heading: heading("K-2026-000042"), Route: RouteOut, From: dinas, To: sekda, Seal: "SEGEL-0048213", Packer: rina}
	for i := range n {
		m.Cards = append(m.Cards, PackedCard{fmt.Sprintf("610500-2026-%06d", 400+i), nik(i), name(i), chip(i), []string{"", "KELURAHAN TANJUNG RIA"}[i%2]})
	}
	return m
}

func arrival(n int) Arrival {
	a := Arrival{
		Heading: heading("TK-2026-000042"), Consignment: "K-2026-000042", Route: RouteOut, From: dinas, To: sekda, Seal: "SEGEL-0048213", SealFound: "SEGEL-0048213",
		ShippedAt: at(8, 0), ReceivedAt: at(13, 15), Carrier: "Yohanes Dwi Prasetyo", Receiver: yosef,
	}
	for i := range n {
		c := ArrivedCard{Application: fmt.Sprintf("610500-2026-%06d", 400+i), NIK: nik(i), Name: name(i), Chip: chip(i), State: Arrived}
		switch i {
		case 3:
			c.State, c.Investigation = Missing, "2f8a11c0"
		case 5:
			c = ArrivedCard{Chip: chip(900), State: Extra, Investigation: "77b0a9d2", Remark: "kartu kabupaten lain"}
		}
		a.Cards = append(a.Cards, c)
	}
	return a
}

func handover() Handover {
	return Handover{
		Heading: heading("TP-2026-000418"), Application: "610500-2026-000418", Type: ktp.TypeDamaged, NIK: nik(1), Name: longName, Chip: chip(1), Place: sekda.Name,
		HandedOverAt: at(14, 0), Match: Match{at(13, 55), "telunjuk kanan", 2, yosef}, Old: OldSurrendered, OldChip: chip(77), Officer: rina,
	}
}

func proxyHandover() Handover {
	h := handover()
	h.Match, h.Old, h.OldChip = Match{}, OldNone, ""
	h.Proxy, h.Exception, h.Second = HandoverProxy{nik(9), "ÁGÚSTA ŁUKASZEWSKA-ÑÚÑEZ ŠŤASTNÁ", "SK/12/XI/2026"}, "pemegang dirawat di rumah sakit", yosef
	return h
}

func returned(n int) Return {
	r := Return{
		Heading: heading("470/88/DIRJEN/2026"), From: dinas, To: Place{"DIREKTORAT JENDERAL KEPENDUDUKAN DAN PENCATATAN SIPIL", "Jakarta"},
		Policy: ReturnToCenter, Seal: "SEGEL-0048220", Sender: rina, Second: yosef, Carrier: "Yohanes Dwi Prasetyo",
	}
	causes := []string{"gagal encode", "rusak", "gagal cetak", "perubahan elemen data"}
	for i := range n {
		c := ReturnedCard{ItemCard, fmt.Sprintf("610500-2026-%06d", 400+i), nik(i), name(i), chip(i), causes[i%4], i%5 != 0}
		switch i {
		case 1:
			c.Kind = ItemSpoiled
		case 2:
			c = ReturnedCard{Kind: ItemForeign, Cause: "asal tidak diketahui"}
		case 4:
			c = ReturnedCard{Kind: ItemRoll, Chip: "EV-R-0048220", Cause: "bekas pakai"}
		}
		r.Cards = append(r.Cards, c)
	}
	return r
}

func minutes(kind MinutesKind, n int) Minutes {
	m := Minutes{
		Heading: heading("BA/6105/2026/0031"), Kind: kind, DoneAt: at(11, 0), Place: "halaman belakang Dinas, Sintang", Basis: "SE Mendagri 470.13/11176/SJ tanggal 13 Desember 2018",
		First: rina, Second: yosef, Done: n, Counted: n,
	}
	causes := []string{"rusak", "gagal encode", "gagal cetak", "perubahan elemen data"}
	for i := range n {
		x := MinutesItem{Kind: ItemCard, Item: string(chip(i)), NIK: nik(i), Name: name(i), Address: longStreet, Cause: causes[i%4], ChipState: "dihentikan"}
		switch i % 7 {
		case 3:
			x = MinutesItem{Kind: ItemSpoiled, Item: string(chip(i)), Cause: "gagal encode"}
		case 5:
			x = MinutesItem{Kind: ItemRoll, Item: "YMCKO-88412", Cause: "habis"}
		}
		m.Items = append(m.Items, x)
	}
	if kind == MinutesDestruction {
		m.Method, m.CountIn = "dibakar", maria
		m.Witness = []Witness{{"Petrus Ginting", "Inspektorat Kabupaten Sintang"}, {"Siti Rahayu", "Satuan Polisi Pamong Praja"}}
	}
	if kind != MinutesDestruction {
		for i := range m.Items {
			m.Items[i].ChipState = ""
		}
	}
	if kind != MinutesLost {
		m.Pictures = []MinutesPicture{{scene(160, 120, 40), "Sebelum dibakar", hash}, {scene(90, 120, 200), "Sesudah dibakar, dilihat dari samping kiri tungku pembakaran Dinas", hash}, {scene(160, 120, 90), "Abu", hash}}
	}
	return m
}

func shift() Shift {
	return Shift{
		Heading: heading("GK-2026-11-23-1"), Place: "Ruang cetak, jalur 1 dan 2", OpenedAt: at(7, 45), ClosedAt: at(15, 10), OpenedBy: [2]Officer{rina, yosef}, ClosedBy: [2]Officer{rina, maria},
		Counts: []ShiftCount{
			{"Blangko di gudang, lot A-17", 1200, 0, 300, 900, ""},
			{"Blangko di kotak pengisian jalur 1, lot A-17", 0, 300, 211, 88, "penyelidikan 2f8a11c0"},
			{"Kartu jadi di baki jalur 1", 0, 204, 0, 204, ""},
			{"Kotak gagal jalur 1", 0, 7, 0, 7, ""},
			{"Pita YMCKO-88412, panel tersisa", 250, 0, 211, 39, ""},
		},
		Causes: []CauseCount{{"gagal encode", 3}, {"gagal cetak", 4}}, Restarts: []Restart{{at(10, 2), "jalur-1", "r.oktaviani", "y.lai", "listrik padam"}},
		Anchor: Anchor{88231, hash, at(15, 10)}, Remark: "Listrik padam pukul 10.00 selama 2 menit.\nJalur 2 tidak dipakai.", CutOff: true,
	}
}

func stockReport(n int) StockReport {
	r := StockReport{Heading: heading("LP/6105/2026/11"), From: at(0, 0).AddDate(0, 0, -22), To: at(0, 0).AddDate(0, 0, 7), Denied: 12, Keeper: rina, Anchor: Anchor{88231, hash, at(15, 10)}}
	for i := range n {
		l := LotStock{Lot: fmt.Sprintf("LOT-2026-%03d", i), Use: "kartu", Opening: 1000, Received: 500, Made: 812, Spoiled: 9, Destroyed: 5, Other: 1, Closing: 682}
		if i == 1 {
			l.Closing--
		}
		r.Blanks = append(r.Blanks, l)
		r.Rolls = append(r.Rolls, Roll{
			Serial: fmt.Sprintf("YMCKO-%05d", 88412+i), Kind: Ribbon, Line: "jalur-1", FittedAt: at(8, 0), FittedBy: "r.oktaviani, y.lai", RemovedAt: at(12, 0),
			RemovedBy: "r.oktaviani, m.goreti", Panels: 250, Used: 211, Wasted: 39, Seal: "SEGEL-0049001",
		})
	}
	return r
}

func complaint() Complaint {
	return Complaint{
		Heading: heading("P7QK4M2PX9D"), Channel: "Situs web", Subject: "kartu", ReceivedAt: at(9, 0).AddDate(0, 0, -3), Receiver: rina, Name: longName, Contact: "0812 0000 0000",
		Text:          "Kartu saya tidak terbaca di bank 😀.\n" + strings.Repeat("Sudah tiga kali dicoba dan petugas bank mengatakan kartunya mungkin palsu. ", 8),
		ForeignNumber: "LAPOR-998877", Application: "610500-2026-000418", Card: "…0010A3C4", Due: at(9, 0).AddDate(0, 0, 11), Team: "Tim penanganan pengaduan, saran dan masukan", Desk: "Maria Goreti", Telephone: "0812 3456 7890",
		Verified: &ComplaintFinding{at(10, 0), yosef, "benar", "Antena kartu putus."}, Answer: &ComplaintAnswer{at(11, 0), yosef, "Kartu diganti tanpa biaya."},
	}
}

func uncollected(villages, cards int) Uncollected {
	u := Uncollected{Heading: heading("BD/610507/2026/11"), Place: sekda, After: 30, Recall: 180, Keeper: rina}
	for v := range villages {
		x := UncollectedVillage{Code: fmt.Sprintf("61.05.07.%04d", 2001+v), Name: fmt.Sprintf("TANJUNG RIA %d", v+1), District: "SEPAUK"}
		for i := range cards {
			c := UncollectedCard{Application: fmt.Sprintf("610500-2026-%06d", 400+i), NIK: nik(i), Name: name(i), Address: longStreet, Ready: at(9, 0).AddDate(0, 0, -31-20*i)}
			if i%2 == 0 {
				c.Reminders, c.Reminded = 1+i, at(9, 0).AddDate(0, 0, -2)
			}
			x.Cards = append(x.Cards, c)
		}
		u.Villages = append(u.Villages, x)
	}
	return u
}

func certificate() Suket {
	return Suket{
		Heading: heading("SKT/61.05/2026/000009"), Application: "610500-2026-000418", Person: resident(), Photo: scene(60, 90, 128), Reason: "blangko tidak tersedia",
		ValidUntil: at(14, 5).AddDate(0, 6, 0), Signer: yosef, SignerRole: "Kepala Dinas Kependudukan dan Pencatatan Sipil",
	}
}

func monthly(districts, villages int) Monthly {
	m := Monthly{
		Heading: heading("LB/6105/2026/11"), Tier: TierOffice, Year: 2026, Month: time.November, Keeper: rina,
		Tables: []MonthlyTable{
			{"Kartu diserahkan menurut jenis permohonan", []string{"Baru", "KTP lama", "Hilang", "Rusak", "Ubah data", "Pindah datang", "Luar dom.", "OA baru", "OA lanjut", "OA ganti"}},
			{"Kartu dimusnahkan menurut sebab", []string{"gagal encode", "rusak", "gagal cetak", "perubahan elemen data"}},
		},
	}
	for d := range districts {
		x := MonthlyDistrict{Code: fmt.Sprintf("61.05.%02d", d+1), Name: fmt.Sprintf("SEPAUK %d", d+1)}
		for v := range villages {
			x.Villages = append(x.Villages, MonthlyVillage{
				Code: fmt.Sprintf("61.05.%02d.%04d", d+1, 2001+v), Name: fmt.Sprintf("TANJUNG RIA %d", v+1),
				Counts: [][]int{{12, 1, 3, 4, 2, 1, 0, 0, 0, v}, {1, 2, d, 3}},
			})
		}
		m.Districts = append(m.Districts, x)
	}
	return m
}

func samReceipt(back bool) SAMReceipt {
	r := SAMReceipt{
		Heading: heading("TS/6105/2026/02"), Serial: "0A0B0C0D0E0F0102", Generation: 1, Check: "2E16E6", Seal: "S-4471", Place: Place{"KECAMATAN SEPAUK", "Jl. Raya Sepauk"},
		Uses: 500, Days: 7, IssuedBy: maria, IssuedAt: at(9, 0),
	}
	if back {
		r.ReturnedBy, r.ReturnedAt, r.Reason, r.Spent = rina, at(12, 0), "rusak", 1204
	}
	return r
}

func inspection(n int) Inspection {
	x := Inspection{
		Heading: heading("PM/6105/2026/03"), Place: "Dinas, ruang cetak dan gudang", Inspector: maria, Office: "Inspektorat Kabupaten Sintang", Seed: "4471-9920-1837",
		Method: "SHA-256 atas benih dan nomor barang, urutan terkecil", Began: at(9, 0), Ended: at(12, 0), Escort: rina, Anchor: Anchor{88231, hash, at(9, 0)},
		Populations: []Population{{"kartu", 812}, {"blangko", 4100}, {"pita dan film", 9}}, InspectorWord: "Gudang terkunci dan rapi.",
	}
	for i := range n {
		o := Inspected{What: []string{"kartu", "blangko"}[i%2], Item: string(chip(i)), Expected: []string{"di baki jalur 1", "di gudang"}[i%2], Outcome: Scanned, At: at(9, 5).Add(time.Duration(i) * time.Minute)}
		if i == 4 {
			o.Outcome, o.At, o.Remark = NotAppeared, time.Time{}, "tidak ditemukan"
		}
		x.Sample = append(x.Sample, o)
	}
	return x
}

func subjectAccess() SubjectAccess {
	return SubjectAccess{
		Heading: heading("SD-2026-0007"), NIK: nik(1), Name: longName, RequestedAt: at(9, 0).AddDate(0, 0, -1), IdentifiedBy: "KTP-el dan sidik jari 1:1", Purpose: "penerbitan KTP-el",
		Basis:      "UU 23/2006 sebagaimana diubah dengan UU 24/2013",
		Classes:    []SubjectClass{{"Data pemohon", 1, "satu tahun setelah permohonan berakhir"}, {"Templat jari", 0, "dihapus pada 23-11-2026, pada akhir pemeriksaan setelah penulisan"}},
		Files:      []SubjectFile{{"data.json", 18221, hash}, {"berkas-kartu-keluarga.png", 220114, hash}},
		Recipients: []string{"Pusat data kependudukan, Direktorat Jenderal Kependudukan dan Pencatatan Sipil"}, Officer: rina,
	}
}

func breach() Breach {
	return Breach{
		Heading: heading("KP-2026-0001"), To: BreachToAuthority, FoundAt: at(8, 0).AddDate(0, 0, -1), People: 14, Data: "Nama, NIK dan alamat dari 14 permohonan.",
		How: "Pada 22 November 2026 sebuah daftar tertinggal di loket dan dibawa pergi.", Measures: "Daftar diambil kembali; daftar kini dicetak dengan NIK tersamar.",
		Contact: "Pejabat pelindungan data, Dinas Kependudukan dan Pencatatan Sipil, (0565) 000000", Signer: yosef,
	}
}

func ceremony() Ceremony {
	return Ceremony{
		Heading: heading("UK-2026-001"), Place: "Ruang kunci, Dinas", Began: at(9, 0), Ended: at(10, 20),
		Token:   CeremonyToken{"blanko-sintang", "0A1B2C3D", "SoftHSM project", "SoftHSM v2", false},
		Persons: []CeremonyPerson{{"Rina Oktaviani", DutyLeader}, {"Yosef Lai", DutyHolder}, {"Maria Goreti", DutyHolder}, {longName, DutyWitness}},
		Keys: []CeremonyKey{
			{"card-master", 1, 256, "3A91C2", "", KeyShared, 2, 3}, {"station-signing", 1, 0, "", hash, KeyGenerated, 0, 0}, {"transport", 1, 128, "77F0AA", "", KeyDestroyed, 0, 0},
		},
		Steps: []CeremonyStep{{at(9, 5), "Token dibuka oleh dua pemegang."}, {at(9, 30), "Kunci card-master dibangkitkan dan dibagi tiga, dua diperlukan."}}, Program: "blanko 0.4",
		Protocol: hash, Attestation: hash,
	}
}

// paperOf is a paper of the service under a name.
type paperOf struct {
	name string
	make func() ([]byte, error)
}

func samples() []paperOf {
	return []paperOf{
		{"form", func() ([]byte, error) { return ApplicationForm(form()) }},
		{"form-blank", func() ([]byte, error) { return ApplicationForm(blankForm()) }},
		{"receipt", func() ([]byte, error) { return ApplicationReceipt(receipt()) }},
		{"daily-book", func() ([]byte, error) { return DailyBookPages(dailyBook(9)) }},
		{"daily-book-empty", func() ([]byte, error) { return DailyBookPages(dailyBook(0)) }},
		{"confirmation", func() ([]byte, error) { return ConfirmationSlip(confirmation()) }},
		{"uniqueness", func() ([]byte, error) { return UniquenessNotice(uniqueness(Duplicate)) }},
		{"manifest", func() ([]byte, error) { return ConsignmentManifest(manifest(7)) }},
		{"arrival", func() ([]byte, error) { return ConsignmentReceipt(arrival(8)) }},
		{"handover", func() ([]byte, error) { return HandoverReceipt(handover()) }},
		{"handover-proxy", func() ([]byte, error) { return HandoverReceipt(proxyHandover()) }},
		{"return", func() ([]byte, error) { return ReturnNote(returned(7)) }},
		{"minutes-destruction", func() ([]byte, error) { return OfficialMinutes(minutes(MinutesDestruction, 7)) }},
		{"minutes-mute", func() ([]byte, error) { return OfficialMinutes(minutes(MinutesMute, 1)) }},
		{"minutes-lost", func() ([]byte, error) { return OfficialMinutes(minutes(MinutesLost, 2)) }},
		{"shift", func() ([]byte, error) { return ShiftSheet(shift()) }},
		{"stock", func() ([]byte, error) { return StockPages(stockReport(3)) }},
		{"complaint", func() ([]byte, error) { return ComplaintSlip(complaint()) }},
		{"uncollected", func() ([]byte, error) { return UncollectedList(uncollected(2, 10)) }},
		{"uncollected-empty", func() ([]byte, error) { return UncollectedList(uncollected(0, 0)) }},
		{"suket", func() ([]byte, error) { return TemporaryCertificate(certificate()) }},
		{"monthly", func() ([]byte, error) { return MonthlyReport(monthly(2, 3)) }},
		{"inspection", func() ([]byte, error) { return InspectionReport(inspection(8)) }},
		{"sam", func() ([]byte, error) { return SAMReceiptPage(samReceipt(false)) }},
		{"sam-back", func() ([]byte, error) { return SAMReceiptPage(samReceipt(true)) }},
		{"subject", func() ([]byte, error) { return SubjectAccessCover(subjectAccess()) }},
		{"breach", func() ([]byte, error) { return BreachNotice(breach()) }},
		{"ceremony", func() ([]byte, error) { return CeremonyProtocol(ceremony()) }},
	}
}

func TestPapersAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	for _, p := range samples() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			pdf, err := p.make()
			if err != nil {
				t.Fatal(err, err.(*fault.Error).Field)
			}
			inside(t, p.name, pdf)
			goldenText(t, p.name, pdf)
		})
	}
}
