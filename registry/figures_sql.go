package registry

import "blanko/store"

func refusalsByCode(tx *store.Tx) (map[string]int, error) {
	return byName(tx, map[string]int{}, `select code, count(*) from refusal group by code`)
}

// rollsStored has a row for each kind, also where none is left.
func rollsStored(tx *store.Tx) (map[string]int, error) {
	counts := map[string]int{}
	for _, kind := range rollKinds {
		counts[kind] = 0
	}
	return byName(tx, counts, `select kind, count(*) from roll where state = ? group by kind`, RollStored)
}

// byName adds the rows of a question of names and counts.
func byName(tx *store.Tx, counts map[string]int, query string, args ...any) (map[string]int, error) {
	return counts, tx.Each(func(scan func(...any) error) error {
		var name string
		var n int
		if err := scan(&name, &n); err != nil {
			return err
		}
		counts[name] = n
		return nil
	}, query, args...)
}
