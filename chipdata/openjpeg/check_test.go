package openjpeg

import (
	"bytes"
	"encoding/binary"
	"testing"

	"blanko/fault"
)

// stream is a codestream up to its first tile byte, as the encoder writes it, of w x h pixels.
func stream(w, h, comps int) []byte {
	b := []byte{0xFF, 0x4F, 0xFF, 0x51}
	b = binary.BigEndian.AppendUint16(b, uint16(38+3*comps))
	b = append(b, 0, 0)
	for _, v := range []int{w, h, 0, 0, w, h, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	b = binary.BigEndian.AppendUint16(b, uint16(comps))
	for range comps {
		b = append(b, 7, 1, 1)
	}
	b = append(b, 0xFF, 0x52, 0, 12, 0, 0, 0, 1, 1, 5, 4, 4, 0, 0) // COD
	b = append(b, 0xFF, 0x5C, 0, 5, 0x42, 0x48, 0)                 // QCD
	return append(b, 0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93)
}

// The limits, each crossed alone. Offsets: SIZ body from 6, COD after it.
func TestCheckLimits(t *testing.T) {
	t.Parallel()
	good := stream(240, 320, 3)
	if h, err := Check(good); err != nil || h.Width != 240 || h.Height != 320 || h.Components != 3 {
		t.Fatalf("%+v, %v", h, err)
	}
	cod := bytes.Index(good, []byte{0xFF, 0x52})
	change := func(at int, v ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], v)
		return b
	}
	word := func(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
	tiles := bytes.Clone(good) // 255 x 255 tiles of one pixel: 784 MB in the library
	copy(tiles[8:], word(255))
	copy(tiles[12:], word(255))
	copy(tiles[24:], word(1))
	copy(tiles[28:], word(1))
	insert := func(segment ...byte) []byte { return bytes.Join([][]byte{good[:cod], segment, good[cod:]}, nil) }
	for name, b := range map[string][]byte{
		"empty": nil, "65,025 tiles": tiles, "64 KiB and a byte": append(bytes.Clone(good), make([]byte, maxBytes)...),
		"no width": change(8, word(0)...), "2,049 wide": change(8, word(2049)...), "huge": change(8, word(0xFFFFFFFF)...), "two tiles": change(24, word(239)...),
		"picture offset": change(16, word(1)...), "tile offset": change(32, word(1)...), "two components": change(40, 0, 2), "16,384 components": change(40, 0x40, 0),
		"12 bits": change(42, 11), "signed": change(42, 0x87), "subsampled": change(46, 2), "own precincts": change(cod+4, 1), "no layer": change(cod+6, 0, 0),
		"33 layers": change(cod+6, 0, 33), "7 resolutions": change(cod+9, 6), "large code block": change(cod+10, 5), "small code block": change(cod+11, 1), "unknown wavelet": change(cod+13, 2),
		"COC": insert(0xFF, 0x53, 0, 9, 0, 0, 5, 4, 4, 0, 0), "POC": insert(0xFF, 0x5F, 0, 9, 0, 0, 0, 1, 1, 1, 0), "PPM": insert(0xFF, 0x60, 0, 3, 0),
		"SIZ twice": insert(good[2:cod]...), "second tile": change(len(good)-9, 1), "second part": change(len(good)-4, 1), "part beyond the end": change(len(good)-8, word(500)...),
		"GIF": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
	} {
		if h, err := Check(b); !fault.Is(err, outsideLimits) {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
	for i := range len(good) - 2 {
		if _, err := Check(good[:i]); !fault.Is(err, outsideLimits) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
}

func TestCheckBoxes(t *testing.T) {
	t.Parallel()
	box := func(kind string, body ...byte) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
	}
	sign, kind := box("jP  ", '\r', '\n', 0x87, '\n'), box("ftyp", []byte("jp2 \x00\x00\x00\x00jp2 ")...)
	ihdr := box("ihdr", 0, 0, 0, 4, 0, 0, 0, 4, 0, 3, 7, 7, 0, 0)
	colr := box("colr", 1, 0, 0, 0, 0, 0, 16)
	code := box("jp2c", stream(4, 4, 3)...)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	if h, err := Check(join(sign, kind, box("jp2h", join(ihdr, colr)...), code)); err != nil || !h.Box {
		t.Fatalf("%+v, %v", h, err)
	}
	for name, b := range map[string][]byte{
		"palette":          join(sign, kind, box("jp2h", join(ihdr, colr, box("pclr", 0, 1, 3, 7, 7, 7, 0, 0, 0))...), code),
		"component map":    join(sign, kind, box("jp2h", join(ihdr, box("cmap", 0, 0, 1, 0), colr)...), code),
		"bits":             join(sign, kind, box("jp2h", join(ihdr, box("bpcc", 7, 7, 7), colr)...), code),
		"ICC profile":      join(sign, kind, box("jp2h", join(ihdr, box("colr", 2, 0, 0, 1, 2, 3, 4))...), code),
		"no header":        join(sign, kind, code),
		"two codestreams":  join(sign, kind, box("jp2h", join(ihdr, colr)...), code, code),
		"box in a box":     join(sign, kind, box("jp2h", join(ihdr, colr)...), box("jp2c", code...)),
		"length below 8":   join(sign, kind, []byte{0, 0, 0, 7, 'j', 'p', '2', 'h'}, code),
		"length beyond":    join(sign, kind, []byte{0xFF, 0, 0, 0, 'j', 'p', '2', 'h'}, code),
		"64-bit length":    join(sign, []byte{0, 0, 0, 1, 'f', 't', 'y', 'p', 0, 0, 0, 0, 0, 0, 0, 20}, code),
		"no file type":     join(sign, box("jp2h", join(ihdr, colr)...), code),
		"wrong signature":  join(box("jP  ", 1, 2, 3, 4), kind, box("jp2h", join(ihdr, colr)...), code),
		"short image head": join(sign, kind, box("jp2h", join(box("ihdr", 0, 0, 0, 4), colr)...), code),
	} {
		if h, err := Check(b); !fault.Is(err, outsideLimits) {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

// What passes is within every limit.
func FuzzCheck(f *testing.F) {
	f.Add(stream(4, 4, 1))
	f.Add(stream(240, 320, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := Check(b)
		if err != nil {
			if !fault.Is(err, outsideLimits) {
				t.Fatal(err)
			}
			return
		}
		if h.Width < 1 || h.Height < 1 || h.Width > maxSide || h.Height > maxSide || (h.Components != 1 && h.Components != 3) || len(b) > maxBytes {
			t.Fatalf("%+v", h)
		}
	})
}
