package people

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"blanko/ktp"
)

const office = "61.05" // Kabupaten Sintang

func generator(t testing.TB, seed int64) *Generator {
	t.Helper()
	g, err := New(seed, office)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestUnknownOfficeIsRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "61", "61.99", "61.05.01", "sintang"} {
		if _, err := New(1, code); err == nil {
			t.Errorf("%q: accepted", code)
		}
	}
}

// A resident is the same whoever was made before, and by another generator of the same seed.
func TestResidentsDependOnSeedAndIndexAlone(t *testing.T) {
	t.Parallel()
	a, b, other := generator(t, 7), generator(t, 7), generator(t, 8)
	for i := range 5 {
		if _, err := a.Resident(i); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range []int{5, 123456} {
		x, err := a.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(x, y) {
			t.Errorf("resident %d differs", i)
		}
		z, err := other.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(x.Portrait.Data, z.Portrait.Data) || bytes.Equal(x.Signature.Data, z.Signature.Data) || x.Person.NIK == z.Person.NIK {
			t.Errorf("resident %d is the same under another seed", i)
		}
		if x.Person.NIK != a.Person(i).NIK {
			t.Errorf("resident %d: Person and Resident disagree", i)
		}
	}
}

// Two offices have other residents, down to the fingers.
func TestOfficesShareNobody(t *testing.T) {
	t.Parallel()
	a := generator(t, 7)
	b, err := New(7, "61.71")
	if err != nil {
		t.Fatal(err)
	}
	x, _, err := a.Fingers(3)
	if err != nil {
		t.Fatal(err)
	}
	y, _, err := b.Fingers(3)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(x[0].Best60, y[0].Best60) {
		t.Error("the fingers are the same")
	}
}

// NIK: PPKKCC of a district of the list, the day of a woman plus 40, the serial not 0, unique;
// every printed value follows the rule of the card's text.
func TestPersons(t *testing.T) {
	t.Parallel()
	g := generator(t, 7)
	const count = 30000
	seen := make(map[ktp.NIK]int, count)
	found := map[string]int{}
	dates := map[string]int{}
	for i := range count {
		p := g.Person(i)
		if _, err := ktp.ParseNIK(p.NIK.Digits()); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if j, twice := seen[p.NIK]; twice {
			t.Fatalf("residents %d and %d share a NIK", j, i)
		}
		seen[p.NIK] = i
		dates[p.BirthDate.Format("01-02")]++
		switch w := p.NIK.Warnings(p.BirthDate, p.Sex, ktp.Regions().KnownDistrict); {
		case len(w) == 0:
		case slices.Equal(w, []string{"nik_date_differs"}):
			found["corrected"]++
		default:
			t.Fatalf("%d: %v", i, w)
		}
		if strings.HasPrefix(p.NIK.District(), office) {
			found["own district"]++
		}
		for name, v := range map[string]string{
			"name": p.Names[0], "birthplace": p.BirthPlace, "street": p.Street, "village": p.Village, "district": p.District,
			"regency": p.Regency, "province": p.Province, "occupation": p.Occupation, "citizenship": p.Citizenship, "validity": p.Validity,
		} {
			if err := ktp.CheckText(v); err != nil || v == "" {
				t.Fatalf("%d: %s %q: %v", i, name, v, err)
			}
		}
		if len(p.Names) != 1 || utf8.RuneCountInString(p.Names[0]) > 60 || len(p.Occupation) > 27 || len(p.FamilyCard) != 16 {
			t.Fatalf("%d: names %d, %d letters, occupation %q, family card %q", i, len(p.Names), utf8.RuneCountInString(p.Names[0]), p.Occupation, p.FamilyCard)
		}
		place, ok := ktp.Regions().Place(p.RegionCode)
		if !ok || place.Village.CardName() != p.Village || place.Regency.CardName() != p.Regency || p.Regency != "KABUPATEN SINTANG" {
			t.Fatalf("%d: region %s", i, p.RegionCode)
		}
		if y := p.BirthDate.Year(); y < firstBirthYear || y > lastBirthYear || p.BirthDate.Hour() != 0 || p.BirthDate.Location() != time.UTC {
			t.Fatalf("%d: born %v", i, p.BirthDate)
		}
		if _, ok := ktp.Words(ktp.Religions, byte(p.Religion)); !ok {
			t.Fatalf("%d: religion %d", i, p.Religion)
		}
		if _, ok := ktp.Words(ktp.MaritalStatuses, byte(p.Marital)); !ok {
			t.Fatalf("%d: marital status %d", i, p.Marital)
		}
		if _, ok := ktp.Words(ktp.BloodTypes, byte(p.Blood)); !ok {
			t.Fatalf("%d: blood %d", i, p.Blood)
		}
		if p.Foreign() {
			found["foreign"]++
			if c, ok := ktp.CountryByCode(p.Nationality); !ok || c.Name != p.Citizenship || p.Validity == "SEUMUR HIDUP" {
				t.Fatalf("%d: %s %s %s", i, p.Nationality, p.Citizenship, p.Validity)
			}
		} else if p.Citizenship != "WNI" || p.Validity != "SEUMUR HIDUP" || ktp.CodeOf(ktp.Occupations, p.Occupation) == ktp.UnknownCode {
			t.Fatalf("%d: %s %s %s", i, p.Citizenship, p.Validity, p.Occupation)
		}
		switch n := utf8.RuneCountInString(p.Names[0]); {
		case n >= 57:
			found["longest name"]++
		case !strings.Contains(p.Names[0], " "):
			found["one word"]++
		}
		if strings.ContainsAny(p.Names[0], ".,") {
			found["title"]++
		}
		if strings.Contains(p.Names[0], "'") {
			found["apostrophe"]++
		}
		if strings.Contains(p.BirthPlace, "’") {
			found["curly apostrophe"]++
		}
	}
	for what, least := range map[string]int{
		"foreign": 400, "longest name": 50, "one word": 1000, "title": 500, "apostrophe": 300, "curly apostrophe": 300,
		"corrected": 400, "own district": count * 7 / 10,
	} {
		if found[what] < least {
			t.Errorf("%s: %d of %d, want at least %d", what, found[what], count, least)
		}
	}
	if found["foreign"] > count/25 {
		t.Errorf("%d foreign residents are not few", found["foreign"])
	}
	if len(dates) < 366 {
		t.Errorf("only %d days of the year are birthdays", len(dates))
	}
}

// The serial repeats after 9999 residents; the birth dates keep the numbers apart.
func TestSerialsThatRepeatHaveOtherBirthDates(t *testing.T) {
	t.Parallel()
	g := generator(t, 7)
	seen := map[string]int{}
	for block := range dayBlocks {
		p := g.Person(17 + block*serials)
		key := p.NIK.Digits()[8:]
		key = key[:0] + p.BirthDate.Format("020106") + key[4:]
		if j, twice := seen[key]; twice {
			t.Fatalf("blocks %d and %d share birth date and serial", j, block)
		}
		seen[key] = block
	}
}

// The background is red for an odd birth year and blue for an even one; the picture is a JPEG
// of the least size a center delivers; it has a face in the middle, not the background.
func TestPortraits(t *testing.T) {
	t.Parallel()
	g := generator(t, 7)
	for i := range 12 {
		r, err := g.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		if r.Portrait.MIME != "image/jpeg" || len(r.Portrait.Data) < 50_000 || len(r.Portrait.Data) > 110_000 {
			t.Errorf("%d: %v", i, r.Portrait)
		}
		img, err := jpeg.Decode(bytes.NewReader(r.Portrait.Data))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != image.Rect(0, 0, 480, 640) {
			t.Errorf("%d: %v", i, img.Bounds())
		}
		red, _, blue, _ := mean(img, image.Rect(4, 4, 60, 60))
		if odd := r.Person.BirthDate.Year()%2 == 1; odd != (red > blue) {
			t.Errorf("%d: born %d, background red %d blue %d", i, r.Person.BirthDate.Year(), red, blue)
		}
		red, green, blue, _ := mean(img, image.Rect(215, 300, 265, 330))
		if !(red > green && green > blue && red-blue < 140) {
			t.Errorf("%d: the middle of the face is %d %d %d, no skin", i, red, green, blue)
		}
	}
}

func mean(img image.Image, r image.Rectangle) (red, green, blue, n int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			a, b, c, _ := img.At(x, y).RGBA()
			red, green, blue, n = red+int(a>>8), green+int(b>>8), blue+int(c>>8), n+1
		}
	}
	return red / n, green / n, blue / n, n
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	g := generator(t, 7)
	for i := range 50 {
		s, err := g.signature(i)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(s.Data))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != image.Rect(0, 0, 336, 88) || s.MIME != "image/png" {
			t.Errorf("%d: %v %s", i, img.Bounds(), s.MIME)
		}
		dark, gray := 0, 0
		for _, v := range img.(*image.Gray).Pix {
			if v < 64 {
				dark++
			} else if v < 250 {
				gray++
			}
		}
		if share := dark * 1000 / (336 * 88); share < 10 || share > 150 || gray < 200 {
			t.Errorf("%d: %d per mille of ink, %d gray pixels", i, share, gray)
		}
	}
}

