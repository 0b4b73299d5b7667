package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
)

// csvOf is a list of residents as a spreadsheet of this country writes it: semicolons, CR LF and a mark of UTF-8.
func csvOf(people ...ktp.Person) []byte {
	word := func(list []ktp.Word, code byte) string {
		w, _ := ktp.Words(list, code)
		return w.ID
	}
	text := "\xef\xbb\xbfid;nik;name;birth_place;birth_date;sex;blood;religion;marital;family_card;street;rt;rw;region;occupation\r\n"
	for i, p := range people {
		text += strings.Join([]string{
			fmt.Sprintf("row-%d", i), p.NIK.Digits(), p.Names[0], p.BirthPlace, p.BirthDate.Format(time.DateOnly), word(ktp.Sexes, byte(p.Sex)), word(ktp.BloodTypes, byte(p.Blood)),
			word(ktp.Religions, byte(p.Religion)), word(ktp.MaritalStatuses, byte(p.Marital)), p.FamilyCard, p.Street, p.RT, p.RW, p.RegionCode, p.Occupation,
		}, ";") + "\r\n"
	}
	return []byte(text)
}

// A list comes in by a page: every line that is wrong is named, and nothing of such a list comes in.
func TestListByAPage(t *testing.T) {
	t.Parallel()
	_, sit := sits(t, access.DatacenterOfficer, access.StockKeeper)
	data, store := sit[access.DatacenterOfficer], sit[access.StockKeeper]
	bad := csvOf(townsman(1), townsman(2))
	bad = append(bad, "row-2;12;=HYPERLINK(1);;1990-13-01;X\r\nrow-3\r\nrow-4;6105014107900001\xff\r\n"...)
	tried := func(c *clerk, page, to string, given url.Values, file []byte, code int, says ...string) {
		t.Helper()
		c.open(page)
		if got := c.tries(to, given, map[string][]byte{"list": file}); got != code {
			t.Errorf("%s: %d, want %d: %s", to, got, code, c.problem())
		}
		for _, s := range says {
			if !strings.Contains(c.says(), s) {
				t.Errorf("%s does not say %q: %s", to, s, c.says())
			}
		}
	}
	version := url.Values{"version": {"dpt-1"}}
	try := url.Values{"version": {"dpt-1"}, "dry": {"yes"}}
	tried(data, "/daftar-wajib", "/daftar-wajib", version, bad, 422, "2 baris baik, 3 salah; tidak ada yang diubah", "jumlah kolom tidak sama", "bukan UTF-8")
	tried(data, "/daftar-wajib", "/daftar-wajib", try, csvOf(townsman(1)), 200, "1 baris baik, 0 salah; tidak ada yang diubah", "Belum ada. Impor daftar")
	tried(data, "/daftar-wajib", "/daftar-wajib", version, []byte("nama,umur\n"), 422, "lists.malformed")
	tried(data, "/daftar-wajib", "/daftar-wajib", version, csvOf(townsman(1)), 200, "1 baris diimpor")
	tried(data, "/daftar-wajib", "/daftar-wajib", version, csvOf(townsman(1)), 200, "1 baris diimpor, 1 di antaranya sudah sebelumnya")
	tried(store, "/stok", "/stok/berkas", url.Values{"lot": {"LOT-Z"}, "product": {"ktp-el-wni"}}, []byte("chip\n0000CAFE000000000001\n0000CAFE000000000001\nKARTU\n"), 422, "sudah ada pada baris sebelumnya", "20 digit heksadesimal")
	tried(store, "/stok", "/stok/berkas", url.Values{"lot": {"LOT-Z"}, "product": {"ktp-el-wni"}}, []byte("chip\n0000CAFE000000000001\n0000CAFE000000000002\n"), 200, "2 baris diimpor")
	store.open("/cari?q=0000cafe000000000002")
	if said := store.says(); !strings.Contains(said, "LOT-Z") || !strings.Contains(said, "pemasok") {
		t.Errorf("the history of a blank: %s", said)
	}
	store.open("/stok/lot/LOT-Z")
	tried(store, "/stok", "/stok/larang-berkas", url.Values{"reason": {"stolen"}, "dry": {"yes"}}, []byte("chip\n0000CAFE000000000001\n"), 200, "1 baris baik, 0 salah")
}

