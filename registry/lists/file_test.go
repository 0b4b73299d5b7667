package lists

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/stock"
)

const residentsHead = "id,nik,name,birth_date,sex\n"

// A line that cannot be taken is named with its column and the reason, never by its value; every other line is
// read all the same.
func TestHostileLines(t *testing.T) {
	t.Parallel()
	good := "1,6105014107900001,SATU,1990-07-01,PEREMPUAN\n"
	for _, c := range []struct {
		name, file string
		good       int
		bad        []BadRow
	}{
		{"plain", residentsHead + good, 1, nil},
		{"a mark of UTF-8, CR LF, semicolons", "\xef\xbb\xbf" + strings.ReplaceAll(strings.ReplaceAll(residentsHead+good, ",", ";"), "\n", "\r\n"), 1, nil},
		{"no end of the last line", residentsHead + strings.TrimSpace(good), 1, nil},
		{"an empty line between", residentsHead + "\n" + good, 1, nil},
		{"quoted, with a comma", residentsHead + `1,6105014107900001,"SATU, S.H.",1990-07-01,PEREMPUAN` + "\n", 1, nil},
		{"nothing but the head", residentsHead, 0, nil},
		{"Latin-1", residentsHead + "1,6105014107900001,SAT\xdc,1990-07-01,PEREMPUAN\n" + strings.Replace(good, "1,", "2,", 1), 1, []BadRow{{2, "", notUTF8}}},
		{"UTF-16 of a line", residentsHead + "\xff\xfe1\x00\n" + good, 1, []BadRow{{2, "", notUTF8}}},
		{"quotes that do not fit", residentsHead + `1,61050141"07900001,SATU,1990-07-01,PEREMPUAN` + "\n" + good, 1, []BadRow{{2, "", badQuotes}}},
		{"a quote that never ends", residentsHead + good + `2,"`, 1, []BadRow{{3, "", badQuotes}}},
		{"too few and too many", residentsHead + "1,2\n1,2,3,4,5,6\n" + good, 1, []BadRow{{2, "", fewerCells}, {3, "", fewerCells}}},
		{"a huge line", residentsHead + "1," + strings.Repeat("9", 1<<20) + ",A,1990-07-01,PEREMPUAN\n" + good, 1, []BadRow{{2, "", lineLonger}}},
		{"empty cells", residentsHead + "1,,SATU,,PEREMPUAN\n", 0, []BadRow{{2, "nik", valueMissing}, {2, "birth_date", valueMissing}}},
		{"everything wrong in one line", residentsHead + strings.Repeat("x", 41) + ",12,A\u202eB,31-12-1990,WANITA\n", 0, []BadRow{{2, "id", valueLonger}, {2, "nik", notNIK}, {2, "name", notPrinted}, {2, "birth_date", notDate}, {2, "sex", notWord}}},
		{"one NIK twice", residentsHead + good + strings.Replace(good, "1,", "2,", 1), 1, []BadRow{{3, "nik", valueTwice}}},
		{"one row twice", residentsHead + good + good, 1, []BadRow{{3, "id", valueTwice}, {3, "nik", valueTwice}}},
		{"a leading zero that a spreadsheet took", residentsHead + "1,105014107900001,SATU,1990-07-01,PEREMPUAN\n", 0, []BadRow{{2, "nik", notNIK}}},
		{"a number in the form of a spreadsheet", residentsHead + "1,6.10501E+15,SATU,1990-07-01,PEREMPUAN\n", 0, []BadRow{{2, "nik", notNIK}}},
		{"a NUL", residentsHead + "1,6105014107900001,SA\x00TU,1990-07-01,PEREMPUAN\n", 0, []BadRow{{2, "name", notPrinted}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, err := Residents([]byte(c.file), "dpt-1")
			if err != nil {
				t.Fatal(err)
			}
			sortBad := func(list []BadRow) []string {
				var s []string
				for _, b := range list {
					s = append(s, fmt.Sprintf("%d %s %s", b.Line, b.Column, b.Reason.EN))
				}
				slices.Sort(s)
				return s
			}
			if got, want := sortBad(l.bad), sortBad(c.bad); len(l.rows) != c.good || !slices.Equal(got, want) {
				t.Errorf("%d good, %q; want %d, %q", len(l.rows), got, c.good, want)
			}
		})
	}
}

