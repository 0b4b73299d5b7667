//go:build cgo && linux

package openjpeg

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"testing"
)

// What the worst picture that passes Check may take, C's memory included: 2,048 x 2,048 samples of
// three components in 4 bytes each, 48 MB, as interleaved bytes, 12 MB, as Go's picture, 16 MB, and
// the tables of the code blocks.
const mostMemory = 128 << 20

// The largest picture in the smallest parts, with nothing in it that can be decoded, and a good one
// of the largest size: the library stays within its bounds.
//
//nolint:paralleltest // measures the memory of the process
func TestDecodeMemory(t *testing.T) {
	hostile := stream(maxSide, maxSide, 3)
	cod, qcd := bytes.Index(hostile, []byte{0xFF, 0x52}), bytes.Index(hostile, []byte{0xFF, 0x5C})
	hostile[cod+7] = maxLayers
	hostile[cod+9] = maxResolutions - 1
	hostile[cod+10], hostile[cod+11] = 2, 2
	hostile[qcd+4] = 0x41 // one step size for all sub-bands
	noise := make([]byte, maxBytes-len(hostile)-2)
	for i := range noise {
		noise[i] = byte(i * 7)
	}
	hostile = append(append(hostile, noise...), 0xFF, 0xD9)
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(hostile); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hostile", "large"} {
		b := hostile
		if name == "large" { // not before the other is measured: the encoder leaves memory behind
			if b, err = c.Encode(image.NewRGBA(image.Rect(0, 0, maxSide, maxSide)), maxBytes); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // proc(5): the peak begins anew
			t.Skipf("the peak of the process's memory cannot be measured here: %v", err)
		}
		before := memory(t, "VmRSS")
		_, err := c.Decode(b)
		if took := memory(t, "VmHWM") - before; took > mostMemory+shadow {
			t.Errorf("%s: %d MB for %d bytes (%v)", name, took>>20, len(b), err)
		} else {
			t.Logf("%s: %d MB for %d bytes (%v)", name, took>>20, len(b), err)
		}
	}
}

// memory is a figure of /proc/self/status in bytes.
func memory(t *testing.T, name string) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range bytes.Split(b, []byte("\n")) {
		var kb int
		if n, _ := fmt.Sscanf(string(line), name+": %d kB", &kb); n == 1 {
			return kb << 10
		}
	}
	t.Fatalf("no %s", name)
	return 0
}
