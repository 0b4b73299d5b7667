package trial

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/emulator"
)

func scriptFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// planned reads a script and plans it in a room with a line of each maker and a desk.
func planned(t *testing.T, path string) (*emulator.World, error) {
	t.Helper()
	faults, err := readScript(path)
	if err != nil {
		return nil, err
	}
	w, err := emulator.New(emulator.Config{Virtual: true, Desks: []string{deskName}, Lines: []emulator.LineConfig{
		{Name: "line-1", Model: printerModel}, {Name: "line-2", Model: "XID8600"}, {Name: "line-3", Model: "Enduro"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w, w.Plan(faults...)
}

// Every mistake is named by its line or its row, and nothing is planned.
func TestFaultFileMistakes(t *testing.T) {
	t.Parallel()
	const good = "faults:\n  - {line: line-1, card: 1, kind: jam, step: feed}\n"
	for _, v := range []struct{ name, text, says string }{
		{"unknown key", good + "  - line: line-1\n    kind: jam\n    panels: 2\n", "[5:5] unknown field \"panels\""},
		{"unknown key at the top", good + "fault:\n", "[3:1] unknown field \"fault\""},
		{"key twice", good + "  - {line: line-1, kind: jam, kind: mute}\n", "[3:31]"},
		{"list twice", good + good, "[3:1]"},
		{"no list", "faults: jam\n", "[1:9]"},
		{"word for a number", good + "  - {line: line-1, card: first, kind: jam}\n", "[3:"},
		{"fraction of a card", good + "  - {line: line-1, card: 1.5, kind: jam}\n", "line 3, column 26: card"},
		{"delay in words", good + "  - {line: line-1, kind: late_reply, delay: soon}\n", "line 3, column 45: delay"},
		{"delay without unit", good + "  - {line: line-1, kind: late_reply, delay: 3}\n", "line 3, column 45: delay"},
		{"alias", "faults:\n  - &x {line: line-1, card: 1, kind: jam}\n  - *x\n", "line 2, column 5: anchors"},
		{"small file of a large list", "faults:\n  - line: &a [x, x]\n    kind: &b [*a, *a]\n    step: [*b, *b]\n", "line 2, column 11: anchors"},
		{"merged", good + "  - <<: {line: line-1}\n    kind: jam\n", "line 3, column 5: anchors"},
		{"tag", good + "  - {line: !!binary bGluZS0x, kind: jam}\n", "line 3, column 12: anchors"},
		{"octal", good + "  - {line: line-1, card: 010, kind: jam}\n", "line 3, column 26: a code with a leading zero"},
		{"deep", "faults: " + strings.Repeat("[", 100000), "more than 64 brackets"},
		{"large", "#" + strings.Repeat("x", maxScript), "more than 1048576 bytes"},
		{"endless delay", good + "  - {line: line-1, kind: late_reply, delay: 2000000h}\n", "row 2:"},
		{"endless mending", good + "  - {line: line-1, kind: jam, mend: 2000000h}\n", "row 2:"},
		{"factor that is no number", good + "  - {line: line-1, card: 1, kind: slow, factor: .nan}\n", "row 2:"},
		{"endless factor", good + "  - {line: line-1, card: 1, kind: slow, factor: 1e300}\n", "row 2:"},
		{"no YAML", "faults: [\n", "[1:9]"},
		{"nothing", "", "no faults"},
		{"empty list", "faults: []\n", "no faults"},
		{"unknown kind", good + "  - {line: line-1, kind: meteorite}\n", "row 2: fault script: unknown kind \"meteorite\""},
		{"unknown line", good + "  - {line: line-9, kind: jam}\n", "row 2:"},
		{"unknown step", good + "  - {line: line-1, kind: jam, step: lunch}\n", "row 2:"},
		{"unknown moment", good + "  - {line: line-1, kind: jam, when: later}\n", "row 2:"},
		{"unknown station", good + "  - {line: line-1, kind: path_stuck, station: moon}\n", "row 2:"},
		{"station of a jam", good + "  - {line: line-1, kind: jam, station: print}\n", "row 2:"},
		{"below zero", good + "  - {line: line-1, card: -1, kind: jam}\n", "row 2:"},
		{"chip without a card", good + "  - {line: line-1, kind: mute}\n", "row 2:"},
		{"chip with a panel", good + "  - {line: line-1, card: 1, kind: mute, panel: 2}\n", "row 2:"},
		{"chip with a step", good + "  - {line: line-1, card: 1, kind: mute, step: feed}\n", "row 2:"},
		{"page and command", good + "  - {line: line-1, card: 1, kind: field_loss, page: 2, apdu: 2}\n", "row 2:"},
		{"page of a mute one", good + "  - {line: line-1, card: 1, kind: mute, page: 2}\n", "row 2:"},
		{"slow without a factor", good + "  - {line: line-1, card: 1, kind: slow}\n", "row 2:"},
		{"factor of a mute one", good + "  - {line: line-1, card: 1, kind: mute, factor: 2}\n", "row 2:"},
		{"lasting silence", good + "  - {line: line-1, card: 1, kind: mute, lasting: true}\n", "row 2:"},
		{"late delivery", good + "  - {line: line-1, card: 1, kind: foreign_card, apdu: 3}\n", "row 2:"},
		{"lost with a delay", good + "  - {line: line-1, kind: lost_reply, delay: 3s}\n", "row 2:"},
		{"jam with a command", good + "  - {line: line-1, kind: jam, command: Sic}\n", "row 2:"},
		{"mended by nobody", good + "  - {line: line-1, card: 1, kind: mute, mend: 3s}\n", "row 2:"},
		{"jam on a desk", good + "  - {line: desk, kind: jam}\n", "row 2:"},
	} {
		w, err := planned(t, scriptFile(t, v.text))
		if err == nil || !strings.Contains(err.Error(), v.says) {
			t.Errorf("%s: %v", v.name, err)
		}
		if w != nil && w.Pending()["line-1"]+w.Pending()[deskName] != 0 {
			t.Errorf("%s: %v planned", v.name, w.Pending())
		}
	}
	for name, path := range map[string]string{
		"missing": filepath.Join(t.TempDir(), "none.yaml"), "folder": t.TempDir(),
		"large": scriptFile(t, "faults:\n"+strings.Repeat("# nothing\n", maxScript/10)),
	} {
		if _, err := readScript(path); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	// The demo says the same, and begins nothing.
	if _, err := Demo(t.Context(), Options{Cards: 1, Lines: 1, Chip: "8k", Faults: filepath.Join(t.TempDir(), "none.yaml")}, &Screen{Out: io.Discard}, zap.NewNop()); err == nil ||
		!strings.HasPrefix(err.Error(), "--faults:") {
		t.Errorf("the demo: %v", err)
	}
}

// Every kind of fault can be written in a file, and means what the same row means in the code.
func TestEveryKindInAFile(t *testing.T) {
	t.Parallel()
	text := "faults:\n"
	var want []emulator.Fault
	for _, kind := range emulator.Kinds() {
		f := emulator.Fault{Line: "line-1", Card: 3, Kind: kind}
		more := ""
		switch kind {
		case "jam", "cover_open":
			f.Step, f.When, f.Panel, f.Mend = "panel", "after", 2, 90*time.Second
			more = ", step: panel, when: after, panel: 2, mend: 1m30s"
		case "path_stuck":
			f.Station, more = "contactless", ", station: contactless"
		case "late_reply":
			f.Command, f.Delay, more = "Rlr;p", 1500*time.Millisecond, ", command: \"Rlr;p\", delay: 1.5s"
		case "slow":
			f.APDU, f.Factor, more = 4, 2.5, ", apdu: 4, factor: 2.5"
		case "nvm_error":
			f.Page, f.Lasting, more = 40, true, ", page: 40, lasting: true"
		case "mute":
			f.APDU, f.After, more = 12, true, ", apdu: 12, after: true"
		case "stall":
			f.Line, f.Command, f.Phase, more = "line-2", "31 01", "command", ", command: 31 01, phase: command"
		case "code":
			f.Line, f.Command, f.Code, f.After, more = "line-2", "31 0d", "00039500", true, ", command: 31 0d, code: \"00039500\", after: true"
		case "wait":
			f.Line, f.Code, f.Delay, more = "line-2", "0002DA00", time.Minute, ", code: 0002DA00, delay: 1m"
		case "wrong_tag", "wrong_signature", "short_status", "short_data":
			f.Line = "line-2"
		case "deaf":
			f.Line = "line-3"
		}
		want = append(want, f)
		text += fmt.Sprintf("  - {line: %s, card: 3, kind: %s%s}\n", f.Line, kind, more)
	}
	path := scriptFile(t, text)
	got, err := readScript(path)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%+v, want %+v, %v", got, want, err)
	}
	w, err := planned(t, path)
	if err != nil || w.Pending()["line-1"]+w.Pending()["line-2"]+w.Pending()["line-3"] != len(emulator.Kinds()) {
		t.Errorf("%v planned, %v", w.Pending(), err)
	}
}

// The page on fault scripts knows every kind and every key, and its example does what it says.
func TestFaultScriptPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "fault-script.md"))
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| [^|]* \\|$").FindAllSubmatch(page, -1) {
		named = append(named, string(m[1]))
	}
	if slices.Sort(named); !slices.Equal(named, emulator.Kinds()) {
		t.Errorf("the page has the kinds %q, the emulator %q", named, emulator.Kinds())
	}
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(page)
	if example == nil {
		t.Fatal("the page has no example")
	}
	d := &demo{
		Options: Options{Cards: 6, Lines: 1, Chip: "8k", Seed: 1, Faults: scriptFile(t, string(example[1]))},
		began:   time.Now(), log: zap.NewNop(),
	}
	defer d.close()
	ctx := context.Background()
	if err := d.open(ctx, &Screen{Out: io.Discard}); err != nil {
		t.Fatal(err)
	}
	defer d.bars.close()
	for again := true; again; {
		if err := d.round(ctx); err != nil {
			t.Fatal(err)
		}
		if again, err = d.present(ctx); err != nil {
			t.Fatal(err)
		}
	}
	s, err := d.summary(ctx)
	if err != nil || len(s.Differences) > 0 || s.Made != 6 {
		t.Errorf("%+v, %v", s, err)
	}
	if n := d.room.world.Pending()["line-1"]; n != 0 {
		t.Errorf("%d faults of the example did not strike", n)
	}
	if s.SpoiledByCause["printer.jam"] != 1 || s.SpoiledByCause["applet.card_mute"] != 2 { // the dead one, and the one that lost its field
		t.Errorf("spoiled %v", s.SpoiledByCause)
	}
}
