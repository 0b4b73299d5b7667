package standard

import (
	"slices"
	"time"
)

// zones are the time zones of Indonesia by province code (Keppres 41/1987, with the provinces of 2022
// in their parents' zones).
var zones = []struct {
	Name      string
	Hours     int
	Provinces []string
}{
	{"WIB", 7, []string{"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36", "61", "62"}},
	{"WITA", 8, []string{"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}},
	{"WIT", 9, []string{"81", "82", "91", "92", "93", "94", "95", "96"}},
}

// Zone is the time zone of a region code by its province; WIB where the code is of no province.
func Zone(region string) *time.Location {
	const province = 2
	for _, z := range zones {
		if len(region) >= province && slices.Contains(z.Provinces, region[:province]) {
			return time.FixedZone(z.Name, z.Hours*int(time.Hour/time.Second))
		}
	}
	return time.FixedZone(zones[0].Name, zones[0].Hours*int(time.Hour/time.Second))
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
