package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"blanko/registry"
)

// elsewhere are operations that no address of /v1 carries out, and who does.
var elsewhere = map[registry.Name]string{
	"record.receive":   "the feed of the center, and OSIA",
	"record.refuse":    "the feed of the center",
	"record.refill":    "the feed of the center",
	"record.withdraw":  "the feed of the center, and OSIA",
	"record.hold":      "the feed of the center, and OSIA",
	"center.reconcile": "the link to the center",
	"record.push":      "OSIA", "record.update": "OSIA", "record.cancel": "OSIA", "card.update": "OSIA", "card.set_status": "OSIA",
	"record.release": "the feed of the center, and OSIA",
	"enrolment.take": "the link to the center", "enrolment.refuse": "the link to the center", "uniqueness.receive": "the feed of the center",
	"start.record": "the station itself", "start.end": "the station itself",
	"line.define":    "the configuration of the station",
	"chip.examine":   "the code that read the chip",
	"design.approve": "a command at the machine of the token, which signs it",
	"audit.export":   "the page of the event log, which writes the file; blanko audit export at the machine",
	"proposal.make":  "every operation of two persons, by its own address",
}

// alsoAt are second addresses of a paper, each about something else.
var alsoAt = map[string]string{
	"/v1/breaches/{breach}/papers/notice-to-persons": "the same paper to others",
}

// toldBy are operations whose paper is about another thing than they are.
var toldBy = map[registry.Name]string{
	"person.export":        "an export is named by its person, its cover by one of their applications",
	"card.declare_missing": "a card is named by its chip, its loss by the attempt that made it",
}

// Everything that can be done to the register has an address, and nothing has two.
func TestEveryOperationHasAnAddress(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var doc struct {
		Paths map[string]map[string]struct {
			Operation string `json:"x-operation"`
		}
	}
	r.must(json.Unmarshal(r.ask(http.MethodGet, "/v1/openapi.json").Body.Bytes(), &doc))
	offered := map[registry.Name]string{}
	papers := map[string][]string{} // where the addresses of a paper begin
	for path, methods := range doc.Paths {
		op := registry.Name(methods["post"].Operation)
		if op == "" {
			continue
		}
		root := strings.Join(strings.Split(path, "/")[:3], "/")
		papers[string(op)] = append(papers[string(op)], root)
		if _, more := alsoAt[path]; more {
			continue
		}
		if other, twice := offered[op]; twice {
			t.Errorf("%s is at %s and at %s", op, other, path)
		}
		offered[op] = path
	}
	for _, row := range registry.Operations {
		path, is := offered[row.Name]
		if _, other := elsewhere[row.Name]; is == other {
			t.Errorf("%s: address %q, elsewhere %v", row.Name, path, other)
		}
		if row.Paper == "" || strings.HasPrefix(string(row.Name), "paper.") || path == "" {
			continue
		}
		if root := strings.Join(strings.Split(path, "/")[:3], "/"); !slices.Contains(papers["paper."+row.Paper], root) && toldBy[row.Name] == "" {
			t.Errorf("%s is at %s, and its %s at %v", row.Name, path, row.Paper, papers["paper."+row.Paper])
		}
	}
}
