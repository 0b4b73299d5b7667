package printer

import (
	"slices"
	"testing"
)

// How cards come into a path: only the first of each row was asked for by a host that knew of an empty
// path.
func TestEntries(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name string
		do   func(t *testing.T, m *Machine)
		want []Entry // of the first cards of the hopper
	}{
		{"one after the other", func(t *testing.T, m *Machine) {
			must(t, m.Feed(t.Context()))
			must(t, m.Eject(t.Context(), ToOutput))
			must(t, m.Feed(t.Context()))
		}, []Entry{EntryFed, EntryFed}},
		{"two at once", func(t *testing.T, m *Machine) {
			m.Plan(Fault{Kind: KindDoubleFeed})
			_ = m.Feed(t.Context())
		}, []Entry{EntryFed, EntryDragged}},
		{"path sensor blind", func(t *testing.T, m *Machine) {
			must(t, m.Feed(t.Context()))
			m.StickPath(StationNone)
			_ = m.Go(t.Context(), StationContactless, FromHopper)
		}, []Entry{EntryFed, EntryCollided}},
		{"card pulled", func(t *testing.T, m *Machine) {
			must(t, m.Feed(t.Context()))
			m.OpenCover()
			_, err := m.PullCard()
			must(t, err)
			m.CloseCover()
			must(t, m.Go(t.Context(), StationContactless, FromHopper))
			must(t, m.Eject(t.Context(), ToOutput))
			must(t, m.Feed(t.Context()))
		}, []Entry{EntryFed, EntryAfterHand, EntryFed}},
		{"path sensor lies", func(t *testing.T, m *Machine) {
			m.StickPath(StationPrint)
			m.Sense() // as a host does
			m.FreeSensors()
			must(t, m.Go(t.Context(), StationContactless, FromHopper))
			must(t, m.Eject(t.Context(), ToOutput))
			must(t, m.Feed(t.Context()))
		}, []Entry{EntryAfterLie, EntryFed}},
		{"nothing to pull", func(t *testing.T, m *Machine) {
			m.ClearJam()
			must(t, m.Feed(t.Context()))
		}, []Entry{EntryFed}},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			m, cards, _ := machine(t, "Primacy 2", 4)
			v.do(t, m)
			var got []Entry
			for _, p := range cards {
				got = append(got, p.Entries()...)
			}
			if !slices.Equal(got, v.want) {
				t.Errorf("%q, want %q", got, v.want)
			}
		})
	}
}
