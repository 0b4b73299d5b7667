package console_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"blanko/applet/inspect/inspecttest"
	"blanko/fault"
	"blanko/jobs"
	"blanko/keys"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/lists"
	"blanko/registry/standard"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
	"blanko/web"
	"blanko/web/console"
)

const password = "empat kata yang diingat"

var (
	center = access.Actor{ID: "center", Roles: []access.Role{access.System}}
	admin  = person("admin-1", access.Administrator)
	admin2 = person("admin-2", access.Administrator)
	boss   = person("atasan-1", access.Supervisor)
	boss2  = person("atasan-2", access.Supervisor)
	keeper = person("gudang-1", access.StockKeeper)
	guard  = person("keamanan-1", access.SecurityOfficer)
	staff  = []access.Actor{
		admin, admin2, boss, boss2, keeper, guard,
		person("layanan-1", access.ServiceOfficer), person("operator-1", access.EnrolmentOperator), person("datacenter-1", access.DatacenterOfficer),
		person("kecamatan-1", access.KecamatanOperator), person("pengaduan-1", access.ComplaintOfficer), person("auditor-1", access.Auditor),
	}
)

func person(id string, r access.Role) access.Actor {
	return access.Actor{ID: id, Roles: []access.Role{r}}
}

// office is a station's ledger with the console before it.
type office struct {
	t     testing.TB
	reg   *registry.Registry
	store *store.Store
	clock *storetest.Clock
	url   string
	http  http.Handler
	keys  int
	codes map[string]string // secret of the one-time codes, by person
	setup string
	gate  *gate
	asked *counts           // what open pages asked of the ledger together
	names map[string]string // ids of what was made for the pages, by the names in their paths
}

// newOffice has everybody of the staff, whose first names are their ids, and two lines.
func newOffice(t testing.TB, with ...access.Actor) *office {
	t.Helper()
	db := storetest.Any(t)
	o := &office{t: t, clock: db.Clock, store: db.Open(t), codes: map[string]string{}, names: map[string]string{}, asked: &counts{}}
	o.reg = registry.New(o.store, registry.Config{Office: "61.05", ConfirmAtHandOver: true, Poll: time.Hour, Chips: inspecttest.NewChips(), SignDesign: o.token}, nil)
	entries := append(append([]fault.Entry{{
		Code: "personalize.card_jam", Kind: fault.Device, ID: "Kartu tersangkut di printer.", EN: "A card is stuck in the printer.",
		StepsID: []string{"Buka tutup printer.", "Angkat kartu tanpa menekuknya.", "Tutup kembali, lalu tekan Jalankan."},
		StepsEN: []string{"Open the cover of the printer.", "Lift the card without bending it.", "Close the cover and press Run."},
	}}, registry.Faults...), append(append(append([]fault.Entry{}, jobs.Faults...), standard.Faults...), append(append(lists.Faults, stock.Faults...), audit.Faults...)...)...)
	problems := web.NewProblems(entries, nil, nil)
	text, hash, err := access.NewToken(nil)
	o.must(err)
	o.setup = text
	mux := http.NewServeMux()
	console.Mount(mux, console.Config{Registry: o.reg, Problems: problems, Office: "61.05", Version: "test", Now: db.Clock.Now, Face: faceOf, Setup: hash, Designs: usedDesigns, Work: o.asked.did})
	mux.HandleFunc("POST /v1/applications/{application}/confirmation", func(w http.ResponseWriter, r *http.Request) { // stands for the API
		if r.PathValue("application") == string(id(1)) {
			_, _ = w.Write([]byte("{}"))
			return
		}
		problems.Write(w, web.BadParameter.At("office", nil).With("application", "no such id here"))
	})
	mux.HandleFunc("POST /v1/subject-exports", func(w http.ResponseWriter, r *http.Request) { // stands for the API
		var b struct {
			NIK, Request string
		}
		err := json.NewDecoder(r.Body).Decode(&b)
		if err == nil {
			who := web.ActorOf(r.Context())
			_, err = o.reg.Do(r.Context(), who, registry.ExportSubject{NIK: ktp.NIK(b.NIK), Request: b.Request}, r.Header.Get("Idempotency-Key"))
		}
		if err != nil {
			problems.Write(w, err)
			return
		}
		_, _ = w.Write([]byte(`{"nik":"` + b.NIK + `"}`))
	})
	web.Rest(mux, problems)
	o.http = web.Guard(web.SignIn(mux, o.reg.Authenticate, access.Actor{}, problems, db.Clock.Now), problems)
	o.gate = &gate{next: o.http, open: map[int]context.CancelFunc{}}
	s := httptest.NewServer(o.gate)
	t.Cleanup(s.Close)
	o.url = s.URL
	for _, a := range with {
		o.employ(a)
	}
	return o
}

