package gallery

import (
	"bytes"
	"cmp"
	"slices"

	"blanko/biometric/finger"
	"blanko/ktp"
)

// How many of a finger's likeliest are looked at once more, and how many of those are compared exactly: so many
// at least, and one in so many of the finger's besides.
const (
	again, againShare   = 256, 12
	exactly, exactShare = 32, 200
)

// Gallery holds the fingers of many people. It grows as they are put in; nothing is done again for those
// that are there. The zero value is empty. Not for concurrent use.
type Gallery struct {
	entries []entry
	at      map[Key]int
	matcher finger.Matcher
	room    finger.Impression // for the one that is compared
	looked  []look
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

// look is what a look says of an entry.
type look struct{ n, likeness int }

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
	if err := set(&g.room, record, k.Finger); err != nil {
		return 0, err
	}
	e := entry{k, bytes.Clone(record), g.room.Sketch()}
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

// set makes the view of finger f in a record ready.
func set(im *finger.Impression, record []byte, f ktp.Finger) error {
	t, err := finger.Parse(record)
	if err != nil {
		return err
	}
	for _, v := range t.Views {
		if v.Position == f {
			im.Set(t, v)
			return nil
		}
	}
	return finger.WrongFinger.At("gallery.Put", nil).With("record", "no view of finger %d", f)
}

// Candidate is an owner whose best finger reaches the threshold.
type Candidate struct {
	Owner string
	Score int // of finger.Match
}

// Search compares the fingers of a probe with those of the numbers given, all of them when among is nil:
// those most alike at a first and a second look are compared exactly, small galleries whole. The best come first.
func (g *Gallery) Search(probe map[ktp.Finger]*finger.Impression, among []int) ([]Candidate, error) {
	if among == nil {
		among = g.all()
	}
	found := map[string]int{}
	for f, p := range probe {
		for _, n := range g.likeliest(p.Seeker(), f, among) {
			e := &g.entries[n]
			if err := set(&g.room, e.record, f); err != nil {
				return nil, err
			}
			if s := g.matcher.Score(p, &g.room); s >= finger.Threshold() {
				found[e.key.Owner] = max(found[e.key.Owner], s)
			}
		}
	}
	var list []Candidate
	for owner, score := range found {
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
func (g *Gallery) likeliest(p *finger.Seeker, f ktp.Finger, among []int) []int {
	g.looked = g.looked[:0]
	for _, n := range among {
		if e := &g.entries[n]; e.key.Finger == f {
			g.looked = append(g.looked, look{n, p.Likeness(e.sketch)})
		}
	}
	of := len(g.looked)
	list := best(g.looked, again+of/againShare)
	for i, l := range list {
		list[i].likeness = p.Votes(g.entries[l.n].sketch)
	}
	list = best(list, exactly+of/exactShare)
	out := make([]int, len(list))
	for i, l := range list {
		out[i] = l.n
	}
	return out
}

// best are the n of a list that are most alike, in a fixed order.
func best(list []look, n int) []look {
	slices.SortFunc(list, func(a, b look) int { return cmp.Or(b.likeness-a.likeness, a.n-b.n) })
	return list[:min(len(list), n)]
}
