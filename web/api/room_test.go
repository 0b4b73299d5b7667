package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"blanko/paper"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"blanko/applet/inspect/inspecttest"
	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/fault"
	"blanko/jobs"
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
	"blanko/web/api"
)

var verbose = flag.Bool("log", false, "show the errors that requests met inside")

var update = flag.Bool("update", false, "write the golden files anew")

var (
	center = access.Actor{ID: "center", Roles: []access.Role{access.System}}
	admin  = access.Actor{ID: "admin-1", Roles: []access.Role{access.Administrator}}
	boss   = access.Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}
	keeper = access.Actor{ID: "keeper-1", Roles: []access.Role{access.StockKeeper}}
)

// room is a station's ledger with the API before it.
type room struct {
	mux   *http.ServeMux // before the sign-in
	t     testing.TB
	reg   *registry.Registry
	clock *storetest.Clock
	http  http.Handler
	keys  int
	made  jobs.Order
	store *store.Store
}

// newRoom has two lines, one of them refused; six applications: one finished card, one spoiled
// and waiting again, one waiting, one approved, one print ready, one withdrawn; one refused record.
func newRoom(t testing.TB) *room { t.Helper(); return newRoomOn(t, storetest.Any(t)) }

func newRoomOn(t testing.TB, db storetest.DB) *room {
	t.Helper()
	r := &room{t: t, clock: db.Clock, store: db.Open(t)}
	r.opens(registry.Config{Office: "61.05", ConfirmAtHandOver: true, Rand: rand.NewChaCha8([32]byte{7}), Poll: time.Hour, Chips: inspecttest.NewChips()})

	r.do(center, registry.DefineLine{Line: "line-1", Kind: jobs.Inline})
	r.do(center, registry.DefineLine{Line: "line-2", Kind: jobs.Desktop})
	r.must(r.reg.Observe(t.Context(), "line-1", "", "running", ""))
	r.must(r.reg.Observe(t.Context(), "line-2", "", "refused", "station.cable_missing"))
	r.do(keeper, registry.ReceiveBlanks{Lot: "LOT-A", Product: "ktp-el-wni", Quantity: 100})
	r.do(keeper, registry.LoadHopper{Line: "line-1", Lot: "LOT-A", Quantity: 10, Second: admin})
	for n := 1; n <= 6; n++ {
		r.do(center, delivery(n))
		r.clock.Advance(time.Second)
	}
	r.do(center, registry.RefuseRecord{ID: "req-99", Version: 1, Code: "signature_wrong"})
	r.do(center, registry.WithdrawRecord{ID: "req-6", Version: 1, Reason: "died"})
	for n := 1; n <= 4; n++ {
		r.do(boss, registry.Approve{Application: id(n)})
		if n <= 3 {
			r.do(admin, registry.Queue{Application: id(n)})
		}
	}
	r.made = r.next()
	r.finish(r.made)
	r.spoil(r.next())
	return r
}

// opens has a station serve the ledger of the room.
func (r *room) opens(cfg registry.Config) {
	r.t.Helper()
	r.reg = registry.New(r.store, cfg, nil)
	entries := append(append([]fault.Entry{{
		Code: "station.cable_missing", Kind: fault.Device, ID: "Sambungan tidak ada.", EN: "There is no cable.",
		StepsID: []string{"Biarkan."}, StepsEN: []string{"Leave it."},
	}}, registry.Faults...), slices.Concat(paper.Faults, extract.Faults, finger.Faults, jobs.Faults, standard.Faults, stock.Faults, lists.Faults, audit.Faults, store.Faults)...)
	var references atomic.Int64
	problems := web.NewProblems(entries, r.log(), func() string { return fmt.Sprintf("ref-%d", references.Add(1)) })
	mux := http.NewServeMux()
	if err := api.Mount(mux, api.Config{Registry: r.reg, Problems: problems, Version: "test", Now: r.clock.Now, Face: faceOf, Office: letterhead, Certificates: certificatesOfTest}); err != nil {
		r.t.Fatal(err)
	}
	web.Rest(mux, problems)
	r.mux = mux
	r.http = judged(r.t, committed, web.Guard(web.SignIn(mux, r.reg.Authenticate, access.Actor{ID: "auditor-1", Roles: []access.Role{access.Auditor}}, problems, r.clock.Now), problems))
}

// faceOf stands for the drawing of a face: a blank card, and behind the picture whose it is.
func faceOf(_ context.Context, r ktp.Record) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 856, 540)))
	return append(b.Bytes(), "face of "+r.ID...), err
}

func id(n int) registry.ApplicationID { return registry.ApplicationID(fmt.Sprintf("req-%d", n)) }

// names and numbers of the made-up persons: none may ever be in an answer.
const (
	nikStem  = "610501410790"
	nameStem = "PENDUDUK"
)

