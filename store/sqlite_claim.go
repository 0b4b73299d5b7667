package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"blanko/store/filelock"
)

const (
	// upgradePatience is how long a program that brings the tables up to date waits for another one
	// that does so at the same time.
	upgradePatience = 5 * time.Second
	upgradeEvery    = 50 * time.Millisecond
	// leavePatience is how long one is waited for that is about to leave the file: a station that just ends, or
	// a program that is being started and has the open file still from who starts it.
	leavePatience = time.Second
)

// lockEnding is that of the file beside a ledger which is locked.
const lockEnding = ".lock"

// claim takes the whole file, whatever the name: it has one station. The lock is the operating
// system's, on a file beside the ledger, and ends with the process, however that ends. Who only reads
// or writes what a person enters needs no claim.
func (d sqlite) claim(ctx context.Context, _ string, may func(context.Context) error, _ func(error)) (func(), error) {
	release, err := d.holdWithin(ctx, leavePatience)
	if errors.Is(err, filelock.ErrHeld) {
		err = claimed.At("store.Claim", nil).With("data", "%s", d.path)
	}
	if err != nil {
		return nil, err
	}
	if _, err = os.Stat(d.path); err != nil { // it was taken away since it was opened
		err = cannotOpen.At("store.Claim", err)
	} else {
		err = may(ctx) // who changes the tables takes the same lock
	}
	if err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// upgrading holds the file while its tables change: never under a station that works with them.
func (d sqlite) upgrading(ctx context.Context, _ bool, upgrade func() error) error {
	release, err := d.holdWithin(ctx, upgradePatience)
	if errors.Is(err, filelock.ErrHeld) {
		return claimed.At("store.migrate", nil).With("data", "%s: its tables are older than this program and in use", d.path)
	}
	if err != nil {
		return err
	}
	defer release()
	return upgrade()
}

// holdWithin takes the lock of the file as soon as it is free, filelock.ErrHeld when it is not in time.
func (d sqlite) holdWithin(ctx context.Context, patience time.Duration) (release func(), err error) {
	release, err = d.hold()
	for began := time.Now(); errors.Is(err, filelock.ErrHeld) && time.Since(began) < patience; release, err = d.hold() {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(upgradeEvery):
		}
	}
	return release, err
}

// hold takes the lock of the file; filelock.ErrHeld where another process, or another Store of this one, has it.
func (d sqlite) hold() (release func(), err error) {
	path, err := d.place()
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path+lockEnding, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := filelock.Take(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil // which gives the lock back
}

// place is the file by its own name, whatever link names it, and whether it is there or not: one ledger, one lock.
func (d sqlite) place() (string, error) {
	path, err := filepath.EvalSymlinks(d.path)
	if !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(d.path))
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, filepath.Base(d.path))
	to, err := os.Readlink(path)
	switch {
	case err != nil: // no link
		return path, nil
	case !filepath.IsAbs(to):
		to = filepath.Join(folder, to)
	}
	return sqlite{path: to}.place()
}
