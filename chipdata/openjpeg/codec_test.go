//go:build cgo

package openjpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"blanko/chipdata"
	"blanko/fault"
)

// scene draws shapes and texture from a seed; gray for one component.
func scene(seed uint64, w, h int, gray bool) image.Image {
	r := rand.New(rand.NewPCG(seed, 21))
	a, b, c := 8+20*r.Float64(), 8+20*r.Float64(), r.Float64()*6
	value := func(x, y, k float64) uint8 {
		v := 128 + 60*math.Sin(x/a+c+k)*math.Cos(y/b) + 30*math.Sin((x*y)/400+k) + 6*r.NormFloat64()
		return uint8(math.Max(0, math.Min(255, v)))
	}
	if gray {
		img := image.NewGray(image.Rect(0, 0, w, h))
		for i := range img.Pix {
			img.Pix[i] = value(float64(i%w), float64(i/w), 0)
		}
		return img
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			img.SetRGBA(x, y, color.RGBA{value(fx, fy, 0), value(fx, fy, 0.4), value(fx, fy, 0.8), 255})
		}
	}
	return img
}

func db(a, b image.Image) float64 {
	var sum, n float64
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			for _, d := range []float64{float64(r1>>8) - float64(r2>>8), float64(g1>>8) - float64(g2>>8), float64(b1>>8) - float64(b2>>8)} {
				sum, n = sum+d*d, n+1
			}
		}
	}
	return 10 * math.Log10(255*255*n/math.Max(sum, 1))
}

// Every picture ends within its budget and near to it, is what Check says, and decodes to
// something like its source.
func TestFitToBudget(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		w, h    int
		gray    bool
		budgets []int
	}{
		{240, 320, false, []int{2500, 8000, 11296}},
		{180, 240, false, []int{2500, 3900}},
		{120, 160, false, []int{1500, 2844}},
		{240, 80, true, []int{608, 1488}},
		{168, 44, true, []int{300, 608}},
		{61, 47, true, []int{400}},
		{5, 3, false, []int{400}},
	} {
		for _, budget := range s.budgets {
			for seed := range uint64(3) {
				img := scene(seed, s.w, s.h, s.gray)
				b, err := c.Encode(img, budget)
				if err != nil || len(b) > budget {
					t.Fatalf("%d x %d in %d: %d bytes, %v", s.w, s.h, budget, len(b), err)
				}
				if raw := s.w * s.h; budget >= 600 && raw > 4*budget && len(b)*100 < 90*budget {
					t.Errorf("%d x %d in %d: only %d bytes", s.w, s.h, budget, len(b))
				}
				h, err := Check(b)
				if err != nil || h.Width != s.w || h.Height != s.h || (h.Components == 1) != s.gray || h.Box {
					t.Errorf("%+v, %v", h, err)
				}
				back, err := c.Decode(b)
				if err != nil {
					t.Fatal(err)
				}
				if v := db(img, back); v < 15 {
					t.Errorf("%d x %d in %d: %.1f dB", s.w, s.h, budget, v)
				}
			}
		}
	}
}

func TestNothingFits(t *testing.T) {
	t.Parallel()
	c, _ := New()
	for _, budget := range []int{-1, 0, 1, 60} {
		if b, err := c.Encode(scene(1, 240, 320, false), budget); !errors.Is(err, chipdata.ErrBudget) {
			t.Errorf("budget %d: %d bytes, %v", budget, len(b), err)
		}
	}
	for _, r := range []image.Rectangle{image.Rect(0, 0, 0, 5), image.Rect(0, 0, maxSide+1, 1)} {
		if _, err := c.Encode(image.NewGray(r), 1000); !fault.Is(err, outsideLimits) {
			t.Errorf("%v: %v", r, err)
		}
	}
}

// A part of a larger picture is encoded as that part.
func TestSubImage(t *testing.T) {
	t.Parallel()
	c, _ := New()
	for _, gray := range []bool{true, false} {
		whole := scene(2, 200, 150, gray)
		part := whole.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(50, 40, 130, 120))
		b, err := c.Encode(part, 6000)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		moved := image.NewRGBA(image.Rect(0, 0, 80, 80))
		for y := range 80 {
			for x := range 80 {
				moved.Set(x, y, part.At(50+x, 40+y))
			}
		}
		if v := db(moved, back); v < 25 {
			t.Errorf("gray %v: %.1f dB", gray, v)
		}
	}
}

