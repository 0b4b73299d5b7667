package registry

import "blanko/store"

const paperColumns = `number, code, kind, subject, application, office, place, issued_at, issued_by, pages, digest, copies, state, ended_at, reason`

func papers(tx *store.Tx, where string, args ...any) (list []Paper, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var p Paper
		var issued, ended int64
		err := scan(&p.Number, &p.Code, &p.Kind, &p.Subject, &p.Application, &p.Office, &p.Place, &issued, &p.IssuedBy, &p.Pages, &p.Digest, &p.Copies,
			&p.State, &ended, &p.Reason)
		p.IssuedAt, p.EndedAt = store.Time(issued), store.Time(ended)
		list = append(list, p)
		return err
	}, `select `+paperColumns+` from paper `+where, args...)
	return list, err
}

func onePaper(tx *store.Tx, where string, args ...any) (Paper, bool, error) {
	list, err := papers(tx, where, args...)
	if err != nil || len(list) == 0 {
		return Paper{}, false, err
	}
	return list[0], true, nil
}

func mustPaper(tx *store.Tx, where string, args ...any) (Paper, error) {
	p, found, err := onePaper(tx, where, args...)
	if err == nil && !found {
		err = unknownID.At("registry.paper", nil).With("paper", "no such paper was issued")
	}
	return p, err
}

// nextPaper counts on within a kind and year.
func nextPaper(tx *store.Tx, kind PaperKind, year string) (n int, err error) {
	if _, err = tx.Exec(`insert into paper_series (kind, year, last) values (?, ?, 1)
		on conflict (kind, year) do update set last = paper_series.last + 1`, kind, year); err != nil {
		return 0, err
	}
	_, err = tx.Get([]any{&n}, `select last from paper_series where kind = ? and year = ?`, kind, year)
	return n, err
}

func (p Paper) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into paper (`+paperColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (number) do update set copies = excluded.copies, state = excluded.state, ended_at = excluded.ended_at, reason = excluded.reason`,
		p.Number, p.Code, p.Kind, p.Subject, p.Application, p.Office, p.Place, store.Micros(p.IssuedAt), p.IssuedBy, p.Pages, p.Digest, p.Copies,
		p.State, store.Micros(p.EndedAt), p.Reason)
	return err
}
