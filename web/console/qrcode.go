package console

import (
	"strings"

	"github.com/boombuler/barcode/qr"
)

// picture is a QR code as the outline of its dark modules, for an SVG without a style.
type picture struct {
	Side int
	Path string
}

// quiet zone around a QR code, in modules (ISO/IEC 18004, section 5.3.8).
const quietZone = 4

func qrCode(text string) (*picture, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				path.WriteString("M" + number(x+quietZone) + " " + number(y+quietZone) + "h1v1h-1z")
			}
		}
	}
	return &picture{side + 2*quietZone, path.String()}, nil
}
