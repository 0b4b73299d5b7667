package registry

import "blanko/store"

// openRestoration is the restoration that nobody has accepted yet.
func openRestoration(tx *store.Tx) (r Restoration, open bool, err error) {
	var copied, at int64
	open, err = tx.Get([]any{&r.id, &copied, &at, &r.Center}, `select id, copied_at, at, center from restoration where accepted_at = 0 order by id desc limit 1`)
	r.Copied, r.At = store.Time(copied), store.Time(at)
	return r, open, err
}

func (r Restoration) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into restoration (id, copied_at, at, center) values ((select coalesce(max(id), 0) + 1 from restoration), ?, ?, ?)`,
		store.Micros(r.Copied), store.Micros(r.At), r.Center)
	return err
}

// acceptRestorations ends every open one.
func acceptRestorations(tx *store.Tx, actor, second string) error {
	_, err := tx.Exec(`update restoration set accepted_at = ?, actor = ?, second = ? where accepted_at = 0`, store.Micros(tx.Now()), actor, second)
	return err
}

func forgetFeedCursor(tx *store.Tx, office string) error {
	_, err := tx.Exec(`delete from feed_cursor where office = ?`, office)
	return err
}

// reconciled is the newest report that was made after the restoration.
func (r Restoration) reconciled(tx *store.Tx) (rep Reconciliation, found bool, err error) {
	list, err := reconciliations(tx, `where at > ? order by at desc limit 1`, store.Micros(r.At))
	if err != nil || len(list) == 0 {
		return rep, false, err
	}
	return list[0], true, nil
}

// insert takes a found card down; fresh is false where it was found before.
func (c FoundCard) insert(tx *store.Tx, res Restoration) (fresh bool, err error) {
	n, err := tx.Exec(`insert into restoration_found (chip, restoration, person, application, found_at, actor) values (?, ?, ?, ?, ?, ?) on conflict (restoration, chip) do nothing`,
		string(c.Chip), res.id, c.person, string(c.Application), store.Micros(c.At), c.By)
	return n == 1, err
}

// found are the cards that were found since.
func (r Restoration) found(tx *store.Tx) (list []FoundCard, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c FoundCard
		var at int64
		err := scan(&c.Chip, &c.person, &c.Application, &at, &c.By)
		c.At = store.Time(at)
		list = append(list, c)
		return err
	}, `select chip, person, application, found_at, actor from restoration_found where restoration = ? order by found_at, chip`, r.id)
	return list, err
}