// agree decides on the one proposal that waits.
func (c *clerk) agree() {
	c.t.Helper()
	c.open("/persetujuan")
	list := c.links("/persetujuan/")
	if len(list) != 1 {
		c.t.Fatalf("proposals %v: %s", list, c.says())
	}
	c.open(list[0])
	c.send(list[0]+"/setuju", nil, nil)
}

// by sends a form of a page; where it takes two persons the second agrees on a page, too.
func (c *clerk) by(page, action string, give url.Values, second *clerk) {
	c.t.Helper()
	c.open(page)
	c.send(action, give, nil)
	if second != nil {
		second.agree()
	}
}

// sits is an office with somebody of each of these roles before a page.
func sits(t *testing.T, roles ...access.Role) (*office, map[access.Role]*clerk) {
	t.Helper()
	o, sit := newOffice(t), map[access.Role]*clerk{}
	o.room(0)
	for _, r := range roles {
		o.employ(staffOf(r))
		sit[r] = o.comes(staffOf(r))
	}
	return o, sit
}

// queuedAs leases a record of the center that was let to print.
func (o *office) queuedAs(n int) jobs.Order {
	o.t.Helper()
	o.as(center, delivery(n))
	o.as(boss, registry.Approve{Application: id(n)})
	o.as(admin, registry.Queue{Application: id(n)})
	return o.next()
}

// made makes its card with a chip of that number.
func (o *office) made(n int, chip ktp.ChipUID) registry.ApplicationID {
	o.t.Helper()
	o.make(o.queuedAs(n), chip, "")
	return id(n)
}

func (o *office) state(id registry.ApplicationID) registry.State {
	o.t.Helper()
	d, err := o.reg.Application(o.t.Context(), id)
	o.must(err)
	return d.Application.State
}

func (o *office) cardIs(chip ktp.ChipUID, want registry.CardState, held string) {
	o.t.Helper()
	c, err := o.reg.CardByChip(o.t.Context(), chip)
	if o.must(err); c.State != want || c.Held != held {
		o.t.Errorf("the card is %s, held %q; want %s, %q", c.State, c.Held, want, held)
	}
}

