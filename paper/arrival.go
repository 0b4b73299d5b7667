package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// ArrivalState is how a card of a consignment fared.
type ArrivalState string

const (
	Arrived ArrivalState = "arrived"
	Missing ArrivalState = "missing" // in the manifest, not in the bag
	Extra   ArrivalState = "extra"   // in the bag, not in the manifest
	Gone    ArrivalState = "lost"    // with the whole consignment
)

var arrivalWords = map[ArrivalState]string{Arrived: "diterima", Missing: "TIDAK ADA", Extra: "LEBIH", Gone: "HILANG"}

// Arrival is the receipt of a consignment, which names every difference card by card.
type Arrival struct {
	Heading
	Consignment string
	Route       Route
	From, To    Place
	Seal        string // of the manifest
	SealFound   string // as read on the bag; empty: none
	ShippedAt   time.Time
	ReceivedAt  time.Time
	Carrier     string
	Receiver    Officer
	Cards       []ArrivedCard
}

// ArrivedCard is one card of the manifest or of the bag. An extra one may be of nobody we know.
type ArrivedCard struct {
	Application   string
	NIK           ktp.NIK
	Name          string
	Chip          ktp.ChipUID
	State         ArrivalState
	Investigation string // its number; empty: none
	Remark        string
}

var arrivalColumns = []column{
	{"No.", 8, false}, {"Permohonan", 32, false}, {"NIK", nikWidth, false}, {"Nama", 45, false}, {"UID chip", 22, false}, {"Keadaan", 18, false}, {"Keterangan", 28, false},
}

// ConsignmentReceipt draws the receipt: differences first, then every card. Error:
// paper.content_invalid with the field.
func ConsignmentReceipt(a Arrival) ([]byte, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	states := map[ArrivalState]int{}
	var differences, rows []row
	for i, c := range a.Cards {
		states[c.State]++
		nik := "-"
		if c.NIK != "" {
			nik = maskNIK(c.NIK)
		}
		remark := c.Remark
		if c.Investigation != "" {
			remark = "penyelidikan " + c.Investigation + " " + remark
		}
		r := row{cells: []string{fmt.Sprint(i + 1), c.Application, nik, c.Name, uidTail(c.Chip), arrivalWords[c.State], remark}}
		if c.State != Arrived {
			r.ink = inkRed
			differences = append(differences, r)
		}
		rows = append(rows, r)
	}
	return compose(a.Heading, "Tanda terima kiriman KTP-el", func(s *sheet) {
		s.openingOf(a.Heading, "TANDA TERIMA KIRIMAN KTP-el",
			[2]string{"Kiriman", a.Consignment + ", " + routeWords[a.Route]}, [2]string{"Dari", a.From.Name}, [2]string{"Tujuan", a.To.Name},
			[2]string{"Dikirim", dateTime(a.ShippedAt)}, [2]string{"Diterima", dateTime(a.ReceivedAt)},
			[2]string{"Segel", a.seal()},
			[2]string{"Menurut daftar", count(len(a.Cards)-states[Extra], "kartu")}, [2]string{"Di dalam kantong", count(states[Arrived]+states[Extra], "kartu")},
		)
		switch {
		case len(differences) == 0 && a.Seal == a.SealFound:
			s.verdict(Good, "Lengkap: semua kartu ada dan segel sesuai.")
		case len(differences) == 0:
			s.verdict(Warning, "Semua kartu ada, tetapi segel tidak sesuai. Dicatat untuk diselidiki.")
		default:
			s.verdict(Bad, fmt.Sprintf("Selisih: %d tidak ada, %d lebih, %d hilang. Setiap kartu disebut di bawah dan diselidiki.", states[Missing], states[Extra], states[Gone]))
			s.section("Selisih, kartu demi kartu")
			s.table(arrivalColumns, differences, "")
		}
		s.section("Semua kartu")
		s.table(arrivalColumns, rows, "")
		s.signatures("", signer{role: "Pembawa", name: a.Carrier}, signs("Yang menerima", a.Receiver), signer{role: "Saksi penghitungan"})
	})
}

func (a Arrival) seal() string {
	switch a.SealFound {
	case a.Seal:
		return a.Seal + ", sesuai"
	case "":
		return a.Seal + " menurut daftar; pada kantong TIDAK ADA"
	}
	return a.Seal + " menurut daftar; pada kantong " + a.SealFound + ", TIDAK SESUAI"
}

func (a Arrival) check() error {
	const op = "paper.Arrival"
	if routeWords[a.Route] == "" {
		return contentInvalid.At(op, nil).With("route", "none of a consignment")
	}
	if err := first(
		a.Heading.check(), printable("consignment", a.Consignment, true), printable("from.name", a.From.Name, true), printable("to.name", a.To.Name, true),
		printable("seal", a.Seal, true), printable("sealFound", a.SealFound, false), given("shippedAt", a.ShippedAt), given("receivedAt", a.ReceivedAt),
		inOrder("receivedAt", a.ShippedAt, a.ReceivedAt), printable("carrier", a.Carrier, true), a.Receiver.check("receiver", true),
	); err != nil {
		return err
	}
	if len(a.Cards) == 0 {
		return contentInvalid.At(op, nil).With("cards", "a consignment holds at least one card")
	}
	for i, c := range a.Cards {
		field := indexed("cards", i)
		if arrivalWords[c.State] == "" {
			return contentInvalid.At(op, nil).With(field+".state", "no state of a card on its way")
		}
		ours := c.State != Extra
		if err := first(
			printable(field+".application", c.Application, ours), printable(field+".name", c.Name, ours), printable(field+".chip", string(c.Chip), true),
			printable(field+".investigation", c.Investigation, false), printable(field+".remark", c.Remark, false),
		); err != nil {
			return err
		}
		if ours || c.NIK != "" {
			if err := isNIK(field+".nik", c.NIK); err != nil {
				return err
			}
		}
	}
	return nil
}

// ArrivalCSV lists every card of the receipt with its state.
func ArrivalCSV(a Arrival) []byte {
	t := newCSV("consignment", "line", "application", "nik_masked", "name", "chip_uid", "state", "investigation", "remark")
	for i, c := range a.Cards {
		nik := ""
		if c.NIK != "" {
			nik = maskNIK(c.NIK)
		}
		t.Add(a.Consignment, i+1, c.Application, nik, c.Name, string(c.Chip), string(c.State), c.Investigation, c.Remark)
	}
	return t.bytes()
}
