package registry

import "blanko/store"

const intakeColumns = `application, receipt, place, delivery, district, list, resident, standard, standard_hash, complete_at, ready_at, sealed_person, sealed_detail`

func (in Intake) save(tx *store.Tx) error {
	person, err := sealed(in.Person)
	if err != nil {
		return err
	}
	detail, err := sealed(in.Detail)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`insert into intake (`+intakeColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (application) do update set delivery = excluded.delivery, ready_at = excluded.ready_at`,
		in.Application, in.Receipt, in.Place, in.Delivery, in.District, in.List, in.Resident, in.Standard, in.StandardHash,
		store.Micros(in.CompleteAt), store.Micros(in.ReadyAt), sealedApplicant.Seal(person, in.Application), sealedDetail.Seal(detail, in.Application))
	if err != nil {
		return err
	}
	return keepArea(tx, in.Application, in.Person.RegionCode)
}

func intakeBy(tx *store.Tx, where string, args ...any) (in Intake, found bool, err error) {
	var complete, ready int64
	var person, detail string
	found, err = tx.Get([]any{
		&in.Application, &in.Receipt, &in.Place, &in.Delivery, &in.District, &in.List, &in.Resident, &in.Standard, &in.StandardHash,
		&complete, &ready, sealedApplicant.Open(&person, &in.Application), sealedDetail.Open(&detail, &in.Application),
	}, `select `+intakeColumns+` from intake `+where, args...)
	if err != nil || !found {
		return in, found, err
	}
	in.CompleteAt, in.ReadyAt = store.Time(complete), store.Time(ready)
	if err := unsealed(person, &in.Person); err != nil {
		return in, true, err
	}
	return in, true, unsealed(detail, &in.Detail)
}

func (r Requirement) insert(tx *store.Tx, id ApplicationID) error {
	_, err := tx.Exec(`insert into requirement (application, id, evidence, sealed_number, override, second) values (?, ?, ?, ?, ?, ?)`,
		id, r.ID, r.Evidence, sealedNumber.Seal(r.Number, id, r.ID), r.Override, r.Second)
	return err
}

func requirementsOf(tx *store.Tx, id ApplicationID) (list []Requirement, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var r Requirement
		err := scan(&r.ID, &r.Evidence, sealedNumber.Open(&r.Number, id, &r.ID), &r.Override, &r.Second)
		list = append(list, r)
		return err
	}, `select id, evidence, sealed_number, override, second from requirement where application = ? order by id`, id)
	return list, err
}
