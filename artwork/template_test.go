package artwork

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/ktp"
)

func load(t testing.TB, name string) *Template {
	t.Helper()
	tm, err := LoadTemplate(name)
	if err != nil {
		t.Fatal(err)
	}
	return tm
}

// changed is an embedded template with one passage replaced.
func changed(t testing.TB, name, from, to string) []byte {
	t.Helper()
	b, err := templates.ReadFile("templates/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(from)) {
		t.Fatalf("%s does not hold %q", name, from)
	}
	return bytes.Replace(b, []byte(from), []byte(to), 1)
}

func TestEmbeddedTemplates(t *testing.T) {
	t.Parallel()
	if got := strings.Join(Names(), " "); got != "ktp-el-oa ktp-el-wni" {
		t.Errorf("templates: %s", got)
	}
	in := budi()
	for _, name := range Names() {
		tm := load(t, name)
		if tm.Name() != name || tm.Version() < 1 || tm.PrintsBack() {
			t.Errorf("%s: name %q, version %d, back %v", name, tm.Name(), tm.Version(), tm.PrintsBack())
		}
		if back, err := tm.Back(in, 300); back != nil || err != nil {
			t.Errorf("%s prints a back: %v", name, err)
		}
		// ID-1 in whole dots, ISO/IEC 7810.
		for _, size := range []struct{ dpi, w, h int }{{300, 1011, 638}, {600, 2022, 1275}} {
			f, err := tm.Front(in, size.dpi)
			if err != nil {
				t.Fatal(err)
			}
			if f.Width != size.w || f.Height != size.h || f.DPI != size.dpi ||
				f.Color.Rect.Size() != f.Black.Rect.Size() || f.Color.Rect.Dx() != size.w || f.Color.Rect.Dy() != size.h {
				t.Errorf("%s at %d dpi: %d x %d", name, size.dpi, f.Width, f.Height)
			}
		}
	}
	for _, name := range []string{"", "ktp-el", "../templates/ktp-el-wni", "ktp-el-wni.yaml"} {
		if _, err := LoadTemplate(name); !fault.Is(err, templateUnknown) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestHashFollowsTheFile(t *testing.T) {
	t.Parallel()
	wni, again, oa := load(t, "ktp-el-wni"), load(t, "ktp-el-wni"), load(t, "ktp-el-oa")
	if wni.Hash() != again.Hash() {
		t.Error("one file has two hashes")
	}
	if wni.Hash() == oa.Hash() {
		t.Error("two files have one hash")
	}
	other, err := ParseTemplate(changed(t, "ktp-el-wni", "angle: 24", "angle: 25"))
	if err != nil {
		t.Fatal(err)
	}
	if other.Hash() == wni.Hash() {
		t.Error("a changed angle leaves the hash")
	}
}

// A template of an office whose blanks have no pre-printed back.
func TestTemplateThatPrintsTheBack(t *testing.T) {
	t.Parallel()
	tm, err := ParseTemplate(changed(t, "ktp-el-wni", "print_back: false", "print_back: true"))
	if err != nil {
		t.Fatal(err)
	}
	in := budi()
	in.Specimen = true
	back, err := tm.Back(in, 300)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "back", tm.Preview(back))
}

func TestTemplateRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, why string }{
		{"version: 1", "version: 0", "version: starts at 1"},
		{"version: 1", "version: 01", "leading zero"},
		{"version: 1", "version: 1\nsize: 3", "unknown field"},
		{"version: 1", "version: 1\nversion: 2", "already defined"},
		{"version: 1", "version: one", "unmarshal"},
		{"name: ktp-el-wni", "name: &n ktp-el-wni", "an anchor"},
		{"name: ktp-el-wni", "name: *n", "an alias"},
		{"name: ktp-el-wni", "<<: {name: a}", "a merge key"},
		{"name: ktp-el-wni", "name: !!str ktp-el-wni", "a tag"},
		{"name: ktp-el-wni", "name: ''", "name: is empty"},
		{"language: id", "language: nl", "language: is id or en"},
		{"width: 85.60", "width: 86.00", "card: ID-1"},
		{"number: OCRA.ttf", "number: Comic.ttf", "no embedded font"},
		{"number: OCRA.ttf", "number: ../fonts/OCRA.ttf", "no embedded font"},
		{"print_back: false", "print_back: true\nprint_back: false", "already defined"},
		{`color: "#C8102E"`, `color: red`, "#RRGGBB"},
		{`color: "#C8102E"`, `color: "#C8102"`, "#RRGGBB"},
		{"opacity: 45", "opacity: 0", "out of range"},
		{"angle: 24", "angle: .nan", "out of range"},
		{"text: SPECIMEN", "text: 李", "U+674E"},
		{"text: SPECIMEN", "text: ''", "specimen: text: is empty"},
		{"  portrait: {x: 62.60", "  portrait: {x: 72.60", "portrait: not on the card"},
		{"  signature: {x: 62.60, y: 46.20", "  signature: {x: -1, y: 46.20", "signature: not on the card"},
		{"PROVINSI {province}", "PROVINSI {Province}", "{Province} is no value"},
		{"PROVINSI {province}", "PROVINSI {province", "without a closing"},
		{"PROVINSI {province}", "PROVINSI province}", "without an opening"},
		{"PROVINSI {province}", "", "text: is empty"},
		{`"PROVINSI {province}", font: bold`, `"PROVINSI {province}", font: serif`, `"serif" is not among the fonts`},
		{`"{nik}", font: number, size: 11`, `"{nik}", font: number, size: 110`, "size: from 1"},
		{`size: 9, min: 6`, `size: 9, min: 10`, "min: from 1 to the size"},
		{`align: center, x: 42.80, baseline: 5.20, width: 78.00`, `align: center, x: 46.80, baseline: 5.20, width: 78.00`, "right end: not on the card"},
		{`align: center, x: 42.80, baseline: 5.20`, `align: middle, x: 42.80, baseline: 5.20`, "align: is left"},
		{`align: center, x: 42.80, baseline: 5.20`, `align: center, x: 42.80, baseline: .inf`, "not on the card"},
		{"last: 52.00", "last: 12.00", "first, last, pitch"},
		{"pitch: 2.88", "pitch: 1.88", "first, last, pitch"},
		{"{lines: 1, min: 6}", "{lines: 9, min: 6}", "fit: 1 to 4 lines"},
		{"{lines: 1, min: 6}", "{lines: 1, min: 7}", "fit: 1 to 4 lines"},
		{`label: "Status Perkawinan"`, `label: "Status Perkawinan Penduduk"`, "label: reaches beyond its colon"},
		{"indent: 2.40, colon: 22.80", "indent: 2.40, colon: 24.10", "colon: reaches into the value"},
		{"width: 18.00", "width: 28.00", "lies on the value before it"},
		{"width: 18.00", "width: 38.00", "wider than the column"},
		{"width: 5.20, min: 5", "width: 50.00, min: 5", "right end: not on the card"},
		{"field: name,", "field: '',", "field: is empty"},
		{"print_back: false", "print_back: false\n---\nversion: 1", "documents"},
	} {
		_, err := ParseTemplate(changed(t, "ktp-el-wni", c.from, c.to))
		if !fault.Is(err, templateInvalid) || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q instead of %q: %v, want %q", c.to, c.from, err, c.why)
		}
	}
	for name, b := range map[string][]byte{
		"nothing":      nil,
		"a comment":    []byte("# none\n"),
		"a list":       []byte("- 1\n"),
		"too large":    bytes.Repeat([]byte("# aaaaaaaaaaaaaaa\n"), maxTemplate/16),
		"brackets":     bytes.Repeat([]byte("["), maxBrackets+1),
		"broken":       []byte("front: {"),
		"not in UTF-8": {0xff, 0xfe, 0x00},
	} {
		if _, err := ParseTemplate(b); !fault.Is(err, templateInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	empty := changed(t, "ktp-el-wni", "print_back: false", "print_back: true")
	empty = append(empty[:bytes.Index(empty, []byte("\nback:"))], '\n')
	if _, err := ParseTemplate(empty); err == nil || !strings.Contains(err.Error(), "back: is empty") {
		t.Errorf("a back without content: %v", err)
	}
}

// Every character that a card value may hold is in the fonts that values are set in.
func TestFontsHaveEveryCardCharacter(t *testing.T) {
	t.Parallel()
	p, err := newPen(map[string]string{"text": "LiberationSans-Regular.ttf", "bold": "LiberationSans-Bold.ttf", "number": "OCRA.ttf"})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for r := rune(0); r < 0x3000; r++ {
		if !ktp.CardRune(r) {
			continue
		}
		n++
		for _, font := range []string{"text", "bold"} {
			if _, lacks := p.lacks(font, string(r)); lacks {
				t.Errorf("%s has no U+%04X", font, r)
			}
		}
	}
	if n < 150 {
		t.Errorf("only %d characters", n)
	}
	if r, lacks := p.lacks("number", "0123456789"); lacks {
		t.Errorf("OCR-A has no %c", r)
	}
}

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

// Names as Permendagri 73/2022 allows them, of words as long as names have them.
func TestNamesFit(t *testing.T) {
	t.Parallel()
	tm := load(t, "ktp-el-wni")
	letter := rapid.SampledFrom([]rune("AAAAAAAAAABBCDDDEEEEFGGHHHIIIIIIJKKLLLMMMNNNNNNOOPPRRRRSSSSTTTTUUUUUVWWYYZ"))
	word := rapid.StringOfN(letter, 1, 18, -1)
	in := budi()
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join(rapid.SliceOfN(word, 1, 9).Draw(t, "words"), " ")
		if len(name) > 60 {
			name = strings.TrimSpace(name[:60])
		}
		in.Person.Names = []string{name}
		w, err := tm.layout(tm.spec.Front, in)
		if err != nil {
			t.Fatalf("%d letters: %v", len(name), err)
		}
		column := tm.spec.Front.Columns[0]
		var lines []string
		for i := range w {
			// The value of the first row follows its label and colon.
			if w[i].text == "Nama" {
				for _, l := range w[i+2:] {
					if l.x != column.Value.X {
						break // the next label
					}
					lines = append(lines, l.text)
					if l.size < 4.5 {
						t.Fatalf("size %.2f", l.size)
					}
					if got := tm.pen.width(l.font, l.text, l.size); got > column.Value.Width+1e-9 {
						t.Fatalf("a line of %.2f mm", got)
					}
				}
			}
		}
		if got := strings.Join(lines, " "); got != name {
			t.Fatalf("printed as %q", lines)
		}
	})
}

