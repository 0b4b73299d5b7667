package console_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/store"
)

// The hundred and first of each list is reached: the newest is shown first, or what is due first, and the rest is a link
// away; the heading never takes a page for the whole.
func TestListsBeyondAPage(t *testing.T) {
	t.Parallel()
	heard, dewi := staffOf(access.ComplaintOfficer), staffOf(access.DatacenterOfficer)
	there := access.Actor{ID: "kecamatan-2", Roles: []access.Role{access.KecamatanOperator}, Place: "61.05.02"}
	o := newOffice(t, admin, heard, dewi, keeper, boss)
	o.room(0)
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.01", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SATU", Parent: "dinas", Region: "61.05.01", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.02", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN DUA", Parent: "dinas", Region: "61.05.01", Active: true})
	var bags, complaints, incidents, destructions, rolls []string
	for n := range many {
		bags = append(bags, o.as(admin, registry.OpenConsignment{Kind: registry.ConsignmentOut, To: "61.05.01"}).Answer)
		complaints = append(complaints, o.as(heard, registry.RegisterComplaint{Channel: "box", Subject: "waiting", Text: "Antre lama."}).Answer)
		incidents = append(incidents, o.as(dewi, registry.OpenIncident{Cause: "power"}).Answer)
		destructions = append(destructions, o.as(keeper, registry.OpenDestruction{}).Answer)
		rolls = append(rolls, fmt.Sprintf("R-%04d", n))
		o.as(keeper, registry.ReceiveRoll{Serial: rolls[n], Kind: "ribbon", Product: "YMCKO", Panels: 500})
		o.clock.Advance(time.Minute)
	}
	room, desk, data, store, chief := o.comes(admin), o.comes(heard), o.comes(dewi), o.comes(keeper), o.comes(boss)
	for _, l := range []struct {
		by          *clerk
		path, title string
		first, last string
	}{
		{room, "/pengiriman", "Kiriman yang berjalan", bags[many-1], bags[0]},
		{desk, "/pengaduan", "Pengaduan yang menunggu jawaban", complaints[0], complaints[many-1]},
		{data, "/perangkat", "Gangguan yang dilaporkan atau berlangsung", incidents[many-1], incidents[0]},
		{store, "/pemusnahan", "Daftar pemusnahan yang berjalan", destructions[many-1], destructions[0]},
		{chief, "/stok", "Pita dan film di printer dan di gudang", rolls[0], rolls[many-1]},
	} {
		c := l.by
		c.open(l.path + "?saring=x")
		if text := c.says(); !strings.Contains(text, l.title+" 100+ ") || !strings.Contains(text, l.first) || strings.Contains(text, l.last) {
			t.Errorf("%s: %s", l.path, text)
		}
		c.follow(l.path, "sesudah")
		if text := c.says(); strings.Contains(text, l.title+" 1") || !strings.Contains(text, l.last) || strings.Contains(text, l.first) || !strings.Contains(text, "Ke awal daftar") {
			t.Errorf("%s, its next page: %s", l.path, text)
		}
		if back := c.links(l.path + "?saring="); !strings.Contains(c.at, "saring=x") || !slices.Contains(back, l.path+"?saring=x") {
			t.Errorf("%s: %s leads back by %v", l.path, c.at, back)
		}
	}

	// What the rolls are left for is told by all of them, but to nobody who counts them blind; nor are they listed.
	for who, told := range map[*clerk]bool{chief: true, room: false} {
		who.open("/laporan/rolls.csv")
		if strings.Contains(who.page, strconv.Itoa(many*500)) != told {
			t.Errorf("the report of the rolls: %s", who.page)
		}
		who.open("/stok")
		if strings.Contains(who.says(), rolls[0]) != told {
			t.Errorf("the page of the stock: %s", who.says())
		}
	}

	// The number of a consignment or of a complaint leads to it; of neither who may not see it.
	room.open("/cari?q=" + strings.ToLower(bags[0]))
	if room.at != "/pengiriman/"+bags[0] {
		t.Errorf("%s leads to %s", bags[0], room.at)
	}
	desk.open("/cari?q=" + url.QueryEscape(complaints[3][:4]+" "+complaints[3][4:]))
	if !strings.HasPrefix(desk.at, "/pengaduan/") || !strings.Contains(desk.says(), complaints[3]) {
		t.Errorf("%s leads to %s", complaints[3], desk.at)
	}
	for _, number := range []string{bags[0], complaints[3]} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+"/cari?q="+number, nil)
		o.must(err)
		if code := store.take(r); code != http.StatusNotFound {
			t.Errorf("%s leads a stock keeper to %s: %d", number, store.at, code)
		}
	}

	// Who receives at a place finds the bag that comes there, whatever goes elsewhere; what was given up is over.
	o.employ(there)
	bag := o.as(admin, registry.OpenConsignment{Kind: registry.ConsignmentOut, To: there.Place}).Answer
	for range many {
		o.as(admin, registry.OpenConsignment{Kind: registry.ConsignmentOut, To: "61.05.01"})
	}
	far := o.comes(there)
	far.open("/pengiriman")
	if list := far.links("/pengiriman/K-"); !slices.Equal(list, []string{"/pengiriman/" + bag}) {
		t.Errorf("at the kecamatan: %v", list)
	}
	o.as(admin, registry.CancelConsignment{Consignment: bag})
	far.open("/pengiriman")
	if text := far.says(); !strings.Contains(text, "Tidak ada kiriman yang berjalan") || !strings.Contains(text, "Kiriman yang selesai 1 ") {
		t.Errorf("after it was given up: %s", text)
	}
}