// At the counter: service places, the list of residents, the queue, somebody who is in no list.
func TestCounterSeldom(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.ServiceOfficer, access.Supervisor, access.DatacenterOfficer)
	room, counter, chief, data := sit[access.Administrator], sit[access.ServiceOfficer], sit[access.Supervisor], sit[access.DatacenterOfficer]
	room.by("/tempat", "/tempat", url.Values{"place_id": {"dinas"}, "place_kind": {"dinas"}, "place_name": {"DINAS"}, "region": {"61.05"}, "place_active": {"yes"}}, nil)
	room.by("/tempat", "/tempat", url.Values{"place_id": {"61.05.01"}, "place_kind": {"kecamatan"}, "place_name": {"KECAMATAN SINTANG"}, "parent": {"dinas"}, "region": {"61.05.01"}, "place_active": {"yes"}}, nil)
	room.open("/tempat?kode=61.05.01")
	if text := room.says(); !strings.Contains(text, "KECAMATAN SINTANG") {
		t.Errorf("places: %s", text)
	}

	data.open("/daftar-wajib")
	data.send("/daftar-wajib", url.Values{"version": {"dpt-1"}}, map[string][]byte{"list": csvOf(townsman(1), townsman(2))})
	data.open("/daftar-wajib")
	data.refused("/daftar-wajib/pakai", url.Values{"version": {"dpt-1"}, "residents": {"3"}}, nil, "registry.")
	data.send("/daftar-wajib/pakai", url.Values{"version": {"dpt-1"}, "residents": {"2"}}, nil)

	for range 3 {
		counter.by("/loket", "/loket/nomor", nil, nil)
	}
	counter.by("/loket", "/loket/dahulukan", url.Values{"number": {"3"}, "reason": {"frail"}}, nil)
	counter.by("/loket", "/loket/panggil", nil, nil)
	counter.by("/loket", "/loket/selesai", url.Values{"number": {"1"}, "came": {"yes"}}, nil)
	counter.open("/permohonan-baru?jenis=new")
	give := url.Values{
		"nik": {townsman(7).NIK.Digits()}, "requirement": {"family_card", "rt_rw_letter"}, "source": {"family_card"}, "person.name": {"Penduduk Baru"}, "person.family_card": {"6105012003040005"},
		"person.birth_place": {"Sintang"}, "person.born": {"1990-07-01"}, "person.sex": {"PEREMPUAN"}, "person.blood": {"O"}, "person.street": {"Jalan Contoh 7"}, "person.rt": {"001"}, "person.rw": {"002"},
		"person.region": {"61.05.99.9999"}, "person.religion": {"ISLAM"}, "person.marital": {"BELUM KAWIN"}, "person.occupation": {"Petani/Pekebun"}, "person.nationality": {"IDN"},
	}
	counter.refused("/permohonan-baru", give, nil, "web.bad_parameter")
	if !strings.Contains(counter.page, `value="Penduduk Baru"`) {
		t.Error("what was typed is lost after a refusal")
	}
	give.Set("person.region", townsman(7).RegionCode)
	counter.send("/permohonan-baru", give, nil)
	chief.agree()
	tickets, err := o.reg.Tickets(t.Context(), registry.TicketFilter{Limit: 9})
	o.must(err)
	for i, want := range []registry.TicketState{registry.TicketServed, registry.TicketWaiting, registry.TicketServed} {
		if tickets[i].State != want {
			t.Errorf("number %d is %s, want %s", i+1, tickets[i].State, want)
		}
	}
	list, err := o.reg.ListApplications(t.Context(), registry.Received, "", 9)
	if o.must(err); len(list) != 1 {
		t.Fatalf("%d applications", len(list))
	}
	at := "/permohonan/" + string(list[0].ID)
	fines, err := o.reg.ListFines(t.Context(), registry.FineFilter{Limit: 9})
	if o.must(err); len(fines) != 1 {
		t.Fatalf("%d fines", len(fines))
	}
	counter.by(at, at+"/denda-hapus", url.Values{"fine": {fines[0].ID}, "basis": {"SK-1/2026"}}, chief)
	counter.open(at)
	if text := counter.says(); !strings.Contains(text, "Rp 25.000") || !strings.Contains(text, "dihapus") {
		t.Errorf("the fine: %s", text)
	}
	if _, _, offered := counter.offers(at+"/denda-lunas", nil); offered {
		t.Error("a fine that was waived can be paid")
	}
}

