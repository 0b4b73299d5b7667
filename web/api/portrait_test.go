package api_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"

	"blanko/registry"
)

// A dark portrait is captured again whatever quality its caller tells, and taken with a warning after three tries; what
// is kept is the lower quality of the two.
func TestDarkPortraitIsCapturedAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sari, budi := "Sari, service officer", "Budi, enrolment operator"
	p, slots := o.resident(0)
	o.listed("dpt-1", p)
	app := o.done(sari, "/v1/applications", map[string]any{
		"type": "new", "nik": p.NIK.Digits(), "requirements": []any{map[string]any{"id": "family_card"}, map[string]any{"id": "rt_rw_letter"}},
	})["application"].(string)
	at := "/v1/applications/" + app
	o.scanned(app, sari)
	o.done(sari, at+"/examination", nil)
	with := func(more map[string]any) map[string]any {
		c := captureOf(p, slots)
		for _, part := range c["parts"].([]map[string]any) {
			if part["part"] == registry.PartPortrait {
				for k, v := range more {
					part[k] = v
				}
			}
		}
		return c
	}
	kept := func() int {
		t.Helper()
		info, err := o.reg.Captured(t.Context(), registry.ApplicationID(app))
		o.must(err)
		return info.Parts[slices.IndexFunc(info.Parts, func(p registry.PartInfo) bool { return p.Part == registry.PartPortrait })].Quality
	}
	var dark bytes.Buffer
	o.must(png.Encode(&dark, image.NewGray(image.Rect(0, 0, 60, 80))))
	o.refused(budi, at+"/capture", with(map[string]any{"picture": dark.Bytes(), "quality": 100}), "registry.capture_again")
	o.refused(budi, at+"/capture", with(map[string]any{"picture": dark.Bytes(), "quality": 0, "tries": 2}), "registry.capture_again")
	o.refused(budi, at+"/capture", with(map[string]any{"quality": registry.PoorQuality - 1}), "registry.capture_again")
	o.done(budi, at+"/capture", with(map[string]any{"picture": dark.Bytes(), "quality": 100, "tries": 3}))
	var d struct {
		Application struct{ Warnings []string }
	}
	if o.see(sari, at, &d); !slices.Contains(d.Application.Warnings, "capture_poor") || kept() >= registry.PoorQuality {
		t.Errorf("kept as %d, warned of %v", kept(), d.Application.Warnings)
	}
	o.done(budi, at+"/recapture", map[string]any{"reason": "blurred"})
	o.done(budi, at+"/capture", with(map[string]any{"quality": 0}))
	if q := kept(); q < registry.PoorQuality {
		t.Errorf("a good one that nobody measured is kept as %d", q)
	}
}
