package registry

import (
	"time"

	"blanko/registry/stock"
	"blanko/store"
)

const shiftColumns = `id, state, opened_by, opened_second, opened_at, closed_by, closed_second, closed_at, recounts, reason, anchor_id, anchor`

func shifts(tx *store.Tx, where string, args ...any) (list []Shift, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s Shift
		var opened, closed int64
		err := scan(&s.ID, &s.State, &s.OpenedBy, &s.OpenedSecond, &opened, &s.ClosedBy, &s.ClosedSecond, &closed, &s.Recounts, &s.Reason, &s.AnchorID, &s.Anchor)
		s.OpenedAt, s.ClosedAt = store.Time(opened), store.Time(closed)
		list = append(list, s)
		return err
	}, `select `+shiftColumns+` from shift `+where, args...)
	return list, err
}

func openShift(tx *store.Tx) (Shift, bool, error) {
	list, err := shifts(tx, `where state = 'open'`)
	if err != nil || len(list) == 0 {
		return Shift{}, false, err
	}
	return list[0], true, nil
}

func nextShift(tx *store.Tx) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) + 1 from shift`)
	return n, err
}

func (s Shift) save(tx *store.Tx) error {
	anchor := s.Anchor
	if anchor == nil {
		anchor = []byte{}
	}
	_, err := tx.Exec(`insert into shift (`+shiftColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, closed_by = excluded.closed_by, closed_second = excluded.closed_second,
			closed_at = excluded.closed_at, recounts = excluded.recounts, reason = excluded.reason, anchor_id = excluded.anchor_id, anchor = excluded.anchor`,
		s.ID, s.State, s.OpenedBy, s.OpenedSecond, store.Micros(s.OpenedAt), s.ClosedBy, s.ClosedSecond, store.Micros(s.ClosedAt), s.Recounts, s.Reason, s.AnchorID, anchor)
	return err
}

func keepCounts(tx *store.Tx, shift, turn string, n int, counts []ShiftCount) error {
	for _, c := range counts {
		if _, err := tx.Exec(`insert into shift_count (shift, turn, n, kind, place, lot, counted, expected) values (?, ?, ?, ?, ?, ?, ?, ?)`,
			shift, turn, n, c.Kind, c.Place, c.Lot, c.Counted, c.Expected); err != nil {
			return err
		}
	}
	return nil
}

// countsOf are the counts of a shift: of one turn and number, or all of them.
func countsOf(tx *store.Tx, shift, turn string, n int) (list []ShiftCount, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c ShiftCount
		err := scan(&c.Turn, &c.N, &c.Kind, &c.Place, &c.Lot, &c.Counted, &c.Expected)
		list = append(list, c)
		return err
	}, `select turn, n, kind, place, lot, counted, expected from shift_count where shift = ? and (? = '' or turn = ? and n = ?) order by turn desc, n, kind, place, lot`,
		shift, turn, turn, n)
	return list, err
}

// spoiledBetween counts the blanks that were lost while cards were made, by cause.
func spoiledBetween(tx *store.Tx, from, to time.Time) (map[string]int, error) {
	return counts[string](tx, `select cause, count(*) from attempt where ended = 1 and state in ('spoiled', 'revoked', 'lost')
		and ended_at > ? and ended_at <= ? group by cause`, store.Micros(from), store.Micros(to))
}

// countable are the heaps that a shift counts: blanks by place and lot, rolls in the store and in printers by place and
// product.
func countable(tx *store.Tx) (map[Heap]int, error) {
	held, err := stock.Holdings(tx)
	if err != nil {
		return nil, err
	}
	heaps := map[Heap]int{}
	for _, h := range held {
		if h.Place.Heap() {
			heaps[Heap{CountedBlank, h.Place.String(), h.Lot}] = h.Unread + h.Read
		}
	}
	return heaps, tx.Each(func(scan func(...any) error) error {
		var h Heap
		var n int
		err := scan(&h.Kind, &h.Place, &h.Lot, &n)
		heaps[h] = n
		return err
	}, `select kind, `+rollPlace+`, product, count(*) from roll where state in ('store', 'fitted') group by 1, 2, 3`)
}