// Of one application and its card: another place, another order, a certificate, holds, retirement, proxy, one
// person alone, and what is conflicting is told on the page.
func TestCardSeldom(t *testing.T) {
	t.Parallel()
	both := access.Actor{ID: "berdua-1", Roles: []access.Role{access.ServiceOfficer, access.KecamatanOperator}}
	o, sit := sits(t, access.Administrator, access.ServiceOfficer, access.Supervisor)
	o.employ(both)
	o.employ(boss2)
	two, room, counter, chief, chief2 := o.comes(both), sit[access.Administrator], sit[access.ServiceOfficer], sit[access.Supervisor], o.comes(boss2)
	const first, second, third = ktp.ChipUID("0000A0B0C0D000000001"), ktp.ChipUID("0000A0B0C0D000000002"), ktp.ChipUID("0000A0B0C0D000000003")

	o.as(center, delivery(1))
	at := "/permohonan/" + string(id(1))
	room.by(at, at+"/alihkan", url.Values{"to": {"dinas"}, "reason": {"moved"}}, nil)
	room.by(at, at+"/tandai", url.Values{"mark": {"disaster"}, "reason": {"flood"}}, chief)
	room.by(at, at+"/suket", nil, nil)
	suket := room.says()
	sukets, err := o.reg.Sukets(t.Context(), registry.SuketFilter{Application: id(1), Limit: 9})
	if o.must(err); len(sukets) != 1 {
		t.Fatalf("%d certificates: %s", len(sukets), suket)
	}
	room.by(at, at+"/suket-akhir", url.Values{"suket": {sukets[0].Number}, "reason": {"lost"}}, nil)
	chief.by(at, at+"/ambil", url.Values{"reason": {"urgent"}}, chief2)
	chief.by(at, at+"/kembalikan", nil, nil)
	chief.by(at, at+"/setuju", nil, nil)
	room.by(at, at+"/antre", nil, nil)
	o.make(o.next(), first, "")

	card := "/kartu/" + string(first)
	chief.by(card, card+"/tahan", url.Values{"reason": {"police"}}, nil)
	o.cardIs(first, registry.CardMade, "police")
	room.open(card)
	chief.by(card, card+"/bebaskan", nil, nil)
	room.refused(card+"/cabut", url.Values{"reason": {"damaged"}}, nil, "registry.chip_not_examined")
	o.examined(first, registry.ChipTerminated)
	room.open(card)
	room.send(card+"/cabut", url.Values{"reason": {"damaged"}}, nil)
	chief.agree()
	o.cardIs(first, registry.CardRetired, "")
	room.by(at, at+"/tutup", url.Values{"reason": {"applicant"}}, chief)
	if s := o.state(id(1)); s != registry.Closed {
		t.Errorf("the application is %s", s)
	}

	app := o.made(2, second)
	counter.open("/kecamatan")
	proxy := url.Values{"application": {string(app)}, "chip": {string(second)}, "proxy_nik": {"12"}, "proxy_name": {"Penerima"}, "letter": {"SK/3"}, "reason": {"ill"}}
	counter.refused("/kecamatan/kuasa", proxy, nil, "registry.")
	if !strings.Contains(counter.page, `value="Penerima"`) || !strings.Contains(counter.page, `id="proxy" open`) {
		t.Error("the form that was refused is folded up, or lost what was typed")
	}
	proxy.Set("proxy_nik", townsman(9).NIK.Digits())
	counter.refused("/kecamatan/kuasa", proxy, nil, "registry.card_not_shown")
	counter.shows(staffOf(access.ServiceOfficer), second)
	counter.send("/kecamatan/kuasa", proxy, nil)
	chief.agree()
	o.cardIs(second, registry.CardInForce, "")
	counter.by("/kartu/"+string(second), "/kartu/"+string(second)+"/akhiri", url.Values{"reason": {"lost"}}, chief)
	o.cardIs(second, registry.CardRetired, "")

	app = o.made(3, third)
	o.except(map[string]*clerk{both.ID: two, boss.ID: chief}, both, boss, app, third)
	two.open("/kecamatan")
	give := url.Values{"application": {string(app)}, "chip": {string(third)}, "old": {"none"}, "confirmed": {"yes"}}
	two.refused("/kecamatan/serah", give, nil, "registry.")
	give.Set("reason", "alone_on_duty")
	two.send("/kecamatan/serah-sendiri", give, nil)
	chief.agree()
	o.cardIs(third, registry.CardInForce, "")

	seen, err := o.reg.PaperVersion(t.Context(), app)
	o.must(err)
	paper := o.as(boss, registry.IssuePaper{Kind: registry.PaperProof, Subject: string(app), Application: app, Seen: seen, Digest: strings.Repeat("0", 64), Pages: 1}).Answer
	at = "/permohonan/" + string(app)
	chief.by(at, at+"/kertas-cabut", url.Values{"paper": {paper}, "reason": {"wrong_person"}}, nil)
	if text := chief.says(); !strings.Contains(text, "dicabut") {
		t.Errorf("the paper: %s", text)
	}
}

