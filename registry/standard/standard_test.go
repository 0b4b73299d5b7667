package standard

import (
	"os"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/ktp"
)

func load(t *testing.T, name string) Standard {
	t.Helper()
	s, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatShips(t *testing.T) {
	t.Parallel()
	hashes := map[string]string{}
	for _, name := range Names {
		s := load(t, name)
		if s.ID != name || len(s.Hash()) != 64 || hashes[s.Hash()] != "" {
			t.Errorf("%s: id %s, hash %s", name, s.ID, s.Hash())
		}
		hashes[s.Hash()] = name
		for _, row := range ktp.ApplicationTypes {
			typ, list, found := s.TypeOf(row.Type)
			if !found || len(list) != len(typ.Requirements) || len(list) == 0 || row.Foreign != typ.OnlyAtDinas {
				t.Errorf("%s: %s has %d requirements of %d", name, row.Type, len(list), len(typ.Requirements))
			}
		}
	}
	if _, err := Load("../x"); fault.CodeOf(err) != Unknown.Code {
		t.Errorf("unknown: %v", err)
	}
}

// What each needs (Perpres 96/2018; Permendagri 108/2019; the published standard of Sintang).
func TestRequirements(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		standard string
		typ      ktp.ApplicationType
		needs    []string
	}{
		{"sintang", ktp.TypeNew, []string{"family_card", "rt_rw_letter", "age"}},
		{"national-2018", ktp.TypeNew, []string{"family_card", "age"}},
		{"sintang", ktp.TypeLost, []string{"family_card", "rt_rw_letter", "police_letter"}},
		{"sintang", ktp.TypeOldPaper, []string{"family_card", "rt_rw_letter", "age", "old_paper_card"}},
		{"national-2018", ktp.TypeForeignNew, []string{"family_card", "age", "travel_document", "permit"}},
		{"national-2018", ktp.TypeOutsideDomicile, []string{"family_card"}},
	} {
		typ, _, _ := load(t, c.standard).TypeOf(c.typ)
		if !slices.Equal(typ.Requirements, c.needs) {
			t.Errorf("%s, %s: %v, want %v", c.standard, c.typ, typ.Requirements, c.needs)
		}
	}
}

// Every sentence of the published text stands in the file, and nothing that it does not say.
func TestEverySentenceOfSintang(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/sintang.txt")
	if err != nil {
		t.Fatal(err)
	}
	left := string(text)
	sentences := load(t, "sintang").Said
	slices.SortFunc(sentences, func(a, b Sentence) int { return len(b.Text) - len(a.Text) }) // one stands in others
	for _, said := range sentences {
		if !strings.Contains(left, said.Text) {
			t.Errorf("not in the text, or twice here: %q", said.Text)
		}
		left = strings.Replace(left, said.Text, "", 1)
		if said.Operation == "" || said.CarriesOut == "" {
			t.Errorf("nothing carries out %q", said.Text)
		}
	}
	// What is left are the headings, numbers and the links of the page.
	for _, heading := range []string{
		"Penerbitan Kartu Tanda Penduduk", "Sarana Pengaduan", "Prosedur/Mekanisme Pengaduan", "Petugas Pelayanan Pengaduan",
		"Website LAPOR! Unduh di Play Store Unduh di App Store", "Isu dan Keluhan",
		`Klik banner dibawah untuk melaporkan masalah Pelayanan Publik "Penerbitan Kartu Tanda Penduduk"`,
	} {
		left = strings.Replace(left, heading, "", 1)
	}
	if left = strings.TrimFunc(left, func(r rune) bool { return !isLetter(r) }); left != "" {
		t.Errorf("nothing stands for %q", left)
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// What does not fit is refused with its place; a key that is not known too.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good, err := shipped.ReadFile("data/national-2018.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, with, field string }{
		"an unknown key":         {"free:", "fee: 1\nfree:", "standard"},
		"no version":             {`version: "1"`, `version: ""`, "version"},
		"another policy":         {"DESTROY_LOCALLY", "BURN", "destruction"},
		"a requirement twice":    {`id: "age", evidence`, `id: "family_card", evidence`, "requirements[1].id"},
		"an unknown requirement": {`["family_card", "age"]`, `["family_card", "stamp"]`, "types[0].requirements"},
		"an unknown type":        {`type: "lost"`, `type: "stolen"`, "types[2].type"},
		"a type twice":           {`type: "lost"`, `type: "new"`, "types"},
		"a foreign type outside": {"onlyAtDinas: true", "onlyAtDinas: false", "types[7].onlyAtDinas"},
		"a priority of ten":      {"priority: 6,", "priority: 10,", "types[0].priority"},
		"a clock of no time":     {"hours: 336", "hours: 0", "clocks[0].hours"},
		"a clock that idles":     {`stops: ["power"`, `stops: ["lunch"`, "clocks[1].stops"},
		"a fine of nothing":      {"amount: 25000", "amount: 0", "fines[0].amount"},
		"a fine after nothing":   {`after: "obliged"`, `after: "birth"`, "fines[0].after"},
		"a class kept forever":   {`class: "proxy"`, `class: "all"`, "retention"},
		"fingers kept longer":    {`after: "post_write_check"`, `after: "ended"`, "retention[0].after"},
		"a channel twice":        {`id: "telephone"`, `id: "in_person"`, "complaints.channels[1]"},
		"a rising order":         {`id: "first_card", priority: 8`, `id: "first_card", priority: 9`, "shortage.order[1].priority"},
	} {
		text := strings.Replace(string(good), c.old, c.with, 1)
		_, err := Parse([]byte(text))
		f, ok := err.(*fault.Error) //nolint:errorlint // as it comes out of Parse
		if text == string(good) || !ok || f.Code != BadStandard.Code || !strings.HasPrefix(f.Field, strings.TrimSuffix(c.field, "[]")) {
			t.Errorf("%s: %v, want field %s", name, err, c.field)
		}
	}
	if _, err := Parse([]byte(strings.Repeat("#", mostText+1))); fault.CodeOf(err) != BadStandard.Code {
		t.Errorf("too long: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Names {
		text, err := shipped.ReadFile("data/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse(text)
		if err == nil && s.Hash() == "" {
			t.Error("no hash")
		}
	})
}
