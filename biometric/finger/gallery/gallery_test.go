package gallery

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"blanko/biometric/finger"
	"blanko/emulator/people"
	"blanko/fault"
	"blanko/ktp"
)

// probe is another impression of a resident's finger.
type probe struct {
	record *finger.Template
	view   finger.View
}

func (p probe) prepared() *finger.Impression { return finger.Prepare(p.record, p.view) }

// enrolled fills a gallery with residents, and keeps the second impressions of those who have one.
func enrolled(t testing.TB, seed int64, residents int) (*Gallery, map[string]map[ktp.Finger]probe) {
	t.Helper()
	people, err := people.New(seed, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	g, probes := &Gallery{}, map[string]map[ktp.Finger]probe{}
	for i := range residents {
		slots, _, err := people.Fingers(i)
		if err != nil {
			t.Fatal(err)
		}
		owner := strconv.Itoa(i)
		for _, s := range slots {
			if s.Empty() {
				continue
			}
			if _, err := g.Put(Key{owner, s.Finger}, s.Best60); err != nil {
				t.Fatal(err)
			}
			if s.Second != nil {
				record, err := finger.Parse(s.Second)
				if err != nil {
					t.Fatal(err)
				}
				if probes[owner] == nil {
					probes[owner] = map[ktp.Finger]probe{}
				}
				probes[owner][s.Finger] = probe{record, record.Views[0]}
			}
		}
	}
	return g, probes
}

// Everybody is found by one finger alone among more people than are compared exactly, and comes first; also when
// a part of the finger did not lie on the sensor.
func TestEverybodyIsFound(t *testing.T) {
	t.Parallel()
	g, probes := enrolled(t, 17, 400)
	for _, keep := range []float64{1, 0.7} {
		r := rand.New(rand.NewPCG(17, 0))
		searched := 0
		for _, owner := range slices.Sorted(maps.Keys(probes)) {
			if searched++; searched > 12 {
				break
			}
			f := slices.Min(slices.Collect(maps.Keys(probes[owner])))
			p := probes[owner][f]
			if keep < 1 {
				p = worn(p, keep, r)
			}
			list, err := g.Search(map[ktp.Finger]*finger.Impression{f: p.prepared()}, nil)
			if err != nil || len(list) == 0 || list[0].Owner != owner {
				t.Errorf("%s, %.0f %% of the finger: %v, %v", owner, keep*100, list, err)
			}
		}
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	g, probes := enrolled(t, 17, 6)
	n := g.Len()
	var owner string
	for o := range probes {
		owner = o
	}
	var key Key
	for k := range g.at {
		if k.Owner == owner {
			key = k
		}
	}
	record := g.entries[g.at[key]].record
	sketch := g.entries[g.at[key]].sketch
	if at, err := g.Put(key, record); err != nil || at != g.at[key] || g.Len() != n || g.entries[at].sketch != sketch {
		t.Errorf("what is there is made again: %d, %v", at, err)
	}
	if _, err := g.Put(Key{"x", key.Finger}, record[:20]); err == nil || g.Len() != n {
		t.Error("a cut record was taken")
	}
	if _, err := g.Put(Key{"x", ktp.LeftLittle}, record); !fault.Is(err, finger.WrongFinger) || g.Len() != n {
		t.Errorf("another finger: %v", err)
	}
	// Those that are not asked for are not found.
	var others []int
	for i, e := range g.entries {
		if e.key.Owner != owner {
			others = append(others, i)
		}
	}
	all := map[ktp.Finger]*finger.Impression{}
	for f, p := range probes[owner] {
		all[f] = p.prepared()
	}
	list, err := g.Search(all, others)
	if err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
