package api_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

// withdraw is the center's word that a request is taken back, and the station's answer.
func (o *office) withdraw(app, reason string) string {
	o.t.Helper()
	o.keys++
	res, err := o.reg.Do(o.t.Context(), center, registry.WithdrawRecord{ID: registry.ApplicationID(app), Version: 1, Reason: reason}, fmt.Sprintf("withdraw-%d", o.keys))
	o.must(err)
	return res.Answer
}

// underway is an application on its way, for a walk.
type underway struct {
	o         *office
	app, chip string
	bag       string // its consignment
	person    ktp.Person
	fingers   [2]ktp.FingerSlot
	order     jobs.Order
}

func (w *underway) at() string { return "/v1/applications/" + w.app }

// answered brings it to where the data center's answer was read.
func answered(word registry.SearchResult) func(*underway) {
	return func(w *underway) {
		id := registry.ApplicationID(w.app)
		w.o.do(center, registry.TakeEnrolment{Application: id, Encounter: 1})
		w.o.do(center, registry.ReceiveResult{Application: id, Encounter: 1, Sequence: 5, Result: word})
		w.o.done(dewi, w.at()+"/result/reading", nil)
	}
}

func (w *underway) atCenter() {
	w.o.do(center, registry.TakeEnrolment{Application: registry.ApplicationID(w.app), Encounter: 1})
}

func (w *underway) ready() { w.o.unique(w.app, w.fingers) }

// corrected: the data center's next version says something else than the resident confirmed.
func (w *underway) corrected() {
	rec := w.o.recordOf(w.app, w.fingers)
	w.ready()
	rec.Record.Version, rec.Record.Person.Street, rec.MessageID = 2, "JALAN BARU 2", w.app+"/2"
	rec.Canonical = sha256.Sum256([]byte(rec.MessageID))
	w.o.do(center, rec)
}

func (w *underway) approved() { w.ready(); w.o.done(ratna, w.at()+"/approval", nil) }

func (w *underway) queued() { w.approved(); w.o.done(joko, w.at()+"/queue", nil) }

// held: the line finds that the record cannot become a card.
func (w *underway) held() {
	w.queued()
	w.o.must(w.o.reg.Settle(w.o.t.Context(), w.next(), jobs.Prepare, jobs.Outcome{Result: jobs.Refused, Cause: "artwork.text_too_long"}))
}

// doubted: a blank was fed and nobody can say where it is.
func (w *underway) doubted() {
	w.queued()
	w.order, w.chip = w.next(), ""
	w.o.step(w.order, jobs.Feed, "")
	chip := nextChip()
	w.o.step(w.order, jobs.Claim, chip)
	w.o.must(w.o.reg.Intend(w.o.t.Context(), w.order, jobs.Write, jobs.Evidence{Chip: chip, At: w.o.clock.Now()}))
	w.o.must(w.o.reg.Settle(w.o.t.Context(), w.order, jobs.Write, jobs.Outcome{Result: jobs.Unknown, Chip: chip, Cause: "applet.card_gone"}))
}

func (w *underway) attempt(act string) string {
	return "/v1/attempts/" + w.order.Attempt.String() + "/" + act
}

// next is its order: it waits alone, or the others are made first.
func (w *underway) next() jobs.Order {
	w.o.loaded(w.person.Foreign())
	for {
		order := w.o.next()
		if order.Record.ID == w.app {
			return order
		}
		w.o.finishWith(order)
	}
}

func (w *underway) made() { w.ready(); w.chip = w.o.made(w.app) }

// bagged packs its card and sends it off.
func (w *underway) bagged(who, kind, to string) (bag string) {
	bag = "/v1/consignments/" + w.o.done(who, "/v1/consignments", map[string]any{"kind": kind, "to": to})["answer"].(string)
	w.o.done(who, bag+"/cards/"+w.chip, nil)
	w.o.done(who, bag+"/seal", map[string]any{"seal": "SEGEL-79"})
	w.o.done(who, bag+"/shipping", nil)
	return bag
}

func (w *underway) unpacked(who, bag string) {
	w.o.done(who, bag+"/receipt", map[string]any{"seal": "SEGEL-79", "chips": []string{w.chip}})
}

func (w *underway) sent() { w.made(); w.o.sentTo("kec.sepauk", yusuf, w.chip) }

func (w *underway) left() {
	w.sent()
	w.o.clock.Advance(registry.UncollectedAfterDays * 24 * time.Hour)
	w.o.done(yusuf, w.at()+"/uncollected", nil)
}

func (w *underway) matched() {
	w.made()
	w.o.done(tono, w.at()+"/match", holderOf(w.chip))
}

func (w *underway) returned() {
	w.made()
	w.o.done(sari, w.at()+"/return", map[string]any{"chip": w.chip, "reason": "damaged"})
}

func (w *underway) retired() {
	w.o.examined(w.chip, registry.ChipBlocked)
	w.o.agreed(joko, ratna, "/v1/cards/"+w.chip+"/retirement", map[string]any{"reason": "withdrawn"})
}

