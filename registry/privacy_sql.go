package registry

import (
	"strings"
	"time"

	"blanko/ktp"
	"blanko/store"
)

// unmaskedSince counts somebody's looks at personal data, and those of a kind among them.
func unmaskedSince(tx *store.Tx, person, kind string, since time.Time) (n, of int, err error) {
	_, err = tx.Get([]any{&n, &of}, `select count(*), coalesce(sum(case when kind = ? then 1 else 0 end), 0) from unmasking where person = ? and at >= ?`,
		kind, person, store.Micros(since))
	return n, of, err
}

// unmaskedJust reports whether somebody has looked at the person of an application since a time.
func unmaskedJust(tx *store.Tx, person, application string, since time.Time) (bool, error) {
	var one int
	return tx.Get([]any{&one}, `select 1 from unmasking where person = ? and at >= ? and kind = 'application' and item = ? limit 1`, person, store.Micros(since), application)
}

func keepUnmasking(tx *store.Tx, person, kind, item, reason string) error {
	_, err := tx.Exec(`insert into unmasking (person, at, kind, item, reason) values (?, ?, ?, ?, ?)`, person, store.Micros(tx.Now()), kind, item, reason)
	return err
}

// ended are the applications whose end lies before a time.
const (
	endStates = `('handed over', 'passed on', 'rejected', 'cancelled', 'withdrawn', 'closed')`
	ended     = `(select id from application where state in ` + endStates + ` and since < ?)`
)

// erasures remove the personal data of a class; the parameters of a query are now, and the time before which
// what the class counts from must lie. Bytes are erased by their empty beginning, as SQLite takes no text for
// bytes. Those of fingers and pictures go with their own steps, a capture with the center's record or by its row.
var erasures = []struct {
	class  string
	remove func(tx *store.Tx, before time.Time) (int64, error)
}{
	{"capture", eraseCaptures},
	{"gallery", erasedBy(`delete from gallery where cast(? as bigint) > 0 and not exists (select 1 from card c where c.person = gallery.person and c.state in ('made', 'in force'))
		and not exists (select 1 from card c where c.person = gallery.person and c.retired_at >= ?)
		and not exists (select 1 from application a where a.person = gallery.person and not (a.state in ` + endStates + ` and (a.state = 'handed over' or a.since < ?)))`)},
	{"attachments", erasedBy(`update attachment set sealed_data = substr(sealed_data, 1, 0), erased_at = ? where erased_at = 0 and application in ` + ended)},
	{"confirmation", erasedBy(`update confirmation set sealed_proof = substr(sealed_proof, 1, 0) where cast(? as bigint) > 0 and length(sealed_proof) > 0 and application in ` + ended)},
	{"person", erasedBy(`update intake set sealed_person = '{}', sealed_detail = '{}' where cast(? as bigint) > 0 and sealed_person <> '{}' and application in ` + ended)},
	{"person", erasedBy(`update requirement set sealed_number = '' where cast(? as bigint) > 0 and sealed_number <> '' and application in ` + ended)},
	{"person", eraseRecords},
	{"person", erasedBy(`delete from credential_others where cast(? as bigint) > 0 and attempt in (select attempt from card where application in ` + ended + `)`)},
	{"proxy", erasedBy(`update handover set sealed_to = '' where cast(? as bigint) > 0 and sealed_to <> '' and at < ?`)},
	{"complaints", erasedBy(`update complaint set sealed_content = '', erased_at = ? where erased_at = 0 and answered_at > 0 and answered_at < ?`)},
	{"witnesses", erasedBy(`update destruction set sealed_witnesses = '[]' where cast(? as bigint) > 0 and sealed_witnesses not in ('[]', 'null') and ended_at > 0 and ended_at < ?`)},
	{"witnesses", erasedBy(`update picture set sealed_data = substr(sealed_data, 1, 0) where cast(? as bigint) > 0 and length(sealed_data) > 0 and at < ?`)},
	{"notes", erasedBy(`update note set sealed_text = '', erased_at = ? where erased_at = 0 and at < ?`)},
	{"residents", eraseResidents},
	{"foreign", erasedBy(`update foreign_card set sealed_detail = '' where cast(? as bigint) > 0 and sealed_detail <> '' and id in
		(select i.item from destruction_item i join destruction d on d.id = i.destruction where i.kind = 'foreign' and d.ended_at > 0 and d.ended_at < ?)`)},
}

