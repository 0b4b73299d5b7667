package paper

import (
	"fmt"
	"image"
	"math"
	"time"
)

// ID-1 in mm (ISO/IEC 7810): the face is shown at its real size.
const (
	cardWidth  = 85.60
	cardHeight = 53.98
)

// Mark says how a result is to be read. It is shown by shape and word, never by color alone.
type Mark int

const (
	Good Mark = iota
	Warning
	Bad
)

// Line is a label and its value.
type Line struct{ Label, Value string }

// Result of one check of a record or of its face.
type Result struct {
	What string // Tanggal lahir dalam NIK
	Mark Mark
	Text string // sesuai
}

// Proof is the face of one card before it is printed, with what it will be printed from.
type Proof struct {
	Face    image.Image // as it will look, any resolution of the shape ID-1
	Back    image.Image // nil: pre-printed
	Title   string      // application and type
	Attempt string      // empty before a blank was given to it
	Person  []Line
	Results []Result
}

// ProofBatch is one document with the proofs of a batch.
type ProofBatch struct {
	Office Office
	Number string // of the batch
	At     time.Time
	By     string // who asked for it
	Proofs []Proof
	Code   string // verification code, as the register knows the document; empty: it is not registered
	Copy   int    // which copy it is; 0: the document itself
}

// notValid stands across every face, so that no proof can pass for a card.
const notValid = "TIDAK BERLAKU"

// Proofs is the paper from which a person approves cards: the face at real size under a
// watermark, the data as text, the results of the checks, fields for the decision.
// Error: paper.content_invalid with the field.
func Proofs(b ProofBatch) ([]byte, error) {
	const op = "paper.Proofs"
	if err := b.check(); err != nil {
		return nil, err
	}
	var pictures album
	faces := make([][]picture, len(b.Proofs))
	for i, p := range b.Proofs {
		for _, m := range []image.Image{p.Face, p.Back} {
			if m == nil {
				continue
			}
			pic, err := pictures.encode(m)
			if err != nil {
				return nil, renderFailed.At(op, err)
			}
			faces[i] = append(faces[i], pic)
		}
	}
	foot := fmt.Sprintf("Contoh cetak %s  ·  %s  ·  %s sebagai kartu identitas", b.Number, dateTime(b.At), notValid)
	if b.Code != "" {
		foot = fmt.Sprintf("Contoh cetak %s  ·  kode verifikasi %s  ·  %s sebagai kartu identitas", b.Number, b.Code, notValid)
	}
	foot += copyWord(b.Copy)
	head := func(s *sheet) {
		s.copyMark(b.Copy)
		if s.pdf.PageNo() == 1 {
			s.letterhead(b.Office)
			s.text(margin, s.y+5, "B", 15, inkBlack, "CONTOH CETAK KTP-el")
			s.right(pageWidth-margin, s.y+1.2, "B", 8.5, inkBlack, "Nomor "+b.Number)
			s.right(pageWidth-margin, s.y+5.2, "", 8.5, inkGray, fmt.Sprintf("%d (%s) kartu, diminta oleh %s", len(b.Proofs), inWords(len(b.Proofs)), b.By))
			s.y += 11
			return
		}
		s.text(margin, s.y+4, "B", 9, inkAccent, "CONTOH CETAK KTP-el")
		s.right(pageWidth-margin, s.y+4, "", 9, inkGray, "Nomor "+b.Number+" (lanjutan)")
		s.y += 9
	}
	tall := -1
	out, err := document("Contoh Cetak KTP-el "+b.Number, b.At, foot, head, func(s *sheet) {
		for i, p := range b.Proofs {
			height := p.height(s, len(faces[i]))
			s.room(height)
			if s.y+height > lowest {
				tall = i
				return
			}
			p.draw(s, i+1, faces[i])
		}
	})
	if tall >= 0 {
		return nil, contentInvalid.At(op, nil).With(fmt.Sprintf("proofs[%d]", tall), "does not fit on one page")
	}
	return out, err
}

func (b ProofBatch) check() error {
	const op = "paper.Proofs"
	if err := first(b.Office.check(), printable("number", b.Number, true), printable("by", b.By, true), printable("code", b.Code, false)); err != nil {
		return err
	}
	if b.At.IsZero() {
		return contentInvalid.At(op, nil).With("at", "is empty")
	}
	if len(b.Proofs) == 0 {
		return contentInvalid.At(op, nil).With("proofs", "a batch holds at least one card")
	}
	for i, p := range b.Proofs {
		field := fmt.Sprintf("proofs[%d]", i)
		if err := first(printable(field+".title", p.Title, true), printable(field+".attempt", p.Attempt, false)); err != nil {
			return err
		}
		for side, m := range map[string]image.Image{".face": p.Face, ".back": p.Back} {
			if m == nil && side == ".back" {
				continue
			}
			if m == nil || m.Bounds().Empty() {
				return contentInvalid.At(op, nil).With(field+side, "is empty")
			}
			// Two dots either way are rounding of the card size to whole dots.
			w, h := float64(m.Bounds().Dx()), float64(m.Bounds().Dy())
			if math.Abs(w*cardHeight-h*cardWidth) > 2*cardWidth {
				return contentInvalid.At(op, nil).With(field+side, "%.0f x %.0f dots is not the shape of a card", w, h)
			}
		}
		if len(p.Person) > maxPersonLines {
			return contentInvalid.At(op, nil).With(field+".person", "%d lines, at most %d", len(p.Person), maxPersonLines)
		}
		for n, l := range p.Person {
			name := fmt.Sprintf("%s.person[%d]", field, n)
			if err := first(printable(name, l.Label, true), printable(name, l.Value, false)); err != nil {
				return err
			}
		}
		if len(p.Results) > maxResults {
			return contentInvalid.At(op, nil).With(field+".results", "%d results, at most %d", len(p.Results), maxResults)
		}
		for n, r := range p.Results {
			name := fmt.Sprintf("%s.results[%d]", field, n)
			if err := first(printable(name, r.What, true), printable(name, r.Text, true)); err != nil {
				return err
			}
			if r.Mark < Good || r.Mark > Bad {
				return contentInvalid.At(op, nil).With(name, "mark %d is unknown", r.Mark)
			}
		}
	}
	return nil
}

