package station_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/station"
)

// levels of a diagnosis by name of the check.
func levels(d station.Diagnosis) map[string]station.Level {
	m := map[string]station.Level{}
	for _, r := range d.Checks {
		m[r.Name] = r.Level
	}
	return m
}

func examine(t *testing.T, w *world, now func() time.Time) (station.Diagnosis, map[string]station.Level) {
	t.Helper()
	d := station.Examine(t.Context(), station.Examination{Config: w.path("blanko.yaml"), Now: now})
	for _, r := range d.Checks {
		if r.What.ID == "" || r.What.EN == "" || r.Seen.ID == "" || r.Seen.EN == "" || strings.Contains(r.Seen.ID+r.Seen.EN, "%!") {
			t.Errorf("%s: %+v", r.Name, r)
		}
		act := r.Level == station.Missing || r.Level == station.Warning
		if act != (r.Mend != nil) || r.Mend != nil && (r.Mend.ID == "" || r.Mend.EN == "") {
			t.Errorf("%s: level %s, mend %v", r.Name, r.Level, r.Mend)
		}
	}
	return d, levels(d)
}

// A whole station with its center is fine where this test can make it so.
func TestDoctorOfAWholeStation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 1, Now: time.Now})
	c := w.config("")
	_, err := station.Import(t.Context(), c, station.ImportOptions{File: w.write("import.json", lines(w.feed()))})
	must(t, err)
	_, got := examine(t, w, nil)
	folder := station.Fine
	if c.Database.Postgres != "" {
		folder = station.Note // the ledger is not in it
	}
	if got["folder"] != folder {
		t.Errorf("folder: %s, want %s", got["folder"], folder)
	}
	for _, name := range []string{"config", "ledger", "clock", "encoder", "center", "certificate"} {
		if got[name] != station.Fine {
			t.Errorf("%s: %s", name, got[name])
		}
	}
	for _, name := range []string{"officers", "lines", "pcsc", "usb", "cups"} {
		if got[name] != station.Note {
			t.Errorf("%s: %s", name, got[name])
		}
	}
	left, err := os.ReadDir(w.dir)
	must(t, err)
	for _, e := range left {
		if strings.HasPrefix(e.Name(), ".blanko-doctor") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

// copiesFor is a public key of age, to which copies are sealed.
const copiesFor = "age1pyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq8r66x"

// Each thing that is broken is found by its own check, and production is not ready.
func TestDoctorFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		spoil   func(*testing.T, *world)
		now     func() time.Time
		check   string
		level   station.Level
		ready   bool
		skipped bool
	}{
		"no configuration":  {spoil: func(t *testing.T, w *world) { must(t, os.Remove(w.path("blanko.yaml"))) }, check: "config", level: station.Missing, skipped: true},
		"bad configuration": {spoil: func(_ *testing.T, w *world) { w.write("blanko.yaml", []byte("office: 6\n")) }, check: "config", level: station.Missing, skipped: true},
		"refused line":      {spoil: func(_ *testing.T, w *world) { w.config(twoLines) }, check: "lines", level: station.Missing},
		"event altered": {spoil: func(t *testing.T, w *world) {
			w.sql("drop trigger event_keep_update; update event set actor = 'nobody' where id = 1")
		}, check: "ledger", level: station.Missing},
		"miscount":               {spoil: func(_ *testing.T, w *world) { w.sql("update tally set n = n + 1 where subject = 'application'") }, check: "ledger", level: station.Missing},
		"log without its ledger": {spoil: func(t *testing.T, w *world) { must(t, os.Rename(w.path("blanko.db"), w.path("blanko.db-wal"))) }, check: "ledger", level: station.Missing},
		"copies of the future alone": {spoil: func(t *testing.T, w *world) {
			w.config("backup: {folder: \"DIR/copies\", recipients: [\"" + copiesFor + "\"]}\n")
			must(t, os.Mkdir(w.path("copies"), 0o700))
			w.write("copies/blanko-61.05-BLANKO-01-"+time.Now().AddDate(1, 0, 0).UTC().Format("20060102T150405Z")+".age", nil)
		}, check: "copies", level: station.Warning, ready: true},
		"not a ledger": {spoil: func(_ *testing.T, w *world) { w.write("blanko.db", []byte(strings.Repeat("no database ", 100))) }, check: "ledger", level: station.Missing},
		"newer ledger": {spoil: func(_ *testing.T, w *world) {
			w.sql("insert into goose_db_version (version_id, is_applied) values (99999, 1); update readable set since = 99999")
		}, check: "ledger", level: station.Missing},
		"clock behind":    {spoil: func(*testing.T, *world) {}, now: func() time.Time { return time.Now().Add(-time.Hour) }, check: "clock", level: station.Missing},
		"center away":     {spoil: func(_ *testing.T, w *world) { w.center.Behave(center.Behavior{Away: true}) }, check: "center", level: station.Missing},
		"foreign anchor":  {spoil: func(_ *testing.T, w *world) { w.write("anchor.pem", foreignKey(t)) }, check: "center", level: station.Missing},
		"certificate out": {spoil: func(_ *testing.T, w *world) { w.write("authorities.pem", certificate(t, -time.Hour)) }, check: "certificate", level: station.Missing},
		"certificate soon": {spoil: func(_ *testing.T, w *world) {
			w.write("soon.pem", certificate(t, 240*time.Hour))
			w.config("keys: {signer: \"" + w.path("soon.pem") + "\"}\n")
		}, check: "certificate", level: station.Warning, ready: true},
		"no folder": {spoil: func(t *testing.T, w *world) {
			w.config("")
			text, err := os.ReadFile(w.path("blanko.yaml"))
			must(t, err)
			w.write("blanko.yaml", []byte(strings.Replace(string(text), "/blanko.db", "/none/blanko.db", 1)))
		}, check: "folder", level: station.Missing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, center.Config{Records: 1, Now: time.Now})
			w.server = "" // it is a file that is spoiled
			c := w.config("")
			_, err := station.Import(t.Context(), c, station.ImportOptions{File: w.write("import.json", lines(w.feed()))})
			must(t, err)
			k.spoil(t, w)
			d, got := examine(t, w, k.now)
			if got[k.check] != k.level {
				t.Errorf("%s: %s, want %s: %+v", k.check, got[k.check], k.level, d.Checks)
			}
			if d.Ready && !k.ready {
				t.Error("ready for production")
			}
			if (got["ledger"] == station.Skipped) != k.skipped || (got["encoder"] != station.Fine) {
				t.Errorf("ledger %s, encoder %s", got["ledger"], got["encoder"])
			}
		})
	}
}

// sql changes the ledger behind the program.
func (w *world) sql(text string) {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.path("blanko.db"))
	must(w.t, err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), text)
	must(w.t, err)
}

func foreignKey(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// certificate ends so long from now.
func certificate(t *testing.T, left time.Duration) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-1000 * time.Hour), NotAfter: time.Now().Add(left)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
