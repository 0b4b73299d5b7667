package console_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// Each table of the reports has its CSV, with the same rows: times against the limits, exceptions and jumps by
// officer, cards that wait, the stock. Who may not see a table gets neither.
func TestReportsAreTablesAndCSV(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.Supervisor, access.ServiceOfficer, access.Auditor)
	room, chief, auditor := sit[access.Administrator], sit[access.Supervisor], sit[access.Auditor]
	o.made(1, "0000A0B0C0D000000001")
	o.as(center, delivery(2))
	o.as(center, delivery(3))
	o.clock.Advance(time.Second)
	o.as(boss, registry.TakeThis{Application: id(3), Task: registry.TaskApprove, Because: registry.Because{Reason: "urgent"}, Second: boss2})
	file := func(c *clerk, figure string) [][]string {
		t.Helper()
		c.open("/laporan/" + figure + ".csv")
		rows, err := csv.NewReader(strings.NewReader(c.page)).ReadAll()
		o.must(err)
		return rows
	}
	if rows := file(room, "uncollected"); len(rows) != 2 || rows[1][0] != "Dinas" || rows[1][1] != "1" {
		t.Errorf("uncollected: %v", rows)
	}
	if rows := file(room, "production"); len(rows) != 2 || rows[1][0] != o.clock.Now().In(o.reg.Zone()).Format("02-01-2006") || rows[1][1] != "lini-1" || rows[1][2] != "1" || rows[1][3] != "0" {
		t.Errorf("production: %v", rows)
	}
	if rows := file(room, "states"); len(rows) != 3 {
		t.Errorf("states: %v", rows)
	}
	if rows := file(auditor, "jumps"); len(rows) != 2 || rows[1][1] != boss.ID {
		t.Errorf("jumps: %v", rows)
	}
	if rows := file(room, "exceptions"); len(rows) != 2 || rows[1][0] != boss.ID || rows[1][1] != "diambil di luar urutan" || rows[1][2] != "1" {
		t.Errorf("exceptions: %v", rows)
	}
	if rows := file(chief, "blanks"); len(rows) < 2 || rows[1][0] != "gudang" || rows[1][1] != "420" {
		t.Errorf("blanks: %v", rows)
	}
	auditor.open("/laporan")
	for _, want := range []string{"Yang didahulukan", "Pengecualian menurut petugas", "Waktu sampai kartu siap", "Produksi per hari dan lini", " · lini-1 1 "} {
		if !strings.Contains(auditor.says(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	officer := sit[access.ServiceOfficer]
	officer.open("/laporan")
	if officer.links("/laporan/jumps.csv") != nil {
		t.Error("who may not see events is shown who was preferred")
	}
}

// A chip that is denied stands on the page of the stock, with the reason, and how long stock lasts for who does not
// count blind.
func TestStockShowsWhatIsDenied(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.StockKeeper, access.Supervisor)
	const chip = ktp.ChipUID("0000A0B0C0D0000000D1")
	o.as(keeper, registry.ImportDenied{Chips: []ktp.ChipUID{chip}, Because: registry.Because{Reason: "stolen"}})
	for role, shown := range map[access.Role]bool{access.StockKeeper: false, access.Supervisor: true} {
		c := sit[role]
		c.open("/stok")
		if text := c.says(); !strings.Contains(text, string(chip)) || strings.Contains(text, "Blangko cukup untuk") != shown {
			t.Errorf("%s: %s", role, text)
		}
	}
}

// Persons, not numbers: what waits is named by the masked person, the place by its name, and the receipt.
func TestListsNamePersons(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.Supervisor)
	chief := sit[access.Supervisor]
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.01", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SATU", Parent: "dinas", Region: "61.05.01", Active: true})
	o.as(center, delivery(1))
	o.as(admin, registry.Redirect{Application: id(1), Place: "61.05.01", Because: registry.Because{Reason: "moved"}})
	chief.open("/persetujuan")
	if text := chief.says(); !strings.Contains(text, "P••• 1••• · baru · KECAMATAN SATU") || strings.Contains(text, "PENDUDUK") {
		t.Errorf("the approvals: %s", text)
	}
	o.as(boss, registry.Approve{Application: id(1)})
	o.as(admin, registry.Queue{Application: id(1)})
	room := sit[access.Administrator]
	room.open("/cetak")
	if text := room.says(); !strings.Contains(text, "P••• 1••• KECAMATAN SATU") {
		t.Errorf("the queue: %s", text)
	}
	o.make(o.next(), "0000A0B0C0D000000001", "")
	room.open("/kecamatan")
	if text := room.says(); !strings.Contains(text, "P••• 1•••") || !strings.Contains(text, "KECAMATAN SATU") || strings.Contains(text, "61.05.01 ") {
		t.Errorf("the kecamatan: %s", text)
	}
}

