package station

import (
	"crypto/ecdsa"
	"io/fs"
	"os"
	"time"

	"blanko/applet/inspect"
)

// maxStatusList bounds a status list, in bytes.
const maxStatusList = 256 << 20

// trust gathers what this reader believes; none of it is needed to read a card.
func (c CardAccess) trust(cfg Config) (inspect.Trust, error) {
	trust := inspect.Trust{Now: time.Now()}
	var err error
	folder := func(path string) fs.FS { return os.DirFS(path) }
	csca := c.CSCA
	if csca == "" {
		csca = cfg.Keys.Anchors
	}
	if csca != "" {
		if trust.CSCAs, err = inspect.LoadCSCAs(folder(csca)); err != nil {
			return trust, err
		}
		if trust.Revoked, err = inspect.LoadRevocationLists(folder(csca)); err != nil {
			return trust, err
		}
	}
	if c.CenterKeys != "" {
		if trust.CenterKeys, err = inspect.LoadCenterKeys(folder(c.CenterKeys)); err != nil {
			return trust, err
		}
	}
	if c.LocalKeys != "" {
		local, err := inspect.LoadCenterKeys(folder(c.LocalKeys))
		if err != nil {
			return trust, err
		}
		trust.LocalKeys = map[[8]byte]bool{}
		if trust.CenterKeys == nil {
			trust.CenterKeys = map[[8]byte]*ecdsa.PublicKey{}
		}
		for id, key := range local {
			trust.CenterKeys[id], trust.LocalKeys[id] = key, true
		}
	}
	if c.StatusKeys != "" {
		if trust.StatusKeys, err = inspect.LoadCenterKeys(folder(c.StatusKeys)); err != nil {
			return trust, err
		}
	}
	if c.Status != "" {
		text, err := readSmall(c.Status, maxStatusList)
		if err != nil {
			return trust, inspect.StatusListUnusable.At("station.CardAccess", err).With("status", "the file cannot be read")
		}
		if trust.Status, err = inspect.ParseStatusList(text, trust); err != nil {
			return trust, err
		}
	}
	return trust, nil
}
