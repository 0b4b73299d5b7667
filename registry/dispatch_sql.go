package registry

import (
	"strings"

	"blanko/store"
)

const assignmentColumns = `subject, task, person, at, jump, done_at`

func assignments(tx *store.Tx, where string, args ...any) (list []Assignment, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var w Assignment
		var at, done int64
		err := scan(&w.Application, &w.Task, &w.Person, &at, &w.Jump, &done)
		w.At, w.DoneAt = store.Time(at), store.Time(done)
		list = append(list, w)
		return err
	}, `select `+assignmentColumns+` from assignment `+where, args...)
	return list, err
}

func assigned(tx *store.Tx, app ApplicationID, t Task) (Assignment, bool, error) {
	list, err := assignments(tx, `where subject = ? and task = ?`, app, t)
	if err != nil || len(list) == 0 {
		return Assignment{}, false, err
	}
	return list[0], true, nil
}

// nextFor are the first applications in a state whose task nobody else has in hand and which no duty
// keeps the person from; those that the person has already come first. Plain ones have no warning.
func nextFor(tx *store.Tx, t TaskRow, person string, limit int, plain bool) ([]Application, error) {
	args := []any{t.State, t.Task, person, person}
	excluding := excludes(t.Duty)
	for _, d := range excluding {
		args = append(args, d)
	}
	where := ""
	if plain {
		where = ` and warnings = '[]'`
	}
	return applicationList(tx, `a where state = ?`+where+`
		and not exists (select 1 from assignment w where w.subject = a.id and w.task = ? and w.person <> ? and w.done_at = 0)
		and not exists (select 1 from duty d where d.subject = a.id and d.person = ? and d.duty in (?`+strings.Repeat(`, ?`, len(excluding)-1)+`))
		order by case when exists (select 1 from assignment w where w.subject = a.id and w.task = ? and w.person = ? and w.done_at = 0) then 0 else 1 end,
			priority desc, due, id limit ?`, append(args, t.Task, person, limit)...)
}

func (w Assignment) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into assignment (`+assignmentColumns+`) values (?, ?, ?, ?, ?, ?)
		on conflict (subject, task) do update set person = excluded.person, at = excluded.at, jump = excluded.jump, done_at = excluded.done_at`,
		w.Application, w.Task, w.Person, store.Micros(w.At), w.Jump, store.Micros(w.DoneAt))
	return err
}

func (w Assignment) drop(tx *store.Tx) error {
	_, err := tx.Exec(`delete from assignment where subject = ? and task = ?`, w.Application, w.Task)
	return err
}
