package osia_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/biometric/finger"
	"blanko/emulator/center"
	"blanko/ktp"
	"blanko/registry/osia"
)

const office = "61.05"

var today = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

type object = map[string]any

// delivered is a good record of the emulated center, without its signatures.
func delivered(t testing.TB) object {
	t.Helper()
	c, err := center.New(center.Config{Seed: 7, Records: 1, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/center/v1/feed?office="+office+"&limit=1", nil))
	var page struct{ Items []struct{ Record object } }
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Items) == 0 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	r := page.Items[0].Record
	delete(r, "integrity")
	delete(blanko(r), "identity")
	return r
}

func blanko(r object) object {
	return r["requestData"].(object)["others"].(object)["blanko"].(object)
}

func person(r object) object { return r["biographicData"].(object) }

// part is the n-th part of a type and instance.
func part(r object, kind, instance string) object {
	for _, p := range r["biometricData"].([]any) {
		if p := p.(object); p["biometricType"] == kind && (instance == "" || p["instance"] == instance) {
			return p
		}
	}
	return nil
}

// template makes a record of n minutiae for the finger of a part.
func template(t testing.TB, p object, n int) string {
	t.Helper()
	old, err := base64.StdEncoding.DecodeString(p["template"].(string))
	if err != nil {
		t.Fatal(err)
	}
	f, err := finger.Parse(old)
	if err != nil {
		t.Fatal(err)
	}
	f.Views[0].Minutiae = f.Views[0].Minutiae[:n]
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func picture(t testing.TB, mime string, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, w, h))
	err := png.Encode(&b, img)
	if mime == "image/jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// bomb is a picture with so many scans more, which no decoder takes.
func bomb(t testing.TB, scans int) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(picture(t, "image/jpeg", 480, 640))
	if err != nil {
		t.Fatal(err)
	}
	b = append(b[:len(b)-2], bytes.Repeat([]byte{0xFF, 0xDA, 0, 8, 1, 9, 0, 0, 63, 0}, scans)...)
	return base64.StdEncoding.EncodeToString(append(b, 0xFF, 0xD9))
}

// What can never become a card, or proves nothing, is refused at the door and not in the queue.
func TestWhatCannotBecomeACardIsRefused(t *testing.T) {
	t.Parallel()
	good := delivered(t)
	text, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	again := func() (r object) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	jp2 := func(r object) {
		p := part(r, "FACE", "")
		p["mimeType"], p["image"] = "image/jp2", base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x0CjP  \r\n\x87\n"))
	}
	size := func(w, h int) func([]byte) (int, int, error) {
		return func([]byte) (int, int, error) { return w, h, nil }
	}
	for _, c := range []struct {
		name    string
		change  func(r object)
		jp2     func([]byte) (int, int, error)
		code    osia.Code
		pointer string
	}{
		{name: "good", change: func(object) {}},
		{name: "16 other names", change: func(r object) { person(r)["otherNames"] = slices.Repeat([]any{"MAS BUDI"}, 16) }, code: osia.Schema, pointer: "/biographicData/otherNames"},
		{name: "15 other names", change: func(r object) { person(r)["otherNames"] = slices.Repeat([]any{"MAS BUDI"}, 15) }},
		{name: "endless other name", change: func(r object) { person(r)["otherNames"] = []any{strings.Repeat("A", 256)} }, code: osia.TextUnprintable, pointer: "/biographicData/otherNames/0"},
		{name: "name without a letter", change: func(r object) { person(r)["name"] = "12 3" }, code: osia.TextUnprintable, pointer: "/biographicData/name"},
		{name: "name of degrees alone", change: func(r object) { person(r)["name"] = ", SH" }, code: osia.TextUnprintable, pointer: "/biographicData/name"},
		{name: "long in bytes", change: func(r object) { person(r)["address"] = strings.Repeat("’", 90) }, code: osia.TextUnprintable, pointer: "/biographicData/address"},
		{name: "born too early", change: func(r object) { person(r)["dateOfBirth"] = "1899-12-31" }, code: osia.Schema, pointer: "/biographicData/dateOfBirth"},
		{name: "version that loses digits", change: func(r object) { blanko(r)["version"] = json.Number("9007199254740993") }, code: osia.Schema, pointer: "/requestData/others/blanko/version"},
		{name: "two different short records", change: func(r object) {
			p := part(r, "FINGER", "60")
			p["template"] = template(t, p, 39)
		}, code: osia.Schema, pointer: "/biometricData"},
		{name: "one short record", change: func(r object) {
			large := part(r, "FINGER", "60")
			large["template"] = part(r, "FINGER", "40")["template"]
		}},
		{name: "second impression copied", change: func(r object) {
			part(r, "FINGER", "second")["template"] = part(r, "FINGER", "60")["template"]
		}, code: osia.Schema, pointer: "/biometricData"},
		{name: "missing and delivered in one", change: func(r object) {
			p := part(r, "FINGER", "second")
			p["missing"] = []any{object{"biometricSubType": p["biometricSubType"], "presence": "BANDAGED"}}
		}, code: osia.Schema},
		{name: "JPEG 2000 where none is read", change: jp2, code: osia.PartUndecodable},
		{name: "JPEG 2000", change: jp2, jp2: size(480, 640)},
		{name: "small JPEG 2000", change: jp2, jp2: size(479, 640), code: osia.PhotoBelowFloor},
		{name: "broken JPEG 2000", change: jp2, jp2: func([]byte) (int, int, error) { return 0, 0, errors.New("no") }, code: osia.PartUndecodable},
		{name: "PNG that says JPEG", change: func(r object) { part(r, "FACE", "")["image"] = picture(t, "image/png", 480, 640) }, code: osia.PartUndecodable},
		{name: "small JPEG", change: func(r object) { part(r, "FACE", "")["image"] = picture(t, "image/jpeg", 480, 639) }, code: osia.PhotoBelowFloor},
		{name: "JPEG with a scan too many that is damaged", change: func(r object) { part(r, "FACE", "")["image"] = bomb(t, ktp.MostScans) }, code: osia.PartTooLarge},
		{name: "JPEG whose last scan is damaged", change: func(r object) { part(r, "FACE", "")["image"] = bomb(t, ktp.MostScans-1) }, code: osia.PartUndecodable},
		{name: "signature of 25 million pixels", change: func(r object) { part(r, "SIGNATURE", "")["image"] = picture(t, "image/png", 5000, 5000) }, code: osia.PartTooLarge},
	} {
		r := again()
		c.change(r)
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		_, err = osia.Checker{Office: office, Unsigned: true, JPEG2000: c.jp2}.Check(b, "", today)
		var refusal *osia.Refusal
		switch errors.As(err, &refusal); {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.code != "" && (refusal == nil || refusal.Code != c.code || !strings.HasPrefix(refusal.Pointer, c.pointer)):
			t.Errorf("%s: %v, want %s at %s", c.name, err, c.code, c.pointer)
		}
	}
}
