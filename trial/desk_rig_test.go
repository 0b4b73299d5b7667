package trial

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
	"go.uber.org/zap"

	"blanko/applet/inspect"
	"blanko/desk"
	"blanko/emulator/cable"
	"blanko/emulator/chip"
	"blanko/internal/rig"
	"blanko/internal/rig/chromium"
	"blanko/keys"
	"blanko/keys/sam"
	"blanko/keys/software"
	"blanko/paper"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/station"
	"blanko/web"
	"blanko/web/api"
	"blanko/web/console"
)

// counter is a service place: a station over TLS, a computer with a desk and two slots, a browser.
type counter struct {
	*testing.T
	*demo
	url     string
	keys    int
	secrets map[string]string
	scans   *Scanners
	card    *cable.Slot
	module  *cable.Slot
	desk    string          // address of its agent
	base    context.Context // the browser program
	browser context.Context // of who is at the counter now
	watch   *chromium.Watch
	by      hand
}

const counterPassword = "empat kata yang diingat"

func (c *counter) fine(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *counter) does(who access.Actor, op registry.Operation) {
	c.Helper()
	c.keys++
	_, err := c.reg.Do(c.Context(), who, op, fmt.Sprintf("counter-%d", c.keys))
	c.fine(err)
}

var (
	counterSecond = access.Actor{ID: "atasan-9", Roles: []access.Role{access.Supervisor}}
	counterGuard  = access.Actor{ID: "keamanan-9", Roles: []access.Role{access.SecurityOfficer}}
)

// employ lets somebody in at a place, the Dinas where it has no name, with a password and a second factor.
func (c *counter) employ(id string, role access.Role, place string) {
	c.Helper()
	c.does(counterGuard, registry.SetPerson{ID: id, FullName: "PETUGAS " + id, Roles: []access.Role{role}, Place: place, Active: true, Second: counterSecond})
	text, hash, err := access.NewToken(nil)
	c.fine(err)
	c.does(counterGuard, registry.Invite{Person: id, Hash: hex.EncodeToString(hash[:]), ExpiresAt: c.now().Add(time.Hour), Second: counterSecond})
	c.secrets[id], err = access.NewCodeSecret(nil)
	c.fine(err)
	c.fine(takeUp(c.Context(), c.reg, sha256.Sum256([]byte(text)), counterPassword, c.secrets[id], c.now))
}

// code is the one-time code so many steps from now: none is taken twice.
func (c *counter) code(id string, steps int) string {
	c.Helper()
	code, err := totp.GenerateCode(c.secrets[id], c.now().Add(time.Duration(steps)*30*time.Second))
	c.fine(err)
	return code
}

