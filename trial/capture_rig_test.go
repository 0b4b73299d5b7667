package trial

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"

	"blanko/desk"
	"blanko/emulator/people"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// applies takes a resident from the counter to the data center: the service officer registers and examines,
// the enrolment operator captures by the camera of the browser, the pad and the desk, to which one finger of the chip comes
// from a file, has it captured again and confirmed, and sends it. The card is to be handed over at a place.
func (c *counter) applies(resident int, place string) registry.ApplicationID {
	c.Helper()
	world, err := people.New(c.Seed, office)
	c.fine(err)
	r, err := world.Resident(resident)
	c.fine(err)
	dewi := access.Actor{ID: "dewi", Roles: []access.Role{access.DatacenterOfficer}}
	list := fmt.Sprintf("dpt-%d", resident)
	c.does(dewi, registry.ImportResidents{Version: list, Rows: []registry.Resident{{ID: "row-1", Person: r.Person}}})
	c.does(dewi, registry.UseResidents{Version: list, Residents: 1})

	scan := filepath.Join(c.TempDir(), "pindaian.pdf")
	c.fine(os.WriteFile(scan, []byte("%PDF-1.4 scan"), 0o600))
	c.opens("/permohonan-baru?jenis=new")
	c.fill("#nik", r.Person.NIK.Digits())
	c.tick("#r-family_card")
	c.tick("#r-rt_rw_letter")
	rules, err := c.reg.RulesOf(c.Context(), ktp.TypeNew)
	c.fine(err)
	for _, q := range rules.Requirements {
		if q.Evidence == registry.EvidenceScan {
			c.attach(`input[name="scan.`+q.ID+`"]`, scan)
		}
	}
	c.choose("#delivery", place)
	c.send("main form[action='/permohonan-baru'] button[type=submit]")
	received, err := c.reg.ListApplications(c.Context(), registry.Received, "", 1)
	c.fine(err)
	if len(received) != 1 {
		c.Fatalf("nothing was registered: %s", c.read("main"))
	}
	app := received[0].ID
	at := "/permohonan/" + string(app)
	const form = "form.attach:has(input[name=class][value=form])"
	c.opens(at)
	c.attach(form+" input[type=file]", scan)
	c.send(form + " button[type=submit]")
	c.send("#examine")
	if d, err := c.reg.Application(c.Context(), app); err != nil || d.Application.State != registry.Examined {
		c.Fatalf("examined: %s, %v; the page says %s", d.Application.State, err, c.read("main"))
	}

	budi := c.by.of("budi")
	c.employ(budi, access.EnrolmentOperator, "")
	c.enter(budi)
	c.opens(at)
	if c.read("#to-capture") == "" {
		c.Fatalf("the way to the capture is not offered: %s", c.read("main"))
	}
	c.send("#to-capture")
	c.scans.Touch(resident)
	c.press("#desk-find")
	c.says("#desk-devices [data-kind=iris_scanner]", "EMULATED")
	c.press("#camera-on")
	c.until(`!document.getElementById('camera-take').disabled && document.getElementById('camera').videoWidth > 0`)
	// The picture of the camera turns, and has nothing in its middle at times.
	for c.judged() != "good" {
		c.until(`document.getElementById('camera-says').textContent === ''`)
		c.press("#camera-take")
	}
	c.press("#pad-done")
	c.says("#part-signature .taken", c.by.in("belum ada", "no signature yet"))
	c.signs()
	c.press("#pad-done")
	c.says("#part-signature .taken", c.by.in("tidak diukur", "not measured"))
	c.choose(`[data-part="finger.5"] select`, "BANDAGED")
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		switch f {
		case ktp.RightLittle:
		case ktp.LeftIndex:
			c.brings(registry.PartOf(f))
		default:
			c.scan(registry.PartOf(f))
		}
	}
	c.scan(registry.PartIrisRight)
	c.scan(registry.PartIrisLeft)
	c.says("#capture-open", c.by.in("Semua bagian ada", "Every part is there"))
	c.send("#capture-send")
	info, err := c.reg.Captured(c.Context(), app)
	c.fine(err)
	for _, p := range info.Parts {
		want := registry.SourceEmulated
		switch {
		case p.Part == registry.PartPortrait || p.Part == registry.PartSignature || p.Missing != "":
			want = registry.SourceDevice
		case p.Part == registry.PartOf(ktp.LeftIndex):
			want = registry.SourceFile
		}
		if p.Source != want || (p.Missing == registry.MissingBandaged) != (p.Part == "finger.5") {
			c.Errorf("%s: by %s, missing %q", p.Part, p.Source, p.Missing)
		}
	}
	c.clean("the fingers of the chip, once more")
	for _, f := range info.Fingers {
		c.scan(registry.PartOf(f))
	}
	c.until(`!document.getElementById('capture-verify').disabled`)
	c.send("#capture-verify")
	c.says("#part-confirm", c.by.in("Konfirmasi", "Confirm"))
	c.clean("what will be printed, to be confirmed")
	c.signs()
	c.send("#pad-confirm")
	c.opens(at)
	c.send("#send")
	d, err := c.reg.Application(c.Context(), app)
	c.fine(err)
	if d.Application.State != registry.Sent {
		c.Errorf("the application is %s", d.Application.State)
	}
	return app
}

