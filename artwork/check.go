package artwork

import (
	"fmt"
	"math"
	"strings"
)

// check proves that a template can be drawn: everything on the card, fonts and values known,
// static text in the fonts and in its place.
func (s *spec) check(p *pen) error {
	switch {
	case s.Name == "":
		return fmt.Errorf("name: is empty")
	case s.Version < 1:
		return fmt.Errorf("version: starts at 1")
	case s.Card.Width != cardWidth || s.Card.Height != cardHeight:
		return fmt.Errorf("card: ID-1 is %.2f x %.2f mm", cardWidth, cardHeight)
	case s.Language != "id" && s.Language != "en":
		return fmt.Errorf("language: is id or en")
	case s.PrintBack && s.Back.empty():
		return fmt.Errorf("back: is empty, but print_back is set")
	case s.Front.empty():
		return fmt.Errorf("front: is empty")
	}
	if err := s.Specimen.check(p); err != nil {
		return fmt.Errorf("specimen: %w", err)
	}
	if err := s.Front.check(p); err != nil {
		return fmt.Errorf("front: %w", err)
	}
	if err := s.Back.check(p); err != nil {
		return fmt.Errorf("back: %w", err)
	}
	return nil
}

func (s sheet) empty() bool {
	return s.Portrait == nil && s.Signature == nil && len(s.Lines) == 0 && len(s.Columns) == 0
}

func (s stamp) check(p *pen) error {
	if err := checkType(p, s.Font, s.Size, s.Text); err != nil {
		return err
	}
	if s.Text == "" {
		return fmt.Errorf("text: is empty")
	}
	if !within(s.Angle, -90, 90) || !within(s.Opacity, 1, 100) {
		return fmt.Errorf("angle or opacity: out of range")
	}
	return onCard("middle", s.X, s.Y)
}