// serverCertificate is a certificate of this machine, signed by itself.
func (c *counter) serverCertificate(folder string) web.Secured {
	c.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	c.fine(err)
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "station"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	c.fine(err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	c.fine(err)
	s := web.Secured{Address: "127.0.0.1:0", Certificate: filepath.Join(folder, "station.pem"), Key: filepath.Join(folder, "station.key")}
	c.fine(os.WriteFile(s.Certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	c.fine(os.WriteFile(s.Key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	return s
}

// samCard is a SAM in a slot.
type samCard struct{ *chip.SAM }

func (s samCard) PowerOff() { _ = s.Close() }

// newSAM is a SAM that the Dinas let be used.
func (c *counter) newSAM(uses int) samCard {
	c.Helper()
	dinas, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	c.fine(err)
	card := chip.NewSAM(chip.SAMConfig{Serial: [8]byte{9}, Generation: 1, Master: software.New(seedText(c.Seed)).Master(keys.Reading), Issuer: &dinas.PublicKey})
	s, err := sam.Open(c.Context(), card, c.now)
	c.fine(err)
	q, err := s.Request(c.Context())
	c.fine(err)
	r, err := sam.Grant(dinas, q, uses, c.now(), c.now().AddDate(0, 0, 30))
	c.fine(err)
	c.fine(s.Renew(c.Context(), r))
	return samCard{card}
}

// open makes the counter around a station whose card was made.
func (c *counter) open(readers [2]rig.Reader) {
	c.Helper()
	c.scans = &Scanners{Seed: c.Seed}
	folder := c.TempDir()
	place, err := desk.Listen(c.Context(), "127.0.0.1:0")
	c.fine(err)
	c.desk = place.Addr().String()
	secured := c.serverCertificate(folder)
	ln, err := web.ListenTLS(c.Context(), secured)
	c.fine(err)
	c.url = "https://" + ln.Addr().String()
	problems := web.NewProblems(station.Entries(), nil, nil)
	mux := http.NewServeMux()
	c.fine(api.Mount(mux, api.Config{Registry: c.reg, Problems: problems, Version: "test", Now: c.now, Office: paper.Office{Government: "PEMERINTAH KABUPATEN SINTANG", Name: "DINAS DUKCAPIL", Address: "JALAN CONTOH 1"}}))
	console.Mount(mux, console.Config{Registry: c.reg, Problems: problems, Office: office, Version: "test", Now: c.now, Secure: true, Desk: c.desk})
	web.Rest(mux, problems)
	served := make(chan error, 1)
	life, end := context.WithCancel(c.Context())
	go func() {
		served <- web.Serve(life, ln, web.Guard(web.SignIn(mux, c.reg.Authenticate, access.Actor{}, problems, c.now), problems), zap.NewNop())
	}()

	code := registry.NewPairingCode()
	hash := registry.PairingHash(code)
	c.does(counterGuard, registry.InviteDesk{ID: "loket-1", Hash: hex.EncodeToString(hash[:]), ExpiresAt: c.now().Add(time.Hour)})
	identity := filepath.Join(folder, "desk")
	_, err = desk.Pair(c.Context(), desk.Pairing{Folder: identity, Station: c.url, Authority: secured.Certificate, Code: code})
	c.fine(err)
	if _, err := desk.Pair(c.Context(), desk.Pairing{Folder: filepath.Join(folder, "other"), Station: c.url, Authority: secured.Certificate, Code: code}); err == nil {
		c.Error("a code pairs twice")
	}
	i, err := desk.LoadIdentity(identity)
	c.fine(err)
	out := c.room.outfit
	agent, err := desk.New(desk.Config{
		Identity: i, Now: c.now, Trust: inspect.Trust{CSCAs: out.signing.Anchors, CenterKeys: out.signing.CenterKeys},
		Devices: desk.Devices{Readers: &desk.PCSC{Only: []string{readers[0].Name, readers[1].Name}}, Finger: c.scans.Open(desk.FingerScanner, ""), Iris: c.scans.Open(desk.IrisScanner, "")},
	})
	c.fine(err)
	ran := make(chan error, 1)
	go func() { ran <- agent.Serve(life, place) }()
	c.Cleanup(func() {
		end()
		if err := <-ran; err != nil {
			c.Errorf("the desk ended: %v", err)
		}
		if err := <-served; err != nil {
			c.Errorf("the station ended: %v", err)
		}
	})
	c.card, c.module = cable.Plug(c.Context(), readers[0].Addr), cable.Plug(c.Context(), readers[1].Addr)
	c.Cleanup(c.card.Close)
	c.Cleanup(c.module.Close)
}

// enter signs somebody in at the page of the counter, in a browser of their own that may ask the station and the desk
// and nobody else, and has nothing to say.
func (c *counter) enter(id string) {
	c.Helper()
	c.Logf("%s comes", id)
	browser, end := chromedp.NewContext(c.base, chromedp.WithNewBrowserContext())
	c.Cleanup(end)
	c.browser = browser
	c.do(chromedp.Navigate("about:blank"))
	watch, err := chromium.Look(browser, strings.TrimPrefix(c.url, "https://"), c.desk)
	c.fine(err)
	c.watch = watch
	c.Cleanup(func() {
		for _, wrong := range watch.Wrong() {
			c.Errorf("before %s: %s", id, wrong)
		}
	})
	if c.by.width > 0 {
		c.do(chromedp.EmulateViewport(c.by.width, 700))
	}
	c.do(chromedp.Navigate(c.url + "/masuk?ke=%2Fkecamatan"))
	if c.by.english {
		c.send(".languages button[value=en]")
	}
	c.fill("#person", id)
	c.fill("#password", counterPassword)
	c.send("main button[type=submit]")
	c.do(chromedp.WaitVisible(chromedp.CSS("#code")))
	c.fill("#code", c.code(id, 1))
	c.send("main button[type=submit]")
	c.says("h1", "1:1")
}

func (c *counter) opens(path string) {
	c.Helper()
	c.do(chromedp.Navigate(c.url+path), chromedp.WaitReady(chromedp.CSS("main")))
	c.fits(path)
}

// clean fails where axe finds something on the page.
func (c *counter) clean(what string) {
	c.Helper()
	rules, err := os.ReadFile(filepath.Join("..", "web", "console", "testdata", "axe", "axe-4.14.1.min.js"))
	c.fine(err)
	found, err := chromium.Violations(c.browser, string(rules))
	if c.fine(err); len(found) > 0 {
		c.Errorf("%s: %v", what, found)
	}
}

func (c *counter) do(steps ...chromedp.Action[chromedp.Void]) {
	c.Helper()
	if err := chromedp.Do(c.browser, steps...); err != nil {
		c.Fatalf("%v; the page says %s", err, c.read("body"))
	}
}

func (c *counter) read(selector string) string {
	c.Helper()
	s, _ := chromedp.Run(c.browser, chromedp.Evaluate[string](`(document.querySelector(`+fmt.Sprintf("%q", selector)+`) || {innerText: ''}).innerText`))
	return s
}

// saidWithin bounds the wait for a word of a page, so that the test tells soon what the page says instead.
const saidWithin = time.Minute

// says waits until a part of the page says something.
func (c *counter) says(selector, text string) {
	c.Helper()
	script := fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText.includes(%q)`, selector, text)
	_, err := chromedp.Run(c.browser, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(saidWithin)))
	if err != nil {
		c.Fatalf("%s never says %q: %v; the page says %s", selector, text, err, c.read("main"))
	}
}

// At the counter, through the page, the desk and a real card service: what is missing, or was lost, is named; another
// person's finger does not match and the holder's does; only then another officer hands the card over. Then somebody
// else comes, and goes away with a card: all of one application by the pages alone, by a pointer in Indonesian; and
// somebody more: by the keys alone, in English, in a window of 360 pixels.
func TestCounterAtTheDesk(t *testing.T) {
	t.Parallel()
	path := rig.Chromium(t)
	shared := rig.PCSC(t)
	readers := [2]rig.Reader{shared.Take(t), shared.Take(t)}
	o := Options{Cards: 1, Lines: 1, Faults: "none", Seed: 1, Chip: "32k"}
	if _, err := run(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop(), func(d *demo) { atTheDesk(t, d, path, readers) }); err != nil {
		t.Fatal(err)
	}
}

func atTheDesk(t *testing.T, d *demo, path string, readers [2]rig.Reader) {
	c := &counter{T: t, demo: d, secrets: map[string]string{}}
	var app registry.Application
	var made *chip.Card
	list, err := c.reg.ListApplications(t.Context(), registry.Produced, "", 1)
	c.fine(err)
	if len(list) != 1 {
		t.Fatalf("%d applications have a card", len(list))
	}
	app = list[0]
	for _, p := range d.room.blanks {
		if p.Chip.View().State == "active" {
			made = p.Chip
		}
	}
	c.open(readers)
	c.employ("yusuf", access.KecamatanOperator, "")
	c.employ("sari", access.ServiceOfficer, "")
	c.employ(byKeys.of("sari"), access.ServiceOfficer, "")

	bound, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	browser, end, err := chromium.Start(bound, path, append(chromium.FakeCamera, "ignore-certificate-errors")...)
	c.fine(err)
	defer end()
	c.base = browser

	c.enter("yusuf")
	c.watch.Expect("503 (Service Unavailable) http://" + c.desk + "/v1/card") // without its SAM, without a card
	c.says("#desk-without", "SAM")
	c.press("#desk-find")
	c.says("#desk-devices", "TIDAK ADA") // the SAM
	c.says("#desk-devices [data-kind=finger_scanner]", "EMULATED")
	c.says("#desk-devices [data-kind=status_list]", "tidak ada di komputer ini")
	c.clean("the list of devices")
	c.press("#desk-read")
	c.says("#desk-card", "desk.sam_missing")
	module := c.newSAM(40)
	c.fine(c.module.Insert(module))
	c.reader(readers[1].Name, true)
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=sam]", "40")
	c.press("#desk-read")
	c.says("#desk-card", "pcsc.no_card")
	c.fine(c.card.Insert(made))
	c.reader(readers[0].Name, true)
	c.press("#desk-read")
	c.says("#desk-card", string(app.ID))
	for _, want := range []string{"asli", "sah"} {
		c.says("#desk-card", want)
	}
	c.says("#desk-card figcaption", "bandingkan")
	if _, err := chromedp.Run(c.browser, chromedp.Poll[bool](`document.querySelector('#desk-portrait').naturalWidth > 100`, chromedp.WithPollingTimeout(0))); err != nil {
		t.Errorf("the picture of the chip is never shown: %v", err)
	}
	c.clean("what the chip tells, and its picture")

	c.scans.Touch(7) // somebody else
	c.press("#finger-2")
	c.says("#desk-result", "TIDAK COCOK")
	c.says("#desk-result", "3")
	c.clean("a finger that does not match")
	c.scans.Touch(0)
	c.press("#finger-2")
	c.says("#desk-result", "BERHASIL")
	c.clean("a finger that matches")
	c.do(chromedp.WaitVisible("#part-serah a[href='/permohonan/" + string(app.ID) + "']"))
	tries, err := c.reg.MatchTries(t.Context(), app.ID)
	c.fine(err)
	if len(tries) != 2 || tries[0].Result != registry.TryNoMatch || tries[1].Result != registry.TryMatched || tries[1].Actor != "yusuf" {
		t.Errorf("the ledger has %+v", tries)
	}

	c.module.Remove() // the desk loses a device that it had
	c.reader(readers[1].Name, false)
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=sam]", "TIDAK ADA")
	c.press("#desk-read")
	c.says("#desk-card", "desk.sam_missing")
	c.fine(c.module.Insert(module))
	c.reader(readers[1].Name, true)

	c.enter("sari")
	c.examines(app.ID)
	c.opens("/kecamatan")
	c.handsOver(app.ID, "sari")
	c.opens("/permohonan/" + string(app.ID))
	c.says("#papers", "Bukti serah terima")
	said, err := chromedp.Run(c.browser, chromedp.Evaluate[string](`(async () => {
		const f = document.getElementById('paper-handover_receipt').form, body = new URLSearchParams(new FormData(f));
		body.set('format', 'pdf');
		const r = await fetch(f.action, {method: 'POST', body: body});
		return r.status + ' ' + r.headers.get('content-type') + ' ' + (await r.text()).slice(0, 5);
	})()`, chromedp.EvalAwaitPromise))
	if c.fine(err); said != "200 application/pdf %PDF-" {
		t.Errorf("the receipt of the hand-over: %s", said)
	}
	defer c.works()()
	c.does(printRoom, registry.SetPlace{ID: kecamatan, Kind: registry.PlaceKecamatan, PlaceName: "KECAMATAN SINTANG", Parent: registry.Dinas, Region: kecamatan, Active: true})
	second := c.goesTheWholeWay(50, readers[0], made)
	c.by = byKeys
	c.enter(c.by.of("sari"))
	c.goesTheWholeWay(52, readers[0], made, second)
	c.revoked()
}

// handsOver lets who is at the counter give the card on the reader to its holder, whom another has matched.
func (c *counter) handsOver(app registry.ApplicationID, who string) {
	c.Helper()
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=sam]", "SAM")
	c.press("#desk-read")
	c.says("#desk-card", string(app))
	c.press("#desk-show") // another person's session has no match of its own
	c.do(chromedp.WaitVisible("#desk-shown"))
	c.send("#hand-over button[type=submit]")
	c.says("#done", c.by.in("Serahkan", "Hand over"))
	h, found, err := c.reg.HandoverOf(c.Context(), app)
	if err != nil || !found || !h.Matched || h.Actor != who {
		c.Errorf("handed over: %v %+v, %v", found, h, err)
	}
}

// examines has the chip on the reader told of itself, on the page of its card; the station keeps it.
func (c *counter) examines(app registry.ApplicationID) {
	c.Helper()
	d, err := c.reg.Application(c.Context(), app)
	c.fine(err)
	c.opens("/kartu/" + string(d.Cards[0].Chip))
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=card_reader]", "ada")
	c.press("#desk-examine")
	c.says("#desk-examined", string(d.Cards[0].Chip)+": "+c.by.in("aktif", "active"))
	c.says("#desk-examined", c.by.in("Disimpan sebagai", "Kept as"))
	c.clean("a chip that was examined")
}

// revoked shows that a desk whose pairing was ended acts for nobody any more.
func (c *counter) revoked() {
	c.Helper()
	c.does(counterGuard, registry.RevokeDesk{Desk: "loket-1"})
	list, err := c.reg.Desks(c.Context())
	c.fine(err)
	if len(list) != 1 || list[0].RevokedAt.IsZero() {
		c.Errorf("%+v", list)
	}
	if _, err := c.reg.Authenticate(c.Context(), access.ClientCertificate, list[0].Certificate); err == nil {
		c.Error("a revoked desk is let in")
	}
}

// reader waits until the card service sees a card in a reader, or none.
func (c *counter) reader(name string, card bool) {
	c.Helper()
	rig.Await(c, "the card in "+name, func() bool {
		has, err := rig.PCSC(c).HasCard(name)
		return err == nil && has == card
	})
}