// More lines than these cannot stay on one page.
const (
	maxPersonLines = 24
	maxResults     = 24
)

const (
	proofBar    = 7.5
	proofGap    = 5.0
	personX     = margin + cardWidth + 6
	personLabel = 27.0
	personLine  = 3.9
	personSize  = 8.0
	resultLine  = 4.6
	decision    = 9.0
)

// personLines are the values broken for their column; the first of each carries its label.
func (p Proof) personLines(s *sheet) []Line {
	var out []Line
	for _, l := range p.Person {
		label := l.Label
		for _, v := range append(s.wrap("B", personSize, pageWidth-margin-personX-personLabel, l.Value), "") {
			if v == "" && label == "" {
				continue
			}
			out = append(out, Line{label, v})
			label = ""
		}
	}
	return out
}

// body is the height of pictures and data side by side.
func (p Proof) body(s *sheet, faces int) float64 {
	pictures := float64(faces)*(cardHeight+3) - 3
	return max(pictures, float64(len(p.personLines(s)))*personLine)
}

func (p Proof) height(s *sheet, faces int) float64 {
	return proofBar + 3 + p.body(s, faces) + 3 + float64((len(p.Results)+1)/2)*resultLine + 2 + decision + proofGap
}

func (p Proof) draw(s *sheet, n int, faces []picture) {
	s.fill(margin, s.y, textWidth, proofBar, tintHead)
	s.text(margin+2, s.y+5.1, "B", 9.5, inkAccent, fmt.Sprintf("%d.  %s", n, p.Title))
	if p.Attempt != "" {
		s.right(pageWidth-margin-2, s.y+5.1, "", 7.5, inkGray, "Percobaan "+p.Attempt)
	}
	s.y += proofBar + 3

	for i, f := range faces {
		y := s.y + float64(i)*(cardHeight+3)
		s.picture(f, margin, y, cardWidth, cardHeight)
		s.watermark(margin, y)
		s.frame(margin, y, cardWidth, cardHeight, 0.15, lineGray)
	}
	for i, l := range p.personLines(s) {
		y := s.y + 2.9 + float64(i)*personLine
		s.text(personX, y, "", personSize, inkGray, l.Label)
		s.text(personX+personLabel, y, "B", personSize, inkBlack, l.Value)
	}
	s.y += p.body(s, len(faces)) + 3

	half := textWidth / 2
	for i, r := range p.Results {
		x, y := margin+float64(i%2)*half, s.y+float64(i/2)*resultLine
		s.mark(r.Mark, x, y+0.6)
		s.fitted(x+5, y, 44, resultLine, "", 8, inkGray, r.What)
		c := inkBlack
		if r.Mark == Bad {
			c = inkRed
		}
		s.fitted(x+50, y, half-52, resultLine, "B", 8, c, r.Text)
	}
	s.y += float64((len(p.Results)+1)/2)*resultLine + 2

	s.rule(margin, s.y, textWidth, 0.1, lineGray)
	y := s.y + 5.6
	for i, t := range []string{"Disetujui", "Ditolak, alasan:"} {
		x := margin + float64(i)*26
		s.frame(x, y-2.7, 3.2, 3.2, 0.25, inkGray)
		s.text(x+4.6, y, "", 8, inkBlack, t)
	}
	s.text(margin+118, y, "", 8, inkBlack, "Nama dan paraf:")
	s.rule(margin+54, y+0.8, 60, 0.15, inkGray)
	s.rule(margin+141, y+0.8, textWidth-141, 0.15, inkGray)
	s.y += decision + proofGap
}

// watermark stands across a face, large and half transparent. It falls to the right, so that it
// crosses the marking of a specimen, which rises.
func (s *sheet) watermark(x, y float64) {
	const points, angle = 40.0, -27.0
	s.pdf.SetAlpha(0.42, "Normal")
	s.pdf.TransformBegin()
	s.pdf.TransformRotate(angle, x+cardWidth/2, y+cardHeight/2)
	fit := points * min(1, 84/s.width("B", points, notValid))
	s.center(x+cardWidth/2, y+cardHeight/2+0.69*fit*mmPerPoint/2, "B", fit, inkRed, notValid)
	s.pdf.TransformEnd()
	s.pdf.SetAlpha(1, "Normal")
}

// mark draws a filled disc, a triangle or a cross.
func (s *sheet) mark(m Mark, x, y float64) {
	const size = 3.2
	switch m {
	case Good:
		s.pdf.SetFillColor(38, 128, 74)
		s.pdf.Circle(x+size/2, y+size/2, size/2-0.3, "F")
	case Warning:
		s.pdf.SetFillColor(214, 140, 20)
		s.pdf.MoveTo(x+size/2, y)
		s.pdf.LineTo(x+size, y+size)
		s.pdf.LineTo(x, y+size)
		s.pdf.ClosePath()
		s.pdf.DrawPath("F")
	case Bad:
		s.pdf.SetDrawColor(inkRed.r, inkRed.g, inkRed.b)
		s.pdf.SetLineWidth(0.7)
		s.pdf.Line(x+0.4, y+0.4, x+size-0.4, y+size-0.4)
		s.pdf.Line(x+0.4, y+size-0.4, x+size-0.4, y+0.4)
	}
}
