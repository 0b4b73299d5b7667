package paper

import "fmt"

// Officer is who did something for the office.
type Officer struct {
	Name string
	NIP  string // number of a civil servant; empty: none, or not told
}

func (o Officer) check(field string, needed bool) error {
	return first(printable(field+".name", o.Name, needed), printable(field+".nip", o.NIP, false))
}

// signer is a field for a signature.
type signer struct {
	role   string // Petugas Pelayanan
	name   string // empty: written by hand
	number string // NIP; empty: written by hand
	plain  bool   // a citizen: no NIP
}

func signs(role string, o Officer) signer { return signer{role: role, name: o.Name, number: o.NIP} }

const (
	signSpace = 19.0 // to the line that is signed on
	signBox   = 33.0 // with a name of one line
	signGap   = 6.0
	signLine  = 3.4
	signSize  = 8.5
	signDate  = "Tanggal dan jam"
)

// signatures are fields to sign, at most three in a row, never torn by a page. text stands above.
func (s *sheet) signatures(text string, list ...signer) {
	const across = 3
	wide := min(max(len(list), 2), across)
	width := (textWidth - float64(wide-1)*signGap) / float64(wide)
	above := s.wrap("", 8.5, textWidth, text)
	s.y += 2
	for i := 0; i < len(list); i += across {
		line := list[i:min(i+across, len(list))]
		names, tall := make([][]string, len(line)), 1
		for k, p := range line {
			names[k] = s.wrap("", signSize, width-17, p.name)
			tall = max(tall, len(names[k]))
		}
		height := signBox + float64(tall-1)*signLine
		lead := 0.0
		if len(above) > 0 {
			lead = float64(len(above))*4 + 2
		}
		s.room(lead + height)
		for _, l := range above {
			s.text(margin, s.y+3.4, "", 8.5, inkBlack, l)
			s.y += 4
		}
		if len(above) > 0 {
			s.y, above = s.y+2, nil
		}
		for k, p := range line {
			s.sign(p, names[k], margin+float64(k)*(width+signGap), width, height)
		}
		s.y += height + 5
	}
}

// sign is one field.
func (s *sheet) sign(p signer, name []string, x, width, height float64) {
	s.frame(x, s.y, width, height, 0.2, lineGray)
	s.fitted(x+3, s.y+1.6, width-6, 4.8, "B", signSize, inkAccent, p.role)
	s.rule(x+3, s.y+signSpace, width-6, 0.2, inkGray)
	y := s.y + signSpace + 3.6
	s.text(x+3, y, "", 7, inkGray, "Nama")
	for i, l := range name {
		s.text(x+14, y+float64(i)*signLine, "", signSize, inkBlack, l)
	}
	y += height - signBox + 4.2
	if !p.plain {
		s.text(x+3, y, "", 7, inkGray, "NIP")
		s.fitted(x+14, y-3.2, width-17, 4.6, "", 8, inkBlack, p.number)
	}
	s.text(x+3, y+4.2, "", 7, inkGray, signDate)
}

// different refuses one person in two places where two persons are needed.
func different(field string, a, b Officer) error {
	if a.Name == b.Name {
		return contentInvalid.At("paper.different", fmt.Errorf("one person twice")).With(field, "the same person as the first")
	}
	return nil
}
