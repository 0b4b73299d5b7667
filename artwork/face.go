package artwork

import (
	"image"
	"math"

	"blanko/fault"
	"blanko/ktp"
)

// Face is one side of one card at one resolution, landscape, top row first.
type Face struct {
	Width, Height, DPI int
	Color              *image.NRGBA // portrait and colored design; white is no ink
	Black              *image.Gray  // text and line art: 255 is ink, 0 is none, nothing between
}

// Front draws the front at 300 or 600 dpi. Equal template, input and resolution give equal
// faces. Errors: artwork.text_does_not_fit, artwork.value_invalid (both with the field),
// artwork.portrait_missing, artwork.resolution_unsupported.
func (t *Template) Front(in Input, dpi int) (*Face, error) {
	return t.side(t.spec.Front, in, dpi)
}

// Back draws the back like Front; nil without an error when the back of the template is
// pre-printed.
func (t *Template) Back(in Input, dpi int) (*Face, error) {
	if !t.spec.PrintBack {
		return nil, nil
	}
	return t.side(t.spec.Back, in, dpi)
}

// side draws one sheet.
func (t *Template) side(s sheet, in Input, dpi int) (*Face, error) {
	const op = "artwork.Template.side"
	if dpi != 300 && dpi != 600 {
		return nil, resolutionUnsupported.At(op, nil).With("dpi", "%d", dpi)
	}
	if _, err := ktp.ParseNIK(in.Person.NIK.Digits()); err != nil {
		return nil, valueInvalid.At(op, err).With("nik", "not a number of 16 digits")
	}
	text, err := t.layout(s, in)
	if err != nil {
		return nil, err
	}
	f := &Face{Width: dot(cardWidth, dpi), Height: dot(cardHeight, dpi), DPI: dpi}
	f.Color = image.NewNRGBA(image.Rect(0, 0, f.Width, f.Height))
	whiten(f.Color.Pix)
	f.Black = image.NewGray(f.Color.Rect)

	if s.Portrait != nil {
		if in.Portrait == nil || in.Portrait.Bounds().Empty() {
			return nil, portraitMissing.At(op, nil)
		}
		placePortrait(f.Color, s.Portrait.dots(dpi), in.Portrait)
	}
	if in.Specimen {
		t.pen.stampAcross(f.Color, t.spec.Specimen, dpi)
	}
	if s.Signature != nil && in.Signature != nil {
		placeSignature(f.Black, s.Signature.dots(dpi), in.Signature)
	}
	for _, w := range text {
		t.pen.write(f.Black, w.font, w.text, w.size, dpi, w.x*float64(dpi)/mmPerInch, dot(w.baseline, dpi))
	}
	return f, nil
}

// whiten makes dots white and opaque.
func whiten(pix []byte) {
	const white = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	for n := copy(pix, white); n < len(pix); n *= 2 {
		copy(pix[n:], pix[:n])
	}
}

// dot is a length in mm as whole dots.
func dot(mm float64, dpi int) int { return int(math.Round(mm * float64(dpi) / mmPerInch)) }

func (b box) dots(dpi int) image.Rectangle {
	return image.Rect(dot(b.X, dpi), dot(b.Y, dpi), dot(b.X+b.Width, dpi), dot(b.Y+b.Height, dpi))
}

// written is one run of text at its place: left end and baseline in mm.
type written struct {
	font, text  string
	size        float64
	x, baseline float64
}

// layout places every text of a sheet, before anything is drawn.
func (t *Template) layout(s sheet, in Input) ([]written, error) {
	var out []written
	for _, l := range s.Lines {
		text, err := fill(l.Text, l.Field, "", in, t.spec.Language)
		if err != nil {
			return nil, err
		}
		if err := t.drawable(l.Font, text, l.Field); err != nil {
			return nil, err
		}
		got, ok := t.pen.fit(l.Font, text, l.Size, l.Width, []step{{Lines: 1, Min: l.smallest()}})
		if !ok {
			return nil, tooLong(l.Field)
		}
		out = append(out, t.aligned(l.Font, got.lines[0], got.size, l.Align, l.X, l.Baseline))
	}
	for _, c := range s.Columns {
		w, err := t.flow(c, in)
		if err != nil {
			return nil, err
		}
		out = append(out, w...)
	}
	return out, nil
}