func delivery(n int) registry.ReceiveRecord {
	slot := func(f ktp.Finger) ktp.FingerSlot {
		return ktp.FingerSlot{Finger: f, Best60: []byte{60, byte(f)}, Best40: []byte{40, byte(f)}, Second: []byte{2, byte(f)}}
	}
	rec := ktp.Record{
		ID: string(id(n)), Version: 1, Office: "61.05", Type: "new", Priority: 4, Profile: "ktp-el-wni", ValidUntil: storetest.Start.AddDate(1, 0, 0),
		Person: ktp.Person{
			NIK: ktp.NIK(fmt.Sprintf("%s%04d", nikStem, n)), Names: []string{fmt.Sprintf("%s %d", nameStem, n)},
			BirthDate: time.Date(1990, 7, 1, 0, 0, 0, 0, time.UTC), Sex: ktp.Female, Nationality: "IDN", Validity: "SEUMUR HIDUP",
		},
		Portrait: ktp.Image{MIME: "image/jpeg", Data: []byte("portrait")}, Signature: ktp.Image{MIME: "image/png", Data: []byte("signature")},
		Fingers: [2]ktp.FingerSlot{slot(ktp.RightIndex), slot(ktp.LeftIndex)},
	}
	rec.Identity.KeyID[0], rec.Identity.Signature[0] = 1, 1
	return registry.ReceiveRecord{Record: rec, MessageID: rec.ID + "/1", Canonical: sha256.Sum256([]byte(rec.ID))}
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) do(a access.Actor, op registry.Operation) {
	r.t.Helper()
	r.keys++
	_, err := r.reg.Do(r.t.Context(), a, op, fmt.Sprintf("key-%d", r.keys))
	r.must(err)
}

func (r *room) next() jobs.Order {
	r.t.Helper()
	o, err := r.reg.Next(r.t.Context(), jobs.Session{Line: "line-1"})
	r.must(err)
	return o
}

// finish makes the stages of an inline line.
func (r *room) finish(o jobs.Order) {
	r.t.Helper()
	cards, left := 41, 460
	chip := ktp.ChipUID("")
	for _, step := range jobs.Stages(jobs.Inline) {
		if step == jobs.Claim {
			chip = "0000A0B0C0D000000001"
		}
		if step != jobs.ReadBack && step != jobs.Recheck {
			r.must(r.reg.Intend(r.t.Context(), o, step, jobs.Evidence{Chip: chip, Card: "encoder", Cards: &cards, RibbonLeft: &left, At: r.clock.Now()}))
		}
		r.clock.Advance(time.Second)
		out := jobs.Outcome{Result: jobs.Done, Chip: chip, Millis: 1000}
		switch step {
		case jobs.Write:
			out.Hashes = map[string]string{"0101": "a-hash-of-personal-data"}
		case jobs.ReadBack:
			out.Match, out.Score = jobs.Matched, 80
		case jobs.Eject:
			out.Tray = "output"
		}
		r.must(r.reg.Settle(r.t.Context(), o, step, out))
	}
}

// spoil loses a card to its chip after the feed.
func (r *room) spoil(o jobs.Order) {
	r.t.Helper()
	const chip, cause = "0000A0B0C0D000000002", "applet.card_mute"
	ctx := r.t.Context()
	r.must(r.reg.Intend(ctx, o, jobs.Feed, jobs.Evidence{}))
	r.must(r.reg.Settle(ctx, o, jobs.Feed, jobs.Outcome{Result: jobs.Done}))
	r.must(r.reg.Intend(ctx, o, jobs.Claim, jobs.Evidence{Chip: chip}))
	r.must(r.reg.Settle(ctx, o, jobs.Claim, jobs.Outcome{Result: jobs.Failed, Cause: cause, Chip: chip}))
	r.must(r.reg.Intend(ctx, o, jobs.Reject, jobs.Evidence{Chip: chip}))
	r.must(r.reg.Settle(ctx, o, jobs.Reject, jobs.Outcome{Result: jobs.Done, Cause: cause, Tray: "reject", Chip: chip}))
}

// log shows what a request met inside, where a test asks for it.
func (r *room) log() *zap.Logger {
	if !*verbose {
		return nil
	}
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.Lock(os.Stderr), zapcore.ErrorLevel))
}

func (r *room) breakLedger() { r.must(r.store.Close()) }

// ask sends a request.
func (r *room) ask(method, target string) *httptest.ResponseRecorder {
	r.t.Helper()
	req := httptest.NewRequest(method, "http://127.0.0.1:8080/", nil)
	u, err := req.URL.Parse(target)
	r.must(err)
	req.URL = u
	w := httptest.NewRecorder()
	r.http.ServeHTTP(w, req)
	return w
}

// random finds the ids and hashes of an answer.
var random = regexp.MustCompile(`[0-9a-f]{16,64}`)

// golden compares an answer with its file. Ids and hashes are numbered in the order in which they
// appear: how long they are and what is hashed is the register's own.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	numbers := map[string]string{}
	got = random.ReplaceAllFunc(got, func(b []byte) []byte {
		if _, seen := numbers[string(b)]; !seen {
			numbers[string(b)] = fmt.Sprintf("#%d", len(numbers)+1)
		}
		return []byte(numbers[string(b)])
	})
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s: got\n%s", name, got)
	}
}
