package magicard

import (
	"strings"
	"testing"

	"blanko/fault"
	"blanko/printer"
)

func TestModelFiles(t *testing.T) {
	t.Parallel()
	all, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, m := range all {
		if ids[m.ID] {
			t.Errorf("two files for %s", m.ID)
		}
		ids[m.ID] = true
		if len(m.Errors) > 0 {
			t.Errorf("%s has error numbers that no public source tells", m.ID)
		}
	}
	for _, id := range []string{"enduro", "pronto", "riopro", "other-kge2", "tango2e", "rio2e", "other-kee"} {
		if !ids[id] {
			t.Errorf("no file for %s", id)
		}
	}
}

// The longest match of the format counts, whatever the spelling.
func TestChoose(t *testing.T) {
	t.Parallel()
	all, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		format     Format
		told, want string
	}{
		{KGE2, "Enduro", "enduro"},
		{KGE2, "Magicard ENDURO+", "enduro"},
		{KGE2, "Pronto", "pronto"},
		{KGE2, "Rio Pro", "riopro"},
		{KGE2, "RioPro Xtended", "riopro"},
		{KGE2, "Tango 2e", "other-kge2"},
		{KGE2, "", "other-kge2"},
		{KEE, "Magicard Tango 2e", "tango2e"},
		{KEE, "Rio 2e", "rio2e"},
		{KEE, "Rio Pro", "other-kee"},
		{KEE, "Avalon", "other-kee"},
	} {
		if got := choose(all, v.format, v.told); got == nil || got.ID != v.want {
			t.Errorf("%s %q: %+v, want %s", v.format, v.told, got, v.want)
		}
	}
}

func TestNameOf(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"MFG:Magicard;MDL:Tango 2e;CLS:PRINTER;": "Tango 2e",
		"MANUFACTURER:Ultra;MODEL: Rio 2e ;":     "Rio 2e",
		"mdl:Enduro":                             "Enduro",
		"Magicard Tango":                         "Magicard Tango",
		"":                                       "",
	} {
		if got := nameOf(id); got != want {
			t.Errorf("%q: %q", id, got)
		}
	}
}

func TestParseModelRefuses(t *testing.T) {
	t.Parallel()
	const good = "id: x\nname: X\nmatch: [X]\nformat: kge2\nwords: [COEH, KGE2]\novercoat: [0, 0, 1015, 641]\n"
	const row = "errors: [{major: 3, minor: 1, class: jam, display: CARD JAM}]\n"
	if m, err := ParseModel([]byte(good + row)); err != nil {
		t.Fatal(err)
	} else if class, display := m.class(3, 1); class != printer.ClassJam || display != "CARD JAM" {
		t.Errorf("%s %q", class, display)
	}
	for name, text := range map[string]string{
		"unknown key":     good + "speed: 1\n",
		"no YAML":         "\x00",
		"a list of a tag": strings.Replace(good, "words: [COEH, KGE2]", "words: !x", 1),
		"empty":           "",
		"no id":           strings.Replace(good, "id: x", "id: ''", 1),
		"format":          strings.Replace(good, "kge2", "kge", 1),
		"no head":         strings.Replace(good, ", KGE2", "", 1),
		"head of another": strings.Replace(good, "KGE2", "KEE", 1),
		"comma in a word": strings.Replace(good, "COEH", "'COEH,NOC9'", 1),
		"empty word":      strings.Replace(good, "COEH", "''", 1),
		"long word":       strings.Replace(good, "COEH", strings.Repeat("A", 17), 1),
		"small overcoat":  strings.Replace(good, "1015", "999", 1),
		"high overcoat":   strings.Replace(good, "641", "642", 1),
		"wide overcoat":   strings.Replace(good, "1015", "1026", 1),
		"shift":           good + "head_shift: 31\n",
		"hopper":          good + "hopper: -1\n",
		"prompt":          good + "cleaning_prompt: true\n",
		"class":           good + strings.Replace(row, "jam", "jammed", 1),
		"no class":        good + strings.Replace(row, "class: jam, ", "", 1),
		"no display":      good + strings.Replace(row, ", display: CARD JAM", "", 1),
		"number 0/0":      good + strings.Replace(row, "major: 3, minor: 1", "major: 0, minor: 0", 1),
		"a number twice":  good + strings.Replace(row, "}]", "}, {major: 3, minor: 1, class: jam, display: X}]", 1),
		"numbers of KEE":  strings.Replace(strings.Replace(good, "KGE2", "KEE", 1), "kge2", "kee", 1) + row,
	} {
		if m, err := ParseModel([]byte(text)); !fault.Is(err, modelDataWrong) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}
