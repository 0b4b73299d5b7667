package gallery

import (
	"bytes"
	"cmp"
	"slices"

	"blanko/biometric/finger"
	"blanko/ktp"
)

// closer is how many of the likeliest of a finger are compared exactly at least, and one in how many of
// the gallery besides.
const (
	closer      = 128
	closerShare = 50
)

// Gallery holds the fingers of many people. It grows as they are put in; nothing is done again for those
// that are there. The zero value is empty. Not for concurrent use.
type Gallery struct {
	entries []entry
	at      map[Key]int
	matcher finger.Matcher
}

// Key names one finger of one person.
type Key struct {
	Owner  string
	Finger ktp.Finger
}

type entry struct {
	key    Key
	record []byte
	sketch *finger.Sketch
}

// Len is how many fingers are in.
func (g *Gallery) Len() int { return len(g.entries) }

// Put puts a record in, or in the place of another of the same key, and returns its number. The first
// view of the record with the finger of the key counts; a record that cannot be read, or has none, is
// an error as of finger.Parse and changes nothing.
func (g *Gallery) Put(k Key, record []byte) (int, error) {
	n, there := g.at[k]
	if there && bytes.Equal(g.entries[n].record, record) {
		return n, nil
	}
	im, err := impression(record, k.Finger)
	if err != nil {
		return 0, err
	}
	e := entry{k, bytes.Clone(record), im.Sketch()}
	if there {
		g.entries[n] = e
		return n, nil
	}
	if g.at == nil {
		g.at = map[Key]int{}
	}
	g.entries = append(g.entries, e)
	g.at[k] = len(g.entries) - 1
	return len(g.entries) - 1, nil
}

func impression(record []byte, f ktp.Finger) (*finger.Impression, error) {
	t, err := finger.Parse(record)
	if err != nil {
		return nil, err
	}
	for _, v := range t.Views {
		if v.Position == f {
			return finger.Prepare(t, v), nil
		}
	}
	return nil, finger.WrongFinger.At("gallery.Put", nil).With("record", "no view of finger %d", f)
}

// Candidate is an owner whose best finger reaches the threshold.
type Candidate struct {
	Owner string
	Score int // of finger.Match
}

// Search compares the fingers of a probe with those of the numbers given, all of them when among is nil:
// the likeliest by a first look are compared exactly, small galleries whole. The best come first.
func (g *Gallery) Search(probe map[ktp.Finger]*finger.Impression, among []int) ([]Candidate, error) {
	if among == nil {
		among = g.all()
	}
	best := map[string]int{}
	for f, p := range probe {
		for _, n := range g.likeliest(p.Sketch(), f, among) {
			e := &g.entries[n]
			im, err := impression(e.record, f)
			if err != nil {
				return nil, err
			}
			if s := g.matcher.Score(p, im); s >= finger.Threshold() {
				best[e.key.Owner] = max(best[e.key.Owner], s)
			}
		}
	}
	var list []Candidate
	for owner, score := range best {
		list = append(list, Candidate{owner, score})
	}
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Owner, b.Owner))
	})
	return list, nil
}

func (g *Gallery) all() []int {
	all := make([]int, len(g.entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// likeliest are the numbers of the entries of finger f that are compared exactly.
func (g *Gallery) likeliest(p *finger.Sketch, f ktp.Finger, among []int) []int {
	type looked struct{ n, likeness int }
	var list []looked
	for _, n := range among {
		if e := &g.entries[n]; e.key.Finger == f {
			list = append(list, looked{n, finger.Likeness(p, e.sketch)})
		}
	}
	slices.SortStableFunc(list, func(a, b looked) int { return cmp.Compare(b.likeness, a.likeness) })
	list = list[:min(len(list), closer+len(list)/closerShare)]
	out := make([]int, len(list))
	for i, l := range list {
		out[i] = l.n
	}
	return out
}
