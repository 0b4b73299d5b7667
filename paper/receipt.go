package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// Receipt is what an applicant takes home from the counter: number, next step, date due. The QR code
// leads to the status page, which tells nothing of the person.
type Receipt struct {
	Heading      // Number is that of the receipt
	Application  string
	Type         ktp.ApplicationType
	NIK          ktp.NIK
	Name         string
	ReceivedAt   time.Time
	NextStep     string    // what the applicant does now, in one sentence
	Due          time.Time // when the card is ready for collection at the latest
	Delivery     Place     // where it is collected
	Requirements []Choice  // ticked: handed in
	Fines        []FineLine
	Free         string // what the standard says of the fee
	Officer      Officer
}

// FineLine is a fine as the receipt tells it; it never holds a card back.
type FineLine struct {
	Text   string // what it is for
	Amount int64  // rupiah
	Days   int    // late
	Basis  string // legal
	State  string // ditetapkan, dibebaskan, diselesaikan di tempat lain
}

// ApplicationReceipt draws the receipt. Error: paper.content_invalid with the field.
func ApplicationReceipt(r Receipt) ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return compose(r.Heading, "Tanda terima permohonan", func(s *sheet) {
		s.openingOf(r.Heading, "TANDA TERIMA PERMOHONAN KTP-el",
			[2]string{"Permohonan", r.Application}, [2]string{"Jenis", applicationWords[r.Type]},
			[2]string{"NIK", maskNIK(r.NIK)}, [2]string{"Nama", r.Name}, [2]string{"Diterima", dateTime(r.ReceivedAt)},
		)
		s.section("Langkah berikutnya")
		s.verdict(Good, r.NextStep)
		s.rows([][2]string{
			{"Paling lambat", days[r.Due.Weekday()] + ", " + longDate(r.Due)},
			{"Diambil di", r.Delivery.Name},
			{"", r.Delivery.Address},
		}, textWidth)
		s.y += 3
		if len(r.Requirements) > 0 {
			s.section("Berkas yang diserahkan")
			s.choices(r.Requirements, 2)
		}
		r.fines(s)
		s.note("Simpan tanda terima ini. Status permohonan dapat dilihat dengan nomor di atas atau kode QR, tanpa data pribadi. " +
			"KTP-el diserahkan kepada pemegangnya setelah verifikasi sidik jari. " + r.Free)
		s.signatures("", signer{role: "Pemohon", name: r.Name, plain: true}, signs("Petugas Pelayanan", r.Officer))
	})
}

func (r Receipt) fines(s *sheet) {
	if len(r.Fines) == 0 {
		return
	}
	s.section("Denda")
	var rows []row
	for _, f := range r.Fines {
		rows = append(rows, row{cells: []string{f.Text, fmt.Sprintf("%d hari", f.Days), rupiah(f.Amount), f.Basis, f.State}})
	}
	s.table([]column{{"Sebab", 56, false}, {"Terlambat", 20, true}, {"Jumlah", 28, true}, {"Dasar hukum", 46, false}, {"Keadaan", 30, false}}, rows, "")
	s.note("Pencetakan tidak menunggu pembayaran. Loket ini tidak menerima uang.")
}

// rupiah is such as "Rp 1.000.000".
func rupiah(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	t := fmt.Sprint(n)
	for i := len(t) - 3; i > 0; i -= 3 {
		t = t[:i] + "." + t[i:]
	}
	return "Rp " + sign + t
}

func (r Receipt) check() error {
	if err := first(
		r.Heading.check(), printable("application", r.Application, true), knownType("type", r.Type), isNIK("nik", r.NIK),
		printable("name", r.Name, true), given("receivedAt", r.ReceivedAt), printable("nextStep", r.NextStep, true),
		given("due", r.Due), inOrder("due", r.ReceivedAt, r.Due),
		printable("delivery.name", r.Delivery.Name, true), printable("delivery.address", r.Delivery.Address, false),
		printable("free", r.Free, false), r.Officer.check("officer", true),
	); err != nil {
		return err
	}
	for i, c := range r.Requirements {
		if err := printable(indexed("requirements", i), c.Text, true); err != nil {
			return err
		}
	}
	for i, f := range r.Fines {
		field := indexed("fines", i)
		if err := first(printable(field+".text", f.Text, true), printable(field+".basis", f.Basis, true), printable(field+".state", f.State, true)); err != nil {
			return err
		}
		if f.Amount < 0 || f.Days < 0 {
			return contentInvalid.At("paper.Receipt", nil).With(field, "below zero")
		}
	}
	return nil
}
