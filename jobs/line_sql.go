package jobs

import (
	"slices"

	"blanko/store"
)

// DefineLine adds a line of a station, or changes kind and station of one that exists, whose session is
// over then. A new line is wished to run.
func DefineLine(tx *store.Tx, id LineID, k Kind, station string) error {
	if !slices.Contains(Kinds, k) {
		return lineKindUnknown.At("jobs.DefineLine", nil).With("kind", "%q", k)
	}
	_, err := tx.Exec(`insert into line (id, kind, station, wish, reason, wish_by, epoch, chip_faults, observed, observed_reason, observed_at)
		values (?, ?, ?, ?, '', '', 0, 0, '', '', 0)
		on conflict (id) do update set kind = excluded.kind, station = excluded.station, epoch = line.epoch + 1`, id, k, station, Running)
	return err
}

const lineColumns = `id, kind, station, wish, reason, wish_by, epoch, chip_faults, observed, observed_reason, observed_at,
	transfer_degrees, transfer_at, transfer_by`

func scanLine(scan func(...any) error) (l Line, err error) {
	var at, read int64
	err = scan(&l.ID, &l.Kind, &l.Station, &l.Wish, &l.Reason, &l.By, &l.Epoch, &l.ChipFaults, &l.Observed.State, &l.Observed.Reason, &at,
		&l.Transfer.Degrees, &read, &l.Transfer.By)
	l.Observed.At, l.Transfer.At = store.Time(at), store.Time(read)
	return l, err
}

// LineByID reads one line; jobs.line_unknown when there is none.
func LineByID(tx *store.Tx, id LineID) (Line, error) {
	return line(tx, id, ``)
}

// Lock refuses a session that is over, and lets who would take its line over wait until the transaction ends.
func (s Session) Lock(tx *store.Tx) error {
	l, err := line(tx, s.Line, tx.ForUpdate())
	if err != nil {
		return err
	}
	return s.Holds(l)
}

func line(tx *store.Tx, id LineID, end string) (Line, error) {
	list, err := lines(tx, `where id = ?`, end, id)
	if err == nil && len(list) == 0 {
		err = lineUnknown.At("jobs.LineByID", nil).With("line", "%q", id)
	}
	if err != nil {
		return Line{}, err
	}
	return list[0], nil
}

// Lines reads all lines by id.
func Lines(tx *store.Tx) ([]Line, error) { return lines(tx, ``, ``) }

func lines(tx *store.Tx, where, end string, args ...any) (list []Line, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		l, err := scanLine(scan)
		l.Observed.Silent = l.Observed.overdue(tx.Now())
		list = append(list, l)
		return err
	}, `select `+lineColumns+` from line `+where+` order by id`+end, args...)
	return list, err
}

// SetWish writes what is wanted of a line, and forgets the chip faults when it is to run.
func SetWish(tx *store.Tx, id LineID, w Wish, reason, by string) error {
	_, err := tx.Exec(`update line set wish = ?, reason = ?, wish_by = ?,
		chip_faults = case when ? = 'running' then 0 else chip_faults end where id = ?`, w, reason, by, w, id)
	return err
}

// Observe writes what the loop of a line at a station reports of itself. Of a line that stands at another one, whose copy
// is old or wrong, nothing is written.
func Observe(tx *store.Tx, id LineID, station, state, reason string) error {
	n, err := tx.Exec(`update line set observed = ?, observed_reason = ?, observed_at = ? where id = ? and station in ('', ?)`,
		state, reason, store.Micros(tx.Now()), id, station)
	if err == nil && n == 0 {
		_, err = LineByID(tx, id)
	}
	return err
}

// Beat writes that the station of a line is there still, whatever it reported; of a line that stands at another one,
// nothing.
func Beat(tx *store.Tx, id LineID, station string) error {
	n, err := tx.Exec(`update line set observed_at = ? where id = ? and station in ('', ?)`, store.Micros(tx.Now()), id, station)
	if err == nil && n == 0 {
		_, err = LineByID(tx, id)
	}
	return err
}

// SetTransfer writes what a person read on the display of a line's printer.
func SetTransfer(tx *store.Tx, id LineID, t Transfer) error {
	_, err := tx.Exec(`update line set transfer_degrees = ?, transfer_at = ?, transfer_by = ? where id = ?`, t.Degrees, store.Micros(t.At), t.By, id)
	return err
}

// ChipFault counts a card that was lost to its chip, or forgets them after one that was not.
// It returns how many were lost in a row.
func ChipFault(tx *store.Tx, id LineID, lost bool) (n int, err error) {
	_, err = tx.Get([]any{&n}, `update line set chip_faults = case when ? = 1 then chip_faults + 1 else 0 end
		where id = ? returning chip_faults`, lost, id)
	return n, err
}

// begin begins a new session of the line.
func begin(tx *store.Tx, id LineID) (Session, error) {
	s := Session{Line: id}
	found, err := tx.Get([]any{&s.Epoch}, `update line set epoch = epoch + 1 where id = ? returning epoch`, id)
	if err == nil && !found {
		err = lineUnknown.At("jobs.TakeOver", nil).With("line", "%q", id)
	}
	return s, err
}
