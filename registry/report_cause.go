package registry

import (
	"slices"
	"strings"
	"time"

	"blanko/ktp"
)

// Causes of destruction that SE Mendagri 470.13/11176/SJ of 2018 counts, as a service standard names them.
const (
	countedEncode  = "gagal_encode"
	countedPrint   = "gagal_cetak"
	countedDamaged = "rusak"
	countedData    = "perubahan_elemen_data"
	countedOther   = "lainnya"
)

// countedBy are the causes of the ledger, each with what it counts as; before a dot, the room that raised it.
var countedBy = map[string]string{
	"applet": countedEncode, "chipdata": countedEncode, "keys": countedEncode, "chip_unreadable": countedEncode,
	"printer": countedPrint, "artwork": countedPrint, "misprint": countedPrint, "photo": countedPrint,
	"damaged": countedDamaged, "wrong_data": countedData, "mismatch": countedData, "data_wrong": countedData,
}

// countedAs says as which of the causes that a standard counts something was destroyed: by the type of the card that took
// its place, else by its own cause.
func countedAs(causes []string, cause, successor string) string {
	room, _, _ := strings.Cut(cause, ".")
	counted := countedBy[room]
	switch ktp.ApplicationType(successor) {
	case ktp.TypeDamaged:
		counted = countedDamaged
	case ktp.TypeDataChange, ktp.TypeMovedIn:
		counted = countedData
	}
	if !slices.Contains(causes, counted) {
		return countedOther
	}
	return counted
}

// causeCounts is what was destroyed or sent back in a time by the causes that the service standard of its last moment
// counts; nothing where it counts none.
func (a *act) causeCounts(from, to time.Time, region string) ([]ReportCount, error) {
	s, err := a.standardAt(to.Add(-time.Microsecond))
	if err != nil || len(s.Destruction.Causes) == 0 {
		return nil, err
	}
	rows, err := destroyedBetween(a.tx, from, to, region)
	if err != nil {
		return nil, err
	}
	sums := map[ReportCount]int{}
	for _, row := range rows {
		row.Item = countedAs(s.Destruction.Causes, row.Item, row.successor)
		sums[row.ReportCount] += row.n
	}
	return sorted(sums), nil
}
