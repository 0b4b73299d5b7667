package backup

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io"
	"os"

	"filippo.io/age"
)

// maxManifest is longer than any manifest.
const maxManifest = 1 << 16

// Identities reads private keys of age, as age-keygen writes them.
func Identities(r io.Reader) ([]age.Identity, error) {
	list, err := age.ParseIdentities(r)
	if err != nil {
		return nil, badKey.At("backup.Identities", nil).With("identity", "no private key of age (AGE-SECRET-KEY-1...)")
	}
	return list, nil
}

// Open unseals a copy: it writes the ledger into a new file at path, which only its owner may read, and
// tells what it is of. Nothing is left behind when it fails. Errors: backup.not_readable for another key, a
// file that was changed, cut, or is no copy.
func Open(r io.Reader, path string, keys []age.Identity) (m Manifest, err error) {
	const op = "backup.Open"
	refuse := func(err error) error { return notReadable.At(op, err) }
	clear, err := age.Decrypt(r, keys...)
	if err != nil {
		return m, refuse(err)
	}
	in := tar.NewReader(clear)
	h, err := in.Next()
	if err != nil || h.Name != manifestName || h.Size > maxManifest {
		return m, refuse(err)
	}
	if err := json.NewDecoder(in).Decode(&m); err != nil || m.Format != Format {
		return m, refuse(err)
	}
	if h, err = in.Next(); err != nil || h.Name != ledgerName {
		return m, refuse(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	_, err = io.Copy(f, in)
	if err == nil { // the last seal is behind the end of the tar
		_, err = io.Copy(io.Discard, clear)
	}
	if err != nil {
		return m, errors.Join(refuse(err), f.Close())
	}
	return m, errors.Join(f.Sync(), f.Close())
}
