package console

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/audit"
	"blanko/web/console/words"
)

// saying is how the value of a detail is told: in the words of these groups, else by a rule of its own, else as it
// is, because it is an id or a number.
type saying struct {
	Groups []string
	By     func(*view, string) string
}

func ofWords(groups ...string) saying { return saying{Groups: groups} }

var (
	asItIs = saying{}
	ofWhy  = saying{By: (*view).causeText, Groups: []string{"reason", "outage", "said"}}
	asYes  = ofWords("said")
	aTime  = saying{By: (*view).stamp}
	aPlace = saying{By: (*view).anyPlace}
	// aFinger is one by its position, or by its name.
	aFinger = saying{By: (*view).fingerName, Groups: []string{"finger"}}
)

// details is every word of the details of events.
var details = map[string]saying{
	"active": asYes, "after": ofWords("said"), "all_blank": asItIs, "all_card": asItIs, "all_roll": asItIs, "amount": asItIs, "anchor": asItIs, "answer": ofWords("answer"), "ask": ofWords("said"), "at": aPlace, "attachment": asItIs, "batch": asItIs,
	"before": asItIs, "began": aTime, "blanks": asItIs, "breach": asItIs, "calibration": asItIs, "candidates": asItIs, "cards": asItIs, "cause": ofWhy, "channel": ofWords("channel"),
	"check": asItIs, "chip_state": ofWords("chipstate"), "class": {By: (*view).className, Groups: []string{"erased", "scan"}}, "complaint": asItIs, "configuration": asItIs, "consignment": asItIs, "copied": aTime, "copy": asItIs,
	"count": asItIs, "counted": asItIs, "counter": asItIs, "day": asItIs, "days": asItIs, "decision": ofWords("decision"), "degrees": {By: (*view).degrees}, "delivery": aPlace, "denied": asItIs, "desk": asItIs, "destruction": asItIs,
	"device": ofWords("device"), "differences": asItIs, "digest": asItIs, "encounter": asItIs, "erased": asItIs, "event": asItIs, "examination": asItIs, "expected": asItIs, "extra": asItIs,
	"finding": ofWords("finding"), "fine": asItIs, "finger": aFinger, "first": aFinger, "foreign": ofWords("foreign"), "found": asItIs, "from": aPlace, "hash": asItIs, "health": ofWords("health"),
	"heaps": asItIs, "holds": asItIs, "incident": asItIs, "inspection": asItIs, "investigation": asItIs, "invited": asItIs, "item": asItIs, "key": asItIs, "keys": asItIs,
	"kind": ofWords("consignment", "item", "paper", "roll", "said", "kind", "placekind", "design", "outage", "investigation", "foreign"), "known": asYes, "label": asItIs, "label_to": asItIs, "latest": aTime, "left": asItIs, "list": asItIs,
	"lost": asItIs, "lot": asItIs, "mark": ofWords("mark"), "match": ofWords("said"), "method": ofWords("said"), "missing": asItIs, "name": asItIs, "neighbor": asItIs, "note": asItIs, "now": aTime,
	"number": asItIs, "one_of": asItIs, "open": asItIs, "operation": ofWords("op"), "order": asItIs, "other": asItIs, "others": asItIs, "outcome": ofWords("outcome"), "pages": asItIs,
	"paper": asItIs, "people": asItIs, "person": asItIs, "picture": asItIs, "place": aPlace, "policy": ofWords("policy"), "printer": asItIs, "priority": asItIs, "product": asItIs,
	"program": asItIs, "proof": ofWords("chipstate", "said"), "proposal": asItIs, "quantity": asItIs, "reason": ofWhy, "reasons": ofWhy, "receipt": asItIs, "recounts": asItIs, "reference": asItIs,
	"replaces": asItIs, "request": asItIs, "requester": asItIs, "requirement": {By: (*view).requirementName}, "resident": asItIs, "residents": asItIs, "result": ofWords("result", "said"), "role": ofWords("said"),
	"roles": ofWords("role"), "roll": asItIs, "root": asItIs, "sam": asItIs, "sample": asItIs, "score": asItIs, "seal": ofWords("said"), "seal_found": asItIs, "second": aFinger, "second_finger": aFinger, "seed": asItIs,
	"sequence": asItIs, "shift": asItIs, "size": asItIs, "source": {By: (*view).sourceName, Groups: []string{"unmatched"}}, "spent": asItIs, "standard": asItIs, "standardHash": asItIs, "start": asItIs,
	"state": ofWords("state", "cardstate", "said"), "station": asItIs, "stayed": asItIs, "step": ofWords("step"), "subject": ofWords("subject"), "suket": asItIs, "task": ofWords("task"), "threshold": asItIs,
	"ticket": ofWords("ticket"), "to": aPlace, "today": asItIs, "token": asItIs, "transaction": asItIs, "unrecorded": asItIs, "until": aTime, "used": asItIs, "uses": asItIs, "values": asItIs,
	"verifiable": asYes, "version": asItIs,
}

