package ktp

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// door is a table with every kind of row: guarded twins, needs, a loop, words with blanks.
func door() Table[string, string] {
	return Table[string, string]{
		Name: "door", Start: "shut", Final: []string{"walled up"},
		Rows: []Row[string, string]{
			{From: "shut", Event: "push", To: "open", Guard: "unlocked"},
			{From: "shut", Event: "push", To: "shut", Guard: "locked: no key"},
			{From: "open", Event: "pull", To: "shut"},
			{From: "shut", Event: "brick; mortar", To: "walled up", Needs: "two persons"},
		},
	}
}

func TestTableNext(t *testing.T) {
	t.Parallel()
	d := door()
	if to, err := d.Next("shut", "push"); to != "open" || err != nil {
		t.Errorf("the first of two guarded rows is taken: %q, %v", to, err)
	}
	for _, s := range d.States() {
		for _, e := range d.Events() {
			listed := slices.ContainsFunc(d.Rows, func(r Row[string, string]) bool { return r.From == s && r.Event == e })
			to, err := d.Next(s, e)
			var refused *Refused
			if listed != (err == nil) || err != nil && (!errors.As(err, &refused) || to != s) {
				t.Errorf("%s in %s: %q, %v", e, s, to, err)
			}
		}
	}
	_, err := d.Next("open", "push")
	if err == nil || err.Error() != `door: no push in state "open"` {
		t.Errorf("refused as %v", err)
	}
}

// What no table may have, each alone.
func TestTableCheck(t *testing.T) {
	t.Parallel()
	if err := door().Check(); err != nil {
		t.Error(err)
	}
	for want, rows := range map[string][]Row[string, string]{
		"never reached": {{From: "torn out", Event: "hang", To: "shut"}},
		"way out":       {{From: "walled up", Event: "break", To: "open"}},
		"dead end":      {{From: "open", Event: "kick", To: "broken"}},
	} {
		d := door()
		d.Rows = append(d.Rows, rows...)
		if err := d.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestTableMermaid(t *testing.T) {
	t.Parallel()
	const want = "stateDiagram-v2\n" +
		"    [*] --> shut\n" +
		"    shut --> open: push [unlocked]\n" +
		"    shut --> shut: push [locked\u2236 no key]\n" +
		"    open --> shut: pull\n" +
		"    shut --> walled_up: brick, mortar / two persons\n" +
		"    walled_up --> [*]\n"
	if got := door().Mermaid(); got != want {
		t.Errorf("drawn as\n%s", got)
	}
}
