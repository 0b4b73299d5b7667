package lists

import (
	"context"

	"blanko/ktp"
	"blanko/registry"
)

// Blanks reads the supplier's list of the chips of a lot: the one column chip.
func Blanks(text []byte, lot, product string) (List, error) {
	rows, chips, bad, err := chipList(text)
	if err != nil {
		return List{}, err
	}
	return List{kind: "blanks", rows: rows, bad: bad, batch: chipBatch, op: func(from, to int) registry.Operation {
		return registry.ImportBlanks{Lot: lot, Product: product, Chips: chips[from:to]}
	}, known: func(ctx context.Context, reg *registry.Registry) (bad []BadRow, err error) {
		here, err := reg.KnownBlanks(ctx, chips)
		for i, row := range rows {
			if here[chips[i]] {
				bad = append(bad, BadRow{row.line, "chip", isKnown})
			}
		}
		return bad, err
	}}, nil
}

// Denied reads a list of stolen or suspended chips: the one column chip.
func Denied(text []byte, why registry.Because) (List, error) {
	rows, chips, bad, err := chipList(text)
	if err != nil {
		return List{}, err
	}
	return List{kind: "denied", rows: rows, bad: bad, batch: chipBatch, op: func(from, to int) registry.Operation {
		return registry.ImportDenied{Because: why, Chips: chips[from:to]}
	}}, nil
}

// chipBatch is how many chips one operation takes.
const chipBatch = 10000

// chipList reads a list with the one column chip.
func chipList(text []byte) (good []listRow, chips []ktp.ChipUID, bad []BadRow, err error) {
	rows, bad, err := readList(text, []listColumn{{"chip", true}})
	seen := map[ktp.ChipUID]bool{}
	for _, row := range rows {
		switch chip := ktp.ChipUID(row.values["chip"]); {
		case !chip.Valid():
			bad = append(bad, BadRow{row.line, "chip", notChip})
		case seen[chip]:
			bad = append(bad, BadRow{row.line, "chip", valueTwice})
		default:
			seen[chip] = true
			good, chips = append(good, row), append(chips, chip)
		}
	}
	return good, chips, bad, err
}