// What came to the store and what left it: lists of blanks, foreign cards sent to the Directorate General, a bag
// in which a card is missing.
func TestStoreSeldom(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.StockKeeper, access.Supervisor, access.ServiceOfficer)
	room, store, chief, counter := sit[access.Administrator], sit[access.StockKeeper], sit[access.Supervisor], sit[access.ServiceOfficer]
	store.by("/stok", "/stok/daftar", url.Values{"lot": {"LOT-B"}, "chips": {"0000A0B0C0D0000000b1\n0000A0B0C0D0000000b2"}}, nil)
	store.by("/stok", "/stok/larang-daftar", url.Values{"chips": {"0000A0B0C0D0000000B2"}, "reason": {"stolen"}}, nil)
	store.open("/giliran")
	store.refused("/giliran/selisih", url.Values{"reason": {"miscounted"}}, nil, "registry.wrong_state")

	counter.by("/kecamatan", "/kecamatan/asal-lain", url.Values{"foreign_kind": {"paper_ktp"}, "printed": {"KTP lama"}}, nil)
	foreign, err := o.reg.ForeignCards(t.Context(), registry.ForeignFilter{Limit: 9})
	if o.must(err); len(foreign) != 1 {
		t.Fatalf("%d foreign cards", len(foreign))
	}
	store.by("/pemusnahan", "/pemusnahan", nil, nil)
	list := store.at
	store.send(list+"/tambah", url.Values{"foreign": {foreign[0].ID}}, nil)
	store.send(list+"/hitung", url.Values{"count": {"1"}}, nil)
	room.by(list, list+"/kirim", url.Values{"count": {"1"}}, chief)
	store.by(list, list+"/diterima", url.Values{"reference": {"470/12/DITJEN"}}, nil)
	if text := store.says(); !strings.Contains(text, "diterima Ditjen") {
		t.Errorf("the list: %s", text)
	}

	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.01", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SINTANG", Parent: "dinas", Region: "61.05.01", Active: true})
	there := access.Actor{ID: "kecamatan-2", Roles: []access.Role{access.KecamatanOperator}, Place: "61.05.01"}
	o.employ(there)
	kecamatan := o.comes(there)
	const chip = ktp.ChipUID("0000A0B0C0D000000001")
	o.as(center, delivery(1))
	room.by("/permohonan/"+string(id(1)), "/permohonan/"+string(id(1))+"/alihkan", url.Values{"to": {"61.05.01"}, "reason": {"moved"}}, nil)
	o.as(boss, registry.Approve{Application: id(1)})
	o.as(admin, registry.Queue{Application: id(1)})
	o.make(o.next(), chip, "")
	room.by("/pengiriman", "/pengiriman", url.Values{"consignment_kind": {"out"}, "to": {"61.05.01"}}, nil)
	bag := room.at
	room.send(bag+"/isi", url.Values{"chip": {string(chip)}}, nil)
	room.send(bag+"/segel", url.Values{"seal": {"S-1"}}, nil)
	room.send(bag+"/kirim", nil, nil)
	kecamatan.by(bag, bag+"/terima", url.Values{"seal": {"S-1"}}, nil) // nothing was in it
	room.open("/pengiriman")
	open, err := o.reg.Investigations(t.Context(), registry.InvestigationFilter{State: "open", Limit: 9})
	if o.must(err); len(open) != 1 {
		t.Fatalf("%d investigations", len(open))
	}
	room.send("/pengiriman/penyelidikan", url.Values{"investigation": {open[0].ID}, "outcome": {"found"}}, nil)
	chief.agree()
	if s := o.state(id(1)); s != registry.Delivered {
		t.Errorf("the application is %s", s)
	}
	at := "/permohonan/" + string(id(1))
	kecamatan.open(at)
	kecamatan.refused(at+"/tak-diambil", nil, nil, "registry.wrong_state") // it came just now
}

