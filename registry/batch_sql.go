package registry

import (
	"encoding/json"

	"blanko/store"
)

func (b Batch) insert(tx *store.Tx) error {
	content, err := json.Marshal(b.Applications)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into batch (id, content, drawn_for, created_at, state) values (?, ?, ?, ?, ?)`,
		b.ID, string(content), b.DrawnFor, store.Micros(tx.Now()), b.State); err != nil {
		return err
	}
	for _, app := range b.Sample {
		if _, err := tx.Exec(`insert into batch_sample (batch, application, opened_by, opened_at) values (?, ?, '', 0)`, b.ID, app); err != nil {
			return err
		}
	}
	return nil
}

func batchByID(tx *store.Tx, id string) (b Batch, found bool, err error) {
	var content string
	var drawn int64
	if found, err = tx.Get([]any{&b.ID, &content, &b.DrawnFor, &b.State, &drawn}, `select id, content, drawn_for, state, created_at from batch where id = ?`, id); err != nil || !found {
		return b, found, err
	}
	b.DrawnAt = store.Time(drawn)
	if err := json.Unmarshal([]byte(content), &b.Applications); err != nil {
		return b, true, err
	}
	return b, true, tx.Each(func(scan func(...any) error) error {
		var app ApplicationID
		var by string
		var at int64
		err := scan(&app, &by, &at)
		b.Sample = append(b.Sample, app)
		if by != "" {
			b.Opened = append(b.Opened, app)
			if tx.Now().Sub(store.Time(at)) < lookLasts {
				b.Shown = append(b.Shown, app)
			}
		}
		return err
	}, `select application, opened_by, opened_at from batch_sample where batch = ? order by application`, id)
}

// batchesDrawnFor leaves out those of whose sample something was decided since: they are approved no more.
func batchesDrawnFor(tx *store.Tx, person string, limit int) (ids []string, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, `select b.id from batch b where b.drawn_for = ? and b.state = 'open' and not exists (
			select 1 from batch_sample s join application a on a.id = s.application where s.batch = b.id and a.state <> ?)
		order by b.created_at desc, b.id limit ?`, person, PrintReady, limit)
	return ids, err
}

// drawnUnopened are the applications that were drawn for a person in batches that are open yet, and
// that the person has not opened since.
func drawnUnopened(tx *store.Tx, person string) (list []ApplicationID, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var app ApplicationID
		err := scan(&app)
		list = append(list, app)
		return err
	}, `select distinct s.application from batch_sample s join batch b on b.id = s.batch join application a on a.id = s.application
		where b.drawn_for = ? and b.state = 'open' and a.state = ? and not exists (select 1 from batch_sample o where o.application = s.application and o.opened_by = ?)
		order by s.application`, person, PrintReady, person)
	return list, err
}

func openSample(tx *store.Tx, batch string, app ApplicationID, by string) error {
	_, err := tx.Exec(`update batch_sample set opened_by = ?, opened_at = ? where batch = ? and application = ?`, by, store.Micros(tx.Now()), batch, app)
	return err
}

func (b Batch) close(tx *store.Tx) error {
	_, err := tx.Exec(`update batch set state = 'approved' where id = ?`, b.ID)
	return err
}
