package console_test

import (
	"image/color"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/standard"
)

// destroys has a card retired and destroyed with blanks that were spoiled: the keeper counts all of it in, room and chief
// destroy it, and the chief counts unseen. Each works the pages by a hand and in a language of their own.
func destroys(room, chief, keeps *visitor, card ktp.ChipUID, spoiled ...ktp.ChipUID) {
	o := room.office
	o.t.Helper()
	o.as(admin, registry.UseStandard{Content: standard.File("national-2018"), Second: boss}) // destroys at the Dinas
	o.examined(card, registry.ChipTerminated)
	room.open("/kartu/" + string(card))
	room.sends("retire", map[string]string{"reason": "damaged"})
	chief.agrees()
	keeps.open("/pemusnahan")
	keeps.sends("open", nil)
	at := keeps.where()
	for _, chip := range append(spoiled, card) {
		keeps.sends("add", map[string]string{"item": string(chip)})
	}
	count := strconv.Itoa(len(spoiled) + 1)
	keeps.clean("destruction-listed")
	keeps.sends("count", map[string]string{"count": count})
	keeps.clean("destruction-counted")
	room.open(at)
	room.clean("destruction")
	room.attach("#destroy-pictures", filepath.Join(folder(o.t, map[string][]byte{"bukti.png": photoOf(64, 64, color.White, 200)}), "bukti.png"))
	room.sends("destroy", map[string]string{"count": count, "witnesses": "SAKSI SATU; Kasi\nSAKSI DUA; Lurah"})
	chief.open("/persetujuan")
	chief.click("#part-usulan a[href^='/persetujuan/']")
	chief.clean("blind")
	if text := chief.read("main"); !strings.Contains(text, chief.in("Hitungan buta", "blind count")) {
		o.t.Errorf("the second person is told %s", text)
	}
	chief.click("#agree")
	chief.succeeds()
	room.open("/kartu/" + string(card))
	room.clean("destroyed")
	o.cardIs(card, registry.CardDestroyed, "")
	d, items, err := o.reg.Destruction(o.t.Context(), strings.TrimPrefix(at, "/pemusnahan/"))
	o.must(err)
	if d.State != registry.DestructionDestroyed || len(items) != len(spoiled)+1 || len(d.Witnesses) != 2 || len(d.Pictures) != 1 || d.CountedBy != keeper.ID {
		o.t.Errorf("%d things, %+v", len(items), d)
	}
}

// A card and a spoiled blank are retired, listed, counted and destroyed by three persons, in English, with the keys alone,
// in a window of 683 pixels: half of 1366, as who enlarges a page twice has it.
func TestDestructionByKeys(t *testing.T) {
	t.Parallel()
	const blank, card = ktp.ChipUID("0000A0B0C0D000000001"), ktp.ChipUID("0000A0B0C0D000000002")
	o := newOffice(t, admin, boss, keeper)
	o.room(2)
	const cause = "personalize.print_failed"
	order := o.next()
	o.make(order, blank, jobs.Print)
	for _, s := range []struct {
		step jobs.Step
		out  jobs.Outcome
	}{
		{jobs.Print, jobs.Outcome{Result: jobs.Failed, Cause: cause, Chip: blank}},
		{jobs.Reject, jobs.Outcome{Result: jobs.Done, Cause: cause, Chip: blank, Tray: "reject"}},
	} {
		o.must(o.reg.Intend(t.Context(), order, s.step, jobs.Evidence{Chip: blank, At: o.clock.Now()}))
		o.must(o.reg.Settle(t.Context(), order, s.step, s.out))
	}
	o.make(o.next(), card, "")
	sits := func(who access.Actor) *visitor {
		v := o.visit()
		v.keys, v.width = true, 683
		v.do(chromedp.EmulateViewport(v.width, 450))
		v.open("/masuk")
		v.language("en")
		v.signIn(who)
		if lang := ask[string](v, `document.documentElement.lang`); lang != "en" {
			t.Fatalf("signed in, %s has pages in %s", who.ID, lang)
		}
		return v
	}
	destroys(sits(admin), sits(boss), sits(keeper), card, blank)
}
