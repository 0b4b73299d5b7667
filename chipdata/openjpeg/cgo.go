//go:build cgo

package openjpeg

/*
#cgo pkg-config: libopenjp2
#include "j2k.h"
*/
import "C"

import (
	"errors"
	"image"
	"math"
	"unsafe"

	"blanko/chipdata"
)

// Codec is JPEG 2000: one tile, one layer, the 9/7 wavelet. It has no state.
type Codec struct{}

// New makes the codec; it fails only in a build without cgo.
func New() (*Codec, error) { return &Codec{}, nil }

// How a picture is fitted: the library's rate is a target. A portrait comes out within half a percent of it, a line
// on white up to 16 bytes over and 6 % under.
const (
	aimBelow   = 8    // bytes at least under the budget that the first try aims at
	aimPer     = 200  // or this part of the budget
	closePer   = 2    // percent of the budget that may stay unused
	lastTries  = 12   // while nothing fitted yet
	maxTries   = 5    // encodes
	roomFactor = 2    // room of one try, in targets: a try over the budget is measured, not cut
	roomMore   = 4096 // and bytes for the headers
	minTarget  = 64
	minSide    = 4 // pixels of the coarsest resolution
	errorBytes = 256
)

// Encode compresses to at most budget bytes: encode, measure, correct by secant, keep the
// largest result within the budget.
func (*Codec) Encode(img image.Image, budget int) ([]byte, error) {
	pix, w, h, comps := pixels(img)
	if w < 1 || h < 1 || w > maxSide || h > maxSide {
		return nil, outsideLimits.At("openjpeg.Codec.Encode", nil).With("picture", "%d x %d pixels", w, h)
	}
	if budget > maxBytes {
		budget = maxBytes
	}
	var best []byte
	fits, over := 0.0, math.Inf(1) // targets: the largest that fitted, the smallest that did not
	aim := float64(budget - max(aimBelow, budget/aimPer))
	target, lastTarget, lastSize := aim, 0.0, 0.0
	for try := 0; try < maxTries || best == nil && try < lastTries; try++ {
		target = min(max(target, minTarget), float64(len(pix))) // beyond the pixels the rate is 1 for all targets
		out, err := encode(pix, w, h, comps, target)
		if err != nil {
			return nil, err
		}
		size := float64(len(out))
		if len(out) <= budget {
			fits = max(fits, target)
			if len(out) > len(best) {
				best = out
			}
			if (budget-len(out))*100 <= budget*closePer {
				break
			}
		} else {
			over = min(over, target)
		}
		slope := size / target
		if s := (size - lastSize) / (target - lastTarget); try > 0 && s > 0 {
			slope = s
		}
		if try > 0 && size == lastSize && best != nil || target == minTarget && best == nil {
			break // a plateau: the picture has no more to give, or not even its headers fit
		}
		lastTarget, lastSize = target, size
		target += (aim - size) / slope
		if target <= fits || target >= over {
			target = (fits + min(over, 2*float64(budget))) / 2
		}
	}
	if best == nil {
		return nil, chipdata.ErrBudget
	}
	return best, nil
}

// Decode reads a bare codestream or a JP2 file that passes Check.
func (*Codec) Decode(b []byte) (image.Image, error) {
	h, err := Check(b)
	if err != nil {
		return nil, err
	}
	pix := make([]byte, h.Width*h.Height*h.Components)
	var msg [errorBytes]byte
	box := C.int(0)
	if h.Box {
		box = 1
	}
	ok := C.j2k_decode((*C.uint8_t)(unsafe.Pointer(&b[0])), C.size_t(len(b)), box, C.uint32_t(h.Width), C.uint32_t(h.Height), C.uint32_t(h.Components),
		(*C.uint8_t)(unsafe.Pointer(&pix[0])), (*C.char)(unsafe.Pointer(&msg[0])), errorBytes)
	if ok == 0 {
		return nil, libraryFailed.At("openjpeg.Codec.Decode", message(msg[:]))
	}
	if h.Components == 1 {
		return &image.Gray{Pix: pix, Stride: h.Width, Rect: image.Rect(0, 0, h.Width, h.Height)}, nil
	}
	out := image.NewRGBA(image.Rect(0, 0, h.Width, h.Height))
	for i := range h.Width * h.Height {
		copy(out.Pix[4*i:], pix[3*i:3*i+3])
		out.Pix[4*i+3] = 0xFF
	}
	return out, nil
}

// encode is one call of the library, aiming at target bytes.
func encode(pix []byte, w, h, comps int, target float64) ([]byte, error) {
	resolutions := 1
	for resolutions < maxResolutions && min(w, h)>>resolutions >= minSide {
		resolutions++
	}
	ratio := max(float64(len(pix))/target, 1)
	out := make([]byte, roomFactor*int(target)+roomMore)
	var msg [errorBytes]byte
	n := C.j2k_encode((*C.uint8_t)(unsafe.Pointer(&pix[0])), C.uint32_t(w), C.uint32_t(h), C.uint32_t(comps), C.int(resolutions), C.float(ratio),
		(*C.uint8_t)(unsafe.Pointer(&out[0])), C.size_t(len(out)), (*C.char)(unsafe.Pointer(&msg[0])), errorBytes)
	if n == 0 {
		return nil, libraryFailed.At("openjpeg.Codec.Encode", message(msg[:]))
	}
	return out[:n:n], nil
}

// pixels lays a picture out as interleaved bytes; none of one that is too large.
func pixels(img image.Image) (pix []byte, w, h, comps int) {
	w, h = img.Bounds().Dx(), img.Bounds().Dy()
	if w > maxSide || h > maxSide {
		return nil, w, h, 0
	}
	pix, comps = chipdata.Samples(img)
	return pix, w, h, comps
}

// message is the library's last word, without a picture's data.
func message(b []byte) error {
	for i, c := range b {
		if c == 0 || c == '\n' {
			b = b[:i]
			break
		}
	}
	if len(b) == 0 {
		return errors.New("OpenJPEG gave no reason")
	}
	return errors.New("OpenJPEG: " + string(b))
}
