package api_test

import (
	"fmt"
	"testing"
	"time"

	"blanko/ktp"
	"blanko/registry"
)

// who is who in the walks of this file.
const (
	sari, tono, budi, dewi = "Sari, service officer", "Tono, service officer", "Budi, enrolment operator", "Dewi, data center officer"
	joko, ratna, hadi      = "Joko, administrator", "Ratna, supervisor", "Hadi, supervisor"
	rina, yusuf            = "Rina, stock keeper", "Yusuf, operator at Sepauk"
)

// wish is what somebody asks for at the counter, with everything that the service standard wants for it.
func (o *office) wish(kind string, more map[string]any) map[string]any {
	o.t.Helper()
	var rules struct {
		Requirements []struct{ ID, Evidence string }
	}
	o.see(sari, "/v1/standard/"+kind, &rules)
	list := []any{}
	for _, r := range rules.Requirements {
		shown := map[string]any{"id": r.ID}
		if r.Evidence == "number" {
			shown["number"] = "SKTLK/9/2026"
		}
		list = append(list, shown)
	}
	out := map[string]any{"type": kind, "requirements": list}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// handed matches a holder with the made card and gives it to them, by two people at the Dinas.
func (o *office) handed(app, chip, old string) {
	o.t.Helper()
	o.done(tono, "/v1/applications/"+app+"/match", holderOf(chip))
	o.done(sari, "/v1/applications/"+app+"/handover", map[string]any{"chip": chip, "old": old})
}

// card is what the register says of one.
func (o *office) card(chip string) string {
	o.t.Helper()
	var c struct{ State string }
	o.see(joko, "/v1/cards/"+chip, &c)
	return c.State
}

// toldOf is what the applicant tells beside the requirements, and of which type the card before was; empty:
// there was none of this office.
var toldOf = map[ktp.ApplicationType]struct {
	more   map[string]any
	before string
}{
	ktp.TypeLost:               {map[string]any{"policeLetter": "SKTLK/9/2026"}, "new"},
	ktp.TypeDamaged:            {nil, "new"},
	ktp.TypeDataChange:         {map[string]any{"changes": []any{map[string]any{"element": "occupation", "value": "PETANI/PEKEBUN"}}}, "new"},
	ktp.TypeForeignNew:         {map[string]any{"stayUntil": "2030-05-17"}, ""},
	ktp.TypeForeignExtension:   {map[string]any{"stayUntil": "2030-05-17"}, "foreign_new"},
	ktp.TypeForeignReplacement: {map[string]any{"stayUntil": "2030-05-17"}, "foreign_new"},
}

// elsewhereCode is a village of another district.
func elsewhereCode() string {
	return ktp.Regions().Within(ktp.Regions().Within("61.71")[0].Code)[0].Code
}

// foreignOf is the card of others that the holder gives up for a card of this office.
var foreignOf = map[ktp.ApplicationType]string{ktp.TypeOldPaper: "paper_ktp", ktp.TypeMovedIn: "ktp_el", ktp.TypeOutsideDomicile: "ktp_el"}

// Every type of application, from the counter to the hand of its holder, who had a card before where the
// type says so: it ends when its successor comes into force, a lost one when the police's letter comes.
func TestWalkOfEveryType(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.agreed(rina, joko, "/v1/lines/line-1/hopper", map[string]any{"lot": "LOT-A", "quantity": 30})
	for n, w := range []struct {
		kind ktp.ApplicationType
		old  string // what becomes of the card before at the hand-over
		left string // and is before that
	}{
		{ktp.TypeNew, "none", ""},
		{ktp.TypeOldPaper, "none", ""},
		{ktp.TypeLost, "none", "retired"},
		{ktp.TypeDamaged, "surrendered", "in force"},
		{ktp.TypeDataChange, "surrendered", "in force"},
		{ktp.TypeMovedIn, "none", ""},
		{ktp.TypeOutsideDomicile, "none", ""},
		{ktp.TypeForeignNew, "none", ""},
		{ktp.TypeForeignExtension, "surrendered", "in force"},
		{ktp.TypeForeignReplacement, "not_surrendered", "in force"},
	} {
		t.Run(string(w.kind), func(t *testing.T) {
			o.t = t
			row, _ := ktp.Application(w.kind)
			person, fingers := o.somebody(n, row.Foreign)
			if w.kind == ktp.TypeOutsideDomicile {
				person.RegionCode = elsewhereCode()
			}
			o.listed(fmt.Sprintf("dpt-%d", n), person)
			first, told := "", toldOf[w.kind]
			if told.before != "" {
				app := o.taken(person, fingers, o.wish(told.before, toldOf[ktp.ApplicationType(told.before)].more))
				o.unique(app, fingers)
				first = o.made(app)
				o.handed(app, first, "none")
			}
			app := o.taken(person, fingers, o.wish(string(w.kind), told.more))
			o.unique(app, fingers)
			o.is(app, "print ready")
			chip := o.made(app)
			if first != "" && o.card(first) != w.left {
				t.Errorf("the card before is %s, want %s", o.card(first), w.left)
			}
			at := "/v1/applications/" + app
			switch from := foreignOf[w.kind]; {
			case from != "":
				o.done(tono, at+"/match", holderOf(chip))
				o.refused(sari, at+"/handover", map[string]any{"chip": chip, "old": "none"}, "registry.old_card_missing")
				o.done(sari, "/v1/foreign-cards", map[string]any{"kind": from, "application": app})
				o.done(sari, at+"/handover", map[string]any{"chip": chip})
			case w.old == "not_surrendered": // a card in force is let go by two
				o.done(tono, at+"/match", holderOf(chip))
				o.refused(sari, at+"/handover", map[string]any{"chip": chip, "old": w.old}, "registry.old_card_missing")
				o.agreed(sari, ratna, at+"/handover-alone", map[string]any{"chip": chip, "old": w.old, "reason": "old_card_lost"})
			default:
				o.handed(app, chip, w.old)
			}
			o.is(app, "handed over")
			if o.card(chip) != "in force" || first != "" && o.card(first) != "retired" {
				t.Errorf("the card is %s", o.card(chip))
			}
		})
	}
}

// A foreign resident whose permit ran out: without a new one nothing is taken; with it the fine for the late
// report is assessed and holds nothing back, until two people waive it.
func TestWalkOfAnExpiredForeignResident(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.somebody(0, true)
	o.listed("dpt-1", person)
	soon := o.clock.Now().AddDate(0, 2, 0)
	app := o.taken(person, fingers, o.wish("foreign_new", map[string]any{"stayUntil": soon.Format(time.DateOnly)}))
	o.unique(app, fingers)
	first := o.made(app)
	o.handed(app, first, "none")
	row := map[string]any{"id": "row-1", "person": civil(person)} // the list does not tell of the permit: the card does
	o.done(dewi, "/v1/resident-lists/dpt-2/rows", map[string]any{"rows": []any{row}})
	o.done(dewi, "/v1/resident-lists/dpt-2/use", map[string]any{"residents": 1})
	o.clock.Advance(90 * 24 * time.Hour)
	again := o.wish("foreign_extension", map[string]any{"stayUntil": soon.Format(time.DateOnly), "nik": person.NIK.Digits()})
	o.refused(sari, "/v1/applications", again, "registry.bad_operation")
	again = o.wish("foreign_extension", map[string]any{"stayUntil": "2031-05-17"})
	app = o.taken(person, fingers, again)
	var fines struct {
		Items []struct {
			ID, State, Application string
			Amount                 int
		}
	}
	o.see(sari, "/v1/fines?application="+app, &fines)
	if len(fines.Items) != 1 || fines.Items[0].State != "assessed" || fines.Items[0].Amount != 1_000_000 {
		t.Fatalf("fines %+v", fines)
	}
	o.unique(app, fingers)
	chip := o.made(app)
	o.agreed(sari, ratna, "/v1/fines/"+fines.Items[0].ID+"/waiver", map[string]any{"basis": "SK-7/2026"})
	o.handed(app, chip, "surrendered")
	if o.card(first) != "retired" || o.card(chip) != "in force" {
		t.Errorf("the first is %s, the second %s", o.card(first), o.card(chip))
	}
}

// The 1:N finds somebody: closed as a duplicate; or it is none, which two people say.
func TestWalkOfADuplicate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for n, c := range []struct {
		end  func(at string)
		want string
	}{
		{func(at string) { o.done(dewi, at+"/desk-closing", map[string]any{"reason": "same_person"}) }, "closed"},
		{func(at string) { o.agreed(dewi, ratna, at+"/duplicate-clearing", map[string]any{"reason": "twins"}) }, "at center"},
	} {
		person, fingers := o.resident(n)
		o.listed(fmt.Sprintf("dpt-%d", n), person)
		app := o.taken(person, fingers, o.wish("new", nil))
		o.do(center, registry.TakeEnrolment{Application: registry.ApplicationID(app), Encounter: 1})
		o.do(center, registry.ReceiveResult{Application: registry.ApplicationID(app), Encounter: 1, Sequence: 5, Result: registry.ResultDuplicate})
		at := "/v1/applications/" + app
		o.done(dewi, at+"/result/reading", nil)
		o.is(app, "duplicate")
		o.refused(ratna, at+"/approval", nil, "registry.wrong_state")
		c.end(at)
		o.is(app, c.want)
	}
}