// Security: SAMs, programs, personal data; and complaints that are taken up again.
func TestOfficeSeldom(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.SecurityOfficer, access.Supervisor, access.Auditor, access.ComplaintOfficer, access.Administrator)
	safe, chief, auditor, heard := sit[access.SecurityOfficer], sit[access.Supervisor], sit[access.Auditor], sit[access.ComplaintOfficer]
	for _, serial := range []string{"00112233445566AA", "00112233445566BB"} {
		safe.by("/sam", "/sam", url.Values{"serial": {strings.ToLower(serial)}, "check": {"a1b2c3"}, "seal": {"S-1"}}, chief)
		auditor.open("/sam/" + serial)
		if _, _, offered := auditor.offers("/sam/"+serial+"/hilang", nil); offered {
			t.Error("an auditor is offered to declare a SAM lost")
		}
	}
	safe.open("/sam")
	safe.refused("/sam", url.Values{"serial": {"12"}, "check": {"a1b2c3"}}, nil, "registry.bad_operation")
	safe.by("/sam/00112233445566AA", "/sam/00112233445566AA/kembali", url.Values{"reason": {"broken"}}, chief)
	safe.open("/sam/00112233445566AA")
	if _, _, offered := safe.offers("/sam/00112233445566AA/hilang", nil); !offered {
		t.Error("a SAM that came back cannot be reported stolen")
	}
	safe.by("/sam/00112233445566BB", "/sam/00112233445566BB/hilang", url.Values{"reason": {"stolen"}}, nil)
	safe.open("/sam/00112233445566BB")
	if text := safe.says(); !strings.Contains(text, "Sebab dicuri") {
		t.Errorf("why the SAM is lost: %s", text)
	}
	safe.by("/sam/00112233445566BB", "/sam/00112233445566BB/ditemukan", url.Values{"reason": {"found"}}, chief)
	list, err := o.reg.SAMs(t.Context())
	if o.must(err); list[0].State != registry.SAMTakenBack || list[1].State != registry.SAMTakenBack {
		t.Errorf("%s, %s", list[0].State, list[1].State)
	}

	safe.by("/pengguna/"+admin.ID, "/pengguna/"+admin.ID+"/token-baru", url.Values{"token_id": {"laporan-1"}, "label": {"laporan"}, "days": {"30"}}, chief)
	if tokens, err := o.reg.Tokens(t.Context(), admin.ID); err != nil || len(tokens) != 1 {
		t.Errorf("%d tokens: %v", len(tokens), err)
	}

	o.as(center, delivery(1))
	safe.by("/data-pribadi", "/data-pribadi", url.Values{"breach_what": {"daftar"}, "breach_how": {"laptop hilang"}, "people": {"1"}, "affected": {string(id(1))}}, nil)
	breach := ""
	if all, err := o.reg.ListBreaches(t.Context(), "", "", 9); err == nil && len(all) == 1 {
		breach = all[0].ID
	}
	safe.by("/data-pribadi", "/data-pribadi/beritahu", url.Values{"breach": {breach}}, nil)
	safe.by("/data-pribadi", "/data-pribadi/tutup", url.Values{"breach": {breach}, "outcome": {"sandi diganti"}}, nil)
	safe.open("/data-pribadi")
	safe.refused("/data-pribadi/salinan", url.Values{"nik": {"12"}, "request": {"P-1"}}, nil, "web.bad_parameter")
	safe.tries("/data-pribadi/salinan", url.Values{"nik": {delivery(1).Record.Person.NIK.Digits()}}, nil)
	if told, err := o.reg.Events(t.Context(), 0, 1000, audit.Filter{Code: "person.unmasked"}); err != nil || len(told) != 1 || told[0].Detail["request"] != "P-1" {
		t.Errorf("told %v, %v", told, err)
	}

	heard.by("/pengaduan", "/pengaduan", url.Values{"channel": {"in_person"}, "subject": {"waiting"}, "text": {"Belum jadi"}, "full_name": {"Warga"}, "contact": {"0812"}, "application_receipt": {"R000000000A"}}, nil)
	all, err := o.reg.ListComplaints(t.Context(), registry.ComplaintFilter{Limit: 9})
	if o.must(err); len(all) != 1 {
		t.Fatalf("%d complaints", len(all))
	}
	at := "/pengaduan/" + all[0].ID
	for _, again := range []bool{true, false} {
		heard.by(at, at+"/verifikasi", url.Values{"finding": {"right"}, "text": {"Blangko terlambat"}, "application": {string(id(1))}}, nil)
		heard.by(at, at+"/jawab", url.Values{"text": {"Besok siap"}}, nil)
		heard.open(at)
		if again {
			heard.send(at+"/buka", url.Values{"reason": {"not_content"}}, nil)
		} else {
			heard.send(at+"/tutup", nil, nil)
		}
	}
	heard.open(at)
	if text := heard.says(); !strings.Contains(text, "R000000000A") {
		t.Error("who answers a complaint is not shown the receipt that it names")
	}
	if c, err := o.reg.ComplaintByID(t.Context(), all[0].ID); err != nil || c.Application != id(1) {
		t.Errorf("linked to %q, %v", c.Application, err)
	}
	chief.open(at)
	if text := chief.says(); strings.Contains(text, "Belum jadi") || strings.Contains(text, "0812") || strings.Contains(text, "R000000000A") {
		t.Error("a supervisor is shown what somebody complained of")
	}

	chief.open("/rancangan")
	chief.refused("/rancangan/standar", url.Values{"content": {"id: none"}}, nil, "standard.bad")
}

