package jobs

import (
	"time"

	"blanko/store"
)

// hourOf numbers the hours since 1970.
func hourOf(t time.Time) int64 { return t.Unix() / int64(time.Hour/time.Second) }

// CountMade counts a card that a line has made now.
func CountMade(tx *store.Tx, line LineID) error {
	_, err := tx.Exec(`insert into line_hour (line, hour, made) values (?, ?, 1)
		on conflict (line, hour) do update set made = line_hour.made + 1`, line, hourOf(tx.Now()))
	return err
}

// FastestHour is the most cards that a line has made in one hour of the clock since a time.
func FastestHour(tx *store.Tx, line LineID, since time.Time) (made int, err error) {
	_, err = tx.Get([]any{&made}, `select coalesce(max(made), 0) from line_hour where line = ? and hour >= ?`, line, hourOf(since))
	return made, err
}

// LineHour is how many attempts of a line ended in one state within one hour of the clock.
type LineHour struct {
	Line  LineID
	Hour  time.Time // its beginning
	State State
	Count int
}

// EndedByHour counts what the lines ended since a time, hour by hour.
func EndedByHour(tx *store.Tx, since time.Time) (list []LineHour, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var h LineHour
		var hour int64
		err := scan(&h.Line, &hour, &h.State, &h.Count)
		h.Hour = time.Unix(hour*int64(time.Hour/time.Second), 0)
		list = append(list, h)
		return err
	}, `select line, ended_at / ? as hour, state, count(*) from attempt where ended = 1 and ended_at >= ? group by line, hour, state order by hour, line, state`,
		int64(time.Hour/time.Microsecond), store.Micros(since))
	return list, err
}
