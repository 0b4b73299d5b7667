package lists

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"

	"blanko/fault"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// List is a list on its way in: rows of one kind, batch by batch.
type List struct {
	kind  string
	rows  []listRow
	bad   []BadRow
	batch int // rows of one operation: one transaction, one event with a root hash
	op    func(from, to int) registry.Operation
	// resolve finds what the rows name by another name, before anything else; nil: they name it.
	resolve func(context.Context, *registry.Registry) (bad []BadRow, elsewhere int, err error)
	known   func(context.Context, *registry.Registry) (bad []BadRow, err error) // every row that the ledger has already; nil: the operation alone tells
}

// Outcome is what became of a list.
type Outcome struct {
	Good     int      `json:"good"` // Lines with nothing wrong
	Bad      []BadRow `json:"bad"`  // Everything that is wrong, line by line
	DryRun   bool     `json:"dryRun"`
	Imported int      `json:"imported"`
	Before   int      `json:"before"` // Of them, imported by the same file before
	// Elsewhere is how many lines name a blank that is not here: it is denied as soon as a list brings it.
	Elsewhere int `json:"elsewhere"`
}

// Take imports a list, or tells what an import would do. A list with a bad line changes nothing.
func (l List) Take(ctx context.Context, reg *registry.Registry, who access.Actor, dryRun bool) (out Outcome, err error) {
	out = Outcome{Good: len(l.rows), Bad: append([]BadRow{}, l.bad...), DryRun: dryRun}
	contradicts := 0
	if l.resolve != nil {
		bad, elsewhere, err := l.resolve(ctx, reg)
		if err != nil {
			return out, err
		}
		contradicts, out.Elsewhere = len(bad), elsewhere
		out.Good, out.Bad = out.Good-contradicts, append(out.Bad, bad...)
	}
	switch {
	case contradicts > 0: // an operation cannot name them
	case dryRun:
		err = l.tried(ctx, reg, who, &out)
	case len(l.bad) == 0:
		err = l.carried(ctx, reg, who, &out)
	}
	slices.SortStableFunc(out.Bad, func(x, y BadRow) int { return cmp.Compare(x.Line, y.Line) })
	return out, err
}

// tried finds what the ledger would refuse. Nothing is changed.
func (l List) tried(ctx context.Context, reg *registry.Registry, who access.Actor, out *Outcome) error {
	if l.known != nil {
		known, err := l.known(ctx, reg)
		if err != nil {
			return err
		}
		out.Bad, out.Good = append(out.Bad, known...), out.Good-len(known)
		if len(known) > 0 {
			return nil
		}
	}
	for from := 0; from < len(l.rows); from += l.batch {
		to := min(from+l.batch, len(l.rows))
		if _, _, err := reg.DryRun(ctx, who, l.op(from, to)); err != nil {
			bad, told := l.refused(err, from)
			if !told {
				return err
			}
			out.Bad, out.Good = append(out.Bad, bad), out.Good-1
		}
	}
	return nil
}

// carried imports batch by batch. Each has a key made of what it holds: the same file once more, or after it
// was cut off, doubles nothing.
func (l List) carried(ctx context.Context, reg *registry.Registry, who access.Actor, out *Outcome) error {
	for from := 0; from < len(l.rows); from += l.batch {
		to := min(from+l.batch, len(l.rows))
		op := l.op(from, to)
		text, err := json.Marshal(op)
		if err != nil {
			return Malformed.At("lists.carried", err)
		}
		sum := sha256.Sum256(append([]byte(l.kind+"/"), text...))
		res, err := reg.Do(ctx, who, op, "import-"+l.kind+"-"+hex.EncodeToString(sum[:]))
		if err != nil {
			bad, told := l.refused(err, from)
			if !told {
				return err
			}
			out.Bad = append(out.Bad, bad)
			if l.known != nil {
				if known, err := l.known(ctx, reg); err == nil && len(known) > 0 {
					out.Bad = known
				}
			}
			return nil
		}
		out.Imported += to - from
		if res.Replayed {
			out.Before += to - from
		}
	}
	return nil
}

// faults are those that an operation of a list may end with.
var faults = slices.Concat(registry.Faults, stock.Faults)

// refused is the line of a batch that the register refused; told is false for what is about no line.
func (l List) refused(err error, from int) (bad BadRow, told bool) {
	e, ok := errors.AsType[*fault.Error](err)
	i := slices.IndexFunc(faults, func(f fault.Entry) bool { return f.Code == fault.CodeOf(err) })
	if !ok || i < 0 || e.Kind != fault.Invalid && e.Kind != fault.Conflict {
		return bad, false
	}
	bad.Reason = Text{faults[i].ID, faults[i].EN}
	if i, column, found := rowField(e.Field); found && from+i < len(l.rows) {
		bad.Line, bad.Column = l.rows[from+i].line, column
		if bad.Column == "" {
			bad.Reason = isKnown
		}
	}
	return bad, true
}

var rowOf = regexp.MustCompile(`^(?:rows\.|chips\[)([0-9]+)\]?\.?(.*)$`)

// rowField is the index and the column in the name of a field, such as rows.3.nik.
func rowField(field string) (i int, column string, found bool) {
	m := rowOf.FindStringSubmatch(field)
	if m == nil {
		return 0, "", false
	}
	i, err := strconv.Atoi(m[1])
	return i, m[2], err == nil
}
