package console_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"blanko/applet/inspect/inspecttest"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// emulatedDesk answers in a page for the desk of its computer: desk.now is how it is, desk.away that it is not there, and
// desk.asked what it was asked to do. The station answers for itself; a wait is kept in desk.later until it is let go.
const emulatedDesk = `window.desk = {asked: [], looks: 0, away: false, later: null, now: [{kind: 'sam', present: true, uses: 7}], says: {}};
(() => {
	const station = window.fetch.bind(window), says = (ok, what) => ({ok: ok, json: () => Promise.resolve(what)});
	window.fetch = (to, how) => {
		if (!String(to).startsWith('http://127.0.0.1:7610')) { return station(to, how); }
		if (desk.away) { return Promise.reject(new TypeError('refused')); }
		const path = String(to).slice('http://127.0.0.1:7610'.length);
		if (path === '/v1/desk') { desk.looks++; return Promise.resolve(says(true, {desk: 'loket-1', place: '', devices: desk.now, lists: []})); }
		desk.asked.push([path, JSON.parse(how.body)]);
		const answer = () => desk.says[path] ? says(true, desk.says[path]) : says(false, {code: 'pcsc.no_card', id: 'Tidak ada kartu', en: 'No card', stepsId: ['Letakkan.'], stepsEn: ['Lay it down.']});
		return desk.slow ? new Promise(done => { desk.go = () => done(answer()); }) : Promise.resolve(answer());
	};
	const later = window.setTimeout.bind(window), never = window.clearTimeout.bind(window), ours = -1;
	window.setTimeout = (go, after, ...rest) => { if (after === 5000) { desk.later = go; return ours; } return later(go, after, ...rest); };
	window.clearTimeout = n => { if (n === ours) { desk.later = null; } else { never(n); } };
})(); 0`

// noScanner is the scanner as a desk tells that it is not there.
const noScanner = `[{kind: 'finger_scanner', present: false, missing: {stepsId: ['Pasang pemindai.'], stepsEn: ['Plug it in.']}}]`

// later lets the wait between two looks at the desk be over, once the page has begun to wait.
func (v *visitor) later() {
	v.t.Helper()
	v.holds(`desk.later !== null`)
	ask[any](v, `desk.later(), 0`)
}

// holds waits until something is true on the page.
func (v *visitor) holds(condition string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(0))); err != nil {
		v.t.Fatalf("never %s: %v; the page says %s", condition, err, v.read("main"))
	}
}

// paired is a desk of the office, as the emulated one names itself.
func (o *office) paired() {
	o.t.Helper()
	code := registry.PairingHash(registry.NewPairingCode())
	o.as(access.Actor{ID: "guard", Roles: []access.Role{access.SecurityOfficer}}, registry.InviteDesk{ID: "loket-1", Hash: hex.EncodeToString(code[:]), ExpiresAt: o.clock.Now().Add(time.Hour)})
	_, err := o.reg.PairDesk(o.t.Context(), code, sha256.Sum256([]byte("of the desk")))
	o.must(err)
}

// toProxy hands a card to a proxy of its holder, as an exception of a supervisor.
func (o *office) toProxy(app registry.ApplicationID, chip ktp.ChipUID) {
	o.t.Helper()
	officer := staffOf(access.ServiceOfficer)
	challenge, err := o.reg.ChallengeChip(o.t.Context(), officer, chip)
	o.must(err)
	o.as(officer, registry.HandOverToProxy{
		Application: app, Chip: chip, Proxy: registry.Proxy{NIK: townsman(9).NIK.Digits(), Name: "WAKIL", Letter: "SK-1"}, Because: registry.Because{Reason: "ill"}, Second: boss,
		Presence: registry.Presence{Challenge: challenge.Bytes[:], Answer: inspecttest.Answer(chip, challenge.Bytes)},
	})
}

