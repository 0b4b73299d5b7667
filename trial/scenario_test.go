package trial

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"

	qa "blanko/web/bench"
)

// everyRaced is how many scenarios there are for one that is played under the race detector.
const everyRaced = 7

// Everything is true at the end of every scenario that comes with the product, and everything that happens in it can be
// told in Indonesian.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for i, name := range Scenarios() {
		if racing && i%everyRaced != 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := ShippedScenario(name)
			if err != nil {
				t.Fatal(err)
			}
			o, err := s.Run(t.Context(), zap.NewNop())
			if err != nil {
				t.Fatal(err)
			}
			if !o.Held() {
				t.Errorf("%s\n%+v", o.Why(), o.Story)
			}
			for _, c := range o.Story {
				for _, about := range c.told.About {
					if code, is := about.(qa.Code); is && code.In("id") == code.Code {
						t.Errorf("%s: no word for %+v", c, code)
					}
				}
			}
		})
	}
}

// A scenario says what is false at its end, and nothing else.
func TestFalseScenario(t *testing.T) {
	t.Parallel()
	const batch = "title: {id: x, en: x}\nbatch: {cards: 1, denied: [1]}\n"
	for _, v := range []struct {
		name, then string
		says       []string
	}{
		{"another number", "{made: 2, spoiled: {registry.blank_denied: 1}}", []string{"made: 1, should be 2"}},
		{"another cause", "{made: 1, spoiled: {printer.jam: 1}}", []string{"spoiled: map[registry.blank_denied:1], should be map[printer.jam:1]"}},
		{"nothing said", "{made: 1}", []string{"spoiled: map[registry.blank_denied:1], should be map[]"}},
		{"waited for nothing", "{made: 1, spoiled: {registry.blank_denied: 1}, waits: [printer.jam], mended: [jam], places: {reject/line-1: 2}}", []string{
			"waits: no line waited for printer.jam", "mended: nobody saw to jam", "places: 0 at reject/line-1, should be 2",
		}},
		{"what never came", "{made: 1, spoiled: {registry.blank_denied: 1}}\nfaults: [{line: line-1, card: 9, kind: no_chip}]\nevents: [{line: line-1, card: 9, step: feed, do: stop}]", []string{
			"events[1]: the moment never came", "faults: 1 did not strike",
		}},
		{"a deed at the reader that was never asked for", "{made: 1}\ndevices: {printer: Enduro}\nevents: [{line: line-1, card: 2, step: eject, do: drop}]", []string{
			"spoiled: ", "events: no card was asked back to the reader of line-1",
		}},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			s, err := parseScenario("x.yaml", []byte(batch+"then: "+v.then+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			o, err := s.Run(t.Context(), zap.NewNop())
			if err != nil {
				t.Fatal(err)
			}
			matches := func(i int) bool { return strings.HasPrefix(o.False[i], v.says[i]) }
			if o.Held() || len(o.False) != len(v.says) || !matches(0) || !matches(len(v.says)-1) {
				t.Errorf("%q, want %q", o.False, v.says)
			}
		})
	}
}

