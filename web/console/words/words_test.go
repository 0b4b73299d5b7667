package words

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	id, en := texts[Indonesian], texts[English]
	for _, key := range slices.Sorted(maps.Keys(id)) {
		other, found := en[key]
		switch {
		case !found:
			t.Errorf("%s has no English", key)
		case id[key] == "" || other == "":
			t.Errorf("%s is empty", key)
		case strings.Count(id[key], "%") != strings.Count(other, "%"):
			t.Errorf("%s takes other values in English", key)
		}
	}
	for key := range en {
		if _, found := id[key]; !found {
			t.Errorf("%s has no Indonesian", key)
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	if got := Of(LanguageOf("fr"), "no.such.key"); got != "no.such.key" {
		t.Errorf("an unknown key: %q", got)
	}
	if id, en := Of(Indonesian, "sign_in.submit"), Of(English, "sign_in.submit"); id == en || id == "" {
		t.Errorf("%q and %q", id, en)
	}
}
