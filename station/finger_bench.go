package station

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"blanko/biometric/finger"
	"blanko/biometric/finger/extract"
	"blanko/biometric/finger/rates"
)

// FingerBenchCommand is blanko finger bench.
type FingerBenchCommand struct {
	FingerPicture
	Folder    string `arg:"" optional:"" help:"Folder of FINGER_IMPRESSION.png." placeholder:"DIR"`
	Templates string `help:"Folder of records FINGER_IMPRESSION.* instead of pictures." placeholder:"DIR"`
	Impostors string `help:"Pairs of different fingers: fvc, first impressions alone; all." enum:"fvc,all" default:"fvc"`
	Most      int    `help:"At most so many minutiae of an impression." default:"60"`
	JSON      bool   `name:"json" help:"Print the figures as JSON."`
}

// benched is one impression; without one that could be extracted it scores 0 against everything.
type benched struct {
	finger, impression string
	made               *finger.Impression
}

// FingerFigures are the result of a benchmark: rates in per cent, times as medians. Not carried names the
// rates for which there are too few pairs.
type FingerFigures struct {
	EER         float64               `json:"eer"`
	FMR100      float64               `json:"fmr100"`
	FMR1000     float64               `json:"fmr1000"`
	FMR10000    float64               `json:"fmr10000"`
	ZeroFMR     float64               `json:"zerofmr"`
	FTE         float64               `json:"fte"`
	Genuine     int                   `json:"genuine"`
	Impostor    int                   `json:"impostor"`
	ExtractMS   float64               `json:"extract_ms"`
	MatchUS     float64               `json:"match_us"`
	MatchAllocs float64               `json:"match_allocs"`
	NotCarried  []string              `json:"not_carried"`
	Intervals   map[string]rates.Rate `json:"intervals"`
	Impressions int                   `json:"impressions"`
	Protocol    string                `json:"protocol"`
}

// Run measures and prints.
func (c FingerBenchCommand) Run(t Terminal) error {
	if (c.Folder == "") == (c.Templates == "") {
		return FingerFile.At("station.finger", nil).With("folder", "either a folder of pictures or --templates")
	}
	if c.Most < 1 {
		return FingerFile.At("station.finger", nil).With("most", "at least 1")
	}
	list, f, err := c.load()
	if err != nil {
		return err
	}
	genuine, impostor := c.compare(list, &f)
	if len(genuine) == 0 || len(impostor) == 0 {
		return FingerFile.At("station.finger", nil).With("folder", "two fingers with two impressions each are needed, named FINGER_IMPRESSION")
	}
	f.fill(rates.Of(genuine, impostor))
	if c.JSON {
		return printJSON(t.Out, f)
	}
	return f.print(t)
}

// load reads the impressions in the order of their names.
func (c FingerBenchCommand) load() (list []benched, f FingerFigures, err error) {
	dir := c.Folder + c.Templates
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, f, FingerFile.At("station.finger", err).With("folder", "%s cannot be read", filepath.Base(dir))
	}
	var e extract.Extractor
	var times []time.Duration
	failed := 0
	for _, entry := range entries {
		name := entry.Name()
		id, impression, named := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), "_")
		if !named || entry.IsDir() || isPicture(name) != (c.Templates == "") {
			continue
		}
		b := benched{finger: id, impression: impression}
		start := time.Now()
		r, err := c.template(filepath.Join(dir, name), &e)
		times = append(times, time.Since(start))
		switch {
		case err == nil && len(r.Views[0].Minutiae) > 0:
			r = r.Best(c.Most)
			b.made = finger.Prepare(r, r.Views[0])
		case err != nil && errors.Is(err, os.ErrNotExist):
			return nil, f, err
		default:
			failed++
		}
		list = append(list, b)
	}
	f.Impressions, f.Protocol = len(list), c.Impostors
	if len(list) > 0 {
		f.FTE = 100 * float64(failed) / float64(len(list))
	}
	if c.Templates == "" {
		f.ExtractMS = float64(median(times).Microseconds()) / 1000
	}
	return list, f, nil
}

// compare scores every pair of one finger once, and the pairs of different fingers of the protocol.
func (c FingerBenchCommand) compare(list []benched, f *FingerFigures) (genuine, impostor []int) {
	first := map[string]string{}
	for _, b := range list {
		if _, seen := first[b.finger]; !seen {
			first[b.finger] = b.impression
		}
	}
	var m finger.Matcher
	var before, after runtime.MemStats
	var pairs [][2]int
	for i, a := range list {
		for k := i + 1; k < len(list); k++ {
			b := list[k]
			if a.finger == b.finger || c.Impostors == "all" || a.impression == first[a.finger] && b.impression == first[b.finger] {
				pairs = append(pairs, [2]int{i, k})
			}
		}
	}
	times, scores := make([]time.Duration, len(pairs)), make([]int, len(pairs))
	runtime.ReadMemStats(&before)
	for n, p := range pairs {
		a, b := list[p[0]].made, list[p[1]].made
		if a == nil || b == nil {
			continue
		}
		start := time.Now()
		scores[n] = m.Evidence(a, b)
		times[n] = time.Since(start)
	}
	runtime.ReadMemStats(&after)
	for n, p := range pairs {
		if list[p[0]].finger == list[p[1]].finger {
			genuine = append(genuine, scores[n])
		} else {
			impostor = append(impostor, scores[n])
		}
	}
	f.Genuine, f.Impostor = len(genuine), len(impostor)
	f.MatchUS = float64(median(times).Nanoseconds()) / 1000
	f.MatchAllocs = float64(after.Mallocs-before.Mallocs) / float64(max(len(pairs), 1))
	return genuine, impostor
}

func median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(list))[len(list)/2]
}

// named are the rates by the names they have in JSON.
func (f *FingerFigures) fill(r rates.Rates) {
	f.Intervals, f.NotCarried = map[string]rates.Rate{}, []string{}
	for _, n := range []struct {
		name string
		rate rates.Rate
		to   *float64
	}{{"eer", r.EER, &f.EER}, {"fmr100", r.FMR100, &f.FMR100}, {"fmr1000", r.FMR1000, &f.FMR1000}, {"fmr10000", r.FMR10000, &f.FMR10000}, {"zerofmr", r.ZeroFMR, &f.ZeroFMR}} {
		*n.to, f.Intervals[n.name] = n.rate.Percent, n.rate
		if !n.rate.Carried {
			f.NotCarried = append(f.NotCarried, n.name)
		}
	}
}

func (f FingerFigures) print(t Terminal) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, name := range []string{"eer", "fmr100", "fmr1000", "fmr10000", "zerofmr"} {
		r := f.Intervals[name]
		note := words{}
		if !r.Carried {
			note = words{"terlalu sedikit pasangan", "too few pairs"}
		}
		fmt.Fprintf(w, "%s\t%.2f %%\t(%.2f - %.2f)\t%s\n", name, r.Percent, r.Low, r.High, t.Language.of(note))
	}
	fmt.Fprintf(w, "fte\t%.2f %%\t%d\n", f.FTE, f.Impressions)
	fmt.Fprintf(w, "genuine\t%d\nimpostor\t%d\t%s\n", f.Genuine, f.Impostor, f.Protocol)
	fmt.Fprintf(w, "extract\t%.2f ms\nmatch\t%.1f us\t%.2f allocs\n", f.ExtractMS, f.MatchUS, f.MatchAllocs)
	return w.Flush()
}
