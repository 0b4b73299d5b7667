package inspect

import (
	"crypto/ecdsa"
	"io"
	"os"
)

// Folders are where a program finds what it believes: folders of certificates and keys, and the file of a status
// list. What is empty is not read.
type Folders struct {
	CSCA       string // certificates (*.pem) and revocation lists (*.crl)
	CenterKeys string
	LocalKeys  string
	StatusKeys string
	StatusList string
}

// Trust reads them. Errors: inspect.trust_unusable, inspect.status_list_unusable.
func (f Folders) Trust() (t Trust, err error) {
	if f.CSCA != "" {
		if t.CSCAs, err = LoadCSCAs(os.DirFS(f.CSCA)); err != nil {
			return t, err
		}
		if t.Revoked, err = LoadRevocationLists(os.DirFS(f.CSCA)); err != nil {
			return t, err
		}
	}
	var local map[[8]byte]*ecdsa.PublicKey
	for _, k := range []struct {
		folder string
		into   *map[[8]byte]*ecdsa.PublicKey
	}{{f.CenterKeys, &t.CenterKeys}, {f.LocalKeys, &local}, {f.StatusKeys, &t.StatusKeys}} {
		if k.folder == "" {
			continue
		}
		if *k.into, err = LoadCenterKeys(os.DirFS(k.folder)); err != nil {
			return t, err
		}
	}
	if local != nil {
		t.vouch(local)
	}
	if f.StatusList == "" {
		return t, nil
	}
	text, err := statusFile(f.StatusList)
	if err != nil {
		return t, StatusListUnusable.At("inspect.Folders", err).With("status", "the file cannot be read")
	}
	t.Status, err = ParseStatusList(text, t)
	return t, err
}

// vouch adds the keys of districts to those of the center.
func (t *Trust) vouch(local map[[8]byte]*ecdsa.PublicKey) {
	t.LocalKeys = map[[8]byte]bool{}
	if t.CenterKeys == nil {
		t.CenterKeys = map[[8]byte]*ecdsa.PublicKey{}
	}
	for id, key := range local {
		t.CenterKeys[id], t.LocalKeys[id] = key, true
	}
}

// statusFile reads no more than ParseStatusList needs to refuse what is too long.
func statusFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // read only
	return io.ReadAll(io.LimitReader(file, maxStatusList+1))
}
