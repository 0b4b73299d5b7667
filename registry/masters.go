package registry

import (
	"context"
	"encoding/hex"

	"blanko/keys"
	"blanko/store"
)

// MasterUse is what still depends on one generation of a master key: cards that are not destroyed,
// whatever else became of them.
type MasterUse struct {
	Cards      int // with a key of this master on the chip
	Unrecorded int // of which the ledger does not know the masters: they may be under this one
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
