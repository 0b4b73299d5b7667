package trial

import (
	"context"
	"slices"

	"github.com/chromedp/chromedp"

	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/internal/rig"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/station"
)

// kecamatan is where the card of the whole way is handed over.
const kecamatan = "61.05.01"

// goesTheWholeWay takes one application from the counter until its holder has the card, by the pages alone, each step
// by who may do it: registered, captured and confirmed; found unique; approved; queued, and made by the line; packed, and
// received at a kecamatan; matched 1:1 there by one person and handed over by another. The card before lies on the
// reader.
func (c *counter) goesTheWholeWay(resident int, before *chip.Card, reader rig.Reader) {
	c.Helper()
	defer c.works()()
	c.does(printRoom, registry.SetPlace{ID: kecamatan, Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SINTANG", Parent: registry.Dinas, Region: kecamatan, Active: true})
	c.employ("wati", access.DatacenterOfficer, "")
	c.employ("hendra", access.Supervisor, "")
	c.employ("joko", access.Administrator, "")
	c.employ("lina", access.KecamatanOperator, kecamatan)
	c.employ("maya", access.ServiceOfficer, kecamatan)
	app := c.applies(resident, kecamatan)
	at := "/permohonan/" + string(app)

	c.waits(app, "with a record of the center", func(d registry.ApplicationDetail) bool {
		return slices.ContainsFunc(d.Events, func(e audit.Event) bool { return e.Code == "record.received" })
	})
	c.enter("wati")
	c.opens("/ketunggalan")
	c.send("#read-" + string(app))
	c.says("#done", "Sudah dilakukan")

	c.becomes(app, registry.PrintReady)
	c.enter("hendra")
	c.opens("/persetujuan")
	c.send(`#ready ~ form a[href="` + at + `"]`)
	c.send("#approve")
	c.says("#done", "Setujui pencetakan")

	c.enter("joko")
	c.opens(at)
	c.send("#queue")
	c.says("#done", "Antrekan")
	card := c.becomes(app, registry.Produced).Cards[0]
	c.opens("/cetak")
	c.says("#strip-line-1 .numbers", "Kartu hari ini\n2")
	c.opens("/pengiriman")
	c.do(chromedp.SetValue(chromedp.CSS("#open-consignment_kind"), "out"), chromedp.SetValue(chromedp.CSS("#open-to"), kecamatan))
	c.send("#open button[type=submit]")
	bag, err := chromedp.Run(c.browser, chromedp.Evaluate[string](`location.pathname`))
	c.fine(err)
	c.do(chromedp.SetValue(chromedp.CSS("#pack-chip"), string(card.Chip)))
	c.send("#pack button[type=submit]")
	c.do(chromedp.SetValue(chromedp.CSS("#seal-seal"), "S-0001"))
	c.send("#seal button[type=submit]")
	c.send("#ship button[type=submit]")
	c.says("#done", "Kirim")

	c.enter("lina")
	c.opens(bag)
	c.do(chromedp.SetValue(chromedp.CSS("#receive-seal"), "S-0001"), chromedp.SetValue(chromedp.CSS("#receive-chips"), string(card.Chip)))
	c.send("#receive button[type=submit]")
	c.says("#done .answer", "lengkap")
	c.lays(reader, c.otherThan(before))
	c.opens("/kecamatan")
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=sam]", "SAM")
	c.press("#desk-read")
	c.says("#desk-card", string(app))
	c.scans.Touch(resident)
	c.press("#desk-card [id^=finger-]")
	c.says("#desk-result", "BERHASIL")

	c.enter("maya")
	c.handsOver(app, "maya")
	c.opens(at)
	c.says("main .facts", "diserahkan")
	d := c.becomes(app, registry.HandedOver)
	if len(d.Cards) != 1 || d.Cards[0].Chip != card.Chip || d.Cards[0].State != registry.CardInForce {
		c.Errorf("the cards of the application: %+v", d.Cards)
	}
}

// works lets the station and its line work until the returned function is called.
func (c *counter) works() (end func()) {
	ctx, stop := context.WithCancel(c.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		station.New(c.parts).Run(ctx, nil)
	}()
	return func() {
		stop()
		<-ended
	}
}

// becomes waits until the ledger has an application in a state.
func (c *counter) becomes(app registry.ApplicationID, want registry.State) registry.ApplicationDetail {
	c.Helper()
	return c.waits(app, string(want), func(d registry.ApplicationDetail) bool { return d.Application.State == want })
}

// waits until the ledger has something of an application.
func (c *counter) waits(app registry.ApplicationID, what string, has func(registry.ApplicationDetail) bool) registry.ApplicationDetail {
	c.Helper()
	for {
		changed := c.reg.Changed()
		d, err := c.reg.Application(c.Context(), app)
		if c.fine(err); has(d) {
			return d
		}
		select {
		case <-changed:
		case <-c.browser.Done():
			c.Fatalf("%s is %s and never %s: %+v", app, d.Application.State, what, d.Events[len(d.Events)-1])
		}
	}
}

// otherThan is the chip of the card that was made beside one.
func (c *counter) otherThan(before *chip.Card) *chip.Card {
	c.Helper()
	blanks := c.house.blanks()
	i := slices.IndexFunc(blanks, func(p *machine.Plastic) bool { return p.Chip != before && p.Chip.View().State == "active" })
	if i < 0 {
		c.Fatalf("none of %d blanks is a second card", len(blanks))
	}
	return blanks[i].Chip
}

// lays puts another card on the reader of the desk.
func (c *counter) lays(reader rig.Reader, card *chip.Card) {
	c.Helper()
	c.card.Remove()
	c.reader(reader.Name, false)
	c.fine(c.card.Insert(card))
	c.reader(reader.Name, true)
}
