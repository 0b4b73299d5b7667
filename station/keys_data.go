package station

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"go.uber.org/zap"

	"blanko/registry"
	"blanko/store"
)

// KeysDataCommands are blanko keys data: the keys that seal personal data in the ledger.
type KeysDataCommands struct {
	New    KeysDataNewCommand    `cmd:"" help:"Make a file with a new root key, for database.data_keys. Keep a copy of it apart from the copies of the ledger."`
	Status KeysDataStatusCommand `cmd:"" help:"List the data keys of the ledger and the root keys that open them. Exit status 1: the ledger stands in clear."`
	Seal   KeysDataSealCommand   `cmd:"" help:"Seal a ledger that stands in clear, while no station serves. Cut off in the middle, it begins again."`
	Rotate KeysDataRotateCommand `cmd:"" help:"Make the next data key; the serving station brings everything under it and retires the older one."`
	Forget KeysDataForgetCommand `cmd:"" help:"Remove what root keys open that stand in the file no more."`
}

// KeysDataNewCommand is blanko keys data new.
type KeysDataNewCommand struct {
	File string `arg:"" help:"File to make; one that is there is left as it is."`
}

// Run makes the file.
func (c KeysDataNewCommand) Run(_ context.Context, t Terminal) error {
	key := make([]byte, store.RootSize)
	defer clear(key)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	root, err := store.NewRoot(key)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return OutputRefused.At("station.keys_data", err).With("file", "%s", c.File)
	}
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(key))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return OutputRefused.At("station.keys_data", err).With("file", "%s", c.File)
	}
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("Dibuat: kunci akar %s dalam %s. Simpan salinannya terpisah dari cadangan buku besar.",
		"Made: root key %s in %s. Keep a copy of it apart from the copies of the ledger.", root.ID(), c.File)))
	return err
}

// KeysDataStatusCommand is blanko keys data status.
type KeysDataStatusCommand struct {
	ConfigFile
	JSON bool `name:"json" help:"Print it as JSON."`
}

// dataKeysTold is what status prints as JSON.
type dataKeysTold struct {
	Sealed bool            `json:"sealed"`
	Keys   []store.DataKey `json:"keys"` // the one in use last
	Here   []string        `json:"here"` // root keys of the configuration
}

// Run lists them.
func (c KeysDataStatusCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	roots, err := cfg.roots()
	if err != nil {
		return err
	}
	told := dataKeysTold{Keys: []store.DataKey{}, Here: []string{}}
	for _, r := range roots {
		told.Here = append(told.Here, r.ID())
	}
	if err := cfg.withLedger(ctx, func(reg *registry.Registry) error {
		keys, err := reg.DataKeys(ctx)
		told.Keys = append(told.Keys, keys...)
		return err
	}); err != nil {
		return err
	}
	told.Sealed = len(told.Keys) > 0
	if c.JSON {
		err = printJSON(t.Out, told)
	} else {
		err = told.print(t)
	}
	if err == nil && !told.Sealed {
		return ErrShown
	}
	return err
}

func (k dataKeysTold) print(t Terminal) error {
	if !k.Sealed {
		_, err := fmt.Fprintln(t.Out, t.Language.of(words{"Data pribadi pada buku besar ini TIDAK tersandi.", "Personal data in this ledger stands in CLEAR."}))
		return err
	}
	for i, key := range k.Keys {
		use := words{"lama, sedang ditinggalkan", "older, being left"}
		if i == len(k.Keys)-1 {
			use = words{"dipakai", "in use"}
		}
		if _, err := fmt.Fprintln(t.Out, t.Language.of(say("kunci data %d, dibuat %s, %s; dibuka oleh kunci akar %s", "data key %d, made %s, %s; opened by root keys %s",
			key.ID, key.MadeAt.Format(time.RFC3339), t.Language.of(use), strings.Join(key.Roots, " ")))); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(t.Out, t.Language.of(say("kunci akar di sini: %s", "root keys here: %s", strings.Join(k.Here, " "))))
	return err
}

// KeysDataSealCommand is blanko keys data seal.
type KeysDataSealCommand struct{ ConfigFile }

// Run seals the ledger.
func (c KeysDataSealCommand) Run(ctx context.Context, t Terminal) (err error) {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	if !cfg.hasLedger() {
		return NoLedger.At("station.keys_data", nil).With("data", "%s", cfg.Data)
	}
	st, err := cfg.openLedger(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	release, err := st.Claim(ctx, cfg.Office+" "+cfg.Station, func(error) {})
	if err != nil {
		return err
	}
	defer release()
	n, err := registry.New(st, cfg.registry(), zap.NewNop()).SealLedger(ctx, Actor)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.Out, t.Language.of(say("Tersandi: %d nilai. Cadangan yang dibuat sebelumnya masih memuatnya tanpa sandi.", "Sealed: %d values. Copies that were made before still hold them in clear.", n)))
	return err
}

// KeysDataRotateCommand is blanko keys data rotate.
type KeysDataRotateCommand struct{ ConfigFile }

// Run makes the next data key.
func (c KeysDataRotateCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	return cfg.withLedger(ctx, func(reg *registry.Registry) error {
		if err := cfg.refuseClear(ctx, reg); err != nil {
			return err
		}
		id, err := reg.RotateDataKey(ctx, Actor)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(say("Kunci data %d dipakai mulai sekarang; yang lama ditinggalkan selagi stasiun melayani.", "Data key %d is in use from now on; the older one is left while the station serves.", id)))
		return err
	})
}

// KeysDataForgetCommand is blanko keys data forget.
type KeysDataForgetCommand struct{ ConfigFile }

// Run forgets root keys.
func (c KeysDataForgetCommand) Run(ctx context.Context, t Terminal) error {
	cfg, err := ReadConfig(c.Config)
	if err != nil {
		return err
	}
	return cfg.withLedger(ctx, func(reg *registry.Registry) error {
		gone, err := reg.ForgetRoots(ctx, Actor)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.Out, t.Language.of(say("%d kunci akar tidak lagi membuka buku besar ini. %s", "%d root keys open this ledger no more. %s", len(gone), strings.Join(gone, " "))))
		return err
	})
}
