package paper

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"blanko/fault"
	"blanko/ktp"
)

// consignment of n cards; the third has a name of 60 letters.
func consignment(n int) Delivery {
	d := Delivery{
		Office: office(), Number: "470/1187/PKP-SEPAUK/2026", At: time.Date(2026, 11, 23, 14, 5, 0, 0, wib),
		From: Place{"DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL KABUPATEN SINTANG", "Jl. Dr. Wahidin Sudirohusodo, Sintang"},
		To:   Place{"KANTOR CAMAT SEPAUK", "Jl. Pendidikan No. 3, Nanga Sepauk"},
		Seal: "SEGEL 0048213", Sender: "Rina Oktaviani, S.Kom.", Carrier: "Yohanes Dwi Prasetyo",
		Code: "7QK4-M2PX-9DTA", Link: "https://blanko.sintangkab.go.id/v/7QK4-M2PX-9DTA",
	}
	names := []string{
		"BUDI SANTOSO", "ANI", "RADEN MAS MUHAMMAD ABDURRAHMAN WIRANATAKUSUMAH DIPONEGORO II",
		"DR. HJ. MARIA FU'ADIAH D’OREY, S.PD., M.SI.", "SITI RAHAYU NINGSIH KUSUMAWARDHANI", "YOSEF LAI",
	}
	for i := range n {
		d.Cards = append(d.Cards, DeliveredCard{
			NIK:  ktp.NIK(fmt.Sprintf("610507%02d0%d85%04d", 1+i%28, 1+i%9, i+1)),
			Name: names[i%len(names)],
			Chip: ktp.ChipUID(fmt.Sprintf("479051686B2A00%06X", 0x10A3C4+i*77)),
		})
	}
	return d
}

func TestDeliveryNotesAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]int{"delivery-short": 5, "delivery-three-pages": 64} {
		got, err := DeliveryNote(consignment(n))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, got)
	}
}

func TestDeliveryNoteRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field  string
		change func(*Delivery)
	}{
		{"office.name", func(d *Delivery) { d.Office.Name = "" }},
		{"number", func(d *Delivery) { d.Number = " " }},
		{"at", func(d *Delivery) { d.At = time.Time{} }},
		{"to.name", func(d *Delivery) { d.To.Name = "" }},
		{"to.address", func(d *Delivery) { d.To.Address = "Jl. 😀" }},
		{"seal", func(d *Delivery) { d.Seal = "" }},
		{"sender", func(d *Delivery) { d.Sender = "A\nB" }},
		{"code", func(d *Delivery) { d.Code = "" }},
		{"cards", func(d *Delivery) { d.Cards = nil }},
		{"cards[1].nik", func(d *Delivery) { d.Cards[1].NIK = "123" }},
		{"cards[1].name", func(d *Delivery) { d.Cards[1].Name = "李" }},
		{"cards[1].chip", func(d *Delivery) { d.Cards[1].Chip = "" }},
		{"link", func(d *Delivery) { d.Link = strings.Repeat("x", 5000) }},
	} {
		d := consignment(3)
		c.change(&d)
		out, err := DeliveryNote(d)
		if !fault.Is(err, contentInvalid) || out != nil {
			t.Errorf("%s: %v", c.field, err)
			continue
		}
		if got := err.(*fault.Error).Field; got != c.field {
			t.Errorf("field %q, want %q", got, c.field)
		}
	}
}
