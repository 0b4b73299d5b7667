package printer

import "image"

// resample resamples a raster of n bytes per dot by area: every dot of the result is the
// average of the part of the source it covers, rounded to the nearest. Enlarging repeats
// dots. Whole numbers only, so that every machine gives the same bytes. A nil raster stays nil.
func resample(src []byte, n int, from, to image.Point) []byte {
	if src == nil {
		return nil
	}
	wide := make([]byte, to.X*from.Y*n)
	for x, span := range spans(from.X, to.X) {
		for y := range from.Y {
			average(wide[(y*to.X+x)*n:], src[(y*from.X+span.first)*n:], n, n, span)
		}
	}
	out := make([]byte, to.X*to.Y*n)
	for y, span := range spans(from.Y, to.Y) {
		for x := range to.X {
			average(out[(y*to.X+x)*n:], wide[(span.first*to.X+x)*n:], n, to.X*n, span)
		}
	}
	return out
}

// span is the part of a source line that one dot of the result covers.
type span struct {
	first   int
	weights []int // of the dots from first on; they sum to total
	total   int
}

// spans divides a line of from dots into to parts, in units of 1/to of a source dot.
func spans(from, to int) []span {
	out := make([]span, to)
	for i := range out {
		begin, end := i*from, (i+1)*from
		s := span{first: begin / to, total: from}
		for d := s.first; d*to < end; d++ {
			s.weights = append(s.weights, min(end, (d+1)*to)-max(begin, d*to))
		}
		out[i] = s
	}
	return out
}

func average(out, src []byte, n, stride int, s span) {
	for c := range n {
		sum := s.total / 2
		for i, w := range s.weights {
			sum += w * int(src[i*stride+c])
		}
		out[c] = byte(sum / s.total)
	}
}
