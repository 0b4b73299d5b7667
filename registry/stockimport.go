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
	Labels  []stock.Label `json:",omitempty"` // what is printed on each, in the order of the chips, empty where nothing is; nil: on none
}

func (ImportBlanks) Name() Name { return opImportBlanks }

func (o ImportBlanks) run(a *act) error {
	const op = "registry.ImportBlanks"
	if o.Lot == "" || o.Product == "" || o.Lot == stock.Unexplained {
		return badOperation.At(op, nil).With("lot", "lot and product are needed")
	}
	root, err := rootOf(op, o.Chips, o.Labels)
	if err != nil {
		return err
	}
	if err := stock.ReceiveChips(a.tx, o.Lot, o.Product, o.Chips, a.why("imported")); err != nil {
		return err
	}
	for i, l := range o.Labels {
		if l == "" {
			continue
		}
		if err := stock.Labelled(a.tx, o.Chips[i], l); err != nil {
			return err
		}
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

// ChipsLabelled are the chips of the blanks with labels, as far as the ledger knows them.
func (r *Registry) ChipsLabelled(ctx context.Context, labels []stock.Label) (chips map[stock.Label]ktp.ChipUID, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		chips = map[stock.Label]ktp.ChipUID{}
		for _, l := range labels {
			if l == "" {
				continue
			}
			chip, known, err := stock.ChipOf(tx, l)
			if err != nil {
				return err
			}
			if known {
				chips[l] = chip
			}
		}
		return nil
	})
	return chips, err
}

// BlankLabelled is the chip of the blank with a label; registry.unknown_id where the ledger knows none.
func (r *Registry) BlankLabelled(ctx context.Context, l stock.Label) (ktp.ChipUID, error) {
	found, err := r.ChipsLabelled(ctx, []stock.Label{l})
	if err == nil && found[l] == "" {
		err = unknownID.At("registry.BlankLabelled", nil).With("label", "no such id here")
	}
	return found[l], err
}

// LabelOfBlank is what is printed on the blank of a chip; empty where nobody told.
func (r *Registry) LabelOfBlank(ctx context.Context, chip ktp.ChipUID) (l stock.Label, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		l, err = stock.LabelOf(tx, chip)
		return err
	})
	return l, err
}

// rootOf chains the hashes of a list, of each chip with its label where there are any, and refuses a list that names
// one twice, or none.
func rootOf(op string, chips []ktp.ChipUID, labels []stock.Label) (string, error) {
	if labels != nil && len(labels) != len(chips) {
		return "", badOperation.At(op, nil).With("labels", "one for each chip, or none at all")
	}
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
		item := string(c)
		if labels != nil && labels[i] != "" {
			if !labels[i].Valid() {
				return "", badOperation.At(op, nil).With("labels["+strconv.Itoa(i)+"]", "4 to 32 capitals, digits, dots, dashes")
			}
			item += " " + string(labels[i])
		}
		root = chain(root, item)
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
	root, err := rootOf(op, o.Chips, nil)
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
