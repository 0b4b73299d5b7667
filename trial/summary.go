package trial

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Summary is what a demo ends with.
type Summary struct {
	CardsRequested int            `json:"cards_requested"`
	Made           int            `json:"made"`
	Spoiled        int            `json:"spoiled"`
	SpoiledByCause map[string]int `json:"spoiled_by_cause"`
	Blocked        int            `json:"blocked"`
	BlockedByCause map[string]int `json:"blocked_by_cause"`
	InDoubt        int            `json:"in_doubt"`
	Refused        int            `json:"refused"`
	RefusedByCause map[string]int `json:"refused_by_cause"`
	Withdrawn      int            `json:"withdrawn"`
	Waiting        int            `json:"waiting"`
	BlanksLoaded   int            `json:"blanks_loaded"`
	BlanksByPlace  map[string]int `json:"blanks_by_place"`
	Matched        int            `json:"matched_1_1"`
	EqualByHash    int            `json:"equal_by_hash"`
	CardsPerHour   float64        `json:"cards_per_hour"`
	Lines          []LineSummary  `json:"lines"`
	Stages         []Stage        `json:"stages"`
	Chip           ChipSummary    `json:"chip"`
	PCSC           *PCSCSummary   `json:"pcsc,omitempty"` // of a demo through PC/SC
	HSM            *HSMSummary    `json:"hsm,omitempty"`  // of a demo with its keys on a token
	Differences    []string       `json:"differences"`    // between world and ledger; empty: every blank is accounted for
	HostSeconds    float64        `json:"host_seconds"`
	Seed           int64          `json:"seed"`
	Speed          float64        `json:"speed"`
}

// LineSummary is one line of the demo.
type LineSummary struct {
	ID           string  `json:"id"`
	Made         int     `json:"made"`
	Spoiled      int     `json:"spoiled"`
	Seconds      float64 `json:"seconds"` // by the line's clock
	CardsPerHour float64 `json:"cards_per_hour"`
}

// Stage is the time of one step over all cards, by the line's clock, against the physical
// floor: what the emulated mechanics and chips alone take.
type Stage struct {
	Name     string  `json:"name"`
	MedianMS float64 `json:"median_ms"`
	FloorMS  float64 `json:"floor_ms"`
	Count    int     `json:"count"`
}

// ChipSummary counts the traffic of one card, the median over the cards made.
type ChipSummary struct {
	Bytes         int `json:"bytes"`          // of all files
	WriteAPDUs    int `json:"write_apdus"`    // claim and write
	ReadbackAPDUs int `json:"readback_apdus"` // read back and mark
	WireBytes     int `json:"wire_bytes"`     // both directions, the whole card
}

// Accounted reports whether every blank is where the ledger says and every record is made or
// explained.
func (s Summary) Accounted() bool { return len(s.Differences) == 0 }

// Print writes the summary as tables for a person.
func (s Summary) Print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, format string, args ...any) {
		fmt.Fprintf(t, "  %s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(t, "\nCards")
	row("asked for", "%d", s.CardsRequested)
	row("made", "%d   (1:1 matched %d, equal by hash %d)", s.Made, s.Matched, s.EqualByHash)
	row("spoiled", "%d%s", s.Spoiled, byCause(s.SpoiledByCause))
	row("blocked", "%d%s", s.Blocked, byCause(s.BlockedByCause))
	row("in doubt", "%d", s.InDoubt)
	row("refused", "%d%s", s.Refused, byCause(s.RefusedByCause))
	row("withdrawn", "%d", s.Withdrawn)
	row("waiting", "%d", s.Waiting)
	fmt.Fprintln(t, "\nBlanks")
	row("loaded", "%d", s.BlanksLoaded)
	for _, place := range slices.Sorted(maps.Keys(s.BlanksByPlace)) {
		row(place, "%d", s.BlanksByPlace[place])
	}
	fmt.Fprintln(t, "\nLines\tmade\tspoiled\ttime\tcards per hour")
	for _, l := range s.Lines {
		d := time.Duration(l.Seconds * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(t, "  %s\t%d\t%d\t%s\t%.0f\n", l.ID, l.Made, l.Spoiled, d, l.CardsPerHour)
	}
	fmt.Fprintf(t, "  together\t%d\t%d\t\t%.0f\n", s.Made, s.Spoiled, s.CardsPerHour)
	fmt.Fprintln(t, "\nStage\tmedian\tfloor\tover the floor")
	for _, st := range s.Stages {
		over := "-"
		if st.FloorMS > 0 {
			over = fmt.Sprintf("%+.1f %%", 100*(st.MedianMS/st.FloorMS-1))
		}
		fmt.Fprintf(t, "  %s\t%.0f ms\t%.0f ms\t%s\n", st.Name, st.MedianMS, st.FloorMS, over)
	}
	fmt.Fprintln(t, "\nChip")
	row("files", "%d bytes", s.Chip.Bytes)
	row("claim and write", "%d APDUs", s.Chip.WriteAPDUs)
	row("read back", "%d APDUs", s.Chip.ReadbackAPDUs)
	row("on the wire", "%d bytes", s.Chip.WireBytes)
	if p := s.PCSC; p != nil {
		fmt.Fprintln(t, "\nPC/SC")
		row("readers", "%d, one for each line and one for the desk", p.Readers)
		row("through pcscd", "%d APDUs, %.0f us of reader time each", p.APDUs, p.ReaderUS)
		row("cards noticed", "%d, %.0f ms of waiting each", p.Cards, p.NoticeMS)
	}
	if h := s.HSM; h != nil {
		fmt.Fprintln(t, "\nToken")
		row("token", "%s", h.Token)
		row("keys", "%s", strings.Join(h.Keys, ", "))
		row("asked by lines", "%d times, %.0f us each, at most %.1f ms; %.2f %% of their time", h.Calls, h.MeanUS, h.LongestMS, 100*h.WaitedPart)
		for _, r := range h.Rates {
			row(fmt.Sprintf("with %d workers", r.Workers), "%.0f key sets and %.0f signatures a second", r.Diversified, r.Signed)
		}
	}
	_ = t.Flush()
	if s.Accounted() {
		fmt.Fprintln(w, "\nEvery blank is accounted for: what the world holds and what the ledger says agree.")
		return
	}
	fmt.Fprintln(w, "\nNOT accounted for:")
	for _, d := range s.Differences {
		fmt.Fprintln(w, "  - "+d)
	}
}

func byCause(m map[string]int) string {
	if len(m) == 0 {
		return ""
	}
	var parts []string
	for _, c := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", c, m[c]))
	}
	return "   (" + strings.Join(parts, ", ") + ")"
}
