package registry

import (
	"fmt"
	"strings"

	"blanko/jobs"
	"blanko/store"
)

func roomMark(tx *store.Tx) (string, error) {
	var mark strings.Builder
	var journal, newest, open int64
	_, err := tx.Get([]any{&journal, &newest, &open}, `select
		(select coalesce(max(id), 0) from journal),
		(select coalesce(max(since), 0) from question where state = 'open'),
		(select count(*) from question where state = 'open')`)
	if err != nil {
		return "", err
	}
	fmt.Fprint(&mark, journal, newest, open)
	lines, err := jobs.Lines(tx)
	for _, l := range lines {
		fmt.Fprint(&mark, " ", l.ID, l.Wish, l.Observed.State, l.Observed.Reason, l.Observed.Silent)
	}
	return mark.String(), err
}
