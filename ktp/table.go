package ktp

import (
	"fmt"
	"strings"
)

// Row is one transition of a state table. Guard and Needs are names, not code:
// who executes the row checks them, and a reader finds them there.
type Row[S, E ~string] struct {
	From  S
	Event E
	To    S
	Guard string // condition that must hold, in words; empty: none
	Needs string // durable evidence or second person needed, in words; empty: none
}

// Table is a state machine as data. Rows with the same From and Event differ in Guard.
type Table[S, E ~string] struct {
	Name  string
	Start S
	Final []S
	Rows  []Row[S, E]
}

// Refused is the answer to an event that the table does not list for the state.
type Refused struct{ Table, State, Event string }

func (r *Refused) Error() string {
	return fmt.Sprintf("%s: no %s in state %q", r.Table, r.Event, r.State)
}

// Next is the state after event in state from, or *Refused. Where several guarded rows
// match, the first is taken: the caller that needs another uses Rows.
func (t Table[S, E]) Next(from S, event E) (S, error) {
	for _, r := range t.Rows {
		if r.From == from && r.Event == event {
			return r.To, nil
		}
	}
	return from, &Refused{t.Name, string(from), string(event)}
}

// States lists every state in order of first mention.
func (t Table[S, E]) States() []S {
	var out []S
	seen := map[S]bool{}
	add := func(s S) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	add(t.Start)
	for _, r := range t.Rows {
		add(r.From)
		add(r.To)
	}
	return out
}

// Events lists every event in order of first mention.
func (t Table[S, E]) Events() []E {
	var out []E
	seen := map[E]bool{}
	for _, r := range t.Rows {
		if !seen[r.Event] {
			seen[r.Event] = true
			out = append(out, r.Event)
		}
	}
	return out
}

// IsFinal reports whether nothing follows s.
func (t Table[S, E]) IsFinal(s S) bool {
	for _, f := range t.Final {
		if f == s {
			return true
		}
	}
	return false
}

// Check proves the shape: every state is reachable, every non-final state has a way out,
// no final state has one.
func (t Table[S, E]) Check() error {
	reached := map[S]bool{t.Start: true}
	for range t.Rows {
		for _, r := range t.Rows {
			if reached[r.From] {
				reached[r.To] = true
			}
		}
	}
	out := map[S]bool{}
	for _, r := range t.Rows {
		out[r.From] = true
	}
	for _, s := range t.States() {
		switch {
		case !reached[s]:
			return fmt.Errorf("%s: %q is never reached", t.Name, s)
		case t.IsFinal(s) && out[s]:
			return fmt.Errorf("%s: final %q has a way out", t.Name, s)
		case !t.IsFinal(s) && !out[s]:
			return fmt.Errorf("%s: %q is a dead end", t.Name, s)
		}
	}
	return nil
}

// Mermaid draws the table for the documentation. Colon and semicolon have a meaning there, so
// labels show look-alikes.
func (t Table[S, E]) Mermaid() string {
	name := func(s S) string {
		return strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' {
				return '_'
			}
			return r
		}, string(s))
	}
	labels := strings.NewReplacer(":", "\u2236", ";", ",")
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", name(t.Start))
	for _, r := range t.Rows {
		label := string(r.Event)
		if r.Guard != "" {
			label += " [" + r.Guard + "]"
		}
		if r.Needs != "" {
			label += " / " + r.Needs
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", name(r.From), name(r.To), labels.Replace(label))
	}
	for _, s := range t.Final {
		fmt.Fprintf(&b, "    %s --> [*]\n", name(s))
	}
	return b.String()
}
