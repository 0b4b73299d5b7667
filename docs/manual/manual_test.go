package manual_test

import (
	"bytes"
	"image/png"
	"regexp"
	"slices"
	"strings"
	"testing"

	"blanko/docs/manual"
)

// Both languages have the same sections and the same pictures in the same order, every picture is small, and
// the page that is made of them shows all of it.
func TestManual(t *testing.T) {
	t.Parallel()
	const (
		mostBytes = 60 << 10
		width     = 1100
	)
	headings := map[string]int{}
	named := regexp.MustCompile(`\(([a-z-]+)\.png\)`)
	for _, l := range []string{"id", "en"} {
		text, err := manual.Text(l)
		if err != nil {
			t.Fatal(err)
		}
		headings[l] = strings.Count(text, "\n## ")
		var shown []string
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			shown = append(shown, m[1])
		}
		want, got := slices.Sorted(slices.Values(manual.Pictures)), slices.Sorted(slices.Values(shown))
		if !slices.Equal(got, want) {
			t.Errorf("%s shows %q, there are %q", l, got, want)
		}
		for _, name := range manual.Pictures {
			content, ok := manual.Picture(l, name+".png")
			if !ok {
				t.Errorf("%s: no picture %s", l, name)
				continue
			}
			if c, err := png.DecodeConfig(bytes.NewReader(content)); err != nil || c.Width != width || len(content) > mostBytes {
				t.Errorf("%s: %s is %d wide and has %d bytes, %v", l, name, c.Width, len(content), err)
			}
		}
		page, err := manual.HTML(l, "/x/")
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(page, "<h2>"); n != headings[l] || strings.Count(page, "<img ") != len(manual.Pictures) || strings.ContainsAny(page, "*`") {
			t.Errorf("%s: %s", l, page)
		}
	}
	if headings["id"] != headings["en"] {
		t.Errorf("sections: %v", headings)
	}
	for _, name := range []string{"../en/stock.png", "README.md", "none.png", ""} {
		if _, ok := manual.Picture("en", name); ok && name != "../en/stock.png" { // the base of it is one of ours
			t.Errorf("%q is a picture", name)
		}
	}
}
