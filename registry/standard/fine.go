package standard

import (
	"fmt"
	"slices"
	"time"

	"blanko/ktp"
)

// FineRule is what is fined. Printing never waits for it.
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
	AfterObliged    FineEvent = "obliged"     // 17 years old, or married
	BeforePermitEnd FineEvent = "permit_ends" // the end of a foreign resident's permit
)

func (s Standard) finesWrong() (field, why string) {
	seen := map[string]bool{}
	for i, f := range s.Fines {
		at := fmt.Sprintf("fines[%d]", i)
		switch {
		case !word.MatchString(f.Code) || seen[f.Code] || f.Text.ID == "" || f.Text.EN == "":
			return at + ".code", "a word and texts in both languages, each once"
		case f.Amount < 1:
			return at + ".amount", "rupiah, 1 or more"
		case f.After != AfterObliged && f.After != BeforePermitEnd:
			return at + ".after", "obliged or permit_ends"
		case f.Days < 0:
			return at + ".days", "0 or more"
		case f.Basis == "":
			return at + ".basis", "the legal basis is needed"
		case len(f.Types) == 0:
			return at + ".types", "at least one"
		}
		for _, t := range f.Types {
			if _, known := ktp.Application(t); !known {
				return at + ".types", "no application type"
			}
		}
		seen[f.Code] = true
	}
	return "", ""
}

// Facts of an application that fines are reckoned from. Days are those of the calendar of the
// district; a zero time is not known.
type Facts struct {
	Type      ktp.ApplicationType
	Born      time.Time
	Married   time.Time // first marriage
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

// obligedAge is the age from which a resident must have a card (Law 24/2013, article 63).
const obligedAge = 17

// ObligedFrom is the day from which a resident must have a card: the 17th birthday, or an earlier
// marriage. Who was born on 29 February comes of age on 1 March of a year without that day.
func ObligedFrom(born, married time.Time) time.Time {
	from := day(born.AddDate(obligedAge, 0, 0))
	if m := day(married); !married.IsZero() && m.Before(from) {
		return m
	}
	return from
}

// Obliged reports whether a resident must have a card on the day that a time is at a place.
func Obliged(born, married, at time.Time, zone *time.Location) bool {
	return !today(at, zone).Before(ObligedFrom(born, married))
}

// Assess reckons the fines of an application.
func (s Standard) Assess(f Facts) (list []Fine) {
	reported := today(f.Reported, f.Zone)
	for _, r := range s.Fines {
		if r.Off || !slices.Contains(r.Types, f.Type) {
			continue
		}
		var limit time.Time
		switch {
		case r.After == AfterObliged && !f.Born.IsZero():
			limit = ObligedFrom(f.Born, f.Married).AddDate(0, 0, r.Days)
		case r.After == BeforePermitEnd && !f.PermitEnd.IsZero():
			limit = day(f.PermitEnd).AddDate(0, 0, -r.Days)
		default:
			continue
		}
		if late := days(limit, reported); late > 0 {
			list = append(list, Fine{Code: r.Code, Amount: r.Amount, Basis: r.Basis, Late: late})
		}
	}
	return list
}

// day is a date without its time, at midnight UTC.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// today is the date that a time is at a place.
func today(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return day(t.In(zone))
}

// days from a date to another.
func days(from, to time.Time) int {
	const hours = 24
	return int(to.Sub(from).Hours() / hours)
}
