package registry

import (
	"blanko/jobs"
	"blanko/registry/stock"
	"blanko/store"
)

func feedMarkOf(tx *store.Tx, line jobs.LineID) (m feedMark, found bool, err error) {
	found, err = tx.Get([]any{&m.Printer, &m.Cards, &m.Movement, &m.Stood}, `select printer, cards, movement, stood from feed_mark where line = ?`, line)
	return m, found, err
}

func (m feedMark) save(tx *store.Tx, line jobs.LineID) error {
	_, err := tx.Exec(`insert into feed_mark (line, printer, cards, movement, stood) values (?, ?, ?, ?, ?)
		on conflict (line) do update set printer = excluded.printer, cards = excluded.cards, movement = excluded.movement, stood = excluded.stood`,
		line, m.Printer, m.Cards, m.Movement, m.Stood)
	return err
}

// standFeedMark notes that the line stood since its mark.
func standFeedMark(tx *store.Tx, line jobs.LineID) error {
	_, err := tx.Exec(`update feed_mark set stood = ? where line = ?`, true, line)
	return err
}

func dropFeedMark(tx *store.Tx, line jobs.LineID) error {
	_, err := tx.Exec(`delete from feed_mark where line = ?`, line)
	return err
}

// leftHopper counts the blanks that left the hopper of a line by the printer since a movement, less those
// that were taken back.
func leftHopper(tx *store.Tx, line jobs.LineID, since int64) (n int, err error) {
	hopper, shelf := stock.On(stock.Hopper, string(line)).String(), stock.At(stock.Store).String()
	_, err = tx.Get([]any{&n}, `select coalesce(sum(case when from_place = ? then quantity else -quantity end), 0) from stock_movement
		where id > ? and (from_place = ? and to_place <> ? or to_place = ? and from_place <> ? and reason not in (?, ?))`,
		hopper, since, hopper, shelf, hopper, shelf, reasonStayed, stock.NotNamed)
	return n, err
}

// doubtedFeeds counts the feeds of a line since a movement of which nobody knows whether they happened.
func doubtedFeeds(tx *store.Tx, line jobs.LineID, since int64) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select coalesce(sum(quantity), 0) from stock_movement where id > ? and from_place = ? and to_place = ?`,
		since, stock.On(stock.Hopper, string(line)).String(), stock.At(stock.Doubt).String())
	return n, err
}

func newestMovement(tx *store.Tx) (n int64, err error) {
	_, err = tx.Get([]any{&n}, `select coalesce(max(id), 0) from stock_movement`)
	return n, err
}
