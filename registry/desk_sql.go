package registry

import (
	"crypto/sha256"
	"time"

	"blanko/store"
)

const deskColumns = `id, place, code, taken_code, certificate, invited_by, expires_at, paired_at, revoked_at`

func (d Desk) save(tx *store.Tx) error {
	var certificate []byte
	if d.Certificate != ([sha256.Size]byte{}) {
		certificate = d.Certificate[:]
	}
	_, err := tx.Exec(`insert into desk (`+deskColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set place = excluded.place, code = excluded.code, taken_code = excluded.taken_code, certificate = excluded.certificate, invited_by = excluded.invited_by,
			expires_at = excluded.expires_at, paired_at = excluded.paired_at, revoked_at = excluded.revoked_at`,
		d.ID, d.Place, d.Code, d.Taken, certificate, d.InvitedBy, store.Micros(d.ExpiresAt), store.Micros(d.PairedAt), store.Micros(d.RevokedAt))
	return err
}

func desks(tx *store.Tx, where string, args ...any) (list []Desk, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d Desk
		var certificate []byte
		var expires, paired, revoked int64
		err := scan(&d.ID, &d.Place, &d.Code, &d.Taken, &certificate, &d.InvitedBy, &expires, &paired, &revoked)
		copy(d.Certificate[:], certificate)
		d.ExpiresAt, d.PairedAt, d.RevokedAt = store.Time(expires), store.Time(paired), store.Time(revoked)
		list = append(list, d)
		return err
	}, `select `+deskColumns+` from desk `+where, args...)
	return list, err
}

func oneDesk(list []Desk, err error) (Desk, bool, error) {
	if err != nil || len(list) == 0 {
		return Desk{}, false, err
	}
	return list[0], true, nil
}

func deskByID(tx *store.Tx, id string) (Desk, bool, error) {
	return oneDesk(desks(tx, `where id = ?`, id))
}

func deskByCode(tx *store.Tx, hash [sha256.Size]byte) (Desk, bool, error) {
	return oneDesk(desks(tx, `where code = ?`, hash[:]))
}

func deskByTaken(tx *store.Tx, hash [sha256.Size]byte) (Desk, bool, error) {
	return oneDesk(desks(tx, `where taken_code = ?`, hash[:]))
}

func deskByCertificate(tx *store.Tx, hash [sha256.Size]byte) (Desk, bool, error) {
	return oneDesk(desks(tx, `where certificate = ?`, hash[:]))
}

// deskTicket lets a desk act once for a person.
type deskTicket struct {
	hash [sha256.Size]byte
	DeskTicket
	expires time.Time
}

// save writes a ticket, and forgets those that have run out.
func (t deskTicket) save(tx *store.Tx) error {
	if _, err := tx.Exec(`delete from desk_ticket where expires_at < ?`, store.Micros(tx.Now())); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into desk_ticket (hash, person, session, act, desk, application, chip, confirmed, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.hash[:], t.Person, t.Session, t.Act, t.Desk, t.Application, t.Chip, t.Confirmed, store.Micros(t.expires))
	return err
}

// dropTicket forgets one that was used.
func dropTicket(tx *store.Tx, hash [sha256.Size]byte) error {
	_, err := tx.Exec(`delete from desk_ticket where hash = ?`, hash[:])
	return err
}

// dropTickets forgets what desks may do for a person whose pages were closed.
func dropTickets(tx *store.Tx, person string) error {
	_, err := tx.Exec(`delete from desk_ticket where person = ?`, person)
	return err
}

func ticketByHash(tx *store.Tx, hash [sha256.Size]byte) (t deskTicket, found bool, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var expires int64
		err := scan(&t.Person, &t.Session, &t.Act, &t.Desk, &t.Application, &t.Chip, &t.Confirmed, &expires)
		t.hash, t.expires, found = hash, store.Time(expires), true
		return err
	}, `select person, session, act, desk, application, chip, confirmed, expires_at from desk_ticket where hash = ?`, hash[:])
	return t, found, err
}
