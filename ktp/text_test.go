package ktp

import (
	"errors"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestCheckText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, why string
		at      int
	}{
		{"", "", 0},
		{"SITI NURHALIZA", "", 0},
		{"DR. H. AHMAD FU'AD, S.PD., M.SI.", "", 0},
		{"REGAPU’U", "", 0},
		{"JL. M. T. HARYONO NO. 12/B (BELAKANG PASAR)", "", 0},
		{"JOSÉ ÅNGSTRÖM", "", 0},
		{"BADAN\tUSAHA", "control character", 5},
		{"BADAN\u200bUSAHA", "control character", 5},
		{"BADAN\u202eUSAHA", "control character", 5},
		{"\x00", "control character", 0},
		{" BUDI", "space at the beginning", 0},
		{"BUDI ", "space at the end", 4},
		{"BUDI  SANTOSO", "two spaces in a row", 5},
		{"Budi", "not a capital letter", 1},
		{"STRAßE", "not a capital letter", 4},
		{"JOSE\u0301", "combining mark, not in NFC", 4},
		{"\u212BNGSTROM", "not in the card fonts", 0}, // the Ångström sign, whose NFC is another character
		{"BUDI\u00a0SANTOSO", "not in the card fonts", 4},
		{"ИВАН", "not in the card fonts", 0},
		{"李", "not in the card fonts", 0},
		{"BUDI 😀", "not in the card fonts", 5},
		{"BUDI\xff", "not UTF-8", 4},
		{"BUDI\xc3", "not UTF-8", 4},
		{"\uFFFD", "not in the card fonts", 0},
		{"<SCRIPT>", "not in the card fonts", 0},
	} {
		err := CheckText(c.in)
		te, _ := errors.AsType[*TextError](err)
		switch {
		case (err == nil) != (c.why == ""):
			t.Errorf("%q: %v", c.in, err)
		case te != nil && (te.Why != c.why || te.At != c.at):
			t.Errorf("%q: %q at %d, want %q at %d", c.in, te.Why, te.At, c.why, c.at)
		}
	}
}

// What the rule lets through is always in NFC, by the implementation of golang.org/x/text.
func TestCardRunesAreNFC(t *testing.T) {
	t.Parallel()
	n := 0
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !CardRune(r) {
			continue
		}
		n++
		if s := "A" + string(r) + "E"; !norm.NFC.IsNormalString(s) {
			t.Errorf("U+%04X changes under NFC", r)
		}
	}
	if n < 26+10+30+60 {
		t.Errorf("only %d characters", n)
	}
}

func FuzzCheckText(f *testing.F) {
	f.Add("SITI NURHALIZA")
	f.Add("JOSE\u0301")
	f.Fuzz(func(t *testing.T, s string) {
		if CheckText(s) == nil && (!utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || Capitals(s) != s) {
			t.Errorf("%q passes", s)
		}
	})
}

func TestListsCanBePrinted(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]struct {
		words []Word
		size  int
	}{
		"occupations": {Occupations, 89}, "religions": {Religions, 7}, "marital": {MaritalStatuses, 4},
		"blood": {BloodTypes, 13}, "sexes": {Sexes, 2},
	} {
		if len(list.words) != list.size {
			t.Errorf("%s: %d words, want %d", name, len(list.words), list.size)
		}
		seen := map[string]bool{}
		for i, w := range list.words {
			if name != "sexes" && int(w.Code) != i+1 {
				t.Errorf("%s: code %d at place %d", name, w.Code, i+1)
			}
			for _, s := range []string{w.ID, w.EN} {
				if err := CheckText(s); err != nil || s == "" {
					t.Errorf("%s %d %q: %v", name, w.Code, s, err)
				}
			}
			if seen[w.ID] {
				t.Errorf("%s: %q twice", name, w.ID)
			}
			seen[w.ID] = true
			if CodeOf(list.words, w.ID) != w.Code {
				t.Errorf("%s: %q has no way back", name, w.ID)
			}
		}
	}
	for _, w := range Occupations {
		if len(w.ID) > 27 || len(w.EN) > 27 { // the longest of the national list
			t.Errorf("%d: longer than 27 characters", w.Code)
		}
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	if len(Countries) < 190 {
		t.Errorf("%d countries", len(Countries))
	}
	for i, c := range Countries {
		if i > 0 && Countries[i-1].Code >= c.Code {
			t.Errorf("%s is out of order", c.Code)
		}
		if len(c.Code) != 3 || c.Name == "" || CheckText(c.Name) != nil || c.Code == "IDN" {
			t.Errorf("%q %q", c.Code, c.Name)
		}
		byName, ok := CountryByName(c.Name)
		byCode, ok2 := CountryByCode(c.Code)
		if !ok || !ok2 || byName != c || byCode != c {
			t.Errorf("%s is not found", c.Code)
		}
	}
	if c, ok := CountryByName("WNI"); !ok || c.Code != "IDN" {
		t.Error("WNI is not IDN")
	}
	if _, ok := CountryByName("ATLANTIS"); ok {
		t.Error("ATLANTIS was found")
	}
}

func TestApplicationTypes(t *testing.T) {
	t.Parallel()
	for _, row := range ApplicationTypes {
		if got, ok := Application(row.Type); !ok || got != row {
			t.Errorf("%s is not found", row.Type)
		}
	}
	if _, ok := Application("gift"); ok {
		t.Error("an unknown type was found")
	}
}
