//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package backup

import (
	"errors"
	"os"
)

// lock cannot be had here: a ledger that cannot be held alone is not copied.
func lock(*os.File) error { return errors.ErrUnsupported }
