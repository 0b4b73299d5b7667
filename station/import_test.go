package station_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/station"
	"blanko/store/storetest"
)

func lines(items []json.RawMessage) []byte {
	return append(bytes.Join(raws(items), []byte("\n")), '\n')
}

func array(items []json.RawMessage) []byte {
	return []byte("[" + string(bytes.Join(raws(items), []byte(","))) + "]")
}

func raws(items []json.RawMessage) (list [][]byte) {
	for _, i := range items {
		list = append(list, i)
	}
	return list
}

// summary counts the ledger of a configuration.
func summary(t *testing.T, c station.Config) registry.Summary {
	t.Helper()
	st := ledgerOf(t, c)
	defer st.Close()
	s, err := registry.New(st, registry.Config{Office: c.Office}, nil).Summary(t.Context())
	must(t, err)
	return s
}

func applications(s registry.Summary) (n int) {
	for _, c := range s.Applications {
		n += c
	}
	return n
}

// What a refused item calls itself is shown only where it is a word: a terminal obeys other texts.
func TestImportShowsNoForeignText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 1, Now: fixed})
	c := w.config("")
	for kind, shown := range map[string]string{
		"\x1b[2J1 accepted": "?", "hold\n2  record": "?", "hold\trecord": "?", "": "?", strings.Repeat("k", 65): "?", "lottery": "lottery",
	} {
		item, err := json.Marshal(map[string]string{"kind": kind, "id": kind})
		must(t, err)
		list, err := station.Import(t.Context(), c, station.ImportOptions{File: w.write("import.json", item), Now: fixed})
		must(t, err)
		if list[0].Kind != shown || list[0].Accepted || shown == "?" && list[0].ID != "" {
			t.Errorf("%q: %+v", kind, list[0])
		}
	}
}

// Items and bare records come in by an array or by lines; a second time nothing changes.
func TestImportForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 2, Now: fixed})
	items := w.feed()
	records := []json.RawMessage{bare(t, items[0]), bare(t, items[1])}
	for name, text := range map[string][]byte{
		"items by lines": lines(items), "array of items": array(items), "bare by lines": lines(records), "array of bare": array(records),
		"mixed": lines([]json.RawMessage{items[0], records[1]}),
	} {
		c := w.config("")
		c.Data, c.Database.Postgres = w.path(strings.ReplaceAll(name, " ", "_")+".db"), storetest.AnyURL(t)
		o := station.ImportOptions{File: w.write("import.json", text), Now: fixed}
		for turn, answer := range []string{"new", "unchanged"} {
			got, err := station.Import(t.Context(), c, o)
			if err != nil || len(got) != 2 {
				t.Fatalf("%s: %+v, %v", name, got, err)
			}
			for n, i := range got {
				if !i.Accepted || i.Answer != answer || i.Place != n+1 || i.ID == "" || i.Version != 1 || i.Specimen {
					t.Errorf("%s, turn %d: %+v", name, turn, i)
				}
			}
		}
		if s := summary(t, c); s.Applications[registry.PrintReady] != 2 || applications(s) != 2 {
			t.Errorf("%s: %+v", name, s.Applications)
		}
	}
}

// brokenKinds are one or two broken records of each part of the check.
var brokenKinds = []string{
	"integrity_absent", "name_changed_after_signing", "key_unknown", "key_expired", "identity_of_other_name", "replayed", "version_lower",
	"person_has_successor", "expired", "office_other", "member_twice", "nested_deep",
}

// A broken record is refused under its code, and the good ones beside it come in.
func TestImportRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 2, Broken: brokenKinds, Now: fixed})
	c := w.config("")
	got, err := station.Import(t.Context(), c, station.ImportOptions{File: w.write("import.json", lines(w.feed())), Now: fixed})
	must(t, err)
	want := map[string]string{}
	for _, l := range w.center.Account() {
		want[l.ID] = l.Refusal
	}
	refused, accepted := 0, map[string]bool{}
	for _, i := range got {
		if i.Accepted {
			accepted[i.ID] = true
			continue
		}
		refused++
		if expected := want[i.ID]; i.ID != "" && expected != "" && i.Refusal != expected {
			t.Errorf("%s: refused as %q, want %q", i.ID, i.Refusal, expected)
		}
	}
	if refused < len(brokenKinds) || len(accepted) < 2 {
		t.Errorf("%d refused, %d accepted", refused, len(accepted))
	}
	if s := summary(t, c); applications(s) != len(accepted) {
		t.Errorf("%d applications, %d accepted", applications(s), len(accepted))
	}
}

// A withdrawal, a hold and a release work when the center signed them, and not when they were bent.
func TestImportSignedItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 2, Now: fixed})
	account := w.center.Account()
	must(t, w.center.Withdraw(account[0].ID, "died"))
	must(t, w.center.Hold(account[1].ID, "checked"))
	c := w.config("")
	items := w.feed()
	bent := json.RawMessage(strings.Replace(string(items[2]), `"died"`, `"moved"`, 1))
	for _, turn := range []struct {
		items    []json.RawMessage
		accepted int
		state    registry.State
		n        int
	}{
		{append(append([]json.RawMessage{}, items[:2]...), bent), 2, registry.PrintReady, 2},
		{items[2:], 2, registry.Withdrawn, 1},
	} {
		got, err := station.Import(t.Context(), c, station.ImportOptions{File: w.write("import.json", lines(turn.items)), Now: fixed})
		must(t, err)
		n := 0
		for _, i := range got {
			if i.Accepted {
				n++
			} else if i.Refusal != "signature_wrong" {
				t.Errorf("%+v", i)
			}
		}
		if s := summary(t, c); n != turn.accepted || s.Applications[turn.state] != turn.n {
			t.Errorf("%d accepted, %v", n, s.Applications)
		}
	}
}

