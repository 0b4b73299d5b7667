package station

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/store"
)

// What a printer does not tell of its rolls the ledger counts, where the printer is a line's.
func TestRollsByOwnCount(t *testing.T) {
	t.Parallel()
	cfg := Config{Office: "61.05", Data: filepath.Join(t.TempDir(), "blanko.db")}
	o := &openedPrinter{Name: "1", Config: cfg, Line: LineConfig{ID: "line-1", Kind: jobs.Desktop}}
	if got, err := o.rolls(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("without a ledger: %v, %v", got, err)
	}
	st, err := store.Open(t.Context(), cfg.Data)
	if err != nil {
		t.Fatal(err)
	}
	reg := registry.New(st, registry.Config{Office: cfg.Office, Production: true}, zap.NewNop())
	keeper := access.Actor{ID: "gudang.rina", Roles: []access.Role{access.StockKeeper}}
	admin := access.Actor{ID: "admin.joko", Roles: []access.Role{access.Administrator}}
	for i, do := range []struct {
		who access.Actor
		op  registry.Operation
	}{
		{Actor, registry.DefineLine{Line: "line-1", Kind: jobs.Desktop}},
		{keeper, registry.ReceiveRoll{Serial: "R-0001", Kind: "ribbon", Product: "YMCKH", Panels: 500}},
		{keeper, registry.ReceiveRoll{Serial: "F-0001", Kind: "film", Product: "HDP", Panels: 1500}},
		{keeper, registry.FitRoll{Serial: "R-0001", Line: "line-1", Second: admin}},
	} {
		if _, err := reg.Do(t.Context(), do.who, do.op, "key-"+string(rune('a'+i))); err != nil {
			t.Fatalf("%T: %v", do.op, err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := o.rolls(t.Context())
	if err != nil || len(got) != 1 || got[rollOfRibbon] == nil || *got[rollOfRibbon] != (CountedRoll{"R-0001", 500, 500}) {
		t.Errorf("%+v, %v", got, err)
	}
	var out bytes.Buffer
	s := SupplyReport{Ribbon: Supply{Counted: got[rollOfRibbon]}, Film: &Supply{Counted: got[rollOfFilm]}}
	s.rows(&out, English)
	if text := out.String(); strings.Count(text, "own count") != 1 || !strings.Contains(text, "500 cards of 500, roll R-0001") {
		t.Errorf("%s", text)
	}
	o.Line = LineConfig{}
	if got, err := o.rolls(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("a printer of no line: %v, %v", got, err)
	}
}
