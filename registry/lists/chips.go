package lists

import (
	"context"

	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/stock"
)

// Blanks reads the supplier's list of a lot: the column chip, and label where a number is printed on each.
func Blanks(text []byte, lot, product string) (List, error) {
	c, err := chipList(text, listColumn{"chip", true}, listColumn{"label", false})
	if err != nil {
		return List{}, err
	}
	return List{kind: "blanks", rows: c.rows, bad: c.bad, batch: chipBatch, op: func(from, to int) registry.Operation {
		op := registry.ImportBlanks{Lot: lot, Product: product, Chips: c.chips[from:to]}
		if c.labelled {
			op.Labels = c.labels[from:to]
		}
		return op
	}, known: c.known}, nil
}

// Denied reads a list of stolen or suspended blanks: the column chip, or label, by which the ledger finds the chip, now or
// when a list brings it; label and label_to are a range of printed numbers.
func Denied(text []byte, why registry.Because) (List, error) {
	c, err := chipList(text, listColumn{"chip", false}, listColumn{"label", false}, listColumn{"label_to", false})
	if err != nil {
		return List{}, err
	}
	return List{kind: "denied", rows: c.rows, bad: c.bad, batch: chipBatch, resolve: c.resolve, op: func(from, to int) registry.Operation {
		op := registry.ImportDenied{Because: why}
		for i := from; i < to; i++ {
			if c.chips[i] != "" {
				op.Chips = append(op.Chips, c.chips[i])
			}
			if c.to[i] != "" {
				op.Ranges = append(op.Ranges, stock.LabelRange{From: c.labels[i], To: c.to[i]})
			} else if c.unknown[c.labels[i]] { // also beside a chip, which may have been misread
				op.Labels = append(op.Labels, c.labels[i])
			}
		}
		return op
	}}, nil
}

// chipBatch is how many chips one operation takes.
const chipBatch = 10000

// chips are the rows of a list of blanks, with the chip and the label of each; one of both may be empty. Labels that have
// an end begin a range.
type chips struct {
	rows     []listRow
	chips    []ktp.ChipUID
	labels   []stock.Label
	to       []stock.Label
	labelled bool // any of them
	unknown  map[stock.Label]bool
	bad      []BadRow
}

// chipList reads a list of blanks.
func chipList(text []byte, columns ...listColumn) (c *chips, err error) {
	rows, bad, err := readList(text, columns)
	c = &chips{bad: bad}
	chipsSeen, labelsSeen := map[ktp.ChipUID]bool{}, map[stock.Label]bool{}
	for _, row := range rows {
		chip, label, to := ktp.ChipUID(row.values["chip"]), stock.Label(row.values["label"]), stock.Label(row.values["label_to"])
		switch {
		case chip == "" && label == "" && to != "":
			c.bad = append(c.bad, BadRow{row.line, "label", valueMissing})
		case chip == "" && label == "":
			c.bad = append(c.bad, BadRow{row.line, "chip", valueMissing})
		case chip != "" && !chip.Valid():
			c.bad = append(c.bad, BadRow{row.line, "chip", notChip})
		case chipsSeen[chip]:
			c.bad = append(c.bad, BadRow{row.line, "chip", valueTwice})
		case label != "" && !label.Valid():
			c.bad = append(c.bad, BadRow{row.line, "label", notLabel})
		case labelsSeen[label]:
			c.bad = append(c.bad, BadRow{row.line, "label", valueTwice})
		case to != "" && chip != "":
			c.bad = append(c.bad, BadRow{row.line, "label_to", rangeOfChip})
		case to != "" && !(stock.LabelRange{From: label, To: to}).Valid():
			c.bad = append(c.bad, BadRow{row.line, "label_to", notRange})
		default:
			chipsSeen[chip], labelsSeen[label] = chip != "", label != ""
			c.labelled = c.labelled || label != ""
			c.rows, c.chips, c.labels, c.to = append(c.rows, row), append(c.chips, chip), append(c.labels, label), append(c.to, to)
		}
	}
	return c, err
}

// known are the rows whose chip or label the ledger has already.
func (c *chips) known(ctx context.Context, reg *registry.Registry) (bad []BadRow, err error) {
	here, err := reg.KnownBlanks(ctx, c.chips)
	if err != nil {
		return nil, err
	}
	labels, err := reg.ChipsLabelled(ctx, c.labels)
	for i, row := range c.rows {
		switch _, printed := labels[c.labels[i]]; {
		case here[c.chips[i]]:
			bad = append(bad, BadRow{row.line, "chip", isKnown})
		case printed:
			bad = append(bad, BadRow{row.line, "label", isKnown})
		}
	}
	return bad, err
}

// resolve finds the chips of the rows that name a label alone, and counts those whose label no blank here has. A row
// whose chip another row names is named, and one whose label is on another blank than the chip that it names.
func (c *chips) resolve(ctx context.Context, reg *registry.Registry) (bad []BadRow, elsewhere int, err error) {
	if !c.labelled {
		return nil, 0, nil
	}
	found, err := reg.ChipsLabelled(ctx, c.labels)
	if err != nil {
		return nil, 0, err
	}
	seen := map[ktp.ChipUID]bool{}
	c.unknown = map[stock.Label]bool{}
	for i, l := range c.labels {
		if _, known := found[l]; l != "" && !known && c.to[i] == "" {
			c.unknown[l] = true
		}
	}
	for _, chip := range c.chips {
		seen[chip] = true
	}
	for i, row := range c.rows {
		switch chip, known := found[c.labels[i]]; {
		case c.to[i] != "": // the ledger finds the blanks of a range
		case c.chips[i] != "":
			if known && chip != c.chips[i] {
				bad = append(bad, BadRow{row.line, "label", otherChip})
			}
		case !known:
			elsewhere++
		case seen[chip]:
			bad = append(bad, BadRow{row.line, "label", valueTwice})
		default:
			c.chips[i], seen[chip] = chip, true
		}
	}
	return bad, elsewhere, nil
}
