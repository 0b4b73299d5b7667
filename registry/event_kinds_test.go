package registry

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/registry/audit"
)

// kind of what stands behind a word of an event's detail.
type kind struct{ form *regexp.Regexp }

func form(pattern string) kind { return kind{regexp.MustCompile(`^(` + pattern + `)?$`)} }

var (
	aNumber = form(`-?[0-9]{1,15}`)
	codes   = form(`[a-z][a-z0-9_.]{0,63}(,[a-z][a-z0-9_.]{0,63})*`)
	random  = form(`[0-9a-f]{6,64}`)
	serial  = form(`[A-Z]{1,3}(/[0-9.]+)?[-/][0-9]{4}[-/][0-9]{5,6}`) // of the ledger's own numbers
	aTime   = form(`[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,12}Z)?|[0-9]{9,10}`)
	anID    = form(`[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}`) // given by a person or a system; has no blank
	aLabel  = form(`[A-Z0-9][A-Z0-9.-]{3,31}`)          // printed on a blank
	pointer = form(`(/[A-Za-z0-9_]+)+`)
)

// detailKinds are the words of the details of all events.
var detailKinds = map[string]kind{
	"active": codes, "after": codes, "all_blank": aNumber, "all_card": aNumber, "all_roll": aNumber, "amount": aNumber, "anchor": aNumber, "answer": codes,
	"ask": codes, "at": anID, "attachment": random, "batch": random, "before": anID, "began": aTime, "breach": random, "calibration": anID, "candidates": aNumber,
	"cards": aNumber, "cause": codes, "channel": codes, "check": random, "chip": codes, "chip_state": codes, "class": codes, "complaint": random, "configuration": anID,
	"consignment": serial, "copied": aTime, "copy": aNumber, "count": aNumber, "counted": aNumber, "counter": aNumber, "day": aTime, "days": aNumber, "decision": codes, "degrees": aNumber,
	"delivery": anID, "denied": aNumber, "desk": anID, "destruction": serial, "device": anID, "differences": aNumber, "digest": random, "encounter": aNumber, "erased": aNumber,
	"examination": serial, "expected": aNumber, "extra": aNumber, "field": pointer, "finding": codes, "fine": random, "finger": aNumber, "first": form(`[A-Z_]+`), "foreign": random,
	"from": form(`[a-z]+( [a-z]+)*|[A-Za-z0-9._/-]+`), "hash": random, "health": codes, "heaps": aNumber, "holds": random, "incident": random, "inspection": random, "investigation": random,
	"invited": anID, "item": anID, "key": aNumber, "keys": anID, "kind": codes, "known": form(`[a-z]+|[0-9]+`), "label": aLabel, "label_to": aLabel, "latest": aTime, "left": aNumber, "list": anID, "lot": anID, "mark": codes,
	"match": codes, "method": codes, "missing": aNumber, "name": anID, "neighbor": random, "now": form(`[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,12}Z)?|[0-9]{1,15}`), "number": aNumber, "one_of": aNumber, "operation": codes, "others": aNumber,
	"outcome": codes, "pages": aNumber, "paper": serial, "people": aNumber, "person": anID, "picture": random, "place": anID, "policy": form(`[A-Z_]+`), "priority": aNumber,
	"product": anID, "program": anID, "proof": codes, "proposal": random, "quantity": aNumber, "reason": codes, "reasons": codes, "receipt": form(`[0-9A-Z]{11}`), "recounts": aNumber,
	"reference": anID, "replaces": serial, "request": anID, "requester": anID, "requirement": codes, "resident": anID, "residents": aNumber, "result": codes, "role": form(`[A-Z_]+`), "roles": codes,
	"roll": anID, "root": random, "sam": form(`[0-9A-F]{8}-[0-9A-F]{8}`), "sample": aNumber, "score": aNumber, "seal": anID, "second": anID, "second_finger": aNumber, "seed": anID,
	"shift": serial, "size": aNumber, "source": codes, "spent": aNumber, "standard": anID, "standardHash": random, "start": random, "state": form(`[a-z]+([ _][a-z]+)*`),
	"station": anID, "step": codes, "subject": codes, "suket": serial, "task": codes, "threshold": aNumber, "ticket": codes, "to": form(`[a-z]+( [a-z]+)*|[A-Za-z0-9._/-]+`),
	"today": aNumber, "token": anID, "transaction": anID, "unrecorded": aNumber, "until": aTime, "used": aNumber, "uses": aNumber, "verifiable": codes, "version": anID,
	"blanks": aNumber, "found": aNumber, "lost": aNumber, "note": aNumber, "open": aNumber, "other": anID, "printer": anID, "sequence": aNumber, "stayed": aNumber,
}

// planted are what a person may type into a note: of nobody.
const planted = "atas nama BUDI PERCOBAAN, NIK 6105014107900001"

// onlyCodes looks at every event that a test has written: what is no code, number, id or time is named, and so is a
// word that nobody has thought of.
func onlyCodes(t testing.TB, list []audit.Event) {
	t.Helper()
	for _, e := range list {
		fields := map[string]string{"actor": e.Actor, "application": e.Application, "order": e.Order, "attempt": e.Attempt, "chip": string(e.Chip), "line": e.Line}
		for k, v := range fields {
			if !anID.form.MatchString(v) {
				t.Errorf("event %d, %s: %s is %q", e.ID, e.Code, k, v)
			}
		}
		for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
			v := e.Detail[k]
			of, known := detailKinds[k]
			switch {
			case !known:
				t.Errorf("event %d, %s: nobody has said what %q is: %q", e.ID, e.Code, k, v)
			case !of.form.MatchString(v) || strings.Contains(v, "BUDI"):
				t.Errorf("event %d, %s: %s is %q", e.ID, e.Code, k, v)
			}
		}
	}
}
