package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// mostImported bounds one import of blanks or denied chips.
const mostImported = 20000

// ImportBlanks counts blanks of a lot into the store by the list of their chips, as the supplier gives
// it. One that is known already refuses all. One event stands for the batch, with the root hash of its
// list.
type ImportBlanks struct {
	Lot     string
	Product string
	Chips   []ktp.ChipUID
}

func (ImportBlanks) Name() Name { return opImportBlanks }

func (o ImportBlanks) run(a *act) error {
	const op = "registry.ImportBlanks"
	if o.Lot == "" || o.Product == "" || o.Lot == stock.Unexplained {
		return badOperation.At(op, nil).With("lot", "lot and product are needed")
	}
	root, err := rootOf(op, o.Chips)
	if err != nil {
		return err
	}
	if err := stock.ReceiveChips(a.tx, o.Lot, o.Product, o.Chips, a.why("imported")); err != nil {
		return err
	}
	a.res.Answer = root
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{
		"lot": o.Lot, "product": o.Product, "quantity": strconv.Itoa(len(o.Chips)), "root": root, "from": string(stock.Supplier), "to": string(stock.Store),
	}})
}

// KnownBlanks are those of a list of chips that the ledger has already.
func (r *Registry) KnownBlanks(ctx context.Context, chips []ktp.ChipUID) (known map[ktp.ChipUID]bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		known = map[ktp.ChipUID]bool{}
		for _, c := range chips {
			_, here, err := stock.ByChip(tx, c)
			if err != nil {
				return err
			}
			if here {
				known[c] = true
			}
		}
		return nil
	})
	return known, err
}

// rootOf chains the hashes of a list and refuses one that names a chip twice, or none.
func rootOf(op string, chips []ktp.ChipUID) (string, error) {
	if len(chips) == 0 || len(chips) > mostImported {
		return "", badOperation.At(op, nil).With("chips", "1 to %d", mostImported)
	}
	var root [sha256.Size]byte
	seen := make(map[ktp.ChipUID]bool, len(chips))
	for i, c := range chips {
		switch {
		case !c.Valid():
			return "", badOperation.At(op, nil).With("chips["+strconv.Itoa(i)+"]", "the UID of a chip is 20 hex digits in capitals")
		case seen[c]:
			return "", badOperation.At(op, nil).With("chips["+strconv.Itoa(i)+"]", "each once")
		}
		seen[c] = true
		root = chain(root, string(c))
	}
	return hex.EncodeToString(root[:]), nil
}

// ImportDenied puts a list of stolen or suspended chips on the deny list. One that is there keeps its
// first reason. Result.Answer is how many were added.
type ImportDenied struct {
	Chips []ktp.ChipUID
	Because
}

func (ImportDenied) Name() Name { return opImportDenied }

func (o ImportDenied) run(a *act) error {
	const op = "registry.ImportDenied"
	root, err := rootOf(op, o.Chips)
	if err != nil {
		return err
	}
	added := 0
	for _, c := range o.Chips {
		is, err := stock.Deny(a.tx, c, a.why(o.Reason))
		if err != nil {
			return err
		}
		if is {
			added++
		}
	}
	a.res.Answer = strconv.Itoa(added)
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"count": strconv.Itoa(added), "cause": o.Reason, "root": root}})
}
