package magicard

import (
	"bytes"
	"fmt"
)

// area is a part of the card in dots from its lower left corner, both ends included, as header
// words have it: left, bottom, right, top.
type area [4]int

func (a area) String() string { return fmt.Sprintf("%d,%d,%d,%d", a[0], a[1], a[2], a[3]) }

// whole is every dot of the card.
var whole = area{0, 0, Columns - 1, Rows - 1}

// overcoat is what a printer can lay: one area, less one hole. The sources speak of two of each,
// but do not tell how the second is written.
type overcoat struct {
	area, hole area
	holed      bool
}

// overcoatOf finds the area and the hole of an overlay panel. A panel without a dot has none: laid
// is false. ok is false where the panel is anything else than one rectangle less another.
func overcoatOf(dots []byte) (o overcoat, laid, ok bool) {
	ones, found := bounds(dots, 1, [4]int{0, 0, Columns, Rows})
	if !found {
		return o, false, true
	}
	o.area = fromTop(ones)
	zeros, found := bounds(dots, 0, ones)
	if !found {
		return o, true, true
	}
	for y := zeros[1]; y < zeros[3]; y++ {
		if row := dots[y*Columns+zeros[0] : y*Columns+zeros[2]]; bytes.Count(row, []byte{0}) < len(row) {
			return o, true, false
		}
	}
	o.hole, o.holed = fromTop(zeros), true
	return o, true, true
}

// bounds is the smallest rectangle around the dots of a value within another one, in columns and
// rows from the top left: left, top, right, bottom, the last two excluded.
func bounds(dots []byte, value byte, in [4]int) (out [4]int, found bool) {
	for y := in[1]; y < in[3]; y++ {
		row := dots[y*Columns+in[0] : y*Columns+in[2]]
		first := bytes.IndexByte(row, value)
		if first < 0 {
			continue
		}
		left, right := in[0]+first, in[0]+bytes.LastIndexByte(row, value)+1
		if !found {
			out, found = [4]int{left, y, right, y + 1}, true
		}
		out[0], out[2], out[3] = min(out[0], left), max(out[2], right), y+1
	}
	return out, found
}

func fromTop(r [4]int) area { return area{r[0], Rows - r[3], r[2] - 1, Rows - 1 - r[1]} }
