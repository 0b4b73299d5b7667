package station_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/internal/refused"
	"blanko/internal/rig"
	"blanko/registry"
	"blanko/station"
	"blanko/web"
)

const twoLines = `
lines:
- id: "line-1"
  kind: inline
  printer: {language: evolis, cable: usb, serial: "10000123456"}
  reader: {cable: pcsc, name: "READER 0"}
- id: "line-2"
  kind: desktop
  printer: {language: unheard, cable: usb, serial: "2"}
`

// patience bounds what is waited for.
const patience = 5 * time.Minute

// running is a station under test.
type running struct {
	token   string
	t       *testing.T
	address string
	seen    chan string // messages of the log
	stop    context.CancelFunc
	ended   chan error
}

func serve(t *testing.T, c station.Config) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{t: t, token: officer(t, c), seen: make(chan string, 1000), stop: stop, ended: make(chan error, 1)}
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(io.Discard), zapcore.InfoLevel)
	log := zap.New(core, zap.Hooks(func(e zapcore.Entry) error {
		r.seen <- e.Message
		return nil
	}))
	ready := make(chan string, 1)
	go func() {
		r.ended <- station.Serve(ctx, c, station.Service{Log: log, Ready: func(a string) { ready <- a }})
	}()
	select {
	case r.address = <-ready:
	case err := <-r.ended:
		t.Fatal(err)
	case <-time.After(patience):
		t.Fatal("the station never served")
	}
	t.Cleanup(stop)
	return r
}

// tokens of the first officers, by the ledger.
var tokens sync.Map

func officer(t *testing.T, c station.Config) string {
	t.Helper()
	if kept, found := tokens.Load(c.Data); found {
		return kept.(string)
	}
	token, err := station.FirstOfficer(t.Context(), c, "keamanan", "PETUGAS KEAMANAN")
	must(t, err)
	tokens.Store(c.Data, token)
	return token
}

// wait for a message of the log, n times.
func (r *running) wait(message string, n int) {
	r.t.Helper()
	tired := time.NewTimer(patience)
	defer tired.Stop()
	for n > 0 {
		select {
		case m := <-r.seen:
			if m == message {
				n--
			}
		case <-tired.C:
			r.t.Fatalf("%q is %d times never said", message, n)
		case err := <-r.ended:
			r.t.Fatalf("ended: %v", err)
		}
	}
}

func (r *running) get(path string, into any) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, "http://"+r.address+path, nil)
	must(r.t, err)
	req.Header.Set("Authorization", "Bearer "+r.token)
	resp, err := http.DefaultClient.Do(req)
	must(r.t, err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %d", path, resp.StatusCode)
	}
	must(r.t, json.NewDecoder(resp.Body).Decode(into))
}

func (r *running) end() {
	r.t.Helper()
	r.stop()
	must(r.t, rig.Receive(r.t, "the end of the station", r.ended))
}

type linesAnswer struct {
	Items []struct {
		ID       string
		Observed struct {
			State  string
			Reason *struct {
				Code string
				Text *struct{ ID, EN string }
			}
		}
	}
}

// A station without devices serves, refuses its lines with their reasons, and stops when told.
func TestServeRefusesLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Now: fixed})
	c := w.config(twoLines)
	c.Center = station.CenterConfig{}
	r := serve(t, c)
	var lines linesAnswer
	r.get("/v1/lines", &lines)
	if len(lines.Items) != 2 {
		t.Fatalf("%+v", lines)
	}
	for n, code := range []fault.Code{station.KeysMissing.Code, station.PrinterUnknown.Code} {
		o := lines.Items[n].Observed
		if o.State != "refused" || o.Reason == nil || o.Reason.Code != string(code) || o.Reason.Text == nil || o.Reason.Text.ID == "" {
			t.Errorf("%s: %+v", lines.Items[n].ID, o)
		}
	}
	var health struct{ Status string }
	r.get("/v1/health", &health)
	if health.Status != "attention" {
		t.Errorf("health %q", health.Status)
	}
	r.end()
	if conn, err := net.Dial("tcp", r.address); err == nil {
		_ = conn.Close()
		t.Error("it still listens")
	}

	// The next start knows one line less and another kind of the first.
	c.Lines = c.Lines[:1]
	c.Lines[0].Kind = "desktop"
	for _, kind := range []string{"desktop", "inline", "desktop"} {
		c.Lines[0].Kind = "inline"
		if kind == "desktop" {
			c.Lines[0].Kind = "desktop"
		}
		again := serve(t, c)
		var kinds struct {
			Items []struct {
				Kind     string
				Observed struct{ State string }
			}
		}
		again.get("/v1/lines", &kinds)
		if kinds.Items[0].Kind != kind || kinds.Items[1].Observed.State != "off" {
			t.Errorf("want %s: %+v", kind, kinds)
		}
		again.end()
	}
}

