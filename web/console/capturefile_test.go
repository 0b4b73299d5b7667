package console_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/web"
	"blanko/web/api"
	"blanko/web/console"
)

// withAPI is the office with the API beside its pages, to which a page of capture hands what it took.
func (o *office) withAPI() *office {
	o.t.Helper()
	problems := web.NewProblems(registry.Faults, nil, nil)
	mux := http.NewServeMux()
	o.must(api.Mount(mux, api.Config{Registry: o.reg, Problems: problems, Version: "test", Now: o.clock.Now}))
	console.Mount(mux, console.Config{Registry: o.reg, Problems: problems, Office: "61.05", Version: "test", Now: o.clock.Now, Face: faceOf, Designs: usedDesigns})
	web.Rest(mux, problems)
	s := httptest.NewServer(web.Guard(web.SignIn(mux, o.reg.Authenticate, access.Actor{}, problems, o.clock.Now), problems))
	o.t.Cleanup(s.Close)
	inside := *o
	inside.url = s.URL
	return &inside
}

// examinedOf is an application of a townsman whose papers are complete.
func (o *office) examinedOf(n int) registry.ApplicationID {
	o.t.Helper()
	dewi, sari := staffOf(access.DatacenterOfficer), staffOf(access.ServiceOfficer)
	o.as(dewi, registry.ImportResidents{Version: "dpt-1", Rows: []registry.Resident{{ID: "row-1", Person: townsman(n)}}})
	o.as(dewi, registry.UseResidents{Version: "dpt-1", Residents: 1})
	brought := []registry.Presented{{ID: "family_card"}, {ID: "rt_rw_letter"}}
	app := o.as(sari, registry.Register{Type: ktp.TypeNew, NIK: townsman(n).NIK, Requirements: brought}).Application
	for _, class := range []string{"form", "requirement.family_card", "requirement.rt_rw_letter"} {
		o.as(sari, registry.Attach{Application: app, Class: class, MIME: "application/pdf", Data: []byte("%PDF-1.4 scan")})
	}
	o.as(sari, registry.Examine{Application: app})
	return app
}

