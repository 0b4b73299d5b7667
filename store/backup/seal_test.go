package backup

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"filippo.io/age"
)

// A name in the folder of the copies is that of a whole one. What a killed process left of another goes with the next;
// what is being made stays.
func TestCopiesAreWholeOrNotThere(t *testing.T) {
	t.Parallel()
	folder, ledger := t.TempDir(), filepath.Join(t.TempDir(), "ledger.db")
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	seal := func(name, path string) error {
		return SealInto(folder, name, path, Manifest{Format: Format}, []age.Recipient{k.Recipient()})
	}
	is := func(what string, want ...string) {
		t.Helper()
		var names []string
		list, err := os.ReadDir(folder)
		for _, e := range list {
			names = append(names, e.Name())
		}
		slices.Sort(want)
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("%s: %q, want %q, %v", what, names, want, err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := seal("a.age", ledger); err == nil {
		t.Error("sealed what is not there")
	}
	is("nothing to seal")
	must(os.WriteFile(ledger, []byte("a ledger"), 0o600))
	cut := filepath.Join(folder, workName+"cut")
	must(os.Mkdir(cut, 0o700))
	must(os.WriteFile(filepath.Join(cut, "a.age"), []byte("half of one"), 0o600))
	other, err := newWork(folder)
	must(err)
	must(seal("b.age", ledger))
	is("another is being made", "b.age", filepath.Base(other.Folder), filepath.Base(other.Folder)+lockName)
	must(other.Remove())
	must(seal("c.age", ledger))
	is("alone", "b.age", "c.age")
	f, err := os.Open(filepath.Join(folder, "b.age"))
	must(err)
	defer f.Close() //nolint:errcheck // it was only read
	into := filepath.Join(t.TempDir(), "ledger.db")
	if _, err := Open(f, into, []age.Identity{k}); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(into); err != nil || string(text) != "a ledger" {
		t.Errorf("%q, %v", text, err)
	}
}
