package registry

import (
	"context"
	"fmt"
	"time"

	"blanko/registry/audit"
	"blanko/store"
)

// DataKeyLife is how long a data key seals before a serving station makes the next one.
const DataKeyLife = 90 * 24 * time.Hour

// DataKeys are the keys under which personal data is sealed, the one in use last; none: the ledger stands in
// clear.
func (r *Registry) DataKeys(ctx context.Context) (keys []store.DataKey, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error { keys, err = tx.DataKeys(); return err })
	return keys, err
}

// SealLedger seals the personal data of a ledger that stands in clear, in one transaction, and returns how many
// values there were. Cut off in the middle, the ledger is as it was. What the clear values leave behind goes
// with the log of the database.
func (r *Registry) SealLedger(ctx context.Context, actor Actor) (done int, err error) {
	if err = r.store.Write(ctx, func(tx *store.Tx) error {
		if done, err = tx.SealLedger(SealedColumns()); err != nil || done == 0 {
			return err
		}
		return (&act{r: r, tx: tx, actor: actor}).tell(audit.Event{Code: "ledger.sealed", Detail: map[string]string{"values": fmt.Sprint(done)}})
	}); err != nil {
		return 0, err
	}
	return done, r.EmptyLog(ctx)
}

// RotateDataKey makes the next data key; what is older is sealed anew by [Registry.KeepSealed].
func (r *Registry) RotateDataKey(ctx context.Context, actor Actor) (id int64, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error { id, err = r.rotate(tx, actor); return err })
	return id, err
}

func (r *Registry) rotate(tx *store.Tx, actor Actor) (int64, error) {
	id, err := tx.NewDataKey()
	if err != nil {
		return 0, err
	}
	return id, (&act{r: r, tx: tx, actor: actor}).tell(audit.Event{Code: "data_key.made", Detail: map[string]string{"key": fmt.Sprint(id)}})
}

// ForgetRoots removes what root keys open that are not here any more, and returns their names.
func (r *Registry) ForgetRoots(ctx context.Context, actor Actor) (gone []string, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		if gone, err = tx.ForgetRoots(); err != nil {
			return err
		}
		for _, name := range gone {
			if err := (&act{r: r, tx: tx, actor: actor}).tell(audit.Event{Code: "data_key.root_forgotten", Detail: map[string]string{"root": name}}); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}

// resealAtOnce bounds what one transaction seals anew, so that nobody waits long behind it.
const resealAtOnce = 200

// NewerTables reports whether a newer program has brought the tables up to date: the older data keys are its to leave.
func (r *Registry) NewerTables(ctx context.Context) (newer bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error { newer, err = tx.Newer(); return err })
	return newer, err
}

// KeepSealed makes the next data key when the one in use is old, and while there are several brings every value
// under the newest, in small transactions between those of the lines. The older keys go when a look at every
// row has found none under them, in the same transaction; where the tables are of a newer program, that one does
// both. It returns how many values it sealed anew.
func (r *Registry) KeepSealed(ctx context.Context, actor Actor) (done int, err error) {
	keys, err := r.DataKeys(ctx)
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	if err := r.rotateOld(ctx, actor, keys[len(keys)-1]); err != nil {
		return 0, err
	}
	if keys, err = r.DataKeys(ctx); err != nil || len(keys) < 2 {
		return 0, err
	}
	if newer, err := r.NewerTables(ctx); err != nil || newer {
		return 0, err
	}
	for _, c := range SealedColumns() {
		for after, more := []any(nil), true; more; more = after != nil {
			var n int
			var last []any
			if err := r.store.Write(ctx, func(tx *store.Tx) error { last, n, err = tx.Reseal(c, after, resealAtOnce); return err }); err != nil {
				return done, err
			}
			after, done = last, done+n
		}
	}
	return done, r.store.Write(ctx, func(tx *store.Tx) error {
		retired, _, err := tx.RetireDataKeys(SealedColumns())
		if err != nil {
			return err
		}
		for _, id := range retired {
			if err := (&act{r: r, tx: tx, actor: actor}).tell(audit.Event{Code: "data_key.retired", Detail: map[string]string{"key": fmt.Sprint(id)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// rotateOld makes the next data key unless another station has done so.
func (r *Registry) rotateOld(ctx context.Context, actor Actor, known store.DataKey) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		keys, err := tx.DataKeys()
		if err != nil {
			return err
		}
		if newest := keys[len(keys)-1]; newest.ID != known.ID || tx.Now().Sub(newest.MadeAt) < DataKeyLife {
			return nil
		}
		_, err = r.rotate(tx, actor)
		return err
	})
}
