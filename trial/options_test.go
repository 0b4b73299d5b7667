package trial

import (
	"math"
	"strings"
	"testing"
)

// Every option that cannot be is named, and nothing is begun.
func TestOptionsCheck(t *testing.T) {
	t.Parallel()
	good := Options{Cards: 40, Lines: 2, Speed: 0, Faults: "some", Seed: 7, Chip: "32k"}
	for _, v := range []struct {
		name   string
		change func(*Options)
		says   string // empty: it can be
	}{
		{"as it is", func(*Options) {}, ""},
		{"one card on many lines", func(o *Options) { o.Cards, o.Lines = 1, 64 }, ""},
		{"most", func(o *Options) { o.Cards = 100000 }, ""},
		{"real time", func(o *Options) { o.Speed = 1 }, ""},
		{"slower than life", func(o *Options) { o.Speed = 0.1 }, ""},
		{"small chip", func(o *Options) { o.Chip = "8k" }, ""},
		{"no faults", func(o *Options) { o.Faults = "none" }, ""},
		{"faults left out", func(o *Options) { o.Faults = "" }, ""},
		{"another printer", func(o *Options) { o.Printer = "XID8600" }, ""},
		{"any seed", func(o *Options) { o.Seed = math.MinInt64 }, ""},

		{"no cards", func(o *Options) { o.Cards = 0 }, "--cards"},
		{"cards below none", func(o *Options) { o.Cards = -1 }, "--cards"},
		{"too many cards", func(o *Options) { o.Cards = 100001 }, "--cards"},
		{"no lines", func(o *Options) { o.Lines = 0 }, "--lines"},
		{"too many lines", func(o *Options) { o.Lines = 65 }, "--lines"},
		{"backward", func(o *Options) { o.Speed = -1 }, "--speed"},
		{"no number", func(o *Options) { o.Speed = math.NaN() }, "--speed"},
		{"no end", func(o *Options) { o.Speed = math.Inf(1) }, "--speed"},
		{"faster than any clock", func(o *Options) { o.Speed = 1e308 }, "--speed"},
		{"slower than any clock", func(o *Options) { o.Speed = 1e-300 }, "--speed"},
		{"no chip", func(o *Options) { o.Chip = "" }, "--chip"},
		{"unknown chip", func(o *Options) { o.Chip = "64k" }, "--chip"},
		{"chip in capitals", func(o *Options) { o.Chip = "8K" }, "--chip"},
		{"printer that cannot keep a card", func(o *Options) { o.Printer = "Dualys" }, "--printer"},
		{"unknown printer", func(o *Options) { o.Printer = "xid8600" }, "--printer"},
		{"first of two", func(o *Options) { o.Cards, o.Chip = 0, "" }, "--cards"},
	} {
		o := good
		v.change(&o)
		err := o.Check()
		if (err == nil) != (v.says == "") || err != nil && !strings.HasPrefix(err.Error(), v.says+":") {
			t.Errorf("%s: %v", v.name, err)
		}
		if err == nil {
			continue
		}
		if _, made := Demo(t.Context(), o, nil, nil); made == nil || made.Error() != err.Error() { // no screen, no log: it ends before it needs them
			t.Errorf("%s: the demo says %v", v.name, made)
		}
	}
}
