package store

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"blanko/store/filelock"
)

// Vacancy is the place of a ledger in a file where none is, held so that nobody else begins one there.
type Vacancy struct {
	path    string
	release func()
}

// HoldVacancy takes the place at path for a ledger that is to be put there, until it is released. Errors:
// store.claimed where a station serves there, though its file was taken away; store.left_over where the log of
// another ledger lies beside the place; one with fs.ErrExist as its cause where a file is there.
func HoldVacancy(ctx context.Context, path string) (*Vacancy, error) {
	const op = "store.HoldVacancy"
	path, err := sqlite{path: path}.place()
	if err != nil {
		return nil, cannotOpen.At(op, err)
	}
	release, err := sqlite{path: path}.holdWithin(ctx, leavePatience)
	switch {
	case errors.Is(err, filelock.ErrHeld):
		return nil, claimed.At(op, nil).With("data", "%s", path)
	case ctx.Err() != nil && err != nil:
		return nil, interrupted.At(op, err)
	case err != nil:
		return nil, cannotOpen.At(op, err)
	}
	if err := vacant(op, path); err != nil {
		release()
		return nil, err
	}
	return &Vacancy{path, release}, nil
}

// vacant refuses a place where a file is, or something that belongs to one which was there.
func vacant(op, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return cannotOpen.At(op, fs.ErrExist).With("data", "%s", path)
	}
	left, err := LeftBeside(path)
	switch {
	case err != nil:
		return cannotOpen.At(op, err)
	case len(left) > 0:
		return leftOver.At(op, nil).With("data", "%s", left[0])
	}
	return nil
}

// Fill gives the place a ledger: the file from, on the same disk, by a second name. What of it is in a log beside it
// would be missing, so there must be none.
func (v *Vacancy) Fill(from string) error {
	const op = "store.Vacancy.Fill"
	left, err := LeftBeside(from)
	if err == nil && len(left) > 0 {
		return cannotOpen.At(op, nil).With("data", "%s holds what is not in the ledger yet", left[0])
	}
	if err == nil {
		err = os.Link(from, v.path)
	}
	if err != nil {
		return cannotOpen.At(op, err).With("data", "%s", v.path)
	}
	return nil
}

// Release gives the place back.
func (v *Vacancy) Release() { v.release() }

// asides are the endings of what SQLite keeps beside a file while somebody works with it, and what stays there of one
// who was killed (sqlite.org/tempfiles.html). It is a part of that file: beside another one of the same name, SQLite
// would lay it over that one at the next opening.
var asides = []string{"-wal", "-journal", "-shm"}

// LeftBeside names what of a ledger in a file lies beside its place.
func LeftBeside(path string) (left []string, err error) {
	for _, ending := range asides {
		switch _, err := os.Lstat(path + ending); {
		case err == nil:
			left = append(left, path+ending)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return left, nil
}
