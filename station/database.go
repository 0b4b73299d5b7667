package station

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"blanko/store"
)

// shared reports whether other stations may have the ledger open, too.
func (d DatabaseConfig) shared() bool { return d.Postgres != "" }

func (d DatabaseConfig) server() store.Postgres {
	return store.Postgres{URL: d.Postgres, PasswordFile: credentialFile(d.PasswordFile)}
}

// place is where the ledger is.
func (c Config) place() string {
	if c.Database.shared() {
		return c.Database.Postgres
	}
	return c.Data
}

// nothingHere reports whether neither the ledger nor what copies of it need is on this machine.
func (c Config) nothingHere() bool { return c.Database.shared() && c.Backup.Folder == "" }

// credentialFile is the file that a name of the configuration means: itself, or a credential that
// systemd has laid down for the service (systemd.exec, LoadCredential).
func credentialFile(name string) string {
	if credential, named := strings.CutPrefix(name, "credential:"); named {
		return filepath.Join(os.Getenv("CREDENTIALS_DIRECTORY"), filepath.Base(credential))
	}
	return name
}

// openLedger opens the ledger of the configuration. A clock is only given by tests and worlds whose
// time is their own; without one the time is that of the database.
func (c Config) openLedger(ctx context.Context, now func() time.Time) (*store.Store, error) {
	var opts []store.Option
	if now != nil {
		opts = append(opts, store.WithClock(now))
	}
	roots, err := c.roots()
	if err != nil {
		return nil, err
	}
	opts = append(opts, store.WithRoots(roots...))
	if c.Database.shared() {
		return store.OpenPostgres(ctx, c.Database.server(), opts...)
	}
	return store.Open(ctx, c.Data, opts...)
}

// hasLedger reports whether there is a ledger already: serve makes the file of one.
func (c Config) hasLedger() bool {
	if c.Database.shared() {
		return true
	}
	_, err := os.Stat(c.Data)
	return !os.IsNotExist(err)
}
