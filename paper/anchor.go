package paper

import (
	"fmt"
	"time"
)

// Anchor is the state of the event log at a moment. Printed on a signed paper it proves later that
// no event before it was changed.
type Anchor struct {
	Sequence int64
	Hash     string // of the event, SHA-256, 64 hex digits
	At       time.Time
}

func (a Anchor) check(field string) error {
	if a.Sequence < 1 {
		return contentInvalid.At("paper.Anchor", nil).With(field+".sequence", "events are counted from 1")
	}
	return first(isHash(field+".hash", a.Hash), given(field+".at", a.At))
}

// anchor draws it in groups that can be compared by eye.
func (s *sheet) anchor(a Anchor) {
	const group = 8
	var hash string
	for i := 0; i < len(a.Hash); i += group {
		hash += a.Hash[i:i+group] + " "
	}
	s.section("Jangkar catatan peristiwa")
	s.rows([][2]string{{"Urutan", fmt.Sprintf("%d, pada %s", a.Sequence, dateTime(a.At))}, {"SHA-256", hash}}, textWidth)
	s.y += 3
}
