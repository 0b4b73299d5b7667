package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
)

// because is a body with a reason that the operation takes, and what else it holds.
func (o *office) because(operation registry.Name, more ...any) map[string]any {
	o.t.Helper()
	i := slices.IndexFunc(registry.Reasons, func(r registry.ReasonsOf) bool { return r.Operation == operation })
	if i < 0 || len(registry.Reasons[i].Codes) == 0 {
		o.t.Fatalf("%s takes no reason", operation)
	}
	body := map[string]any{"reason": registry.Reasons[i].Codes[0]}
	for n := 0; n+1 < len(more); n += 2 {
		body[more[n].(string)] = more[n+1]
	}
	return body
}

// started is an application of somebody new, brought as far as people bring it.
func (o *office) started(n int, front string) *underway {
	o.t.Helper()
	w := &underway{o: o}
	w.person, w.fingers = o.resident(n)
	o.listed(fmt.Sprintf("dpt-%d", n), w.person)
	wish := o.wish("new", nil)
	wish["nik"] = w.person.NIK.Digits()
	w.app = o.done(sari, "/v1/applications", wish)["application"].(string)
	for _, step := range o.front(w.app, sari, budi, w.person, w.fingers) {
		if front == "" {
			break
		}
		if step.do(); step.state == front {
			break
		}
	}
	return w
}

