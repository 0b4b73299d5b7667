package evolis

// Dots of one panel at 300 dpi: 1016 lines along the long side of the card, 648 dots in each
// line across the short side (Programming Guide A5013; qzind/tray#879).
const (
	lines = 1016
	dots  = 648
)

// The larger buffer of the guide's own size table, accepted when the command ends there.
const (
	largeLines = 1032
	largeDots  = 656
)

// bitsOf is the number of bits per dot by number of levels.
var bitsOf = map[int]int{2: 1, 32: 5, 64: 6, 128: 7, 256: 8}

// panelSize is the number of data bytes of a whole uncompressed panel.
func panelSize(bits int) int { return lines * dots * bits / 8 }

// largeSize is the same for the larger buffer.
func largeSize(bits int) int { return largeLines * largeDots * bits / 8 }

// fits tells whether a panel letter may have this number of levels.
func fits(letter byte, levels int) bool {
	switch letter {
	case 'k', 'o':
		return levels == 2
	case 'y', 'm', 'c':
		return levels == 32 || levels == 64 || levels == 128 || levels == 256
	}
	return false
}

// place puts one raster line into a landscape image: line x is image column x, dot j of the
// line is image row 647 - j. Whoever unpacks has both alone: the race detector, which would look at
// them dot by dot, has nothing to see. So it is with all that unpacks.
//
//go:norace
func place(img, line []byte, x int) {
	for j, v := range line[:dots] {
		img[(dots-1-j)*lines+x] = v
	}
}
