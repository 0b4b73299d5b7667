package jobs

import (
	"strconv"
	"strings"
	"time"

	"blanko/store"
)

// Rank is a place in the queue: the highest priority first, then what is due first, then what came
// first.
type Rank struct {
	Priority int
	Due      time.Time
	Seq      int64
}

// Rank is the place of the order in the queue.
func (w Wanted) Rank() Rank { return Rank{w.Priority, w.Due, w.Seq} }

// String is the rank as cursors and addresses have it: priority, due in microseconds, order of arrival.
func (r Rank) String() string {
	return strings.Join([]string{strconv.Itoa(r.Priority), strconv.FormatInt(store.Micros(r.Due), 10), strconv.FormatInt(r.Seq, 10)}, ".")
}

// ParseRank is the reverse of String; ok is false for what is no rank.
func ParseRank(text string) (r Rank, ok bool) {
	const numbers = 3
	parts := strings.Split(text, ".")
	if len(parts) != numbers {
		return r, false
	}
	var n [numbers]int64
	for i, p := range parts {
		var err error
		if n[i], err = strconv.ParseInt(p, 10, 64); err != nil {
			return r, false
		}
	}
	return Rank{int(n[0]), store.Time(n[1]), n[2]}, true
}
