package openjpeg

import (
	"bytes"
	"encoding/binary"
)

// Limits of a picture that C may see.
const (
	maxBytes       = 64 << 10
	maxSide        = 2048 // pixels
	maxResolutions = 6
	maxLayers      = 32
)

// Markers of a codestream (ISO/IEC 15444-1, annex A).
const (
	markerSOC = 0xFF4F
	markerSIZ = 0xFF51
	markerCOD = 0xFF52
	markerQCD = 0xFF5C
	markerCOM = 0xFF64
	markerSOT = 0xFF90
)

// Header is what a picture says of itself before it is decoded.
type Header struct {
	Width, Height int
	Components    int  // 1 gray or 3 sRGB, 8 bits each
	Box           bool // a JP2 file, not a bare codestream
}

// Check reads the headers of a JP2 file or a bare codestream and refuses what is outside the
// limits with fault code openjpeg.outside_limits: 64 KiB, 2,048 x 2,048 pixels, 1 or 3
// components of 8 bits without subsampling, one tile in one part, at most 6 resolutions, no
// own precincts, code blocks of 16 to 64 pixels a side, no palette. A SIZ marker that declares
// 65,025 tiles would make the library allocate 784 MB, the largest picture in code blocks of 4 x 4
// 360 MB before it looks at the first of them (measured), so nothing reaches it unchecked.
func Check(b []byte) (Header, error) {
	h, reason := check(b)
	if reason != "" {
		return Header{}, outsideLimits.At("openjpeg.Check", nil).With("picture", "%s", reason)
	}
	return h, nil
}

func check(b []byte) (h Header, reason string) {
	if len(b) > maxBytes {
		return h, "it has more than 65,536 bytes"
	}
	if len(b) >= 2 && binary.BigEndian.Uint16(b) == markerSOC {
		return checkStream(b)
	}
	stream, reason := boxes(b)
	if reason != "" {
		return h, reason
	}
	h, reason = checkStream(stream)
	h.Box = true
	return h, reason
}

// checkStream walks the main header from SOC to the one SOT.
func checkStream(b []byte) (h Header, reason string) {
	at := 2
	seen := map[int]int{}
	for {
		if len(b)-at < 4 {
			return h, "the main header is cut short"
		}
		marker, n := int(binary.BigEndian.Uint16(b[at:])), int(binary.BigEndian.Uint16(b[at+2:]))
		if n < 2 || n > len(b)-at-2 {
			return h, "a marker segment is cut short"
		}
		body := b[at+4 : at+2+n]
		seen[marker]++
		if (at == 2) != (marker == markerSIZ) || (seen[marker] > 1 && marker != markerCOM) {
			return h, "a marker is out of place"
		}
		switch marker {
		case markerSIZ:
			if h, reason = checkSIZ(body); reason != "" {
				return h, reason
			}
		case markerCOD:
			if reason = checkCOD(body); reason != "" {
				return h, reason
			}
		case markerQCD, markerCOM:
		case markerSOT:
			if seen[markerCOD] == 0 || seen[markerQCD] == 0 {
				return h, "coding style or quantization is missing"
			}
			return h, checkSOT(body, b[at:])
		default:
			return h, "a marker that the profile of the card does not use"
		}
		at += 2 + n
	}
}

// checkSIZ: Rsiz 2, Xsiz 4, Ysiz 4, XOsiz 4, YOsiz 4, XTsiz 4, YTsiz 4, XTOsiz 4, YTOsiz 4,
// Csiz 2, then depth, dx, dy of each component.
func checkSIZ(b []byte) (h Header, reason string) {
	const fixed, perComponent = 36, 3
	if len(b) < fixed {
		return h, "SIZ is cut short"
	}
	word := func(i int) uint32 { return binary.BigEndian.Uint32(b[2+4*i:]) }
	w, ht := word(0), word(1)
	n := int(binary.BigEndian.Uint16(b[34:]))
	switch {
	case w < 1 || ht < 1 || w > maxSide || ht > maxSide:
		return h, "it has no pixel or more than 2,048 a side"
	case word(2) != 0 || word(3) != 0 || word(6) != 0 || word(7) != 0:
		return h, "picture or tile do not begin at the origin"
	case word(4) < w || word(5) < ht || word(4) > 1<<16 || word(5) > 1<<16:
		return h, "it has more than one tile"
	case n != 1 && n != 3:
		return h, "it has neither one nor three components"
	case len(b) != fixed+n*perComponent:
		return h, "SIZ has the wrong length"
	}
	for i := range n {
		if !bytes.Equal(b[fixed+i*perComponent:fixed+(i+1)*perComponent], []byte{7, 1, 1}) {
			return h, "a component is not 8 bits without subsampling"
		}
	}
	return Header{Width: int(w), Height: int(ht), Components: n}, ""
}

