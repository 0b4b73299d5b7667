package desk

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"blanko/emulator/people"
	"blanko/ktp"
)

// pngOf encodes a picture.
func pngOf(t *testing.T, im image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A finger that the page has from a file is judged like one of the scanner, which nobody touches meanwhile: it says that
// it comes from a file, and of no device. What shows no finger well is told with hints, and what is no picture of a finger
// is refused in both languages.
func TestFingerFromAFile(t *testing.T) {
	t.Parallel()
	world, err := people.New(1, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	finger := world.Finger(1, ktp.RightIndex)
	good := finger.Picture(1, people.Touch{Rotation: 0.05, Shift: 6, Cover: 1})
	colored := image.NewRGBA(good.Bounds())
	for y := range good.Bounds().Dy() {
		for x := range good.Bounds().Dx() {
			colored.Set(x, y, good.At(x, y))
		}
	}
	colored.Set(0, 0, color.RGBA{255, 0, 0, 255})
	whole := pngOf(t, good)
	a := agent(t)
	a.Devices.Finger = unlaid{a.Devices.Finger, t}
	capture := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:7610/v1/capture", strings.NewReader(body))
		r.Header.Set("Origin", ours)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w
	}
	brought := func(part string, picture []byte) *httptest.ResponseRecorder {
		body, err := json.Marshal(captureWish{Ticket: "of capture", Part: part, Picture: picture})
		if err != nil {
			t.Fatal(err)
		}
		return capture(string(body))
	}
	for name, c := range map[string]struct {
		picture []byte
		good    bool
	}{
		"a whole finger":    {whole, true},
		"a part of one":     {pngOf(t, finger.Picture(2, people.Touch{Cover: 0.3})), false},
		"a glass untouched": {pngOf(t, image.NewGray(good.Bounds())), false},
	} {
		w := brought("finger.2", c.picture)
		var got captured
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
			continue
		}
		if got.Part != "finger.2" || got.Source != fromFile || got.Device != "" || !bytes.Equal(got.Picture, c.picture) || got.Good != c.good || (len(got.Hints) == 0) != c.good {
			t.Errorf("%s: %s by %q of %q, %d, good %v, %v", name, got.Part, got.Source, got.Device, got.Quality, got.Good, got.Hints)
		}
		if c.good && (got.Quality == 0 || len(got.Template) == 0) {
			t.Errorf("%s: quality %d, a record of %d bytes", name, got.Quality, len(got.Template))
		}
	}
	for name, c := range map[string]struct {
		body *httptest.ResponseRecorder
		code string
	}{
		"no picture":         {brought("finger.2", []byte("%PDF-1.4 scan")), "extract.image_unusable"},
		"half a picture":     {brought("finger.2", whole[:len(whole)/2]), "extract.image_unusable"},
		"a colored one":      {brought("finger.2", pngOf(t, colored)), "extract.image_unusable"},
		"more than a hand":   {brought("finger.2", pngOf(t, image.NewGray(image.Rect(0, 0, 4000, 10)))), "extract.image_unusable"},
		"no Base64":          {capture(`{"ticket":"of capture","part":"finger.2","picture":"?"}`), "desk.request_wrong"},
		"too large":          {brought("finger.2", make([]byte, mostAsked)), "desk.request_wrong"},
		"of no finger":       {brought("finger.11", whole), "desk.request_wrong"},
		"without its ticket": {capture(`{"part":"finger.2","picture":""}`), "desk.ticket_missing"},
	} {
		var said Said
		if err := json.Unmarshal(c.body.Body.Bytes(), &said); err != nil || said.Code != c.code || c.body.Code < 400 || said.ID == "" || said.EN == "" {
			t.Errorf("%s: %d %s, want %s", name, c.body.Code, c.body.Body, c.code)
		}
	}
}
