package people

import (
	"bytes"
	"image/jpeg"

	"blanko/ktp"
)

// A portrait has the smallest size that the center delivers.
const (
	portraitWidth  = 480
	portraitHeight = 640
	// portraitQuality and portraitGrain give files of 60 to 100 kB, as capture stations do.
	portraitQuality = 93
	portraitGrain   = 2.3
)

// Background colors of the card photo: red for an odd birth year, blue for an even one.
var (
	backgroundRed  = hex(0xDB1514)
	backgroundBlue = hex(0x0090FF)
)

var skinTones = []rgb{
	hex(0xE8BE9A), hex(0xDCAD85), hex(0xCB9A70), hex(0xB98559), hex(0xA06D45), hex(0x85563A), hex(0xEFC9B0), hex(0xF2D3BF),
}

// face is one head: everything the layers need to know. Pixels.
type face struct {
	canvas *canvas
	d      *dice
	noise  *wander

	age         int
	sex         ktp.Sex
	cx, cy      float32 // middle of the face, at the height of the eyes
	rx          float32 // half width
	up, low     float32 // height above and below cy
	taper       float32 // how much the jaw narrows
	skin, hair  rgb
	gray        float32 // share of gray hair
	style       hairStyle
	cloth       clothStyle
	clothColor  rgb
	scarf       rgb
	beard       float32 // 0 none
	moustache   float32
	lightFrom   float32 // -1 left, 1 right
	eyeGap      float32
	eyeHalf     float32
	eyeOpen     float32
	eyeTilt     float32
	browThick   float32
	browArch    float32
	noseHalf    float32
	noseLength  float32
	mouthHalf   float32
	mouthHeight float32
	smile       float32
}

// portrait draws resident i: a stylized person whose background follows the birth year.
func (g *Generator) portrait(i int, l look) (ktp.Image, error) {
	d := g.dice(i, "portrait")
	c := canvases.Get().(*canvas)
	defer canvases.Put(c)
	f := newFace(c, d, l)
	f.draw(l)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, c.develop(d, portraitGrain), &jpeg.Options{Quality: portraitQuality}); err != nil {
		return ktp.Image{}, err
	}
	return ktp.Image{MIME: "image/jpeg", Data: b.Bytes()}, nil
}

func newFace(c *canvas, d *dice, l look) *face {
	r := func(lo, hi float64) float32 { return float32(d.f(lo, hi)) }
	f := &face{
		canvas: c, d: d, noise: newWander(d), age: today.Year() - l.birthYear, sex: l.sex,
		cx: 240 + r(-5, 5), cy: 272 + r(-6, 6), rx: r(97, 110), up: r(138, 150), low: r(142, 158), taper: r(0.10, 0.24),
		lightFrom: r(-1, 1), eyeGap: r(0.40, 0.45), eyeHalf: r(19, 23), eyeOpen: r(7.5, 10.5), eyeTilt: r(-1, 2.5),
		browThick: r(3.2, 5.2), browArch: r(3, 9), noseHalf: r(21, 28), noseLength: r(62, 72), mouthHalf: r(33, 41), mouthHeight: r(9, 14), smile: r(1.5, 6),
	}
	f.skin = skinTones[pick(d, l.skin)].mul(r(0.95, 1.05))
	f.hair = hairTones[pick(d, l.hair)].mul(r(0.85, 1.2))
	f.gray = clamp(float32(f.age-42) / 38 * r(0.5, 1.3))
	f.clothColor, f.scarf = pick(d, clothTones), pick(d, hijabTones)
	f.cloth = clothStyle(d.weighted(45, 25, 18, 12))
	const islam = 1
	if l.sex == ktp.Female {
		f.rx, f.taper, f.browThick, f.mouthHeight = f.rx*0.96, f.taper+0.04, f.browThick*0.7, f.mouthHeight*1.15
		f.style = []hairStyle{hairLong, hairTied, hairBob}[d.weighted(50, 30, 20)]
		if l.religion == islam && !d.one(6) {
			f.style = hairHijab
		}
		return f
	}
	f.style = []hairStyle{hairShort, hairCropped, hairReceding}[d.weighted(60, 28, 1+f.age/4)]
	if l.religion == islam && d.one(6) {
		f.style = hairCap
	}
	if d.one(3) {
		f.moustache = r(0.25, 0.8)
	}
	if d.one(6) {
		f.beard = r(0.2, 0.7)
	}
	if f.age < 20 {
		f.beard, f.moustache = 0, 0
	}
	return f
}