// token signs what two persons approved.
func (o *office) token(context.Context, keys.Design) ([]byte, error) {
	o.asked.did("signature")
	return []byte("signed by the token"), nil
}

// employ lets a person in, with a password and a second factor.
func (o *office) employ(a access.Actor) {
	o.t.Helper()
	second := boss2
	if a.ID == boss2.ID {
		second = boss
	}
	first := access.Actor{ID: "setup", Roles: []access.Role{access.SecurityOfficer}}
	o.as(first, registry.SetPerson{ID: a.ID, FullName: "PETUGAS " + a.ID, Roles: a.Roles, Place: a.Place, Active: true, Second: second})
	text, hash, err := access.NewToken(nil)
	o.must(err)
	o.as(first, registry.Invite{Person: a.ID, Hash: hex.EncodeToString(hash[:]), ExpiresAt: o.clock.Now().Add(time.Hour), Second: second})
	codes, err := access.NewCodeSecret(nil)
	o.must(err)
	o.codes[a.ID] = codes
	_, err = o.reg.TakeUpInvitation(o.t.Context(), sha256.Sum256([]byte(text)), password, codes, o.code(a.ID))
	o.must(err)
	o.clock.Advance(31 * time.Second)
}

// code is what the authenticator of a person shows now.
func (o *office) code(person string) string {
	o.t.Helper()
	c, err := totp.GenerateCode(o.codes[person], o.clock.Now())
	o.must(err)
	return c
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) as(a access.Actor, op registry.Operation) registry.Result {
	o.t.Helper()
	o.keys++
	res, err := o.reg.Do(o.t.Context(), a, op, fmt.Sprintf("key-%d", o.keys))
	o.must(err)
	return res
}

