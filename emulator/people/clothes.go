package people

import (
	"math"
	"slices"

	"blanko/ktp"
)

var clothTones = []rgb{
	hex(0xF1F1EE), hex(0x223A6B), hex(0x7C2230), hex(0x2E5B3C), hex(0xC9B68A), hex(0x3A3A3F), hex(0x8C5A2B), hex(0x5D7FA8), hex(0xB55A7C), hex(0x1E1E22),
}

type clothStyle int

const (
	clothShirt clothStyle = iota
	clothBatik
	clothJacket
	clothTee
)

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
