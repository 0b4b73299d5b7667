package artwork

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"blanko/fault"
)

func TestFacesDoNotDependOnOrderOrNeighbours(t *testing.T) {
	t.Parallel()
	shared := load(t, "ktp-el-wni")
	in := budi()
	want, err := load(t, "ktp-el-wni").Front(in, 300)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 2 {
				got, err := shared.Front(in, 300)
				if err != nil || !bytes.Equal(got.Color.Pix, want.Color.Pix) || !bytes.Equal(got.Black.Pix, want.Black.Pix) {
					t.Errorf("another face (%v)", err)
				}
			}
		})
	}
	wait.Wait()
}

// Text, signature and NIK are black alone, pictures are color alone.
func TestLayersAreApart(t *testing.T) {
	t.Parallel()
	tm := load(t, "ktp-el-wni")
	for _, dpi := range []int{300, 600} {
		f, err := tm.Front(budi(), dpi)
		if err != nil {
			t.Fatal(err)
		}
		photo := tm.spec.Front.Portrait.dots(dpi)
		inks := 0
		for y := range f.Height {
			for x := range f.Width {
				in := x >= photo.Min.X && x < photo.Max.X && y >= photo.Min.Y && y < photo.Max.Y
				c, k := f.Color.NRGBAAt(x, y), f.Black.GrayAt(x, y).Y
				if k != 0 && k != 255 {
					t.Fatalf("%d dpi: mask at %d,%d is %d", dpi, x, y, k)
				}
				if k == 255 {
					inks++
				}
				if !in && (c.R != 255 || c.G != 255 || c.B != 255) {
					t.Fatalf("%d dpi: color %v at %d,%d", dpi, c, x, y)
				}
				if c.A != 255 {
					t.Fatalf("%d dpi: alpha %d at %d,%d", dpi, c.A, x, y)
				}
				if in && k != 0 {
					t.Fatalf("%d dpi: black on the photo at %d,%d", dpi, x, y)
				}
				// 1.2 mm at the edges stay free: a printer may lose up to 1 mm there.
				margin := dot(1.2, dpi)
				if k != 0 && (x < margin || y < margin || x >= f.Width-margin || y >= f.Height-margin) {
					t.Fatalf("%d dpi: ink at the edge, %d,%d", dpi, x, y)
				}
			}
		}
		if share := float64(inks) / float64(f.Width*f.Height); share < 0.02 || share > 0.15 {
			t.Errorf("%d dpi: %.1f %% of the card is black", dpi, 100*share)
		}
	}
}

func TestSpecimenChangesColorAlone(t *testing.T) {
	t.Parallel()
	tm, in := load(t, "ktp-el-wni"), budi()
	plain, err := tm.Front(in, 300)
	if err != nil {
		t.Fatal(err)
	}
	in.Specimen = true
	marked, err := tm.Front(in, 300)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(plain.Black.Pix, marked.Black.Pix) {
		t.Error("the marking touches the black mask")
	}
	n := 0
	for i := 0; i < len(plain.Color.Pix); i += 4 {
		if !bytes.Equal(plain.Color.Pix[i:i+4], marked.Color.Pix[i:i+4]) {
			n++
		}
	}
	if share := float64(n) / float64(plain.Width*plain.Height); share < 0.05 {
		t.Errorf("the marking covers only %.1f %% of the card", 100*share)
	}
}

func TestFrontRefuses(t *testing.T) {
	t.Parallel()
	wide, plain, tm := strings.Repeat("W", 60), budi(), load(t, "ktp-el-wni")
	for _, c := range []struct {
		name   string
		change func(*Input)
		dpi    int
		want   fault.Entry
		field  string
	}{
		{"resolution", func(*Input) {}, 203, resolutionUnsupported, "dpi"},
		{"no photo", func(in *Input) { in.Portrait = nil }, 300, portraitMissing, ""},
		{"empty photo", func(in *Input) { in.Portrait = portrait(0, 0, 1985, false) }, 300, portraitMissing, ""},
		{"short NIK", func(in *Input) { in.Person.NIK = "610501170885000" }, 300, valueInvalid, "nik"},
		{"letters in the NIK", func(in *Input) { in.Person.NIK = "61050117O8850003" }, 300, valueInvalid, "nik"},
		{"no name", func(in *Input) { in.Person.Names = nil }, 300, valueInvalid, "name"},
		{"no birth date", func(in *Input) { in.Person.BirthDate = day(1, 1, 1) }, 300, valueInvalid, "birth"},
		{"no issue date", func(in *Input) { in.IssueDate = day(1, 1, 1) }, 300, valueInvalid, "issue_date"},
		{"unknown religion", func(in *Input) { in.Person.Religion = 99 }, 300, valueInvalid, "religion"},
		{"unknown sex", func(in *Input) { in.Person.Sex = 'X' }, 300, valueInvalid, "sex"},
		{"foreign letters", func(in *Input) { in.Person.Village = "李" }, 300, valueInvalid, "village"},
		{"right-to-left mark", func(in *Input) { in.Person.Street = "JL. \u202eA" }, 300, valueInvalid, "street"},
		{"two lines at once", func(in *Input) { in.Person.Occupation = "GURU\nDOKTER" }, 300, valueInvalid, "occupation"},
		{"one endless word", func(in *Input) { in.Person.Names = []string{wide} }, 300, textDoesNotFit, "name"},
		{"wide name", func(in *Input) {
			in.Person.Names = []string{strings.TrimSpace(strings.Repeat("WWWWWWWWW ", 10))}
		}, 300, textDoesNotFit, "name"},
		{"long region", func(in *Input) { in.Person.Regency = wide }, 600, textDoesNotFit, "regency"},
		{"everything long", func(in *Input) {
			p := &in.Person
			for _, v := range []*string{&p.BirthPlace, &p.Street, &p.Village, &p.District, &p.Occupation, &p.Citizenship} {
				*v = "KAMPUANG TANJUANG KOTO MAMBANG SUNGAI DURIAN"
			}
			p.Names = []string{"RADEN MAS MUHAMMAD ABDURRAHMAN WIRANATAKUSUMAH DIPONEGORO"}
		}, 300, textDoesNotFit, "name"},
	} {
		in := plain
		c.change(&in)
		_, err := tm.Front(in, c.dpi)
		if !fault.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := err.(*fault.Error).Field; got != c.field {
			t.Errorf("%s: field %q, want %q", c.name, got, c.field)
		}
		for _, secret := range append(in.Person.Names, in.Person.NIK.Digits(), in.Person.Street, in.Person.Village) {
			if len(secret) > 2 && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error tells personal data", c.name)
			}
		}
	}
}

// A font of a design may lack a character that the rule of card values allows.
func TestFontOfADesignMayLackACharacter(t *testing.T) {
	t.Parallel()
	tm, err := ParseTemplate(changed(t, "ktp-el-wni", "text: LiberationSans-Regular.ttf", "text: OCRA.ttf"))
	if err == nil {
		in := budi()
		in.Person.Names = []string{"ŐRS’"}
		_, err = tm.Front(in, 300)
		if !fault.Is(err, valueInvalid) || err.(*fault.Error).Field != "name" {
			t.Errorf("error %v", err)
		}
		return
	}
	if !fault.Is(err, templateInvalid) {
		t.Errorf("error %v", err)
	}
}
