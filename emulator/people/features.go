package people

import "blanko/ktp"

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
