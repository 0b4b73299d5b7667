package paper

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jung-kurt/gofpdf"
)

// Liberation Sans (SIL OFL 1.1, fonts/LICENSE-Liberation.txt), unmodified. A PDF carries only
// the characters it uses.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// A4 upright in mm (ISO 216), with the margins of all papers.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 15.0
	footer     = 12.0 // height kept free above the lower margin
	textWidth  = pageWidth - 2*margin
	lowest     = pageHeight - margin - footer
)

// mmPerPoint: one point is 1/72 inch.
const mmPerPoint = 25.4 / 72

// Office is the head of a paper.
type Office struct {
	Government string // PEMERINTAH KABUPATEN SINTANG
	Name       string // DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL
	Address    string // one line
}

type shade struct{ r, g, b int }

var (
	inkBlack  = shade{20, 20, 20}
	inkGray   = shade{105, 110, 118}
	inkAccent = shade{22, 66, 118}
	inkRed    = shade{192, 24, 40}
	tintHead  = shade{228, 236, 245}
	tintRow   = shade{246, 248, 251}
	lineGray  = shade{170, 178, 188}
)

// sheet is one document in the making. y is the upper edge of what comes next, in mm.
type sheet struct {
	pdf   *gofpdf.Fpdf
	y     float64
	pages int // in all; 0 while they are being counted
	head  func(*sheet)

	rulers map[string]map[rune]int // widths of characters, by style
	failed error                   // what a part could not draw
}

// document draws a paper twice: first to count its pages, then with their number in each
// footer. draw does the content; foot is the left part of the footer; head begins each page.
func document(title string, made time.Time, foot string, head, draw func(*sheet)) (out []byte, err error) {
	const op = "paper.document"
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, renderFailed.At(op, fmt.Errorf("gofpdf: %v", r))
		}
	}()
	pages := 0
	for range 2 {
		s, err := newSheet(title, made)
		if err != nil {
			return nil, renderFailed.At(op, err)
		}
		s.pages, s.head = pages, head
		s.pdf.SetFooterFunc(func() { s.footer(foot) })
		s.page()
		draw(s)
		if s.failed != nil {
			return nil, renderFailed.At(op, s.failed)
		}
		pages = s.pdf.PageCount()
		if s.pages == 0 {
			continue
		}
		var b bytes.Buffer
		if err := s.pdf.Output(&b); err != nil {
			return nil, renderFailed.At(op, err)
		}
		out = b.Bytes()
	}
	return out, nil
}

func newSheet(title string, made time.Time) (*sheet, error) {
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetTitle(title, true)
	pdf.SetCreator("Blanko", true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetCellMargin(0)
	if err := addFonts(pdf); err != nil {
		return nil, err
	}
	widths, err := rulers()
	return &sheet{pdf: pdf, rulers: widths}, err
}

// page begins a new page.
func (s *sheet) page() {
	s.pdf.AddPage()
	s.y = margin
	if s.head != nil {
		s.head(s)
	}
}

// room begins a new page unless height mm are left on this one; it reports whether it did.
func (s *sheet) room(height float64) bool {
	if s.y+height <= lowest {
		return false
	}
	s.page()
	return true
}

func (s *sheet) footer(left string) {
	y := pageHeight - margin - 6
	s.rule(margin, y, textWidth, 0.2, lineGray)
	s.text(margin, y+4.5, "", 7.5, inkGray, left)
	s.right(pageWidth-margin, y+4.5, "", 7.5, inkGray, fmt.Sprintf("Halaman %d dari %d", s.pdf.PageNo(), s.pages))
}

// letterhead of the office, on the first page.
func (s *sheet) letterhead(o Office) {
	s.text(margin, s.y+3.6, "B", 9, inkGray, o.Government)
	s.text(margin, s.y+9.2, "B", 12.5, inkAccent, o.Name)
	s.text(margin, s.y+13.8, "", 8, inkGray, o.Address)
	s.rule(margin, s.y+16.6, textWidth, 0.6, inkAccent)
	s.y += 22
}

// text with its left end at x and its baseline at y.
func (s *sheet) text(x, y float64, style string, points float64, c shade, t string) {
	s.pdf.SetFont("sans", style, points)
	s.pdf.SetTextColor(c.r, c.g, c.b)
	s.pdf.Text(x, y, t)
}

func (s *sheet) right(x, y float64, style string, points float64, c shade, t string) {
	s.text(x-s.width(style, points, t), y, style, points, c, t)
}

func (s *sheet) center(x, y float64, style string, points float64, c shade, t string) {
	s.text(x-s.width(style, points, t)/2, y, style, points, c, t)
}

// wrap breaks a text at spaces for a width; a word that is wider is broken behind a dash or slash,
// or else where it must be.
func (s *sheet) wrap(style string, points, width float64, t string) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(t) {
		for s.width(style, points, word) > width && utf8.RuneCountInString(word) > 1 {
			n := s.fits(style, points, width, word)
			if sign := strings.LastIndexAny(word[:n], "-/"); sign > 0 && n < len(word) {
				n = sign + 1
			}
			if current != "" {
				lines, current = append(lines, current), ""
			}
			lines, word = append(lines, word[:n]), word[n:]
		}
		switch {
		case current == "":
			current = word
		case s.width(style, points, current+" "+word) <= width:
			current += " " + word
		default:
			lines, current = append(lines, current), word
		}
	}
	if current != "" {
		lines = append(lines, current)
	}
	return lines
}

