package ktp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseNIK(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "317304170890123", "31730417089012345", "317304170890123A", "3173041708901 34", "３１７３０４１７０８９０１２３４", "-173041708901234", "3173.4170890.234"} {
		if _, err := ParseNIK(s); err == nil || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("%q: %v", s, err)
		}
	}
	n, err := ParseNIK("3173041708901234")
	if err != nil || n.Digits() != "3173041708901234" || n.District() != "31.73.04" {
		t.Errorf("%v, %v", n, err)
	}
	for _, verb := range []string{"%v", "%s", "%+v", "%#v"} {
		if got := fmt.Sprintf(verb, n); strings.Contains(got, "0417089012") {
			t.Errorf("%s shows the number: %s", verb, got)
		}
	}
}

// PPKKCC DDMMYY SSSS; the day of a woman is 40 more; every difference is a warning only.
func TestNIKWarnings(t *testing.T) {
	t.Parallel()
	birth := time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		nik   NIK
		birth time.Time
		sex   Sex
		want  []string
	}{
		{"6105011708900001", birth, Male, nil},
		{"6105015708900001", birth, Female, nil},
		{"6105015708900001", birth, Male, []string{"nik_sex_differs"}},
		{"6105011708900001", birth, Female, []string{"nik_sex_differs"}},
		{"6105011808900001", birth, Male, []string{"nik_date_differs"}},
		{"6105011708910001", birth, Male, []string{"nik_date_differs"}},
		{"6105013102900001", birth, Male, []string{"nik_date_impossible"}},
		{"6105010013900001", birth, Male, []string{"nik_date_impossible"}},
		{"6105012902000001", time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC), Male, nil},
		{"6105012902040001", time.Date(2004, 2, 29, 0, 0, 0, 0, time.UTC), Male, nil},
		{"6105991708900001", birth, Male, []string{"nik_region_unknown"}},
		{"6105011708900000", birth, Male, []string{"nik_serial_zero"}},
		{"0000000000000000", birth, Male, []string{"nik_date_impossible", "nik_region_unknown", "nik_serial_zero"}},
	} {
		if got := c.nik.Warnings(c.birth, c.sex, Regions().KnownDistrict); !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.nik.Digits(), string(c.sex), got, c.want)
		}
	}
	if got := NIK("6105991708900001").Warnings(birth, Male, nil); got != nil {
		t.Errorf("without a list: %v", got)
	}
}
