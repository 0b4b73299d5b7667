package registry

import "blanko/store"

const ticketColumns = `place, day, number, state, taken_at, called_at, called_by, jump, application`

func (t Ticket) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into counter_ticket (`+ticketColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (place, day, number) do update set state = excluded.state, called_at = excluded.called_at, called_by = excluded.called_by,
			jump = excluded.jump, application = excluded.application`,
		t.Place, t.Day, t.Number, t.State, store.Micros(t.TakenAt), store.Micros(t.CalledAt), t.CalledBy, t.Jump, t.Application)
	return err
}

func tickets(tx *store.Tx, where string, args ...any) (list []Ticket, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var t Ticket
		var taken, called int64
		if err := scan(&t.Place, &t.Day, &t.Number, &t.State, &taken, &called, &t.CalledBy, &t.Jump, &t.Application); err != nil {
			return err
		}
		t.TakenAt, t.CalledAt = store.Time(taken), store.Time(called)
		list = append(list, t)
		return nil
	}, `select `+ticketColumns+` from counter_ticket `+where, args...)
	return list, err
}

func oneTicket(tx *store.Tx, where string, args ...any) (Ticket, bool, error) {
	list, err := tickets(tx, where, args...)
	if err != nil || len(list) == 0 {
		return Ticket{}, false, err
	}
	return list[0], true, nil
}

func ticketOf(tx *store.Tx, place, day string, number int) (Ticket, bool, error) {
	return oneTicket(tx, `where place = ? and day = ? and number = ?`, place, day, number)
}

func firstWaiting(tx *store.Tx, place, day string) (Ticket, bool, error) {
	return oneTicket(tx, `where place = ? and day = ? and state = 'waiting' order by number limit 1`, place, day)
}

func nextTicket(tx *store.Tx, place, day string) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select coalesce(max(number), 0) + 1 from counter_ticket where place = ? and day = ?`, place, day)
	return n, err
}