// A doubt about a card that is in the hand and mute is ended on the page by two persons.
func TestMuteCard(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.Supervisor)
	room, chief := sit[access.Administrator], sit[access.Supervisor]
	o.as(center, delivery(1))
	o.as(boss, registry.Approve{Application: id(1)})
	o.as(admin, registry.Queue{Application: id(1)})
	order := o.next()
	o.make(order, "0000A0B0C0D000000001", jobs.Print)
	o.must(o.reg.Settle(t.Context(), order, jobs.Print, jobs.Outcome{Result: jobs.Unknown, Chip: "0000A0B0C0D000000001"}))
	room.open("/cetak")
	room.refused("/cetak/bisu", nil, map[string][]byte{"picture": []byte("%PDF-1.4 no picture")}, "web.not_a_scan")
	room.open("/cetak")
	room.send("/cetak/bisu", nil, map[string][]byte{"picture": scanned()})
	chief.open("/persetujuan")
	chief.open(chief.links("/persetujuan/")[0])
	proof := chief.links("/bukti/")
	if len(proof) != 1 {
		t.Fatalf("the second person is shown %v", proof)
	}
	chief.open(proof[0])
	if !strings.HasPrefix(chief.page, "\x89PNG") {
		t.Errorf("the picture is %q", chief.page[:min(9, len(chief.page))])
	}
	chief.agree()
}

// A card in doubt that somebody laid on the reader is not asked for anew while its line has not read it; where the line could
// not, it is.
func TestCardOnTheReaderIsNotAskedForAnew(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator)
	room := sit[access.Administrator]
	order := o.queuedAs(1)
	o.make(order, "0000A0B0C0D000000001", jobs.Print)
	o.must(o.reg.Settle(t.Context(), order, jobs.Print, jobs.Outcome{Result: jobs.Unknown, Chip: "0000A0B0C0D000000001"}))
	const laid = "Kartu ini sudah diletakkan di pembaca"
	room.open("/cetak")
	room.send("/cetak/perlihatkan", nil, nil)
	if text := room.says(); strings.Contains(text, laid) {
		t.Errorf("before anybody laid it down: %s", text)
	}
	room.send("/cetak/serah", nil, nil)
	if _, _, offered := room.offers("/cetak/perlihatkan", nil); offered || !strings.Contains(room.says(), laid) {
		t.Errorf("after it was laid down: %s", room.says())
	}
	o.must(o.reg.AskAgain(t.Context(), order.Attempt, "personalize.foreign_card"))
	room.open("/cetak")
	if _, _, offered := room.offers("/cetak/serah", nil); !offered || strings.Contains(room.says(), laid) {
		t.Errorf("after the line could not read it: %s", room.says())
	}
}

// A face that was changed stands beside the one in force, each with its picture; what matches says so; nobody
// without the right sees a picture, and a template without one has none.
func TestDesigns(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Administrator, access.ServiceOfficer)
	room := sit[access.Administrator]
	room.open("/rancangan")
	if text := room.says(); !strings.Contains(text, "belum pernah disetujui") || strings.Contains(text, "Lini tidak mengambil blangko") {
		t.Errorf("before an approval, where lines feed without one: %s", text)
	}
	o.work()
	room.open("/rancangan")
	text := room.says()
	for _, want := range []string{"lain dari yang disetujui", "sama dengan yang disetujui", "a1a1a1a1a1a1", "b2b2b2b2b2b2", admin.ID, boss.ID} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q: %s", want, text)
		}
	}
	for _, hash := range []string{"a1", "b2"} {
		at := "/rancangan/gambar/" + strings.Repeat(hash, 32)
		if !strings.Contains(room.page, `src="`+at+`"`) {
			t.Errorf("no picture %s", hash)
		}
	}
	for _, c := range []struct {
		who  *clerk
		hash string
		want int
	}{{room, "a1", 200}, {room, "b2", 200}, {room, "c3", 404}, {sit[access.ServiceOfficer], "a1", 403}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+"/rancangan/gambar/"+strings.Repeat(c.hash, 32), nil)
		o.must(err)
		if code := c.who.take(r); code != c.want || code == 200 && !strings.HasPrefix(c.who.page, "\x89PNG") {
			t.Errorf("picture %s: %d, want %d", c.hash, code, c.want)
		}
	}
}