// A line that waits for what no person can mend ends the scenario, with its reason.
func TestScenarioInVain(t *testing.T) {
	t.Parallel()
	s, err := parseScenario("x.yaml", []byte("title: {id: x, en: x}\nbatch: {cards: 1}\nfaults: [{line: line-1, card: 1, kind: no_tag, step: feed}]\nthen: {made: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run(t.Context(), zap.NewNop())
	if err != nil || o.Held() || !strings.HasPrefix(o.Problem, "line-1 waits in vain: ") {
		t.Errorf("%q %q %v, %v", o.Problem, o.False, o.Story, err)
	}
}

// Every mistake of a scenario file is named with its place, all of them at once.
func TestScenarioMistakes(t *testing.T) {
	t.Parallel()
	const good = "title: {id: x, en: y}\nbatch: {cards: 2}\nthen: {made: 2}\n"
	for _, v := range []struct {
		name, text string
		says       []string
	}{
		{"nothing", "", []string{"x.yaml: one scenario is wanted"}},
		{"no YAML", "title: [", []string{"x.yaml: "}},
		{"large", good + strings.Repeat("# nothing\n", maxScene/10), []string{"x.yaml: more than 65536 bytes"}},
		{"keys that a terminal obeys", good + "\"\\e[2J\": 1\n", []string{"x.yaml:4:1: \ufffd[2J: a key of signs"}},
		{"places that a terminal obeys", strings.Replace(good, "{made: 2}", "{made: 2, places: {\"\\e[2J\": 1}}", 1), []string{"then.places.\ufffd[2J: a key of signs"}},
		{"lists in lists", good + "lessons:\n" + strings.Repeat("- ", 1000) + "FL-1\n", []string{"x.yaml: more than 64 brackets"}},
		{"two", good + "---\n" + good, []string{"x.yaml: one scenario is wanted"}},
		{"a list", "[1]", []string{"x.yaml:1:1: keys and values are wanted"}},
		{"unknown keys", "colour: red\n" + good + "speed: 2\n", []string{"x.yaml:1:1: colour: no such key", "x.yaml:5:1: speed: no such key"}},
		{"key twice", good + "seed: 1\nseed: 2\n", []string{"seed"}},
		{"words for numbers", "title: {id: x, en: y}\nbatch: {cards: two}\nseed: 1.5\nthen: {made: many}\n", []string{
			"x.yaml:2:16: batch.cards: a whole number", "x.yaml:3:7: seed: a whole number", "x.yaml:4:14: then.made: a whole number",
		}},
		{"nothing expected", "title: {id: x, en: y}\nbatch: {cards: 2}\n", []string{"x.yaml: then: what must be true"}},
		{"one language", "title: {id: x}\nbatch: {cards: 2}\nthen: {made: 2}\n", []string{"x.yaml:1:8: title: a sentence under id and one under en"}},
		{"batch", "title: {id: x, en: y}\nbatch:\n  cards: 500\n  chip: 16k\n  broken: [bad, expired]\n  denied: [0]\n  impostors: -1\nthen: {made: 2}\n", []string{
			"x.yaml:3:10: batch.cards: 1 to 200", "x.yaml:4:9: batch.chip: 32k or 8k", `x.yaml:5:12: batch.broken[1]: "bad" is no kind`, "x.yaml:6:12: batch.denied[1]", "x.yaml:7:14: batch.impostors",
		}},
		{"devices", good + "devices:\n  lines: 9\n  printer: Inkjet\n", []string{"x.yaml:5:10: devices.lines: 1 to 8", "x.yaml:6:12: devices.printer: Primacy 2, XID8600, XID580i, Enduro"}},
		{"faults", good + "faults:\n  - {line: line-1, card: 1, kind: jam}\n  - {line: line-2, card: 1, kind: jam}\n  - {line: line-1, kind: meteorite}\n  - {line: line-1, kind: late_reply, delay: soon}\n", []string{
			"x.yaml:8:45: faults[4].delay: a time with its unit",
		}},
		{"faults that can be read", good + "faults:\n  - {line: line-1, card: 1, kind: jam}\n  - {line: line-2, card: 1, kind: jam}\n  - {line: line-1, kind: meteorite}\n", []string{
			`faults[2]: no jam on "line-2"`, `faults[3]: unknown kind "meteorite"`,
		}},
		{"events", good + "events:\n  - {line: desk, card: 0, step: lunch, do: dance}\n", []string{
			"x.yaml:5:12: events[1].line: line-1", "x.yaml:5:24: events[1].card: a number from 1", "x.yaml:5:33: events[1].step: feed, claim", "x.yaml:5:44: events[1].do: stop, withdraw",
		}},
		{"lines without a camera", good + "devices: {lines: 2, eye: [line-2, line-3, line-2]}\nevents:\n  - {line: line-1, card: 1, step: accept, do: refuse, cause: blurred}\n  - {line: line-2, card: 1, step: eject, do: refuse, cause: ugly}\n  - {line: line-2, card: 1, step: feed, do: stop, cause: blurred}\n", []string{
			"x.yaml:4:35: devices.eye[2]: line-1 to line-2", "x.yaml:4:43: devices.eye[3]: stands twice", "events[1].do: line-1 has a camera",
			"events[2].step: accept is wanted", "events[2].cause: blurred, ribbon", "events[3].cause: it belongs to refuse",
		}},
		{"desktop lines", good + "devices: {printer: Enduro, eye: [line-1]}\nfaults:\n  - {line: desk-2, card: 1, kind: no_chip}\nevents:\n  - {line: line-1, card: 1, step: print, do: pull}\n", []string{
			"devices.eye: at a desktop line", `faults[1]: no no_chip on "desk-2"`, "events[1].do: pull is of printers that hold the card",
		}},
		{"deeds of a desk", good + "events:\n  - {line: line-1, card: 1, step: print, do: swap}\n", []string{"events[1].do: pull is of printers that hold the card, drop and swap of Enduro"}},
		{"center", good + "center: {fail_every: 1, delay: 2h}\n", []string{"center: every call would fail", "center.delay: 0s to 1m0s"}},
		{"codes", "title: {id: x, en: y}\nbatch: {cards: 2}\nlessons: [24]\nthen:\n  made: 2\n  spoiled: {printer.jammed: 1, printer.jam: 0}\n  refused: {bad: 1}\n  waits: [soon]\n  mended: [soon]\n  places: {store: -1}\n", []string{
			"x.yaml:3:11: lessons[1]: FL- and a number", "then.spoiled.printer.jammed: no such code", "then.spoiled.printer.jam: a number from 1", "then.refused.bad: no such code",
			"x.yaml:8:11: then.waits[1]: no such code", "x.yaml:9:12: then.mended[1]: bezel", "then.places.store: a number below zero",
		}},
		{"alias", "title: &t {id: x, en: y}\nbatch: {cards: 2}\nthen: {made: 2}\n", []string{"anchors"}},
		{"endless number", "title: {id: x, en: y}\nbatch: {cards: 99999999999999999999}\nthen: {made: 2}\n", []string{"batch.cards"}},
	} {
		_, err := parseScenario("x.yaml", []byte(v.text))
		if err == nil {
			t.Errorf("%s: accepted", v.name)
			continue
		}
		told := strings.Split(err.Error(), "\n")
		for i, s := range v.says {
			if len(told) != len(v.says) || !strings.Contains(told[i], s) {
				t.Errorf("%s:\n%s\nwant %q", v.name, err, v.says)
				break
			}
		}
	}
	if _, err := parseScenario("x.yaml", []byte(good)); err != nil {
		t.Error(err)
	}
	unknown := good
	for i := range 3 * mostMistakes {
		unknown += fmt.Sprintf("k%d: 1\n", i)
	}
	_, err := parseScenario("x.yaml", []byte(unknown))
	told := strings.Split(fmt.Sprint(err), "\n")
	if last := told[len(told)-1]; len(told) != mostMistakes+1 || last != "x.yaml: and 100 more" {
		t.Errorf("%d lines, the last is %q", len(told), last)
	}
}

// Every fault of a printer, a connection and a chip that a person of the print room may meet is in a
// scenario, and every thing that may happen beside the lines.
func TestScenariosCoverTheFaults(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, name := range Scenarios() {
		s, err := ShippedScenario(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Faults {
			have[f.Kind] = true
		}
		for _, e := range s.Events {
			have[e.Do] = true
		}
	}
	want := slices.Concat(Deeds, []string{
		"jam", "double_feed", "cover_open", "hopper_lifted", "ribbon_torn", "film_torn", "ribbon_gone", "ribbon_wrong", "output_full", "reject_full", "cleaning_due",
		"card_lost", "path_stuck", "counter_stuck", "power_cut", "cable_out", "cooling", "panel_lost",
		"lost_reply", "split_reply", "stray_ok", "link_lost", "settings_lost", "stall", "wrong_tag",
		"field_loss", "nvm_error", "corrupt", "mute", "die", "wrong_transport_key", "already_active", "foreign_attempt", "foreign_card", "no_chip",
	})
	for _, k := range want {
		if !have[k] {
			t.Errorf("no scenario has %s", k)
		}
	}
}

// A report is the same in every form: what was played, and what is false.
func TestScenarioReports(t *testing.T) {
	t.Parallel()
	all := []Outcome{
		{Name: "good", Title: Title{"Baik", "Good"}, Story: []Scene{{Line: "line-1", Card: 1, What: "eject done"}}, Seconds: 1.5},
		{Name: "bad", Title: Title{"Salah", "Bad <b>"}, False: []string{"made: 1, should be 2"}},
		{Name: "ill", Title: Title{"Gagal", "Ill"}, Problem: "line-1 waits in vain"},
	}
	text := map[string]string{}
	for ending := range ReportFormats {
		var b bytes.Buffer
		if err := Report(&b, "x"+ending, all); err != nil {
			t.Fatal(err)
		}
		text[ending] = b.String()
		for _, word := range []string{"good", "bad", "ill", "made: 1, should be 2", "line-1 waits in vain"} {
			if !strings.Contains(b.String(), word) {
				t.Errorf("%s does not say %q:\n%s", ending, word, b.String())
			}
		}
	}
	if strings.Contains(text[".html"], "Bad <b>") || !strings.Contains(text[".html"], "2 of 3 scenarios do not end as they should.") {
		t.Error(text[".html"])
	}
	var suite struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
	}
	if err := xml.Unmarshal([]byte(text[".xml"]), &suite); err != nil || suite.Tests != 3 || suite.Failures != 1 || suite.Errors != 1 {
		t.Errorf("%+v, %v", suite, err)
	}
	var told struct{ Scenarios, False int }
	if err := json.Unmarshal([]byte(text[".json"]), &told); err != nil || told.Scenarios != 3 || told.False != 2 {
		t.Errorf("%+v, %v", told, err)
	}
	if err := Report(&bytes.Buffer{}, "x.pdf", all); err == nil {
		t.Error("a report in an unknown form")
	}
}

// The page on scenarios knows every key, its example can be read, and it lists what comes with the product.
func TestScenarioPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "scenarios.md"))
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(page)
	if example == nil {
		t.Fatal("the page has no example")
	}
	if _, err := parseScenario("example.yaml", example[1]); err != nil {
		t.Error(err)
	}
	for _, key := range slices.Concat(scenarioKeys(), Deeds) {
		if !bytes.Contains(page, []byte("`"+key+"`")) {
			t.Errorf("the page does not name %s", key)
		}
	}
}

// scenarioKeys are the keys of a scenario file, without those of a fault, which have a page of their own.
func scenarioKeys() (keys []string) {
	for _, t := range []reflect.Type{
		reflect.TypeFor[Scenario](), reflect.TypeFor[Batch](), reflect.TypeFor[Devices](), reflect.TypeFor[CenterBehavior](), reflect.TypeFor[SceneEvent](), reflect.TypeFor[Then](),
	} {
		keys = append(keys, sortedKeys(keysOf(t))...)
	}
	return keys
}