// Four fingers that do not match: the card comes back, is retired, and another is made, which matches.
func TestWalkOfAMismatch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, o.wish("new", nil))
	o.unique(app, fingers)
	chip := o.made(app)
	at := "/v1/applications/" + app
	for range 4 {
		if out := o.done(tono, at+"/match", strangerOf(chip)); out["answer"] != "no_match" {
			t.Errorf("%v", out)
		}
	}
	o.refused(tono, at+"/match", holderOf(chip), "registry.match_exhausted")
	o.refused(sari, at+"/handover", map[string]any{"chip": chip}, "registry.wrong_state")
	o.done(sari, at+"/return", map[string]any{"chip": chip, "reason": "mismatch"})
	o.examined(chip, registry.ChipTerminated)
	o.agreed(joko, ratna, "/v1/cards/"+chip+"/retirement", map[string]any{"reason": "mismatch"})
	o.agreed(joko, hadi, at+"/remake", map[string]any{"reason": "mismatch"})
	o.do(center, registry.RefillRecord{Record: o.again(app, fingers), MessageID: app + "/again", Canonical: delivery(1).Canonical})
	o.is(app, "queued")
	second := o.madeNext(app)
	o.clock.Advance(24 * time.Hour)
	o.handed(app, second, "none")
	if o.card(chip) != "retired" || o.card(second) != "in force" {
		t.Errorf("the first is %s, the second %s", o.card(chip), o.card(second))
	}
}

