package registry

import (
	"strings"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// keepArea remembers where an application belongs, for reports: by its code alone.
func keepArea(tx *store.Tx, id ApplicationID, region string) error {
	const district, village = 8, 13
	_, err := tx.Exec(`insert into area (application, district, village) values (?, ?, ?)
		on conflict (application) do update set district = excluded.district, village = excluded.village`,
		id, part(region, district), part(region, village))
	return err
}

// part is the beginning of a region code; empty where the code ends before.
func part(region string, length int) string {
	if len(region) < length {
		return ""
	}
	return region[:length]
}

// bookedList is booked in the words of the index on it.
var bookedList = `'` + strings.Join(booked, `', '`) + `'`

// bookedChunk is how many events are read at once while those that are wanted are looked for.
const bookedChunk = 500

// bookedBetween reads events that books tell of, from a time to before another, behind an event, until
// as many were taken as are wanted.
func bookedBetween(tx *store.Tx, from, to time.Time, after int64, limit int, take func(audit.Event) (bool, error)) error {
	for taken := 0; taken < limit; {
		list, err := audit.Between(tx, audit.Span{Codes: booked, From: from, To: to, After: after, Limit: bookedChunk})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			is, err := take(e)
			if err != nil {
				return err
			}
			if is {
				taken++
			}
			if taken == limit {
				return nil
			}
		}
		after = list[len(list)-1].ID
	}
	return nil
}