// A file that is no such list is refused as a whole.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"empty": "", "a mark alone": "\xef\xbb\xbf", "a program": "MZ\x90\x00\x03", "UTF-16": "\xff\xfei\x00d\x00", "without NIK": "id,name,birth_date,sex\n", "a column twice": "id,nik,nik,name,birth_date,sex\n",
		"a column of another list": residentsHead[:len(residentsHead)-1] + ",password\n", "no head": "1,6105014107900001,SATU,1990-07-01,PEREMPUAN\n", "a head with open quotes": "\"id,nik\n",
		"tabs": strings.ReplaceAll(residentsHead, ",", "\t"),
	} {
		if _, err := Residents([]byte(file), "dpt-1"); !fault.Is(err, Malformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Blanks(make([]byte, MostBytes+1), "LOT", "P"); !fault.Is(err, TooLarge) {
		t.Errorf("too large: %v", err)
	}
}

// A hundred thousand bad rows are named one by one.
func TestManyBadRows(t *testing.T) {
	t.Parallel()
	const many = 100_000
	var b strings.Builder
	b.WriteString("chip\n0000CAFE000000000001\n")
	for i := range many {
		fmt.Fprintf(&b, "=CMD(%d)\n", i)
	}
	l, err := Denied([]byte(b.String()), registry.Because{Reason: "stolen"})
	if err != nil || len(l.rows) != 1 || len(l.bad) != many || l.bad[many-1] != (BadRow{many + 2, "chip", notChip}) {
		t.Errorf("%d good, %d bad, %v", len(l.rows), len(l.bad), err)
	}
}

// Whatever a file holds, reading it ends with rows or with a reason.
func FuzzResidents(f *testing.F) {
	f.Add([]byte(residentsHead + "1,6105014107900001,SATU,1990-07-01,PEREMPUAN\n"))
	f.Add([]byte("\xef\xbb\xbf" + strings.ReplaceAll(residentsHead, ",", ";") + "\"\r\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := Residents(file, "dpt-1")
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
		for _, b := range l.bad {
			if b.Reason.ID == "" || b.Reason.EN == "" || b.Line < 1 {
				t.Errorf("%+v", b)
			}
		}
	})
}

// A row of the deny list may name a range; what is none is told by its line.
func TestDeniedRanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		row string
		bad []BadRow
	}{
		"a range":                  {",KE-000001,KE-000010", nil},
		"a number alone":           {",KE-000001,", nil},
		"a chip beside it":         {"0000CAFE000000000001,,", nil},
		"backwards":                {",KE-000010,KE-000001", []BadRow{{2, "label_to", notRange}}},
		"another prefix":           {",KE-000001,KF-000010", []BadRow{{2, "label_to", notRange}}},
		"more than may be":         {",KE-000000,KE-100000", []BadRow{{2, "label_to", notRange}}},
		"small letters":            {",KE-000001,ke-000010", []BadRow{{2, "label_to", notRange}}},
		"an end alone":             {",,KE-000010", []BadRow{{2, "label", valueMissing}}},
		"a chip":                   {"0000CAFE000000000001,KE-000001,KE-000010", []BadRow{{2, "label_to", rangeOfChip}}},
		"begun twice":              {",KE-000001,KE-000010\n,KE-000001,KE-000020", []BadRow{{3, "label", valueTwice}}},
		"a number of one is named": {",KE-000001,KE-000010\n,KE-000005,", nil},
	} {
		l, err := Denied([]byte("chip,label,label_to\n"+c.row+"\n"), registry.Because{Reason: "stolen"})
		if err != nil || !slices.Equal(l.bad, c.bad) || len(l.rows) == 0 && c.bad == nil {
			t.Errorf("%s: %d rows, bad %+v, %v", name, len(l.rows), l.bad, err)
		}
	}
	op := func(text string) registry.ImportDenied {
		l, err := Denied([]byte(text), registry.Because{Reason: "stolen"})
		if err != nil {
			t.Fatal(err)
		}
		return l.op(0, len(l.rows)).(registry.ImportDenied)
	}
	if got := op("label,label_to\nKE-000001,KE-000010\nKE-000020,\n"); len(got.Ranges) != 1 || got.Ranges[0] != (stock.LabelRange{From: "KE-000001", To: "KE-000010"}) {
		t.Errorf("%+v", got)
	}
}
