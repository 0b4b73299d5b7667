package registry

import (
	"encoding/json"

	"blanko/ktp"
	"blanko/store"
)

// Parts of a record that are erased when their use is over.
const (
	partPortrait  = "portrait"
	partSignature = "signature"
)

// fingerParts names the parts of one slot.
var fingerParts = [2]struct{ best60, best40, second string }{
	{"finger.0.60", "finger.0.40", "finger.0.second"},
	{"finger.1.60", "finger.1.40", "finger.1.second"},
}

// keepRecord writes a record in place of what was there of it.
func keepRecord(tx *store.Tx, r ktp.Record, canonical [32]byte) error {
	person, err := json.Marshal(r.Person)
	if err != nil {
		return err
	}
	fingers, err := json.Marshal([2]ktp.Finger{r.Fingers[0].Finger, r.Fingers[1].Finger})
	if err != nil {
		return err
	}
	exceptions, err := json.Marshal(r.Exceptions)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into record (application, version, office, profile, delivery_office, valid_until, parent, person, fingers,
			exceptions, identity_key, identity, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (application) do update set version = excluded.version, office = excluded.office, profile = excluded.profile,
			delivery_office = excluded.delivery_office, valid_until = excluded.valid_until, parent = excluded.parent,
			person = excluded.person, fingers = excluded.fingers, exceptions = excluded.exceptions,
			identity_key = excluded.identity_key, identity = excluded.identity, digest = excluded.digest`,
		r.ID, r.Version, r.Office, r.Profile, r.DeliveryOffice, store.Micros(r.ValidUntil), r.Parent, sealedPerson.Seal(string(person), r.ID),
		sealedFingers.Seal(string(fingers), r.ID), sealedExceptions.Seal(string(exceptions), r.ID), r.Identity.KeyID[:], r.Identity.Signature[:], canonical[:]); err != nil {
		return err
	}
	if err := keepArea(tx, ApplicationID(r.ID), r.Person.RegionCode); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from record_part where application = ?`, r.ID); err != nil {
		return err
	}
	keep := func(name, mime string, data []byte) {
		if err == nil && len(data) > 0 {
			_, err = tx.Exec(`insert into record_part (application, name, mime, data) values (?, ?, ?, ?)`, r.ID, name, mime, sealedPart.SealBytes(data, r.ID, name))
		}
	}
	keep(partPortrait, r.Portrait.MIME, r.Portrait.Data)
	keep(partSignature, r.Signature.MIME, r.Signature.Data)
	for i, f := range r.Fingers {
		keep(fingerParts[i].best60, "", f.Best60)
		keep(fingerParts[i].best40, "", f.Best40)
		keep(fingerParts[i].second, "", f.Second)
	}
	return err
}

// recordPerson reads the person of a record, without its pictures and fingers; none is left of an erased one.
func recordPerson(tx *store.Tx, id ApplicationID) (p ktp.Person, err error) {
	var person string
	found, err := tx.Get([]any{sealedPerson.Open(&person, id)}, `select person from record where application = ?`, id)
	if err == nil && found {
		err = json.Unmarshal([]byte(person), &p)
	}
	return p, err
}

