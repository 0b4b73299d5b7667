package station

import (
	"errors"
	"os"
)

// errOpenToOthers says of a file with secrets that others may read it.
var errOpenToOthers = errors.New("the file may be read by others, or is no plain file")

// readSecret reads a file with secrets, or a credential of systemd, of at most limit bytes.
func readSecret(name string, limit int64) ([]byte, error) {
	path := credentialFile(name)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0:
		return nil, errOpenToOthers
	}
	return readSmall(path, limit)
}
