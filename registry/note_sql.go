package registry

import "blanko/store"

const noteColumns = `event, operation, application, actor, at, erased_at`

func (n Note) save(tx *store.Tx, text string) error {
	_, err := tx.Exec(`insert into note (`+noteColumns+`, sealed_text) values (?, ?, ?, ?, ?, ?, ?)`,
		n.Event, n.Operation, n.Application, n.Actor, store.Micros(n.At), store.Micros(n.ErasedAt), sealedNote.Seal(text, n.Event))
	return err
}

func notes(tx *store.Tx, where string, args ...any) (list []Note, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var n Note
		var at, erased int64
		err := scan(&n.Event, &n.Operation, &n.Application, &n.Actor, &at, &erased)
		n.At, n.ErasedAt = store.Time(at), store.Time(erased)
		list = append(list, n)
		return err
	}, `select `+noteColumns+` from note `+where, args...)
	return list, err
}

func noteOf(tx *store.Tx, event int64) (Note, bool, error) {
	list, err := notes(tx, `where event = ?`, event)
	if err != nil || len(list) == 0 {
		return Note{}, false, err
	}
	return list[0], true, nil
}

func noteText(tx *store.Tx, event int64) (text string, err error) {
	_, err = tx.Get([]any{sealedNote.Open(&text, event)}, `select sealed_text from note where event = ?`, event)
	return text, err
}
