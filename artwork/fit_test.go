package artwork

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"blanko/ktp"
)

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
