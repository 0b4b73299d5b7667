package registry

import (
	"slices"
	"strconv"

	"blanko/registry/audit"
)

// ExportFormat is the form of a file of the event log.
type ExportFormat string

const (
	ExportChain ExportFormat = "chain" // all of it, verified without the station: ExportEvents
	ExportCSV   ExportFormat = "csv"   // for a spreadsheet, all or what was looked for
)

// ExportFormats lists them.
var ExportFormats = []ExportFormat{ExportChain, ExportCSV}

// ExportAudit writes down that a file of the event log leaves the station; who writes the file does so afterwards.
// Result.Answer is the number of the newest event before.
type ExportAudit struct {
	Format      ExportFormat
	Application ApplicationID // of a CSV: what was looked for; empty: all
	Code        string        // so, too: room.word, or room.
}

func (ExportAudit) Name() Name { return opExportAudit }

func (o ExportAudit) run(a *act) error {
	const op = "registry.ExportAudit"
	switch {
	case !slices.Contains(ExportFormats, o.Format):
		return badOperation.At(op, nil).With("format", "chain or csv")
	case o.Format == ExportChain && (o.Application != "" || o.Code != ""):
		return badOperation.At(op, nil).With("format", "the chain is exported whole")
	case o.Code != "" && !reasonForm.MatchString(o.Code):
		return badOperation.At(op, nil).With("code", "small letters, digits, _ and ., a letter first")
	}
	if o.Application != "" {
		if _, err := a.application(o.Application); err != nil {
			return err
		}
	}
	head, err := audit.HeadOf(a.tx)
	if err != nil {
		return err
	}
	a.res.Answer = strconv.FormatInt(head.ID, 10)
	detail := map[string]string{"kind": string(o.Format), "number": a.res.Answer}
	if o.Code != "" {
		detail["subject"] = o.Code
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: detail})
}