func (f *face) draw(l look) {
	f.background(l.birthYear)
	if f.style == hairLong || f.style == hairBob {
		f.backHair()
	}
	if f.style != hairHijab { // which falls over neck and shoulders
		f.neck()
		f.body()
	}
	switch f.style {
	case hairTied:
		f.ears()
	case hairHijab: // what shows between the jaw and the scarf
		f.canvas.layer(around(f.cx, f.cy+14, f.rx, f.low), func(x, y float32, _ rgb) (rgb, float32) {
			return f.scarf.mul(0.45), cover(ellipse(x, y, f.cx, f.cy+14, f.rx, f.low))
		})
	}
	f.head()
	f.eyes()
	f.brows()
	f.nose()
	f.mouth()
	f.lines()
	f.stubble()
	switch f.style {
	case hairHijab:
		f.hijab()
	case hairShort, hairCropped, hairReceding:
		f.crown()
		f.ears()
	case hairCap:
		f.crown()
		f.ears()
		f.peci()
	default:
		f.crown()
	}
}

func (f *face) background(birthYear int) {
	col := backgroundBlue
	if birthYear%2 == 1 {
		col = backgroundRed
	}
	const step = 4 // pixels over which the light does not change
	for y := range portraitHeight {
		row := f.canvas.pix[y*portraitWidth : (y+1)*portraitWidth]
		for x := 0; x < portraitWidth; x += step {
			px, py := float32(x)+step/2, float32(y)+0.5
			u, v := (px-240)/420, (py-300)/560
			k := 1.03 - 0.13*(u*u+v*v) + 0.03*f.lightFrom*u
			k *= 1 - 0.10*glow(px, py, f.cx+26*f.lightFrom, f.cy+40, f.rx*1.7, 300) // the shadow of the head
			lit := col.mul(k)
			for i := range step {
				row[x+i] = lit
			}
		}
	}
}

// outline is about the signed distance to the face, whose jaw narrows downward; u and t run
// from -1 to 1 over its width and height.
func (f *face) outline(x, y, grow float32) (dist, u, t float32) {
	w, h := f.rx+grow, f.up+grow
	t = (y - f.cy) / h
	if t > 0 {
		h = f.low + grow
		t = (y - f.cy) / h
		w *= 1 - f.taper*t*t
	}
	w = max(w, 1)
	u = (x - f.cx) / w
	gx, gy := u/w, t/h
	grad := 2*sqrt(gx*gx+gy*gy) + 1e-6
	return (u*u + t*t - 1) / grad, u, t
}

// paint covers a stroke with a color.
func (f *face) paint(s stroke, col rgb, strength float32) {
	f.canvas.layer(s.box(), func(x, y float32, _ rgb) (rgb, float32) { return col, strength * cover(s.distance(x, y)) })
}

// shadow darkens (or, with a factor above 1, lightens) along a stroke with a soft edge.
func (f *face) shadow(s stroke, factor, strength, edge float32) {
	b := s.box()
	b.x0, b.y0, b.x1, b.y1 = b.x0-edge, b.y0-edge, b.x1+edge, b.y1+edge
	f.canvas.layer(b, func(x, y float32, under rgb) (rgb, float32) {
		return under.mul(factor), strength * soft(s.distance(x, y), edge)
	})
}
