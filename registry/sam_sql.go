package registry

import (
	"blanko/keys"
	"blanko/ktp"
	"blanko/store"
)

const samColumns = `serial, generation, check_value, place, seal, uses, days, state, issued_by, issued_at, ended_by, ended_at, reason`

func (s SAM) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into sam (`+samColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (serial) do update set state = excluded.state, ended_by = excluded.ended_by, ended_at = excluded.ended_at, reason = excluded.reason`,
		s.Serial, s.Generation, s.Check, s.Place, s.Seal, s.Uses, s.Days, s.State, s.IssuedBy, store.Micros(s.IssuedAt), s.EndedBy, store.Micros(s.EndedAt), s.Reason)
	return err
}

func sams(tx *store.Tx, where string, args ...any) (list []SAM, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var s SAM
		var issued, ended int64
		err := scan(&s.Serial, &s.Generation, &s.Check, &s.Place, &s.Seal, &s.Uses, &s.Days, &s.State, &s.IssuedBy, &issued, &s.EndedBy, &ended, &s.Reason)
		s.IssuedAt, s.EndedAt = store.Time(issued), store.Time(ended)
		list = append(list, s)
		return err
	}, `select `+samColumns+` from sam `+where, args...)
	for i := range list {
		if err == nil {
			err = list[i].renewed(tx)
		}
	}
	return list, err
}

// renewed adds what the renewals say.
func (s *SAM) renewed(tx *store.Tx) error {
	all, err := samRenewals(tx, `where serial = ? order by at desc, id`, s.Serial)
	if err != nil || len(all) == 0 {
		return err
	}
	s.Renewals, s.RenewedAt, s.Granted, s.Until, s.firstRenewal = len(all), all[0].At, all[0].Uses, all[0].Until, all[len(all)-1].At
	for _, n := range all {
		s.Spent += n.Spent
	}
	return nil
}

func samBySerial(tx *store.Tx, serial string) (SAM, bool, error) {
	list, err := sams(tx, `where serial = ?`, serial)
	if err != nil || len(list) == 0 {
		return SAM{}, false, err
	}
	return list[0], true, nil
}

const renewalColumns = `id, serial, desk, at, spent, uses, until`

func (n SAMRenewal) insert(tx *store.Tx) error {
	_, err := tx.Exec(`insert into sam_renewal (`+renewalColumns+`) values (?, ?, ?, ?, ?, ?, ?)`,
		n.ID, n.Serial, n.Desk, store.Micros(n.At), n.Spent, n.Uses, store.Micros(n.Until))
	return err
}

func samRenewals(tx *store.Tx, where string, args ...any) (list []SAMRenewal, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var n SAMRenewal
		var at, until int64
		err := scan(&n.ID, &n.Serial, &n.Desk, &at, &n.Spent, &n.Uses, &until)
		n.At, n.Until = store.Time(at), store.Time(until)
		list = append(list, n)
		return err
	}, `select `+renewalColumns+` from sam_renewal `+where, args...)
	return list, err
}

// retireMaster writes that no card is made under a master any more; twice is once, unless it was restored between.
func retireMaster(tx *store.Tx, role keys.Role, check, actor, sam string) error {
	_, err := tx.Exec(`insert into master_retired (role, check_value, at, actor, sam) values (?, ?, ?, ?, ?)
		on conflict (role, check_value) do update set at = excluded.at, actor = excluded.actor, sam = excluded.sam, restored_at = 0
		where master_retired.restored_at <> 0`, role, check, store.Micros(tx.Now()), actor, sam)
	return err
}

// restoreMaster writes that cards are made under a master again.
func restoreMaster(tx *store.Tx, role keys.Role, check string) error {
	_, err := tx.Exec(`update master_retired set restored_at = ? where role = ? and check_value = ?`, store.Micros(tx.Now()), role, check)
	return err
}

func masterRetired(tx *store.Tx, role keys.Role, check string) (bool, error) {
	var at int64
	return tx.Get([]any{&at}, `select at from master_retired where role = ? and check_value = ? and restored_at = 0`, role, check)
}

// cardsUnderMaster are the cards of underMaster, one by one.
func cardsUnderMaster(tx *store.Tx, role keys.Role, check string) (list []AffectedCard, err error) {
	recorded := map[ktp.ChipUID]bool{}
	known, err := cards(tx, `where state <> 'destroyed' and exists (select 1 from chip_key k where k.attempt = card.attempt and k.role = ? and k.check_value = ?)`, role, check)
	if err != nil {
		return nil, err
	}
	for _, c := range known {
		recorded[c.Chip] = true
	}
	all, err := cards(tx, `where state <> 'destroyed' and (exists (select 1 from chip_key k where k.attempt = card.attempt and k.role = ? and k.check_value = ?)
		or not exists (select 1 from chip_key k where k.attempt = card.attempt and k.role = ?)) order by chip`, role, check, role)
	for _, c := range all {
		list = append(list, AffectedCard{c, recorded[c.Chip]})
	}
	return list, err
}
