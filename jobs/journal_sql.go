package jobs

import (
	"encoding/json"
	"time"

	"blanko/ktp"
	"blanko/store"
)

// StoryOf reads the journal of an attempt.
func StoryOf(tx *store.Tx, id ktp.AttemptID) (s Story, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		n := Note{Attempt: id}
		var at int64
		var content string
		if err := scan(&n.ID, &n.Step, &n.Phase, &n.N, &n.Fence, &n.Actor, &at, &content); err != nil {
			return err
		}
		n.At = store.Time(at)
		s = append(s, n)
		if n.Phase == Intent {
			return json.Unmarshal([]byte(content), &s[len(s)-1].Evidence)
		}
		return json.Unmarshal([]byte(content), &s[len(s)-1].Outcome)
	}, `select id, step, phase, n, fence, actor, at, content from journal where attempt = ? order by id`, id.String())
	return s, err
}

// Intend writes an intent; it is durable when the transaction is.
func (s Story) Intend(tx *store.Tx, id ktp.AttemptID, step Step, fence int64, actor string, e Evidence) error {
	return note(tx, id, step, Intent, s.intentNumber(step), fence, actor, e)
}

// Settle writes how a step ended.
func (s Story) Settle(tx *store.Tx, id ktp.AttemptID, step Step, fence int64, actor string, o Outcome) error {
	if err := note(tx, id, step, Settled, s.outcomeNumber(step), fence, actor, o); err != nil {
		return err
	}
	if o.Result == Done && o.Millis > 0 {
		return countStage(tx, id, step, time.Duration(o.Millis)*time.Millisecond)
	}
	return nil
}

func note(tx *store.Tx, id ktp.AttemptID, step Step, p Phase, n int, fence int64, actor string, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into journal (attempt, step, phase, n, fence, actor, at, content) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		id.String(), step, p, n, fence, actor, store.Micros(tx.Now()), string(text))
	return err
}
