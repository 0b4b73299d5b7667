package finger

// Angles are uint16, the full circle is 65,536, with natural wrap. Directions and rotations are
// computed with CORDIC in integers (J. Volder, "The CORDIC trigonometric computing technique",
// 1959), so that a score is the same on every platform.

// arctan holds atan(2^-i) in units of 65,536 a circle.
var arctan = [...]int32{8192, 4836, 2555, 1297, 651, 326, 163, 81, 41, 20, 10, 5, 3, 1}

const (
	quarter  = 1 << 14
	gainNum  = 39797 // 1 / 1.64676 in 65,536ths: the growth of a vector over all steps
	fraction = 6     // bits below a pixel while turning
)

// negatedIf is -v where all bits of mask are set, v where none is. A branch would cost more: its direction is
// random, and the processor guesses it wrong half of the time.
func negatedIf(mask, v int32) int32 { return (v ^ mask) - mask }

// polar is the length in pixels and the direction of a vector.
func polar(x, y int32) (length int32, angle uint16) {
	if x == 0 && y == 0 {
		return 0, 0
	}
	x, y = x<<fraction, y<<fraction
	var turned int32
	if x < 0 { // into the right half plane by a half turn
		x, y, turned = -x, -y, 2*quarter
	}
	for i, a := range arctan {
		back := (y - 1) >> 31 // all bits where y is not above the axis
		x, y, turned = x+negatedIf(back, y>>i), y-negatedIf(back, x>>i), turned+negatedIf(back, a)
	}
	return int32(int64(x) * gainNum >> (16 + fraction)), uint16(turned)
}

// turn rotates a vector of pixels counter-clockwise by angle.
func turn(x, y int32, angle uint16) (int32, int32) {
	x, y = x<<fraction, y<<fraction
	left := int32(int16(angle)) // -half to half a circle
	if left > quarter || left < -quarter {
		x, y = -x, -y
		left = int32(int16(angle + 2*quarter))
	}
	for i, a := range arctan {
		back := left >> 31
		x, y, left = x-negatedIf(back, y>>i), y+negatedIf(back, x>>i), left-negatedIf(back, a)
	}
	shrink := func(v int32) int32 {
		const half = 1 << (15 + fraction)
		return int32((int64(v)*gainNum + half) >> (16 + fraction))
	}
	return shrink(x), shrink(y)
}

// apart is the distance of two angles, 0 to half a circle.
func apart(a, b uint16) int32 {
	d := int32(int16(a - b))
	if d < 0 {
		return -d
	}
	return d
}
