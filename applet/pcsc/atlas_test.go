package pcsc

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"blanko/fault"
)

func named(names ...string) []Reader {
	var list []Reader
	for _, n := range names {
		list = append(list, readerOf(n))
	}
	return list
}

func TestFind(t *testing.T) {
	t.Parallel()
	one := 1
	line1, line2 := Binding{Line: "1", Name: "R"}, Binding{Line: "2", Name: "R"}
	for _, c := range []struct {
		name     string
		bindings []Binding // the first one is looked for
		readers  []Reader
		want     string // a reader, or a fault code
	}{
		{"alone", []Binding{line1}, named("R 00 00"), "R 00 00"},
		{"another model beside", []Binding{line1}, named("Q 00 00", "R 01 00"), "R 01 00"},
		{"none", []Binding{line1}, named("Q 00 00"), "pcsc.no_reader"},
		{"two alike", []Binding{line1}, named("R 00 00", "R 01 00"), "pcsc.reader_ambiguous"},
		{"two lines, one reader", []Binding{line1, line2}, named("R 00 00"), "pcsc.reader_ambiguous"},
		{"by serial", []Binding{{Line: "1", Name: "R", Serial: "B"}}, named("R (A) 00 00", "R (B) 01 00"), "R (B) 01 00"},
		{"by serial in the other order", []Binding{{Line: "1", Serial: "B"}}, named("R (B) 00 00", "R (A) 01 00"), "R (B) 00 00"},
		{"a serial without a reader", []Binding{{Line: "1", Name: "R", Serial: "B"}}, named("R (A) 00 00", "R 01 00"), "pcsc.no_reader"},
		{"one serial in two readers", []Binding{{Line: "1", Serial: "0"}}, named("R (0) 00 00", "R (0) 01 00"), "pcsc.reader_ambiguous"},
		{"two lines of one serial", []Binding{{Line: "1", Serial: "0"}, {Line: "2", Serial: "0"}}, named("R (0) 00 00"), "pcsc.reader_ambiguous"},
		{"slots", []Binding{{Line: "1", Serial: "A"}}, named("R (A) 00 00", "R (A) 00 01"), "pcsc.reader_ambiguous"},
		{"one slot", []Binding{{Line: "1", Serial: "A", Slot: &one}}, named("R (A) 00 00", "R (A) 00 01"), "R (A) 00 01"},
		{"the other is another line's by serial", []Binding{line1, {Line: "2", Serial: "A"}}, named("R (A) 00 00", "R (B) 01 00"), "R (B) 01 00"},
		{"what is left is another line's by serial", []Binding{line1, {Line: "2", Serial: "A"}}, named("R (A) 00 00"), "pcsc.no_reader"},
		{"by serial beside a line without one", []Binding{{Line: "2", Serial: "A"}, line1}, named("R (A) 00 00", "R (B) 01 00"), "R (A) 00 00"},
	} {
		for range 2 { // in both orders of the list
			r, err := newAtlas(c.bindings).find(c.bindings[0], c.readers)
			got := r.Name
			if err != nil {
				got = string(fault.CodeOf(err))
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s (%v)", c.name, got, c.want, err)
			}
			slices.Reverse(c.readers)
		}
	}
}

func TestShownIsLost(t *testing.T) {
	t.Parallel()
	b := Binding{Line: "1", Name: "R"}
	start := named("R 00 00", "R 01 00")
	start[0].moves = 3
	moved := slices.Clone(start)
	moved[0].moves = 5
	back := slices.Clone(start)
	back[0].moves = 1
	for _, c := range []struct {
		name string
		see  [][]Reader // nil: the service ends
		kept bool
	}{
		{"nothing happens", nil, true},
		{"cards come and go", [][]Reader{moved}, true},
		{"the other goes", [][]Reader{start[:1]}, true},
		{"it goes", [][]Reader{start[1:]}, false},
		{"it goes and comes", [][]Reader{start[1:], start}, false},
		{"it was replugged between two looks", [][]Reader{back}, false},
		{"the service ends", [][]Reader{nil, start}, false},
	} {
		a := newAtlas([]Binding{b})
		a.see(start)
		a.show("1", start[0])
		now := start
		for _, readers := range c.see {
			if readers == nil {
				a.lose()
				continue
			}
			now = readers
			a.see(readers)
		}
		r, err := a.find(b, now)
		if c.kept != (err == nil && r.Name == "R 00 00") || !c.kept && !fault.Is(err, ReaderAmbiguous) {
			t.Errorf("%s: %v, %v", c.name, r.Name, err)
		}
	}
}

