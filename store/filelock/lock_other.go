//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package filelock

import (
	"errors"
	"os"
)

// Take cannot be had here: who needs a ledger alone does without it.
func Take(*os.File) error { return errors.ErrUnsupported }
