package registry

import (
	"encoding/json"
	"time"

	"blanko/store"
)

// standings are all applications that the center knows; one that came at a time or after it is Later. An application
// that was taken here is the center's from its first package on.
func standings(tx *store.Tx, end time.Time) (list []Standing, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s Standing
		var waiting int
		var received int64
		if err := scan(&s.ID, &s.Version, &s.State, &received, &waiting); err != nil {
			return err
		}
		s.Word, s.Waiting = WordOf(s.State), waiting > 0
		s.Later = !store.Time(received).Before(end)
		list = append(list, s)
		return nil
	}, `select a.id, a.version, a.state, coalesce(e.taken, a.received_at), (select count(*) from outbox o where o.record = a.id and o.delivered_at = 0)
		from application a left join (select application, min(taken_at) as taken from enrolment where taken_at > 0 group by application) e on e.application = a.id
		where a.version > 0 or e.taken is not null order by a.id`)
	return list, err
}

// notTaken are records that were refused, or withdrawn before they came.
func notTaken(tx *store.Tx) (map[ApplicationID]bool, error) {
	m := map[ApplicationID]bool{}
	err := tx.Each(func(scan func(...any) error) error {
		var id ApplicationID
		err := scan(&id)
		m[id] = true
		return err
	}, `select record from refusal union select id from tombstone`)
	return m, err
}

func (r Reconciliation) save(tx *store.Tx) error {
	if r.Differences == nil {
		r.Differences = []Difference{}
	}
	text, err := json.Marshal(r.Differences)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into reconciliation (day, at, center, station, differences) values (?, ?, ?, ?, ?)
		on conflict (day) do update set at = excluded.at, center = excluded.center, station = excluded.station, differences = excluded.differences`,
		r.Day, store.Micros(r.At), r.Center, r.Station, string(text))
	return err
}

func reconciliations(tx *store.Tx, where string, args ...any) (list []Reconciliation, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var r Reconciliation
		var at int64
		var text string
		if err := scan(&r.Day, &at, &r.Center, &r.Station, &text); err != nil {
			return err
		}
		r.At = store.Time(at)
		list = append(list, r)
		return json.Unmarshal([]byte(text), &list[len(list)-1].Differences)
	}, `select day, at, center, station, differences from reconciliation `+where, args...)
	return list, err
}