// One minutia of the public sample iso19794p2v2005-sample.dat of fingerprintio: ending, x 100,
// y 14, angle 50, quality 5A is 4064 000E 50 5A; left index of quality 90 begins 07 00 5A.
func TestFMRBytes(t *testing.T) {
	t.Parallel()
	b, err := encodeFMR(ktp.LeftIndex, 512, 512, 0x5A, []minutia{{kind: 1, x: 100, y: 14, angle: 0x50, quality: 0x5A}})
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("FMR\x00 20\x00\x00\x00\x00\x24\x00\x00\x02\x00\x02\x00\x00\xC5\x00\xC5\x01\x00\x07\x00\x5A\x01\x40\x64\x00\x0E\x50\x5A\x00\x00")
	if !bytes.Equal(b, want) {
		t.Errorf("%X\nwant %X", b, want)
	}
	if _, err := encodeFMR(ktp.LeftIndex, 512, 512, 0, make([]minutia, 256)); err == nil {
		t.Error("256 minutiae were written")
	}
	for _, m := range []minutia{{x: 512}, {y: 512}, {x: -1}} {
		if _, err := encodeFMR(ktp.LeftIndex, 512, 512, 0, []minutia{m}); err == nil {
			t.Errorf("%+v was written", m)
		}
	}
}