// unit is a physical reader, and the line that it belongs to.
type unit struct {
	model, serial, line string
	moves               int
}

// Whatever is plugged in, in whatever order, and however often: a line never gets a reader that is
// another's, as long as persons show readers truly.
func TestNeverTheWrongReader(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var units []*unit
		var bindings []Binding
		for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
			u := &unit{model: rapid.SampledFrom([]string{"R", "Q"}).Draw(t, "model"), line: fmt.Sprint(i)}
			b := Binding{Line: u.line, Name: u.model}
			if rapid.Bool().Draw(t, "serial") {
				u.serial = fmt.Sprint("S", i)
				if rapid.Bool().Draw(t, "bound by it") {
					b.Serial = u.serial
				}
			}
			units, bindings = append(units, u), append(bindings, b)
		}
		a := newAtlas(bindings)
		plugged := map[*unit]int{} // the number in its name
		readers := func() []Reader {
			var list []Reader
			for _, u := range units {
				if n, ok := plugged[u]; ok {
					name := u.model
					if u.serial != "" {
						name += " (" + u.serial + ")"
					}
					r := readerOf(fmt.Sprintf("%s %02X 00", name, n))
					r.moves = u.moves
					list = append(list, r)
				}
			}
			return list
		}
		free := func() int {
			for n := 0; ; n++ {
				taken := false
				for _, m := range plugged {
					taken = taken || m == n
				}
				if !taken {
					return n
				}
			}
		}
		for _, u := range units { // a place where nothing was ever plugged in alone is the one that the words fit
			plugged[u] = free()
		}
		a.see(readers())
		draw := func(t *rapid.T) *unit { return rapid.SampledFrom(units).Draw(t, "unit") }
		t.Repeat(map[string]func(*rapid.T){
			"unplug": func(t *rapid.T) { delete(plugged, draw(t)); a.see(readers()) },
			"plug": func(t *rapid.T) {
				u := draw(t)
				if _, in := plugged[u]; !in {
					plugged[u], u.moves = free(), 0
				}
				a.see(readers())
			},
			"card": func(t *rapid.T) { draw(t).moves++; a.see(readers()) },
			"service restarts": func(t *rapid.T) {
				a.lose()
				order := rapid.Permutation(slices.Clone(units)).Draw(t, "order")
				was := plugged
				plugged = map[*unit]int{}
				for _, u := range order {
					if _, in := was[u]; in {
						plugged[u], u.moves = free(), 0
					}
				}
				a.see(readers())
			},
			"show": func(t *rapid.T) {
				u := draw(t)
				if _, in := plugged[u]; !in {
					t.Skip("it is not there")
				}
				u.moves++
				a.see(readers())
				for _, r := range readers() {
					if r.Name == nameIn(readers(), u, plugged) {
						a.show(u.line, r)
					}
				}
			},
			"": func(t *rapid.T) {
				list := readers()
				for i, u := range units {
					r, err := a.find(bindings[i], list)
					if err == nil && r.Name != nameIn(list, u, plugged) {
						t.Fatalf("line %s gets %q; its reader is %q", u.line, r.Name, nameIn(list, u, plugged))
					}
				}
			},
		})
	})
}

// nameIn is what the service calls a unit now.
func nameIn(list []Reader, u *unit, plugged map[*unit]int) string {
	n, in := plugged[u]
	for _, r := range list {
		if in && r.Model == u.model && r.Serial == u.serial && r.Name[len(r.Name)-5:] == fmt.Sprintf("%02X 00", n) {
			return r.Name
		}
	}
	return ""
}
