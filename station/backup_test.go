package station

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/datacenter"
	"blanko/store"
	"blanko/store/storetest"
)

// keyPair makes a pair of keys of age: the public one, and the file of the secret one.
func keyPair(t *testing.T) (public, file string) {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(file, []byte(k.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return k.Recipient().String(), file
}

// backedUp is a station that has pulled its records, its configuration and one copy of its ledger: a file, or one on a
// server.
func backedUp(t *testing.T, server string) (b *inbox, c Config, identity, path string) {
	t.Helper()
	b = newCenter(t, center.Config{Records: 3}).openedAt(server, 10)
	b.pulled()
	public, identity := keyPair(t)
	c, err := ParseConfig([]byte("office: \"" + testOffice + "\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	c.Data, c.Database.Postgres, c.Center.URL = b.path, server, b.url
	c.Backup = BackupConfig{Folder: t.TempDir(), Recipients: []string{public}, Every: time.Hour, Keep: 2}
	path, _, err = c.makeCopy(b.ctx, b.Registry, c.Backup.Folder, b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return b, c, identity, path
}

// A copy tells nobody a name, opens with its key alone, and holds what the ledger held.
func TestCopyIsSealedAndOpens(t *testing.T) {
	t.Parallel()
	b, c, identity, path := backedUp(t, "")
	sealed, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(sealed), "age-encryption.org/v1") || strings.Contains(string(sealed), "SQLite format") {
		t.Fatalf("%v: %.40q", err, sealed)
	}
	m, err := openCopy(b.ctx, path, identity, filepath.Join(t.TempDir(), "ledger.db"))
	newest, nerr := b.Registry.NewestEvent(b.ctx)
	if err != nil || nerr != nil || m.Events != newest || m.Office != testOffice || m.Station != c.Station {
		t.Errorf("%v %v %+v, the ledger is at %d", err, nerr, m, newest)
	}
	_, other := keyPair(t)
	for name, harm := range map[string]struct {
		identity string
		change   func([]byte) []byte
	}{
		"another key":   {other, slices.Clone[[]byte]},
		"cut":           {identity, func(s []byte) []byte { return s[:len(s)-1] }},
		"cut by blocks": {identity, func(s []byte) []byte { return s[:1000] }},
		"one bit":       {identity, func(s []byte) []byte { s = slices.Clone(s); s[len(s)/2] ^= 1; return s }},
		"empty":         {identity, func([]byte) []byte { return nil }},
	} {
		folder := t.TempDir()
		file, into := filepath.Join(folder, "copy.age"), filepath.Join(folder, "ledger.db")
		if err := os.WriteFile(file, harm.change(sealed), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := openCopy(b.ctx, file, harm.identity, into); fault.CodeOf(err) != "backup.not_readable" {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(into); !os.IsNotExist(err) {
			t.Errorf("%s: something was left behind: %v", name, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(b.path), ".blanko-*")); len(left) > 0 {
		t.Errorf("left beside the ledger: %v", left)
	}
}

// Copies are made when they are due, and the oldest go.
func TestCopiesAreKept(t *testing.T) {
	t.Parallel()
	b, c, _, _ := backedUp(t, "")
	for i, want := range []int{1, 2, 2, 2} {
		if err := c.copyWhenDue(b.ctx, b.Registry, b.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if names, _, err := c.copies(c.Backup.Folder); err != nil || len(names) != want {
			t.Errorf("round %d: %v %v, want %d", i, names, err, want)
		}
		b.clock.pass(c.Backup.Every)
	}
}

// Copies of a clock that was ahead push out none that is made since: each is made when it is due, and those of the
// future go first.
func TestCopiesFromTheFuture(t *testing.T) {
	t.Parallel()
	b, c, _, path := backedUp(t, "")
	for years := 1; years <= c.Backup.Keep; years++ {
		ahead := c.copyPrefix() + b.clock.Now().AddDate(years, 0, 0).UTC().Format(copyTime) + copyEnding
		must(t, os.Link(path, filepath.Join(c.Backup.Folder, ahead)))
	}
	must(t, os.Remove(path))
	var made []string
	for _, turn := range []struct {
		pass  time.Duration
		fresh int // copies that are not of the future
	}{{0, 1}, {time.Minute, 1}, {time.Minute, 1}, {c.Backup.Every, 2}, {time.Minute, 2}} {
		b.clock.pass(turn.pass)
		must(t, c.copyWhenDue(b.ctx, b.Registry, b.clock.Now()))
		names, _, err := c.copies(c.Backup.Folder)
		must(t, err)
		at, n, err := c.newestCopy(b.clock.Now())
		if err != nil || len(names) != c.Backup.Keep || n != turn.fresh || b.clock.Now().Sub(at) >= c.Backup.Every {
			t.Errorf("%v later: %v, %d of them made since, the newest of %v, %v", turn.pass, names, n, at, err)
		}
		if len(made) > n || !slices.Equal(made, names[:len(made)]) {
			t.Errorf("%v later: %v, before it was %v", turn.pass, names, made)
		}
		made = names[:n]
	}
}

// What happened after the copy is known to the center alone: it is held, nothing else is lost, and nothing is
// fed until two persons took the ledger.
func TestRestoredLedgerIsResynced(t *testing.T) {
	t.Parallel()
	for name, servers := range map[string]func(t *testing.T) (before, after string){
		"a file":                 func(*testing.T) (string, string) { return "", "" },
		"a server":               func(t *testing.T) (string, string) { return storetest.PostgresURL(t), storetest.PostgresEmptyURL(t) },
		"a file, on a server":    func(t *testing.T) (string, string) { return "", storetest.PostgresEmptyURL(t) },
		"of a server, in a file": func(t *testing.T) (string, string) { return storetest.PostgresURL(t), "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := servers(t)
			restored(t, before, after)
		})
	}
}

func restored(t *testing.T, before, after string) {
	b, c, identity, path := backedUp(t, before)
	held := b.look()
	apps, err := b.Registry.ListApplications(b.ctx, "", "", 10)
	if err != nil || len(apps) != 3 {
		t.Fatalf("%v, %d applications", err, len(apps))
	}
	there := LedgerThere.Code
	if before != "" {
		there = "store.not_empty"
	}
	if _, err := c.restoreCopy(b.ctx, path, identity); fault.CodeOf(err) != there {
		t.Fatalf("over a ledger: %v", err)
	}
	// After the copy the center hears that the first card was printed; then the disk is lost.
	first := apps[0].ID
	results, err := b.Center.Report(b.ctx, []datacenter.Report{{Key: "late", ID: string(first), Version: apps[0].Version, Word: "CARD_PRINTED", At: b.clock.Now()}})
	if err != nil || !results[0].Taken() {
		t.Fatal(results, err)
	}
	if err := b.store.Close(); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(b.path) // not there where it was on a server
	b.server, c.Database.Postgres = after, after
	wrong := c
	wrong.Office = "61.06"
	if _, err := wrong.restoreCopy(b.ctx, path, identity); fault.CodeOf(err) != CopyElsewhere.Code {
		t.Errorf("in another office: %v", err)
	}
	if _, err := c.restoreCopy(b.ctx, path, identity, store.WithClock(b.clock.Now)); err != nil {
		t.Fatal(err)
	}
	b.open(10)
	if put := b.look(); !reflect.DeepEqual(put, held) {
		t.Errorf("%+v, before %+v", put, held)
	}
	guard := access.Actor{ID: "guard-1", Roles: []access.Role{access.SecurityOfficer}}
	boss := access.Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}
	accept := func(key string) error {
		_, err := b.Registry.Do(b.ctx, guard, registry.AcceptRestoration{Second: boss}, key)
		return err
	}
	if err := accept("1"); fault.CodeOf(err) != "registry.not_reconciled" {
		t.Errorf("accepted unseen: %v", err)
	}
	b.pulled()
	b.clock.pass(time.Minute)
	if err := b.reconcile(b.ctx); err != nil {
		t.Fatal(err)
	}
	got, err := b.Registry.Application(b.ctx, first)
	if err != nil || got.Application.HeldFor() != "ledger_restored" {
		t.Errorf("%v: held by %q", err, got.Application.HeldFor())
	}
	if err := accept("2"); err != nil {
		t.Error(err)
	}
	if _, _, open, err := b.Registry.OpenRestoration(b.ctx); err != nil || open {
		t.Errorf("still open: %v %v", open, err)
	}
}

// The log that a killed station left is a part of its own ledger. Laid over the one that is restored, it would damage it,
// or take back that it is to be accepted first: where it lies beside the place, nothing is restored.
func TestNothingIsRestoredBesideTheLogOfAnother(t *testing.T) {
	t.Parallel()
	b, c, identity, path := backedUp(t, "")
	left, err := os.ReadFile(b.path + "-wal") // as a kill would leave it
	if err != nil || len(left) == 0 {
		t.Fatal(len(left), err)
	}
	must(t, b.store.Close())
	must(t, os.Remove(b.path))
	must(t, os.WriteFile(b.path+"-wal", left, 0o600))
	if _, err := c.restoreCopy(b.ctx, path, identity); fault.CodeOf(err) != "store.left_over" {
		t.Errorf("beside a log: %v", err)
	}
	if _, err := os.Lstat(b.path); !os.IsNotExist(err) {
		t.Errorf("something was restored: %v", err)
	}
	must(t, os.Rename(b.path+"-wal", filepath.Join(t.TempDir(), "kept")))
	if _, err := c.restoreCopy(b.ctx, path, identity, store.WithClock(b.clock.Now)); err != nil {
		t.Fatal(err)
	}
	b.open(10)
	if _, _, open, err := b.Registry.OpenRestoration(b.ctx); err != nil || !open {
		t.Errorf("it waits for nobody: %v", err)
	}
}

// A station goes on with a file that was taken away under it, and writes into nothing that is put there: until it ends,
// nothing is restored.
func TestNothingIsRestoredUnderAStationThatServes(t *testing.T) {
	t.Parallel()
	b, c, identity, path := backedUp(t, "")
	release, err := b.store.Claim(b.ctx, "BLANKO-01", nil)
	must(t, err)
	for _, ending := range []string{"", "-wal", "-shm"} {
		must(t, os.Remove(b.path+ending))
	}
	if _, err := c.restoreCopy(b.ctx, path, identity); fault.CodeOf(err) != "store.claimed" {
		t.Errorf("under a station: %v", err)
	}
	if _, err := os.Lstat(b.path); !os.IsNotExist(err) {
		t.Errorf("something was restored: %v", err)
	}
	release()
	_ = b.store.Close() // of a file that is gone
	if _, err := c.restoreCopy(b.ctx, path, identity); err != nil {
		t.Error(err)
	}
}

// A ledger on a server is copied when it is due, and the oldest go.
func TestCopiesOfAServerAreKept(t *testing.T) {
	t.Parallel()
	b, c, identity, _ := backedUp(t, storetest.PostgresURL(t))
	for range 3 {
		b.clock.pass(c.Backup.Every)
		if err := c.copyWhenDue(b.ctx, b.Registry, b.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	names, _, err := c.copies(c.Backup.Folder)
	if err != nil || len(names) != c.Backup.Keep {
		t.Fatal(names, err)
	}
	for _, n := range names {
		if m, err := openCopy(b.ctx, filepath.Join(c.Backup.Folder, n), identity, filepath.Join(t.TempDir(), "ledger.db")); err != nil || m.Events == 0 {
			t.Errorf("%s: %+v %v", n, m, err)
		}
	}
}

// A copy that is too old is told as an outage, as is a folder that is away; the first copy is waited for.
func TestStaleCopyIsTold(t *testing.T) {
	t.Parallel()
	b, c, _, path := backedUp(t, "")
	b.Name = "BLANKO-01"
	began := b.clock.Now()
	is := func(what string, want registry.HealthState, code fault.Code) {
		t.Helper()
		c.tellCopies(b.ctx, b.Station, began, b.clock.Now())
		list, err := b.Registry.HealthOf(b.ctx, "", 10)
		if err != nil || len(list) != 1 || list[0].Device != "blanko-01.copies" || list[0].State != want || list[0].Code != string(code) {
			t.Errorf("%s: %+v, %v", what, list, err)
		}
		b.clock.pass(time.Second)
	}
	is("made just now", registry.HealthWorks, "")
	b.clock.pass(staleAfter * c.Backup.Every)
	is("too old", registry.HealthDown, CopyStale.Code)
	if age, found := c.copyAge(b.clock.Now()); !found || age <= staleAfter*c.Backup.Every {
		t.Errorf("age %v, %v", age, found)
	}
	if err := c.copyWhenDue(b.ctx, b.Registry, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	is("made anew", registry.HealthWorks, "")
	began = b.clock.Now()
	away := c
	away.Backup.Folder += ".away"
	c = away
	is("the folder is away", registry.HealthLimps, FolderAway.Code)
	b.clock.pass(staleAfter * c.Backup.Every)
	is("for long", registry.HealthDown, CopyStale.Code)
	if _, found := c.copyAge(b.clock.Now()); found {
		t.Errorf("%s has an age", path)
	}
}