// back brings its card from the kecamatan to the Dinas, where it is retired.
func (w *underway) back() {
	w.unpacked(joko, w.bagged(yusuf, "back", "dinas"))
	w.retired()
}

const (
	recalled = "too_late_recall_opened"
	sepauk   = "kec.sepauk"
)

// When the world changes under a card: the withdrawal in each state of an application, what it is answered,
// what becomes of the application, and what people do until it has ended.
func TestWalkOfAWithdrawalInEveryState(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 40})
	nothing := func(*underway) {}
	bag := ""
	rows := []struct {
		front, place   string // how far people bring it, and where its card is handed over
		to             func(*underway)
		state          registry.State // in which the withdrawal comes
		answer, became string
		then           func(*underway) // what ends it
		end            string
	}{
		{"received", "", nothing, registry.Received, "done", "withdrawn", nil, "withdrawn"},
		{"checked", "", nothing, registry.Examined, "done", "withdrawn", nil, "withdrawn"},
		{"captured", "", nothing, registry.Captured, "done", "withdrawn", nil, "withdrawn"},
		{"confirmed", "", nothing, registry.Confirmed, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", nothing, registry.Sent, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", (*underway).atCenter, registry.AtCenter, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", answered("duplicate"), registry.Duplicate, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", answered("adjudicate"), registry.Adjudicate, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", answered("enroll_failure"), registry.EnrollFailure, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", answered("search_failure"), registry.SearchFailure, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", (*underway).ready, registry.PrintReady, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", (*underway).corrected, registry.Reconfirm, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", (*underway).approved, registry.Approved, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", (*underway).queued, registry.Queued, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", (*underway).held, registry.OnHold, "done", "withdrawn", nil, "withdrawn"},
		{"sent", "", func(w *underway) { w.queued(); w.order = w.next(); o.step(w.order, jobs.Feed, "") }, registry.Producing, "done", "producing", func(w *underway) {
			o.stopped(w.order, jobs.Feed, nextChip(), false)
		}, "withdrawn"},
		{"sent", "", (*underway).doubted, registry.InDoubt, recalled, "in doubt", func(w *underway) {
			o.agreed(joko, ratna, w.attempt("surrender"), map[string]any{"picture": picture64})
		}, "withdrawn"},
		{"sent", "", (*underway).doubted, registry.InDoubt, recalled, "in doubt", func(w *underway) {
			o.agreed(joko, ratna, w.attempt("loss"), map[string]any{"reason": "not_found"})
		}, "withdrawn"},
		{"sent", "", (*underway).made, registry.Produced, recalled, "recalled", (*underway).retired, "withdrawn"},
		{"sent", sepauk, func(w *underway) { w.made(); bag = w.bagged(joko, "out", sepauk) }, registry.Shipped, recalled, "recalled", func(w *underway) {
			w.unpacked(yusuf, bag)
			w.back()
		}, "withdrawn"},
		{"sent", sepauk, func(w *underway) { w.made(); bag = w.bagged(joko, "out", sepauk) }, registry.Shipped, recalled, "recalled", func(w *underway) {
			o.agreed(joko, ratna, bag+"/loss", map[string]any{"reason": "robbed"})
		}, "withdrawn"},
		{"sent", sepauk, (*underway).sent, registry.Delivered, recalled, "recalled", (*underway).back, "withdrawn"},
		{"sent", sepauk, (*underway).left, registry.Uncollected, recalled, "recalled", (*underway).back, "withdrawn"},
		{"sent", "", (*underway).matched, registry.Matched, recalled, "recalled", (*underway).retired, "withdrawn"},
		{"sent", "", (*underway).returned, registry.Returned, recalled, "recalled", (*underway).retired, "withdrawn"},
		{"sent", "", func(w *underway) { w.returned(); w.retired() }, registry.Returned, "done", "withdrawn", nil, "withdrawn"},
		{"sent", sepauk, func(w *underway) {
			w.left()
			o.agreed(joko, ratna, w.at()+"/recall", map[string]any{"reason": "uncollected"})
		}, registry.Recalled, recalled, "recalled", (*underway).back, "withdrawn"},
		{"sent", "", func(w *underway) { w.made(); o.handed(w.app, w.chip, "none") }, registry.HandedOver, "card_in_force", "handed over", nil, "handed over"},
		{"sent", "", func(w *underway) { w.made(); w.unpacked(tono, w.bagged(joko, "redirect", "dinas.melawi")) }, registry.PassedOn, "card_in_force", "passed on", nil, "passed on"},
		{"received", "", func(w *underway) { o.done(sari, w.at()+"/rejection", map[string]any{"reason": "not_obliged"}) }, registry.Rejected, "unchanged", "rejected", nil, "rejected"},
		{"checked", "", func(w *underway) { o.done(sari, w.at()+"/abandonment", map[string]any{"reason": "applicant"}) }, registry.Cancelled, "unchanged", "cancelled", nil, "cancelled"},
		{"sent", "", func(w *underway) {
			answered("duplicate")(w)
			o.done(dewi, w.at()+"/desk-closing", map[string]any{"reason": "same_person"})
		}, registry.Closed, "unchanged", "closed", nil, "closed"},
		{"sent", "", func(w *underway) { w.o.withdraw(w.app, "before") }, registry.Withdrawn, "unchanged", "withdrawn", nil, "withdrawn"},
	}
	shown := map[registry.State]bool{registry.Absent: true}
	for n, c := range rows {
		shown[c.state] = true
		t.Run(string(c.state), func(t *testing.T) {
			o.t = t
			w := &underway{o: o}
			w.person, w.fingers = o.resident(n)
			o.listed(fmt.Sprintf("dpt-%d", n), w.person)
			wish := o.wish("new", map[string]any{"nik": w.person.NIK.Digits()})
			if c.place != "" {
				wish["delivery"] = c.place
			}
			w.app = o.done(sari, "/v1/applications", wish)["application"].(string)
			for _, step := range o.front(w.app, sari, budi, w.person, w.fingers) {
				if step.do(); step.state == c.front {
					break
				}
			}
			c.to(w)
			o.is(w.app, string(c.state))
			if got := o.withdraw(w.app, "withdrawn"); got != c.answer {
				t.Errorf("answered %s, want %s", got, c.answer)
			}
			o.is(w.app, c.became)
			if c.state != registry.HandedOver {
				o.refused(sari, w.at()+"/handover", map[string]any{"chip": "0000CAFE000000000000"}, "registry.wrong_state")
			}
			if c.then != nil {
				c.then(w)
			}
			o.is(w.app, c.end)
			if w.chip != "" && (o.card(w.chip) == "in force") != (c.end == "handed over") {
				t.Errorf("the card is %s", o.card(w.chip))
			}
		})
	}
	for _, s := range registry.Applications.States() {
		if !shown[s] {
			t.Errorf("no withdrawal is shown in the state %s", s)
		}
	}
}

