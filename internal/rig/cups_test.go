package rig

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCUPS prints a side through a private server into a listener.
func TestCUPS(t *testing.T) {
	t.Parallel()
	s := CUPS(t, CUPSOptions{})
	d := NewCardDevice(t)
	s.Queue(t, "card", d.URI(), "abort-job")

	side := image.NewRGBA(image.Rect(0, 0, 1012, 638))
	side.Set(500, 300, color.RGBA{R: 255, A: 255})
	file, err := os.Create(filepath.Join(t.TempDir(), "side.png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, side); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("lp", "-h", s.Address, "-d", "card", file.Name()).CombinedOutput()
	if err != nil {
		t.Fatalf("lp: %v\n%s", err, out)
	}
	if err := await("the job at the printer", func() bool { return len(d.Jobs()) == 1 }); err != nil {
		t.Fatal(err)
	}
	// CUPS raster begins with a synchronization word: RaS3, or 3SaR as a little-endian machine writes it.
	if job := d.Jobs()[0]; !bytes.HasPrefix(job, []byte("3SaR")) && !bytes.HasPrefix(job, []byte("RaS3")) || len(job) < 1012*638*3/100 {
		t.Errorf("the printer got %d bytes that are no raster", len(job))
	}
	if err := await("an empty spool", func() bool { return len(s.Spooled(t)) == 0 }); err != nil {
		t.Error(err)
	}
}
