package paper

import (
	"fmt"
	"time"

	"blanko/ktp"
)

// DailyBook is the daily book of important events (buku harian pencatatan peristiwa penting, a book
// of Permendagri 109/2019): a view over the event log, never typed.
type DailyBook struct {
	Heading
	Place    string       // service place
	From, To time.Time    // the time it tells of, both within
	Entries  []DailyEntry // in the order of the log
	Keeper   Officer      // who keeps the book
}

// DailyEvent is what an entry of the daily book tells of.
type DailyEvent string

const (
	DailyApplication DailyEvent = "application"
	DailyHandover    DailyEvent = "handover"
	DailyReturn      DailyEvent = "return"
)

var dailyWords = map[DailyEvent]string{DailyApplication: "Permohonan", DailyHandover: "Penyerahan", DailyReturn: "Pengembalian"}

// dailyOrder is the order of the sums.
var dailyOrder = []DailyEvent{DailyApplication, DailyHandover, DailyReturn}

// DailyEntry is one event.
type DailyEntry struct {
	Sequence    int64 // in the event log
	At          time.Time
	Event       DailyEvent
	Application string
	Type        ktp.ApplicationType
	NIK         ktp.NIK // empty: erased by the rules of retention
	Name        string
	Officer     string
	Remark      string
}

var dailyColumns = []column{
	{"No.", 9, false},
	{"Urutan log", 14, true},
	{"Waktu", 19, false},
	{"Peristiwa", 22, false},
	{"Permohonan", 32, false},
	{"NIK", nikWidth, false},
	{"Nama", 35, false},
	{"Petugas dan keterangan", 22, false},
}

// DailyBookPages draws the book. Error: paper.content_invalid with the field.
func DailyBookPages(b DailyBook) ([]byte, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	return compose(b.Heading, "Buku harian peristiwa penting", func(s *sheet) {
		period := longDate(b.From)
		if shortDate(b.To) != shortDate(b.From) {
			period += " sampai " + longDate(b.To)
		}
		s.openingOf(b.Heading, "BUKU HARIAN PENCATATAN PERISTIWA PENTING",
			[2]string{"Tempat pelayanan", b.Place}, [2]string{"Hari", period},
			[2]string{"Jumlah peristiwa", count(len(b.Entries), "peristiwa")}, [2]string{"Dibuat", dateTime(b.At)},
		)
		var rows []row
		sums := map[DailyEvent]int{}
		for i, e := range b.Entries {
			sums[e.Event]++
			last := e.Officer
			if e.Remark != "" {
				last += "; " + e.Remark
			}
			rows = append(rows, row{cells: []string{
				fmt.Sprint(i + 1), fmt.Sprint(e.Sequence), shortTime(e.At), dailyWords[e.Event], e.Application, maskNIK(e.NIK), e.Name, last,
			}})
		}
		s.table(dailyColumns, rows, "Nihil: tidak ada peristiwa.")
		var total [][2]string
		for _, e := range dailyOrder {
			total = append(total, [2]string{dailyWords[e], fmt.Sprint(sums[e])})
		}
		s.rows(total, textWidth)
		s.y += 3
		s.note("Buku ini disusun dari catatan peristiwa sistem dan tidak diketik ulang; urutan log menunjuk pada catatan asalnya.")
		s.signatures("", signs("Petugas Pelayanan", b.Keeper), signer{role: "Mengetahui, Atasan"})
	})
}

func (b DailyBook) check() error {
	if err := first(
		b.Heading.check(), printable("place", b.Place, true), given("from", b.From), given("to", b.To), inOrder("to", b.From, b.To), b.Keeper.check("keeper", true),
	); err != nil {
		return err
	}
	last := int64(0)
	for i, e := range b.Entries {
		field := indexed("entries", i)
		switch {
		case dailyWords[e.Event] == "":
			return contentInvalid.At("paper.DailyBook", nil).With(field+".event", "none of the book")
		case e.Sequence <= last:
			return contentInvalid.At("paper.DailyBook", nil).With(field+".sequence", "does not follow the one before it")
		case e.At.Before(b.From) || e.At.After(b.To):
			return contentInvalid.At("paper.DailyBook", nil).With(field+".at", "not within the days of the book")
		}
		last = e.Sequence
		if err := first(
			given(field+".at", e.At), printable(field+".application", e.Application, true), knownType(field+".type", e.Type),
			printable(field+".name", e.Name, true), printable(field+".officer", e.Officer, true), printable(field+".remark", e.Remark, false),
		); err != nil {
			return err
		}
		if e.NIK != "" {
			if err := isNIK(field+".nik", e.NIK); err != nil {
				return err
			}
		}
	}
	return nil
}

// DailyBookCSV lists the entries of the book.
func DailyBookCSV(b DailyBook) []byte {
	t := newCSV("line", "sequence", "at", "event", "application", "type", "nik_masked", "name", "officer", "remark")
	for i, e := range b.Entries {
		t.Add(i+1, e.Sequence, e.At, string(e.Event), e.Application, string(e.Type), maskNIK(e.NIK), e.Name, e.Officer, e.Remark)
	}
	return t.bytes()
}
