package api

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"testing"

	"blanko/applet/inspect/inspecttest"
	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/chipdata"
	town "blanko/emulator/people"
	"blanko/fault"
	"blanko/ktp"
)

// declared is a PNG picture with a pHYs chunk behind its head.
func declared(picture []byte, perMeter uint32) []byte {
	const head = 33 // bytes: signature and IHDR
	body := append([]byte("pHYs"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMeter), perMeter)...)
	body = append(body, 1)
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	return bytes.Join([][]byte{picture[:head], chunk, picture[head:]}, nil)
}

func pngOf(t *testing.T, im image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// laid is an ordinary picture of the right index finger of resident i.
func laid(t *testing.T, i, number int) *image.Gray {
	t.Helper()
	g, err := town.New(1, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	return g.Finger(i, ktp.RightIndex).Picture(number, town.OrdinaryTouch)
}

// The station makes the record of a picture itself, and it matches the one on the chip.
func TestPictureOfALivingFinger(t *testing.T) {
	t.Parallel()
	picture := pngOf(t, laid(t, 0, 1))
	for name, data := range map[string][]byte{"undeclared": picture, "500 dpi": declared(picture, 19685), "cut off behind": append(bytes.Clone(picture), "more"...)} {
		l, err := fingerOf("live.0.image", data, ktp.RightIndex)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		probe, err := finger.Parse(l.Template)
		if err != nil {
			t.Fatal(err)
		}
		file, err := chipdata.ParseFingerFile(inspecttest.Chip()[0])
		if err != nil {
			t.Fatal(err)
		}
		gallery, err := finger.Parse(file.Record)
		if err != nil {
			t.Fatal(err)
		}
		if score := finger.Match(probe, gallery); score < finger.Threshold() {
			t.Errorf("%s: score %d, %v", name, score, l.Reasons)
		}
	}
}

func TestPictureRefused(t *testing.T) {
	t.Parallel()
	whole := pngOf(t, laid(t, 0, 1))
	white := image.NewGray(image.Rect(0, 0, 400, 400))
	for i := range white.Pix {
		white.Pix[i] = 0xFF
	}
	for name, data := range map[string][]byte{
		"nothing":       {},
		"text":          []byte("<svg/>"),
		"JPEG":          jpegOf(t, painted(300, 300, color.White)),
		"color":         pngOf(t, painted(300, 300, color.White)),
		"16 bits":       pngOf(t, image.NewGray16(image.Rect(0, 0, 300, 300))),
		"a bomb":        bomb(30000, 30000),
		"too small":     pngOf(t, image.NewGray(image.Rect(0, 0, 30, 300))),
		"cut off":       whole[:len(whole)/2],
		"1000 dpi":      declared(whole, 39370),
		"not a finger":  pngOf(t, white),
		"a chunk bomb":  append(bytes.Clone(whole[:33]), 0xFF, 0xFF, 0xFF, 0xFF, 'p', 'H', 'Y', 's'),
		"half a header": whole[:20],
	} {
		if _, err := fingerOf("live.0.image", data, ktp.RightIndex); !fault.Is(err, extract.ImageUnusable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
