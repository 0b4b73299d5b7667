package applettest

import (
	"testing"
	"time"

	"blanko/chipdata"
	"blanko/ktp"
)

// benchTags are the outer tags of files whose content is made up.
var benchTags = map[chipdata.Builder]uint16{
	chipdata.BuildCOM: 0x60, chipdata.BuildDG2: 0x75, chipdata.BuildDG7: 0x67, chipdata.BuildDG11: 0x6B, chipdata.BuildDG11And: 0x6B,
	chipdata.BuildDG12: 0x6C, chipdata.BuildDG13: 0x6D, chipdata.BuildFinger1: 0x7F60, chipdata.BuildFinger2: 0x7F60, chipdata.BuildBIO: 0x7E,
}

// Plan is a card of the profile's benchmark sizes: a true DG1 of a made-up person, made-up bytes
// in the other files, keys and EF.SOD still to come. salt makes it differ from others.
func Plan(t testing.TB, p *chipdata.Profile, salt byte) *chipdata.Plan {
	t.Helper()
	plan := &chipdata.Plan{Profile: p}
	for _, f := range p.Files {
		var data []byte
		switch f.Builder {
		case chipdata.BuildPROF, chipdata.BuildDG14, chipdata.BuildDG15, chipdata.BuildSOD:
			continue
		case chipdata.BuildDG1:
			var err error
			if data, err = chipdata.EncodeDG1(ktp.Person{
				NIK: "3173041708901234", Names: []string{"BUDI SANTOSO"}, Sex: ktp.Male, Nationality: "IDN",
				BirthDate: time.Date(1990, 8, 17, 0, 0, 0, 0, time.UTC), Validity: ktp.Lifelong,
			}); err != nil {
				t.Fatal(err)
			}
		default:
			data = fill(benchTags[f.Builder], f.Reference, salt^f.SFI)
		}
		if len(data) != f.Reference {
			t.Fatalf("%s has %d bytes, the benchmark record %d", f.Name, len(data), f.Reference)
		}
		plan.Files = append(plan.Files, chipdata.File{FID: f.FID, SFI: f.SFI, Name: f.Name, Data: data})
	}
	return plan
}

// fill is one data object of size bytes.
func fill(tag uint16, size int, salt byte) []byte {
	for n := size; n > 0; n-- {
		value := make([]byte, n)
		for i := range value {
			value[i] = salt + byte(i*7)
		}
		if b := chipdata.AppendTLV(nil, tag, value...); len(b) == size {
			return b
		}
	}
	return nil
}