// The same picture gives the same bytes, also from many goroutines at once.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	c, _ := New()
	img := scene(3, 180, 240, false)
	want, err := c.Encode(img, 2500)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if b, err := c.Encode(img, 2500); err != nil || !bytes.Equal(b, want) {
				t.Errorf("%d bytes, %v", len(b), err)
			}
		})
	}
	wait.Wait()
}

// file wraps a codestream in the four plain boxes of a JP2 file.
func file(stream []byte, w, h, comps int) []byte {
	box := func(kind string, body ...[]byte) []byte {
		all := bytes.Join(body, nil)
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(all))), kind...), all...)
	}
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(h))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(w))
	ihdr = append(ihdr, 0, byte(comps), 7, 7, 0, 0)
	space := byte(16) // sRGB
	if comps == 1 {
		space = 17 // gray
	}
	return bytes.Join([][]byte{
		box("jP  ", []byte("\r\n\x87\n")), box("ftyp", []byte("jp2 \x00\x00\x00\x00jp2 ")),
		box("jp2h", box("ihdr", ihdr), box("colr", []byte{1, 0, 0, 0, 0, 0, space})), box("jp2c", stream),
	}, nil)
}

func TestBoxFile(t *testing.T) {
	t.Parallel()
	c, _ := New()
	img := scene(4, 120, 160, false)
	stream, err := c.Encode(img, 4000)
	if err != nil {
		t.Fatal(err)
	}
	b := file(stream, 120, 160, 3)
	h, err := Check(b)
	if err != nil || !h.Box || h.Components != 3 {
		t.Fatalf("%+v, %v", h, err)
	}
	back, err := c.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := c.Decode(stream)
	if err != nil || !bytes.Equal(back.(*image.RGBA).Pix, plain.(*image.RGBA).Pix) {
		t.Errorf("the picture of the file is not the one of the codestream: %v", err)
	}
}

// Another build of the library reads our codestreams.
func TestForeignDecoder(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("opj_decompress")
	if err != nil {
		if os.Getenv("BLANKO_RIGS") == "all" {
			t.Fatal("opj_decompress is missing")
		}
		t.Skip("opj_decompress is missing")
	}
	c, _ := New()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.j2k"), filepath.Join(dir, "out.png")
	b, err := c.Encode(scene(5, 120, 160, false), 3000)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command(program, "-i", in, "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, msg)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	theirs, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := c.Decode(b)
	if err != nil || db(ours, theirs) < 60 {
		t.Errorf("%.1f dB apart, %v", db(ours, theirs), err)
	}
}

// A picture that was cut or changed is an error or another picture, never a crash.
func FuzzDecode(f *testing.F) {
	c, _ := New()
	for seed, gray := range []bool{true, false} {
		b, err := c.Encode(scene(uint64(seed), 48, 40, gray), 700)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
		f.Add(file(b, 48, 40, 1+2*seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := Check(b)
		if err != nil || h.Width > 256 || h.Height > 256 { // larger ones only cost time here
			return
		}
		img, err := c.Decode(b)
		if err != nil {
			if !fault.Is(err, libraryFailed) {
				t.Fatal(err)
			}
			return
		}
		if r := img.Bounds(); r.Dx() != h.Width || r.Dy() != h.Height {
			t.Fatalf("%v for %+v", r, h)
		}
	})
}

// Any small picture comes back in its own size within any budget that is not refused.
func FuzzEncodeDecode(f *testing.F) {
	f.Add(uint64(1), uint8(30), uint8(40), uint16(600), true)
	f.Add(uint64(2), uint8(1), uint8(1), uint16(200), false)
	f.Fuzz(func(t *testing.T, seed uint64, w, h uint8, budget uint16, gray bool) {
		if w == 0 || h == 0 {
			return
		}
		c, _ := New()
		b, err := c.Encode(scene(seed, int(w), int(h), gray), int(budget))
		if err != nil {
			if !errors.Is(err, chipdata.ErrBudget) {
				t.Fatal(err)
			}
			return
		}
		img, err := c.Decode(b)
		if err != nil || len(b) > int(budget) || img.Bounds().Dx() != int(w) || img.Bounds().Dy() != int(h) {
			t.Fatalf("%d bytes of %d, %v", len(b), budget, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	c, _ := New()
	img := scene(6, 240, 320, false)
	for b.Loop() {
		if _, err := c.Encode(img, 11296); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	c, _ := New()
	data, err := c.Encode(scene(6, 240, 320, false), 11296)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
