package chipdata

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/ktp"
)

// cardFile is a reader of what a card holds, with a good file of its kind.
type cardFile struct {
	name string
	good []byte
	// again reads a file and writes what it has read.
	again func(b []byte) ([]byte, error)
	// forms says why a file that is accepted may come back in another form; empty: what is
	// accepted comes back to the byte.
	forms string
}

// cardFiles are all readers of files. EF.SOD, which is not written without a key, has its own test.
func cardFiles(t testing.TB) []cardFile {
	t.Helper()
	must := func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p, err := LoadProfile("ktpel-op-1-32k")
	if err != nil {
		t.Fatal(err)
	}
	and := details()
	and.Issue = &IssueDetails{IssueDate: date, PersonalizedAt: date, Station: "S"}
	others := details()
	others.Names = append(others.Names, "SANTOSO B", "BUDI S")
	dg11 := func(b []byte) ([]byte, error) {
		v, err := ParseDG11(b)
		if err != nil {
			return nil, err
		}
		return EncodeDG11(v), nil
	}
	return []cardFile{
		{"EF.COM", EncodeCOM([]int{1, 2}), func(b []byte) ([]byte, error) {
			c, err := ParseCOM(b)
			if err != nil {
				return nil, err
			}
			return EncodeCOM(c.DataGroups), nil
		}, "other versions of the LDS are read and not kept"},
		{"DG1", must(EncodeDG1(mrzPerson("BUDI SANTOSO"))), func(b []byte) ([]byte, error) {
			m, err := ParseDG1(b)
			if err != nil {
				return nil, err
			}
			return AppendTLV(nil, 0x61, AppendTLV(nil, 0x5F1F, []byte(strings.Join(m.Lines[:], ""))...)...), nil
		}, ""},
		{"DG2", must(EncodeDG2(Face{Image: []byte{0xFF, 0x4F, 0xFF, 0x51, 0}, MIME: mimeJ2C, Width: 2, Height: 3, Sex: ktp.Male})), func(b []byte) ([]byte, error) {
			v, err := ParseDG2(b)
			if err != nil || v.Width == 0 || v.Height == 0 { // the sizes may be left out, and are never written so
				return b, err
			}
			return EncodeDG2(v)
		}, "header versions, feature points and the description of the face are read over"},
		{"DG7", EncodeDG7([]byte{0xFF, 0xD8, 0xFF}), func(b []byte) ([]byte, error) {
			img, _, err := ParseDG7(b)
			if err != nil {
				return nil, err
			}
			return EncodeDG7(img), nil
		}, ""},
		{"DG11", EncodeDG11(details()), dg11, "dates may be BCD, fields in any order"},
		{"DG11 with issue data", EncodeDG11(and), dg11, "dates may be BCD, fields in any order"},
		{"DG11 with other names", EncodeDG11(others), dg11, "dates may be BCD, fields in any order"},
		{"DG12", EncodeDG12(IssueDetails{"A", date, date, "S"}), func(b []byte) ([]byte, error) {
			v, err := ParseDG12(b)
			if err != nil {
				return nil, err
			}
			return EncodeDG12(v), nil
		}, "dates may be BCD, fields in any order"},
		{"DG13", must(EncodeDG13(manifest())), func(b []byte) ([]byte, error) {
			v, err := ParseDG13(b)
			if err != nil {
				return nil, err
			}
			return EncodeDG13(v)
		}, ""},
		{"DG14", must(EncodeDG14(base(t))), func(b []byte) ([]byte, error) {
			v, err := ParseDG14(b)
			if err != nil {
				return nil, err
			}
			return EncodeDG14(v)
		}, ""},
		{"DG15", must(EncodeDG15(base(t))), func(b []byte) ([]byte, error) {
			v, err := ParseDG15(b)
			if err != nil {
				return nil, err
			}
			return EncodeDG15(v)
		}, ""},
		{"finger", must(EncodeFingerFile(fingerOf(2, 3))), func(b []byte) ([]byte, error) {
			v, err := ParseFingerFile(b)
			if err != nil {
				return nil, err
			}
			return EncodeFingerFile(v.Record)
		}, "header versions and the tag of an enciphered block are read over"},
		{"EF.BIO", EncodeBIO(biodataOf(ktp.Person{
			NIK: "3173041708901234", Names: []string{"BUDI"}, BirthPlace: "B", BirthDate: date, Sex: ktp.Female, Street: "S", RT: "001", RW: "002", Village: "V",
			District: "D", Regency: "R", Province: "P", Religion: 3, Marital: 4, Blood: 13, Occupation: "O", Nationality: "IDN", Validity: ktp.Lifelong,
		})), func(b []byte) ([]byte, error) {
			v, err := ParseBIO(b)
			if err != nil {
				return nil, err
			}
			return EncodeBIO(v), nil
		}, ""},
		{"EF.PROF", EncodePROF(p, ktp.AttemptID{1}, MarkerWritten), func(b []byte) ([]byte, error) {
			v, err := ParsePROF(b)
			if err != nil {
				return nil, err
			}
			return EncodePROF(&Profile{ID: v.ID, Version: v.Version, Revision: v.Revision}, v.Attempt, v.Marker), nil
		}, ""},
	}
}

