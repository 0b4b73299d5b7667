package registry

import (
	"maps"
	"slices"

	"blanko/ktp"
	"blanko/store"
)

// saveMasters writes down the masters that the keys of a chip follow from, check values by role.
func saveMasters(tx *store.Tx, id ktp.AttemptID, masters map[string]string) error {
	for _, role := range slices.Sorted(maps.Keys(masters)) {
		if _, err := tx.Exec(`insert into chip_key (attempt, role, check_value) values (?, ?, ?) on conflict do nothing`,
			id.String(), role, masters[role]); err != nil {
			return err
		}
	}
	return nil
}

// underMaster counts the cards whose chip has a key of this master, and those of which nothing was
// written down though a key was about to be put on them; destroyed ones are left out.
func underMaster(tx *store.Tx, role, check string) (known, unrecorded int, err error) {
	const there = `select count(distinct b.id) from blank b where b.attempt <> '' and b.place <> 'destroyed' and `
	if _, err := tx.Get([]any{&known}, there+`exists (
		select 1 from chip_key k where k.attempt = b.attempt and k.role = ? and k.check_value = ?)`, role, check); err != nil {
		return 0, 0, err
	}
	_, err = tx.Get([]any{&unrecorded}, there+`exists (
		select 1 from journal j where j.attempt = b.attempt and j.step = 'claim' and j.phase = 'intent')
		and not exists (select 1 from chip_key k where k.attempt = b.attempt and k.role = ?)`, role)
	return known, unrecorded, err
}