// checkCOD: Scod 1, progression 1, layers 2, component transform 1, levels 1, code block width
// and height 1 each, style 1, wavelet 1.
func checkCOD(b []byte) string {
	const size, ownPrecincts, minBlock, maxBlock = 10, 1, 2, 4 // code blocks have 4 << n pixels a side
	if len(b) != size || b[0]&ownPrecincts != 0 {
		return "it has precincts of its own"
	}
	layers := int(binary.BigEndian.Uint16(b[2:]))
	switch {
	case b[1] > 4 || b[4] > 1 || b[9] > 1:
		return "an unknown coding style"
	case layers < 1 || layers > maxLayers:
		return "it has no layer or more than 32"
	case b[5] > maxResolutions-1:
		return "it has more than 6 resolutions"
	case b[6] < minBlock || b[7] < minBlock || b[6] > maxBlock || b[7] > maxBlock:
		return "its code blocks are smaller than 16 x 16 or larger than 64 x 64"
	}
	return ""
}

// checkSOT: Isot 2, Psot 4, TPsot 1, TNsot 1; the one tile part reaches to the EOC.
func checkSOT(b, rest []byte) string {
	const size, eoc = 8, 2
	if len(b) != size || binary.BigEndian.Uint16(b) != 0 || b[6] != 0 || b[7] > 1 {
		return "it has more than one tile part"
	}
	if n := binary.BigEndian.Uint32(b[2:]); n != 0 && uint64(n)+eoc != uint64(len(rest)) {
		return "the tile part does not end with the picture"
	}
	return ""
}

// boxes walks a JP2 file (ISO/IEC 15444-1, annex I): signature, file type, header with ihdr and
// colr alone, the codestream last.
func boxes(b []byte) (stream []byte, reason string) {
	for i, want := range []string{"jP  ", "ftyp", "jp2h", "jp2c"} {
		kind, body, rest, ok := box(b)
		if !ok || kind != want {
			return nil, "neither a codestream nor a JP2 file of the four plain boxes"
		}
		switch i {
		case 0:
			if string(body) != "\r\n\x87\n" {
				return nil, "the JP2 signature is wrong"
			}
		case 1:
			if len(body) < 8 || len(body)%4 != 0 {
				return nil, "the file type box has the wrong length"
			}
		case 2:
			if reason := checkJP2H(body); reason != "" {
				return nil, reason
			}
		case 3:
			if len(rest) > 0 || len(body) < 2 || binary.BigEndian.Uint16(body) != markerSOC {
				return nil, "the codestream is not the last box"
			}
			return body, ""
		}
		b = rest
	}
	return nil, "no codestream"
}

func checkJP2H(b []byte) string {
	const ihdrSize, enumSize = 14, 7
	kind, body, rest, ok := box(b)
	if !ok || kind != "ihdr" || len(body) != ihdrSize {
		return "the image header box is missing"
	}
	kind, body, rest, ok = box(rest)
	if !ok || kind != "colr" || len(body) != enumSize || body[0] != 1 || len(rest) > 0 {
		return "beside the image header there is more than one plain color box"
	}
	return ""
}

func box(b []byte) (kind string, body, rest []byte, ok bool) {
	const header = 8
	if len(b) < header {
		return "", nil, nil, false
	}
	n := uint64(binary.BigEndian.Uint32(b))
	kind = string(b[4:header])
	if n == 0 && kind == "jp2c" { // to the end of the file
		n = uint64(len(b))
	}
	if n < header || n > uint64(len(b)) {
		return "", nil, nil, false
	}
	return kind, b[header:n], b[n:], true
}
