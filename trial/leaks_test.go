package trial

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/ecdsa"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"blanko/emulator/chip"
	"blanko/internal/rig"

	"blanko/applet"
	"blanko/jobs"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/personalize"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/osia"
	"blanko/station"
	"blanko/store"
	"blanko/store/backup"
)

// confined are the columns that hold persons and secrets by design, beside those that are named sealed_.
// Their sealing and the time that they keep them is the business of the ledger; nothing of them may stand
// in any other column.
var confined = map[string][]string{
	"record":      {"person", "fingers", "exceptions", "identity"},
	"record_part": {"data"},
	"secret":      {"value"},
}

// masters plants the master keys that the test knows, and the key sets of a chip under them.
func masters(source *software.Source, roles []keys.Role, kdd [10]byte, s secrets) {
	for _, role := range roles {
		master := source.Master(role)
		s.binary(string(role), master)
		set := chip.Diversify(master, kdd)
		for what, k := range map[string][16]byte{"ENC": set.ENC, "MAC": set.MAC, "DEK": set.DEK} {
			s.binary(fmt.Sprintf("%s %s of %X", role, what, kdd), k[:])
		}
	}
}

// channelOpening is a secure channel that a station opened.
type channelOpening struct {
	kvn       byte
	kdd       [10]byte
	challenge [8]byte
	answer    []byte
}

// openings keeps what the session keys of a run are made of.
type openings struct {
	applet.KeySource
	mu     *sync.Mutex
	list   *[]channelOpening
	traces *bytes.Buffer
}

func (o openings) Open(ctx context.Context, kvn byte, kdd [10]byte, challenge [8]byte, level byte, answer []byte) (int, []byte, error) {
	stack := make([]byte, 1<<20)
	stack = stack[:runtime.Stack(stack, true)]
	o.mu.Lock()
	_, _ = o.traces.Write(stack)
	*o.list = append(*o.list, channelOpening{kvn, kdd, challenge, bytes.Clone(answer)})
	o.mu.Unlock()
	return o.KeySource.Open(ctx, kvn, kdd, challenge, level, answer)
}

// sessions plants S-ENC, S-MAC and S-RMAC of channels (GlobalPlatform Amendment D, 6.2.1).
func sessions(t *testing.T, source *software.Source, roles []keys.Role, list []channelOpening, s secrets) {
	t.Helper()
	for n, o := range list {
		role, _ := keys.RoleOf(o.kvn)
		if !slices.Contains(roles, role) {
			continue
		}
		a, err := keys.ParseInitialized(o.answer)
		if err != nil {
			continue // a fault of the chip: no channel came of it
		}
		set := chip.Diversify(source.Master(role), o.kdd)
		both := append(o.challenge[:], a.Challenge[:]...)
		for what, k := range map[string]struct {
			static   [16]byte
			constant byte
		}{"S-ENC": {set.ENC, 0x04}, "S-MAC": {set.MAC, 0x06}, "S-RMAC": {set.MAC, 0x07}} {
			mac, err := keys.NewMAC(k.static[:])
			if err != nil {
				t.Fatal(err)
			}
			session, err := keys.SessionKDF(mac, k.constant, 128, both)
			if err != nil {
				t.Fatal(err)
			}
			s.binary(fmt.Sprintf("%s of channel %d under %s", what, n, role), session)
		}
	}
}

// Nothing that a station writes about its work holds a person, a picture, a template or a key: logs,
// screen, summary, every table of the ledger but the columns made for it, what an auditor is shown. No
// file of the ledger, no paper and no picture holds a key. Once its card is made, nothing of a resident's
// biometrics is left in the files of the ledger, its log of pages included.
func TestNothingTellsAPerson(t *testing.T) {
	t.Parallel()
	nothingTells(t, Options{Cards: cardsOf(10, 3), Lines: 2, Faults: "some", Seed: 11, Chip: "8k"}, keys.Roles)
}

// The same with the keys on a token, whose PIN is one more secret. Of its masters the test knows the
// chip maker's alone, and the channels under it.
func TestNothingTellsAPersonOnToken(t *testing.T) {
	t.Parallel()
	rig.Need(t, "softhsm", rig.SoftHSMTools...)
	nothingTells(t, Options{Cards: cardsOf(4, 2), Lines: 2, Faults: "some", Seed: 12, Chip: "8k", HSM: true}, []keys.Role{keys.Transport})
}

