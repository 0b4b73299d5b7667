package api

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"blanko/fault"
	"blanko/ktp"
	"blanko/web"
)

func painted(w, h int, back color.Color) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, back)
			if x > w/4 && x < 3*w/4 && y > h/8 { // something like a face
				img.Set(x, y, color.RGBA{200, 160, 130, 255})
			}
		}
	}
	return img
}

func jpegOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture is encoded anew: what hides behind its end or in its comments does not come in.
func TestRedrawKeepsPixelsAlone(t *testing.T) {
	t.Parallel()
	const secret = "<script>hidden</script>"
	data := jpegOf(t, painted(60, 80, color.RGBA{219, 21, 20, 255}))
	comment := append([]byte{0xFF, 0xD8, 0xFF, 0xFE, 0, byte(len(secret) + 2)}, secret...)
	data = append(append(comment, data[2:]...), secret...)
	var img image.Image
	mime, out, err := web.RedrawAs(t.Context(), "", "picture", data, func(seen image.Image) { img = seen })
	if err != nil || mime != "image/jpeg" || img.Bounds().Dx() != 60 {
		t.Fatalf("%s %v %v", mime, img, err)
	}
	if bytes.Contains(out, []byte(secret)) {
		t.Error("more than pixels came in")
	}
	var b bytes.Buffer
	if err := png.Encode(&b, painted(10, 10, color.White)); err != nil {
		t.Fatal(err)
	}
	if mime, out, err := web.RedrawAs(t.Context(), "jpeg", "picture", b.Bytes(), func(image.Image) {}); err != nil || mime != "image/jpeg" || !bytes.HasPrefix(out, []byte{0xFF, 0xD8}) {
		t.Errorf("a PNG that a record has as JPEG: %q, %v", mime, err) // was refused when it came back from the center
	}
	if mime, _, err := web.Redraw(t.Context(), "picture", b.Bytes()); err != nil || mime != "image/png" {
		t.Errorf("%s %v", mime, err)
	}
}

