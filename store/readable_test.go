package store

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"blanko/fault"
)

// ahead is a database as a program of the next version knows it: with one migration more.
type ahead struct {
	dialect
	next string
}

func (a ahead) migrations() (goose.Dialect, fs.FS, error) {
	name, files, err := a.dialect.migrations()
	if err != nil {
		return name, nil, err
	}
	all := fstest.MapFS{"90000_next.sql": {Data: []byte("-- +goose Up\n" + a.next)}}
	names, err := fs.Glob(files, "*.sql")
	for _, n := range names {
		text, err := fs.ReadFile(files, n)
		if err != nil {
			return name, nil, err
		}
		all[n] = &fstest.MapFile{Data: text}
	}
	return name, all, err
}

// emptyDatabases make one of each kind.
var emptyDatabases = map[string]func(*testing.T) dialect{
	"sqlite": func(t *testing.T) dialect {
		return sqlite{path: filepath.Join(t.TempDir(), "blanko.db"), relaxed: true}
	},
	"postgres": func(t *testing.T) dialect {
		cfg, err := freshDatabase(t).config()
		if err != nil {
			t.Fatal(err)
		}
		return &postgres{cfg: cfg, relaxed: true}
	},
}

// A program works with tables of the next version where those were only added to, and not with others; and what would
// break a station that serves waits until none does.
func TestOneVersionBack(t *testing.T) {
	t.Parallel()
	const added, broken = "alter table lot add column later text;", "alter table lot add column later text; update readable set since = 90000;"
	for name, fresh := range emptyDatabases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for next, refused := range map[string]fault.Code{added: "", broken: "store.newer_database"} {
				d := fresh(t)
				begin := func(d dialect) (*Store, error) {
					return open(t.Context(), d, settings{clock: time.Now})
				}
				old, err := begin(d)
				if err != nil {
					t.Fatal(err)
				}
				if name == "postgres" {
					release, err := old.Claim(t.Context(), "BLANKO-1", func(error) {})
					if err != nil {
						t.Fatal(err)
					}
					if refused != "" {
						if s, err := begin(ahead{d, next}); fault.CodeOf(err) != "store.stations_serve" {
							t.Errorf("broken under a station that serves: %v, %v", s, err)
						}
						release()
					} else {
						defer release()
					}
				}
				if refused != "" || name == "sqlite" {
					if err := old.Close(); err != nil {
						t.Fatal(err)
					}
				}
				s, err := begin(ahead{d, next})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close() //nolint:errcheck // read only from here on
				again, err := begin(d)
				if fault.CodeOf(err) != refused {
					t.Fatalf("%s: %v", next, err)
				}
				if refused != "" {
					continue
				}
				defer again.Close() //nolint:errcheck // the test ends
				works := func(s *Store, lot string) {
					t.Helper()
					if err := s.Write(t.Context(), func(tx *Tx) error {
						_, err := tx.Exec(`insert into lot (id, product, received_at) values (?, 'ktp-el', 0)`, lot)
						return err
					}); err != nil {
						t.Error(err)
					}
				}
				works(again, "A")
				works(s, "B")
				if name == "postgres" {
					works(old, "C") // it was there before
					if err := old.Close(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

// A station does not come to serve on tables that were changed, between its look at them and its claim, so that it must
// not work with them; its name is free for one that may.
func TestNoClaimOnTablesOfANewerProgram(t *testing.T) {
	t.Parallel()
	for name, fresh := range emptyDatabases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := fresh(t)
			begin := func(d dialect) *Store {
				t.Helper()
				s, err := open(t.Context(), d, settings{clock: time.Now})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				return s
			}
			old := begin(d)
			next := begin(ahead{d, "update readable set since = 90000;"})
			if _, err := old.Claim(t.Context(), "BLANKO-1", nil); fault.CodeOf(err) != "store.newer_database" {
				t.Errorf("an older program claimed: %v", err)
			}
			release, err := next.Claim(t.Context(), "BLANKO-1", nil)
			if err != nil {
				t.Fatal(err)
			}
			release()
		})
	}
}

// additive are statements that a program of the version before does not notice.
var additive = regexp.MustCompile(`(?is)^(create (unique )?index|create table|create view|create (or replace )?function|alter table \w+ add (column )?\w+ (text|integer|bigint|blob|bytea)( default [^,]+| not null default [^,]+)?$|insert into readable|comment on)`)

var (
	makes = regexp.MustCompile(`(?i)^create table (\w+)`)
	fills = regexp.MustCompile(`(?i)^insert into (\w+)`)
)

// Every migration behind the one that began to tell is of such statements, or tells that it breaks older programs.
func TestMigrationsTellWhomTheyBreak(t *testing.T) {
	t.Parallel()
	for _, in := range []struct {
		folder string
		files  fs.FS
	}{{"migrations/sqlite", sqliteMigrations}, {"migrations/postgres", postgresMigrations}} {
		names, err := fs.Glob(in.files, in.folder+"/*.sql")
		if err != nil || len(names) == 0 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			v, err := goose.NumericComponent(name)
			if err != nil {
				t.Fatal(err)
			}
			if v < 116 {
				continue
			}
			text, err := fs.ReadFile(in.files, name)
			if err != nil {
				t.Fatal(err)
			}
			if raises.Match(text) {
				continue
			}
			own := map[string]bool{} // tables that it makes: older programs do not know what is in them
			for _, statement := range strings.Split(withoutComments(up(string(text))), ";") {
				s := strings.TrimSpace(statement)
				if made := makes.FindStringSubmatch(s); made != nil {
					own[made[1]] = true
				}
				if into := fills.FindStringSubmatch(s); into != nil && own[into[1]] {
					continue
				}
				if s != "" && !additive.MatchString(s) {
					t.Errorf("%s: %q breaks programs of the version before: add 'update readable set since = %d'", name, s, v)
				}
			}
		}
	}
}

// up is the part of a migration that goes forward.
func up(text string) string {
	_, text, _ = strings.Cut(text, "-- +goose Up")
	text, _, _ = strings.Cut(text, "-- +goose Down")
	return text
}

func withoutComments(text string) string {
	return regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(text, "")
}
