package registry

import (
	"strconv"
	"testing"

	"blanko/registry/access"
	"blanko/registry/audit"
)

// A file of the event log is written down before it is made, by the auditor alone.
func TestExportOfTheLog(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		auditor := Actor{ID: "auditor-1", Roles: []access.Role{access.Auditor}}
		s.queued(1)
		s.refuses([]refusal{
			{"by the security officer", guard, ExportAudit{Format: ExportCSV}, "registry.not_allowed"},
			{"in no form", auditor, ExportAudit{}, "registry.bad_operation"},
			{"a part of the chain", auditor, ExportAudit{Format: ExportChain, Code: "application."}, "registry.bad_operation"},
			{"of a sentence", auditor, ExportAudit{Format: ExportCSV, Code: "What happened?"}, "registry.bad_operation"},
			{"of nobody", auditor, ExportAudit{Format: ExportCSV, Application: "req-9"}, "registry.application_unknown"},
		})
		before, err := s.r.NewestEvent(bg)
		s.must(err)
		if res := s.do(auditor, ExportAudit{Format: ExportCSV, Application: appID(1), Code: "application."}); res.Answer != strconv.FormatInt(before, 10) {
			t.Errorf("exported up to %s, want %d", res.Answer, before)
		}
		s.do(auditor, ExportAudit{Format: ExportChain})
		list, err := s.r.Events(bg, 0, 1000, audit.Filter{Code: "audit.exported"})
		s.must(err)
		if len(list) != 2 || list[0].Actor != auditor.ID || list[0].Application != "req-1" || list[0].Detail["kind"] != "csv" || list[0].Detail["subject"] != "application." || list[1].Detail["kind"] != "chain" {
			t.Errorf("in the log: %+v", list)
		}
	})
}
