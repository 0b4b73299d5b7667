package paper

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestListsAsCSV(t *testing.T) {
	t.Parallel()
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for name, c := range map[string]struct {
		csv     []byte
		records int
	}{
		"daily book":  {DailyBookCSV(dailyBook(9)), 9},
		"no event":    {DailyBookCSV(dailyBook(0)), 0},
		"delivery":    {DeliveryCSV(consignment(6)), 6},
		"manifest":    {ManifestCSV(manifest(7)), 7},
		"arrival":     {ArrivalCSV(arrival(8)), 8},
		"minutes":     {MinutesCSV(minutes(MinutesDestruction, 7)), 7},
		"shift":       {ShiftCSV(shift()), 5},
		"lots":        {LotsCSV(stockReport(3)), 3},
		"uncollected": {UncollectedCSV(uncollected(2, 4)), 8},
		"monthly":     {MonthlyCSV(monthly(2, 3)), 2 * 3 * (10 + 4)},
		"return":      {ReturnCSV(returned(5)), 5},
		"inspection":  {InspectionCSV(inspection(8)), 8},
	} {
		if !utf8.Valid(c.csv) || bytes.Count(c.csv, []byte("\r\n")) != bytes.Count(c.csv, []byte("\n")) {
			t.Errorf("%s: not UTF-8 with CRLF", name)
		}
		records, err := csv.NewReader(bytes.NewReader(c.csv)).ReadAll() // refuses records of another length
		if err != nil || len(records) != c.records+1 {
			t.Errorf("%s: %d records, want %d (%v)", name, len(records)-1, c.records, err)
			continue
		}
		for _, column := range records[0] {
			if !snake.MatchString(column) {
				t.Errorf("%s: column %q", name, column)
			}
		}
	}
}

func TestDailyBookCSVIs(t *testing.T) {
	t.Parallel()
	b := dailyBook(2)
	b.Entries[0].Name, b.Entries[1].Remark = `O"NEIL, ANI`, "=HYPERLINK(1)"
	const want = "line,sequence,at,event,application,type,nik_masked,name,officer,remark\r\n" +
		"1,88000,2026-11-23T08:00:00+07:00,application,610500-2026-000400,new,610507********01,\"O\"\"NEIL, ANI\",r.oktaviani,\r\n" +
		"2,88003,2026-11-23T08:01:00+07:00,handover,610500-2026-000401,new,610507********02,ANI,r.oktaviani,'=HYPERLINK(1)\r\n"
	if got := string(DailyBookCSV(b)); got != want {
		t.Errorf("is\n%s\nwant\n%s", got, want)
	}
}

func TestFormulasAreMadeHarmless(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "ANI": "ANI", "A=1": "A=1", "'ANI": "'ANI",
		"=1+1": "'=1+1", "+62812": "'+62812", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"  =1": "'  =1", "\u00a0=1": "'\u00a0=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠A": "'＠A",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	// A number of ours is no formula: differences keep their sign.
	h := shift()
	if !bytes.Contains(ShiftCSV(h), []byte(",-1,")) {
		t.Error("the difference has lost its sign")
	}
}

// A person who was erased leaves a line of the daily book without a number.
func TestDailyBookOfTheErased(t *testing.T) {
	t.Parallel()
	b := dailyBook(3)
	b.Entries[1].NIK, b.Entries[1].Name = "", "terhapus menurut masa simpan"
	if _, err := DailyBookPages(b); err != nil {
		t.Fatal(err)
	}
	if text := string(DailyBookCSV(b)); !strings.Contains(text, ",–,terhapus") {
		t.Errorf("%s", text)
	}
}
