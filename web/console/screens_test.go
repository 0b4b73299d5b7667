package console_test

import (
	"bytes"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/internal/rig"
	"blanko/web/console"
)

var update = flag.Bool("update", false, "take the screens of the pages anew")

// Screens of the pages are kept in testdata/screens: every page in Indonesian on white, down to 2400 dots; those
// that somebody has before him all day also in English on black, at 200 % and on a telephone.
const (
	screens      = "testdata/screens"
	screenColors = 16
	screenHeight = 2400
	takeScreens  = `go test ./web/console -run 'TestEveryPage$|TestCitizenWithATelephone$' -update`
)

var allDay = []string{"print", "acceptance", "approvals", "applications", "application", "capture", "handover", "stock", "reports"}

// outside are the screens of the public listener, on a telephone.
var outside = []string{"public", "public-status", "public-complaint"}

// noScreens are pages without a screen of their own: the manual is text around the pictures of other pages.
var noScreens = []string{"manual"}

// sameIDs gives every id that was drawn by chance the same digits, whose width breaks lines in the same places.
const sameIDs = `(() => {
	const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (all.nextNode()) {
		const is = all.currentNode.data, same = is.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{8}(?=…)|\b[0-9a-f]{20}\b|(?<=\bR)[0-9A-Z]{10}\b/g, id => id.replace(/[0-9A-Za-z]/g, '0'));
		if (is !== same) { all.currentNode.data = same; }
	}
	return true;
})()`

// screen holds what is seen of the page against the screen that is kept; -update takes it anew.
func (v *visitor) screen(name string) {
	v.t.Helper()
	promised[bool](v, `document.fonts.ready.then(() => Promise.all([...document.images].filter(i => i.loading !== 'lazy').map(i => i.decode().catch(() => 0)))).then(() => true)`)
	ask[bool](v, sameIDs)
	shot, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	v.must(err)
	page, err := png.Decode(bytes.NewReader(shot))
	v.must(err)
	got := page.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(0, 0, page.Bounds().Dx(), screenHeight))
	file := filepath.Join(screens, name+".png")
	if *update {
		v.must(os.WriteFile(file, rig.SmallScreen(got, screenColors), 0o644))
		return
	}
	want, err := rig.Screen(file)
	if err != nil {
		v.t.Errorf("%v; %s takes it", err, takeScreens)
		return
	}
	v.missesNothing(name, got)
	if d := rig.ScreensApart(got, want); !d.Same() {
		v.keep(name)
		v.t.Errorf("%s looks otherwise than %s (%v); %s takes it anew", name, file, d, takeScreens)
	}
}

// missesNothing: without any one of its buttons the page of an operator's day would be found to look otherwise.
func (v *visitor) missesNothing(name string, whole image.Image) {
	v.t.Helper()
	if name != "print" {
		return
	}
	buttons := ask[[]struct {
		Name       string
		X, Y, W, H int
	}](v, `[...document.querySelectorAll('main button, main .state, .strip strong')].filter(e => e.checkVisibility()).map(e => {
		const r = e.getBoundingClientRect();
		return { name: e.innerText, x: Math.floor(r.x + scrollX), y: Math.floor(r.y + scrollY), w: Math.ceil(r.width) + 1, h: Math.ceil(r.height) + 1 };
	})`)
	if len(buttons) < 5 {
		v.t.Errorf("%d buttons and words of state", len(buttons))
	}
	for _, b := range buttons {
		at := image.Rect(b.X, b.Y, b.X+b.W, b.Y+b.H)
		without := image.NewRGBA(whole.Bounds())
		draw.Draw(without, without.Bounds(), whole, image.Point{}, draw.Src)
		draw.Draw(without, at, image.NewUniform(whole.At(b.X-2, b.Y+b.H/2)), image.Point{}, draw.Src)
		if d := rig.ScreensApart(without, whole); d.Same() {
			v.t.Errorf("%s without %q at %v passes as itself: %v", name, b.Name, at, d)
		}
	}
}

// screenNames are those that are kept.
func screenNames() (list []string) {
	for _, p := range console.PageRows() {
		if slices.Contains(noScreens, p.ID) {
			continue
		}
		list = append(list, p.ID)
		if slices.Contains(allDay, p.ID) {
			list = append(list, p.ID+"-dark", p.ID+"-200", p.ID+"-360")
		}
	}
	return append(list, outside...)
}

// Every screen is there, small, told from every other one, and no other file lies beside them.
func TestScreens(t *testing.T) {
	t.Parallel()
	const mostBytes = 100 << 10
	names := screenNames()
	files, err := filepath.Glob(filepath.Join(screens, "*"))
	if err != nil || len(files) != len(names) {
		t.Errorf("%d files, %d screens, %v", len(files), len(names), err)
	}
	tiles := make([]rig.ScreenTiles, len(names))
	for i, name := range names {
		file := filepath.Join(screens, name+".png")
		m, err := rig.Screen(file)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := os.Stat(file); err != nil || s.Size() > mostBytes {
			t.Errorf("%s has %d bytes", name, s.Size())
		}
		tiles[i] = rig.TilesOf(m)
		for j, other := range tiles[:i] {
			if d := tiles[i].Apart(other); d.Same() {
				t.Errorf("%s passes as %s: %v", name, names[j], d)
			}
		}
	}
}