func erasedBy(query string) func(*store.Tx, time.Time) (int64, error) {
	return func(tx *store.Tx, before time.Time) (int64, error) {
		args := []any{store.Micros(tx.Now())}
		for range strings.Count(query, "?") - 1 {
			args = append(args, store.Micros(before))
		}
		return tx.Exec(query, args...)
	}
}

// eraseCaptures removes what was captured of applications that hang at the center, which took it before. It is sent
// again no more: whoever is asked for more is captured anew.
func eraseCaptures(tx *store.Tx, before time.Time) (n int64, err error) {
	var list []ApplicationID
	if err := tx.Each(func(scan func(...any) error) error {
		var id ApplicationID
		err := scan(&id)
		list = append(list, id)
		return err
	}, `select a.id from application a join capture c on c.application = a.id
		where a.state in ('at center', 'duplicate', 'adjudicate', 'enroll failure', 'search failure') and c.erased_at = 0
			and exists (select 1 from enrolment e where e.application = a.id and e.taken_at > 0 and e.taken_at < ?)
			and not exists (select 1 from enrolment e where e.application = a.id and (e.taken_at = 0 or e.taken_at >= ?))
		order by a.id`, store.Micros(before), store.Micros(before)); err != nil {
		return 0, err
	}
	for _, id := range list {
		if _, err := eraseCapture(tx, id); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// eraseResidents takes away the rows of lists that were replaced, or begun and never taken into use; the latter are
// ended with it.
func eraseResidents(tx *store.Tx, before time.Time) (int64, error) {
	n, err := tx.Exec(`delete from resident where list in (select version from resident_list where state <> 'in use' and changed_at < ?)`, store.Micros(before))
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`update resident_list set state = 'replaced' where state = 'open' and changed_at < ?`, store.Micros(before))
	return n, err
}

// recordsAtOnce is how many records a round erases, as the lines wait for it meanwhile.
const recordsAtOnce = 1000

// eraseRecords takes the person out of records whose application ended before. What a card in force is
// judged by stays: whether it is a foreign resident's, and its last day.
func eraseRecords(tx *store.Tx, before time.Time) (int64, error) {
	left := map[ApplicationID]string{}
	err := tx.Each(func(scan func(...any) error) error {
		var id ApplicationID
		var text string
		if err := scan(&id, sealedPerson.Open(&text, &id)); err != nil {
			return err
		}
		var p ktp.Person
		if err := unsealed(text, &p); err != nil {
			return err
		}
		rest, err := sealed(ktp.Person{Nationality: p.Nationality, Validity: p.Validity})
		left[id] = rest
		return err
	}, `select application, person from record where erased_at = 0 and application in `+ended+` order by application limit ?`, store.Micros(before), recordsAtOnce)
	if err != nil {
		return 0, err
	}
	for id, rest := range left {
		if _, err := tx.Exec(`update record set person = ?, exceptions = 'null', erased_at = ? where application = ?`, sealedPerson.Seal(rest, id), store.Micros(tx.Now()), id); err != nil {
			return 0, err
		}
	}
	return int64(len(left)), nil
}

const breachColumns = `id, state, found_at, notify_by, found_by, notified_at, closed_at, people, sealed_content`

func breaches(tx *store.Tx, where string, args ...any) (list []Breach, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var b Breach
		var found, notify, notified, closed int64
		var content string
		if err := scan(&b.ID, &b.State, &found, &notify, &b.FoundBy, &notified, &closed, &b.People, sealedBreach.Open(&content, &b.ID)); err != nil {
			return err
		}
		b.FoundAt, b.NotifyBy, b.NotifiedAt, b.ClosedAt = store.Time(found), store.Time(notify), store.Time(notified), store.Time(closed)
		if err := unsealed(content, &b.Content); err != nil {
			return err
		}
		list = append(list, b)
		return nil
	}, `select `+breachColumns+` from breach `+where, args...)
	return list, err
}

func breachByID(tx *store.Tx, id string) (Breach, bool, error) {
	list, err := breaches(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Breach{}, false, err
	}
	return list[0], true, nil
}

func (b Breach) save(tx *store.Tx) error {
	content, err := sealed(b.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into breach (`+breachColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, notified_at = excluded.notified_at, closed_at = excluded.closed_at,
			sealed_content = excluded.sealed_content`,
		b.ID, b.State, store.Micros(b.FoundAt), store.Micros(b.NotifyBy), b.FoundBy, store.Micros(b.NotifiedAt), store.Micros(b.ClosedAt), b.People, sealedBreach.Seal(content, b.ID))
	return err
}