// judged is how good the page finds the photo.
func (c *counter) judged() string {
	c.Helper()
	s, err := chromedp.Run(c.browser, chromedp.Evaluate[string](`document.getElementById('part-portrait').dataset.taken || ''`))
	c.fine(err)
	return s
}

// scan has the desk take one part.
func (c *counter) scan(part string) {
	c.Helper()
	row := fmt.Sprintf(`[data-part="%s"]`, part)
	c.press(row + " [data-scan]")
	c.until(`document.querySelector('` + row + `').dataset.taken`)
}

// brings has the desk judge a finger of who lies on its scanner from a file that somebody took of it before.
func (c *counter) brings(part string) {
	c.Helper()
	shot, err := c.scans.Open(desk.FingerScanner, "").Capture(c.Context(), part)
	c.fine(err)
	file := filepath.Join(c.TempDir(), part+".png")
	c.fine(os.WriteFile(file, shot.PNG, 0o600))
	row := fmt.Sprintf(`[data-part="%s"]`, part)
	c.attach(row+" input[type=file]", file)
	c.until(`document.querySelector('` + row + `').dataset.taken`)
	c.says(row+" .taken", c.by.in("(berkas)", "(file)"))
	if text := c.read(row + " .taken"); !strings.Contains(text, " / 100") {
		c.Errorf("nobody measured the picture of a file: %s", text)
	}
}

// signs is the resident, who draws on the pad with a pen, whatever hand the officer works the page with.
func (c *counter) signs() {
	c.Helper()
	c.script(`(() => {
		const pad = document.getElementById('pad'), r = pad.getBoundingClientRect();
		pad.setPointerCapture = () => {};
		const go = (name, x, y) => pad.dispatchEvent(new PointerEvent(name, {clientX: r.left + x, clientY: r.top + y, pointerId: 1, bubbles: true}));
		go('pointerdown', 20, 40);
		for (let i = 1; i < 12; i++) { go('pointermove', 20 + 15 * i, 40 + 25 * Math.sin(i)); }
		go('pointerup', 200, 60);
	})()`)
}

func (c *counter) script(text string) {
	c.Helper()
	if _, err := chromedp.Run(c.browser, chromedp.Evaluate[any](text+"; 0")); err != nil {
		c.Fatalf("%s: %v", text, err)
	}
}

// until waits for the page, which may say instead what is wrong.
func (c *counter) until(condition string) {
	c.Helper()
	const wrong = `(document.querySelector('#capture-problem:not([hidden])') || {innerText: ''}).innerText`
	said, err := chromedp.Run(c.browser, chromedp.Poll[string]("("+condition+") ? 'it is' : "+wrong, chromedp.WithPollingTimeout(0)))
	if err != nil || said != "it is" {
		c.Fatalf("never %s: %v; the page says %s", condition, err, said)
	}
}
