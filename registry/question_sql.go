package registry

import (
	"blanko/jobs"
	"blanko/ktp"
	"blanko/store"
)

func (q Question) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into question (attempt, n, line, kind, ask, state, since, answered_at, answered_by, good, cause)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		q.Attempt.String(), q.N, q.Line, q.Kind, q.Ask, q.State, store.Micros(q.Since), store.Micros(q.AnsweredAt), q.By, q.Good, q.Cause)
	return err
}

func (q Question) save(tx *store.Tx) error {
	_, err := tx.Exec(`update question set state = ?, answered_at = ?, answered_by = ?, good = ?, cause = ? where attempt = ? and n = ?`,
		q.State, store.Micros(q.AnsweredAt), q.By, q.Good, q.Cause, q.Attempt.String(), q.N)
	return err
}

// closeQuestions closes what an attempt still asks: it went another way.
func closeQuestions(tx *store.Tx, id ktp.AttemptID) error {
	_, err := tx.Exec(`update question set state = 'closed' where attempt = ? and state = 'open'`, id.String())
	return err
}

// closeHandOffs closes what a process asked to be carried that has gone. A face is asked for once, and who was asked to
// bring a card brings it still.
func closeHandOffs(tx *store.Tx, id ktp.AttemptID) error {
	_, err := tx.Exec(`update question set state = 'closed' where attempt = ? and state = 'open' and kind = ? and ask <> ?`, id.String(), AskHandOff, CardToReader)
	return err
}

// presentedOn is, of the doubts of a line, which cards were brought, by the newest question of each.
func presentedOn(tx *store.Tx, line jobs.LineID) (map[ktp.AttemptID]int, error) {
	there := map[ktp.AttemptID]int{}
	err := tx.Each(func(scan func(...any) error) error {
		var text string
		var n int
		if err := scan(&text, &n); err != nil {
			return err
		}
		id, err := ktp.ParseAttemptID(text)
		there[id] = n
		return err
	}, `select q.attempt, q.n from attempt a join question q on q.attempt = a.id
		where a.line = ? and a.ended = 0 and a.state = ? and q.ask = ? and q.state = ? and q.good = ?
			and q.n = (select max(n) from question where attempt = a.id)`, line, jobs.InDoubt, CardToReader, QuestionAnswered, true)
	return there, err
}

func questionsOf(tx *store.Tx, id ktp.AttemptID) ([]Question, error) {
	return questions(tx, `where attempt = ? order by n`, id.String())
}

func openQuestions(tx *store.Tx) ([]Question, error) {
	return questions(tx, `where state = 'open' order by since, attempt`)
}

func openQuestion(tx *store.Tx, id ktp.AttemptID) (Question, bool, error) {
	return oneQuestion(tx, `where attempt = ? and state = 'open'`, id.String())
}

func questionByN(tx *store.Tx, id ktp.AttemptID, n int) (Question, bool, error) {
	return oneQuestion(tx, `where attempt = ? and n = ?`, id.String(), n)
}

func oneQuestion(tx *store.Tx, where string, args ...any) (Question, bool, error) {
	list, err := questions(tx, where, args...)
	if err != nil || len(list) == 0 {
		return Question{}, false, err
	}
	return list[0], true, nil
}

func questions(tx *store.Tx, where string, args ...any) (list []Question, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var q Question
		var id string
		var since, answered int64
		err := scan(&id, &q.N, &q.Line, &q.Kind, &q.Ask, &q.State, &since, &answered, &q.By, &q.Good, &q.Cause)
		if err == nil {
			q.Attempt, err = ktp.ParseAttemptID(id)
		}
		q.Since, q.AnsweredAt = store.Time(since), store.Time(answered)
		list = append(list, q)
		return err
	}, `select attempt, n, line, kind, ask, state, since, answered_at, answered_by, good, cause from question `+where, args...)
	return list, err
}