// The withdrawal while a line has the card: it is stopped at the next act that looks, spoiled while its chip
// was never active, and else blocked before it leaves.
func TestWalkOfAWithdrawalInEveryStep(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 30})
	o.emptied()
	stages := jobs.Stages(jobs.Inline)
	for n, last := range stages[:len(stages)-1] {
		t.Run(string(last), func(t *testing.T) {
			o.t = t
			person, fingers := o.resident(n)
			o.listed("dpt-"+string(last), person)
			app := o.taken(person, fingers, o.wish("new", nil))
			o.unique(app, fingers)
			o.done(ratna, "/v1/applications/"+app+"/approval", nil)
			o.done(joko, "/v1/applications/"+app+"/queue", nil)
			order := o.next()
			chip := o.madeUpTo(order, last)
			active := jobs.IsActive(jobs.Inline, jobs.After(last))
			want := map[bool]string{false: "done", true: "too_late_recall_opened"}[active]
			if got := o.withdraw(app, "withdrawn"); got != want {
				t.Errorf("answered %s, want %s", got, want)
			}
			o.is(app, "producing")
			o.stopped(order, last, chip, active)
			o.is(app, "withdrawn")
			var d struct{ Attempt struct{ State string } }
			o.see(joko, "/v1/attempts/"+order.Attempt.String(), &d)
			if end := map[bool]string{false: "spoiled", true: "revoked"}[active]; d.Attempt.State != end {
				t.Errorf("the attempt is %s, want %s", d.Attempt.State, end)
			}
		})
	}
}

// emptied has the line make what the office began with.
func (o *office) emptied() {
	for o.left() {
		o.finishWith(o.next())
	}
}

func (o *office) left() bool {
	o.t.Helper()
	list, err := o.reg.Orders(o.t.Context(), jobs.Waiting, 10)
	o.must(err)
	return len(list) > 0
}

// madeUpTo makes the stages up to one.
func (o *office) madeUpTo(order jobs.Order, last jobs.Step) ktp.ChipUID {
	o.t.Helper()
	chip := nextChip()
	for _, step := range jobs.Stages(jobs.Inline) {
		o.step(order, step, chip)
		if step == last {
			break
		}
	}
	return chip
}

// stopped goes on until the ledger stops the card, and lets the line set it aside.
func (o *office) stopped(order jobs.Order, last jobs.Step, chip ktp.ChipUID, active bool) {
	o.t.Helper()
	ctx, past := o.t.Context(), false
	for _, step := range jobs.Stages(jobs.Inline) {
		if !past {
			past = step == last
			continue
		}
		if step == jobs.ReadBack || step == jobs.Recheck || o.reg.Intend(ctx, order, step, jobs.Evidence{Chip: chip, At: o.clock.Now()}) == nil {
			o.settled(order, step, chip)
			continue
		}
		o.must(o.reg.Settle(ctx, order, step, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(registry.RecordWithdrawn.Code), Chip: chip}))
		break
	}
	for _, step := range []jobs.Step{jobs.Block, jobs.Reject} {
		if step == jobs.Block && !active {
			continue
		}
		o.must(o.reg.Intend(ctx, order, step, jobs.Evidence{Chip: chip}))
		o.must(o.reg.Settle(ctx, order, step, jobs.Outcome{Result: jobs.Done, Cause: string(registry.RecordWithdrawn.Code), Tray: "reject", Chip: chip}))
	}
}
