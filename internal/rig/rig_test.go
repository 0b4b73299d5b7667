package rig

import (
	"slices"
	"testing"
)

func TestWanted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		setting, rig string
		want         bool
	}{
		{"", "pcsc", false}, {"all", "pcsc", true}, {"usb,pcsc", "pcsc", true}, {"usb", "pcsc", false}, {"pcscd", "pcsc", false},
	} {
		if got := wanted(c.setting, c.rig); got != c.want {
			t.Errorf("wanted(%q, %q) = %v", c.setting, c.rig, got)
		}
	}
}

func TestMissingNamesThePackage(t *testing.T) {
	t.Parallel()
	got := missing([]Tool{{Program: "sh", Package: "dash"}, {Program: "no-such-program", Package: "nothing"}, {File: "/no/such/file", Package: "none"}})
	want := []string{"no-such-program (Debian package nothing)", "/no/such/file (Debian package none)"}
	if !slices.Equal(got, want) {
		t.Errorf("missing = %q, want %q", got, want)
	}
}
