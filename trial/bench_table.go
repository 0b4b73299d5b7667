package trial

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// benchTarget is what the station may add to the physical limit, in percent.
const benchTarget = 5

// PrintBench writes rows as a table, and says whether the station keeps to its target.
func PrintBench(w io.Writer, o BenchOptions, rows []BenchRow) error {
	fmt.Fprintf(w, "One card from blank to active: claimed, written, read back, activated. Milliseconds, medians of %d; key generation of the\n"+
		"chip left out. limit: the model of ISO/IEC 14443 for this chip, with no other time. over: what the station adds to it.\n\n", o.Cards)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "chip\tspeed\tkbit/s\tD\tFSC\tchunk\tAPDUs\tlimit\tchip\tstation\treader\ttotal\tover\tstation/APDU\treader/APDU\t")
	for _, r := range rows {
		per := func(d time.Duration) string {
			return fmt.Sprintf("%.1f us", float64(d.Nanoseconds())/1e3/float64(r.APDUs))
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%.2f %%\t%s\t%s\t\n", r.Chip, r.Speed, r.KBit, r.D, r.FSC, r.Chunk, r.APDUs,
			ms(r.Limit), ms(r.Card), ms(r.Station), ms(r.Reader), ms(r.Total()), r.Over(), per(r.Station), per(r.Reader))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	worst := slices.MaxFunc(rows, func(a, b BenchRow) int { return cmp.Compare(a.Over(), b.Over()) })
	kept := "kept"
	if worst.Over() > benchTarget {
		kept = "missed"
	}
	_, err := fmt.Fprintf(w, "\n%s: the station adds at most %.2f %%; the target of %d %% is %s.\n", worst.Way, worst.Over(), benchTarget, kept)
	return err
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Nanoseconds())/1e6) }
