package paper

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"blanko/paper/papertest"
)

// long is the number of rows of a long list.
const long = 500

// A long list has every row exactly once and in its order, on pages that all begin with its head,
// within the margins, with their numbers.
func TestLongListsAreWhole(t *testing.T) {
	t.Parallel()
	sequence := func(i int) string { return fmt.Sprint(88000 + 3*i) }
	tailOf := func(i int) string { return uidTail(chip(i)) }
	arrived := arrival(long)
	arrived.Cards[3].State, arrived.Cards[5] = Arrived, arrived.Cards[6]
	arrived.Cards[5].Chip = chip(5)
	back := returned(long)
	back.Cards[2].Chip, back.Cards[4].Chip = chip(2), chip(4)
	burnt := minutes(MinutesDestruction, long)
	for i := range burnt.Items {
		burnt.Items[i].Item = string(chip(i))
	}
	sample := inspection(long)
	sample.Sample[4].Outcome, sample.Sample[4].At = Presented, at(9, 9)
	for _, c := range []struct {
		name string
		make func() ([]byte, error)
		key  func(i int) string
		head string
	}{
		{"daily book", func() ([]byte, error) { return DailyBookPages(dailyBook(long)) }, sequence, "Peristiwa"},
		{"delivery note", func() ([]byte, error) { return DeliveryNote(consignment(long)) }, tailOf, "UID chip"},
		{"manifest", func() ([]byte, error) { return ConsignmentManifest(manifest(long)) }, tailOf, "UID chip"},
		{"arrival", func() ([]byte, error) { return ConsignmentReceipt(arrived) }, tailOf, "UID chip"},
		{"return", func() ([]byte, error) { return ReturnNote(back) }, tailOf, "Sebab"},
		{"minutes", func() ([]byte, error) { return OfficialMinutes(burnt) }, tailOf, "Sebab"},
		{"inspection", func() ([]byte, error) { return InspectionReport(sample) }, func(i int) string { return string(chip(i)) }, "Hasil"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			pdf, err := c.make()
			if err != nil {
				t.Fatal(err)
			}
			next := 0
			for n, page := range inside(t, c.name, pdf) {
				rows, headed := 0, false
				for _, w := range page {
					headed = headed || w.Text == c.head
					if next < long && w.Text == c.key(next) {
						next++
						rows++
					}
				}
				if rows > 0 && !headed {
					t.Errorf("page %d has rows and no head", n+1)
				}
			}
			if next != long {
				t.Errorf("row %d of %d does not follow the one before it", next+1, long)
			}
		})
	}
}

// A remark longer than a page goes on over the next ones and loses no word.
func TestRowsHigherThanAPage(t *testing.T) {
	t.Parallel()
	b := dailyBook(2)
	var words []string
	for i := range 600 {
		words = append(words, fmt.Sprintf("kata%d", i))
	}
	b.Entries[0].Remark = strings.Join(words, " ")
	pdf, err := DailyBookPages(b)
	if err != nil {
		t.Fatal(err)
	}
	inside(t, "remark", pdf)
	text := papertest.Text(t, pdf)
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Fatalf("%q is lost", w)
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	t.Parallel()
	widths, err := rulers()
	if err != nil {
		t.Fatal(err)
	}
	s := &sheet{rulers: widths}
	letters := rapid.SliceOf(rapid.SampledFrom([]rune("AW il-/.,ÑŠ’ 0")))
	rapid.Check(t, func(t *rapid.T) {
		text, width := string(letters.Draw(t, "text")), rapid.Float64Range(6, 60).Draw(t, "width")
		lines := s.wrap("", 9, width, text)
		bare := func(t string) string { return strings.ReplaceAll(t, " ", "") }
		if got := bare(strings.Join(lines, "")); got != bare(text) {
			t.Fatalf("%q became %q", text, got)
		}
		for _, l := range lines {
			if s.width("", 9, l) > width && utf8.RuneCountInString(l) > 1 {
				t.Fatalf("%q is wider than %.1f mm", l, width)
			}
		}
	})
}

// Whatever a citizen writes, the slip is made.
func FuzzComplaintText(f *testing.F) {
	f.Add("Kartu saya 😀 rusak.\r\nTolong!", "budi\x00@contoh")
	f.Add("\xff\xfe", "\t")
	f.Add(strings.Repeat("W", 3000), "")
	f.Fuzz(func(t *testing.T, text, contact string) {
		if len(text) > 4000 || len(contact) > 200 {
			return // longer than the register takes
		}
		c := complaint()
		c.Text, c.Contact, c.Answer, c.Verified = text, contact, nil, nil
		pdf, err := ComplaintSlip(c)
		if strings.TrimSpace(oneLine(written(text))) == "" {
			if err == nil {
				t.Fatal("an empty complaint was printed")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		inside(t, "complaint", pdf)
	})
}

// Tiers agree: the sum of the Dinas is that of its kecamatan, and each of those is what its own
// report tells.
func TestTiersOfTheMonthlyReportAgree(t *testing.T) {
	t.Parallel()
	office := monthly(3, 4)
	rows := office.rows(0)
	if got := rows[len(rows)-1].cells; strings.Join(got, " ") != "JUMLAH 144 12 36 48 24 12 0 0 0 18 294" {
		t.Errorf("the sum of all is %q", got)
	}
	district := office
	district.Tier, district.Districts = TierDistrict, office.Districts[1:2]
	below := district.rows(0)
	sum := below[len(below)-1]
	if !sum.strong || sum.cells[0] != "Kecamatan SEPAUK 2" || strings.Join(sum.cells, "|") != strings.Join(rows[9].cells, "|") {
		t.Errorf("the kecamatan tells %q, the Dinas %q", sum.cells, rows[9].cells)
	}
	village := district
	village.Tier = TierVillage
	village.Districts = []MonthlyDistrict{{Code: "61.05.02", Name: "SEPAUK 2", Villages: office.Districts[1].Villages[2:3]}}
	if got := village.rows(0); len(got) != 1 || strings.Join(got[0].cells, "|") != strings.Join(below[2].cells, "|") {
		t.Errorf("the kelurahan tells %v", got)
	}
}
