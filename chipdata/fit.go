package chipdata

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"math"
	"slices"

	"golang.org/x/image/draw"

	"blanko/fault"
)

// Smallest portrait and signature that are taken, in pixels: the center delivers portraits of
// at least 480 x 640; a signature smaller than this has no line left after scaling.
const (
	portraitWidth   = 480
	portraitHeight  = 640
	signatureWidth  = 60
	signatureHeight = 20
	maxSource       = 8192 // a side of a delivered picture
)

// Ink of a signature against its paper.
const (
	inkContrast  = 64 // gray levels between the darkest and the lightest pixel, at least
	inkShare     = 2  // a pixel is ink when darker than lightest - contrast/2
	inkMarginPct = 4  // of the longer side of the ink, kept white around it
)

// fitted is a picture that meets its floor.
type fitted struct {
	data []byte
	Picture
	gray bool
}

// scaler draws the source at a pixel size.
type scaler func(s Size) image.Image

// fit tries the pixel sizes of the budget in order and takes the first whose decoded picture
// meets the floor within room bytes of picture. below is what is refused with when none does.
func fit(codec Codec, budget PictureBudget, room int, file string, scale scaler, below fault.Entry) (fitted, error) {
	const op = "chipdata.fit"
	best, bestSize := math.Inf(-1), Size{}
	if room >= budget.Least {
		for _, size := range budget.Sizes {
			src := scale(size)
			data, err := codec.Encode(src, room)
			if errors.Is(err, ErrBudget) {
				continue
			}
			if err != nil {
				return fitted{}, codecFailed.At(op, err).With(file, "encoding at %d x %d", size.Width, size.Height)
			}
			if len(data) > room {
				return fitted{}, codecFailed.At(op, nil).With(file, "the codec wrote %d bytes into a budget of %d", len(data), room)
			}
			got, err := codec.Decode(data)
			if err != nil {
				return fitted{}, codecFailed.At(op, err).With(file, "decoding its own picture")
			}
			db, err := psnr(src, got)
			if err != nil {
				return fitted{}, err
			}
			if db >= size.Floor {
				sum := sha256.Sum256(data)
				_, gray := src.(*image.Gray)
				return fitted{data, Picture{size.Width, size.Height, len(data), codec.MIME(), db, hex.EncodeToString(sum[:])}, gray}, nil
			}
			if db-size.Floor > best {
				best, bestSize = db-size.Floor, size
			}
		}
	}
	if math.IsInf(best, -1) {
		return fitted{}, below.At(op, nil).With(file, "%d bytes are left for the picture, at least %d are needed and no listed size fits", room, budget.Least)
	}
	return fitted{}, below.At(op, nil).With(file, "%d bytes are left for the picture, the best value reached is %.1f dB at %d x %d pixels, the floor is %.1f dB",
		room, best+bestSize.Floor, bestSize.Width, bestSize.Height, bestSize.Floor)
}

// psnr is the peak signal to noise ratio in dB over all channels; 99 for equal pictures.
func psnr(want, got image.Image) (float64, error) {
	const equal = 99
	w, g := want.Bounds(), got.Bounds()
	if w.Dx() != g.Dx() || w.Dy() != g.Dy() {
		return 0, codecFailed.At("chipdata.psnr", nil).With("picture", "%d x %d pixels became %d x %d", w.Dx(), w.Dy(), g.Dx(), g.Dy())
	}
	a, each := Samples(want)
	b, other := Samples(got)
	if each != other {
		return 0, codecFailed.At("chipdata.psnr", nil).With("picture", "%d components became %d", each, other)
	}
	var sum int
	for i, v := range a {
		d := int(v) - int(b[i])
		sum += d * d
	}
	if sum == 0 {
		return equal, nil
	}
	return 10 * math.Log10(255*255*float64(len(a))/float64(sum)), nil
}

