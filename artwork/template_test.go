package artwork

import (
	"bytes"
	"strings"
	"testing"

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