// smallest is the least size of a line.
func (l line) smallest() float64 {
	if l.Min == 0 {
		return l.Size
	}
	return l.Min
}

func tooLong(field string) *fault.Error {
	return textDoesNotFit.At("artwork.Template.layout", nil).With(field, "too long for its place at the smallest size of the template")
}

// drawable proves that the font has every character.
func (t *Template) drawable(font, text, field string) error {
	if r, lacks := t.pen.lacks(font, text); lacks {
		return valueInvalid.At("artwork.Template.layout", nil).With(field, "the font %q has no U+%04X", font, r)
	}
	return nil
}

func (t *Template) aligned(font, text string, size float64, align string, x, baseline float64) written {
	switch align {
	case "center":
		x -= t.pen.width(font, text, size) / 2
	case "right":
		x -= t.pen.width(font, text, size)
	}
	return written{font, text, size, x, baseline}
}

// flow places the rows of a column. Values first keep their size and wrap; when that makes
// the column too long, they shrink into as few lines as their rules allow.
func (t *Template) flow(c column, in Input) ([]written, error) {
	texts := make([]string, len(c.Rows))
	for i, r := range c.Rows {
		var err error
		if texts[i], err = fill(r.Text, r.Field, r.Empty, in, t.spec.Language); err != nil {
			return nil, err
		}
		if err := t.drawable(c.Value.Font, texts[i], r.Field); err != nil {
			return nil, err
		}
	}
	longest := ""
	for _, try := range []func(font, text string, size, width float64, steps []step) (set, bool){t.pen.fit, t.pen.compact} {
		sets := make([]set, len(c.Rows))
		n, most := 0, 0
		for i, r := range c.Rows {
			var ok bool
			if sets[i], ok = try(c.Value.Font, texts[i], c.Value.Size, c.width(r), c.steps(r)); !ok {
				return nil, tooLong(r.Field)
			}
			n += len(sets[i].lines)
			if len(sets[i].lines) > most {
				most, longest = len(sets[i].lines), r.Field
			}
		}
		if at, ok := c.baselines(n); ok {
			return t.place(c, sets, at, in)
		}
	}
	return nil, textDoesNotFit.At("artwork.Template.flow", nil).With(longest, "the lines of the column do not fit one below the other")
}

func (c column) width(r row) float64 {
	if r.Width > 0 {
		return r.Width
	}
	return c.Value.Width
}

func (c column) steps(r row) []step {
	if len(r.Fit) > 0 {
		return r.Fit
	}
	return c.Fit
}

// place writes the rows on their baselines.
func (t *Template) place(c column, sets []set, at []float64, in Input) ([]written, error) {
	var out []written
	n := 0
	for i, r := range c.Rows {
		if r.Label != "" {
			x := c.Label.X
			if r.Indent {
				x += c.Label.Indent
			}
			out = append(out,
				written{c.Label.Font, r.Label, c.Label.Size, x, at[n]},
				written{c.Label.Font, ":", c.Label.Size, c.Label.Colon, at[n]})
		}
		if b := r.Beside; b != nil {
			text, err := fill(b.Text, b.Field, b.Empty, in, t.spec.Language)
			if err != nil {
				return nil, err
			}
			if err := t.drawable(c.Value.Font, text, b.Field); err != nil {
				return nil, err
			}
			got, ok := t.pen.fit(c.Value.Font, text, c.Value.Size, b.Width, []step{{Lines: 1, Min: b.Min}})
			if !ok {
				return nil, tooLong(b.Field)
			}
			out = append(out,
				written{c.Label.Font, b.Label, c.Label.Size, b.X, at[n]},
				written{c.Label.Font, ":", c.Label.Size, b.Colon, at[n]},
				written{c.Value.Font, got.lines[0], got.size, b.Value, at[n]})
		}
		for _, l := range sets[i].lines {
			out = append(out, t.aligned(c.Value.Font, l, sets[i].size, c.Value.Align, c.Value.X, at[n]))
			n++
		}
	}
	return out, nil
}
