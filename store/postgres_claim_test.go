package store

import (
	"testing"

	"blanko/fault"
)

// A station that takes its name anew after a break does not go on with tables that were changed meanwhile so that it must
// not: it waits for who changes them, looks, and says why it ends.
func TestNameIsLostToANewerProgram(t *testing.T) {
	t.Parallel()
	s, err := OpenPostgres(t.Context(), freshDatabase(t), WithRelaxedDurability())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // the test ends
	lost := make(chan error, 1)
	release, err := s.Claim(t.Context(), "station", func(why error) { lost <- why })
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	changing, done, err := s.dialect.migrating(t.Context(), s.write)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '` + claimSession + `%'`,
		`update readable set since = 90000`,
	} {
		if _, err := changing.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	if why := <-lost; fault.CodeOf(why) != "store.newer_database" {
		t.Error(why)
	}
}