// photoOf stands for a photo: a face before a background.
func photoOf(width, height int, back color.Color, light uint8) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.NewUniform(back), image.Point{}, draw.Src)
	for y := height / 4; y < height; y++ {
		for x := width / 4; x < 3*width/4; x++ {
			shade := light - light/4*uint8((x/8+y/8)%2)
			m.Set(x, y, color.RGBA{shade, shade - shade/5, shade - shade/4, 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m)
	return b.Bytes()
}

// folder writes files that somebody may choose.
func folder(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// confirms sees what a resident is asked to confirm: everything that is printed, in the words that are printed, and both
// pictures; nothing that axe objects to, and nothing wider than a telephone.
func (v *visitor) confirms(what string, p ktp.Person) {
	v.t.Helper()
	text := v.read("#printed")
	for _, value := range append(p.Names, p.NIK.Digits(), p.BirthPlace, "01-07-1990", "PEREMPUAN", p.Street, p.RT+"/"+p.RW, p.Village, p.District, p.Regency, p.Province,
		"ISLAM", "BELUM KAWIN", p.Occupation, p.Citizenship, p.Validity) {
		if !strings.Contains(text, value) {
			v.t.Errorf("%s: %q is not shown: %s", what, value, text)
		}
	}
	if n := promised[int](v, `Promise.all([...document.querySelectorAll('#printed img')].map(i => i.decode())).then(l => l.length)`); n != 2 {
		v.t.Errorf("%s: %d pictures", what, n)
	}
	v.clean(what)
	v.do(chromedp.EmulateViewport(360, 800))
	if wide := ask[int](v, `document.documentElement.scrollWidth`); wide > 360 {
		v.t.Errorf("%s: %d wide", what, wide)
	}
	v.keep("walk-" + what + "-360")
	v.do(chromedp.EmulateViewport(1366, 900))
}

// Without a desk and a camera everything is taken from files: what is no picture, too small or too dark is said on
// the page, in words, and takes nothing away; a background of another color is a warning that stands on the
// application until it is captured again. The page and the record say that it was a file.
func TestCaptureFromFiles(t *testing.T) {
	t.Parallel()
	red, blue := color.RGBA{0xDB, 0x15, 0x14, 255}, color.RGBA{0, 0x60, 0xFF, 255}
	dir := folder(t, map[string][]byte{
		"surat.png": []byte("no picture"), "kecil.png": photoOf(120, 160, blue, 200), "gelap.png": photoOf(600, 800, color.Black, 20),
		"merah.png": photoOf(600, 800, red, 200), "biru.png": photoOf(600, 800, blue, 200), "tanda.png": scanned(), "kosong.png": photoOf(600, 200, color.White, 255), "mata.png": photoOf(640, 480, color.White, 90),
	})
	o := newOffice(t)
	app := o.examinedOf(1)
	operator := staffOf(access.EnrolmentOperator)
	o.employ(operator)
	v := o.withAPI().visit()
	v.signIn(operator)
	at := "/permohonan/" + string(app)
	const photo, signature, iris = "#photo-file", "#pad-file", `[data-part="iris.right"] input[type=file]`
	choose := func(input, name string) {
		t.Helper()
		v.do(chromedp.SetUploadFiles(chromedp.CSS(input), []string{filepath.Join(dir, name)}))
	}
	open := func() {
		t.Helper()
		v.open(at + "/perekaman")
		v.see("#desk-without")
	}
	send := func(file string) {
		t.Helper()
		choose(signature, "tanda.png")
		v.until("#part-signature .taken", file)
		choose(iris, "mata.png")
		v.until(`[data-part="iris.right"] .taken`, file)
		choose(`[data-part="iris.left"] input[type=file]`, "mata.png")
		v.until(`[data-part="iris.left"] .taken`, file)
		ask[any](v, `document.querySelectorAll('[data-part^="finger."] select').forEach(s => { s.value = 'BANDAGED'; s.dispatchEvent(new Event('change')); })`)
		v.see("#capture-send:not([disabled])")
		v.click("#capture-send")
		v.see("#part-confirm")
		v.clean("capture-confirm" + file)
	}
	portrait := func() registry.PartInfo {
		t.Helper()
		info, err := o.reg.Captured(t.Context(), app)
		o.must(err)
		i := slices.IndexFunc(info.Parts, func(p registry.PartInfo) bool { return p.Part == registry.PartPortrait })
		return info.Parts[i]
	}

	open()
	for _, input := range []string{photo, iris} {
		choose(input, "surat.png")
		v.until("#capture-problem", "Berkas ini bukan gambar")
		ask[any](v, `document.getElementById('capture-problem').hidden = true`)
	}
	choose(photo, "kecil.png")
	v.until("#part-portrait .taken", "Terlalu kecil")
	v.until("#part-portrait .taken", "kurang baik")
	choose(photo, "gelap.png")
	v.until("#part-portrait .taken", "Terlalu gelap")
	choose(photo, "merah.png")
	v.until("#part-portrait .taken", "diambil")
	if text := v.read("#part-portrait .taken"); !strings.Contains(text, "(berkas)") {
		t.Errorf("a good photo is %s", text)
	}
	choose(photo, "surat.png")
	v.until("#capture-problem", "Berkas ini bukan gambar")
	if text := v.read("#part-portrait .taken"); !strings.Contains(text, "diambil") || !ask[bool](v, `document.querySelector('#part-portrait .taken img') !== null`) {
		t.Errorf("the photo before is lost: %s", text)
	}
	told := v.read("#part-portrait .taken")
	choose(iris, "kecil.png")
	v.until(`[data-part="iris.right"] .taken`, "paling sedikit 640")
	v.until(`[data-part="iris.right"] .taken`, "kurang baik")
	choose(signature, "kosong.png")
	v.until("#part-signature .taken", "Tanda tangan belum ada")
	v.clean("capture-files")
	send("(berkas)")
	if p := portrait(); p.Source != registry.SourceFile || p.Device != "" || p.Tries != 3 {
		t.Errorf("the record says %+v", p)
	}
	parts, err := o.reg.CapturedParts(t.Context(), app)
	o.must(err)
	kept, err := jpeg.Decode(bytes.NewReader(parts[registry.PartPortrait].Data))
	o.must(err)
	const encoded = 2 // what the encoding may change of a quality, which is measured before it
	q := web.PortraitQuality(kept)
	if was := portrait().Quality; q < was-encoded || q > was+encoded || !strings.Contains(told, fmt.Sprintf("%d / 100", was)) {
		t.Errorf("the page measures %s, the station %d, the record says %d", told, q, portrait().Quality)
	}
	v.confirms("capture-confirm", townsman(1))
	v.open(at)
	v.until("main", "Latar foto bukan warna untuk tahun lahirnya")

	o.as(operator, registry.Recapture{Application: app, Because: registry.Because{Reason: "data_wrong"}})
	open()
	v.language("en")
	choose(photo, "surat.png")
	v.until("#capture-problem", "This file is no picture")
	choose(photo, "biru.png")
	v.until("#part-portrait .taken", "(file)")
	send("(file)")
	v.confirms("capture-confirm-en", townsman(1))
	if p := portrait(); p.Source != registry.SourceFile || p.Tries != 1 {
		t.Errorf("the record says %+v", p)
	}
	v.open(at)
	if text := v.read("main"); strings.Contains(text, "background of the photo") || !strings.Contains(text, "no fingerprint for the chip") {
		t.Errorf("the warnings: %s", text)
	}
}