// The files of a ledger, its log of pages included, tell nobody's name, number, address, face or finger, at any
// time of a run: not of those whose cards are made, and not of those who still wait.
func TestFileAloneTellsNoOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := Options{Cards: 4, Lines: 1, Seed: 13, Chip: "8k", Data: filepath.Join(dir, "blanko.db"), Out: filepath.Join(dir, "out")}
	list := residents(t, o)
	everything, _ := persons(list)
	sent, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	if found := everything.in(sent); len(found) < 5*len(list) {
		t.Fatalf("the search finds only %v of what the center sends", found)
	}
	looks := 0
	look := func(when string) {
		looks++
		for name, text := range files(t, dir, "blanko.db*") {
			if found := everything.in(text); len(found) > 0 {
				t.Errorf("%s, %s: %v", when, name, found)
			}
		}
	}
	o.devices = func(ctx context.Context, d *demo, id jobs.LineID) (*personalize.Line, error) {
		look("when every record is here")
		return d.room.line(ctx, id, d.reg, d.log)
	}
	sum, err := run(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop(), func(d *demo) {
		look("when the cards are made")
		list, err := d.reg.ListApplications(t.Context(), "", "", o.Cards)
		if err != nil || len(list) != o.Cards {
			t.Errorf("%d applications, %v", len(list), err)
		}
		for _, a := range list { // with the key it is all there
			if r, err := d.reg.Record(t.Context(), a.ID); err != nil || len(everything.in([]byte(r.Person.NIK.Digits()))) == 0 {
				t.Errorf("%s: %v", a.ID, err)
			}
		}
		if err := d.store.EmptyLog(t.Context()); err != nil {
			t.Error(err)
		}
		look("when the log was emptied")
	})
	if err != nil || sum.Made != o.Cards || looks < 3 {
		t.Fatalf("made %d, looked %d times, %v", sum.Made, looks, err)
	}
}

