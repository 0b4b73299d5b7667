package api_test

import (
	"slices"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

const lina = "Lina, service officer at Sepauk"

// abandoned, cancelled and closed are how people end an application: at the counter, before a card was
// made, and once the card has come back.
func (w *underway) abandoned() {
	w.o.done(sari, w.at()+"/abandonment", map[string]any{"reason": "applicant"})
}

func (w *underway) cancelled() {
	w.o.done(joko, w.at()+"/cancellation", map[string]any{"reason": "applicant"})
}

func (w *underway) closed() {
	w.retired()
	w.o.agreed(joko, ratna, w.at()+"/closing", map[string]any{"reason": "applicant"})
}

func (w *underway) givenBack() {
	w.o.done(sari, w.at()+"/return", map[string]any{"chip": w.chip, "reason": "refused_by_holder"})
	w.closed()
}

// givenBackThere is givenBack at the kecamatan: the card travels to the Dinas.
func (w *underway) givenBackThere() {
	w.o.done(lina, w.at()+"/return", map[string]any{"chip": w.chip, "reason": "refused_by_holder"})
	w.unpacked(joko, w.bagged(yusuf, "back", "dinas"))
	w.closed()
}

// wayOut brings an application into a state and from there to an end.
type wayOut struct {
	front, place string // how far people bring it, and where its card is handed over
	to           func(*underway)
	state        registry.State
	ended        func(*underway)
	end          string
}

// No dead ends: from every state of an application of every type, people bring it to an end over the API.
func TestWalkToAnEndFromEveryState(t *testing.T) {
	t.Parallel()
	nothing := func(*underway) {}
	ways := []wayOut{
		{"", "", nothing, registry.Received, (*underway).abandoned, "cancelled"},
		{"received", "", nothing, registry.Received, func(w *underway) { w.o.done(sari, w.at()+"/rejection", map[string]any{"reason": "data_wrong"}) }, "rejected"},
		{"checked", "", nothing, registry.Examined, (*underway).abandoned, "cancelled"},
		{"captured", "", nothing, registry.Captured, (*underway).abandoned, "cancelled"},
		{"confirmed", "", nothing, registry.Confirmed, (*underway).abandoned, "cancelled"},
		{"sent", "", nothing, registry.Sent, (*underway).abandoned, "cancelled"},
		{"sent", "", (*underway).atCenter, registry.AtCenter, (*underway).abandoned, "cancelled"},
		{"sent", "", answered("duplicate"), registry.Duplicate, func(w *underway) { w.o.done(dewi, w.at()+"/desk-closing", map[string]any{"reason": "same_person"}) }, "closed"},
		{"sent", "", answered("adjudicate"), registry.Adjudicate, (*underway).abandoned, "cancelled"},
		{"sent", "", answered("enroll_failure"), registry.EnrollFailure, func(w *underway) { w.o.done(dewi, w.at()+"/desk-closing", map[string]any{"reason": "quality"}) }, "closed"},
		{"sent", "", answered("search_failure"), registry.SearchFailure, (*underway).abandoned, "cancelled"},
		{"sent", "", (*underway).ready, registry.PrintReady, (*underway).cancelled, "cancelled"},
		{"sent", "", (*underway).corrected, registry.Reconfirm, (*underway).cancelled, "cancelled"},
		{"sent", "", (*underway).approved, registry.Approved, (*underway).cancelled, "cancelled"},
		{"sent", "", (*underway).queued, registry.Queued, (*underway).cancelled, "cancelled"},
		{"sent", "", (*underway).held, registry.OnHold, (*underway).cancelled, "cancelled"},
		{"sent", "", func(w *underway) {
			w.queued()
			w.o.done(joko, w.at()+"/hold", map[string]any{"reason": "police"})
		}, registry.OnHold, func(w *underway) {
			w.o.done(joko, w.at()+"/release", nil)
			w.cancelled()
		}, "cancelled"},
		{"sent", "", func(w *underway) {
			w.queued()
			w.order = w.next()
			w.chip = string(w.o.madeUpTo(w.order, jobs.Feed))
		}, registry.Producing, func(w *underway) {
			for _, step := range jobs.Stages(jobs.Inline)[1:] {
				w.o.step(w.order, step, ktp.ChipUID(w.chip))
			}
			w.givenBack()
		}, "closed"},
		{"sent", "", (*underway).doubted, registry.InDoubt, func(w *underway) {
			w.o.agreed(joko, ratna, w.attempt("loss"), map[string]any{"reason": "not_found"})
			w.cancelled()
		}, "cancelled"},
		{"sent", "", (*underway).made, registry.Produced, (*underway).givenBack, "closed"},
		{"sent", "", (*underway).matched, registry.Matched, (*underway).givenBack, "closed"},
		{"sent", "", (*underway).returned, registry.Returned, (*underway).closed, "closed"},
		{"sent", "", func(w *underway) { w.made(); w.o.withdraw(w.app, "withdrawn") }, registry.Recalled, (*underway).retired, "withdrawn"},
		{"sent", sepauk, func(w *underway) { w.made(); w.bag = w.bagged(joko, "out", sepauk) }, registry.Shipped, func(w *underway) {
			w.unpacked(yusuf, w.bag)
			w.givenBackThere()
		}, "closed"},
		{"sent", sepauk, (*underway).sent, registry.Delivered, (*underway).givenBackThere, "closed"},
		{"sent", sepauk, (*underway).left, registry.Uncollected, (*underway).givenBackThere, "closed"},
	}
	for _, s := range registry.Applications.States() {
		if s != registry.Absent && !registry.Applications.IsFinal(s) && !slices.ContainsFunc(ways, func(r wayOut) bool { return r.state == s }) {
			t.Errorf("no way to an end is shown from %s", s)
		}
	}
	for _, row := range ktp.ApplicationTypes {
		t.Run(string(row.Type), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 20})
			o.emptied()
			person, fingers := o.somebody(0, row.Foreign)
			if row.Type == ktp.TypeOutsideDomicile {
				person.RegionCode = elsewhereCode()
			}
			o.listed("dpt-1", person)
			told := toldOf[row.Type]
			if told.before != "" {
				app := o.taken(person, fingers, o.wish(told.before, toldOf[ktp.ApplicationType(told.before)].more))
				o.unique(app, fingers)
				o.handed(app, o.made(app), "none")
			}
			for n, c := range ways {
				o.t = t
				wish := o.wish(string(row.Type), told.more)
				wish["nik"] = person.NIK.Digits()
				if c.place != "" {
					wish["delivery"] = c.place
				}
				w := &underway{o: o, person: person, fingers: fingers}
				w.app = o.done(sari, "/v1/applications", wish)["application"].(string)
				for _, step := range o.front(w.app, sari, budi, person, fingers) {
					if c.front == "" {
						break
					}
					if step.do(); step.state == c.front {
						break
					}
				}
				c.to(w)
				o.is(w.app, string(c.state))
				c.ended(w)
				o.is(w.app, c.end)
				if t.Failed() {
					t.Fatalf("way %d, from %s", n, c.state)
				}
			}
		})
	}
}
