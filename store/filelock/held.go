package filelock

import "errors"

// ErrHeld says that another process has the file, or another open file of this one.
var ErrHeld = errors.New("held by another process")