// Each table of the reports with several rows has a chart of its kind, named and told in words, and no other has one.
func TestReportsAreDrawn(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Supervisor, access.Auditor)
	o.made(1, "0000A0B0C0D000000001")
	for n := 2; n <= 4; n++ {
		o.as(center, delivery(n))
	}
	auditor := sit[access.Auditor]
	auditor.open("/laporan")
	if n := strings.Count(auditor.page, `aria-labelledby="chart-states-title chart-states-says"`); n != 1 {
		t.Errorf("%d charts of the states", n)
	}
	if text := auditor.says(); !strings.Contains(text, "Tanpa grafik: hanya satu baris") || !strings.Contains(text, "yang terbanyak") {
		t.Errorf("the charts in words: %s", text)
	}
	if strings.Contains(auditor.page, `id="chart-production-title"`) {
		t.Error("a single day is drawn")
	}
	o.clock.Advance(24 * time.Hour)
	o.made(5, "0000A0B0C0D000000002")
	auditor = o.comes(staffOf(access.Auditor)) // the session of yesterday is over
	auditor.open("/laporan")
	if !strings.Contains(auditor.page, `id="chart-production-title"`) {
		t.Error("two days are not drawn")
	}
}

// Whoever went before others is in the report, however many did: a hundred on a page, with the number of all, and all of
// them for a spreadsheet.
func TestEveryJumpIsReported(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Auditor)
	o.as(center, delivery(1))
	o.as(boss, registry.Approve{Application: id(1)})
	o.as(admin, registry.Queue{Application: id(1)})
	for n := range many {
		o.as(boss, registry.MoveOrder{Application: id(1), Priority: 8 + n%2, Because: registry.Because{Reason: "urgent"}})
	}
	c := sit[access.Auditor]
	c.open("/laporan")
	if text := c.says(); !strings.Contains(text, "Yang didahulukan, bulan ini 101 ") {
		t.Errorf("the page: %s", text)
	}
	c.follow("/laporan", "jumps")
	if rows := strings.Count(c.page, "req-1"); rows != many-100 {
		t.Errorf("%d rows on the next page", rows)
	}
	c.open("/laporan/jumps.csv")
	if rows, err := csv.NewReader(strings.NewReader(c.page)).ReadAll(); err != nil || len(rows) != many+1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// Every table of the reports has its CSV beside it, with its heads and as many rows; among them the causes of rejects, the
// greatest first, the ages of what waits, and the times of this month against the limits of the service standard.
func TestEveryFigureHasItsCSV(t *testing.T) {
	t.Parallel()
	o := newOffice(t, boss)
	o.room(0)
	app := o.examinedOf(9)
	o.captured(app)
	o.as(staffOf(access.EnrolmentOperator), registry.Send{Application: app})
	o.unique(app)
	o.as(staffOf(access.DatacenterOfficer), registry.ReadResult{Application: app})
	o.as(boss, registry.Approve{Application: app})
	o.as(admin, registry.Queue{Application: app})
	o.make(o.next(), "0000A0B0C0D000000009", "")
	for n, cause := range []string{"personalize.card_jam", "personalize.card_jam", "registry.blank_denied"} {
		order := o.queuedAs(n + 1)
		o.make(order, ktp.ChipUID("0000A0B0C0D00000000"+string(rune('1'+n))), jobs.Print)
		o.must(o.reg.Intend(t.Context(), order, jobs.Print, jobs.Evidence{At: o.clock.Now()}))
		o.must(o.reg.Settle(t.Context(), order, jobs.Print, jobs.Outcome{Result: jobs.Failed, Cause: cause}))
		o.must(o.reg.Intend(t.Context(), order, jobs.Reject, jobs.Evidence{At: o.clock.Now()}))
		o.must(o.reg.Settle(t.Context(), order, jobs.Reject, jobs.Outcome{Result: jobs.Done, Cause: cause, Tray: "reject"}))
	}
	chief := o.comes(boss)
	chief.open("/laporan")
	files := chief.links("/laporan/")
	rows := map[string][][]string{}
	for _, at := range files {
		table := regexp.MustCompile(`(?s)<section[^>]*id="` + strings.TrimSuffix(strings.TrimPrefix(at, "/laporan/"), ".csv") + `".*?</section>`).FindString(chief.page)
		page := *chief
		page.open(at)
		all, err := csv.NewReader(strings.NewReader(page.page)).ReadAll()
		o.must(err)
		if heads, lines := strings.Count(table, "<th "), strings.Count(table, "<tr>"); lines > 0 && (len(all[0]) != heads || len(all) != lines) {
			t.Errorf("%s has %d rows of %d, the page %d of %d", at, len(all), len(all[0]), lines, heads)
		}
		rows[at] = all
	}
	if len(files) < 7 { // those with rows
		t.Errorf("files: %q", files)
	}
	if got := rows["/laporan/rejects.csv"]; len(got) != 3 || got[1][0] != "Kartu tersangkut di printer." || got[1][1] != "2" || got[2][1] != "1" {
		t.Errorf("rejects: %v", got)
	}
	if got := rows["/laporan/ageing.csv"]; len(got) < 2 {
		t.Errorf("ages: %v", got)
	}
	times := rows["/laporan/times.csv"]
	if len(times) < 3 {
		t.Fatalf("times: %v", times)
	}
	for _, r := range times[1:] {
		if r[1] != "1" || r[2] != "0" {
			t.Errorf("times: %v", r)
		}
	}
}
