package api_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net/http"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
)

// What people do beside the machines: with readers, desks, a card in doubt, and blanks that came out unasked. Only what
// a machine tells does not come over the API.
func TestWalkBesideTheMachines(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.tokens["guard"] = o.token(access.Actor{ID: "satpam", Roles: guard.Roles}, access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}})
	next := 0
	start := func() *underway { next++; return o.started(next-1, "sent") }
	for _, act := range []struct {
		name string
		do   func(t *testing.T)
	}{
		{"a capture and a paper read again", func(t *testing.T) {
			w := start()
			var kept struct{ Parts []struct{ Part string } }
			if o.see(sari, w.at()+"/capture", &kept); len(kept.Parts) == 0 {
				t.Error("no part of the capture")
			}
			w.ready()
			if answer := o.printed(sari, w.at()+"/papers/receipt", "application/pdf", "receipt"); answer.Code != http.StatusOK {
				t.Fatalf("%d %s", answer.Code, answer.Body)
			}
			var papers struct{ Items []struct{ Number string } }
			o.see(sari, "/v1/papers?application="+w.app, &papers)
			var paper struct{ Number string }
			if o.see(sari, "/v1/papers/"+papers.Items[0].Number, &paper); paper.Number != papers.Items[0].Number {
				t.Errorf("%+v, want %s", paper, papers.Items[0].Number)
			}
		}},
		{"a device that is tested", func(t *testing.T) {
			const printer = "sintang-1.line.line-1.printer"
			o.must(o.reg.Tell(o.t.Context(), []registry.Reading{{Device: printer, Kind: registry.DevicePrinter, Line: "line-1", Serial: "10000123"}}))
			o.done(joko, "/v1/devices/"+printer+"/reading", nil)
			var told struct{ Device, Serial string }
			if o.see(joko, "/v1/devices/"+printer, &told); told.Device != printer || told.Serial != "10000123" {
				t.Errorf("%+v", told)
			}
		}},
		{"a blank by what is printed on it", func(t *testing.T) {
			chip := string(nextChip())
			o.done(rina, "/v1/lots/LOT-L/chips", map[string]any{"product": "ktp-el-wni", "chips": []string{chip}, "labels": []string{"KE-000001"}})
			var found struct{ Chip string }
			if o.see(rina, "/v1/labels/KE-000001", &found); found.Chip != chip {
				t.Errorf("%+v, want %s", found, chip)
			}
		}},
		{"a desk that pairs, asks and shows a card", func(t *testing.T) {
			w := start()
			w.made()
			code := registry.NewPairingCode()
			hash := registry.PairingHash(code)
			o.done("guard", "/v1/desks/loket-7/invitation", map[string]any{"expiresAt": o.clock.Now().Add(time.Hour), "hash": hex.EncodeToString(hash[:])})
			own := deskCertificate(t)
			if status, out := o.send("", "/v1/desks/pairing", "pair", map[string]any{"code": code, "certificate": own.Raw}); status != http.StatusOK || out["desk"] != "loket-7" {
				t.Fatalf("%d %v", status, out)
			}
			asks := func(act registry.DeskAct, what string, body map[string]any) (out map[string]any) {
				t.Helper()
				if body["ticket"] == nil {
					ticket, err := o.reg.NewDeskTicket(o.t.Context(), registry.DeskTicket{Person: "tono", Act: act, Desk: "loket-7"})
					o.must(err)
					body["ticket"] = ticket
				}
				text, err := json.Marshal(body)
				o.must(err)
				answer := o.atDesk(own, what, text)
				if answer.Code >= http.StatusBadRequest {
					t.Fatalf("%s: %d %s", what, answer.Code, answer.Body)
				}
				if answer.Body.Len() > 0 {
					o.must(json.Unmarshal(answer.Body.Bytes(), &out))
				}
				return out
			}
			asks(registry.DeskReadsCard, "ticket", map[string]any{"act": "card"})
			body := map[string]any{"act": "show", "chip": w.chip}
			text, err := json.Marshal(asks(registry.DeskShows, "challenge", body)["challenge"])
			o.must(err)
			var challenge []byte
			o.must(json.Unmarshal(text, &challenge))
			asks(registry.DeskShows, "shown", map[string]any{
				"ticket": body["ticket"], "chip": w.chip, "presence": map[string]any{"challenge": challenge, "answer": inspecttest.Answer(ktp.ChipUID(w.chip), [8]byte(challenge))},
			})
			o.done(tono, "/v1/cards/"+w.chip+"/shown", map[string]any{})
		}},
		{"a card in doubt that is in the hand", func(t *testing.T) {
			w := start()
			w.doubted()
			o.done(joko, w.attempt("presentation"), nil)
			var asked struct {
				Items []struct {
					Attempt  string
					Question int
				}
			}
			o.see(joko, "/v1/questions", &asked)
			if len(asked.Items) != 1 || asked.Items[0].Attempt != w.order.Attempt.String() {
				t.Fatalf("%+v", asked)
			}
			o.done(joko, w.attempt("hand-off"), map[string]any{"question": 1})
			if there, err := o.reg.Presented(o.t.Context(), "line-1"); err != nil || there[w.order.Attempt] != 1 {
				t.Errorf("on the reader: %v, %v", there, err)
			}
		}},
		{"a blank that came out of the hopper unasked", func(t *testing.T) {
			chip := nextChip()
			o.must(o.reg.Found(o.t.Context(), jobs.Session{Line: "line-1"}, chip, ktp.AttemptID{}, "reject"))
			o.examined(string(chip), registry.ChipBlank)
			o.agreed(rina, joko, "/v1/blanks/"+string(chip)+"/readmission", nil)
		}},
		{"a card that a finding set apart", func(t *testing.T) {
			before, wrong := start(), start()
			before.made()
			wrong.queued()
			order, chip := wrong.next(), nextChip()
			for _, step := range []jobs.Step{jobs.Feed, jobs.Claim, jobs.Write} {
				o.step(order, step, chip)
			}
			o.must(o.reg.Settle(o.t.Context(), order, jobs.ReadBack, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.wrong_person", Match: jobs.WrongPerson, Score: 3, Chip: chip}))
			o.agreed(ratna, joko, "/v1/cards/"+before.chip+"/quarantine-release", nil)
		}},
	} {
		t.Run(act.name, func(t *testing.T) {
			o.t = t
			act.do(t)
		})
	}
}

// What the printer fed while its line stood is settled by two.
func TestWalkOfALineThatStood(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, session, cards := t.Context(), jobs.Session{Line: "line-1"}, 1000
	feed := func(n int) jobs.Order {
		w := o.started(n, "sent")
		w.queued()
		order, err := o.reg.Next(ctx, session)
		o.must(err)
		o.must(o.reg.Intend(ctx, order, jobs.Feed, jobs.Evidence{Printer: "P1", Cards: &cards, At: o.clock.Now()}))
		return order
	}
	first, chip := feed(0), nextChip()
	o.settled(first, jobs.Feed, "")
	for _, act := range []struct {
		step jobs.Step
		out  jobs.Outcome
	}{{jobs.Claim, jobs.Outcome{Result: jobs.Failed, Cause: "printer.jam", Chip: chip}}, {jobs.Reject, jobs.Outcome{Result: jobs.Done, Cause: "printer.jam", Tray: "reject", Chip: chip}}} {
		o.must(o.reg.Intend(ctx, first, act.step, jobs.Evidence{Chip: chip}))
		o.must(o.reg.Settle(ctx, first, act.step, act.out))
	}
	session, _, err := o.reg.Unsettled(ctx, "line-1", session)
	o.must(err)
	cards += 3 // the card before, and two more
	o.must(o.reg.Settle(ctx, feed(1), jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: "printer.no_cards"}))
	o.agreed(joko, ratna, "/v1/lines/line-1/standing", map[string]any{"stayed": 2})
	if list, err := o.reg.FedStanding(ctx); err != nil || len(list) > 0 {
		t.Errorf("still in doubt: %+v, %v", list, err)
	}
}

// A ledger that was put back goes on once two took it as it is.
func TestWalkOfARestoredLedger(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.tokens["guard"] = o.token(access.Actor{ID: "satpam", Roles: guard.Roles}, access.Actor{ID: "kepala", Roles: []access.Role{access.Supervisor}})
	o.must(o.reg.MarkRestored(t.Context(), center, o.clock.Now().Add(-time.Hour), false))
	o.agreed("guard", ratna, "/v1/ledger/restoration/acceptance", nil)
	if _, _, open, err := o.reg.OpenRestoration(t.Context()); err != nil || open {
		t.Errorf("still open: %v", err)
	}
}

// deskCertificate is the one that a desk makes for itself.
func deskCertificate(t *testing.T) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: web.DeskName}
	raw, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
