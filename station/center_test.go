package station_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/registry/datacenter"
	"blanko/station"
	"blanko/store"
	"blanko/store/storetest"
)

const office = "61.05"

// rootKey seals the ledgers of these stations.
var rootKey = bytes.Repeat([]byte("r"), store.RootSize)

// ledgerOf opens the ledger of a station beside it.
func ledgerOf(t *testing.T, c station.Config) *store.Store {
	t.Helper()
	root, err := store.NewRoot(rootKey)
	must(t, err)
	var st *store.Store
	if server := c.Database.Postgres; server != "" {
		st, err = store.OpenPostgres(t.Context(), store.Postgres{URL: server}, store.WithRoots(root))
	} else {
		st, err = store.Open(t.Context(), c.Data, store.WithRoots(root))
	}
	must(t, err)
	return st
}

// world is an emulated center with the files that a station's configuration names.
type world struct {
	t      *testing.T
	dir    string
	center *center.Center
	url    string
	server string // address of the database where it is on a server
	http   *http.Client
	items  *datacenter.Client
}

func newWorld(t *testing.T, cfg center.Config) *world {
	t.Helper()
	cfg.Seed = 11
	if cfg.Offices == nil {
		cfg.Offices = []string{office}
	}
	c, err := center.New(cfg)
	must(t, err)
	s, err := c.ListenTLS("127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	cred, err := s.Client(office)
	must(t, err)
	w := &world{
		t: t, dir: t.TempDir(), server: storetest.AnyURL(t), center: c, url: cred.URL, http: &http.Client{Transport: &http.Transport{TLSClientConfig: cred.TLS}},
		items: datacenter.New(datacenter.Config{URL: cred.URL, Office: office, TLS: cred.TLS}),
	}
	w.write("client.pem", cred.Certificate)
	w.write("client.key", cred.Key)
	w.write("authorities.pem", cred.CA)
	w.write("anchor.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: c.Anchor().SPKI}))
	w.write("keys.json", w.get("/center/v1/keys"))
	w.write("data.keys", []byte(base64.StdEncoding.EncodeToString(rootKey)+"\n"))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name string, data []byte) string {
	w.t.Helper()
	must(w.t, os.WriteFile(w.path(name), data, 0o600))
	return w.path(name)
}

// get asks the center.
func (w *world) get(path string) []byte {
	w.t.Helper()
	resp, err := w.http.Get(w.url + path)
	must(w.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return body
}

// feed is everything the center has for the office.
func (w *world) feed() (list []json.RawMessage) {
	w.t.Helper()
	for cursor := ""; ; {
		page, err := w.items.Feed(w.t.Context(), cursor, 10, 0)
		must(w.t, err)
		for _, i := range page.Items {
			list = append(list, i.Raw)
		}
		if cursor = page.Next; !page.More {
			return list
		}
	}
}

// bare takes the record out of an item.
func bare(t *testing.T, item json.RawMessage) json.RawMessage {
	t.Helper()
	var i datacenter.Item
	must(t, json.Unmarshal(item, &i))
	return i.Record
}

// config is a station of this world; more is YAML that follows.
func (w *world) config(more string) station.Config {
	w.t.Helper()
	keys := "database: {data_keys: \"DIR/data.keys\", postgres: \"SERVER\"}\n"
	if rest, own := strings.CutPrefix(more, "database:\n"); own {
		keys, more = "database:\n  data_keys: \"DIR/data.keys\"\n"+rest, ""
	}
	text := `
office: "61.05"
data: "DIR/blanko.db"
listen: "127.0.0.1:0"
center:
  url: "URL"
  client_certificate: "DIR/client.pem"
  client_key: "DIR/client.key"
  authorities: "DIR/authorities.pem"
  anchor: "DIR/anchor.pem"
  key_list: "DIR/keys.json"
  poll: 1s
` + keys + more
	text = strings.NewReplacer("DIR", w.dir, "URL", w.url, "SERVER", w.server).Replace(text)
	w.write("blanko.yaml", []byte(text))
	c, err := station.ReadConfig(w.path("blanko.yaml"))
	must(w.t, err)
	return c
}

var today = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func fixed() time.Time { return today }
