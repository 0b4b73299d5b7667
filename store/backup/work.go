package backup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"blanko/store/filelock"
)

// Names of work folders, and of the files beside them that are locked as long as somebody works there.
const (
	workName = ".blanko-work-"
	lockName = ".lock"
)

// Work is a folder in which a ledger lies while a copy of it is made, proved or put back: in clear on the disk of the
// ledger, sealed in the folder of the copies. Its lock tells what was cut off from what is at work.
type Work struct {
	Folder string
	lock   *os.File
}

// NewWork makes a work folder inside a folder, closed to others, and removes those that processes left
// there which were killed or lost their power.
func NewWork(inside string) (*Work, error) {
	if err := DropCut(inside); err != nil {
		return nil, err
	}
	return newWork(inside)
}

func newWork(inside string) (*Work, error) {
	const tries = 100 // another process may take the file for left, before it is locked
	var err error
	for range tries {
		var f *os.File
		if f, err = os.CreateTemp(inside, workName+"*"+lockName); err != nil {
			return nil, err
		}
		w := &Work{strings.TrimSuffix(f.Name(), lockName), f}
		switch err = w.hold(); {
		case err == nil:
			if err = os.Mkdir(w.Folder, 0o700); err != nil {
				return nil, errors.Join(err, w.Remove())
			}
			return w, nil
		case !errors.Is(err, filelock.ErrHeld):
			return nil, errors.Join(err, os.Remove(f.Name()))
		}
	}
	return nil, err
}

// Remove takes away the folder with all that is in it.
func (w *Work) Remove() error {
	return errors.Join(os.RemoveAll(w.Folder), os.Remove(w.lock.Name()), w.lock.Close())
}

// DropCut removes the work folders inside a folder whose process is gone: what is erased from a ledger
// must not stay in them.
func DropCut(inside string) error {
	left, err := os.ReadDir(inside)
	for _, e := range left {
		if !strings.HasPrefix(e.Name(), workName) {
			continue
		}
		folder := filepath.Join(inside, strings.TrimSuffix(e.Name(), lockName))
		f, oerr := os.OpenFile(folder+lockName, os.O_RDWR|os.O_CREATE, 0o600)
		if oerr != nil {
			err = errors.Join(err, oerr)
			continue
		}
		w := &Work{folder, f}
		switch herr := w.hold(); {
		case herr == nil:
			err = errors.Join(err, w.Remove())
		case !errors.Is(herr, filelock.ErrHeld):
			err = errors.Join(err, herr)
		}
	}
	return err
}

// hold locks a work folder; filelock.ErrHeld where another process has it, or has just removed it. On an error
// the file is closed.
func (w *Work) hold() error {
	err := filelock.Take(w.lock)
	if err == nil {
		opened, oerr := w.lock.Stat()
		there, terr := os.Lstat(w.lock.Name())
		if oerr != nil || terr != nil || !os.SameFile(opened, there) {
			err = filelock.ErrHeld
		}
	}
	if err != nil {
		err = errors.Join(err, w.lock.Close())
	}
	return err
}
