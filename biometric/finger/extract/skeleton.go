package extract

// skeleton is a picture of lines one pixel wide, with the code of the eight neighbors of every pixel:
// bit 0 is north, then clockwise.
type skeleton struct {
	stride int
	on     []bool
	code   []uint8
	list   []int32
	gone   []int32
	step   [8]int
}

// meaning is what a code says of its pixel.
type meaning struct {
	thinsA, thinsB [256]bool  // it may go, in the first and the second half of a round
	branches       [256]uint8 // how many lines leave it
}

// codes are read off by the rules of thinning of Z. Guo and R. Hall, "Parallel thinning with
// two-subiteration algorithms", CACM 1989, algorithm A1.
var codes = func() (m meaning) {
	for c := range 256 {
		p := func(n int) int { return c >> (n & 7) & 1 } // 0 N, 1 NE, 2 E, 3 SE, 4 S, 5 SW, 6 W, 7 NW
		connected, n1, n2 := 0, 0, 0
		for k := 0; k < 8; k += 2 {
			connected += (1 - p(k)) & (p(k+1) | p(k+2))
			n1 += p(k+7) | p(k)
			n2 += p(k) | p(k+1)
		}
		if n := min(n1, n2); connected == 1 && n >= 2 && n <= 3 {
			m.thinsA[c] = (p(4)|p(5)|(1-p(7)))&p(6) == 0
			m.thinsB[c] = (p(0)|p(1)|(1-p(3)))&p(2) == 0
		}
		for k := range 8 {
			if p(k) == 0 && p(k+1) == 1 {
				m.branches[c]++
			}
		}
	}
	return m
}()

// around says what code a pixel has by the nine bits of itself and its neighbors: columns from west to east, three
// bits each, the east and the north the lowest.
var around = func() (list [1 << 9]uint8) {
	for bits := range list {
		for k, from := range [8]int{3, 0, 1, 2, 5, 8, 7, 6} { // N, NE, E, SE, S, SW, W, NW
			list[bits] |= uint8(bits>>from&1) << k
		}
	}
	return list
}()

// take makes the skeleton of the pixels of the finger for which v is negative (ridges), or positive. No such
// pixel lies on the border of the plane.
func (s *skeleton) take(p *plane, ridges bool) {
	n := len(p.v)
	s.stride = p.stride
	s.step = [8]int{-p.stride, 1 - p.stride, 1, 1 + p.stride, p.stride, p.stride - 1, -1, -p.stride - 1}
	if cap(s.on) < n {
		s.on, s.code = make([]bool, n), make([]uint8, n)
	}
	s.on, s.code = s.on[:n], s.code[:n]
	clear(s.on)
	clear(s.code)
	s.list = s.list[:0]
	sign := int16(1)
	if !ridges {
		sign = -1
	}
	negative := func(v int16) uint { return uint(uint16(v*sign) >> 15) }
	middle := p.v[p.stride : n-p.stride]
	north, south := p.v[:len(middle)], p.v[2*p.stride:][:len(middle)]
	window := uint(0)
	for i, v := range middle[1:] {
		window = window<<3&0o777 | negative(north[i+1]) | negative(v)<<1 | negative(south[i+1])<<2
		at := p.stride + i // the column before
		s.code[at] = around[window]
		if window&0o020 != 0 {
			s.on[at] = true
			s.list = append(s.list, int32(at))
		}
	}
	for {
		if s.thin(&codes.thinsA)+s.thin(&codes.thinsB) == 0 {
			return
		}
	}
}

// thin takes away what the rule lets go, all at once, and counts it.
func (s *skeleton) thin(rule *[256]bool) int {
	s.gone = s.gone[:0]
	left := s.list[:0]
	for _, i := range s.list {
		if rule[s.code[i]] {
			s.gone = append(s.gone, i)
		} else {
			left = append(left, i)
		}
	}
	s.list = left
	for _, i := range s.gone {
		s.erase(int(i))
	}
	return len(s.gone)
}

func (s *skeleton) erase(i int) {
	s.on[i] = false
	for k, d := range s.step {
		s.code[i+d] &^= 1 << ((k + 4) & 7)
	}
}

// prune takes away lines that are shorter than most pixels from an end to a fork, or from end to end.
func (s *skeleton) prune(most int) {
	for _, i := range s.list {
		if s.on[i] && s.code[i] != 0 && codes.branches[s.code[i]] == 1 {
			path, end := s.walk(int(i), -1, most)
			if len(path) < most && end != open {
				if end == atFork {
					path = path[:len(path)-1]
				}
				for _, p := range path {
					s.erase(int(p))
				}
			}
		}
	}
	left := s.list[:0]
	for _, i := range s.list {
		if s.on[i] {
			left = append(left, i)
		}
	}
	s.list = left
}

// How a walk ended.
const (
	open = iota // after as many pixels as were asked for
	atFork
	atEnd
)

// walk follows a line from pixel i; first is the neighbor to go to, or -1 at an end of a line. The path
// holds i when first is -1.
func (s *skeleton) walk(i, first, most int) (path []int32, end int) {
	path = s.gone[:0]
	cur, came := i, -1
	if first >= 0 {
		cur, came = i+s.step[first], (first+4)&7
	}
	path = append(path, int32(cur))
	for len(path) < most {
		if codes.branches[s.code[cur]] >= 3 && len(path) > 1 {
			s.gone = path
			return path, atFork
		}
		next := s.next(cur, came)
		if next < 0 {
			s.gone = path
			return path, atEnd
		}
		cur, came = cur+s.step[next], (next+4)&7
		path = append(path, int32(cur))
	}
	s.gone = path
	return path, open
}

// next is the neighbor that goes on from where one came; straight on first, -1 at an end.
func (s *skeleton) next(cur, came int) int {
	c := s.code[cur]
	if came < 0 {
		for k := 0; k < 8; k += 2 {
			if c>>k&1 == 1 {
				return k
			}
		}
		for k := 1; k < 8; k += 2 {
			if c>>k&1 == 1 {
				return k
			}
		}
		return -1
	}
	for _, turn := range [5]int{4, 3, 5, 2, 6} {
		k := (came + turn) & 7
		if c>>k&1 == 1 {
			if k&1 == 1 { // a step aside on the way is nearer than the corner
				if a := (k + 1) & 7; turn != 4 && c>>a&1 == 1 && apart8(a, came) >= 2 {
					return a
				}
			}
			return k
		}
	}
	return -1
}

func apart8(a, b int) int {
	d := (a - b) & 7
	return min(d, 8-d)
}
