package chipdata

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/ktp"
)

func mrzPerson(name string) ktp.Person {
	return ktp.Person{NIK: "3173041708901234", Names: []string{name}, BirthDate: time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC), Sex: ktp.Male, Nationality: "IDN", Validity: ktp.Lifelong}
}

// The worked example of the card profile (KTPEL-OP 1, section 3.2).
func TestWorkedExample(t *testing.T) {
	t.Parallel()
	b, err := EncodeDG1(mrzPerson("BUDI SANTOSO"))
	if err != nil {
		t.Fatal(err)
	}
	want := "I<IDN317304170<89012341<<<<<<<" + "9008179M9912315IDN<<<<<<<<<<<0" + "SANTOSO<<BUDI<<<<<<<<<<<<<<<<<"
	if got := string(b[5:]); len(b) != 95 || got != want {
		t.Errorf("%d bytes\n%s\n%s", len(b), got, want)
	}
	m, err := ParseDG1(b)
	if err != nil || m.DocumentNumber != "3173041708901234" || m.Primary != "SANTOSO" || len(m.Secondary) != 1 || m.Secondary[0] != "BUDI" ||
		m.State != "IDN" || m.Nationality != "IDN" || m.BirthDate != "900817" || m.Expiry != "991231" || m.Sex != 'M' {
		t.Errorf("%#v, %v", m.Lines, err)
	}
}

// The TD1 example of Doc 9303-5, appendix A: a document number of nine characters.
func TestSpecimenOfDoc9303(t *testing.T) {
	t.Parallel()
	zone := "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	file := func(zone string) []byte { return AppendTLV(nil, 0x61, AppendTLV(nil, 0x5F1F, []byte(zone)...)...) }
	m, err := ParseDG1(file(zone))
	if err != nil || m.DocumentNumber != "D23145890" || m.Primary != "ERIKSSON" || strings.Join(m.Secondary, " ") != "ANNA MARIA" || m.State != "UTO" {
		t.Errorf("%#v, %v", m, err)
	}
	for at, name := range map[int]string{8: "document number", 14: "its check digit", 32: "birth date", 36: "its check digit", 39: "expiry", 44: "its check digit", 59: "composite"} {
		b := []byte(zone)
		if b[at]++; b[at] > '9' {
			b[at] = '0'
		}
		if _, err := ParseDG1(file(string(b))); !fault.Is(err, fileMalformed) {
			t.Errorf("%s changed: %v", name, err)
		}
	}
	for name, bad := range map[string]string{
		"89 characters": zone[:89], "91 characters": zone + "<", "lower case": strings.ToLower(zone), "long number that ends": "I<IDN317304170<<<<<<<<<<<<<<<" + "<" + zone[30:],
	} {
		if _, err := ParseDG1(file(bad)); !fault.Is(err, fileMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Name fields: order, transliteration (Doc 9303-3, section 6) and truncation (Doc 9303-5, 4.2.3).
func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"BUDI SANTOSO":                   "SANTOSO<<BUDI<<<<<<<<<<<<<<<<<",
		"SUHARTO":                        "SUHARTO<<<<<<<<<<<<<<<<<<<<<<<",
		"SITI NUR AINI RAHMAWATI":        "RAHMAWATI<<SITI<NUR<AINI<<<<<<",
		"DR. H. ABDUL RAHMAN, S.H., M.H": "RAHMAN<<DR<H<ABDUL<<<<<<<<<<<<",
		"MA'RUF AMIN":                    "AMIN<<MARUF<<<<<<<<<<<<<<<<<<<",
		"NUR’AINI":                       "NURAINI<<<<<<<<<<<<<<<<<<<<<<<",
		"JOHANNES SIMORANGKIR-TOBING":    "SIMORANGKIR<TOBING<<JOHANNES<<",
		"JÖRG MÜLLER ÅSTRÖM":             "AASTROEM<<JOERG<MUELLER<<<<<<<",
		"ŁUCJA ŻÓŁĆ":                     "ZOLC<<LUCJA<<<<<<<<<<<<<<<<<<<",
		"JOHN SMITH 3":                   "SMITH<<JOHN<<<<<<<<<<<<<<<<<<<",
		"JOHN -":                         "JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<",
		// exactly 30
		"CHAYAPA DEJTH NILAVADHANANANDA": "NILAVADHANANANDA<<CHAYAPA<DEJT",
		// the last position is a letter: the field is cut
		"CHAYAPA DEJTHAMRONG KRASUANG NILAVADHANANANDA": "NILAVADHANANANDA<<CHAYAPA<DEJT",
		// the cut falls on a filler: the longest word before it gives a letter
		"CHAYAPAXXX DEJTHAMRONG KRASUANG NILAVADHANANANDA": "NILAVADHANANANDA<<CHAYAPAXXX<D",
		"CHAYAPAXXXX DEJTHAMRONG NILAVADHANANANDA":         "NILAVADHANANAND<<CHAYAPAXXXX<D",
		// a primary identifier that fills the field leaves one letter of the secondary one
		"ALI ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH": "ABCDEFGHIJKLMNOPQRSTUVWXYZA<<A",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH":     "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZABC-EFGH":     "ABCDEFGHIJKLMNOPQRSTUVWXYZAB<E",
	} {
		lines, err := mrzOf(mrzPerson(name))
		if err != nil || lines[2] != want {
			t.Errorf("%s:\n%s\n%s, %v", name, lines[2], want, err)
		}
	}
	for _, name := range []string{"-", ".", "李 雷", "ИВАН"} {
		if _, err := mrzOf(mrzPerson(name)); !fault.Is(err, textUnprintable) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A foreign resident's card: expiry and nationality of the record.
func TestForeignResident(t *testing.T) {
	t.Parallel()
	p := mrzPerson("ERIKA MUSTERMANN")
	p.Nationality, p.Sex, p.Validity = "D<<", ktp.Female, "31-01-2029"
	b, err := EncodeDG1(p)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseDG1(b)
	if err != nil || m.Nationality != "D" || m.Sex != 'F' || m.Expiry != "290131" {
		t.Errorf("%v, %v", m.Lines, err)
	}
	p.Validity = "31-02-2029"
	if _, err := EncodeDG1(p); !fault.Is(err, recordIncomplete) {
		t.Errorf("no such day: %v", err)
	}
}

// Whatever the name, the zone has 90 characters, its check digits hold and a cut name ends in a letter.
func TestAnyName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-ZÄÖÜÉ]{1,20}(-[A-Z]{1,8})?'?[A-Z]?`), 1, 7).Draw(t, "words")
		p := mrzPerson(strings.Join(words, " "))
		b, err := EncodeDG1(p)
		if err != nil {
			t.Fatal(err)
		}
		m, err := ParseDG1(b)
		if err != nil {
			t.Fatal(err)
		}
		primary, secondary, _ := mrzNames(p.Names[0])
		if whole := primary + "<<" + strings.Join(secondary, "<"); len(strings.TrimRight(whole, "<")) > mrzName && m.Lines[2][mrzName-1] == '<' {
			t.Fatalf("%s does not show that it is cut", m.Lines[2])
		}
		if len(secondary) > 0 && len(m.Secondary) == 0 {
			t.Fatalf("%s lost the secondary identifier", m.Lines[2])
		}
	})
}