// The queue is counted by the ledger and shown to its end, also where the page is renewed by itself; so are the records that
// wait for approval and the cards that wait for their holders.
func TestQueuesBeyondAPage(t *testing.T) {
	t.Parallel()
	const queued, ready, finished = 52, 201, many
	o, sit := sits(t, access.Administrator, access.Supervisor, access.KecamatanOperator)
	room, chief, there := sit[access.Administrator], sit[access.Supervisor], sit[access.KecamatanOperator]
	for n := 1; n <= queued; n++ {
		o.as(center, delivery(n))
		o.as(boss, registry.Approve{Application: id(n)})
		o.as(admin, registry.Queue{Application: id(n)})
	}
	o.as(admin, registry.HoldApplication{Application: id(queued), Because: registry.Because{Reason: "check"}})
	shows := func(when string, last bool) {
		t.Helper()
		text, first, end := room.says(), strings.Contains(room.page, `id="cancel-`+string(id(1))+`"`), strings.Contains(room.page, `id="cancel-`+string(id(queued))+`"`)
		if !strings.Contains(text, "Antrean 52 ") || first == last || end != last || last && !strings.Contains(text, "ditahan di sini") {
			t.Errorf("%s: %s", when, text)
		}
	}
	room.open("/cetak")
	shows("the queue", false)
	room.follow("/cetak", "sesudah")
	shows("its end", true)
	part := html.UnescapeString(regexp.MustCompile(`/bagian/antre\?v=[0-9a-f]+&amp;sesudah=[0-9.]+`).FindString(room.page))
	room.open(strings.Replace(part, "v=", "v=0", 1)) // what it was shown before is another
	shows("its end, renewed", true)

	for n := range ready {
		o.as(center, delivery(1000+n))
	}
	chief.open("/persetujuan")
	if text := chief.says(); !strings.Contains(text, "Siap dicetak, menunggu persetujuan 201 ") || strings.Count(chief.page, `name="application"`) != ready-1 {
		t.Errorf("the records: %s", text)
	}
	chief.follow("/persetujuan", "sesudah")
	if text := chief.says(); !strings.Contains(text, "Siap dicetak, menunggu persetujuan 201 ") || strings.Count(chief.page, `name="application"`) != 1 {
		t.Errorf("the last record: %s", text)
	}

	o.must(o.store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`update application set state = 'produced' where state = 'print ready' and id < ?`, id(1000+finished))
		return err
	}))
	there.open("/kecamatan")
	if text := there.says(); !strings.Contains(text, "kartu jadi 101 ") {
		t.Errorf("the finished cards: %s", text)
	}
	there.follow("/permohonan", "sesudah")
	if list := there.links("/permohonan/req-"); !slices.Equal(list, []string{"/permohonan/" + string(id(1000+finished-1))}) {
		t.Errorf("the last finished card: %v", list)
	}
}

// Whoever waits at a counter behind a hundred of the same day is on the page.
func TestCounterBeyondAHundred(t *testing.T) {
	t.Parallel()
	sari := staffOf(access.ServiceOfficer)
	o := newOffice(t, sari)
	for range many + 1 {
		o.as(sari, registry.TakeTicket{})
	}
	for n := 1; n <= many; n++ {
		o.as(sari, registry.CallNext{})
		if n < many {
			o.as(sari, registry.EndTicket{Number: n, Came: true})
		}
	}
	counter := o.comes(sari)
	counter.open("/loket")
	if text := counter.says(); !strings.Contains(text, "101 dipanggil") || !strings.Contains(text, "102 menunggu") {
		t.Errorf("the page of the counter: %s", text)
	}
}
