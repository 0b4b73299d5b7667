package registry

import (
	"blanko/store"
)

const complaintColumns = `id, number, channel, state, subject, application, chip, verifiable, foreign_number, received_at, received_by, assigned_to, due,
	verified_at, verified_by, finding, answered_at, answered_by, closed_at, erased_at, sealed_content`

func complaints(tx *store.Tx, where string, args ...any) (list []Complaint, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c Complaint
		var received, due, verified, answered, closed, erased int64
		var content string
		if err := scan(&c.ID, &c.Number, &c.Channel, &c.State, &c.Subject, &c.Application, &c.Chip, &c.Verifiable, &c.ForeignNumber, &received, &c.ReceivedBy,
			&c.AssignedTo, &due, &verified, &c.VerifiedBy, &c.Finding, &answered, &c.AnsweredBy, &closed, &erased, sealedComplaint.Open(&content, &c.ID)); err != nil {
			return err
		}
		c.ReceivedAt, c.Due, c.VerifiedAt, c.AnsweredAt = store.Time(received), store.Time(due), store.Time(verified), store.Time(answered)
		c.ClosedAt, c.ErasedAt = store.Time(closed), store.Time(erased)
		if content != "" {
			if err := unsealed(content, &c.Content); err != nil {
				return err
			}
		}
		list = append(list, c)
		return nil
	}, `select `+complaintColumns+` from complaint `+where, args...)
	return list, err
}

func complaintByID(tx *store.Tx, id string) (Complaint, bool, error) {
	list, err := complaints(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Complaint{}, false, err
	}
	return list[0], true, nil
}

func complaintsIn(tx *store.Tx, l Worklist) ([]Complaint, error) {
	var w store.Where
	w.And(l.those(`state in ('received', 'verified')`))
	order := ` order by due, id limit ?`
	if l.Over {
		order = ` order by received_at desc, id desc limit ?`
		w.If(l.After, `(received_at, id) < (select received_at, id from complaint where id = ?)`, l.After)
	} else {
		w.If(l.After, `(due, id) > (select due, id from complaint where id = ?)`, l.After)
	}
	list, err := complaints(tx, w.Text()+order, w.Args(l.Limit)...)
	return withoutContent(list), err
}

// complaintNumbered is the id of the complaint with a number; empty where there is none.
func complaintNumbered(tx *store.Tx, number string) (id string, err error) {
	_, err = tx.Get([]any{&id}, `select id from complaint where number = ?`, number)
	return id, err
}

func (c Complaint) save(tx *store.Tx) error {
	content := ""
	if c.Content != (ComplaintContent{}) {
		var err error
		if content, err = sealed(c.Content); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`insert into complaint (`+complaintColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, application = excluded.application, chip = excluded.chip, assigned_to = excluded.assigned_to, verified_at = excluded.verified_at,
			verified_by = excluded.verified_by, finding = excluded.finding, answered_at = excluded.answered_at, answered_by = excluded.answered_by,
			closed_at = excluded.closed_at, erased_at = excluded.erased_at, sealed_content = excluded.sealed_content`,
		c.ID, c.Number, c.Channel, c.State, c.Subject, c.Application, c.Chip, c.Verifiable, c.ForeignNumber, store.Micros(c.ReceivedAt), c.ReceivedBy,
		c.AssignedTo, store.Micros(c.Due), store.Micros(c.VerifiedAt), c.VerifiedBy, c.Finding, store.Micros(c.AnsweredAt), c.AnsweredBy,
		store.Micros(c.ClosedAt), store.Micros(c.ErasedAt), sealedComplaint.Seal(content, c.ID))
	return err
}

func suspects(tx *store.Tx, of Period, limit int) (list []Suspect, err error) {
	since, until := of.bounds()
	for _, q := range []struct{ kind, query string }{
		{"line", `select t.line, count(*) from complaint k join card c on c.chip = k.chip join attempt t on t.id = c.attempt
			where k.subject = 'card' and k.received_at >= ? and k.received_at < ? group by t.line order by count(*) desc, t.line limit ?`},
		{"lot", `select b.lot, count(*) from complaint k join blank b on b.chip = k.chip
			where k.subject = 'card' and k.received_at >= ? and k.received_at < ? group by b.lot order by count(*) desc, b.lot limit ?`},
		{"roll", `select r.serial, count(*) from complaint k join card c on c.chip = k.chip join attempt t on t.id = c.attempt
			join roll r on r.line = t.line and r.fitted_at > 0 and r.fitted_at <= t.started_at and (r.removed_at = 0 or r.removed_at > t.started_at)
			where k.subject = 'card' and k.received_at >= ? and k.received_at < ? group by r.serial order by count(*) desc, r.serial limit ?`},
	} {
		err := tx.Each(func(scan func(...any) error) error {
			s := Suspect{Kind: q.kind}
			err := scan(&s.Item, &s.Count)
			list = append(list, s)
			return err
		}, q.query, since, until, limit)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}