// read takes a record of one view apart, by the offsets of the standard.
func read(t *testing.T, b []byte) (finger ktp.Finger, list []minutia) {
	t.Helper()
	if len(b) < 30 || string(b[:8]) != "FMR\x00 20\x00" || int(binary.BigEndian.Uint32(b[8:])) != len(b) || b[22] != 1 ||
		binary.BigEndian.Uint16(b[18:]) != 197 || len(b) != 30+6*int(b[27]) {
		t.Fatalf("no finger record of one view: % X", b[:min(30, len(b))])
	}
	w, h := int(binary.BigEndian.Uint16(b[14:])), int(binary.BigEndian.Uint16(b[16:]))
	for n := range int(b[27]) {
		m := b[28+6*n:]
		one := minutia{kind: m[0] >> 6, x: int(binary.BigEndian.Uint16(m) & 0x3FFF), y: int(binary.BigEndian.Uint16(m[2:])), angle: m[4], quality: m[5]}
		if one.x >= w || one.y >= h || one.quality > 100 || one.kind < 1 || one.kind > 2 {
			t.Fatalf("minutia %d: %+v", n, one)
		}
		list = append(list, one)
	}
	return ktp.Finger(b[24]), list
}

func TestFingers(t *testing.T) {
	t.Parallel()
	g := generator(t, 7)
	const count = 1500
	found := map[string]int{}
	for i := range count {
		slots, missing, err := g.Fingers(i)
		if err != nil {
			t.Fatal(err)
		}
		excused := map[ktp.Finger]bool{}
		for _, m := range missing {
			excused[m.Finger] = true
			if Presence(m.Reason) == "" {
				t.Errorf("%d: reason %d has no word", i, m.Reason)
			}
		}
		if slots[0].Empty() && slots[1].Empty() {
			found["none"]++
		}
		given := map[ktp.Finger]bool{slots[0].Finger: true, slots[1].Finger: true}
		for _, f := range []ktp.Finger{ktp.RightIndex, ktp.LeftIndex} {
			if given[f] == excused[f] {
				t.Fatalf("%d: %s given %v, excused %v", i, f, given[f], excused[f])
			}
		}
		for _, s := range slots {
			if s.Empty() {
				found["empty"]++
				continue
			}
			if s.Finger != ktp.RightIndex && s.Finger != ktp.LeftIndex {
				found["substitute"]++
			}
			f60, best60 := read(t, s.Best60)
			f40, best40 := read(t, s.Best40)
			if f60 != s.Finger || f40 != s.Finger || len(best60) != 60 || len(best40) != 40 {
				t.Fatalf("%d: %s: %s with %d, %s with %d", i, s.Finger, f60, len(best60), f40, len(best40))
			}
			worst := byte(100)
			for _, m := range best40 {
				if !slices.Contains(best60, m) {
					t.Fatalf("%d: %+v is in the 40 and not in the 60", i, m)
				}
				worst = min(worst, m.quality)
			}
			for _, m := range best60 {
				if !slices.Contains(best40, m) && m.quality > worst {
					t.Fatalf("%d: a better minutia is not among the 40", i)
				}
			}
			if s.Second == nil {
				found["no second"]++
				continue
			}
			fs, second := read(t, s.Second)
			if fs != s.Finger || len(second) < 40 || bytes.Equal(s.Second, s.Best60) {
				t.Fatalf("%d: second impression of %s with %d", i, fs, len(second))
			}
			same := 0
			for _, m := range second {
				if slices.Contains(best60, m) {
					same++
				}
			}
			if same > 10 {
				t.Errorf("%d: %d minutiae of the second impression are byte for byte those of the first", i, same)
			}
		}
	}
	for what, least := range map[string]int{"none": 1, "empty": 20, "substitute": 25, "no second": 150} {
		if found[what] < least || found[what] > count/2 {
			t.Errorf("%s: %d of %d", what, found[what], count)
		}
	}
}

// A finger has 68 to 82 true minutiae that do not stand on one another.
func TestMaster(t *testing.T) {
	t.Parallel()
	for i := range 50 {
		m := newMaster(newDice(1, i, "test"), ktp.RightIndex)
		if n := len(m.minutiae); n < masterFewest || n > masterMost {
			t.Errorf("%d minutiae", n)
		}
		for a, p := range m.minutiae {
			for _, q := range m.minutiae[:a] {
				if dx, dy := p.x-q.x, p.y-q.y; dx*dx+dy*dy < minSpacing*minSpacing {
					t.Fatalf("two minutiae stand on one another")
				}
			}
		}
	}
}

func BenchmarkPortrait(b *testing.B) {
	g := generator(b, 7)
	i := 0
	for b.Loop() {
		_, l := g.person(i)
		if _, err := g.portrait(i, l); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
