package people

import (
	"bytes"
	"image/jpeg"
	"math"
	"slices"

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

var hairTones = []rgb{hex(0x17130F), hex(0x2B1E16), hex(0x5A3D24), hex(0xA98252)}

var clothTones = []rgb{
	hex(0xF1F1EE), hex(0x223A6B), hex(0x7C2230), hex(0x2E5B3C), hex(0xC9B68A), hex(0x3A3A3F), hex(0x8C5A2B), hex(0x5D7FA8), hex(0xB55A7C), hex(0x1E1E22),
}

var hijabTones = []rgb{
	hex(0xE9E4DA), hex(0x2B2D42), hex(0x8D5B6C), hex(0x3D5A50), hex(0xC8A27C), hex(0x1B1B1E), hex(0x6C7FA3), hex(0xB98B8F), hex(0x7A6A4F), hex(0xF3D9D4),
}

type hairStyle int

const (
	hairShort hairStyle = iota
	hairCropped
	hairReceding
	hairLong
	hairTied
	hairBob
	hairHijab
	hairCap // short hair under a peci
)

type clothStyle int

const (
	clothShirt clothStyle = iota
	clothBatik
	clothJacket
	clothTee
)

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

func (f *face) neckHalf() float32 {
	if f.sex == ktp.Male {
		return f.rx * 0.64
	}
	return f.rx * 0.52
}

func (f *face) neck() {
	half := f.neckHalf()
	top, bottom := f.cy+60, float32(600)
	chin := f.cy + f.low
	f.canvas.layer(box{f.cx - half - 60, top, f.cx + half + 60, bottom}, func(x, y float32, _ rgb) (rgb, float32) {
		flare := max(0, y-chin-30) * 0.55
		d := abs(x-f.cx) - half - flare*flare/60
		if d > 1 {
			return rgb{}, 0
		}
		n := (x - f.cx) / (half + 20)
		shade := 0.90 - 0.16*n*n - 0.05*n*f.lightFrom
		shade -= 0.34 * glow(x, y, f.cx, chin-6, f.rx*0.95, 44) // under the chin
		shade += 0.03 * f.noise.over(x/40, y/40)
		return f.skin.mul(shade), cover(d)
	})
}

// shoulder is the height of the shoulder line over x.
func (f *face) shoulder(x float32) float32 {
	u := abs(x-f.cx) / 215
	return f.cy + f.low + 46 + 78*u*u*(0.45+0.55*u) + 14*u
}

func (f *face) body() {
	collar := f.cy + f.low + 40
	base := f.clothColor
	second := base.mix(hex(0xE8D6A8), 0.75)
	if base.r+base.g+base.b > 420 {
		second = base.mul(0.55)
	}
	phase := f.noise[7] * 9
	if f.cloth == clothJacket {
		base = base.mul(0.35).mix(hex(0x202228), 0.5)
	}
	opening := float32(54)
	if f.cloth == clothTee {
		opening = 70
	}
	f.canvas.layer(box{0, collar - 30, portraitWidth, portraitHeight}, func(x, y float32, _ rgb) (rgb, float32) {
		d := max(f.shoulder(x)-y, -ellipse(x, y, f.cx, collar-34, opening, 62))
		if d > 1 {
			return rgb{}, 0
		}
		n := (x - f.cx) / 230
		fold := f.noise.over(x/34+phase, y/90) + 0.6*f.noise.over(x/13, y/48+phase)
		shade := 0.96 - 0.22*n*n - 0.06*n*f.lightFrom + 0.055*fold
		col := base
		switch f.cloth {
		case clothBatik:
			a := sin(x/7.5+2*sin(y/19+phase)) * sin(y/8.5+2*sin(x/23))
			col = base.mix(second, clamp(0.5+2.2*a))
			col = col.mul(1 + 0.10*sin((x+y)/3.1)*sin((x-y)/3.7))
		case clothShirt:
			col = base.mul(1 + 0.02*f.noise.at(x*0.9))
		}
		return col.mul(shade), cover(d)
	})
	switch f.cloth {
	case clothShirt, clothBatik:
		f.collar(collar, base, true)
	case clothJacket:
		f.jacketFront(collar, base)
	case clothTee:
		f.paint(f.arc(f.cx, collar-34, 70, 62, 3.2), base.mul(0.85), 0.9)
	}
}

// arc is the lower part of an ellipse as a line of the given half width.
func (f *face) arc(cx, cy, rx, ry, half float32) stroke {
	var s stroke
	for i := range 25 {
		a := math.Pi * (0.12 + 0.76*float64(i)/24)
		s.pts = append(s.pts, [2]float32{cx + rx*float32(math.Cos(a)), cy + ry*float32(math.Sin(a))})
		s.half = append(s.half, half)
	}
	return s
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

// collar lays the two leaves of a shirt collar around the neck.
func (f *face) collar(y float32, base rgb, buttons bool) {
	col := base.mul(1.05).mix(hex(0xFFFFFF), 0.07)
	neck := f.neckHalf()
	for _, side := range []float32{-1, 1} {
		corners := [][2]float32{
			{f.cx + side*(neck-7), y - 50}, {f.cx + side*(neck+16), y - 34}, {f.cx + side*(neck+10), y + 18}, {f.cx + side*22, y + 50}, {f.cx + side*1, y + 14},
		}
		if side < 0 {
			slices.Reverse(corners)
		}
		b := box{f.cx - 4, y - 60, f.cx + neck + 28, y + 70}
		if side < 0 {
			b.x0, b.x1 = f.cx-neck-28, f.cx+4
		}
		f.canvas.layer(b, func(x, py float32, under rgb) (rgb, float32) {
			return under.mul(0.66), 0.7 * soft(polygon(x-side*2, py-7, corners...), 12)
		})
		f.canvas.layer(b, func(x, py float32, _ rgb) (rgb, float32) {
			return col.mul(0.97 + 0.03*f.noise.over(x/9, py/9)), cover(polygon(x, py, corners...) - 2)
		})
	}
	if !buttons {
		return
	}
	f.shadow(curve(f.cx, y+24, f.cx+1, y+70, f.cx, 650, 0.6, 0.8, 0.8, 6), 0.62, 0.8, 3)
	for _, at := range []float32{58, 100, 142} {
		f.paint(curve(f.cx+1, y+at, f.cx+1, y+at, f.cx+1.5, y+at, 3.4, 3.4, 3.4, 1), base.mul(0.6).mix(hex(0xF4F4F4), 0.5), 0.9)
	}
}

func (f *face) jacketFront(y float32, base rgb) {
	white := hex(0xECEAE6)
	f.canvas.layer(box{f.cx - 70, y - 30, f.cx + 70, portraitHeight}, func(x, yy float32, _ rgb) (rgb, float32) {
		open := 46 - (yy-y)*0.30
		d := abs(x-f.cx) - open
		return white.mul(0.94 + 0.04*f.noise.over(x/20, yy/40)), cover(max(d, y+26-yy-f.noise[3]))
	})
	f.collar(y, white, false)
	tie := f.clothColor.mix(hex(0x6B1020), 0.5)
	f.paint(curve(f.cx, y+30, f.cx, y+40, f.cx, y+52, 8, 10, 6, 4), tie.mul(0.85), 1)
	f.paint(curve(f.cx, y+54, f.cx, y+100, f.cx, 645, 6, 11, 16, 6), tie, 1)
	for _, side := range []float32{-1, 1} {
		lapel := curve(f.cx+side*64, y-20, f.cx+side*66, y+50, f.cx+side*22, y+140, 9, 26, 16, 10)
		f.shadow(lapel, 0.5, 0.5, 16)
		f.paint(lapel, base.mul(1.25), 1)
	}
}

func (f *face) ears() {
	for _, side := range []float32{-1, 1} {
		x, y := f.cx+side*(f.rx+4), f.cy+16
		f.canvas.layer(around(x, y, 19, 34), func(px, py float32, _ rgb) (rgb, float32) {
			inner := glow(px, py, x+side*1, y-2, 8, 17)
			shade := 0.93 - 0.28*inner + 0.04*side*f.lightFrom
			inside := side * (px - f.cx) // where the ear meets the cheek
			return f.skin.mul(shade).mix(hex(0xA04838), 0.08), cover(ellipse(px, py, x, y, 14, 30)) * clamp((inside-f.rx*0.965)/5)
		})
	}
}

func (f *face) head() {
	eyeY, noseY := f.cy, f.cy+f.noseLength
	blush := float32(0.07)
	if f.sex == ktp.Female {
		blush = 0.16
	}
	f.canvas.layer(box{f.cx - f.rx - 3, f.cy - f.up - 3, f.cx + f.rx + 3, f.cy + f.low + 3}, func(x, y float32, _ rgb) (rgb, float32) {
		d, u, t := f.outline(x, y, 0)
		a := cover(d)
		if a == 0 {
			return rgb{}, 0
		}
		nz := sqrt(max(0, 1-u*u-t*t))
		shade := 0.79 + 0.24*nz - 0.07*u*f.lightFrom - 0.03*t
		dx := x - f.cx
		side := abs(dx)
		shade += 0.055*glow(x, y, f.cx, f.cy-70, 70, 42) + 0.05*glow(side, y, f.rx*0.47, f.cy+42, 34, 26)
		shade -= 0.085 * glow(side, y, f.rx*f.eyeGap, eyeY-6, 34, 20)
		shade -= 0.05 * glow(x, y, f.cx, noseY+14, 34, 12)
		shade += 0.05 * glow(x, y, f.cx, f.cy+f.low-28, 26, 18)
		shade -= 0.07 * glow(x, y, f.cx, f.cy+f.low-52, 34, 8)
		shade += 0.016*f.noise.over(x/19, y/19) + 0.011*f.noise.over(x/5+50, y/5)
		col := f.skin.mul(shade)
		return col.mix(hex(0xC4553F), blush*glow(side, y, f.rx*0.5, f.cy+52, 36, 28)), a
	})
}

func (f *face) eyes() {
	iris := hex(0x2E1A10).mix(f.hair, 0.3)
	for _, side := range []float32{-1, 1} {
		ex, ey := f.cx+side*f.rx*f.eyeGap, f.cy
		half, open := f.eyeHalf, f.eyeOpen
		gaze := f.noise[11] * 1.2
		lid := func(s float32) float32 { return ey - open*(1-s*s) - f.eyeTilt*s*side }
		under := func(s float32) float32 { return ey + open*0.62*(1-s*s) - f.eyeTilt*s*side }
		f.canvas.layer(around(ex, ey, half, open+4), func(x, y float32, _ rgb) (rgb, float32) {
			s := (x - ex) / half
			if s < -1 || s > 1 {
				return rgb{}, 0
			}
			top, bottom := lid(s), under(s)
			a := clamp(min(y-top, bottom-y) + 0.5)
			if a == 0 {
				return rgb{}, 0
			}
			white := hex(0xEFE7DF).mul(0.97 - 0.16*s*s - 0.24*clamp((top+5-y)/5))
			dx, dy := x-ex-gaze, y-ey+1
			r := sqrt(dx*dx + dy*dy)
			col := white.mix(iris.mul(0.8+0.5*clamp(dy/9)), cover(r-8))
			col = col.mix(hex(0x0C0908), cover(r-3.6))
			hx, hy := dx-3*f.lightFrom-1, dy+3.4
			return col.mix(hex(0xFFFFFF), 0.9*cover(sqrt(hx*hx+hy*hy)-1.7)), a
		})
		lash, thick := float32(0.86), float32(1.3)
		if f.sex == ktp.Female {
			lash, thick = 1, 1.9
		}
		f.paint(curve(ex-half, ey+f.eyeTilt*side, ex, ey-2*open, ex+half, ey-f.eyeTilt*side, 0.7, thick, 0.8, 12), hex(0x1A110D), lash)
		f.shadow(curve(ex-half-1, ey-3+f.eyeTilt*side, ex, ey-2*open-12, ex+half+1, ey-4-f.eyeTilt*side, 0.4, 0.9, 0.4, 12), 0.66, 0.7, 3)
		f.shadow(curve(ex-half+3, ey+2, ex, ey+open*1.35+1, ex+half-2, ey+1, 0.3, 0.5, 0.3, 10), 0.72, 0.55, 2.5)
		bag := 0.12 + 0.4*clamp(float32(f.age-30)/50)
		f.shadow(curve(ex-half+4, ey+12, ex, ey+24, ex+half-4, ey+11, 1, 2, 1, 8), 0.8, bag, 9)
	}
}

func (f *face) brows() {
	col := f.hair.mix(hex(0x8A8A88), f.gray*0.6)
	for _, side := range []float32{-1, 1} {
		ex, y := f.cx+side*f.rx*f.eyeGap, f.cy-26
		s := curve(ex-side*25, y+3, ex+side*4, y-f.browArch-4, ex+side*30, y+5, f.browThick*0.95, f.browThick, 0.9, 14)
		f.canvas.layer(s.box(), func(x, yy float32, _ rgb) (rgb, float32) {
			hair := 0.72 + 0.28*f.noise.at((x*side+yy*1.4)*0.55)
			return col, clamp(soft(s.distance(x, yy), 3) * hair)
		})
	}
}

func (f *face) nose() {
	tip := f.cy + f.noseLength
	half := f.noseHalf
	f.shadow(curve(f.cx, f.cy-14, f.cx, f.cy+20, f.cx, tip-14, 2, 4, 6, 10), 1.13, 0.55, 13)
	for _, side := range []float32{-1, 1} {
		dark := 0.42 + 0.16*side*f.lightFrom
		f.shadow(curve(f.cx+side*13, f.cy-12, f.cx+side*8, f.cy+24, f.cx+side*half*0.8, tip-12, 1, 2, 3, 10), 0.84, dark, 12)
		f.shadow(curve(f.cx+side*(half-2), tip-15, f.cx+side*(half+7), tip-2, f.cx+side*(half-7), tip+3, 0.8, 1.2, 0.6, 8), 0.66, 0.75, 4)
		x, y := f.cx+side*half*0.45, tip+2
		f.canvas.layer(around(x, y, 9, 7), func(px, py float32, under rgb) (rgb, float32) {
			return under.mul(0.33), 0.85 * soft(ellipse(px, py, x, y, 6.5, 3.1), 2.4)
		})
	}
	f.shadow(curve(f.cx-half*0.7, tip+4, f.cx, tip+11, f.cx+half*0.7, tip+4, 0.6, 1, 0.6, 8), 0.72, 0.6, 5)
	f.canvas.layer(around(f.cx, tip-9, 24, 18), func(x, y float32, under rgb) (rgb, float32) {
		return under.mul(1.18), 0.5 * glow(x, y, f.cx-4*f.lightFrom, tip-9, 9, 7)
	})
}

func (f *face) mouth() {
	my := f.cy + f.noseLength + 34
	half, high := f.mouthHalf, f.mouthHeight
	lip := f.skin.mix(hex(0xA3403C), 0.42).mul(0.94)
	if f.sex == ktp.Female {
		lip = f.skin.mix(hex(0xB02A3C), 0.58)
	}
	line := func(s float32) float32 { return my - f.smile*s*s + 1.4*s*s*s*s }
	f.canvas.layer(around(f.cx, my, half+2, high*1.6), func(x, y float32, _ rgb) (rgb, float32) {
		s := (x - f.cx) / half
		if s < -1 || s > 1 {
			return rgb{}, 0
		}
		k := 1 - s*s
		bow := 1 - 0.22/(1+s*s*90)
		top, bottom := line(s)-high*0.72*k*bow, line(s)+high*1.02*k
		a := soft(max(top-y, y-bottom), 2)
		col := lip.mul(0.86 + 0.05*f.noise.at(x*0.35))
		if y > line(s) {
			col = lip.mul(1.06 + 0.16*glow(x, y, f.cx, my+high*0.45, half*0.4, high*0.3) + 0.04*f.noise.at(x*0.4+40))
		}
		return col, a * 0.9
	})
	f.shadow(curve(f.cx-half-2, line(-1), f.cx, 2*line(0)-line(1)+1, f.cx+half+2, line(1), 0.7, 1.1, 0.7, 14), 0.42, 0.85, 2.4)
	for _, side := range []float32{-1, 1} {
		f.shadow(curve(f.cx+side*half, line(1)-1, f.cx+side*(half+3), line(1)-1, f.cx+side*(half+5), line(1)-2, 1, 1.5, 0.5, 4), 0.75, 0.5, 6)
	}
	f.shadow(curve(f.cx-7, my-high-14, f.cx, my-high-8, f.cx+7, my-high-14, 1, 2, 1, 4), 0.88, 0.4, 8)
}

// lines are the marks of age.
func (f *face) lines() {
	age := clamp(float32(f.age-24) / 50)
	my := f.cy + f.noseLength
	for _, side := range []float32{-1, 1} {
		f.shadow(curve(f.cx+side*(f.noseHalf+4), my-8, f.cx+side*(f.noseHalf+15), my+10, f.cx+side*(f.mouthHalf+9), my+38, 0.6, 1.6, 0.4, 10), 0.76, 0.16+0.6*age, 6)
		if age > 0.35 {
			x := f.cx + side*(f.rx*f.eyeGap+f.eyeHalf+5)
			for n := range 3 {
				dy := float32(n-1) * 5
				f.shadow(curve(x, f.cy+dy*0.5, x+side*7, f.cy+dy, x+side*14, f.cy+dy*1.9, 0.4, 0.6, 0.3, 5), 0.78, 0.7*age, 2.4)
			}
		}
	}
	if age > 0.4 {
		for n := range 3 {
			y := f.cy - 64 - float32(n)*15 + 3*f.noise[n]
			f.shadow(curve(f.cx-46+9*f.noise[n+9], y+2, f.cx, y-3, f.cx+46+9*f.noise[n+20], y+2, 0.4, 0.8, 0.4, 10), 0.84, 0.75*age, 3.4)
		}
	}
}

func (f *face) stubble() {
	if f.beard == 0 && f.moustache == 0 {
		return
	}
	col := f.hair.mix(hex(0x9A9A98), f.gray)
	my := f.cy + f.noseLength + 34
	f.canvas.layer(box{f.cx - f.rx, f.cy + 40, f.cx + f.rx, f.cy + f.low + 4}, func(x, y float32, _ rgb) (rgb, float32) {
		d, u, t := f.outline(x, y, 0)
		if d > 1 {
			return rgb{}, 0
		}
		var a float32
		if f.moustache > 0 {
			a = f.moustache * soft(max(ellipse(x, y, f.cx, my-4, f.mouthHalf+7, 19), -ellipse(x, y, f.cx, my+6, f.mouthHalf+12, 17)), 7)
		}
		if f.beard > 0 {
			jaw := clamp((u*u+t*t-0.52)*3.4) * clamp((t-0.25)*4)
			a = max(a, f.beard*jaw)
		}
		a *= 0.7 + 0.3*f.noise.at(x*0.8+f.noise.at(y*0.4)*3)
		return col, a * (0.5 + 0.5*cover(d))
	})
}

// strand is the light on hair that runs along the given coordinate.
func (f *face) strand(along, across float32) rgb {
	n := 0.55*f.noise.at(across*0.42) + 0.45*f.noise.at(across*1.1+30) + 0.25*f.noise.over(along/22, across/5)
	col := f.hair.mix(hex(0xB9B7B2), clamp(f.gray*(0.8+0.3*f.noise.at(across*0.9+70))))
	return col.mul(1+(0.32-0.17*f.gray)*n).mix(hex(0x6A5848), 0.10*clamp(n))
}

// backHair hangs behind the neck.
func (f *face) backHair() {
	bottom := float32(590)
	if f.style == hairBob {
		bottom = f.cy + f.low + 10
	}
	f.canvas.layer(box{f.cx - f.rx - 60, f.cy - 150, f.cx + f.rx + 60, bottom + 14}, func(x, y float32, _ rgb) (rgb, float32) {
		grow := clamp((y-f.cy)/300) * 26
		wave := 5 * f.noise.at(y/46)
		d := abs(x-f.cx) - f.rx - 20 - grow - wave
		if y < f.cy {
			d = ellipse(x, y, f.cx, f.cy, f.rx+21, f.up+22)
		}
		end := y - bottom - 10*f.noise.at(x/9)
		n := (x - f.cx) / (f.rx + 50)
		return f.strand(y, x+wave).mul(0.92 - 0.2*n*n), cover(max(d, end))
	})
}

// crown is the hair on the head, cut out where the face shows.
func (f *face) crown() {
	volume, foreheadX, foreheadUp, shift, down := float32(12), float32(0.93), float32(96), float32(0), float32(14)
	switch f.style {
	case hairCropped:
		volume, foreheadUp = 4, 102
	case hairReceding:
		volume, foreheadX, foreheadUp = 4, 0.95, 128
	case hairCap:
		volume, foreheadUp = 4, 98
	case hairLong, hairBob:
		volume, foreheadX, foreheadUp, shift, down = 20, 0.86, 112, 17, 130
	case hairTied:
		volume, foreheadX, foreheadUp, shift, down = 12, 0.90, 108, 10, 26
	}
	part := 16 * f.noise[5]
	if f.style == hairTied { // the knot above the head
		x0, y0 := f.cx, f.cy-f.up-20
		f.canvas.layer(around(x0, y0, 40, 30), func(x, y float32, _ rgb) (rgb, float32) {
			return f.strand(y+x*0.4, (x-x0)*1.2+y*0.6), cover(ellipse(x, y, x0, y0, 36, 26))
		})
	}
	bottom := f.cy + down
	f.canvas.layer(box{f.cx - f.rx - 40, f.cy - f.up - 40, f.cx + f.rx + 40, bottom + 16}, func(x, y float32, _ rgb) (rgb, float32) {
		lift := volume
		if down < 20 { // short hair lies flat above the ears
			lift *= clamp((f.cy + 6 - y) / 90)
		}
		outer, u, _ := f.outline(x, y, lift)
		if y > f.cy && outer > 0 && down > 100 { // long hair falls straight from the temples
			outer = abs(x-f.cx) - f.rx - volume
		}
		if outer > 2 {
			return rgb{}, 0
		}
		wob := 2.6*f.noise.at(x/5.5) + 4*f.noise.at(x/23+9)
		iy := min(y, f.cy+26) // below the temples the hair hangs straight
		inner := ellipse(x, iy, f.cx, f.cy+26, f.rx*foreheadX, foreheadUp+26+wob)
		if shift > 0 { // parted: the forehead is a pointed arch
			at := f.cx + part*clamp((f.cy+26-y)/110)
			inner = max(ellipse(x, iy, at-shift, f.cy+26, f.rx*foreheadX+shift*0.6, foreheadUp+26),
				ellipse(x, iy, at+shift, f.cy+26, f.rx*foreheadX+shift*0.6, foreheadUp+26))
		}
		a := cover(outer+0.8*f.noise.at(x*0.7+y*0.5)) * soft(-inner, 4) * soft(y-bottom, 12)
		along, across := y, (x-f.cx-part)*(1.15-0.25*clamp((f.cy-y)/150))
		shine := 0.28 * glow(x, y, f.cx-24*f.lightFrom, f.cy-f.up+34, 70, 17)
		return f.strand(along, across).mul(0.95 + shine - 0.18*u*u), a
	})
}

func (f *face) peci() {
	top, bottom := f.cy-f.up-22, f.cy-80
	f.canvas.layer(box{f.cx - f.rx - 20, top - 16, f.cx + f.rx + 20, bottom + 20}, func(x, y float32, _ rgb) (rgb, float32) {
		n := (x - f.cx) / f.rx
		k := clamp((bottom - y) / (bottom - top))
		side := abs(x-f.cx) - (f.rx*0.90 + 3 - 9*k)
		low := y - (bottom + 13*(1-n*n) - 8)
		high := (top + 12*n*n) - y
		shade := 1.25 - 0.5*n*n - 0.25*n*f.lightFrom + 0.10*f.noise.over(x/3, y/3)
		return hex(0x1C1C20).mul(shade).mix(hex(0x3A3A40), 0.4*glow(x, y, f.cx-30*f.lightFrom, top+40, 40, 50)), cover(max(side, low, high))
	})
	f.shadow(curve(f.cx-f.rx*0.8, bottom+1, f.cx, bottom+21, f.cx+f.rx*0.8, bottom+1, 1, 2, 1, 12), 0.7, 0.5, 9)
}

func (f *face) hijab() {
	chin := f.cy + f.low
	open := func(x, y float32) float32 {
		return ellipse(x, y, f.cx, f.cy+14, f.rx*0.885, f.low-12)
	}
	// the band below the scarf
	if f.noise[13] > -0.2 {
		band := f.scarf.mul(0.5)
		f.canvas.layer(box{f.cx - f.rx, f.cy - f.up, f.cx + f.rx, f.cy + 20}, func(x, y float32, _ rgb) (rgb, float32) {
			head, _, _ := f.outline(x, y, 0)
			return band, cover(head) * cover(-ellipse(x, y, f.cx, f.cy+28, f.rx*0.885, f.low-18)) * soft(y-f.cy-10, 12)
		})
	}
	phase := f.noise[17] * 7
	f.canvas.layer(box{0, f.cy - f.up - 50, portraitWidth, portraitHeight}, func(x, y float32, _ rgb) (rgb, float32) {
		var d float32
		fall := max(0, y-f.cy-40) / 210
		grow := min(1, fall)
		if y < f.cy+40 {
			d = ellipse(x, y, f.cx, f.cy+40, f.rx+31, f.up+76)
		} else {
			d = abs(x-f.cx) - (f.rx + 31 + 105*fall*fall*fall)
			if s := f.shoulder(x) - 14 - y; s < 0 && y > chin {
				d = min(d, s)
			}
		}
		if d > 1 {
			return rgb{}, 0
		}
		o := open(x, y)
		a := cover(d) * cover(-o)
		if a == 0 {
			return rgb{}, 0
		}
		n := (x - f.cx) / (f.rx + 34 + 110*grow)
		dx, dy := x-f.cx, y-chin+30
		angle := float32(math.Atan2(float64(dy), float64(dx)))
		radius := sqrt(dx*dx + dy*dy)
		fold := f.noise.at(o/11+phase+0.8*f.noise.at(angle*3)) * (1 - grow)
		if y > chin-20 {
			k := clamp((y - chin + 20) / 60)
			fold = fold*(1-k) + k*(f.noise.at(angle*5+phase+radius/260)+0.6*f.noise.at(angle*13+phase))
		}
		shade := 0.97 - 0.26*n*n - 0.06*n*f.lightFrom + 0.085*fold + 0.014*f.noise.over(x/2.5, y/2.5)
		shade -= 0.25 * clamp(1-o/9) * clamp((y-f.cy+60)/120) // the edge turns in toward the face
		return f.scarf.mul(shade), a
	})
	f.shadow(curve(f.cx-f.rx*0.8, f.cy-58, f.cx, f.cy-f.low-16, f.cx+f.rx*0.8, f.cy-58, 1, 2, 1, 16), 0.86, 0.5, 10)
}
