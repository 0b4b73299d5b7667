package registry

import "testing"

// Each cause counts as one of those that the circular names, or as another.
func TestCausesCountedByTheCircular(t *testing.T) {
	t.Parallel()
	all := []string{"gagal_encode", "rusak", "gagal_cetak", "perubahan_elemen_data"}
	for _, c := range []struct {
		causes                 []string
		cause, successor, want string
	}{
		{all, "applet.card_mute", "", "gagal_encode"},
		{all, "printer.jam", "", "gagal_cetak"},
		{all, "damaged", "", "rusak"},
		{all, "wrong_data", "", "perubahan_elemen_data"},
		{all, "replaced", "data_change", "perubahan_elemen_data"},
		{all, "replaced", "damaged", "rusak"},
		{all, "replaced", "lost", "lainnya"},
		{all, "died", "", "lainnya"},
		{all, "", "", "lainnya"},
		{[]string{"rusak"}, "applet.card_mute", "", "lainnya"},
	} {
		if got := countedAs(c.causes, c.cause, c.successor); got != c.want {
			t.Errorf("%q, then %q: %s, want %s", c.cause, c.successor, got, c.want)
		}
	}
}
