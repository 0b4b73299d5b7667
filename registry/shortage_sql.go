package registry

import (
	"time"

	"blanko/registry/standard"
	"blanko/store"
)

func (m Marked) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into order_mark (application, mark, reason, actor, second, at) values (?, ?, ?, ?, ?, ?)
		on conflict (application, mark) do update set reason = excluded.reason, actor = excluded.actor, second = excluded.second, at = excluded.at`,
		m.Application, m.Mark, m.Reason, m.Actor, m.Second, store.Micros(m.At))
	return err
}

func marksOf(tx *store.Tx, id ApplicationID) (list []Marked, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		m := Marked{Application: id}
		var at int64
		err := scan(&m.Mark, &m.Reason, &m.Actor, &m.Second, &at)
		m.At = store.Time(at)
		list = append(list, m)
		return err
	}, `select mark, reason, actor, second, at from order_mark where application = ? order by at, mark`, id)
	return list, err
}

func districtFor(tx *store.Tx, id ApplicationID) (district string, err error) {
	_, err = tx.Get([]any{&district}, `select district from area where application = ?`, id)
	return district, err
}

// queuedBetween counts the applications that were given to the lines in a time, by kind. One whose order
// was taken back before a card was made does not count.
func queuedBetween(tx *store.Tx, from, to time.Time) (map[standard.Kind]int, error) {
	used := map[standard.Kind]int{}
	err := tx.Each(func(scan func(...any) error) error {
		var k standard.Kind
		var n int
		err := scan(&k.Type, &k.District, &n)
		used[k] = n
		return err
	}, `select app.type, coalesce(area.district, ''), count(distinct app.id) from card_order o join application app on app.id = o.application
		left join area on area.application = app.id
		where o.created_at >= ? and o.created_at < ? and o.state <> 'closed' group by 1, 2`, store.Micros(from), store.Micros(to))
	return used, err
}
