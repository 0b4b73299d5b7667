package paper

import (
	"strings"
	"testing"
	"time"

	"blanko/fault"
)

// examined is a worn card.
func examined() ChipCheck {
	return ChipCheck{
		Office: office(), Number: "PC-20261123-0042", At: time.Date(2026, 11, 23, 9, 40, 0, 0, wib), By: "Rina Oktaviani, S.Kom.",
		NIK: "6105074105900002", Chip: "47905168000410A3C40C", Code: "inspect.antenna_worn", Mark: Warning,
		Finding: "Chip kartu masih asli dan utuh, tetapi hanya terbaca setelah beberapa kali dicoba: antenanya mungkin aus.",
		Steps: []string{
			"Letakkan kartu mendatar pada pembaca dan jangan digerakkan bila dibaca di tempat lain.",
			"Ajukan penggantian KTP-el rusak di loket ini bila kartu semakin sering gagal dibaca. Penggantian tidak dipungut biaya.",
		},
		Checks: []Result{
			{"Chip menjawab", Good, "ya"},
			{"Pengulangan pembacaan", Warning, "7 kali"},
			{"Tanda tangan stasiun atas kartu", Good, "sah"},
			{"Tanda tangan pusat data atas orang", Good, "sah"},
			{"Salinan chip", Good, "bukan salinan (autentikasi chip)"},
			{"Status pada daftar", Bad, "daftar status tidak ada, sehingga penyerahan kartu ini tidak dapat dipastikan dari sini"},
		},
		Verify: "7QK4-M2PX-9DTA",
	}
}

func TestChipCheckSlipsAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	mute := examined()
	mute.Verify = ""
	mute.NIK, mute.Chip, mute.Code, mute.Mark, mute.Checks = "", "", "inspect.no_answer", Bad, nil
	mute.Finding = "Chip kartu tidak menjawab."
	for name, c := range map[string]ChipCheck{"chip-check-worn": examined(), "chip-check-mute": mute} {
		got, err := ChipCheckSlip(c)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, got)
	}
}

func TestChipCheckSlipRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field  string
		change func(*ChipCheck)
	}{
		{"office.name", func(c *ChipCheck) { c.Office.Name = "" }},
		{"number", func(c *ChipCheck) { c.Number = "" }},
		{"at", func(c *ChipCheck) { c.At = time.Time{} }},
		{"by", func(c *ChipCheck) { c.By = "" }},
		{"nik", func(c *ChipCheck) { c.NIK = "12" }},
		{"code", func(c *ChipCheck) { c.Code = "" }},
		{"finding", func(c *ChipCheck) { c.Finding = "李" }},
		{"verify", func(c *ChipCheck) { c.Verify = "李" }},
		{"link", func(c *ChipCheck) { c.Link = strings.Repeat("x", longestLink+1) }},
		{"steps", func(c *ChipCheck) { c.Steps = nil }},
		{"steps[1]", func(c *ChipCheck) { c.Steps[1] = "" }},
		{"checks[2].what", func(c *ChipCheck) { c.Checks[2].What = "" }},
	} {
		slip := examined()
		c.change(&slip)
		out, err := ChipCheckSlip(slip)
		if !fault.Is(err, contentInvalid) || out != nil {
			t.Errorf("%s: %v", c.field, err)
			continue
		}
		if got := err.(*fault.Error).Field; got != c.field {
			t.Errorf("field %q, want %q", got, c.field)
		}
	}
}
