package evolis

import (
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
	ids := map[string]bool{}
	for _, m := range all {
		if ids[m.ID] {
			t.Errorf("two files for %s", m.ID)
		}
		ids[m.ID] = true
	}
	for _, id := range []string{"primacy2", "primacy", "zenius", "kc200", "dualys", "pebble", "other"} {
		if !ids[id] {
			t.Errorf("no file for %s", id)
		}
	}
}

// The longest match counts, whatever the spelling.
func TestChoose(t *testing.T) {
	t.Parallel()
	all, err := Models()
	if err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string]string{
		"Primacy 2": "primacy2", "Evolis Primacy 2": "primacy2", "PRIMACY2": "primacy2", "evolis primacy-2 duplex": "primacy2",
		"Primacy": "primacy", "Primacy Duplex": "primacy", "Zenius Expert": "zenius",
		"KC200": "kc200", "KC200B": "kc200", "Z390": "kc200", "Dualys 3": "dualys", "Pebble4": "pebble",
		"Quantum": "other", "": "other",
	} {
		if got := choose(all, answer); got == nil || got.ID != want {
			t.Errorf("%q: %+v, want %s", answer, got, want)
		}
	}
}

func TestParseModelRefuses(t *testing.T) {
	t.Parallel()
	const good = "id: x\nname: X\nmatch: [X]\ntechnology: direct\nlevels: [128]\nsetup: [{send: Pem;2}]\n"
	if _, err := ParseModel([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"unknown key":       good + "speed: 1\n",
		"unknown setup key": strings.Replace(good, "send: Pem;2", "send: Pem;2, tries: 2", 1),
		"no YAML":           "\x00",
		"empty":             "",
		"no id":             strings.Replace(good, "id: x", "id: ''", 1),
		"retransfer":        strings.Replace(good, "direct", "retransfer", 1),
		"256 levels":        strings.Replace(good, "128", "256", 1),
		"no levels":         strings.Replace(good, "[128]", "[]", 1),
		"no error mode":     strings.Replace(good, "Pem;2", "Pps;0", 1),
		"movement in setup": strings.Replace(good, "{send: Pem;2}", "{send: Pem;2}, {send: Ser}", 1),
		"end in setup":      strings.Replace(good, "send: Pem;2", `send: "Pem;2\rSer"`, 1),
		"when":              strings.Replace(good, "send: Pem;2", "send: Pem;2, when: never", 1),
		"hopper":            good + "fitted: {hopper: -1}\n",
	} {
		if m, err := ParseModel([]byte(text)); !fault.Is(err, modelDataWrong) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}
