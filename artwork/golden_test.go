package artwork

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"sort"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures under testdata anew; look at them afterwards")

// The pictures are previews at 300 dpi, for a person to look at. testdata/faces.sum proves
// the layers themselves, also where black hides color, and for two of them at 600 dpi.
func TestFacesAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	var sums bytes.Buffer
	cards := people()
	var names []string
	for name := range cards {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		c := cards[name]
		tm, err := LoadTemplate(c.template)
		if err != nil {
			t.Fatal(err)
		}
		resolutions := []int{300}
		if name == "longest" || name == "foreign-specimen" {
			resolutions = append(resolutions, 600)
		}
		for _, dpi := range resolutions {
			f, err := tm.Front(c.in, dpi)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			fmt.Fprintf(&sums, "%s %d color %x\n", name, dpi, sha256.Sum256(f.Color.Pix))
			fmt.Fprintf(&sums, "%s %d black %x\n", name, dpi, sha256.Sum256(f.Black.Pix))
			if dpi == 300 {
				golden(t, name, tm.Preview(f))
			}
		}
	}
	compare(t, "faces.sum", sums.Bytes())
}

// golden compares dot by dot, so that another PNG compressor changes nothing.
func golden(t *testing.T, name string, got *image.NRGBA) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewNRGBA(m.Bounds())
	draw.Draw(want, want.Rect, m, m.Bounds().Min, draw.Src)
	if want.Rect != got.Rect || !bytes.Equal(want.Pix, got.Pix) {
		t.Errorf("%s: the face differs from its picture; run with -update and look", name)
	}
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}
