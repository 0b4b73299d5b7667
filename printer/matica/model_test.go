package matica

import (
	"bytes"
	"strings"
	"testing"

	"blanko/fault"
)

func TestModelFiles(t *testing.T) {
	t.Parallel()
	all, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]*Model{}
	for _, m := range all {
		if ids[m.ID] != nil {
			t.Errorf("two files for %s", m.ID)
		}
		ids[m.ID] = m
	}
	// Resolution, size and turning of the two engines decide the picture (XID server).
	for id, want := range map[string]Model{
		"xid8600": {Columns: 2072, Rows: 1328, DPI: 600, Turned: true},
		"xid580i": {Columns: 1036, Rows: 664, DPI: 300},
	} {
		m := ids[id]
		if m == nil {
			t.Fatalf("no file for %s", id)
		}
		if m.Columns != want.Columns || m.Rows != want.Rows || m.DPI != want.DPI || m.Turned != want.Turned {
			t.Errorf("%s: %+v", id, m)
		}
	}
}

// The longest match counts, whatever the spelling. A model without a file is none of ours: its image
// may be turned otherwise.
func TestChoose(t *testing.T) {
	t.Parallel()
	all, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"XID8600": "xid8600", "xid 8600": "xid8600", "XID-8600": "xid8600", "XID580i": "xid580i", "XID580ie": "xid580i", "XID580": "xid580i",
		"XID8300": "", "XID9300": "", "": "", "XID": "",
	} {
		got := choose(all, text)
		if (got == nil) != (want == "") || got != nil && got.ID != want {
			t.Errorf("%q: %+v, want %q", text, got, want)
		}
	}
}

const goodModel = "id: x\nname: X\nmatch: [X]\ncolumns: 1036\nrows: 664\ndpi: 300\ntotal: fed\n"

func TestParseModelRefuses(t *testing.T) {
	t.Parallel()
	if _, err := ParseModel([]byte(goodModel)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"unknown key":     goodModel + "speed: 1\n",
		"no YAML":         "\x00",
		"empty":           "",
		"a list of a tag": strings.Replace(goodModel, "[X]", "!x", 1),
		"no id":           strings.Replace(goodModel, "id: x", "id: ''", 1),
		"no match":        strings.Replace(goodModel, "[X]", "[]", 1),
		"matches all":     strings.Replace(goodModel, "[X]", "[X, ' -']", 1),
		"no columns":      strings.Replace(goodModel, "1036", "0", 1),
		"huge rows":       strings.Replace(goodModel, "664", "9000", 1),
		"no dpi":          strings.Replace(goodModel, "dpi: 300\n", "", 1),
		"total":           strings.Replace(goodModel, "fed", "printed", 1),
		"hopper":          goodModel + "fitted: {hopper: -1}\n",
		"cleaning":        goodModel + "cleaning: -1\n",
		"endless":         goodModel + "cleaning: 1000001\n",
	} {
		if m, err := ParseModel([]byte(text)); !fault.Is(err, modelDataWrong) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestSettingsFile(t *testing.T) {
	t.Parallel()
	table, err := parseSettings(settingsFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(table) != 23 {
		t.Errorf("%d settings", len(table))
	}
	for name, at := range map[string][2]int{"transfer-temp": {0x25, 0x04}, "film-type": {0x18, 0x11}, "k-level": {0x2D, 0x0D}, "hr-control": {0x0C, 0x12}} {
		found := false
		for _, s := range table {
			found = found || s.Name == name && s.Read == at[0] && s.Write == at[1]
		}
		if !found {
			t.Errorf("%s is not at %02x and %02x", name, at[0], at[1])
		}
	}
}

func TestParseSettingsRefuses(t *testing.T) {
	t.Parallel()
	const row = "  - {name: a, read: 20, write: 5, values: {0: x, 1: y}}\n"
	if _, err := parseSettings([]byte("settings:\n" + row)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"none": "settings: []\n", "name twice": "settings:\n" + row + strings.NewReplacer("20", "21", "5", "6").Replace(row),
		"offset twice": "settings:\n" + row + strings.Replace(row, "name: a", "name: b", 1), "key": "settings:\n" + strings.Replace(row, "read", "reads", 1),
		"over the geometry": "settings:\n" + strings.Replace(row, "20", "8", 1), "behind the page": "settings:\n" + strings.Replace(row, "20", "64", 1),
		"over the head": "settings:\n" + strings.Replace(row, "write: 5", "write: 1", 1), "no values": "settings:\n" + strings.Replace(row, "{0: x, 1: y}", "{}", 1),
		"a word twice": "settings:\n" + strings.Replace(row, "1: y", "1: x", 1), "unchanged": "settings:\n" + strings.Replace(row, "1: y", "255: y", 1),
	} {
		if _, err := parseSettings([]byte(text)); !fault.Is(err, modelDataWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A data file that is taken is within its bounds.
func FuzzParseModel(f *testing.F) {
	f.Add([]byte(goodModel))
	files, err := modelFiles.ReadDir("models")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range files {
		b, err := modelFiles.ReadFile("models/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseModel(b)
		if err != nil {
			if !fault.Is(err, modelDataWrong) {
				t.Error(err)
			}
			return
		}
		if m.Columns < 1 || m.Columns > maxDots || m.Fitted.Hopper < 0 || m.Cleaning < 0 || len(m.Match) == 0 || bytes.Equal(b, nil) {
			t.Errorf("%+v", m)
		}
	})
}