// fitted sets a text in a cell of one row: on one line, down to oneLine points, else on as many
// lines as the row holds. Its middle is the middle of the row.
func (s *sheet) fitted(x, y, width, height float64, style string, points float64, c shade, t string) {
	const step, oneLine, smallest = 0.5, 7.5, 5.5
	size, lines := points, []string{t}
	for size > oneLine && s.width(style, size, t) > width {
		size -= step
	}
	pitch := func() float64 { return size * mmPerPoint * 1.15 }
	if s.width(style, size, t) > width {
		for lines = s.wrap(style, size, width, t); size > smallest && float64(len(lines))*pitch() > height; {
			size -= step
			lines = s.wrap(style, size, width, t)
		}
	}
	// Capitals are 0.69 em high; the block of lines is centered by them.
	first := y + height/2 - float64(len(lines)-1)*pitch()/2 + 0.69*size*mmPerPoint/2
	for i, l := range lines {
		s.text(x, first+float64(i)*pitch(), style, size, c, l)
	}
}

func (s *sheet) rule(x, y, width, thick float64, c shade) {
	s.pdf.SetDrawColor(c.r, c.g, c.b)
	s.pdf.SetLineWidth(thick)
	s.pdf.Line(x, y, x+width, y)
}

func (s *sheet) fill(x, y, width, height float64, c shade) {
	s.pdf.SetFillColor(c.r, c.g, c.b)
	s.pdf.Rect(x, y, width, height, "F")
}

func (s *sheet) frame(x, y, width, height, thick float64, c shade) {
	s.pdf.SetDrawColor(c.r, c.g, c.b)
	s.pdf.SetLineWidth(thick)
	s.pdf.Rect(x, y, width, height, "D")
}

// picture is encoded once, before the passes.
type picture struct {
	name string
	png  []byte
	wide float64 // width of the file over that of the picture
}

// album encodes the pictures of one document. gofpdf orders them by width alone, and pictures
// of one width by chance; so that equal papers have equal bytes, each file gets a width of its
// own: white columns at its right edge, which are clipped away.
type album struct{ widths map[int]bool }

func (a *album) encode(m image.Image) (picture, error) {
	size := m.Bounds().Size()
	width := size.X
	for a.widths[width] {
		width++
	}
	if a.widths == nil {
		a.widths = map[int]bool{}
	}
	a.widths[width] = true
	flat := image.NewNRGBA(image.Rect(0, 0, width, size.Y))
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, image.Rectangle{Max: size}, m, m.Bounds().Min, draw.Over)
	var b bytes.Buffer
	err := png.Encode(&b, flat)
	return picture{fmt.Sprintf("picture-%d", len(a.widths)), b.Bytes(), float64(width) / float64(size.X)}, err
}

func (s *sheet) picture(p picture, x, y, width, height float64) {
	if s.pages == 0 {
		return // counting pages
	}
	o := gofpdf.ImageOptions{ImageType: "PNG"}
	s.pdf.RegisterImageOptionsReader(p.name, o, bytes.NewReader(p.png))
	s.pdf.ClipRect(x, y, width, height, false)
	s.pdf.ImageOptions(p.name, x, y, width*p.wide, height, false, o, 0, "")
	s.pdf.ClipEnd()
}
