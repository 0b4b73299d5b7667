package registry

import (
	"blanko/jobs"
	"blanko/store"
)

const rollColumns = `serial, kind, product, panels, state, line, seal, told_left, received_at, fitted_at, removed_at, cause`

// rollState is Roll.State in the database, where a roll that ended is destroyed: that it was sent away its list tells.
const rollState = `(case when roll.state = 'destroyed' and exists (select 1 from destruction_item i join destruction d on d.id = i.destruction
	where i.item = roll.serial and i.kind = 'roll' and d.state in ('sent', 'acknowledged')) then 'sent' else roll.state end)`

// rollPlace is where a roll is that is here, as a shift and an inspection name it.
const rollPlace = `case when line = '' then state else state || '/' || line end`

func rolls(tx *store.Tx, where string, args ...any) (list []Roll, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var r Roll
		var received, fitted, removed int64
		err := scan(&r.Serial, &r.Kind, &r.Product, &r.Panels, &r.State, &r.Line, &r.Seal, &r.Told, &received, &fitted, &removed, &r.Cause)
		r.ReceivedAt, r.FittedAt, r.RemovedAt = store.Time(received), store.Time(fitted), store.Time(removed)
		list = append(list, r)
		return err
	}, `select serial, kind, product, panels, `+rollState+`, line, seal, told_left, received_at, fitted_at, removed_at, cause from roll `+where, args...)
	return list, err
}

// rollsIn go by the index of their states, whose words are in that order, forward or back.
func rollsIn(tx *store.Tx, l Worklist) ([]Roll, error) {
	var w store.Where
	order := ` order by roll.state, roll.serial limit ?`
	if l.Over {
		order = ` order by roll.state desc, roll.serial desc limit ?`
		w.And(`state in ('removed', 'lost', 'destroyed')`)
		w.If(l.After, `(state, serial) < (select state, serial from roll where serial = ?)`, l.After)
	} else {
		w.And(`state in ('fitted', 'store')`)
		w.If(l.After, `(state, serial) > (select state, serial from roll where serial = ?)`, l.After)
	}
	return rolls(tx, w.Text()+order, w.Args(l.Limit)...)
}

// panelsStored are the cards that the rolls in the store are good for, by their kinds: nothing was printed with them yet.
func panelsStored(tx *store.Tx) (list []RollsLeft, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		l := RollsLeft{State: RollStored}
		err := scan(&l.Kind, &l.Cards)
		list = append(list, l)
		return err
	}, `select kind, sum(panels) from roll where state = 'store' group by kind order by kind`)
	return list, err
}

func rollBySerial(tx *store.Tx, serial string) (Roll, bool, error) {
	list, err := rolls(tx, `where serial = ?`, serial)
	if err != nil || len(list) == 0 {
		return Roll{}, false, err
	}
	return list[0], true, nil
}

// rollsOf are those that the ledger has in a heap.
func rollsOf(tx *store.Tx, h Heap) ([]Roll, error) {
	return rolls(tx, `where state in ('store', 'fitted') and kind = ? and product = ? and `+rollPlace+` = ? order by serial`, h.Kind, h.Lot, h.Place)
}

func rollOn(tx *store.Tx, line jobs.LineID, kind string) (Roll, bool, error) {
	list, err := rolls(tx, `where line = ? and kind = ? and state = 'fitted'`, line, kind)
	if err != nil || len(list) == 0 {
		return Roll{}, false, err
	}
	return list[0], true, nil
}

func (r Roll) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into roll (`+rollColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (serial) do update set state = excluded.state, line = excluded.line, seal = excluded.seal, told_left = excluded.told_left,
			fitted_at = excluded.fitted_at, removed_at = excluded.removed_at, cause = excluded.cause`,
		r.Serial, r.Kind, r.Product, r.Panels, r.State, r.Line, r.Seal, r.Told, store.Micros(r.ReceivedAt), store.Micros(r.FittedAt), store.Micros(r.RemovedAt), r.Cause)
	return err
}

// printsWith counts the prints that were begun on the line of a roll while it was fitted.
func printsWith(tx *store.Tx, r Roll) (n int, err error) {
	if r.FittedAt.IsZero() {
		return 0, nil
	}
	until := r.RemovedAt
	if until.IsZero() {
		until = tx.Now()
	}
	_, err = tx.Get([]any{&n}, `select count(*) from journal j`+tx.By("journal_printed")+` join attempt t on t.id = j.attempt
		where t.line = ? and j.step = 'print' and j.phase = 'intent' and j.at >= ? and j.at <= ?`,
		r.Line, store.Micros(r.FittedAt), store.Micros(until))
	return n, err
}
