package station

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/registry/audit"
	"blanko/store"
	"blanko/store/backup"
)

// Names of copies: blanko-61.05-BLANKO-01-20261122T060000Z.age; they sort by time.
const (
	copyEnding = ".age"
	copyTime   = "20060102T150405Z"
)

func (c Config) copyPrefix() string {
	return "blanko-" + c.Office + "-" + strings.Map(func(r rune) rune {
		if r == os.PathSeparator || r < ' ' {
			return '_'
		}
		return r
	}, c.Station) + "-"
}

// copies are the finished copies of this station in a folder, oldest first, and their times.
func (c Config) copies(folder string) (names []string, times []time.Time, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries { // sorted by name
		text, ours := strings.CutPrefix(e.Name(), c.copyPrefix())
		text, finished := strings.CutSuffix(text, copyEnding)
		at, err := time.Parse(copyTime, text)
		if ours && finished && err == nil {
			names, times = append(names, e.Name()), append(times, at)
		}
	}
	return names, times, nil
}

// makeCopy writes a sealed copy of the ledger into a folder while the station runs. The copy is opened and
// proved before it is sealed; a name that stands in the folder is that of a whole file.
func (c Config) makeCopy(ctx context.Context, reg *registry.Registry, folder string, now time.Time) (path string, m backup.Manifest, err error) {
	const op = "station.makeCopy"
	to, err := backup.Recipients(c.Backup.Recipients)
	if err != nil {
		return "", m, err
	}
	work, err := backup.NewWork(filepath.Dir(c.Data)) // what is clear stays on the disk of a ledger, also where that is a server's
	if err != nil {
		return "", m, OutputRefused.At(op, err).With("folder", "%s", filepath.Dir(c.Data))
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	clear := filepath.Join(work.Folder, "ledger.db")
	if err := reg.CopyLedger(ctx, clear); err != nil {
		return "", m, err
	}
	head, err := proveLedger(ctx, clear)
	if err != nil {
		return "", m, err
	}
	m = backup.Manifest{Format: backup.Format, Office: c.Office, Station: c.Station, Program: Version(), At: now.UTC().Truncate(time.Second), Events: head.ID, Head: hex.EncodeToString(head.Hash[:])}
	name := c.copyPrefix() + m.At.Format(copyTime) + copyEnding
	if err := backup.SealInto(folder, name, clear, m, to); err != nil {
		return "", m, OutputRefused.At(op, err).With("folder", "%s", folder)
	}
	return filepath.Join(folder, name), m, syncFolder(folder)
}

// proveLedger reads a whole ledger file: its pages, indexes and references, and the chain of its events.
func proveLedger(ctx context.Context, path string) (head audit.Head, err error) {
	st, err := store.Open(ctx, path)
	if err != nil {
		return head, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.Check(ctx); err != nil {
		return head, err
	}
	rep, err := registry.New(st, registry.Config{}, zap.NewNop()).VerifyEvents(ctx)
	if err != nil {
		return head, err
	}
	if !rep.Sound() {
		return head, CopyUnsound.At("station.proveLedger", nil).With("events", "%d findings, the first: %s", len(rep.Findings), rep.Findings[0])
	}
	return rep.Head, nil
}

// syncFolder makes the names in a folder last.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// dropCopies removes what there is beyond those that stay: first copies of the future, which a clock made that was
// ahead once, then the oldest.
func (c Config) dropCopies(now time.Time) error {
	names, times, err := c.copies(c.Backup.Folder)
	if err != nil {
		return err
	}
	ahead := past(times, now)
	for _, n := range slices.Concat(names[ahead:], names[:ahead])[:max(0, len(names)-c.Backup.Keep)] {
		if err := os.Remove(filepath.Join(c.Backup.Folder, n)); err != nil {
			return err
		}
	}
	return nil
}

// openCopy unseals a copy into a new file and proves it.
func openCopy(ctx context.Context, file, identity, path string) (m backup.Manifest, err error) {
	const op = "station.openCopy"
	k, err := os.Open(identity)
	if err != nil {
		return m, FileUnreadable.At(op, err).With("identity", "%s", filepath.Base(identity))
	}
	keys, err := backup.Identities(k)
	if err := errors.Join(err, k.Close()); err != nil {
		return m, err
	}
	f, err := os.Open(file)
	if err != nil {
		return m, FileUnreadable.At(op, err).With("file", "%s", filepath.Base(file))
	}
	defer f.Close() //nolint:errcheck // it was only read
	if m, err = backup.Open(f, path, keys); err != nil {
		return m, err
	}
	head, err := proveLedger(ctx, path)
	if err != nil {
		return m, err
	}
	if head.ID != m.Events || hex.EncodeToString(head.Hash[:]) != m.Head {
		return m, CopyUnsound.At(op, nil).With("head", "event %d, the copy says %d", head.ID, m.Events)
	}
	return m, nil
}

// restoreCopy puts a proved copy where the ledger is to be, marked as restored, so that nothing is fed
// until it was accepted: into a file, or into an empty database of a server, whichever it was copied from. A ledger
// that is there is never written over, nor is its place taken while a station serves on it.
func (c Config) restoreCopy(ctx context.Context, file, identity string, opts ...store.Option) (m backup.Manifest, err error) {
	const op = "station.restoreCopy"
	if _, err := os.Lstat(c.Data); !c.Database.shared() && (err == nil || !os.IsNotExist(err)) {
		return m, LedgerThere.At(op, err).With("data", "%s", c.Data)
	}
	work, err := backup.NewWork(filepath.Dir(c.Data))
	if err != nil {
		return m, OutputRefused.At(op, err).With("folder", "%s", filepath.Dir(c.Data))
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	there := func(err error) error {
		if errors.Is(err, fs.ErrExist) { // it has come meanwhile
			return LedgerThere.At(op, err).With("data", "%s", c.Data)
		}
		return err
	}
	fill := func(clear string) error { return store.FillPostgres(ctx, c.Database.server(), clear, opts...) }
	if !c.Database.shared() {
		place, err := store.HoldVacancy(ctx, c.Data)
		if err != nil {
			return m, there(err)
		}
		defer place.Release()
		fill = place.Fill
	}
	clear := filepath.Join(work.Folder, "ledger.db")
	if m, err = openCopy(ctx, file, identity, clear); err != nil {
		return m, err
	}
	if m.Office != c.Office {
		return m, CopyElsewhere.At(op, nil).With("office", "the copy is of %s, the configuration of %s", m.Office, c.Office)
	}
	if err := c.markRestored(ctx, clear, m, opts); err != nil {
		return m, err
	}
	if err := fill(clear); err != nil {
		return m, there(err)
	}
	return m, syncFolder(filepath.Dir(c.Data))
}

func (c Config) markRestored(ctx context.Context, path string, m backup.Manifest, opts []store.Option) (err error) {
	roots, err := c.roots()
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, path, append(opts, store.WithRoots(roots...))...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return registry.New(st, c.registry(), zap.NewNop()).MarkRestored(ctx, Actor, m.At, c.Center.URL != "")
}

// keepCopies makes a copy when the newest is old enough, until the context ends. A copy that fails is
// logged and tried again; one that is too old is told as an outage, and the doctor shows it.
func (c Config) keepCopies(ctx context.Context, s *Station, log *zap.Logger, now func() time.Time) {
	const look = time.Minute
	if err := backup.DropCut(filepath.Dir(c.Data)); err != nil {
		log.Error("a copy that was cut off stays beside the ledger", zap.Error(err))
	}
	for began := now(); ; {
		if err := c.copyWhenDue(ctx, s.Registry, now()); err != nil && ctx.Err() == nil {
			log.Error("no copy of the ledger was made", zap.Error(err))
		}
		c.tellCopies(ctx, s, began, now())
		select {
		case <-ctx.Done():
			return
		case <-time.After(look):
		}
	}
}

func (c Config) copyWhenDue(ctx context.Context, reg *registry.Registry, now time.Time) error {
	newest, n, err := c.newestCopy(now)
	if err != nil || n > 0 && now.Sub(newest) < c.Backup.Every {
		return err
	}
	if _, _, err := c.makeCopy(ctx, reg, c.Backup.Folder, now); err != nil {
		return err
	}
	return c.dropCopies(now)
}

// tellCopy is a copy as a person reads it.
func tellCopy(m backup.Manifest) words {
	at := m.At.Format(time.RFC3339)
	return say("kantor %s, stasiun %s, %s, %d kejadian, ujung %s", "office %s, station %s, %s, %d events, head %s", m.Office, m.Station, at, m.Events, fmt.Sprintf("%.16s", m.Head))
}