// malleable says how a file that is accepted can stand in two forms, or "".
func (c cardFile) malleable(b []byte) string {
	out, err := c.again(b)
	switch {
	case err != nil && fault.Is(err, fileMalformed):
		return ""
	case err != nil:
		return fmt.Sprintf("%X: %v", b, err)
	case bytes.Equal(out, b):
		return ""
	case c.forms == "":
		return fmt.Sprintf("%X came back as %X", b, out)
	}
	// Other forms are read; what is written has one.
	if third, err := c.again(out); err != nil || !bytes.Equal(third, out) {
		return fmt.Sprintf("%X came back as %X, then as %X: %v", b, out, third, err)
	}
	return ""
}

// allocates is how many bytes f takes from the heap, whatever is given back; 0 when they are not more
// than most. What others take at the same time is counted too, so a figure above most is
// believed when it comes every time.
func allocates(most uint64, f func()) (least uint64) {
	const tries = 10
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	for range tries {
		metrics.Read(s)
		before := s[0].Value.Uint64()
		f()
		metrics.Read(s)
		got := s[0].Value.Uint64() - before
		if got <= most {
			return 0
		}
		if least == 0 || got < least {
			least = got
		}
	}
	return least
}

// What a reader may take from the heap for a file of n bytes. Nothing that a length field claims
// is reserved before the bytes are there; the constant covers certificates and what else runs.
func allowance(n int) uint64 { return 256<<10 + 64*uint64(n) }

// Good files are accepted and come back to the byte.
func TestReadersAcceptGoodFiles(t *testing.T) {
	t.Parallel()
	for _, c := range cardFiles(t) {
		if out, err := c.again(c.good); err != nil || !bytes.Equal(out, c.good) {
			t.Errorf("%s: %X came back as %X, %v", c.name, c.good, out, err)
		}
	}
}

// Files with wrong lengths: cut at every place, one byte longer, and with every byte in turn
// made a long length, a short one, and another value. None is accepted in two forms.
func TestReadersHostileLengths(t *testing.T) {
	t.Parallel()
	for _, c := range cardFiles(t) {
		for n := range c.good {
			if _, err := c.again(c.good[:n:n]); !fault.Is(err, fileMalformed) {
				t.Errorf("%s, cut to %d bytes: %v", c.name, n, err)
			}
			for _, v := range []byte{0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xFF, c.good[n] + 1, c.good[n] - 1} {
				b := bytes.Clone(c.good)
				b[n] = v
				if why := c.malleable(b); why != "" {
					t.Errorf("%s, byte %d made %02X: %s", c.name, n, v, why)
				}
			}
			// A length of two and of four bytes in the place of one.
			for _, long := range [][]byte{{0x82, 0xFF, 0xFF}, {0x84, 0x7F, 0xFF, 0xFF, 0xFF}, {0x80}} {
				b := append(append(bytes.Clone(c.good[:n]), long...), c.good[n+1:]...)
				if why := c.malleable(b); why != "" {
					t.Errorf("%s, %X at byte %d: %s", c.name, long, n, why)
				}
			}
		}
		if _, err := c.again(append(bytes.Clone(c.good), 0)); !fault.Is(err, fileMalformed) {
			t.Errorf("%s with a byte behind it: %v", c.name, err)
		}
	}
}