// The strip of the desk follows its devices while the page is seen: a scanner that is unplugged is named without a key of
// anybody, so is a desk that ends and one that comes back; after an act that failed the devices are looked at at once. What
// did not change is left as it is, so that nobody hears it read out again. While a card is read the page says so. The word of a holder whose card a proxy took goes
// with their finger.
func TestStripOfTheDeskFollows(t *testing.T) {
	t.Parallel()
	tono := staffOf(access.KecamatanOperator)
	o := newOffice(t, tono)
	o.room(0)
	const chip = ktp.ChipUID("0000A0B0C0D000000001")
	app := o.made(1, chip)
	o.toProxy(app, chip)
	o.paired()
	v := o.visit()
	v.signIn(tono)
	v.open("/kecamatan")
	ask[any](v, emulatedDesk)
	v.do(chromedp.Click(chromedp.CSS("#desk-find")), chromedp.WaitVisible(chromedp.CSS("#desk-devices [data-kind=sam].there")))

	ask[any](v, `document.querySelector('#desk-devices li').dataset.same = 'yes', 0`)
	v.later()
	v.holds(`desk.looks === 2 && desk.later !== null`)
	v.do(chromedp.WaitReady(chromedp.CSS("#desk-devices [data-same]")))
	ask[any](v, `desk.now = `+noScanner+`, 0`)
	v.later()
	v.do(chromedp.WaitVisible(chromedp.CSS("#desk-devices [data-kind=finger_scanner].missing")))
	ask[any](v, `desk.away = true, 0`)
	v.later()
	v.do(chromedp.WaitVisible(chromedp.CSS("#desk-without")), chromedp.WaitVisible(chromedp.CSS("#desk-devices .note.bad")))
	ask[any](v, `desk.away = false, desk.now = [{kind: 'sam', present: true, uses: 6}], 0`)
	v.later()
	v.do(chromedp.WaitVisible(chromedp.CSS("#desk-devices [data-kind=sam].there")), chromedp.WaitNotVisible(chromedp.CSS("#desk-without")))

	v.holds(`desk.later !== null`)
	ask[any](v, `desk.now = `+noScanner+`, 0`) // unplugged as the card is read
	v.do(chromedp.Click(chromedp.CSS("#desk-read")), chromedp.WaitVisible(chromedp.CSS("#desk-devices [data-kind=finger_scanner].missing")))
	if said := v.read("#desk-card"); !strings.Contains(said, "pcsc.no_card") {
		t.Errorf("the act that failed: %s", said)
	}

	v.holds(`desk.later !== null`)
	ask[any](v, `Object.defineProperty(document, 'hidden', {value: true, configurable: true}), desk.seen = desk.looks, 0`)
	v.later() // one more look, and none is waited for after it
	v.holds(`desk.looks === desk.seen + 1 && desk.later === null`)
	ask[any](v, `Object.defineProperty(document, 'hidden', {value: false, configurable: true}), desk.now = [{kind: 'sam', present: true, uses: 5}], document.dispatchEvent(new Event('visibilitychange')), 0`)
	v.do(chromedp.WaitVisible(chromedp.CSS("#desk-devices [data-kind=sam].there")))

	ask[any](v, `desk.says = {'/v1/card': {chip: '`+string(chip)+`', name: 'WARGA', fingers: [2], reading: 'r-1', verdict: {id: 'asli', en: 'genuine'}, cause: {id: 'sah', en: 'valid'}},
		'/v1/match': {result: 'matched', left: 3, hints: []}}, 0`)
	ask[any](v, `desk.slow = true, 0`) // a chip takes ten seconds
	v.do(chromedp.Click(chromedp.CSS("#desk-read")))
	v.until("#desk-card", "sedang dibaca")
	v.holds(`desk.go !== undefined`)
	if !ask[bool](v, `document.getElementById('desk').getAttribute('aria-busy') === 'true' && [...document.querySelectorAll('#desk button')].every(b => b.disabled)`) {
		t.Error("a card that is being read can be read again")
	}
	ask[any](v, `desk.slow = false, desk.go(), 0`)
	v.do(chromedp.WaitVisible(chromedp.CSS("#desk-confirm")), chromedp.Click(chromedp.CSS("#desk-confirm")))
	v.clean("a holder who is to confirm")
	v.do(chromedp.Click(chromedp.CSS("#finger-2")), chromedp.WaitVisible(chromedp.CSS("#desk-result[data-result=matched]")))
	ticket := ask[string](v, `desk.asked.at(-1)[0] === '/v1/match' ? desk.asked.at(-1)[1].ticket : ''`)
	_, on, _, err := o.reg.OnTicket(t.Context(), access.Actor{ID: "desk:loket-1"}, registry.DeskMatches, ticket)
	if err != nil || !on.Confirmed || on.Application != app {
		t.Errorf("the ticket of the finger: %+v, %v", on, err)
	}
}