// eventStates are the groups of words of the states that the events of a subject go between.
var eventStates = map[string][]string{
	"application": {"state"}, "attempt": {"attempt"}, "card": {"cardstate"}, "complaint": {"complaint"}, "consignment": {"shipment"}, "destruction": {"destruction"}, "roll": {"rollstate"},
	"proposal": {"proposal"}, "fine": {"finestate"}, "incident": {"incident"}, "breach": {"breach"}, "match": {"state"},
}

// notThereYet is the state of what an event begins.
const notThereYet = "absent"

// detail is the words of an event.
func (v *view) detail(e audit.Event) string {
	var list []string
	subject, _, _ := strings.Cut(e.Code, ".")
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		value := e.Detail[name]
		if value == "" {
			continue
		}
		said := ""
		if name == "from" || name == "to" || name == "state" {
			if value == notThereYet {
				continue
			}
			said = sayOf(v, eventStates[subject], value)
		}
		if said == "" {
			said = v.detailValue(name, value)
		}
		list = append(list, v.detailName(name)+": "+said)
	}
	return orDash(strings.Join(list, " · "))
}

func (v *view) detailName(name string) string {
	for _, group := range []string{"detail", "field", "head"} {
		if words.Has(group + "." + name) {
			return v.T(group + "." + name)
		}
	}
	return name
}

// detailValue says a value, or each of several.
func (v *view) detailValue(name, value string) string {
	how := details[name]
	if len(how.Groups) == 0 && how.By == nil {
		return value
	}
	list := strings.Split(value, ",")
	for i, one := range list {
		if said := sayOf(v, how.Groups, one); said != "" {
			list[i] = said
		} else if how.By != nil {
			list[i] = how.By(v, one)
		}
	}
	return strings.Join(list, ", ")
}

// sayOf is a code in the words of the first group that has it.
func sayOf(v *view, groups []string, code string) string {
	for _, group := range groups {
		if key := group + "." + strings.ReplaceAll(code, " ", "_"); words.Has(key) {
			return v.T(key)
		}
	}
	return ""
}

// stamp is a moment as events keep it: in seconds since 1970, by RFC 3339, or a day.
func (v *view) stamp(value string) string {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return v.Time(time.Unix(n, 0))
	}
	if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
		return v.Time(t)
	}
	if t, err := time.ParseInLocation(time.DateOnly, value, v.zone()); err == nil {
		return v.Day(t)
	}
	return value
}

// anyPlace is a place of blanks, of a line or of the house, else one of the service.
func (v *view) anyPlace(value string) string {
	kind, line, ofLine := strings.Cut(value, "/")
	if key := "place." + kind; words.Has(key) {
		if ofLine {
			return v.T(key) + " " + line
		}
		return v.T(key)
	}
	return orDash(v.placeName(value))
}

func (v *view) fingerName(value string) string {
	n, err := strconv.Atoi(value)
	if err != nil || !ktp.Finger(n).Valid() {
		return value
	}
	return v.T("finger." + ktp.Finger(n).String())
}

// requirementName is a requirement by the text of the service standard that is in force.
func (v *view) requirementName(id string) string { return v.className(registry.AttachmentOf(id)) }

// className is what a class of scan is called.
func (v *view) className(class string) string {
	s, err := v.Registry.Standard(v.ctx())
	if err != nil {
		return class
	}
	return v.paperName(s, class)
}

// sourceName is where a picture came from.
func (v *view) sourceName(source string) string {
	if key := "capture.say_source_" + source; words.Has(key) {
		return v.T(key)
	}
	return source
}