// bomb is a PNG of a few bytes that claims a size.
func bomb(w, h uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	head = append(head, 8, 0, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

// scanned is a progressive JPEG (ITU-T T.81, annex G) of 8 x 8 gray pixels: one scan of the mean, then as many as asked
// for of the rest, each of which says with one bit that nothing comes.
func scanned(scans int) []byte {
	out := []byte{0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0}
	out = append(out, bytes.Repeat([]byte{1}, 64)...)
	out = append(out, 0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0)
	for _, class := range []byte{0x00, 0x10} { // a table of one code of one bit for each class
		out = append(out, 0xFF, 0xC4, 0, 20, class, 1)
		out = append(out, make([]byte, 15+1)...)
	}
	for i := range scans {
		from, to := byte(1), byte(63)
		if i == 0 {
			from, to = 0, 0
		}
		out = append(out, 0xFF, 0xDA, 0, 8, 1, 1, 0, from, to, 0, 0x7F)
	}
	return append(out, 0xFF, 0xD9)
}

// A JPEG of a few bytes for each of its scans is refused by their number before a decoder walks it once for every one:
// it is refused the same where the decoder would say that it is damaged. As many as are allowed are read.
func TestRedrawRefusesScanBomb(t *testing.T) {
	t.Parallel()
	damaged := func(b []byte) []byte { // the first scan names a component that is not there
		i := bytes.Index(b, []byte{0xFF, 0xDA})
		b[i+5] = 9
		return b
	}
	for name, c := range map[string]struct {
		data []byte
		code fault.Code
	}{
		"as many as are allowed":  {scanned(ktp.MostScans), ""},
		"and damaged":             {damaged(scanned(ktp.MostScans)), "web.not_a_picture"},
		"one more":                {scanned(ktp.MostScans + 1), "web.too_large"},
		"one more and damaged":    {damaged(scanned(ktp.MostScans + 1)), "web.too_large"},
		"as many as a body holds": {damaged(scanned(web.MostScan / 12)), "web.too_large"},
		"behind the picture":      {append(scanned(2), bytes.Repeat([]byte{0xFF, 0xDA}, 1000)...), ""},
	} {
		if _, _, err := web.Redraw(t.Context(), "picture", c.data); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestRedrawRefuses(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, painted(60, 80, color.White))
	for name, c := range map[string]struct {
		data []byte
		code fault.Code
	}{
		"nothing":          {nil, "web.not_a_picture"},
		"text":             {[]byte("<svg/>"), "web.not_a_picture"},
		"GIF":              {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), "web.not_a_picture"},
		"cut off":          {whole[:len(whole)/2], "web.not_a_picture"},
		"an image bomb":    {bomb(30000, 30000), "web.too_large"},
		"a long line":      {bomb(8001, 1), "web.too_large"},
		"too many in all":  {bomb(7000, 7000), "web.too_large"},
		"of no size":       {bomb(0, 5), "web.not_a_picture"},
		"a huge one":       {bomb(1<<31-1, 1<<31-1), "web.not_a_picture"},
		"claims and lacks": {bomb(100, 100), "web.not_a_picture"},
	} {
		if _, _, err := web.Redraw(t.Context(), "picture", c.data); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// A scan is a PDF as it came or a picture drawn anew; what it is not is said, with what it has to be.
func TestScan(t *testing.T) {
	t.Parallel()
	pdf := []byte("%PDF-1.4 signed form")
	if mime, out, err := web.Scan(t.Context(), "scan", pdf); err != nil || mime != web.MIMEPDF || !bytes.Equal(out, pdf) {
		t.Errorf("%s %q %v", mime, out, err)
	}
	page := jpegOf(t, painted(60, 80, color.White))
	if mime, out, err := web.Scan(t.Context(), "scan", append(page, "behind the end"...)); err != nil || mime != "image/jpeg" || bytes.Contains(out, []byte("behind")) {
		t.Errorf("%s %v", mime, err)
	}
	for name, c := range map[string]struct {
		data []byte
		code fault.Code
	}{
		"nothing":       {nil, "web.not_a_scan"},
		"a program":     {[]byte("MZ\x90"), "web.not_a_scan"},
		"a drawing":     {[]byte("<svg/>"), "web.not_a_scan"},
		"cut off":       {page[:len(page)/2], "web.not_a_scan"},
		"an image bomb": {bomb(30000, 30000), "web.too_large"},
		"a heavy PDF":   {append([]byte("%PDF-"), make([]byte, web.MostScan)...), "web.too_large"},
	} {
		if _, _, err := web.Scan(t.Context(), "scan", c.data); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// Red for an odd birth year, blue for an even one; suggested colors #DB1514 and #0090FF.
func TestBehindAFace(t *testing.T) {
	t.Parallel()
	for want, colors := range map[string][]color.Color{
		behindRed:   {color.RGBA{0xDB, 0x15, 0x14, 255}, color.RGBA{180, 30, 30, 255}, color.RGBA{120, 10, 20, 255}},
		behindBlue:  {color.RGBA{0, 0x90, 0xFF, 255}, color.RGBA{20, 40, 160, 255}},
		behindOther: {color.White, color.Black, color.Gray{128}, color.RGBA{250, 140, 20, 255}, color.RGBA{20, 160, 40, 255}, color.RGBA{120, 140, 160, 255}},
	} {
		for _, c := range colors {
			if got := behind(painted(90, 120, c)); got != want {
				t.Errorf("%v is %s, want %s", c, got, want)
			}
		}
	}
	if got := behind(painted(1, 1, color.White)); got != behindOther {
		t.Errorf("one dot: %s", got)
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"6105014107900001": "••••••••••••0001", "123": "•••", "": ""} {
		if got := maskNumber(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for in, want := range map[string]string{"SITI NUR AISYAH": "S••• N••• A•••", "": "", "É": "É•••"} {
		if got := maskName(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