// Unsigned data is refused by the product; the laboratory takes it as a specimen.
func TestImportUnsigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 1, Now: fixed})
	var rec map[string]any
	must(t, json.Unmarshal(bare(t, w.feed()[0]), &rec))
	delete(rec, "integrity")
	delete(rec["requestData"].(map[string]any)["others"].(map[string]any)["blanko"].(map[string]any), "identity")
	text, err := json.Marshal(rec)
	must(t, err)
	c := w.config("")
	o := station.ImportOptions{File: w.write("import.json", text), Now: fixed}
	got, err := station.Import(t.Context(), c, o)
	if err != nil || len(got) != 1 || got[0].Accepted || got[0].Refusal != "signature_missing" {
		t.Fatalf("product: %+v, %v", got, err)
	}
	if n := applications(summary(t, c)); n != 0 {
		t.Fatalf("%d applications", n)
	}
	o.Unsigned = true
	c.Center.KeyList, c.Center.Anchor = "", ""
	got, err = station.Import(t.Context(), c, o)
	if err != nil || len(got) != 1 || !got[0].Accepted || !got[0].Specimen {
		t.Fatalf("laboratory: %+v, %v", got, err)
	}
}

// A file that is no list of records, or no trust to judge it by, is an error and changes nothing.
func TestImportFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 1, Now: fixed})
	good := lines(w.feed())
	c := w.config("")
	bad := func(change func(*station.Config, *station.ImportOptions)) (station.Config, station.ImportOptions) {
		c, o := c, station.ImportOptions{File: w.write("good.json", good), Now: fixed}
		change(&c, &o)
		return c, o
	}
	large := w.path("large.json")
	f, err := os.Create(large)
	must(t, err)
	must(t, f.Truncate(64<<20+1))
	must(t, f.Close())
	for name, k := range map[string]struct {
		text   string
		change func(*station.Config, *station.ImportOptions)
		want   fault.Code
	}{
		"empty":          {text: " \n", want: "station.import_malformed"},
		"cut":            {text: string(good[:len(good)/2]), want: "station.import_malformed"},
		"good then cut":  {text: string(good) + `{"kind":`, want: "station.import_malformed"},
		"no object":      {text: `[1,2]`, want: "station.import_malformed"},
		"empty array":    {text: `[]`, want: "station.import_malformed"},
		"two arrays":     {text: `[{}][{}]`, want: "station.import_malformed"},
		"text":           {text: "hello", want: "station.import_malformed"},
		"not there":      {change: func(_ *station.Config, o *station.ImportOptions) { o.File = w.path("none") }, want: "station.import_unreadable"},
		"a folder":       {change: func(_ *station.Config, o *station.ImportOptions) { o.File = w.dir }, want: "station.import_too_large"},
		"too large":      {change: func(_ *station.Config, o *station.ImportOptions) { o.File = large }, want: "station.import_too_large"},
		"no key list":    {change: func(c *station.Config, _ *station.ImportOptions) { c.Center.KeyList = "" }, want: "station.key_list_missing"},
		"no anchor":      {change: func(c *station.Config, _ *station.ImportOptions) { c.Center.Anchor = "" }, want: "station.key_list_missing"},
		"foreign anchor": {change: func(c *station.Config, _ *station.ImportOptions) { c.Center.Anchor = w.path("client.pem") }, want: "station.center_misbuilt"},
		"foreign keys":   {change: func(_ *station.Config, o *station.ImportOptions) { o.KeyList = o.File }, want: datacenter.KeysUntrusted.Code},
	} {
		c, o := bad(func(*station.Config, *station.ImportOptions) {})
		if k.change != nil {
			c, o = bad(k.change)
		} else {
			o.File = w.write("bad.json", []byte(k.text))
		}
		if got, err := station.Import(t.Context(), c, o); fault.CodeOf(err) != k.want || len(got) != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := os.Stat(c.Data); err == nil {
		t.Error("a ledger was made")
	}
}

// However an item is bent, it is refused by name and changes nothing.
func TestImportBentItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, center.Config{Records: 1, Now: fixed})
	item := string(w.feed()[0])
	var odd []json.RawMessage
	for _, s := range []string{
		`{}`, `{"kind":"record"}`, `{"kind":"record","record":null}`, `{"kind":"record","record":[]}`, `{"kind":1}`, `{"kind":"party"}`,
		`{"kind":"withdrawal","id":"x"}`, `{"requestData":{}}`, `{"credentialRequestId":"\u001b[31m","requestData":{}}`,
		strings.Replace(item, `"kind":"record"`, `"kind":"hold"`, 1), strings.Replace(item, `"office":"61.05"`, `"office":"61.06"`, 1),
		fmt.Sprintf(`{"kind":"record","id":"x","record":{"a":"%s"}}`, strings.Repeat("A", 2<<20)),
	} {
		odd = append(odd, json.RawMessage(s))
	}
	c := w.config("")
	got, err := station.Import(t.Context(), c, station.ImportOptions{File: w.write("import.json", lines(odd)), Now: fixed})
	if err != nil || len(got) != len(odd) {
		t.Fatalf("%d of %d, %v", len(got), len(odd), err)
	}
	for _, i := range got {
		if i.Accepted || i.Refusal == "" || strings.ContainsRune(i.ID, 0x1b) {
			t.Errorf("%+v", i)
		}
	}
	if n := applications(summary(t, c)); n != 0 {
		t.Errorf("%d applications", n)
	}
}
