package floors

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// In Indonesian a card without a person is a blangko; Blanko is the program, blanko its command.
var (
	commandWord = regexp.MustCompile(`(?:^|[ (,;])blanko(?: ([a-z-]+)|[ ,;)]|[.](?: |$)|$)`)
	productWord = regexp.MustCompile(`(?:^|[ "(])Blanko (?:di|yang|rusak|gagal|kosong|terlambat|ini|itu|tidak|dari lot|baru)\b|Gudang Blanko`)
	commands    = []string{"audit", "backup", "card", "data", "design", "desk", "doctor", "import", "keys", "people", "printer", "sam", "serve", "start", "version"}
)

// machines are rooms whose texts with the name are read by programs: labels of keys, domains of signatures.
var machines = []string{"keys/pkcs11", "keys/software", "store", "trial"}

// stockAsProduct finds the card stock under the name of the product.
func stockAsProduct(text string) string {
	for _, m := range commandWord.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(commands, m[1]) && text != "blanko share %X %d %d %X" && !strings.HasPrefix(m[1], "-") {
			return m[0]
		}
	}
	return productWord.FindString(text)
}

// TestStockIsBlangko reads every text of the house: the words of the console, the manual, and what stands in the
// source as a sentence (faults, events, papers, the bench, the help).
func TestStockIsBlangko(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"belum ada blanko", "Tidak ada blanko di meja", "Larang blanko", "Petugas Gudang Blanko", "Blanko di hopper", "blanko, lot 1", "batal tanpa blanko"} {
		if stockAsProduct(text) == "" {
			t.Errorf("%q is not found: this test proves nothing", text)
		}
	}
	for _, text := range []string{"jalankan blanko serve lagi.", "Pasang Blanko dari paket resminya.", "Periksa apakah Blanko sudah berjalan.", "pakai blanko-lab", "Ambil blangko di meja"} {
		if stockAsProduct(text) != "" {
			t.Errorf("%q is taken for the stock", text)
		}
	}
	wrong := func(where, text string) {
		if found := stockAsProduct(text); found != "" {
			t.Errorf("%s: %q in %q", where, found, text)
		}
	}
	for _, name := range []string{"web/console/words/id.json", "docs/manual/id/README.md", "station/cleaning.yaml"} {
		content, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			_, text, value := strings.Cut(line, `": "`)
			if !value {
				text = line
			}
			wrong(name, strings.TrimSuffix(strings.TrimRight(text, "\n,"), `"`))
		}
	}
	_, all := sources(t)
	for _, s := range all {
		if s.tests || strings.HasPrefix(s.room, "emulator") || strings.HasPrefix(s.room, "internal") || slices.Contains(machines, s.room) {
			continue
		}
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				l, is := n.(*ast.BasicLit)
				if !is || l.Kind != token.STRING {
					return true
				}
				if text, err := strconv.Unquote(l.Value); err == nil && strings.Contains(text, " ") {
					wrong(s.room, text)
				}
				return true
			})
		}
	}
}
