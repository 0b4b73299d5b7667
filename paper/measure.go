package paper

import (
	"sync"

	"github.com/jung-kurt/gofpdf"
)

// rulers are the widths of the characters that may be printed, by font style, in thousandths of an
// em. They are read from the fonts once: measuring leaves no trace in a document.
var rulers = sync.OnceValues(func() (map[string]map[rune]int, error) {
	pdf := gofpdf.New("P", "mm", "A4", "")
	if err := addFonts(pdf); err != nil {
		return nil, err
	}
	out := map[string]map[rune]int{}
	for _, f := range fonts {
		pdf.SetFont("sans", f.style, 1)
		out[f.style] = map[rune]int{}
		for r := ' '; r <= lastFonted; r++ {
			if fonted(r) {
				out[f.style][r] = pdf.GetStringSymbolWidth(string(r))
			}
		}
	}
	return out, pdf.Error()
})

// lastFonted is the last character that any paper can show (the square for the others).
const lastFonted = '□'

// fonts are the styles and their files.
var fonts = []struct{ style, file string }{{"", "LiberationSans-Regular.ttf"}, {"B", "LiberationSans-Bold.ttf"}}

func addFonts(pdf *gofpdf.Fpdf) error {
	for _, f := range fonts {
		b, err := fontFiles.ReadFile("fonts/" + f.file)
		if err != nil {
			return err
		}
		pdf.AddUTF8FontFromBytes("sans", f.style, b)
	}
	return pdf.Error()
}

// width of a text on one line, in mm.
func (s *sheet) width(style string, points float64, t string) float64 {
	units, ruler := 0, s.rulers[style]
	for _, r := range t {
		units += ruler[r]
	}
	return float64(units) * points * mmPerPoint / 1000
}

// fits is how many bytes of a text fit in a width, whole characters, at least one.
func (s *sheet) fits(style string, points, width float64, t string) int {
	most, units, ruler := width*1000/(points*mmPerPoint), 0, s.rulers[style]
	for i, r := range t {
		units += ruler[r]
		if i > 0 && float64(units) > most {
			return i
		}
	}
	return len(t)
}
