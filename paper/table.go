package paper

// column of a table, width in mm. The widths of a table make up textWidth.
type column struct {
	title string
	width float64
	right bool // numbers
}

// row of a table. Its ink is black unless it says otherwise.
type row struct {
	cells  []string
	strong bool  // a total
	ink    shade // zero: black
}

// nikWidth holds a masked NIK on one line, in mm.
const nikWidth = 27.0

const (
	cellSize  = 8.5 // points
	cellPitch = 3.7 // mm from line to line
	cellPad   = 1.6 // above and below the lines of a row
	headSize  = 8.0
	headPitch = 3.5
)

// table draws rows as high as their longest cell; its head stands again on every page. A row that
// is higher than a page goes on over the next. none stands where there are no rows.
func (s *sheet) table(columns []column, rows []row, none string) {
	titles := make([][]string, len(columns))
	tall := 1
	for i, c := range columns {
		titles[i] = s.wrap("B", headSize, c.width-2.5, c.title)
		tall = max(tall, len(titles[i]))
	}
	headHeight := float64(tall)*headPitch + 2*cellPad
	heading := func() {
		s.fill(margin, s.y, textWidth, headHeight, tintHead)
		x := margin
		for i, c := range columns {
			for n, l := range titles[i] {
				s.cell(c, x, s.y+cellPad+float64(n)*headPitch+2.7, "B", headSize, inkAccent, l)
			}
			x += c.width
		}
		s.y += headHeight
	}
	s.room(headHeight + 2*(cellPitch+2*cellPad))
	heading()
	if len(rows) == 0 {
		s.text(margin+1.5, s.y+5.2, "", cellSize, inkGray, none)
		s.y += 8
		s.rule(margin, s.y, textWidth, 0.1, lineGray)
	}
	for i, r := range rows {
		s.row(columns, r, i%2 == 1, heading)
	}
	s.y += 4
}

func (s *sheet) row(columns []column, r row, tinted bool, heading func()) {
	style := ""
	if r.strong {
		style = "B"
	}
	lines, left := make([][]string, len(columns)), 1
	for i, c := range columns {
		lines[i] = s.wrap(style, cellSize, c.width-2.5, r.cells[i])
		left = max(left, len(lines[i]))
	}
	height := func(n int) float64 { return float64(n)*cellPitch + 2*cellPad }
	from := 0
	for left > 0 {
		n := left
		if s.y+height(n) > lowest {
			// A row of a few lines stays together.
			if fit := int((lowest - s.y - 2*cellPad) / cellPitch); left > 12 && fit > 3 {
				n = min(n, fit)
			} else {
				s.page()
				heading()
				n = min(n, int((lowest-s.y-2*cellPad)/cellPitch))
			}
		}
		switch {
		case r.strong:
			s.fill(margin, s.y, textWidth, height(n), tintHead)
		case tinted:
			s.fill(margin, s.y, textWidth, height(n), tintRow)
			s.rule(margin, s.y, textWidth, 0.1, lineGray)
		}
		ink := r.ink
		if ink == (shade{}) {
			ink = inkBlack
		}
		x := margin
		for i, c := range columns {
			for k := from; k < min(from+n, len(lines[i])); k++ {
				s.cell(c, x, s.y+cellPad+float64(k-from)*cellPitch+2.75, style, cellSize, ink, lines[i][k])
			}
			x += c.width
		}
		s.y += height(n)
		s.rule(margin, s.y, textWidth, 0.1, lineGray)
		from, left = from+n, left-n
	}
}

func (s *sheet) cell(c column, x, baseline float64, style string, points float64, ink shade, t string) {
	if c.right {
		s.right(x+c.width-1.5, baseline, style, points, ink, t)
		return
	}
	s.text(x+1.5, baseline, style, points, ink, t)
}
