package ktp

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
)

// regionsMax bounds the decompressed list, bytes; the list of 2025 has 2.2 million.
const regionsMax = 8 << 20

// The list of Kepmendagri 300.2.2-2430/2025, as published by cahyadsn/wilayah (MIT, see
// regions/LICENSE): "kode,nama", sorted by code.
//
//go:embed regions/wilayah.csv.gz
var regionsGzip []byte

// RegionLevel is the depth of a region code.
type RegionLevel int

const (
	LevelProvince RegionLevel = iota + 1 // PP
	LevelRegency                         // PP.KK, 01 to 69 kabupaten, from 71 kota
	LevelDistrict                        // PP.KK.CC, kecamatan
	LevelVillage                         // PP.KK.CC.DDDD, 1xxx kelurahan, 2xxx desa, 3xxx desa adat
)

// Region is one row of the list. Name is spelled as published ("Kabupaten Sintang").
type Region struct{ Code, Name string }

// Level is the depth of the region's code; 0 for a code of no known form.
func (r Region) Level() RegionLevel { return RegionCodeLevel(r.Code) }

// CardName is the name in capitals with single spaces, as it stands on a card:
// "KABUPATEN SINTANG" for a regency, "KALIMANTAN BARAT" for a province.
func (r Region) CardName() string { return Capitals(r.Name) }

// IsCity reports whether a regency is a kota.
func (r Region) IsCity() bool { return r.Level() == LevelRegency && r.Code[3:] >= "71" }

// RegionCodeLevel is the level of a code of the form PP, PP.KK, PP.KK.CC or PP.KK.CC.DDDD;
// 0 for anything else. It does not ask whether the region exists.
func RegionCodeLevel(code string) RegionLevel {
	const form = "99.99.99.9999"
	switch len(code) {
	case 2, 5, 8, 13:
	default:
		return 0
	}
	for i := range len(code) {
		digit := code[i] >= '0' && code[i] <= '9'
		if digit != (form[i] == '9') || !digit && code[i] != '.' {
			return 0
		}
	}
	return map[int]RegionLevel{2: LevelProvince, 5: LevelRegency, 8: LevelDistrict, 13: LevelVillage}[len(code)]
}

// Place is a village with everything above it.
type Place struct{ Province, Regency, District, Village Region }

// RegionList is the national list of regions. It is read-only and safe for concurrent use.
type RegionList struct {
	rows   []Region // sorted by code
	counts [LevelVillage + 1]int
}

var regions = sync.OnceValues(func() (*RegionList, error) { return readRegions(regionsGzip) })

// Regions is the embedded list, read at the first call.
func Regions() *RegionList {
	l, err := regions()
	if err != nil {
		panic("ktp: the embedded region list is damaged: " + err.Error())
	}
	return l
}

func readRegions(packed []byte) (*RegionList, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(z, regionsMax))
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(string(raw), "kode,nama\n")
	if !ok {
		return nil, fmt.Errorf("no heading kode,nama")
	}
	l := &RegionList{rows: make([]Region, 0, strings.Count(text, "\n"))}
	for line := range strings.Lines(text) {
		code, name, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ",")
		level := RegionCodeLevel(code)
		name = strings.TrimSpace(strings.Trim(name, `"`)) // quoted where it holds a comma; a few end in a space
		switch n := len(l.rows); {
		case !ok || level == 0 || name == "":
			return nil, fmt.Errorf("row %d is not kode,nama", n+1)
		case n > 0 && l.rows[n-1].Code >= code:
			return nil, fmt.Errorf("row %d is out of order", n+1)
		}
		l.rows = append(l.rows, Region{code, name})
		l.counts[level]++
	}
	return l, nil
}

// Count is the number of regions of a level.
func (l *RegionList) Count(level RegionLevel) int {
	if level < LevelProvince || level > LevelVillage {
		return 0
	}
	return l.counts[level]
}

// at is the index of the first row whose code is not below code.
func (l *RegionList) at(code string) int {
	return sort.Search(len(l.rows), func(i int) bool { return l.rows[i].Code >= code })
}

// Find looks a code of any level up.
func (l *RegionList) Find(code string) (Region, bool) {
	if i := l.at(code); i < len(l.rows) && l.rows[i].Code == code {
		return l.rows[i], true
	}
	return Region{}, false
}

// KnownDistrict reports whether code is a kecamatan of the list, in the form of NIK.District.
func (l *RegionList) KnownDistrict(code string) bool {
	_, ok := l.Find(code)
	return ok && RegionCodeLevel(code) == LevelDistrict
}

// Within lists the regions one level below code, in order of code; below "" stand the provinces.
func (l *RegionList) Within(code string) []Region {
	want := LevelProvince
	if code != "" {
		if want = RegionCodeLevel(code) + 1; want == 1 {
			return nil
		}
		code += "."
	}
	var out []Region
	for i := l.at(code); i < len(l.rows) && strings.HasPrefix(l.rows[i].Code, code); i++ {
		if l.rows[i].Level() == want {
			out = append(out, l.rows[i])
		}
	}
	return out
}

// Place finds a village by its code PP.KK.CC.DDDD with its district, regency and province.
func (l *RegionList) Place(village string) (Place, bool) {
	if RegionCodeLevel(village) != LevelVillage {
		return Place{}, false
	}
	var p Place
	for _, part := range []struct {
		digits int
		to     *Region
	}{{2, &p.Province}, {5, &p.Regency}, {8, &p.District}, {13, &p.Village}} {
		r, ok := l.Find(village[:part.digits])
		if !ok {
			return Place{}, false
		}
		*part.to = r
	}
	return p, true
}
