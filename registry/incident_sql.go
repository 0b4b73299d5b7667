package registry

import (
	"time"

	"blanko/store"
)

const incidentColumns = `id, state, cause, place, device, code, began_at, ended_at, reported_by, opened_by, ended_by`

func (i Incident) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into incident (`+incidentColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, cause = excluded.cause, began_at = excluded.began_at, ended_at = excluded.ended_at,
			opened_by = excluded.opened_by, ended_by = excluded.ended_by`,
		i.ID, i.State, i.Cause, i.Place, i.Device, i.Code, store.Micros(i.BeganAt), store.Micros(i.EndedAt), i.ReportedBy, i.OpenedBy, i.EndedBy)
	return err
}

func incidents(tx *store.Tx, where string, args ...any) (list []Incident, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var i Incident
		var began, ended int64
		err := scan(&i.ID, &i.State, &i.Cause, &i.Place, &i.Device, &i.Code, &began, &ended, &i.ReportedBy, &i.OpenedBy, &i.EndedBy)
		i.BeganAt, i.EndedAt = store.Time(began), store.Time(ended)
		list = append(list, i)
		return err
	}, `select `+incidentColumns+` from incident `+where, args...)
	return list, err
}

func incidentsIn(tx *store.Tx, l Worklist) ([]Incident, error) {
	var w store.Where
	w.And(l.those(`state in ('reported', 'open')`))
	w.If(l.After, `(began_at, id) < (select began_at, id from incident where id = ?)`, l.After)
	return incidents(tx, w.Text()+` order by began_at desc, id desc limit ?`, w.Args(l.Limit)...)
}

func incidentByID(tx *store.Tx, id string) (Incident, bool, error) {
	list, err := incidents(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Incident{}, false, err
	}
	return list[0], true, nil
}

// stops are the incidents that concern a place, or every one, and reach beyond a time.
func stops(tx *store.Tx, place string, from time.Time) ([]Incident, error) {
	return incidents(tx, `where state in ('open', 'ended') and (place = '' or place = ?) and (ended_at = 0 or ended_at > ?) order by began_at, id`,
		place, store.Micros(from))
}

// ranAt is an application of a counter whose clocks ran at some time.
type ranAt struct {
	app Application
	in  Intake
}

// ranDuring are those that were complete before an incident ended, and neither ready nor over when it began.
func ranDuring(tx *store.Tx, i Incident, after ApplicationID, limit int) (list []ranAt, err error) {
	var w store.Where
	w.And(`intake.application > ?`, after)
	w.And(`intake.ready_at > ? or intake.ready_at = 0 and (app.state not in `+endStates+` or app.since > ?)`, store.Micros(i.BeganAt), store.Micros(i.BeganAt))
	w.If(i.Place, `intake.place = ? or intake.place = '' and ? = '`+Dinas+`'`, i.Place, i.Place)
	if !i.EndedAt.IsZero() {
		w.And(`intake.complete_at < ?`, store.Micros(i.EndedAt))
	}
	err = tx.Each(func(scan func(...any) error) error {
		var r ranAt
		var complete, ready, since int64
		err := scan(&r.app.ID, &r.in.Place, &r.in.StandardHash, &complete, &ready, &r.app.State, &since)
		r.in.CompleteAt, r.in.ReadyAt, r.app.Since = store.Time(complete), store.Time(ready), store.Time(since)
		list = append(list, r)
		return err
	}, `select intake.application, intake.place, intake.standard_hash, intake.complete_at, intake.ready_at, app.state, app.since
		from intake join application app on app.id = intake.application `+w.Text()+` order by intake.application limit ?`, w.Args(limit)...)
	return list, err
}

const healthColumns = `place, device, cause, state, code, since, seen_at, uses_left, asked_at`

func (h Health) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into health (`+healthColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (place, device) do update set cause = excluded.cause, state = excluded.state, code = excluded.code, since = excluded.since, seen_at = excluded.seen_at,
			uses_left = excluded.uses_left, asked_at = excluded.asked_at`,
		h.Place, h.Device, h.Cause, h.State, h.Code, store.Micros(h.Since), store.Micros(h.SeenAt), h.Uses, store.Micros(h.AskedAt))
	return err
}

func health(tx *store.Tx, where string, args ...any) (list []Health, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var h Health
		var since, seen, asked int64
		err := scan(&h.Place, &h.Device, &h.Cause, &h.State, &h.Code, &since, &seen, &h.Uses, &asked)
		h.Since, h.SeenAt, h.AskedAt = store.Time(since), store.Time(seen), store.Time(asked)
		list = append(list, h)
		return err
	}, `select `+healthColumns+` from health `+where, args...)
	return list, err
}

const worstFirst = `order by case state when 'down' then 0 when 'limps' then 1 else 2 end, place, device`

func healthTowardsCenter(tx *store.Tx) ([]Health, error) {
	return health(tx, `where place = '' and (device like '%.link.center' or device like '%.inbox') order by device`)
}

func healthOfPlaces(tx *store.Tx, limit int) ([]Health, error) {
	return health(tx, `where place <> '' `+worstFirst+` limit ?`, limit)
}

func healthOfDesks(tx *store.Tx) ([]Health, error) {
	return health(tx, `where exists (select 1 from desk where substr(health.device, 1, length(desk.id) + 1) = desk.id || '.') order by place, device`)
}

func healthOf(tx *store.Tx, place, device string) (Health, bool, error) {
	list, err := health(tx, `where place = ? and device = ?`, place, device)
	if err != nil || len(list) == 0 {
		return Health{}, false, err
	}
	return list[0], true, nil
}