// What a region list of the country can bring fits: every name at every level.
func TestEveryRegionFits(t *testing.T) {
	t.Parallel()
	tm := load(t, "ktp-el-wni")
	columns, lines := tm.spec.Front.Columns, tm.spec.Front.Lines
	seen := map[string]bool{}
	fits := func(r ktp.Region) bool {
		name := r.CardName()
		key := name + string(rune('0'+r.Level()))
		if seen[key] {
			return true
		}
		seen[key] = true
		value := func(c column) bool {
			_, ok := tm.pen.fit(c.Value.Font, name, c.Value.Size, c.Value.Width, c.Fit)
			return ok
		}
		heading := func(l line, text string) bool {
			_, ok := tm.pen.fit(l.Font, text, l.Size, l.Width, []step{{1, l.Min}})
			return ok
		}
		switch r.Level() {
		case ktp.LevelProvince:
			return heading(lines[0], "PROVINSI "+name)
		case ktp.LevelRegency:
			return heading(lines[1], name) && value(columns[1])
		}
		return value(columns[0])
	}
	var walk func(code string)
	walk = func(code string) {
		for _, r := range ktp.Regions().Within(code) {
			if !fits(r) {
				t.Errorf("%s does not fit", r.Code)
			}
			if r.Level() < ktp.LevelVillage {
				walk(r.Code)
			}
		}
	}
	walk("")
	if len(seen) < 40000 {
		t.Errorf("only %d names", len(seen))
	}
}

func FuzzParseTemplate(f *testing.F) {
	for _, name := range Names() {
		b, _ := templates.ReadFile("templates/" + name + ".yaml")
		f.Add(b)
	}
	f.Add([]byte("name: a\nfront: {lines: [{field: a, text: '{nik}'}]}\n"))
	in := budi()
	in.Portrait = portrait(30, 40, 1985, false)
	f.Fuzz(func(t *testing.T, b []byte) {
		tm, err := ParseTemplate(b)
		if err != nil {
			return
		}
		if _, err := tm.Front(in, 300); err != nil && fault.CodeOf(err) == "" {
			t.Errorf("a foreign error: %v", err)
		}
	})
}
