package artwork

import "testing"

func TestEmbeddedTemplatesDraw(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		tm, err := LoadTemplate(name)
		if err != nil {
			t.Fatal(err)
		}
		if tm.Name() != name {
			t.Errorf("%s calls itself %s", name, tm.Name())
		}
		for _, size := range []struct{ dpi, w, h int }{{300, 1011, 638}, {600, 2022, 1275}} {
			f, err := tm.Front(budi(), size.dpi)
			if err != nil {
				t.Fatal(err)
			}
			if f.Width != size.w || f.Height != size.h || f.Color.Rect.Size() != f.Black.Rect.Size() {
				t.Errorf("%s at %d dpi: %d x %d", name, size.dpi, f.Width, f.Height)
			}
		}
	}
}
