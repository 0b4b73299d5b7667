package trial

import (
	"context"

	"blanko/registry/audit"
	"blanko/store"
)

// mark is how far a ledger is: what a machine that starts again must find.
type mark struct {
	Events  int64      `json:"events"`
	Hash    audit.Hash `json:"hash"`    // of the last of them
	Journal int64      `json:"journal"` // intents and outcomes of lines
}

func markOf(ctx context.Context, st *store.Store) (m mark, err error) {
	err = st.Read(ctx, func(tx *store.Tx) error {
		head, err := audit.HeadOf(tx)
		if err != nil {
			return err
		}
		m = mark{Events: head.ID, Hash: head.Hash}
		_, err = tx.Get([]any{&m.Journal}, `select count(*) from journal`)
		return err
	})
	return m, err
}