func (s sheet) check(p *pen) error {
	for name, b := range map[string]*box{"portrait": s.Portrait, "signature": s.Signature} {
		if b == nil {
			continue
		}
		if !within(b.Width, 1, cardWidth) || !within(b.Height, 1, cardHeight) {
			return fmt.Errorf("%s: at least 1 mm wide and high", name)
		}
		if err := onCard(name, b.X, b.Y); err != nil {
			return err
		}
		if err := onCard(name, b.X+b.Width, b.Y+b.Height); err != nil {
			return err
		}
	}
	for i, l := range s.Lines {
		if err := l.check(p); err != nil {
			return fmt.Errorf("line %d (%s): %w", i+1, l.Field, err)
		}
	}
	for i, c := range s.Columns {
		if err := c.check(p); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func (l line) check(p *pen) error {
	literal, err := checkText(l.Field, l.Text)
	if err != nil {
		return err
	}
	if err := checkType(p, l.Font, l.Size, literal); err != nil {
		return err
	}
	if l.Min != 0 && !within(l.Min, 1, l.Size) {
		return fmt.Errorf("min: from 1 to the size")
	}
	return checkSpan(l.Align, l.X, l.Width, l.Baseline)
}

func (c column) check(p *pen) error {
	if err := onCard("first", 0, c.First); err != nil {
		return err
	}
	if err := onCard("last", 0, c.Last); err != nil {
		return err
	}
	if c.Last < c.First || !within(c.Pitch, 0.5, cardHeight) || !within(c.MinPitch, 0.5, c.Pitch) {
		return fmt.Errorf("first, last, pitch or min_pitch: out of range")
	}
	if err := checkType(p, c.Value.Font, c.Value.Size, ""); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	if err := checkSpan(c.Value.Align, c.Value.X, c.Value.Width, c.First); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	if len(c.Rows) == 0 {
		return fmt.Errorf("rows: are empty")
	}
	for _, r := range c.Rows {
		if err := c.checkRow(p, r); err != nil {
			return fmt.Errorf("row %s: %w", r.Field, err)
		}
	}
	return nil
}

func (c column) checkRow(p *pen, r row) error {
	literal, err := checkText(r.Field, r.Text)
	if err != nil {
		return err
	}
	if err := checkType(p, c.Value.Font, c.Value.Size, literal+r.Empty); err != nil {
		return err
	}
	if r.Width != 0 && !within(r.Width, 1, c.Value.Width) {
		return fmt.Errorf("width: wider than the column")
	}
	steps := c.steps(r)
	if len(steps) == 0 {
		return fmt.Errorf("fit: neither the row nor the column has one")
	}
	for _, s := range steps {
		if s.Lines < 1 || s.Lines > 4 || !within(s.Min, 1, c.Value.Size) {
			return fmt.Errorf("fit: 1 to 4 lines, min from 1 to the size")
		}
	}
	if r.Label != "" {
		x := c.Label.X
		if r.Indent {
			x += c.Label.Indent
		}
		if err := c.checkLabel(p, r.Label, x, c.Label.Colon, c.Value.X); err != nil {
			return err
		}
	}
	if b := r.Beside; b != nil {
		literal, err := checkText(b.Field, b.Text)
		if err != nil {
			return fmt.Errorf("beside: %w", err)
		}
		if err := checkType(p, c.Value.Font, c.Value.Size, literal+b.Empty); err != nil {
			return fmt.Errorf("beside: %w", err)
		}
		if !within(b.Min, 1, c.Value.Size) {
			return fmt.Errorf("beside: min: from 1 to the size")
		}
		if err := c.checkLabel(p, b.Label, b.X, b.Colon, b.Value); err != nil {
			return fmt.Errorf("beside: %w", err)
		}
		if err := checkSpan("left", b.Value, b.Width, c.First); err != nil {
			return fmt.Errorf("beside: %w", err)
		}
		if r.Width == 0 || c.Value.X+r.Width > b.X {
			return fmt.Errorf("beside: lies on the value before it; give the row a width")
		}
	}
	return nil
}

// checkLabel proves that label, colon and value stand side by side.
func (c column) checkLabel(p *pen, text string, x, colon, value float64) error {
	if err := checkType(p, c.Label.Font, c.Label.Size, text+":"); err != nil {
		return fmt.Errorf("label: %w", err)
	}
	if err := onCard("label", x, c.First); err != nil {
		return err
	}
	if x+p.width(c.Label.Font, text, c.Label.Size) > colon {
		return fmt.Errorf("label: reaches beyond its colon")
	}
	if colon+p.width(c.Label.Font, ":", c.Label.Size) > value {
		return fmt.Errorf("colon: reaches into the value")
	}
	return nil
}

// checkText proves field and placeholders and gives the literal characters of a text.
func checkText(field, text string) (string, error) {
	if field == "" {
		return "", fmt.Errorf("field: is empty")
	}
	list, err := parts(text)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", fmt.Errorf("text: is empty")
	}
	var literal strings.Builder
	for _, p := range list {
		literal.WriteString(p.literal)
	}
	return literal.String(), nil
}

func checkType(p *pen, font string, size float64, text string) error {
	if p.fonts[font] == nil {
		return fmt.Errorf("font: %q is not among the fonts", font)
	}
	if !within(size, 1, maxPoints) {
		return fmt.Errorf("size: from 1 to %d points", maxPoints)
	}
	if r, lacks := p.lacks(font, text); lacks {
		return fmt.Errorf("the font %q has no U+%04X", font, r)
	}
	return nil
}

// checkSpan proves that a line of text stays on the card from end to end.
func checkSpan(align string, x, width, baseline float64) error {
	left := x
	switch align {
	case "left":
	case "center":
		left = x - width/2
	case "right":
		left = x - width
	default:
		return fmt.Errorf("align: is left, center or right")
	}
	if !within(width, 1, cardWidth) {
		return fmt.Errorf("width: out of range")
	}
	if err := onCard("left end", left, baseline); err != nil {
		return err
	}
	return onCard("right end", left+width, baseline)
}

func onCard(what string, x, y float64) error {
	if !within(x, 0, cardWidth) || !within(y, 0, cardHeight) {
		return fmt.Errorf("%s: not on the card", what)
	}
	return nil
}

// within is false for NaN too.
func within(v, low, high float64) bool { return v >= low && v <= high && !math.IsNaN(v) }
