package gallery

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"blanko/biometric/finger"
	"blanko/ktp"
)

// How many of a finger's likeliest are looked at once more, and how many of those are compared exactly: so many
// at least, and one in so many of the finger's besides. What they lose is measured (docs/biometrics.md).
const (
	secondLookLeast, secondLookShare = 256, 12
	comparedLeast, comparedShare     = 32, 200
)

// leastOfTwo is the score from which a finger counts beside another.
const leastOfTwo = 20

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

// Candidate is an owner whose fingers reach the threshold of the search.
type Candidate struct {
	Owner string
	Score int // of finger.Match, or of two fingers together (finger.Fuse)
}

// alarms is one in how many searches for a stranger may name somebody.
const alarms = 10

// thresholdOf is the score that the best of so many comparisons with strangers reaches in one of alarms searches:
// n comparisons are wrong n times as often as one. Never less than that of one.
func thresholdOf(comparisons int) int {
	return max(finger.Threshold(), int(math.Ceil(10*math.Log10(float64(comparisons)*alarms))))
}

// Search compares the fingers of a probe with those of the numbers given, all of them when among is nil:
// those most alike at a first and a second look are compared exactly, small galleries whole. An owner is named
// for one finger, or for the two best together, each against as many comparisons as there were chances. The best
// come first.
func (g *Gallery) Search(probe map[ktp.Finger]*finger.Impression, among []int) ([]Candidate, error) {
	if among == nil {
		among = g.all()
	}
	alike := map[string][]int{} // scores, by owner
	for f, p := range probe {
		for _, n := range g.likeliest(p.Seeker(), f, among) {
			e := &g.entries[n]
			if err := set(&g.room, e.record, f); err != nil {
				return nil, err
			}
			if s := g.matcher.Score(p, &g.room); s >= leastOfTwo {
				alike[e.key.Owner] = append(alike[e.key.Owner], s)
			}
		}
	}
	one, two := thresholdOf(len(among)), thresholdOf(len(among)*max(len(probe)-1, 1)/2)
	var list []Candidate
	for owner, scores := range alike {
		slices.Sort(scores)
		score := scores[len(scores)-1]
		reached := score >= one
		if len(scores) > 1 {
			if both := finger.Fuse(score, scores[len(scores)-2]); both >= two {
				score, reached = max(score, both), true
			}
		}
		if reached {
			list = append(list, Candidate{owner, score})
		}
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
	list := best(g.looked, secondLookLeast+of/secondLookShare)
	for i, l := range list {
		list[i].likeness = p.Votes(g.entries[l.n].sketch)
	}
	list = best(list, comparedLeast+of/comparedShare)
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
