package console_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"blanko/registry"
)

var keysOf = regexp.MustCompile(`name="key" value="([^"]*)"`)

// Consoles that ask at the same moment are shown the same, each with keys of its own; who may do something else,
// or reads another language, is shown that; and whoever asks after a change sees it.
func TestPartsAreShared(t *testing.T) {
	t.Parallel()
	o := newOffice(t, admin, boss, keeper)
	o.room(1)
	first, chief, store := o.comes(admin), o.comes(boss), o.comes(keeper)
	const part = "/bagian/lini"
	pages := make([]string, 8)
	var asks sync.WaitGroup
	for i := range pages {
		other := *first
		asks.Go(func() {
			other.open(part)
			pages[i] = other.page
		})
	}
	asks.Wait()
	var keys []string
	for _, p := range pages {
		for _, m := range keysOf.FindAllStringSubmatch(p, -1) {
			if slices.Contains(keys, m[1]) {
				t.Errorf("two consoles have the key %s", m[1])
			}
			keys = append(keys, m[1])
		}
		if without := keysOf.ReplaceAllString(p, ""); without != keysOf.ReplaceAllString(pages[0], "") {
			t.Error("two consoles are shown something else")
		}
	}
	if len(keys) == 0 {
		t.Error("no form was shown")
	}
	chief.open(part)
	if chief.page == "" || !strings.Contains(chief.page, "lini-1") {
		t.Errorf("the supervisor is shown %q", chief.says())
	}
	if r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.url+part, nil); err != nil || store.take(r) != http.StatusForbidden {
		t.Errorf("who may not see it is shown %s", store.says())
	}
	o.as(admin, registry.PauseLine{Line: "lini-1", Because: registry.Because{Reason: "operator"}})
	first.open(part)
	if !strings.Contains(first.page, "/cetak/jalan") {
		t.Errorf("after the change: %s", first.says())
	}
}
