package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"blanko/registry/access"
)

// The strip of a desk says how old its lists are, in words where one is too old or not there.
func TestStripTellsTheAgeOfLists(t *testing.T) {
	t.Parallel()
	tono := staffOf(access.KecamatanOperator)
	o := newOffice(t, tono)
	v := o.visit()
	v.signIn(tono)
	v.open("/kecamatan")
	for lists, want := range map[string]string{
		`[{kind: 'status_list', number: '12', day: '2026-11-24', days: 3}]`: "Daftar status kartu nomor 12 · tertanggal 24-11-2026 · umur dalam hari: 3",
		`[{kind: 'revocations', day: '2026-10-18', days: 40, old: true}]`:   "Daftar sertifikat yang dicabut tertanggal 18-10-2026 · umur dalam hari: 40 · TERLALU LAMA",
		`[{kind: 'status_list', days: 0, old: false}]`:                      "Daftar status kartu tidak ada di komputer ini",
		`undefined`: "",
	} {
		ask[any](v, `document.querySelector('#desk-devices').replaceChildren(), window.fetch = () => Promise.resolve({ok: true, json: () => Promise.resolve({desk: 'loket-1', place: '', devices: [{kind: 'sam', present: true, uses: 7}], lists: `+lists+`})}), 0`)
		v.do(chromedp.Click(chromedp.CSS("#desk-find")), chromedp.WaitReady(chromedp.CSS("#desk-devices li")))
		text := strings.Join(strings.Fields(v.read("#desk-devices")), " ")
		if !strings.Contains(text, "SAM") || !strings.Contains(text, want) || want == "" && strings.Contains(text, "Daftar") {
			t.Errorf("with %s the strip says %q, want %q", lists, text, want)
		}
	}
}
