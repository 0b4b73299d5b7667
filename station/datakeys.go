package station

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"

	"blanko/registry"
	"blanko/store"
)

// maxDataKeys bounds the file of root keys, in bytes.
const maxDataKeys = 4 << 10

// roots reads the file of root keys, under which the data keys of the ledger lie: one in Base64 a line, closed
// to others; credential:NAME is a credential of systemd. Nil where the configuration names none.
func (c Config) roots() (roots []store.Root, err error) {
	const op = "station.roots"
	name := c.Database.DataKeys
	if name == "" {
		return nil, nil
	}
	wrong := func(cause error, format string, args ...any) error {
		return DataKeysWrong.At(op, cause).With("database.data_keys", format, args...)
	}
	text, err := readSecret(name, maxDataKeys)
	if errors.Is(err, errOpenToOthers) {
		return nil, wrong(nil, "%s may be read by others, or is no plain file", name)
	}
	if err != nil {
		return nil, wrong(err, "%s", name)
	}
	defer clear(text)
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		key, err := base64.StdEncoding.AppendDecode(nil, line)
		if err != nil || len(key) != store.RootSize { // the cause would tell of the key
			return nil, wrong(nil, "key %d is not %d bytes in Base64", len(roots)+1, store.RootSize)
		}
		root, err := store.NewRoot(key)
		clear(key)
		if err != nil {
			return nil, err
		}
		roots = append(roots, root)
	}
	if len(roots) == 0 {
		return nil, wrong(nil, "%s holds no key", name)
	}
	return roots, nil
}

// refuseClear refuses to serve where personal data would stand in clear.
func (c Config) refuseClear(ctx context.Context, reg *registry.Registry) error {
	const op = "station.refuseClear"
	if c.Database.DataKeys == "" {
		return DataKeysWrong.At(op, nil).With("database.data_keys", "missing: production holds no personal data in clear")
	}
	keys, err := reg.DataKeys(ctx)
	if err == nil && len(keys) == 0 {
		err = LedgerInClear.At(op, nil).With("data", "it was made without a data key")
	}
	return err
}

// keepSealed exchanges the data key when it is old.
func (s *Station) keepSealed(ctx context.Context) error {
	_, err := s.Registry.KeepSealed(ctx, Actor)
	return err
}
