package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"blanko/registry"
)

// Whoever has done something is told in one sentence how it is taken back: by another act, by taking back the proposal of
// what two persons do, or that it cannot be.
func TestEveryActTellsOfItsUndo(t *testing.T) {
	t.Parallel()
	sentences := map[string][3]string{
		"id": {"Dapat diurungkan dengan: Jalankan.", "Usulan dapat ditarik kembali sebelum diputuskan.", "Tidak dapat diurungkan."},
		"en": {"It can be undone by: Run.", "The proposal can be taken back until it is decided.", "This cannot be undone."},
	}
	const byAnother, takenBack, none = 0, 1, 2
	o := newOffice(t, admin)
	o.room(0)
	o.as(admin, registry.SetPlace{ID: "dinas", Kind: registry.PlaceDinas, PlaceName: "DINAS", Region: "61.05", Active: true})
	c := o.comes(admin)
	for n, language := range []string{"id", "en"} {
		app := id(n + 1)
		o.as(center, delivery(n+1))
		c.speaks(language)
		at := "/permohonan/" + string(app)
		for _, act := range []struct {
			page, action string
			give         url.Values
			told         int
		}{
			{"/cetak", "/cetak/jeda", url.Values{"line": {"lini-1"}}, byAnother},
			{at, at + "/tandai", url.Values{"mark": {string(registry.MarkDisaster)}, "reason": {"flood"}}, takenBack},
			{at, at + "/alihkan", url.Values{"to": {"dinas"}, "reason": {"moved"}}, none},
		} {
			c.by(act.page, act.action, act.give, nil)
			said := []bool{}
			for _, sentence := range sentences[language] {
				said = append(said, strings.Contains(c.says(), sentence))
			}
			want := make([]bool, len(said))
			if want[act.told] = true; !slices.Equal(said, want) {
				t.Errorf("%s in %s: of %v the page says %v", act.action, language, sentences[language], said)
			}
		}
		c.by("/cetak", "/cetak/jalan", url.Values{"line": {"lini-1"}}, nil)
	}
}