// With a center, records arrive by themselves and the state goes back; after the end the ledger is sound.
func TestServePullsRecords(t *testing.T) {
	t.Parallel()
	const records = 3
	w := newWorld(t, center.Config{Records: records, Now: time.Now})
	c := w.config("")
	r := serve(t, c)
	r.wait("operation", records+1) // the first is the start
	var s struct {
		Applications []struct {
			State, Word string
			Count       int
		}
	}
	r.get("/v1/summary", &s)
	if len(s.Applications) != 1 || s.Applications[0].Word != "PRINT_READY_RECORD" || s.Applications[0].Count != records {
		t.Errorf("%+v", s)
	}
	r.end()
	st := ledgerOf(t, c)
	defer st.Close()
	rep, err := registry.New(st, registry.Config{}, nil).VerifyEvents(t.Context())
	if err != nil || !rep.Sound() || rep.Events < records {
		t.Errorf("%+v, %v", rep, err)
	}
}

// What cannot start says why, and leaves no ledger behind.
func TestServeRefusesToStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Now: fixed})
	taken, err := web.Listen(t.Context(), "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	seen := map[string]string{}
	for name, k := range map[string]struct {
		change func(*station.Config)
		want   fault.Code
	}{
		"an API for other machines without TLS": {func(c *station.Config) { c.Listen = "0.0.0.0:0" }, web.NotLoopback.Code},
		"an address that another program has":   {func(c *station.Config) { c.Listen = taken.Addr().String() }, web.AddressTaken.Code},
		"a center over plain HTTP":              {func(c *station.Config) { c.Center.URL = "http://center.example" }, station.CenterMisbuilt.Code},
		"a password in the center's address":    {func(c *station.Config) { c.Center.URL = "https://a:b@center.example" }, station.CenterMisbuilt.Code},
		"no certificate for the center":         {func(c *station.Config) { c.Center.ClientCertificate = w.path("none") }, station.CenterMisbuilt.Code},
		"a certificate with another key":        {func(c *station.Config) { c.Center.ClientKey = w.path("anchor.pem") }, station.CenterMisbuilt.Code},
		"no authority of the center":            {func(c *station.Config) { c.Center.Authorities = w.path("anchor.pem") }, station.CenterMisbuilt.Code},
		"no key that signs the center's list":   {func(c *station.Config) { c.Center.Anchor = "" }, station.CenterMisbuilt.Code},
	} {
		c := w.config("")
		k.change(&c)
		err := station.Serve(t.Context(), c, station.Service{})
		if fault.CodeOf(err) != k.want {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(c.Data); err == nil {
			t.Errorf("%s: a ledger was made", name)
		}
		seen[name] = string(fault.CodeOf(err))
	}
	c := w.config("")
	c.Data, c.Database.Postgres = w.path("no/such/folder/blanko.db"), ""
	if err := station.Serve(t.Context(), c, station.Service{}); fault.CodeOf(err) != "store.cannot_open" {
		t.Errorf("no folder: %v", err)
	}
	seen["no folder for the ledger"] = "store.cannot_open"
	if differs, err := refused.Compare("../docs/refusals.tsv", "station/serve_test.go TestServeRefusesToStart", seen); err != nil || differs != "" {
		t.Errorf("%v\n%s", err, differs)
	}
}
