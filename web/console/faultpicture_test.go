package console

import (
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/web/console/words"
)

// Each fault with a picture shows one part of the machine alone, filled and named in both languages; one without a
// place shows none.
func TestFaultPicture(t *testing.T) {
	t.Parallel()
	drawn := func(v *view, code string) string {
		var b strings.Builder
		if err := faultPicture(v, code).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var parts []part
	for code, lit := range partOf {
		parts = append(parts, lit)
		for _, lang := range []words.Language{words.Indonesian, words.English} {
			v := &view{Lang: lang}
			text := drawn(v, string(code))
			if name := v.T("machine." + string(lit)); strings.Count(text, "piece lit") != 1 || name == "" || !strings.Contains(text, "<figcaption>"+name+"</figcaption>") {
				t.Errorf("%s, %v:\n%s", code, lang, text)
			}
		}
	}
	for _, p := range []part{partHopper, partCover, partPath, partRibbon, partFilm, partRoller, partEncoder, partOutput, partReject, partCable, partPower} {
		if !slices.Contains(parts, p) {
			t.Errorf("no fault shows %s", p)
		}
	}
	for _, code := range []fault.Code{"", "printer.unknown", "printer.hardware", "registry.clock_behind"} {
		if text := drawn(&view{Lang: words.English}, string(code)); text != "" {
			t.Errorf("%s: %s", code, text)
		}
	}
}
