package registry

import (
	"encoding/json"
	"strings"
	"time"

	"blanko/store"
)

const applicationColumns = `id, origin, type, state, since, cause, held, withdrawn, person, version, priority, due, received_at, received_by, approved_by, queued_by, matched_by, specimen, spoiled, warnings, ahead, kept_hold`

func scanApplication(scan func(...any) error) (a Application, err error) {
	var since, due, received int64
	var warnings string
	if err = scan(&a.ID, &a.Origin, &a.Type, &a.State, &since, &a.Cause, &a.Held, &a.Withdrawn, &a.person, &a.Version, &a.Priority,
		&due, &received, &a.ReceivedBy, &a.ApprovedBy, &a.QueuedBy, &a.MatchedBy, &a.Specimen, &a.Spoiled, &warnings, &a.Ahead, &a.KeptHold); err != nil {
		return a, err
	}
	a.Since, a.Due, a.ReceivedAt = store.Time(since), store.Time(due), store.Time(received)
	return a, json.Unmarshal([]byte(warnings), &a.Warnings)
}

func (a Application) save(tx *store.Tx) error {
	if a.Warnings == nil {
		a.Warnings = []string{}
	}
	warnings, err := json.Marshal(a.Warnings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into application (`+applicationColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set type = excluded.type, state = excluded.state, since = excluded.since, cause = excluded.cause,
			held = excluded.held, withdrawn = excluded.withdrawn, person = excluded.person, version = excluded.version,
			priority = excluded.priority, due = excluded.due, received_by = excluded.received_by, approved_by = excluded.approved_by, queued_by = excluded.queued_by,
			matched_by = excluded.matched_by, specimen = excluded.specimen, spoiled = excluded.spoiled, warnings = excluded.warnings, ahead = excluded.ahead, kept_hold = excluded.kept_hold`,
		a.ID, a.Origin, a.Type, a.State, store.Micros(a.Since), a.Cause, a.Held, a.Withdrawn, a.person, a.Version, a.Priority,
		store.Micros(a.Due), store.Micros(a.ReceivedAt), a.ReceivedBy, a.ApprovedBy, a.QueuedBy, a.MatchedBy, a.Specimen, a.Spoiled, string(warnings), a.Ahead, a.KeptHold)
	return err
}

func applicationByID(tx *store.Tx, id ApplicationID) (Application, bool, error) {
	list, err := applicationList(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Application{}, false, err
	}
	return list[0], true, nil
}

// openFor finds the open application of a person.
func openFor(tx *store.Tx, person []byte) (Application, bool, error) {
	list, err := applicationList(tx, `where person = ? and state not in `+endStates, person)
	if err != nil || len(list) == 0 {
		return Application{}, false, err
	}
	return list[0], true, nil
}

// applicationsHeld are on hold, or will be again. Its first condition is that of the index, word for word.
func applicationsHeld(tx *store.Tx, after ApplicationID, limit int) ([]Application, error) {
	return applicationsBy(tx, `select `+applicationColumns+` from application`+tx.By("application_held")+`
		where (state = 'on hold' or kept_hold > 0) and state not in `+endStates+` and id > ? order by id limit ?`, after, limit)
}

func applicationList(tx *store.Tx, where string, args ...any) ([]Application, error) {
	return applicationsBy(tx, `select `+applicationColumns+` from application `+where, args...)
}

func applicationsBy(tx *store.Tx, query string, args ...any) (list []Application, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		a, err := scanApplication(scan)
		list = append(list, a)
		return err
	}, query, args...)
	return list, err
}

// longestIn are the applications that stand longest in any of some states since before a time. Each state is
// read by its own range of the index, as far as it can have a part in the answer.
func longestIn(tx *store.Tx, before time.Time, after Seen, limit int, states ...State) ([]Application, error) {
	var parts []string
	var args []any
	behind, last := after.behind("since", "id")
	for _, s := range states {
		parts = append(parts, `select * from (select `+applicationColumns+` from application where state = ? and since < ? and `+behind+` order by since, id limit ?) as part`)
		args = append(append(append(args, s, store.Micros(before)), last...), limit)
	}
	return applicationsBy(tx, strings.Join(parts, ` union all `)+` order by since, id limit ?`, append(args, limit)...)
}