// The longest files that a card can give do not make a reader take more memory than they have.
//
//nolint:paralleltest // counts what is allocated
func TestReadersMemory(t *testing.T) {
	for name, b := range map[string][]byte{
		"zeros":            make([]byte, maxTLV),
		"empty objects":    bytes.Repeat([]byte{0x61, 0x00}, maxTLV/2),
		"a long length":    {0x6B, 0x82, 0xFF, 0xFF},
		"nested":           nested(0x61),
		"nested templates": nested(0x7F61),
	} {
		for _, c := range cardFiles(t) {
			for _, file := range [][]byte{b, append(bytes.Clone(c.good[:2]), b...)} {
				if got := allocates(allowance(len(file)), func() { _, _ = c.again(file) }); got > 0 {
					t.Errorf("%s, %s: %d bytes for %d", c.name, name, got, len(file))
				}
			}
		}
	}
}

// nested is one data object in another until the longest length is reached.
func nested(tag uint16) []byte {
	var b []byte
	for len(b) < maxTLV-8 {
		next := AppendTLV(nil, tag, b...)
		if len(next) > 4096 { // deep enough; the rest is one long value
			return AppendTLV(nil, tag, append(next, make([]byte, maxTLV-8-len(next)-8)...)...)
		}
		b = next
	}
	return b
}

// Every reader takes any bytes, and only so much memory.
func FuzzReaders(f *testing.F) {
	files := cardFiles(f)
	for _, c := range files {
		f.Add(c.good)
		f.Add(c.good[:len(c.good)/2])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, c := range files {
			var why string
			got := allocates(3*allowance(len(b)), func() { why = c.malleable(b) }) // read up to twice, written up to twice
			if why != "" {
				t.Fatalf("%s: %s", c.name, why)
			}
			if got > 0 {
				t.Fatalf("%s: %d bytes allocated for %d", c.name, got, len(b))
			}
		}
		if _, err := ParseSOD(b); err == nil {
			t.Fatal("a SOD without a signer's key")
		}
	})
}

// A JPEG of a scan too many is refused by their number, and not when a decoder has come to the one that is damaged.
func TestJPEGOfTooManyScans(t *testing.T) {
	t.Parallel()
	good, err := JPEG{}.Encode(image.NewGray(image.Rect(0, 0, 24, 32)), 2000)
	if err != nil {
		t.Fatal(err)
	}
	bomb := slices.Concat(good[:len(good)-2], bytes.Repeat([]byte{0xFF, 0xDA, 0, 8, 1, 9, 0, 0, 63, 0}, ktp.MostScans))
	_, err = JPEG{}.Decode(bomb)
	if e, ok := errors.AsType[*fault.Error](err); !ok || e.Detail != "101 scans, at most 100" {
		t.Errorf("%v", err)
	}
}

// A JPEG of any bytes is an error or a picture within the limits, in bounded memory.
func FuzzJPEG(f *testing.F) {
	good, err := JPEG{}.Encode(image.NewGray(image.Rect(0, 0, 24, 32)), 2000)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	colored, err := JPEG{}.Encode(image.NewNRGBA(image.Rect(0, 0, 17, 9)), 2000)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(colored)
	// Four planes of the largest picture, with the coefficients of a progressive one.
	const most = 4 * jpegMaxPixels * jpegMaxPixels * (1 + 4) * 2
	f.Fuzz(func(t *testing.T, b []byte) {
		var img image.Image
		var err error
		got := allocates(most, func() { img, err = JPEG{}.Decode(b) })
		if got > 0 {
			t.Fatalf("%d bytes allocated for %d", got, len(b))
		}
		if err != nil {
			if !fault.Is(err, fileMalformed) {
				t.Fatal(err)
			}
			return
		}
		if r := img.Bounds(); r.Dx() > jpegMaxPixels || r.Dy() > jpegMaxPixels {
			t.Fatalf("%v", r)
		}
	})
}
