package standard

import (
	"slices"
	"time"

	"blanko/ktp"
)

// FineRule is what is fined. Printing never waits for it, and the card itself stays free.
type FineRule struct {
	Code   string `yaml:"code"`
	Text   Text   `yaml:"text"`
	Amount int64  `yaml:"amount"` // rupiah
	// After says what the days are counted from.
	After FineEvent `yaml:"after"`
	// Days: late from the day after so many days; before the end of a permit they count backwards.
	Days  int                   `yaml:"days"`
	Types []ktp.ApplicationType `yaml:"types"`
	Basis string                `yaml:"basis"`
	Off   bool                  `yaml:"off"`
}

// FineEvent is what the days of a fine are counted from.
type FineEvent string

const (
	AfterObliged    FineEvent = "obliged"     // 17 years old, or married; for foreign residents not before their permit
	BeforePermitEnd FineEvent = "permit_ends" // the end of a foreign resident's permit
)

// Facts of an application that fines are reckoned from. Days are those of the calendar of the
// district; a zero time is not known, and nobody is fined for what is not known.
type Facts struct {
	Type    ktp.ApplicationType
	Born    time.Time
	Married time.Time // first marriage
	// PermitFrom is the day from which a foreign resident has a permanent stay permit: a duty to have a
	// card cannot begin before it (Law 24/2013, article 63(1)).
	PermitFrom time.Time
	// PermitEnd is the end of the permit by which the card of before is valid, not that of a renewed
	// one: its holder reports before that day (Law 24/2013, article 63(4)).
	PermitEnd time.Time
	Reported  time.Time
	Zone      *time.Location
}

// Fine is what an application owes.
type Fine struct {
	Code   string
	Amount int64 // rupiah
	Basis  string
	Late   int // days
}

// obligedAge is the age from which a resident must have a card (Law 24/2013, article 63(1)).
const obligedAge = 17

// ObligedFrom is the day from which a resident must have a card: the 17th birthday, or an earlier
// marriage. Who was born on 29 February comes of age on 1 March, as no year 17 years later has that
// day: by then 17 full years have passed. Of a resident whose birth is not known a marriage alone
// tells; the zero time stands for never.
func ObligedFrom(born, married time.Time) time.Time {
	var from time.Time
	if !born.IsZero() {
		from = day(born.AddDate(obligedAge, 0, 0))
	}
	if m := day(married); !married.IsZero() && (from.IsZero() || m.Before(from)) {
		return m
	}
	return from
}

// Obliged reports whether a resident must have a card on the day that a time is at a place.
func Obliged(born, married, at time.Time, zone *time.Location) bool {
	from := ObligedFrom(born, married)
	return !from.IsZero() && !today(at, zone).Before(from)
}

// Assess reckons the fines of an application.
func (s Standard) Assess(f Facts) (list []Fine) {
	reported := today(f.Reported, f.Zone)
	for _, r := range s.Fines {
		if r.Off || !slices.Contains(r.Types, f.Type) {
			continue
		}
		limit, known := r.limit(f)
		if late := days(limit, reported); known && late > 0 {
			list = append(list, Fine{Code: r.Code, Amount: r.Amount, Basis: r.Basis, Late: late})
		}
	}
	return list
}

// limit is the last day on which nothing is owed.
func (r FineRule) limit(f Facts) (limit time.Time, known bool) {
	switch r.After {
	case AfterObliged:
		from := ObligedFrom(f.Born, f.Married)
		if row, _ := ktp.Application(f.Type); row.Foreign {
			if f.PermitFrom.IsZero() {
				return time.Time{}, false
			}
			if p := day(f.PermitFrom); p.After(from) {
				from = p
			}
		}
		return from.AddDate(0, 0, r.Days), !f.Born.IsZero()
	case BeforePermitEnd:
		return day(f.PermitEnd).AddDate(0, 0, -r.Days), !f.PermitEnd.IsZero()
	}
	return time.Time{}, false
}
