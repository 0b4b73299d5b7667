package backup

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// Recipients reads public keys of age ("age1..."), to which copies are sealed.
func Recipients(texts []string) ([]age.Recipient, error) {
	list := make([]age.Recipient, len(texts))
	for i, t := range texts {
		r, err := age.ParseX25519Recipient(t)
		if err != nil {
			return nil, badKey.At("backup.Recipients", nil).With("recipients", "number %d is no public key of age (age1...)", i+1)
		}
		list[i] = r
	}
	if len(list) == 0 {
		return nil, badKey.At("backup.Recipients", nil).With("recipients", "none")
	}
	return list, nil
}

// SealInto seals a copy of the ledger file at path into a folder. A file of that name there is whole: until it is, it
// lies in a work folder, and where this process is cut off, the next copy takes that away.
func SealInto(folder, name, path string, m Manifest, to []age.Recipient) (err error) {
	_ = DropCut(folder) // what stays, such as another user's, is in nobody's way
	w, err := newWork(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Remove()) }()
	sealed := filepath.Join(w.Folder, name)
	f, err := os.OpenFile(sealed, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(Seal(f, path, m, to), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(sealed, filepath.Join(folder, name))
}

// Seal writes a copy of the ledger file at path to w, readable with the private key of any recipient.
func Seal(w io.Writer, path string, m Manifest, to []age.Recipient) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	out := tar.NewWriter(sealed)
	if err := out.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(text)), ModTime: m.At}); err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: ledgerName, Mode: 0o600, Size: info.Size(), ModTime: m.At}); err != nil {
		return err
	}
	if _, err := io.Copy(out, f); err != nil {
		return err
	}
	return errors.Join(out.Close(), sealed.Close())
}
