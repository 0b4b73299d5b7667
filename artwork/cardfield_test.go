package artwork

import (
	"testing"

	"blanko/ktp"
)

// What papers and pages say that a card shows is what its face shows, by the same label.
func TestCardFieldsAreThoseOfTheFace(t *testing.T) {
	t.Parallel()
	for name, nationality := range map[string]string{"ktp-el-wni": "IDN", "ktp-el-oa": "NLD"} {
		tm, in := load(t, name), budi()
		in.Person.Nationality = nationality
		fields := map[string]ktp.CardField{}
		for _, f := range ktp.CardFields {
			if !f.Chip {
				fields[f.Label] = f
			}
		}
		check := func(label, text, empty string) {
			t.Helper()
			f, known := fields[label]
			if !known {
				t.Errorf("%s: %q is no field of a card, or is there twice", name, label)
				return
			}
			delete(fields, label)
			if got, err := fill(text, label, empty, in, tm.spec.Language); err != nil || got != f.Of(in.Person) || got == "" {
				t.Errorf("%s: %s is %q on the face, %q beside it: %v", name, label, got, f.Of(in.Person), err)
			}
		}
		for _, c := range tm.spec.Front.Columns {
			for _, r := range c.Rows {
				if r.Label != "" {
					check(r.Label, r.Text, r.Empty)
				}
				if r.Beside != nil {
					check(r.Beside.Label, r.Beside.Text, r.Beside.Empty)
				}
			}
		}
		heads := map[string]string{"{nik}": "NIK", "{regency}": "Kabupaten/Kota", "PROVINSI {province}": "Provinsi"} // without a colon behind their label
		for _, l := range tm.spec.Front.Lines {
			if label := heads[l.Text]; label == "Provinsi" {
				check(label, "{province}", "")
			} else if label != "" {
				check(label, l.Text, "")
			}
		}
		for label := range fields {
			t.Errorf("%s: the face has no %q", name, label)
		}
	}
}