// portraitScaler checks the portrait and scales the largest centered part of it that has the
// proportions of the pixel size.
func portraitScaler(img image.Image) (scaler, error) {
	if img == nil {
		return nil, pictureUnusable.At("chipdata.portraitScaler", nil).With("portrait", "is missing")
	}
	b := img.Bounds()
	if b.Dx() < portraitWidth || b.Dy() < portraitHeight || b.Dx() > maxSource || b.Dy() > maxSource {
		return nil, pictureUnusable.At("chipdata.portraitScaler", nil).With("portrait", "%d x %d pixels, allowed are %d x %d to %d a side", b.Dx(), b.Dy(), portraitWidth, portraitHeight, maxSource)
	}
	paper, ok := img.(*image.RGBA) // which the kernel reads quickly, each dot many times
	if !ok || !paper.Opaque() {
		paper = image.NewRGBA(b)
		draw.Draw(paper, b, image.White, image.Point{}, draw.Src)
		draw.Draw(paper, b, img, b.Min, draw.Over)
	}
	return func(s Size) image.Image {
		part := b
		if w := b.Dy() * s.Width / s.Height; w < b.Dx() {
			part.Min.X += (b.Dx() - w) / 2
			part.Max.X = part.Min.X + w
		} else {
			h := b.Dx() * s.Height / s.Width
			part.Min.Y += (b.Dy() - h) / 2
			part.Max.Y = part.Min.Y + h
		}
		dst := image.NewRGBA(image.Rect(0, 0, s.Width, s.Height))
		draw.CatmullRom.Scale(dst, dst.Rect, paper, part, draw.Src, nil)
		return dst
	}, nil
}

// signatureScaler checks the signature, cuts it to its ink and scales it, dark on white, into
// the middle of the pixel size.
func signatureScaler(img image.Image) (scaler, error) {
	const op = "chipdata.signatureScaler"
	if img == nil {
		return nil, pictureUnusable.At(op, nil).With("signature", "is missing")
	}
	b := img.Bounds()
	if b.Dx() < signatureWidth || b.Dy() < signatureHeight || b.Dx() > maxSource || b.Dy() > maxSource {
		return nil, pictureUnusable.At(op, nil).With("signature", "%d x %d pixels, allowed are %d x %d to %d a side", b.Dx(), b.Dy(), signatureWidth, signatureHeight, maxSource)
	}
	paper := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(paper, paper.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(paper, paper.Bounds(), img, b.Min, draw.Over)
	ink := inkBox(paper)
	if ink.Empty() {
		return nil, pictureUnusable.At(op, nil).With("signature", "holds no ink")
	}
	margin := max(ink.Dx(), ink.Dy()) * inkMarginPct / 100
	ink = ink.Inset(-margin).Intersect(paper.Bounds())
	return func(s Size) image.Image {
		w, h := s.Width, ink.Dy()*s.Width/ink.Dx()
		if h > s.Height {
			w, h = ink.Dx()*s.Height/ink.Dy(), s.Height
		}
		at := image.Pt((s.Width-w)/2, (s.Height-h)/2)
		dst := image.NewGray(image.Rect(0, 0, s.Width, s.Height))
		draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
		draw.CatmullRom.Scale(dst, image.Rectangle{at, at.Add(image.Pt(max(w, 1), max(h, 1)))}, paper, ink, draw.Src, nil)
		return dst
	}, nil
}

// inkBox is the smallest rectangle around the ink; empty when there is none.
func inkBox(g *image.Gray) image.Rectangle {
	darkest, lightest := slices.Min(g.Pix), slices.Max(g.Pix)
	contrast := int(lightest) - int(darkest)
	if contrast < inkContrast {
		return image.Rectangle{}
	}
	limit := uint8(int(lightest) - contrast/inkShare)
	var box image.Rectangle
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			if g.Pix[y*g.Stride+x] <= limit {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// isBelow reports whether another choice of minutiae may still help.
func isBelow(err error) bool { return fault.Is(err, photoBelowFloor) }
