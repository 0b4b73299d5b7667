package registry

import (
	"time"

	"blanko/store"
)

func miscounts(tx *store.Tx) (list []Miscount, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var m Miscount
		err := scan(&m.Subject, &m.Word, &m.Kept, &m.Counted)
		list = append(list, m)
		return err
	}, `select subject, word, sum(kept), sum(counted) from (
			select subject, word, cause, match, day, n as kept, 0 as counted from tally
			union all select subject, word, cause, match, day, 0, n from tally_counted
		) as sides group by subject, word, cause, match, day having sum(kept) <> sum(counted) order by subject, word, cause, match, day`)
	return list, err
}

// microsPerDay is a day of the tally.
const microsPerDay = int64(24 * time.Hour / time.Microsecond)

// count takes whole days from the tally; of the day in which the alarm falls it looks at the applications.
func (g *Ageing) count(tx *store.Tx, before time.Time) error {
	last := store.Micros(before)
	day := last / microsPerDay
	var thatDay int
	if _, err := tx.Get([]any{&g.Count, &g.Late, &thatDay}, `select coalesce(sum(n), 0), coalesce(sum(case when day < ? then n else 0 end), 0), coalesce(sum(case when day = ? then n else 0 end), 0)
		from tally where subject = 'application' and word = ?`, day, day, g.State); err != nil || g.Count == 0 {
		return err
	}
	if thatDay > 0 {
		if _, err := tx.Get([]any{&thatDay}, `select count(*) from application where state = ? and since >= ? and since <= ?`, g.State, day*microsPerDay, last); err != nil {
			return err
		}
	}
	var oldest int64
	_, err := tx.Get([]any{&oldest}, `select since from application where state = ? order by since limit 1`, g.State)
	g.Oldest, g.Late = store.Time(oldest), g.Late+thatDay
	return err
}
