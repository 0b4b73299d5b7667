package registry

import (
	"fmt"

	"blanko/store"
)

func roomMark(tx *store.Tx) (string, error) {
	var journal, asked, answered, seen int64
	_, err := tx.Get([]any{&journal, &asked, &answered, &seen}, `select
		(select coalesce(max(id), 0) from journal),
		(select coalesce(max(since), 0) from question where state = 'open'),
		(select count(*) from question where state = 'open'),
		(select coalesce(max(observed_at), 0) from line)`)
	return fmt.Sprint(journal, asked, answered, seen), err
}