func nothingTells(t *testing.T, o Options, roles []keys.Role) {
	dir := t.TempDir()
	o.Data, o.Out = filepath.Join(dir, "blanko.db"), filepath.Join(dir, "out")
	o.opened = func(now func() time.Time) (*store.Store, error) { // in clear: sealed, nothing would be found anywhere
		return store.Open(t.Context(), o.Data, store.WithClock(now))
	}
	source, secret := software.New(seedText(o.Seed)), secrets{}
	var mu sync.Mutex
	var opened []channelOpening
	var traces bytes.Buffer // of all goroutines, as a panic prints them, at every channel
	o.token = func(v *vault) { secret.text("PIN of the token", v.rig.PIN) }
	o.devices = func(ctx context.Context, d *demo, id jobs.LineID) (*personalize.Line, error) {
		l, err := d.room.line(ctx, id, d.reg, d.log)
		if err == nil {
			l.Keys = openings{l.Keys, &mu, &opened, &traces}
		}
		return l, err
	}
	var log, screen bytes.Buffer
	written := map[string][]byte{} // what the run wrote, by where it stands
	var ledger map[string][]byte   // its files while it is open
	look := func(d *demo) {
		if err := d.store.EmptyLog(t.Context()); err != nil { // as the loop that minds retention does
			t.Error(err)
		}
		ledger = files(t, dir, "blanko.db*")
		for where, text := range shown(t, d.reg) {
			written[where] = text
		}
		written["sealed copy"] = sealedCopy(t, d.store)
		for _, p := range d.room.blanks {
			if p.Chip != nil {
				masters(source, roles, [10]byte(mustHex(t, kdd(p))), secret)
			}
		}
		if k, ok := d.room.signing.Signer.Key.(*ecdsa.PrivateKey); ok {
			scalar, err := k.Bytes()
			if err != nil {
				t.Error(err)
			}
			secret.binary("document signer", scalar)
		}
	}
	writer := zapcore.Lock(zapcore.AddSync(&log))
	sum, err := run(t.Context(), o, &Screen{Out: &screen},
		zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), writer, zapcore.DebugLevel)), look)
	if err != nil || sum.Made == 0 || log.Len() == 0 {
		t.Fatalf("made %d, %d bytes of log, %v", sum.Made, log.Len(), err)
	}
	before := len(secret)
	sessions(t, source, roles, opened, secret)
	if len(opened) < sum.Made || len(secret) < before+5*3*sum.Made { // raw, two of hex, base64
		t.Fatalf("%d channels were seen, %d secrets and %d of sessions", len(opened), before, len(secret)-before)
	}
	list := residents(t, o)
	persons, biometrics := persons(list)
	sent, err := json.Marshal(list[0]) // buffers in base64, as on the wire
	if err != nil {
		t.Fatal(err)
	}
	if found := biometrics.in(sent); len(found) < 4 || len(persons) < 20*o.Cards {
		t.Fatalf("%d secrets to look for, and of those of a record as sent only %v are found", len(persons), found)
	}
	written["log"], written["screen"], written["traces"] = log.Bytes(), screen.Bytes(), traces.Bytes()
	for _, name := range []string{"sealed copy", "traces", "GET /metrics"} {
		if len(written[name]) < 1000 {
			t.Errorf("%s: %d bytes", name, len(written[name]))
		}
	}
	if written["summary"], err = json.Marshal(sum); err != nil {
		t.Fatal(err)
	}
	for where, text := range written {
		if found := append(persons.in(text), secret.in(text)...); len(found) > 0 {
			t.Errorf("%s: %v", where, found)
		}
	}
	db, err := sql.Open("sqlite", "file:"+o.Data+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seen := false // the search finds persons where they must be
	for column, text := range dump(t, db) {
		found := persons.in(text)
		if of, name, _ := strings.Cut(column, "."); strings.HasPrefix(name, "sealed_") || slices.Contains(confined[of], name) {
			seen = seen || len(found) > 0
			continue
		}
		if found = append(found, secret.in(text)...); len(found) > 0 {
			t.Errorf("column %s: %v", column, found)
		}
	}
	if !seen {
		t.Error("the search finds no person in the columns for persons, where one must be")
	}
	for name, text := range ledger {
		if found := secret.in(text); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
		for _, r := range madeOf(t, db, list) {
			if found := onlyBiometrics(r).in(text); len(found) > 0 {
				t.Errorf("the card of %s is made, and %s still holds %v", r.CredentialRequestID, name, found)
			}
		}
	}
	for name, text := range files(t, o.Out, "*") {
		if found := secret.in(text); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// copiesFor is a public key of age; nothing opens the copies here.
const copiesFor = "age1pyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq8r66x"

// sealedCopy is a copy of the ledger as it lies on another disk.
func sealedCopy(t *testing.T, s *store.Store) []byte {
	t.Helper()
	to, err := backup.Recipients([]string{copiesFor})
	if err != nil {
		t.Fatal(err)
	}
	clear := filepath.Join(t.TempDir(), "clear.db")
	if err := s.Copy(t.Context(), clear); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := backup.Seal(&out, clear, backup.Manifest{}, to); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// shown is every list and report that an auditor can ask for: the one role that sees everything and no
// person.
func shown(t *testing.T, reg *registry.Registry) map[string][]byte {
	t.Helper()
	h, err := station.API(reg, access.Actor{ID: "auditor", Roles: []access.Role{access.Auditor}}, zap.NewNop(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) (int, []byte) {
		w := httptest.NewRecorder()
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1"+path, nil))
		return w.Code, w.Body.Bytes()
	}
	_, text := get("/v1/openapi.json")
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	out, good := map[string][]byte{}, 0
	for path, methods := range document.Paths {
		if methods["get"] == nil || strings.Contains(path, "{") || strings.HasSuffix(path, "/stream") {
			continue
		}
		status, body := get(path)
		out["GET "+path] = body
		if status == http.StatusOK {
			good++
		}
	}
	_, out["GET /metrics"] = get("/metrics")
	if good < 10 {
		t.Errorf("an auditor was shown %d of %d lists", good, len(out))
	}
	return out
}

// files are those of a folder by name; compressed streams of a PDF stand behind it as they read.
func files(t *testing.T, dir, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s holds %d files, %v", dir, len(names), err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		whole := bytes.Clone(text)
		for part := range bytes.SplitSeq(text, []byte("stream\n")) {
			if z, err := zlib.NewReader(bytes.NewReader(part)); err == nil {
				plain, _ := io.ReadAll(z) // what can be read of it
				whole = append(whole, plain...)
			}
		}
		out[filepath.Base(name)] = whole
	}
	return out
}

// madeOf are the residents whose cards were made.
func madeOf(t *testing.T, db *sql.DB, list []osia.CredentialRequest) []osia.CredentialRequest {
	made := strings.Split(one(t, db, `select group_concat(application) from card`), ",")
	return slices.DeleteFunc(slices.Clone(list), func(r osia.CredentialRequest) bool { return !slices.Contains(made, r.CredentialRequestID) })
}

func onlyBiometrics(r osia.CredentialRequest) secrets {
	_, b := persons([]osia.CredentialRequest{r})
	return b
}

func mustHex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