// loadRecord reads the record of an application, without the parts that were erased. Type and
// priority are those of the application.
func loadRecord(tx *store.Tx, app Application) (r ktp.Record, canonical [32]byte, err error) {
	var person, fingers, exceptions string
	var valid int64
	var keyID, signature, digest []byte
	if _, err = tx.Get([]any{
		&r.ID, &r.Version, &r.Office, &r.Profile, &r.DeliveryOffice, &valid, &r.Parent,
		sealedPerson.Open(&person, app.ID), sealedFingers.Open(&fingers, app.ID), sealedExceptions.Open(&exceptions, app.ID), &keyID, &signature, &digest,
	}, `select application, version, office, profile, delivery_office, valid_until, parent,
		person, fingers, exceptions, identity_key, identity, digest from record where application = ?`, app.ID); err != nil {
		return r, canonical, err
	}
	r.Type, r.Priority, r.ValidUntil = app.Type, app.Priority, store.Time(valid)
	copy(r.Identity.KeyID[:], keyID)
	copy(r.Identity.Signature[:], signature)
	copy(canonical[:], digest)
	var positions [2]ktp.Finger
	for text, into := range map[string]any{person: &r.Person, fingers: &positions, exceptions: &r.Exceptions} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return r, canonical, err
		}
	}
	for i, p := range positions {
		r.Fingers[i].Finger = p
	}
	err = tx.Each(func(scan func(...any) error) error {
		var name, mime string
		var data []byte
		if err := scan(&name, &mime, sealedPart.OpenBytes(&data, app.ID, &name)); err != nil {
			return err
		}
		switch name {
		case partPortrait:
			r.Portrait = ktp.Image{MIME: mime, Data: data}
		case partSignature:
			r.Signature = ktp.Image{MIME: mime, Data: data}
		}
		for i, f := range fingerParts {
			switch name {
			case f.best60:
				r.Fingers[i].Best60 = data
			case f.best40:
				r.Fingers[i].Best40 = data
			case f.second:
				r.Fingers[i].Second = data
			}
		}
		return nil
	}, `select name, mime, data from record_part where application = ?`, app.ID)
	return r, canonical, err
}

func signedForm(tx *store.Tx, id ApplicationID) (sum [32]byte, err error) {
	var digest []byte
	_, err = tx.Get([]any{&digest}, `select digest from record where application = ?`, id)
	copy(sum[:], digest)
	return sum, err
}

// eraseFingers removes templates and second impressions; it returns how many parts there were.
func eraseFingers(tx *store.Tx, id ApplicationID) (int64, error) {
	return tx.Exec(`delete from record_part where application = ? and name like 'finger.%'`, id)
}

// erasePictures removes portrait and signature image.
func erasePictures(tx *store.Tx, id ApplicationID) (int64, error) {
	return tx.Exec(`delete from record_part where application = ? and name in ('portrait', 'signature')`, id)
}

// seenMessage tells for which record and version a message id was accepted.
func seenMessage(tx *store.Tx, id string) (record ApplicationID, version int, seen bool, err error) {
	seen, err = tx.Get([]any{&record, &version}, `select record, version from message where id = ?`, id)
	return record, version, seen, err
}

func keepMessage(tx *store.Tx, id string, record ApplicationID, version int) error {
	_, err := tx.Exec(`insert into message (id, record, version) values (?, ?, ?) on conflict (id) do nothing`, id, record, version)
	return err
}

// Tombstone of a withdrawn request, kept for good.
type Tombstone struct {
	ID      ApplicationID
	Version int
	Reason  string
}

func tombstone(tx *store.Tx, id ApplicationID) (t Tombstone, found bool, err error) {
	t.ID = id
	found, err = tx.Get([]any{&t.Version, &t.Reason}, `select version, reason from tombstone where id = ?`, id)
	return t, found, err
}

func keepTombstone(tx *store.Tx, t Tombstone) error {
	_, err := tx.Exec(`insert into tombstone (id, version, reason, at) values (?, ?, ?, ?)`, t.ID, t.Version, t.Reason, store.Micros(tx.Now()))
	return err
}

func keepRefusal(tx *store.Tx, id ApplicationID, version int, code, field string) error {
	_, err := tx.Exec(`insert into refusal (record, version, code, field, at) values (?, ?, ?, ?, ?)`, id, version, code, field, store.Micros(tx.Now()))
	return err
}

// lastRefusal tells how a version of a record was refused last.
func lastRefusal(tx *store.Tx, id ApplicationID, version int) (code, field string, found bool, err error) {
	found, err = tx.Get([]any{&code, &field}, `select code, field from refusal where record = ? and version = ? order by id desc limit 1`, id, version)
	return code, field, found, err
}
