package ktp

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// The counts of Kepmendagri 300.2.2-2430 of 2025.
func TestRegionCounts(t *testing.T) {
	t.Parallel()
	l := Regions()
	for level, want := range map[RegionLevel]int{LevelProvince: 38, LevelRegency: 514, LevelDistrict: 7285, LevelVillage: 83762, 0: 0, 5: 0} {
		if got := l.Count(level); got != want {
			t.Errorf("level %d: %d regions, want %d", level, got, want)
		}
	}
	var kabupaten, kota int
	for _, p := range l.Within("") {
		for _, r := range l.Within(p.Code) {
			word := "KABUPATEN "
			if r.IsCity() {
				word, kota = "KOTA ", kota+1
			} else {
				kabupaten++
			}
			if !strings.HasPrefix(r.CardName(), word) {
				t.Errorf("%s is named %q", r.Code, r.CardName())
			}
		}
	}
	if kabupaten != 416 || kota != 98 {
		t.Errorf("%d kabupaten and %d kota, want 416 and 98", kabupaten, kota)
	}
}

// A code stands below its district, that below its regency and province, and every name can
// be printed.
func TestRegionsAreWhole(t *testing.T) {
	t.Parallel()
	l := Regions()
	for _, r := range l.rows {
		for _, n := range []int{2, 5, 8} {
			if n >= len(r.Code) {
				break
			}
			if _, ok := l.Find(r.Code[:n]); !ok {
				t.Errorf("%s stands below nothing", r.Code)
			}
		}
		if err := CheckText(r.CardName()); err != nil {
			t.Errorf("%s %q: %v", r.Code, r.CardName(), err)
		}
	}
}

func TestRegionLookups(t *testing.T) {
	t.Parallel()
	l := Regions()
	p, ok := l.Place("61.05.01.1001")
	if !ok || p.Regency.CardName() != "KABUPATEN SINTANG" || p.Province.CardName() != "KALIMANTAN BARAT" || p.District.CardName() != "SINTANG" {
		t.Errorf("61.05.01.1001 = %+v, %v", p, ok)
	}
	if n := len(l.Within("61.05")); n != 14 {
		t.Errorf("Sintang has %d districts, want 14", n)
	}
	if r, _ := l.Find("53.07.01.2021"); r.CardName() != "REGAPU’U" {
		t.Errorf("curly apostrophe: %q", r.CardName())
	}
	if r, _ := l.Find("31.72"); r.Name != "Kota Administrasi Jakarta Utara" {
		t.Errorf("space at the end kept: %q", r.Name)
	}
	if !l.KnownDistrict("61.05.01") || l.KnownDistrict("61.05") || l.KnownDistrict("61.05.10") || l.KnownDistrict("") {
		t.Error("KnownDistrict answers for the wrong codes")
	}
	for _, code := range []string{"61.05.01.9999", "61.05.01", "", "61.05.01.200", "61-05-01-2002"} {
		if _, ok := l.Place(code); ok {
			t.Errorf("Place(%q) found something", code)
		}
	}
	if l.Within("6") != nil || l.Within("61.05.01.1001") != nil {
		t.Error("Within lists regions below a code that has none")
	}
}

func TestRegionCodeLevel(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]RegionLevel{
		"61": LevelProvince, "61.05": LevelRegency, "61.05.01": LevelDistrict, "61.05.01.1001": LevelVillage,
		"": 0, "6": 0, "6a": 0, "61,05": 0, "61.5.": 0, "61.05.0a": 0, "6105012002...": 0, "..": 0, "61.05.01.10013": 0,
	} {
		if got := RegionCodeLevel(code); got != want {
			t.Errorf("%q: level %d, want %d", code, got, want)
		}
	}
}

func TestDamagedRegionListIsRefused(t *testing.T) {
	t.Parallel()
	pack := func(s string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, in := range map[string][]byte{
		"no gzip": []byte("kode,nama\n"), "cut": pack("kode,nama\n11,Aceh\n")[:20],
		"heading": pack("code,name\n11,Aceh\n"), "order": pack("kode,nama\n12,B\n11,A\n"),
		"twice": pack("kode,nama\n11,A\n11,A\n"), "code": pack("kode,nama\n1x,A\n"), "name": pack("kode,nama\n11, \n"),
	} {
		if _, err := readRegions(in); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	l, err := readRegions(pack("kode,nama\n11,\"A, B\"\n12,C \n"))
	if err != nil || l.rows[0].Name != "A, B" || l.rows[1].Name != "C" {
		t.Errorf("good list: %v, %v", l, err)
	}
}
