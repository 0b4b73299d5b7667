package audit

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
)

// exported is a log of n events as a file, and its head.
func exported(t testing.TB, n int) (lines []string, head Head) {
	t.Helper()
	s, head := filled(t, storetest.SQLite(t), n)
	var b bytes.Buffer
	in(t, s, func(tx *store.Tx) error {
		_, err := Export(tx, &b, "61.05")
		return err
	})
	return strings.SplitAfter(strings.TrimSuffix(b.String(), "\n"), "\n"), head
}

func file(lines []string) *strings.Reader { return strings.NewReader(strings.Join(lines, "")) }

func TestExportIsVerifiedByItself(t *testing.T) {
	t.Parallel()
	lines, head := exported(t, 9)
	r, office, err := VerifyExport(file(lines), Anchor{head.ID, head.Hash})
	if err != nil || !r.Sound() || r.Events != 9 || r.Head.ID != 9 || office != "61.05" {
		t.Fatalf("%v, %+v of %q", err, r, office)
	}
}

// The same harms as in a ledger, done to the file. Line n holds event n.
func TestTamperedExportIsLocated(t *testing.T) {
	t.Parallel()
	whole, head := exported(t, 9)
	anchor := Anchor{head.ID, head.Hash}
	for _, c := range []struct {
		name string
		harm func(lines []string) []string
		want []Finding // Note is not compared
	}{
		{"actor changed", func(l []string) []string { l[4] = strings.Replace(l[4], "officer-1", "officer-2", 1); return l }, []Finding{{Harm: Altered, At: 4}}},
		{"time changed", func(l []string) []string { l[4] = strings.Replace(l[4], `"at":"20`, `"at":"19`, 1); return l }, []Finding{{Harm: Altered, At: 4}}},
		{"removed", func(l []string) []string { return slices.Delete(l, 4, 5) }, []Finding{{Harm: Removed, At: 4, To: 4}}},
		{"swapped", func(l []string) []string {
			l[3], l[6] = strings.Replace(l[6], `"id":6`, `"id":3`, 1), strings.Replace(l[3], `"id":3`, `"id":6`, 1)
			return l
		}, []Finding{{Harm: Reordered, At: 3}, {Harm: Reordered, At: 6}}},
		{"end removed, head kept", func(l []string) []string { return slices.Delete(l, 8, 10) }, []Finding{{Harm: Removed, At: 8, To: 9}, {Harm: Unmoored, At: 9}}},
		{"end removed with the head", func(l []string) []string {
			l[10] = strings.Replace(l[10], `"head":9`, `"head":7`, 1)
			l[10] = strings.Replace(l[10], hashIn(l[9], "hash"), hashIn(l[7], "hash"), 1)
			return slices.Delete(l, 8, 10)
		}, []Finding{{Harm: Unmoored, At: 9}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, _, err := VerifyExport(file(c.harm(slices.Clone(whole))), anchor)
			if err != nil {
				t.Fatal(err)
			}
			for i := range r.Findings {
				r.Findings[i].Note = ""
			}
			if !slices.Equal(r.Findings, c.want) {
				t.Errorf("found %v, want %v", r.Findings, c.want)
			}
		})
	}
}

// hashIn takes a hash out of a line.
func hashIn(line, name string) string {
	_, rest, _ := strings.Cut(line, `"`+name+`":"`)
	return rest[:64]
}

func TestOtherFilesAreRefused(t *testing.T) {
	t.Parallel()
	whole, _ := exported(t, 2)
	for name, lines := range map[string][]string{
		"empty":          nil,
		"another format": {"{\"format\":\"blanko/other/1\"}\n"},
		"cut":            whole[:3],
		"cut in a line":  append(slices.Clone(whole[:2]), whole[2][:40]),
		"no JSON":        {whole[0], "hello\n"},
		"more behind":    append(slices.Clone(whole), "\n", whole[1]),
		"short hash":     {whole[0], strings.Replace(whole[1], hashIn(whole[1], "hash"), "ab", 1), whole[2], whole[3]},
		"a long line":    {whole[0], strings.Repeat("x", maxLine+1)},
	} {
		if _, _, err := VerifyExport(file(lines)); fault.CodeOf(err) != notAnExport.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerifyExport(f *testing.F) {
	lines, _ := exported(f, 3)
	f.Add(strings.Join(lines, ""))
	f.Fuzz(func(t *testing.T, text string) {
		r, _, err := VerifyExport(strings.NewReader(text))
		if err == nil && r.Sound() && r.Events != r.Head.ID {
			t.Errorf("sound, with %d events and the head at %d", r.Events, r.Head.ID)
		}
	})
}

func TestOneAnchorADay(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		empty := db.Open(t)
		in(t, empty, func(tx *store.Tx) error {
			if made, err := Moor(tx, "2026-11-22"); made || err != nil {
				t.Errorf("an empty log was anchored: %v %v", made, err)
			}
			if _, err := Append(tx, Event{Actor: "a", Code: "b.c"}); err != nil {
				return err
			}
			for _, want := range []bool{true, false} {
				if made, err := Moor(tx, "2026-11-23"); made != want || err != nil {
					t.Errorf("made %v, want %v: %v", made, want, err)
				}
			}
			head, err := HeadOf(tx)
			if err != nil {
				return err
			}
			untold, err := Anchors(tx, true)
			if err != nil || len(untold) != 1 || untold[0].Anchor != (Anchor{head.ID, head.Hash}) || untold[0].Day != "2026-11-23" || untold[0].At.IsZero() {
				t.Errorf("%v %+v", err, untold)
			}
			if err := Told(tx, "2026-11-23"); err != nil {
				return err
			}
			untold, err = Anchors(tx, true)
			all, _ := Anchors(tx, false)
			if err != nil || len(untold) != 0 || len(all) != 1 || all[0].Told.IsZero() {
				t.Errorf("told: %v %+v %+v", err, untold, all)
			}
			return nil
		})
	})
}
