package registry

import (
	"time"

	"blanko/jobs"
	"blanko/store"
)

const startColumns = `id, station, at, program, configuration, keys, ended, ended_at, released_by, second, released_at, shift, confirmed_at, number`

func starts(tx *store.Tx, where string, args ...any) (list []Start, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s Start
		var at, ended, released, confirmed int64
		err := scan(&s.ID, &s.Station, &at, &s.Program, &s.Configuration, &s.Keys, &s.Ended, &ended, &s.ReleasedBy, &s.Second, &released, &s.Shift, &confirmed, &s.number)
		s.At, s.EndedAt, s.ReleasedAt, s.ConfirmedAt = store.Time(at), store.Time(ended), store.Time(released), store.Time(confirmed)
		list = append(list, s)
		return err
	}, `select `+startColumns+` from start `+where, args...)
	return list, err
}

func oneStart(tx *store.Tx, where string, args ...any) (s Start, found bool, err error) {
	list, err := starts(tx, where+` order by number desc limit 1`, args...)
	if err != nil || len(list) == 0 {
		return Start{}, false, err
	}
	return list[0], true, nil
}

// runningStart is that of the process that serves as the station now.
func runningStart(tx *store.Tx, station string) (Start, bool, error) {
	return oneStart(tx, `where station = ? and ended = ''`, station)
}

// lastReleased is the newest start of the station whose lines were let go.
func lastReleased(tx *store.Tx, station string) (Start, bool, error) {
	return oneStart(tx, `where station = ? and released_at > 0`, station)
}

// unconfirmed are the starts that one person released in a shift and nobody has confirmed yet.
func unconfirmed(tx *store.Tx, shift string) ([]Start, error) {
	return starts(tx, `where shift = ? and confirmed_at = 0 order by number`, shift)
}

// restartsIn are those that one person released in a shift.
func restartsIn(tx *store.Tx, shift string) ([]Start, error) {
	return starts(tx, `where shift = ? order by number`, shift)
}

// crashedBetween are those that broke off and were found so in a time.
func crashedBetween(tx *store.Tx, from, to time.Time) ([]Start, error) {
	return starts(tx, `where ended = ? and ended_at > ? and ended_at <= ? order by number`, endedCrash, store.Micros(from), store.Micros(to))
}

// startBefore is the one of the same station before a start.
func startBefore(tx *store.Tx, s Start) (Start, bool, error) {
	return oneStart(tx, `where station = ? and number < ?`, s.Station, s.number)
}

func (s Start) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into start (`+startColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set ended = excluded.ended, ended_at = excluded.ended_at, released_by = excluded.released_by, second = excluded.second,
			released_at = excluded.released_at, shift = excluded.shift, confirmed_at = excluded.confirmed_at`,
		s.ID, s.Station, store.Micros(s.At), s.Program, s.Configuration, s.Keys, s.Ended, store.Micros(s.EndedAt),
		s.ReleasedBy, s.Second, store.Micros(s.ReleasedAt), s.Shift, store.Micros(s.ConfirmedAt), s.number)
	return err
}

// nextStart is the number of a start that is written down now.
func nextStart(tx *store.Tx) (n int64, err error) {
	_, err = tx.Get([]any{&n}, `select coalesce(max(number), 0) + 1 from start`)
	return n, err
}

// doubtsOf counts the cards in doubt on the lines of a station.
func doubtsOf(tx *store.Tx, station string) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select count(*) from attempt join line on line.id = attempt.line where line.station = ? and attempt.state = ?`, station, jobs.InDoubt)
	return n, err
}