// What an office does beside the way of a card: over the API, by who may, and seen afterwards where it shows.
func TestWalkOfTheOfficesOtherActs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	head := access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}}
	o.tokens["guard"] = o.token(access.Actor{ID: "satpam", Roles: guard.Roles}, head)
	next := 0
	start := func(front string) *underway { next++; return o.started(next-1, front) }
	id := func(out map[string]any) string { return out["answer"].(string) }
	lists := func(who, target string) {
		o.t.Helper()
		var body struct{ Items []any }
		if o.see(who, target, &body); len(body.Items) == 0 {
			o.t.Errorf("%s is empty", target)
		}
	}
	for _, act := range []struct {
		name string
		do   func()
	}{
		{"a ticket called out of turn, and one that nobody answers", func() {
			for range 2 {
				o.done(sari, "/v1/tickets", map[string]any{})
			}
			o.done(sari, "/v1/tickets/2/call", o.because("counter.call_this"))
			o.done(sari, "/v1/tickets/2/end", map[string]any{"came": true})
			o.done(sari, "/v1/tickets/next", nil)
			o.done(sari, "/v1/tickets/1/end", map[string]any{"came": false})
			o.refused(sari, "/v1/tickets/1/end", map[string]any{"came": true}, "registry.out_of_order")
		}},
		{"a paper that two let be missing", func() {
			next++
			p, _ := o.resident(next - 1)
			o.listed("dpt-override", p)
			wish := map[string]any{"type": "new", "nik": p.NIK.Digits(), "requirements": []any{map[string]any{"id": "family_card"}}}
			o.refused(sari, "/v1/applications", wish, "registry.requirement_missing")
			o.agreed(sari, ratna, "/v1/applications/with-override", map[string]any{
				"application": wish, "overrides": []any{map[string]any{"requirement": "rt_rw_letter", "reason": "follows"}},
			})
		}},
		{"a scan taken away", func() {
			at := start("").at()
			o.done(sari, at+"/attachments", map[string]any{"class": "form", "data": []byte("%PDF-1.4 signed form")})
			var scans struct{ Items []struct{ ID string } }
			o.see(sari, at+"/attachments", &scans)
			o.done(sari, at+"/attachments/"+scans.Items[0].ID+"/removal", o.because("application.detach"))
		}},
		{"an officer who knows the applicant", func() {
			w := start("checked")
			o.done(budi, w.at()+"/conflict", nil)
			if status, _ := o.post(budi, w.at()+"/capture", captureOf(w.person, w.fingers)); status != 403 {
				t.Errorf("who knows the applicant captures: %d", status)
			}
		}},
		{"another place of delivery", func() {
			w := start("sent")
			o.done(joko, w.at()+"/delivery", o.because("application.redirect", "place", sepauk))
		}},
		{"a mark, and an order moved", func() {
			w := start("sent")
			w.ready()
			o.agreed(joko, ratna, w.at()+"/marks", o.because("application.mark", "mark", "disaster"))
			lists(ratna, w.at()+"/marks")
			o.done(ratna, w.at()+"/approval", nil)
			o.done(joko, w.at()+"/queue", nil)
			o.done(ratna, w.at()+"/priority", o.because("order.move", "priority", 9))
			w.cancelled()
		}},
		{"a capture sent again", func() {
			w := start("sent")
			answered("search_failure")(w)
			o.done(dewi, w.at()+"/resending", o.because("application.resend"))
		}},
		{"an adjudication", func() {
			w := start("sent")
			answered("adjudicate")(w)
			o.done(dewi, w.at()+"/adjudication", o.because("uniqueness.adjudicate", "decision", "different_person"))
		}},
		{"a task that somebody takes", func() {
			w := start("sent")
			w.ready()
			o.agreed(hadi, ratna, "/v1/tasks/approve/"+w.app, o.because("work.take_this"))
			o.done(hadi, "/v1/tasks/approve/"+w.app+"/return", nil)
			o.done(ratna, "/v1/tasks/approve/next", nil)
		}},
		{"a card held, freed and ended", func() {
			w := start("sent")
			w.ready()
			w.chip = o.made(w.app)
			o.handed(w.app, w.chip, "none")
			o.done(ratna, "/v1/cards/"+w.chip+"/hold", o.because("card.hold"))
			o.done(ratna, "/v1/cards/"+w.chip+"/freeing", nil)
			o.agreed(sari, ratna, "/v1/cards/"+w.chip+"/end", map[string]any{"reason": "lost", "atHand": false})
			if got := o.card(w.chip); got != "retired" {
				t.Errorf("the card is %s", got)
			}
		}},
		{"a card set apart and another that is missing", func() {
			w := start("sent")
			w.made()
			o.agreed(tono, ratna, "/v1/cards/"+w.chip+"/apart", o.because("handover.set_apart"))
			v := start("sent")
			v.made()
			o.agreed(joko, ratna, "/v1/cards/"+v.chip+"/missing", o.because("card.declare_missing"))
			var open struct {
				Items []struct{ ID, Kind, State, Chip string }
			}
			o.see(joko, "/v1/investigations", &open)
			closed := 0
			for _, i := range open.Items {
				if i.Chip == v.chip && i.State == "open" {
					o.agreed(joko, ratna, "/v1/investigations/"+i.ID+"/closing", map[string]any{"outcome": "found"})
					closed++
				}
			}
			if closed != 1 {
				t.Errorf("%d investigations of the missing card: %+v", closed, open)
			}
		}},
		{"a temporary certificate ended", func() {
			w := start("sent")
			w.ready()
			number := id(o.done(sari, w.at()+"/suket", nil))
			o.done(sari, "/v1/sukets/end", o.because("suket.end", "number", number))
		}},
		{"a bag opened again", func() {
			w := start("sent")
			o.done(joko, w.at()+"/delivery", o.because("application.redirect", "place", sepauk))
			w.made()
			bag := "/v1/consignments/" + id(o.done(joko, "/v1/consignments", map[string]any{"kind": "out", "to": "kec.sepauk"}))
			o.done(joko, bag+"/cards/"+w.chip, nil)
			o.done(joko, bag+"/cards/"+w.chip+"/removal", o.because("consignment.unpack"))
			o.done(joko, bag+"/cards/"+w.chip, nil)
			o.done(joko, bag+"/seal", map[string]any{"seal": "SEGEL-1"})
			o.done(joko, bag+"/unsealing", nil)
			o.done(joko, bag+"/cards/"+w.chip+"/removal", o.because("consignment.unpack"))
			o.done(joko, bag+"/cancellation", nil)
		}},
		{"a list of destruction counted again", func() {
			card := id(o.done(sari, "/v1/foreign-cards", map[string]any{"kind": "paper_ktp"}))
			list := "/v1/destructions/" + id(o.done(rina, "/v1/destructions", nil))
			o.done(rina, list+"/items", map[string]any{"item": card})
			o.done(rina, list+"/count", map[string]any{"count": 1})
			o.done(rina, list+"/reopening", nil)
			o.done(rina, list+"/cancellation", nil)
		}},
		{"a denied blank that is let go", func() {
			const chip = "0000CAFE0000000000D1"
			o.done(rina, "/v1/deny-list/"+chip, o.because("stock.deny"))
			o.agreed(rina, ratna, "/v1/deny-list/lifting", o.because("stock.allow", "chip", chip))
		}},
		{"a fine settled", func() {
			start("")
			var fines struct{ Items []struct{ ID, State string } }
			o.see(joko, "/v1/fines", &fines)
			if len(fines.Items) == 0 {
				t.Fatal("nobody is fined")
			}
			o.done(sari, "/v1/fines/"+fines.Items[0].ID+"/settlement", map[string]any{"receipt": "KWITANSI-1"})
		}},
		{"an outage, and one that was none", func() {
			first := id(o.done(dewi, "/v1/incidents", map[string]any{"cause": "power"}))
			o.clock.Advance(time.Minute)
			o.done(dewi, "/v1/incidents/"+first+"/end", map[string]any{})
			o.done(dewi, "/v1/health/devices", map[string]any{"device": "camera-1", "state": "down", "cause": "equipment"})
			o.clock.Advance(time.Hour)
			var list struct{ Items []struct{ ID, State string } }
			o.see(dewi, "/v1/incidents", &list)
			i := slices.IndexFunc(list.Items, func(i struct{ ID, State string }) bool { return i.State == "reported" })
			if i < 0 {
				t.Fatalf("nothing was reported: %+v", list)
			}
			o.done(dewi, "/v1/incidents/"+list.Items[i].ID+"/dismissal", o.because("incident.dismiss"))
		}},
		{"a complaint that goes on", func() {
			agus := "Agus, complaint officer"
			o.done(sari, "/v1/complaints", map[string]any{"channel": "in_person", "subject": "waiting", "text": "ANTRE LAMA", "name": "PELAPOR", "contact": "0812000111"})
			var list struct{ Items []struct{ ID string } }
			o.see(agus, "/v1/complaints", &list)
			at := "/v1/complaints/" + list.Items[0].ID
			o.done(agus, at+"/assignment", map[string]any{"person": "agus"})
			o.done(agus, at+"/verification", map[string]any{"finding": "right", "matter": "SATU LOKET TUTUP"})
			o.done(agus, at+"/answer", map[string]any{"text": "LOKET DIBUKA LAGI"})
			o.done(agus, at+"/reopening", o.because("complaint.reopen"))
			o.refused(agus, at+"/closing", nil, "registry.wrong_state")
		}},
		{"a line that pauses", func() {
			o.done(joko, "/v1/lines/line-1/pause", o.because("line.pause"))
			o.done(joko, "/v1/lines/line-1/resume", nil)
			o.done(joko, "/v1/lines/line-1/temperature", map[string]any{"degrees": 165})
		}},
		{"blanks by their chips, and for tests", func() {
			o.done(rina, "/v1/lots/LOT-C/chips", map[string]any{"product": "ktp-el-wni", "chips": []string{"0000CAFE0000000000E1"}})
			lists(rina, "/v1/blanks/0000CAFE0000000000E1/history")
			o.done(rina, "/v1/lots/LOT-U/test-receipt", map[string]any{"product": "ktp-el-wni", "quantity": 7})
			o.agreed(rina, joko, "/v1/lots/LOT-U/test-drawing", o.because("stock.draw_test", "quantity", 2))
			o.agreed(rina, joko, "/v1/lots/LOT-U/test-end", map[string]any{"used": 1, "unused": 1})
		}},
		{"a roll fitted and removed", func() {
			o.done(rina, "/v1/rolls/EV-R-7/receipt", map[string]any{"kind": "ribbon", "product": "YMCKO", "panels": 300})
			o.agreed(rina, joko, "/v1/rolls/EV-R-7/fitting", map[string]any{"line": "line-1"})
			o.agreed(rina, joko, "/v1/rolls/EV-R-7/removal", map[string]any{"left": 300, "seal": "SEGEL-9"})
			var roll map[string]any
			o.see(rina, "/v1/rolls/EV-R-7", &roll)
		}},
		{"a day of the stock, and starts within it", func() {
			counts := func() (list []any) {
				held, _, err := o.reg.Blanks(t.Context())
				o.must(err)
				for _, h := range held {
					if p := h.Place.String(); p == "store" || strings.HasPrefix(p, "hopper/") {
						list = append(list, map[string]any{"place": p, "lot": h.Lot, "quantity": h.Unread + h.Read})
					}
				}
				return list
			}
			o.agreed(rina, joko, "/v1/shifts", map[string]any{"counts": counts()})
			short := counts()
			first := short[0].(map[string]any)
			first["quantity"] = first["quantity"].(int) - 1
			for range 2 {
				o.agreed(rina, joko, "/v1/shifts/closing", map[string]any{"counts": short})
			}
			o.agreed(rina, ratna, "/v1/shifts/settlement", map[string]any{"reason": "missing"})
			o.agreed(rina, joko, "/v1/shifts", map[string]any{"counts": counts()})
			begun := func() string {
				o.keys++
				res, err := o.reg.Do(t.Context(), center, registry.RecordStart{Station: "S1", Program: "p", Configuration: "c", Keys: "k"}, fmt.Sprintf("start-%d", o.keys))
				o.must(err)
				return "/v1/starts/" + res.Answer
			}
			o.agreed(joko, ratna, begun()+"/release", nil)
			again := begun()
			o.done(joko, again+"/release-alone", nil)
			o.done(ratna, again+"/confirmation", nil)
			o.agreed(rina, joko, "/v1/shifts/closing", map[string]any{"counts": counts()})
		}},
		{"a desk that comes and goes", func() {
			o.done("guard", "/v1/desks/loket-9/invitation", map[string]any{"expiresAt": o.clock.Now().Add(time.Hour), "hash": strings.Repeat("ab", 32)})
			o.done("guard", "/v1/desks/loket-9/revocation", nil)
		}},
		{"a batch looked at", func() {
			w := start("sent")
			w.ready()
			var batch struct{ Sample []any }
			o.see(ratna, "/v1/batches/"+id(o.done(ratna, "/v1/batches", map[string]any{"applications": []string{w.app}})), &batch)
		}},
		{"the clock set by two", func() {
			o.agreed(joko, ratna, "/v1/clock", nil)
		}},
		{"a proposal taken back", func() {
			status, out := o.post("guard", "/v1/people/baru", map[string]any{"name": "PETUGAS BARU", "roles": []string{"auditor"}, "active": true})
			if status != 202 {
				t.Fatalf("%d %v", status, out)
			}
			o.done("guard", "/v1/proposals/"+out["proposal"].(string)+"/withdrawal", nil)
		}},
		{"people who come", func() {
			o.agreed("guard", ratna, "/v1/people/datang", map[string]any{"name": "PETUGAS BARU", "roles": []string{"auditor"}, "active": true})
			o.agreed("guard", ratna, "/v1/people/datang/invitation", map[string]any{"expiresAt": o.clock.Now().Add(time.Hour), "hash": strings.Repeat("cd", 32)})
			o.agreed("guard", ratna, "/v1/people/datang/tokens", map[string]any{"id": "t-datang", "kind": "token", "expiresAt": o.clock.Now().AddDate(0, 1, 0), "hash": strings.Repeat("ef", 32)})
		}},
		{"a lot of another product than was written", func() {
			o.done(rina, "/v1/lots/LOT-P/receipt", map[string]any{"product": "ktp-el-wni", "quantity": 5})
			o.agreed(rina, joko, "/v1/lots/LOT-P/product", map[string]any{"product": "ktp-el-oa"})
			lists(rina, "/v1/lots/LOT-P/history")
		}},
		{"people who leave", func() {
			o.token(access.Actor{ID: "pergi", Roles: []access.Role{access.Auditor}}, head)
			o.done("guard", "/v1/people/pergi/sign-out", nil)
			o.done("guard", "/v1/tokens/t-pergi/revocation", nil)
		}},
		{"a SAM that was lost and found", func() {
			const at = "/v1/sams/0A0B0C0D0E0F0103"
			o.agreed("guard", ratna, at+"/issue", map[string]any{"place": "kec.sepauk", "seal": "S-1", "generation": 1, "check": "ABCDEF", "uses": 40, "days": 7})
			o.done("guard", at+"/loss", o.because("sam.lose"))
			o.agreed("guard", ratna, at+"/finding", o.because("sam.find"))
			var affected struct{ Items []any }
			o.see("guard", at+"/cards", &affected)
			const other = "/v1/sams/0A0B0C0D0E0F0104"
			o.agreed("guard", ratna, other+"/issue", map[string]any{"place": "kec.sepauk", "seal": "S-2", "generation": 1, "check": "ABCDEF", "uses": 40, "days": 7})
			o.agreed("guard", ratna, other+"/return", o.because("sam.take_back"))
		}},
		{"what a note says", func() {
			w := start("received")
			o.done(sari, w.at()+"/rejection", map[string]any{"reason": "other", "note": "KARTU KELUARGA BASAH"})
			var notes struct{ Items []struct{ Event int64 } }
			o.see(sari, "/v1/notes", &notes)
			read := o.done(sari, fmt.Sprintf("/v1/notes/%d/text", notes.Items[len(notes.Items)-1].Event), o.because("note.read"))
			if !strings.Contains(fmt.Sprint(read), "KARTU KELUARGA BASAH") {
				t.Errorf("the note says %v", read)
			}
		}},
		{"another standard", func() {
			o.agreed(joko, ratna, "/v1/standard", map[string]any{"content": string(standard.File("national-2018"))})
			o.agreed(joko, ratna, "/v1/standard", map[string]any{"content": string(standard.File("sintang"))})
		}},
		{"a breach from its finding to its end", func() {
			at := "/v1/breaches/" + id(o.done("guard", "/v1/breaches", map[string]any{"what": "DAFTAR TERTINGGAL DI LOKET", "how": "ditemukan oleh petugas", "people": 3}))
			o.refused("guard", at+"/closing", map[string]any{"outcome": "SELESAI"}, "registry.wrong_state")
			o.done("guard", at+"/notice", nil)
			o.done("guard", at+"/closing", map[string]any{"outcome": "SELESAI"})
		}},
		{"an inspection that finds its sample", func() {
			wati := "Wati, auditor"
			at := "/v1/inspections/" + id(o.done(wati, "/v1/inspections", map[string]any{"seed": "BENIH-UJI", "cards": 2, "blanks": 0, "rolls": 0}))
			var drawn struct{ Items []struct{ Item string } }
			o.see(wati, at, &drawn)
			if len(drawn.Items) == 0 {
				t.Fatal("nothing was drawn")
			}
			o.done(wati, at+"/items", map[string]any{"item": drawn.Items[0].Item})
			o.done(wati, at+"/closing", nil)
		}},
	} {
		t.Run(act.name, func(t *testing.T) {
			o.t = t
			act.do()
		})
	}
	o.t = t
	reader := o.readerOfAll()
	o.readsEveryThing(reader)
	if full := o.tablesSayWhatJSONSays(reader); len(full) < 30 {
		t.Errorf("%d tables had rows: %v", len(full), full)
	}
}
