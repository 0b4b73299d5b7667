package api_test

import (
	"fmt"
	"testing"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
)

// withdraw is the center's word that a request is taken back, and the station's answer.
func (o *office) withdraw(app string) string {
	o.t.Helper()
	o.keys++
	res, err := o.reg.Do(o.t.Context(), center, registry.WithdrawRecord{ID: registry.ApplicationID(app), Version: 1, Reason: "withdrawn"}, "withdraw-"+app)
	o.must(err)
	return res.Answer
}

// When the world changes under a card: the withdrawal in each state of an application, what it is answered,
// what becomes of the application, and what people do until it has ended.
func TestWalkOfAWithdrawalInEveryState(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 30})
	type walk struct {
		app, chip string
		fingers   [2]ktp.FingerSlot
	}
	at := func(w *walk) string { return "/v1/applications/" + w.app }
	answered := func(word registry.SearchResult) func(*walk) {
		return func(w *walk) {
			id := registry.ApplicationID(w.app)
			o.do(center, registry.TakeEnrolment{Application: id, Encounter: 1})
			o.do(center, registry.ReceiveResult{Application: id, Encounter: 1, Sequence: 5, Result: word})
			o.done(dewi, at(w)+"/result/reading", nil)
		}
	}
	ready := func(w *walk) { o.unique(w.app, w.fingers) }
	approved := func(w *walk) { ready(w); o.done(ratna, at(w)+"/approval", nil) }
	queued := func(w *walk) { approved(w); o.done(joko, at(w)+"/queue", nil) }
	made := func(w *walk) { ready(w); w.chip = o.made(w.app) }
	sent := func(w *walk) { made(w); o.sentTo("kec.sepauk", yusuf, w.chip) }
	returned := func(w *walk) {
		made(w)
		o.done(sari, at(w)+"/return", map[string]any{"chip": w.chip, "reason": "damaged"})
	}
	retired := func(w *walk) {
		o.agreed(joko, ratna, "/v1/cards/"+w.chip+"/retirement", map[string]any{"reason": "withdrawn", "chipState": "blocked"})
	}
	back := func(w *walk) {
		bag := "/v1/consignments/" + o.done(yusuf, "/v1/consignments", map[string]any{"kind": "back", "to": "dinas"})["answer"].(string)
		o.done(yusuf, bag+"/cards/"+w.chip, nil)
		o.done(yusuf, bag+"/seal", map[string]any{"seal": "SEGEL-79"})
		o.done(yusuf, bag+"/shipping", nil)
		o.done(joko, bag+"/receipt", map[string]any{"seal": "SEGEL-79", "chips": []string{w.chip}})
		retired(w)
	}
	for n, c := range []struct {
		name           string
		place          string
		to             func(*walk) // brings a sent application into the state
		state          string
		answer, became string
		then           func(*walk)
		end            string
	}{
		{"sent", "", func(*walk) {}, "sent", "done", "withdrawn", nil, "withdrawn"},
		{"duplicate", "", answered("duplicate"), "duplicate", "done", "withdrawn", nil, "withdrawn"},
		{"adjudicate", "", answered("adjudicate"), "adjudicate", "done", "withdrawn", nil, "withdrawn"},
		{"enroll failure", "", answered("enroll_failure"), "enroll failure", "done", "withdrawn", nil, "withdrawn"},
		{"search failure", "", answered("search_failure"), "search failure", "done", "withdrawn", nil, "withdrawn"},
		{"print ready", "", ready, "print ready", "done", "withdrawn", nil, "withdrawn"},
		{"approved", "", approved, "approved", "done", "withdrawn", nil, "withdrawn"},
		{"queued", "", queued, "queued", "done", "withdrawn", nil, "withdrawn"},
		{"produced", "", made, "produced", "too_late_recall_opened", "recalled", retired, "withdrawn"},
		{"received at the place of delivery", "kec.sepauk", sent, "received at the place of delivery", "too_late_recall_opened", "recalled", back, "withdrawn"},
		{"matched", "", func(w *walk) {
			made(w)
			o.done(tono, at(w)+"/match", map[string]any{"chip": w.chip, "finger": 2, "score": 80})
		}, "matched", "too_late_recall_opened", "recalled", retired, "withdrawn"},
		{"returned", "", returned, "returned", "too_late_recall_opened", "recalled", retired, "withdrawn"},
		{"returned and retired", "", func(w *walk) { returned(w); retired(w) }, "returned", "done", "withdrawn", nil, "withdrawn"},
		{"handed over", "", func(w *walk) { made(w); o.handed(w.app, w.chip, "none") }, "handed over", "card_in_force", "handed over", nil, "handed over"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o.t = t
			person, fingers := o.resident(n)
			w := &walk{fingers: fingers}
			o.listed(fmt.Sprintf("dpt-%d", n), person)
			more := map[string]any{}
			if c.place != "" {
				more["delivery"] = c.place
			}
			w.app = o.taken(person, fingers, o.wish("new", more))
			c.to(w)
			o.is(w.app, c.state)
			if got := o.withdraw(w.app); got != c.answer {
				t.Errorf("answered %s, want %s", got, c.answer)
			}
			o.is(w.app, c.became)
			if c.state != "handed over" {
				o.refused(sari, at(w)+"/handover", map[string]any{"chip": "0000CAFE000000000000"}, "registry.wrong_state")
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
}

// The withdrawal while a line has the card: it is stopped at the next act that looks, spoiled while its chip
// was never active, and else blocked before it leaves.
func TestWalkOfAWithdrawalInEveryStep(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 30})
	for o.left() { // what the office began with
		o.finishWith(o.next())
	}
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
			if got := o.withdraw(app); got != want {
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
