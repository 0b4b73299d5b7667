package paper

import (
	"fmt"
	"strings"
)

const (
	proseSize  = 9.5
	prosePitch = 4.8
)

// section is a heading within a paper; it stays with what follows.
func (s *sheet) section(title string) {
	s.room(18)
	s.text(margin, s.y+3.6, "B", 10.5, inkAccent, title)
	s.y += 6.6
}

// prose is running text; each line of t begins a paragraph.
func (s *sheet) prose(style string, c shade, t string) {
	for _, paragraph := range strings.Split(t, "\n") {
		for _, l := range s.wrap(style, proseSize, textWidth, paragraph) {
			s.room(prosePitch)
			s.text(margin, s.y+3.5, style, proseSize, c, l)
			s.y += prosePitch
		}
	}
	s.y += 2
}

// numbered are steps or points of a list.
func (s *sheet) numbered(points []string) {
	for i, t := range points {
		lines := s.wrap("", proseSize, textWidth-8, t)
		s.room(float64(min(len(lines), 6)) * prosePitch)
		for n, l := range lines {
			s.room(prosePitch)
			if n == 0 {
				s.text(margin, s.y+3.5, "B", proseSize, inkBlack, fmt.Sprintf("%d.", i+1))
			}
			s.text(margin+8, s.y+3.5, "", proseSize, inkBlack, l)
			s.y += prosePitch
		}
	}
	s.y += 2
}

// note is small text at the end of a paper.
func (s *sheet) note(t string) {
	const size, pitch = 8.0, 4.0
	lines := s.wrap("", size, textWidth, t)
	s.room(float64(len(lines)) * pitch)
	for _, l := range lines {
		s.text(margin, s.y+3, "", size, inkGray, l)
		s.y += pitch
	}
	s.y += 2
}

// verdict is one sentence in a frame with its sign, which is told by shape and word.
func (s *sheet) verdict(m Mark, t string) {
	const size, inset = 12.0, 5.0
	lines := s.wrap("B", size, textWidth-verdictLead-inset, t)
	height := float64(len(lines))*5.6 + 7
	s.room(height + 5)
	s.fill(margin, s.y, textWidth, height, tintRow)
	s.frame(margin, s.y, textWidth, height, 0.4, inkAccent)
	s.mark(m, margin+inset, s.y+height/2-1.8)
	for i, l := range lines {
		s.text(margin+verdictLead, s.y+7.4+float64(i)*5.6, "B", size, inkBlack, l)
	}
	s.y += height + 5
}

// box is a square to tick, ticked or not.
func (s *sheet) box(x, y float64, ticked bool) {
	const side = 3.4
	s.frame(x, y, side, side, 0.25, inkGray)
	if ticked {
		s.pdf.SetDrawColor(inkBlack.r, inkBlack.g, inkBlack.b)
		s.pdf.SetLineWidth(0.5)
		s.pdf.Line(x+0.6, y+1.8, x+1.4, y+2.7)
		s.pdf.Line(x+1.4, y+2.7, x+2.9, y+0.6)
	}
}

// unprintable stands for a character of a citizen's own words that the fonts lack.
const unprintable = "□"

// written are the words of a citizen as they can be printed: every line a paragraph, other
// controls as spaces, what the fonts lack as a square. A complaint is never refused for a sign.
func written(t string) string {
	t = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(t)
	var b strings.Builder
	for _, r := range t {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case r < ' ' || r == 0x7F:
			b.WriteByte(' ')
		case fonted(r):
			b.WriteRune(r)
		default:
			b.WriteString(unprintable)
		}
	}
	return b.String()
}

// oneLine is a text with its paragraphs joined.
func oneLine(t string) string { return strings.ReplaceAll(t, "\n", " ") }
