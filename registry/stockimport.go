package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
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
	if err := wellNamed(op, o.Lot, o.Product); err != nil {
		return err
	}
	root, err := rootOf(op, o.Chips, o.Labels)
	if err != nil {
		return err
	}
	if err := stock.ReceiveChips(a.tx, o.Lot, o.Product, o.Chips, a.why("imported")); err != nil {
		return err
	}
	denied := 0
	for i, l := range o.Labels {
		if l == "" {
			continue
		}
		is, err := stock.Labelled(a.tx, o.Chips[i], l)
		if err != nil {
			return err
		}
		if is {
			denied++
		}
	}
	a.res.Answer = root
	detail := map[string]string{
		"lot": o.Lot, "product": o.Product, "quantity": strconv.Itoa(len(o.Chips)), "root": root, "from": string(stock.Supplier), "to": string(stock.Store),
	}
	if denied > 0 {
		detail["denied"] = strconv.Itoa(denied)
	}
	return a.tell(audit.Event{Code: a.row.Event, Detail: detail})
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
	if err := goodChips(op, chips); err != nil {
		return "", err
	}
	if err := goodLabels(op, labels); err != nil {
		return "", err
	}
	var root [sha256.Size]byte
	for i, c := range chips {
		item := string(c)
		if labels != nil && labels[i] != "" {
			item += " " + string(labels[i])
		}
		root = chain(root, item)
	}
	return hex.EncodeToString(root[:]), nil
}

// goodChips refuses a list with what is no chip, or with one twice.
func goodChips(op string, chips []ktp.ChipUID) error {
	seen := make(map[ktp.ChipUID]bool, len(chips))
	for i, c := range chips {
		switch {
		case !c.Valid():
			return badOperation.At(op, nil).With("chips["+strconv.Itoa(i)+"]", "the UID of a chip is 20 hex digits in capitals")
		case seen[c]:
			return badOperation.At(op, nil).With("chips["+strconv.Itoa(i)+"]", "each once")
		}
		seen[c] = true
	}
	return nil
}

// goodLabels refuses a list with what is no label; an empty one is none.
func goodLabels(op string, labels []stock.Label) error {
	for i, l := range labels {
		if l != "" && !l.Valid() {
			return badOperation.At(op, nil).With("labels["+strconv.Itoa(i)+"]", "4 to 32 capitals, digits, dots, dashes")
		}
	}
	return nil
}

// ImportDenied puts a list of stolen or suspended blanks on the deny list: by their chips, and by their labels, one by one
// or as ranges, where the list tells no chip. A label that no list has brought here yet is denied as soon as one does. One
// that is there keeps its first reason. Result.Answer is how many were added.
type ImportDenied struct {
	Chips  []ktp.ChipUID
	Labels []stock.Label      `json:",omitempty"`
	Ranges []stock.LabelRange `json:",omitempty"`
	Because
}

// notRange is what a range is.
var notRange = fmt.Sprintf("two labels that differ in their last digits alone, the smaller one first, %d numbers at most", stock.MostInRange)

func (ImportDenied) Name() Name { return opImportDenied }

func (o ImportDenied) run(a *act) error {
	root, err := o.root()
	if err != nil {
		return err
	}
	added := 0
	count := func(is bool, err error) error {
		if is {
			added++
		}
		return err
	}
	for _, c := range o.Chips {
		if err := count(stock.Deny(a.tx, c, a.why(o.Reason))); err != nil {
			return err
		}
	}
	for _, l := range o.Labels {
		if err := count(stock.DenyLabel(a.tx, l, a.why(o.Reason))); err != nil {
			return err
		}
	}
	for _, r := range o.Ranges {
		n, err := stock.DenyRange(a.tx, r, a.why(o.Reason))
		if err != nil {
			return err
		}
		added += n
	}
	a.res.Answer = strconv.Itoa(added)
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"count": strconv.Itoa(added), "cause": o.Reason, "root": root}})
}

// root chains the hashes of the chips, then of the labels, then of the ranges.
func (o ImportDenied) root() (string, error) {
	const op = "registry.ImportDenied"
	if n := len(o.Chips) + len(o.Labels) + len(o.Ranges); n == 0 || n > mostImported {
		return "", badOperation.At(op, nil).With("chips", "1 to %d, with the labels and ranges", mostImported)
	}
	if err := goodChips(op, o.Chips); err != nil {
		return "", err
	}
	if i := slices.Index(o.Labels, ""); i >= 0 {
		return "", badOperation.At(op, nil).With("labels["+strconv.Itoa(i)+"]", "is empty")
	}
	if err := goodLabels(op, o.Labels); err != nil {
		return "", err
	}
	if i := slices.IndexFunc(o.Ranges, func(r stock.LabelRange) bool { return !r.Valid() }); i >= 0 {
		return "", badOperation.At(op, nil).With("ranges["+strconv.Itoa(i)+"]", "%s", notRange)
	}
	var root [sha256.Size]byte
	for _, c := range o.Chips {
		root = chain(root, string(c))
	}
	for _, l := range o.Labels {
		root = chain(root, string(l))
	}
	for _, r := range o.Ranges {
		root = chain(root, r.String())
	}
	return hex.EncodeToString(root[:]), nil
}

// DeniedLabels are the labels behind one whose blanks may not be used, and which no list has brought here yet, in their
// order.
func (r *Registry) DeniedLabels(ctx context.Context, after stock.Label, limit int) (list []stock.DeniedLabel, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = stock.DeniedLabels(tx, after, limit)
		return err
	})
	return list, err
}

// DeniedRanges are the ranges of labels whose blanks may not be used, behind the first label of one, in the order of their
// series.
func (r *Registry) DeniedRanges(ctx context.Context, after stock.Label, limit int) (list []stock.DeniedRange, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = stock.DeniedRanges(tx, after, limit)
		return err
	})
	return list, err
}
