package registry

import (
	"encoding/json"

	"blanko/ktp"
	"blanko/store"
)

// credentialStatusSQL is Credential.Status in the database.
const credentialStatusSQL = `(case when c.state in ('retired', 'destroyed') then 'REVOKED' when t.state = 'in doubt' then 'OTHER'
	when c.held <> '' then 'SUSPENDED' when c.state = 'made' and c.passed_on_at > 0 then 'OTHER' when c.state = 'made' then 'NEW' else 'ACTIVE' end)`

// credentialMatchedSQL is Credential.Matched in the database: the holder was matched with this card, and no proxy took it since.
var credentialMatchedSQL = `(case when coalesce(h.matched, 1) = 1 and 'matched' = ` + lastResult("c.application", "c.chip") + ` then 1 else 0 end)`

func credentials(tx *store.Tx, where string, args ...any) (list []Credential, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var c Credential
		var attempt, person, others string
		var made, inForce, retired, passed int64
		var doubt int
		if err := scan(&c.Card.Chip, &attempt, &c.Card.Application, &c.Card.person, &c.Card.State, &c.Card.Held, &c.Card.Cause, &made, &inForce, &retired, &passed,
			&c.Profile, &c.Version, sealedPerson.Open(&person, &c.Card.Application), &doubt, &c.Matched, &c.State, sealedOthers.Open(&others, &attempt)); err != nil {
			return err
		}
		c.Card.MadeAt, c.Card.InForceAt, c.Card.RetiredAt, c.Card.PassedOnAt = store.Time(made), store.Time(inForce), store.Time(retired), store.Time(passed)
		c.Doubt = doubt == 1
		var p ktp.Person
		if err := json.Unmarshal([]byte(person), &p); err != nil {
			return err
		}
		c.NIK, c.Foreign = p.NIK, p.Foreign()
		if c.Foreign {
			c.Expiry = p.Validity
		}
		if others != "" {
			if err := unsealed(others, &c.Others); err != nil {
				return err
			}
		}
		c.Card.Attempt, err = ktp.ParseAttemptID(attempt)
		list = append(list, c)
		return err
	}, `select c.chip, c.attempt, c.application, c.person, c.state, c.held, c.cause, c.made_at, c.in_force_at, c.retired_at, c.passed_on_at,
			r.profile, r.version, r.person, case when t.state = 'in doubt' then 1 else 0 end, `+credentialMatchedSQL+`, p.state, coalesce(o.sealed_others, '')
		from card c join application p on p.id = c.application join record r on r.application = c.application
			join attempt t on t.id = c.attempt left join credential_others o on o.attempt = c.attempt left join handover h on h.application = c.application and h.chip = c.chip `+where, args...)
	return list, err
}

// othersOf is what the center keeps with a card, as it was kept; empty: nothing.
func othersOf(tx *store.Tx, id ktp.AttemptID) (text string, err error) {
	_, err = tx.Get([]any{sealedOthers.Open(&text, id.String())}, `select sealed_others from credential_others where attempt = ?`, id.String())
	return text, err
}

func keepOthers(tx *store.Tx, id ktp.AttemptID, text string) error {
	_, err := tx.Exec(`insert into credential_others (attempt, sealed_others) values (?, ?)
		on conflict (attempt) do update set sealed_others = excluded.sealed_others`, id.String(), sealedOthers.Seal(text, id.String()))
	return err
}
