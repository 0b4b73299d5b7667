package console_test

import (
	"bytes"
	"flag"
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

// Screens of the pages are kept in testdata/screens: every page in Indonesian on white, the first screen of it; those
// that somebody has before him all day also in English on black, at 200 % and on a telephone.
const (
	screens      = "testdata/screens"
	screenColors = 16
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
		const is = all.currentNode.data, same = is.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{8}(?=…)|\b[0-9a-f]{20}\b/g, id => id.replace(/[0-9a-f]/g, '0'));
		if (is !== same) { all.currentNode.data = same; }
	}
	return true;
})()`

// screen holds what is seen of the page against the screen that is kept; -update takes it anew.
func (v *visitor) screen(name string) {
	v.t.Helper()
	promised[bool](v, `document.fonts.ready.then(() => Promise.all([...document.images].filter(i => i.loading !== 'lazy').map(i => i.decode().catch(() => 0)))).then(() => true)`)
	ask[bool](v, sameIDs)
	shot, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	v.must(err)
	got, err := png.Decode(bytes.NewReader(shot))
	v.must(err)
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
	if d := rig.ScreensApart(got, want); !d.Same() {
		v.keep(name)
		v.t.Errorf("%s looks otherwise than %s (%v); %s takes it anew", name, file, d, takeScreens)
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
	const mostBytes = 40 << 10
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