// faceOf stands for the drawing of a face.
func faceOf(_ context.Context, r ktp.Record) ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, 856, 540))
	for y := range 540 {
		for x := range 856 {
			c := color.RGBA{190, 215, 235, 255}
			if x > 600 && x < 820 && y > 120 && y < 420 {
				c = color.RGBA{170, 40, 40, 255}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), err
}

func id(n int) registry.ApplicationID { return registry.ApplicationID(fmt.Sprintf("req-%d", n)) }

func delivery(n int) registry.ReceiveRecord {
	slot := func(f ktp.Finger) ktp.FingerSlot {
		return ktp.FingerSlot{Finger: f, Best60: []byte{60, byte(f)}, Best40: []byte{40, byte(f)}, Second: []byte{2, byte(f)}}
	}
	rec := ktp.Record{
		ID: string(id(n)), Version: 1, Office: "61.05", Type: "new", Priority: 4, Profile: "ktp-el-wni", ValidUntil: storetest.Start.AddDate(1, 0, 0),
		Person: ktp.Person{
			NIK: ktp.NIK(fmt.Sprintf("610501410790%04d", n)), Names: []string{fmt.Sprintf("PENDUDUK %d", n)},
			BirthDate: time.Date(1990, 7, 1, 0, 0, 0, 0, time.UTC), Sex: ktp.Female, Nationality: "IDN", Validity: "SEUMUR HIDUP",
		},
		Portrait: ktp.Image{MIME: "image/jpeg", Data: []byte("portrait")}, Signature: ktp.Image{MIME: "image/png", Data: []byte("signature")},
		Fingers: [2]ktp.FingerSlot{slot(ktp.RightIndex), slot(ktp.LeftIndex)},
	}
	rec.Identity.KeyID[0], rec.Identity.Signature[0] = 1, 1
	return registry.ReceiveRecord{Record: rec, MessageID: rec.ID + "/1", Canonical: sha256.Sum256([]byte(rec.ID))}
}

// usedDesigns are what the office makes cards by: a face that was changed, and a profile.
func usedDesigns(ctx context.Context) ([]console.UsedDesign, error) {
	face, err := faceOf(ctx, ktp.Record{})
	return []console.UsedDesign{
		{Kind: registry.DesignArtwork, Name: "ktp-el-wni", Version: "2", Hash: strings.Repeat("b2", 32), Picture: face},
		{Kind: registry.DesignProfile, Name: "ktp-el-op", Version: "1.0", Hash: strings.Repeat("c3", 32)},
	}, err
}

// room puts two lines and so many queued applications into the office: the first line by eye, the second
// with a camera and stuck.
func (o *office) room(queued int) {
	o.t.Helper()
	o.as(center, registry.DefineLine{Line: "lini-1", Kind: jobs.InlineEye})
	o.as(center, registry.DefineLine{Line: "lini-2", Kind: jobs.Inline})
	o.must(o.reg.Observe(o.t.Context(), "lini-1", "", "running", ""))
	o.must(o.reg.Observe(o.t.Context(), "lini-2", "", "stopped", "personalize.card_jam"))
	o.as(keeper, registry.ReceiveBlanks{Lot: "LOT-A", Product: "ktp-el-wni", Quantity: 500})
	o.as(keeper, registry.LoadHopper{Line: "lini-1", Lot: "LOT-A", Quantity: 80, Second: admin2})
	for n := 1; n <= queued; n++ {
		o.as(center, delivery(n))
		o.as(boss, registry.Approve{Application: id(n)})
		o.as(admin, registry.Queue{Application: id(n)})
	}
}

// beat is every line of the room being there still.
func (o *office) beat() {
	o.t.Helper()
	lines, err := o.reg.Lines(o.t.Context())
	o.must(err)
	for _, l := range lines {
		o.must(o.reg.Beat(o.t.Context(), l.ID, l.Station))
	}
}

// next leases an order for the first line.
func (o *office) next() jobs.Order {
	o.t.Helper()
	return o.nextOf("lini-1")
}

func (o *office) nextOf(line jobs.LineID) jobs.Order {
	o.t.Helper()
	order, err := o.reg.Next(o.t.Context(), jobs.Session{Line: line})
	o.must(err)
	return order
}

// make carries an order through the steps of the first line until, and without, a step; the chip's number
// tells cards apart.
func (o *office) make(order jobs.Order, chip ktp.ChipUID, until jobs.Step) {
	o.t.Helper()
	cards, left := 41, 460
	read := ktp.ChipUID("")
	for _, step := range jobs.Stages(jobs.InlineEye) {
		if step == until {
			return
		}
		if step == jobs.Claim {
			read = chip
		}
		if step != jobs.ReadBack && step != jobs.Recheck {
			o.must(o.reg.Intend(o.t.Context(), order, step, jobs.Evidence{Chip: read, Card: "encoder", Cards: &cards, RibbonLeft: &left, At: o.clock.Now()}))
		}
		o.clock.Advance(time.Second)
		out := jobs.Outcome{Result: jobs.Done, Chip: read, Millis: 1400}
		switch step {
		case jobs.Write:
			out.Hashes, out.Bytes, out.Room = map[string]string{"0101": "a-hash"}, 5912, 7000
		case jobs.ReadBack:
			out.Match, out.Score = jobs.Matched, 80
		case jobs.Eject:
			out.Tray = "output"
		}
		o.must(o.reg.Settle(o.t.Context(), order, step, out))
	}
}

// asks lets a line ask for the face of the card it has in work, until the test ends.
func (o *office) asks(line jobs.LineID) {
	_, _ = o.reg.Ask(o.t.Context(), line, registry.AskFace, "") // the test ends before the answer
}

// faceAsked lets a line ask for a face, and waits until it does.
func (o *office) faceAsked(line jobs.LineID) {
	o.t.Helper()
	go o.asks(line)
	for {
		changed := o.reg.Changed()
		open, err := o.reg.Questions(o.t.Context())
		o.must(err)
		if len(open) > 0 {
			return
		}
		<-changed
	}
}

// work puts something into every list: records that wait for approval, a batch, a proposal.
func (o *office) work() {
	o.t.Helper()
	o.names["examined"] = string(o.examinedOf(30)) // while nobody waits at the counter
	for n := 11; n <= 16; n++ {
		o.as(center, delivery(n))
	}
	o.names["batch"] = o.as(boss, registry.DrawBatch{Applications: []registry.ApplicationID{id(11), id(12), id(13)}}).Answer
	o.names["sampled"] = o.as(boss, registry.DrawBatch{Applications: []registry.ApplicationID{id(14)}}).Answer
	o.as(boss, registry.OpenSample{Batch: o.names["sampled"], Application: id(14)})
	o.keys++
	res, err := o.reg.Propose(o.t.Context(), keeper, registry.LoadHopper{Line: "lini-2", Lot: "LOT-A", Quantity: 20}, fmt.Sprintf("key-%d", o.keys))
	o.must(err)
	o.names["proposal"] = res.Answer
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	o.as(admin, registry.SetPlace{ID: "61.05.01", Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SINTANG", Parent: "dinas", Region: "61.05.01", Active: true})
	o.names["consignment"] = o.as(admin, registry.OpenConsignment{Kind: registry.ConsignmentOut, To: "61.05.01"}).Answer
	o.as(guard, registry.IssueSAM{Serial: "00112233445566AA", Generation: 1, Check: "a1b2c3", Place: "61.05.01", Seal: "S-1", Uses: 500, Days: 7, Second: boss})
	o.as(staffOf(access.ServiceOfficer), registry.TakeTicket{})
	o.as(staffOf(access.ServiceOfficer), registry.TakeTicket{})
	o.as(staffOf(access.ServiceOfficer), registry.SurrenderForeign{Kind: "paper_ktp", Detail: "KTP LAMA"})
	old, err := faceOf(o.t.Context(), ktp.Record{})
	o.must(err)
	o.as(admin, registry.ApproveDesign{Kind: registry.DesignArtwork, Title: "ktp-el-wni", Version: "1", Hash: strings.Repeat("a1", 32), Signature: []byte("signed"), Picture: old, Second: boss})
	o.as(admin, registry.ApproveDesign{Kind: registry.DesignProfile, Title: "ktp-el-op", Version: "1.0", Hash: strings.Repeat("c3", 32), Signature: []byte("signed"), Second: boss})
	o.must(o.reg.Tell(o.t.Context(), []registry.Reading{
		{Device: "sintang-1.line.lini-1.printer", Kind: registry.DevicePrinter, Line: "lini-1", Model: "Primacy 2", Serial: "10000123", Firmware: "2241", Levels: []registry.Level{{Of: "hopper", Is: "cards"}, {Of: "reject", Is: "full"}}, Gauges: []registry.Gauge{{Of: registry.GaugeRibbon, Value: 211, Full: 300}, {Of: registry.GaugeCleaning, Value: 880, Full: 1000}, {Of: registry.GaugeFed, Value: 40211}}, Fault: "personalize.card_jam"},
		{Device: "sintang-1.ups", Kind: registry.DeviceUPS, Model: "5E 650i", Gauges: []registry.Gauge{{Of: registry.GaugeBattery, Value: 87, Full: 100}, {Of: registry.GaugeRuntime, Value: 14}}},
	}))
	o.as(guard, registry.OpenBreach{What: "daftar antrean", How: "laptop hilang", People: 3})
	heard := staffOf(access.ComplaintOfficer)
	o.as(heard, registry.RegisterComplaint{Channel: "in_person", Subject: "waiting", Text: "Kartu belum jadi setelah dua minggu.", FullName: "WARGA CONTOH", Contact: "0812-0000-0000"})
	all, err := o.reg.ListComplaints(o.t.Context(), registry.ComplaintFilter{Limit: 1})
	o.must(err)
	o.names["complaint"] = all[0].ID
	o.names["inspection"] = o.as(staffOf(access.Auditor), registry.DrawInspection{Seed: "benih-1234", Cards: 1}).Answer
	o.names["destruction"] = o.as(keeper, registry.OpenDestruction{}).Answer
	o.names["incident"] = o.as(staffOf(access.DatacenterOfficer), registry.OpenIncident{Cause: "power", Place: "61.05.01"}).Answer
}
