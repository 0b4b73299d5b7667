package trial

import (
	"context"
	"fmt"
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
// received at a kecamatan; matched 1:1 there by one person and handed over by another. Of the cards
// made before, the last lies on the reader. It is the same way whatever hand works it, and gives the chip of its card.
func (c *counter) goesTheWholeWay(resident int, reader rig.Reader, before ...*chip.Card) *chip.Card {
	c.Helper()
	who := c.by.of
	c.employ(who("wati"), access.DatacenterOfficer, "")
	c.employ(who("hendra"), access.Supervisor, "")
	c.employ(who("joko"), access.Administrator, "")
	c.employ(who("lina"), access.KecamatanOperator, kecamatan)
	c.employ(who("maya"), access.ServiceOfficer, kecamatan)
	app := c.applies(resident, kecamatan)
	at := "/permohonan/" + string(app)

	c.waits(app, "with a record of the center", func(d registry.ApplicationDetail) bool {
		return slices.ContainsFunc(d.Events, func(e audit.Event) bool { return e.Code == "record.received" })
	})
	c.enter(who("wati"))
	c.opens("/ketunggalan")
	c.send("#read-" + string(app))
	c.says("#done", c.by.in("Sudah dilakukan", "Done"))

	c.becomes(app, registry.PrintReady)
	c.enter(who("hendra"))
	c.opens("/persetujuan")
	c.send(`#ready ~ form a[href="` + at + `"]`)
	c.send("#approve")
	c.says("#done", c.by.in("Setujui pencetakan", "Approve printing"))

	c.enter(who("joko"))
	c.opens(at)
	c.send("#queue")
	c.says("#done", c.by.in("Antrekan", "Queue"))
	card := c.becomes(app, registry.Produced).Cards[0]
	c.opens("/cetak")
	c.says("#strip-line-1 .numbers", fmt.Sprintf("%s\n%d", c.by.in("Kartu hari ini", "Cards today"), len(before)+1))
	c.opens("/pengiriman")
	c.choose("#open-consignment_kind", "out")
	c.choose("#open-to", kecamatan)
	c.send("#open button[type=submit]")
	bag, err := chromedp.Run(c.browser, chromedp.Evaluate[string](`location.pathname`))
	c.fine(err)
	c.fill("#pack-chip", string(card.Chip))
	c.send("#pack button[type=submit]")
	seal := fmt.Sprintf("S-%04d", resident)
	c.fill("#seal-seal", seal)
	c.send("#seal button[type=submit]")
	c.send("#ship button[type=submit]")
	c.says("#done", c.by.in("Kirim", "Send"))

	c.enter(who("lina"))
	c.opens(bag)
	c.fill("#receive-seal", seal)
	c.fill("#receive-chips", string(card.Chip))
	c.send("#receive button[type=submit]")
	c.says("#done .answer", c.by.in("lengkap", "complete"))
	made := c.otherThan(before...)
	c.lays(reader, made)
	c.opens("/kecamatan")
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=sam]", "SAM")
	c.press("#desk-read")
	c.says("#desk-card", string(app))
	c.scans.Touch(resident)
	c.press("#desk-card [id^=finger-]")
	c.says("#desk-result", "BERHASIL")

	c.enter(who("maya"))
	c.handsOver(app, who("maya"))
	c.opens(at)
	c.says("main", c.by.in("Keadaan\ndiserahkan", "State\nhanded over"))
	d := c.becomes(app, registry.HandedOver)
	if len(d.Cards) != 1 || d.Cards[0].Chip != card.Chip || d.Cards[0].State != registry.CardInForce {
		c.Errorf("the cards of the application: %+v", d.Cards)
	}
	return made
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

// otherThan is the chip of the card that was made beside those before.
func (c *counter) otherThan(before ...*chip.Card) *chip.Card {
	c.Helper()
	blanks := c.house.blanks()
	i := slices.IndexFunc(blanks, func(p *machine.Plastic) bool {
		return !slices.Contains(before, p.Chip) && p.Chip.View().State == "active"
	})
	if i < 0 {
		c.Fatalf("none of %d blanks is a card beside %d", len(blanks), len(before))
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
