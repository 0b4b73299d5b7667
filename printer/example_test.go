package printer_test

import (
	"fmt"
	"image"
	"image/color"

	"blanko/printer"
)

// A card face of 1011 x 638 dots on the panels of a direct printer.
func ExampleSeparate() {
	photo := image.NewNRGBA(image.Rect(0, 0, 1011, 638))
	for i := range photo.Pix {
		photo.Pix[i] = 255
	}
	photo.SetNRGBA(700, 300, color.NRGBA{R: 255, A: 255})
	text := image.NewGray(photo.Rect)
	text.SetGray(100, 100, color.Gray{Y: 255})

	g := printer.Geometry{Columns: 1016, Rows: 648, DPI: 300, Levels: 128}
	side, err := printer.Separate(photo, text, g, "YMCKO")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range side.Panels {
		red, black := (300+5)*1016+700+2, (100+5)*1016+100+2
		fmt.Printf("%c of %d levels: red dot %d, black dot %d\n", p.Letter, p.Levels, p.Dots[red], p.Dots[black])
	}
	// Output:
	// Y of 128 levels: red dot 127, black dot 0
	// M of 128 levels: red dot 127, black dot 0
	// C of 128 levels: red dot 0, black dot 0
	// K of 2 levels: red dot 0, black dot 1
	// O of 2 levels: red dot 1, black dot 1
}
