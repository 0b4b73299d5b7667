package station

import (
	"context"
	"io"

	"go.uber.org/zap"

	"blanko/registry"
)

// CountedRoll is a roll that the ledger has in the printer of a line, with the prints that were begun with it.
type CountedRoll struct {
	Serial string `json:"serial"`
	Total  int    `json:"total"`
	Left   int    `json:"left"`
}

// kinds of rolls in the ledger.
const (
	rollOfRibbon = "ribbon"
	rollOfFilm   = "film"
)

// rolls are what the ledger has in the printer, by kind: it counts also where the printer does not tell.
// Without a line, or without a ledger on this machine, there are none.
func (o *openedPrinter) rolls(ctx context.Context) (map[string]*CountedRoll, error) {
	if o.Line.ID == "" || !o.Config.hasLedger() {
		return nil, nil
	}
	st, err := o.Config.openLedger(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer st.Close() //nolint:errcheck // it was only read
	const kinds = 2
	list, err := registry.New(st, registry.Config{Office: o.Config.Office, Production: true}, zap.NewNop()).
		Rolls(ctx, registry.RollFilter{State: registry.RollFitted, Line: o.Line.ID, Limit: kinds})
	out := map[string]*CountedRoll{}
	for _, r := range list {
		out[r.Kind] = &CountedRoll{r.Serial, r.Panels, r.Left}
	}
	return out, err
}

// row is the count, where there is one.
func (c *CountedRoll) row(w io.Writer, l Language) {
	if c == nil {
		return
	}
	row(w, l, words{"  menurut hitungan stasiun", "  by the station's own count"}, l.of(say("%d kartu dari %d, rol %s", "%d cards of %d, roll %s", c.Left, c.Total, c.Serial)))
}
