package people

import "math"

var hairTones = []rgb{hex(0x17130F), hex(0x2B1E16), hex(0x5A3D24), hex(0xA98252)}

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
