package console_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"blanko/registry/access"
	"blanko/registry/audit"
)

// The auditor takes the event log home from its page: a table of what was looked for, or all of it in a file that is
// verified by itself. Each time is an event; nobody else is offered either.
func TestExportOfTheLog(t *testing.T) {
	t.Parallel()
	o, sit := sits(t, access.Auditor, access.SecurityOfficer)
	auditor, safe := sit[access.Auditor], sit[access.SecurityOfficer]
	o.as(center, delivery(1))
	o.as(center, delivery(2))
	safe.open("/audit")
	if _, _, offered := safe.offers("/audit/ekspor", nil); offered {
		t.Error("a security officer is offered a file of the log")
	}
	auditor.open("/audit?application=req-2&code=application.")
	auditor.send("/audit/ekspor", url.Values{"format": {"csv"}}, nil)
	rows, err := csv.NewReader(strings.NewReader(auditor.page)).ReadAll()
	o.must(err)
	if len(rows) != 2 || rows[0][3] != "code" || rows[1][3] != "application.deliver" || rows[1][4] != "req-2" {
		t.Errorf("the table: %v", rows)
	}
	auditor.open("/audit")
	auditor.send("/audit/ekspor", url.Values{"format": {"csv"}}, nil)
	if rows, err = csv.NewReader(strings.NewReader(auditor.page)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	newest, err := o.reg.NewestEvent(t.Context())
	if o.must(err); len(rows) != int(newest) { // a line of names, and not the event of this export
		t.Errorf("%d lines for %d events", len(rows), newest)
	}
	auditor.open("/audit")
	auditor.send("/audit/ekspor", url.Values{"format": {"chain"}}, nil)
	report, of, err := audit.VerifyExport(strings.NewReader(auditor.page))
	if err != nil || !report.Sound() || of != "61.05" || report.Events != newest+1 {
		t.Errorf("the file: %+v of %s, %v", report, of, err)
	}
	told, err := o.reg.Events(t.Context(), 0, 1000, audit.Filter{Code: "audit.exported"})
	if err != nil || len(told) != 3 {
		t.Errorf("%d exports in the log, %v", len(told), err)
	}
}
