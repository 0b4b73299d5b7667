package registry

import (
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"blanko/keys"
	"blanko/store"
)

// MasterUse is what still depends on one generation of a master key: cards that are not destroyed,
// whatever else became of them.
type MasterUse struct {
	Cards      int // with a key of this master on the chip
	Unrecorded int // of which the ledger does not know the masters: they may be under this one
}

// MastersInUse reports registry.master_retired where a card would get a key of a master that is retired;
// masters are check values (3 bytes, hex) by role.
func (r *Registry) MastersInUse(ctx context.Context, masters map[string]string) error {
	return r.store.Read(ctx, func(tx *store.Tx) error { return mastersInUse(tx, masters) })
}

func mastersInUse(tx *store.Tx, masters map[string]string) error {
	for _, role := range slices.Sorted(maps.Keys(masters)) {
		retired, err := masterRetired(tx, keys.Role(role), masters[role])
		if err == nil && retired {
			err = MasterRetired.At("registry.MastersInUse", nil).With("keys", "%s %s", role, strings.ToUpper(masters[role]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// MasterUse counts the cards that need a master, by its role and check value. The transport master
// opens blanks and no card: of it the ledger knows nothing.
func (r *Registry) MasterUse(ctx context.Context, role keys.Role, check [3]byte) (u MasterUse, err error) {
	if role == keys.Transport {
		return u, nil
	}
	err = r.store.Read(ctx, func(tx *store.Tx) (err error) {
		u.Cards, u.Unrecorded, err = underMaster(tx, string(role), hex.EncodeToString(check[:]))
		return err
	})
	return u, err
}
