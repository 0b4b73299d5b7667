package station_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry"
	"blanko/station"
	"blanko/store"
	"blanko/store/storetest"
)

const lineOfA = `
lines:
- id: "line-a"
  kind: inline
  printer: {language: evolis, cable: usb, serial: "10000123456"}
  reader: {cable: pcsc, name: "READER 0"}
`

// status is what an address answers with.
func (r *running) status(path string) int {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, "http://"+r.address+path, nil)
	must(r.t, err)
	req.Header.Set("Authorization", "Bearer "+r.token)
	resp, err := http.DefaultClient.Do(req)
	must(r.t, err)
	must(r.t, resp.Body.Close())
	return resp.StatusCode
}

type appsAnswer struct {
	Applications []struct {
		Word  string
		Count int
	}
}

// Two stations on one PostgreSQL: each record comes in once, though both pull; each shows the lines of
// both and leaves the other's alone. A database that is out of reach ends neither, and they go on by
// themselves.
func TestTwoStationsShareOneLedger(t *testing.T) {
	t.Parallel()
	const records = 3
	w := newWorld(t, center.Config{Records: records, Now: time.Now})
	url := storetest.PostgresURL(t)
	wire := storetest.NewWire(t, url)
	a, b := w.config(lineOfA), w.config(strings.ReplaceAll(lineOfA, "line-a", "line-b"))
	a.Station, b.Station = "A", "B"
	a.Database.Postgres, b.Database.Postgres = wire.URL, url
	first, second := serve(t, a), serve(t, b)
	complete := func(r *running) bool {
		var s appsAnswer
		r.get("/v1/summary", &s)
		return len(s.Applications) == 1 && s.Applications[0].Word == "PRINT_READY_RECORD" && s.Applications[0].Count == records
	}
	tired := time.After(patience)
	for !complete(first) || !complete(second) {
		select {
		case <-tired:
			t.Fatal("the records never came in")
		case <-first.seen: // each record that comes in is one message of the one or the other
		case <-second.seen:
		case err := <-first.ended:
			t.Fatal(err)
		case err := <-second.ended:
			t.Fatal(err)
		}
	}
	for _, r := range []*running{first, second} {
		var l linesAnswer
		r.get("/v1/lines", &l)
		if len(l.Items) != 2 || l.Items[0].Observed.State != "refused" || l.Items[1].Observed.State != "refused" {
			t.Errorf("lines %+v", l)
		}
	}
	wire.Cut()
	if code := first.status("/v1/summary"); code != http.StatusServiceUnavailable {
		t.Errorf("without its database: %d", code)
	}
	if code := second.status("/v1/summary"); code != http.StatusOK {
		t.Errorf("the other station: %d", code)
	}
	wire.Mend()
	if !complete(first) {
		t.Error("it does not go on")
	}
	first.end()
	var l linesAnswer
	second.get("/v1/lines", &l)
	if l.Items[0].Observed.State != "off" || l.Items[1].Observed.State != "refused" {
		t.Errorf("after the end of the first: %+v", l)
	}
	second.end()
	st, err := store.OpenPostgres(t.Context(), store.Postgres{URL: url})
	must(t, err)
	defer st.Close()
	rep, err := registry.New(st, registry.Config{}, nil).VerifyEvents(t.Context())
	if err != nil || !rep.Sound() {
		t.Errorf("%+v, %v", rep, err)
	}
}

// The doctor looks at the server where the ledger is on one, and a wrong address is told without its
// password.
func TestDoctorOfADatabaseServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Now: time.Now})
	looked := func(database string) map[string]station.Result {
		w.config("database:\n" + database)
		seen := map[string]station.Result{}
		for _, c := range station.Examine(t.Context(), station.Examination{Config: w.path("blanko.yaml")}).Checks {
			seen[c.Name] = c
		}
		text, err := json.Marshal(seen)
		must(t, err)
		if strings.Contains(string(text), "geheim") {
			t.Errorf("a password is told: %s", text)
		}
		return seen
	}
	url := storetest.PostgresURL(t)
	good := looked("  postgres: \"" + url + "\"\n")
	for _, name := range []string{"ledger", "disk_sync"} {
		if l := good[name].Level; l != station.Fine && (l != station.Warning || name == "ledger") { // a busy machine saves slowly
			t.Errorf("%s: %+v", name, good[name])
		}
	}
	for _, name := range []string{"folder", "disk_local", "disk_space"} {
		if good[name].Level != station.Note {
			t.Errorf("%s: %+v", name, good[name])
		}
	}
	bad := looked("  postgres: \"postgres://blanko:geheim@127.0.0.1:1/blanko\"\n")
	if bad["ledger"].Level != station.Missing || !strings.Contains(bad["ledger"].Seen.EN, "store.bad_address") {
		t.Errorf("ledger: %+v", bad["ledger"])
	}
	must(t, os.WriteFile(w.path("password"), []byte("geheim\n"), 0o644))
	bad = looked("  postgres: \"postgres://blanko@127.0.0.1:1/blanko\"\n  password_file: \"" + w.path("password") + "\"\n")
	if bad["ledger"].Level != station.Missing || !strings.Contains(bad["ledger"].Seen.EN, "password_file") {
		t.Errorf("ledger: %+v", bad["ledger"])
	}
}

func TestDatabaseOfTheConfiguration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"database: {password_file: \"/etc/blanko/password\"}\n":          "database.password_file",
		"database: {postgres: \"postgres://x\", password: \"geheim\"}\n": "config",
		"data: \"\"\n": "data",
	} {
		_, err := station.ParseConfig([]byte(text))
		var e *fault.Error
		if !errors.As(err, &e) || e.Field != want || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", text, err)
		}
	}
	c, err := station.ParseConfig([]byte("data: \"\"\ndatabase: {postgres: \"postgres://blanko@db/blanko\", password_file: \"credential:db\"}\n"))
	if err != nil || c.Database.PasswordFile != "credential:db" || !slices.Contains([]string{c.Database.Postgres}, "postgres://blanko@db/blanko") {
		t.Errorf("%+v, %v", c.Database, err)
	}
}