// madeNext has the line make what is queued, up to the card of an application.
func (o *office) madeNext(app string) (chip string) {
	o.t.Helper()
	for {
		order := o.next()
		if chip = o.finishWith(order); order.Record.ID == app {
			return chip
		}
	}
}

// again is the record that the center gives once more for a remake.
func (o *office) again(app string, slots [2]ktp.FingerSlot) ktp.Record {
	o.t.Helper()
	rec, err := o.reg.Record(o.t.Context(), registry.ApplicationID(app))
	o.must(err)
	rec.Portrait, rec.Signature, rec.Fingers = ktp.Image{MIME: "image/jpeg", Data: []byte("portrait")}, ktp.Image{MIME: "image/png", Data: []byte("signature")}, slots
	return rec
}

// A damaged card under the other policy of destruction: counted in, sent to the Directorate General, which
// acknowledges it.
func TestWalkOfADamagedCardToTheDirectorate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, o.wish("new", nil))
	o.unique(app, fingers)
	chip := o.made(app)
	o.done(sari, "/v1/applications/"+app+"/return", map[string]any{"chip": chip, "reason": "damaged"})
	o.examined(chip, registry.ChipTerminated)
	o.agreed(joko, ratna, "/v1/cards/"+chip+"/retirement", map[string]any{"reason": "damaged"})
	at := "/v1/destructions/" + o.done(rina, "/v1/destructions", nil)["answer"].(string)
	o.done(rina, at+"/items", map[string]any{"item": chip})
	o.done(rina, at+"/count", map[string]any{"count": 1})
	witnesses := map[string]any{"count": 1, "witnesses": []any{map[string]any{"name": "SAKSI", "position": "LURAH"}, map[string]any{"name": "SAKSI LAIN", "position": "CAMAT"}}, "pictures": []string{picture64}}
	o.refused(joko, at+"/destroying", witnesses, "registry.wrong_state")
	o.agreed(joko, ratna, at+"/sending", map[string]any{"count": 1})
	o.refused(joko, at+"/acknowledgement", map[string]any{"reference": "474.4/1/2026"}, "registry.same_person")
	o.done(rina, at+"/acknowledgement", map[string]any{"reference": "474.4/1/2026"})
	var list struct {
		Destruction struct{ State, Reference string }
	}
	o.see(rina, at, &list)
	if list.Destruction.State != "acknowledged" || list.Destruction.Reference != "474.4/1/2026" || o.card(chip) != "retired" {
		t.Errorf("the list %+v, the card %s", list.Destruction, o.card(chip))
	}
	o.agreed(joko, ratna, "/v1/applications/"+app+"/closing", map[string]any{"reason": "applicant"})
	o.is(app, "closed")
}

const picture64 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// Nobody comes for a card at the kecamatan: it is called back, travels back, and ends.
func TestWalkOfAnUncollectedCard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, fingers := o.resident(0)
	o.listed("dpt-1", person)
	app := o.taken(person, fingers, o.wish("new", map[string]any{"delivery": "kec.sepauk"}))
	o.unique(app, fingers)
	chip := o.made(app)
	o.sentTo("kec.sepauk", yusuf, chip)
	at := "/v1/applications/" + app
	o.refused(yusuf, at+"/uncollected", nil, "registry.wrong_state")
	o.done(yusuf, at+"/reminders", map[string]any{"channel": "telephone"})
	o.clock.Advance(200 * 24 * time.Hour)
	o.done(yusuf, at+"/uncollected", nil)
	o.agreed(joko, ratna, at+"/recall", map[string]any{"reason": "uncollected"})
	bag := "/v1/consignments/" + o.done(yusuf, "/v1/consignments", map[string]any{"kind": "back", "to": "dinas"})["answer"].(string)
	o.done(yusuf, bag+"/cards/"+chip, nil)
	o.done(yusuf, bag+"/seal", map[string]any{"seal": "SEGEL-78"})
	o.done(yusuf, bag+"/shipping", nil)
	o.done(joko, bag+"/receipt", map[string]any{"seal": "SEGEL-78", "chips": []string{chip}})
	o.examined(chip, registry.ChipBlocked)
	o.agreed(joko, ratna, "/v1/cards/"+chip+"/retirement", map[string]any{"reason": "uncollected"})
	o.is(app, "closed")
}
