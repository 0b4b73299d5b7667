package registry

import (
	"iter"

	"blanko/ktp"
	"blanko/store"
)

func galleryMark(tx *store.Tx) (mark int64, err error) {
	_, err = tx.Get([]any{&mark}, `select coalesce(max(seq), 0) from gallery`)
	return mark, err
}

func keepEnrolled(tx *store.Tx, app Application, f ktp.Finger, template []byte) error {
	var seq int64
	if _, err := tx.Get([]any{&seq}, `insert into gallery (application, person, finger, sealed_template) values (?, ?, ?, ?) returning seq`, app.ID, app.person, int(f), []byte{}); err != nil {
		return err
	}
	_, err := tx.Exec(`update gallery set sealed_template = ? where seq = ?`, sealedEnrolled.SealBytes(template, seq), seq)
	return err
}

// enrolledBut are the fingers of everybody but one person, behind a mark of the gallery.
func enrolledBut(tx *store.Tx, person []byte, behind int64) iter.Seq2[Enrolled, error] {
	return enrolled(tx, `where person <> ? and seq > ?`, person, behind)
}

// enrolledOf are the fingers of one person.
func enrolledOf(tx *store.Tx, person []byte) iter.Seq2[Enrolled, error] {
	return enrolled(tx, `where person = ?`, person)
}

func enrolled(tx *store.Tx, where string, args ...any) iter.Seq2[Enrolled, error] {
	return func(yield func(Enrolled, error) bool) {
		more := true
		err := tx.Each(func(scan func(...any) error) error {
			var e Enrolled
			var seq int64
			err := scan(&seq, &e.Application, &e.Finger, sealedEnrolled.OpenBytes(&e.Template, &seq))
			if err == nil && more {
				more = yield(e, nil)
			}
			return err
		}, `select seq, application, finger, sealed_template from gallery `+where+` order by seq`, args...)
		if err != nil && more {
			yield(Enrolled{}, err)
		}
	}
}

// searchedTo is the mark of the gallery up to which an application was compared; 0: never.
func searchedTo(tx *store.Tx, id ApplicationID, encounter int) (mark int64, err error) {
	_, err = tx.Get([]any{&mark}, `select mark from searched where application = ? and encounter = ?`, id, encounter)
	return mark, err
}

func keepSearched(tx *store.Tx, id ApplicationID, encounter int, mark int64) error {
	_, err := tx.Exec(`insert into searched (application, encounter, mark) values (?, ?, ?)
		on conflict (application) do update set encounter = excluded.encounter, mark = excluded.mark`, id, encounter, mark)
	return err
}

func keepCandidates(tx *store.Tx, id ApplicationID, list []Candidate) error {
	if _, err := tx.Exec(`delete from candidate where application = ?`, id); err != nil {
		return err
	}
	for _, c := range list {
		if _, err := tx.Exec(`insert into candidate (application, other, score) values (?, ?, ?)`, id, c.Application, c.Score); err != nil {
			return err
		}
	}
	return nil
}

func candidatesOf(tx *store.Tx, id ApplicationID) (list []Candidate, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c Candidate
		err := scan(&c.Application, &c.Score)
		list = append(list, c)
		return err
	}, `select other, score from candidate where application = ? order by score desc, other`, id)
	return list, err
}
