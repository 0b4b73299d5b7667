package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/stock"
)

// figures are what the metrics are counted from, read for one answer.
type figures struct {
	registry.Summary
	lines   []jobs.Line
	oldest  float64  // seconds that the first order in the queue has waited
	lag     float64  // seconds that the first report to the center has waited
	dataKey float64  // seconds since it was made; -1: there is none
	anchor  []sample // seconds since the newest anchor that the center took, -1: none yet; empty: there is no center
	copied  []sample // seconds since the newest copy of the ledger, -1: there is none; empty: none is made
	// listAge and listLeft are those of the last revocation list; empty: no card is signed here.
	listAge, listLeft []sample

	stages       []jobs.StageTime
	refused      map[string]int     // records, by code
	rolls        []registry.RollUse // in printers
	stored       map[string]int     // new rolls, by kind
	certificates []CertificateLeft

	now    float64 // Unix time of the station's clock
	behind bool    // the clock stands behind the event log
	put    bool    // the ledger was put back and is not accepted
}

// sample is one value of a metric. Labels are codes of the station, never of a person.
type sample struct {
	n      float64
	labels []string // names, each before its value
	part   string   // of a histogram: what is behind the name of the metric
}

func (s sample) write(w io.Writer, metric string) {
	pairs := make([]string, 0, len(s.labels)/2)
	for i := 0; i+1 < len(s.labels); i += 2 {
		pairs = append(pairs, fmt.Sprintf("%s=%q", s.labels[i], s.labels[i+1]))
	}
	of := ""
	if len(pairs) > 0 {
		of = "{" + strings.Join(pairs, ",") + "}"
	}
	fmt.Fprintf(w, "%s%s%s %s\n", metric, s.part, of, number(s.n))
}

// metric is one row of /metrics (Prometheus text format 0.0.4).
type metric struct {
	name, kind, help string
	samples          func(figures) []sample
}

// metrics are all that /metrics tells.
var metrics = []metric{
	{"blanko_queue_orders", "gauge", "Applications in the queue of the lines.", one(func(f figures) float64 { return float64(f.Applications[registry.Queued]) })},
	{"blanko_queue_oldest_wait_seconds", "gauge", "How long the order has waited that came first.", one(func(f figures) float64 { return f.oldest })},
	{"blanko_applications", "gauge", "Applications by state.", by("state", func(f figures) map[string]int { return named(f.Applications) })},
	{"blanko_attempts", "gauge", "Attempts by state.", by("state", func(f figures) map[string]int { return named(f.Attempts) })},
	{"blanko_cards", "gauge", "Cards in the register by state.", by("state", func(f figures) map[string]int { return named(f.Cards) })},
	{"blanko_cards_made_total", "counter", "Cards that were finished.", one(func(f figures) float64 { return float64(f.Made) })},
	{"blanko_doubts", "gauge", "Attempts in doubt, which wait for a person.", one(func(f figures) float64 { return float64(f.InDoubt) })},
	{"blanko_spoiled_total", "counter", "Blanks lost before activation, by the code of the fault.", by("code", func(f figures) map[string]int { return caused(f.Spoiled) })},
	{"blanko_blocked_total", "counter", "Cards blocked after activation, by the code of the fault.", by("code", func(f figures) map[string]int { return caused(f.Blocked) })},
	{"blanko_lost_total", "counter", "Cards declared lost.", one(func(f figures) float64 { return float64(f.Lost) })},
	{"blanko_refused_total", "counter", "Records that were refused, by the code of why.", by("code", func(f figures) map[string]int { return f.refused })},
	{"blanko_stage_seconds", "histogram", "How long the stages of lines took, as the line measured what was done.", staged},
	{"blanko_blanks", "gauge", "Blanks and cards by place.", by("place", func(f figures) map[string]int { return placed(f.Blanks, f.lines) })},
	{"blanko_roll_cards_left", "gauge", "Cards that the ribbon and the film in the printer of a line are good for yet, by the station's own count.", func(f figures) (list []sample) {
		for _, r := range f.rolls {
			list = append(list, sample{n: float64(r.Left), labels: []string{"line", string(r.Line), "kind", r.Kind}})
		}
		return list
	}},
	{"blanko_rolls_stored", "gauge", "New rolls of ribbon and film in the store.", by("kind", func(f figures) map[string]int { return f.stored })},
	{"blanko_line_up", "gauge", "1 where a line is wished to run and runs or has nothing to do.", func(f figures) (list []sample) {
		for _, l := range f.lines {
			up := l.Wish == jobs.Running && !needsAttention[l.Observed.State] && !l.Observed.Silent
			list = append(list, sample{n: map[bool]float64{true: 1}[up], labels: []string{"line", string(l.ID)}})
		}
		return list
	}},
	{"blanko_line_stands", "gauge", "1 for the code for which a line stands or waits for a person.", func(f figures) (list []sample) {
		for _, l := range f.lines {
			code := l.Observed.Reason
			if l.Wish != jobs.Running && l.Reason != "" {
				code = l.Reason
			}
			if code != "" {
				list = append(list, sample{n: 1, labels: []string{"line", string(l.ID), "code", code}})
			}
		}
		return list
	}},
	{"blanko_feeding_barred", "gauge", "1 where no line of the ledger feeds, by what has to be decided by two persons first.", func(f figures) []sample {
		told := map[bool]float64{true: 1}
		return []sample{{n: told[f.behind], labels: []string{"code", "clock_behind"}}, {n: told[f.put], labels: []string{"code", "ledger_restored"}}}
	}},
	{"blanko_outbox_reports", "gauge", "Reports that the center has not taken.", one(func(f figures) float64 { return float64(f.Reports) })},
	{"blanko_outbox_lag_seconds", "gauge", "How long the first report to the center has waited.", one(func(f figures) float64 { return f.lag })},
	{"blanko_anchor_age_seconds", "gauge", "Time since the newest daily anchor that the center took; -1 before the first.", func(f figures) []sample { return f.anchor }},
	{"blanko_copy_age_seconds", "gauge", "Age of the newest sealed copy of the ledger; -1 where there is none.", func(f figures) []sample { return f.copied }},
	{"blanko_revocation_list_age_seconds", "gauge", "Age of the last revocation list of the signer's authority; -1 where there is none.", func(f figures) []sample { return f.listAge }},
	{"blanko_revocation_list_left_seconds", "gauge", "How long the last revocation list of the signer's authority holds yet; 0 after its end, and where there is none.", func(f figures) []sample { return f.listLeft }},
	{"blanko_certificate_left_seconds", "gauge", "How long the certificates of a place in the configuration hold yet, by the first that ends; 0 after its end, and where they cannot be read.", func(f figures) (list []sample) {
		for _, c := range f.certificates {
			list = append(list, sample{n: max(c.Left.Seconds(), 0), labels: []string{"certificate", c.Name}})
		}
		return list
	}},
	{"blanko_data_key_age_seconds", "gauge", "Age of the key that seals personal data; -1 where the ledger stands in clear.", one(func(f figures) float64 { return f.dataKey })},
	{"blanko_clock_seconds", "gauge", "The station's clock as Unix time.", one(func(f figures) float64 { return f.now })},
}

func one(n func(figures) float64) func(figures) []sample {
	return func(f figures) []sample { return []sample{{n: n(f)}} }
}

func by(label string, counts func(figures) map[string]int) func(figures) []sample {
	return func(f figures) (list []sample) {
		all := counts(f)
		for _, value := range slices.Sorted(maps.Keys(all)) {
			list = append(list, sample{n: float64(all[value]), labels: []string{label, value}})
		}
		return list
	}
}

// staged are the histograms of the stages: how many took at most each bound, all of them, and their time.
func staged(f figures) (list []sample) {
	type of struct {
		line jobs.LineID
		step jobs.Step
	}
	var order []of
	counts, took := map[of]map[time.Duration]int{}, map[of]time.Duration{}
	for _, t := range f.stages {
		o := of{t.Line, t.Step}
		if counts[o] == nil {
			order, counts[o] = append(order, o), map[time.Duration]int{}
		}
		counts[o][t.Within] += t.Count
		took[o] += t.Took
	}
	for _, o := range order {
		labels := []string{"line", string(o.line), "stage", string(o.step)}
		n := 0
		for _, b := range jobs.StageBounds {
			n += counts[o][b]
			list = append(list, sample{float64(n), append(slices.Clone(labels), "le", number(b.Seconds())), "_bucket"})
		}
		all := float64(n + counts[o][0])
		list = append(list, sample{all, append(slices.Clone(labels), "le", "+Inf"), "_bucket"}, sample{took[o].Seconds(), labels, "_sum"}, sample{all, labels, "_count"})
	}
	return list
}

func named[S ~string](counts map[S]int) map[string]int {
	out := map[string]int{}
	for s, n := range counts {
		out[strings.ReplaceAll(string(s), " ", "_")] += n
	}
	return out
}

func caused(list []registry.CountByCause) map[string]int {
	out := map[string]int{}
	for _, c := range list {
		out[c.Cause] += c.Count
	}
	return out
}

// placed has a row for the hopper of every line, also of an empty one: an alert on few blanks must not end with
// the last.
func placed(list []stock.Holding, lines []jobs.Line) map[string]int {
	out := map[string]int{}
	for _, l := range lines {
		out[stock.On(stock.Hopper, string(l.ID)).String()] = 0
	}
	for _, h := range list {
		out[h.Place.String()] += h.Unread + h.Read
	}
	return out
}

// maxFitted is more rolls than are ever in the printers of an office.
const maxFitted = 1000

// into keeps an answer.
func into[T any](to *T) func(T, error) error {
	return func(answer T, err error) error {
		*to = answer
		return err
	}
}

// figures reads what the metrics need.
func (a *api) figures(ctx context.Context) (f figures, err error) {
	now := a.Now()
	f.now, f.dataKey = float64(now.UnixMilli())/1000, -1
	if a.CopyAge != nil {
		copied := sample{n: -1}
		if age, found := a.CopyAge(); found {
			copied.n = max(age.Seconds(), 0)
		}
		f.copied = []sample{copied}
	}
	if a.ListAge != nil {
		age, left := sample{n: -1}, sample{}
		if made, yet, found := a.ListAge(); found {
			age.n, left.n = made.Seconds(), yet.Seconds()
		}
		f.listAge, f.listLeft = []sample{age}, []sample{left}
	}
	if a.Certificates != nil {
		f.certificates = a.Certificates()
	}
	if err := errors.Join(
		into(&f.stages)(a.Registry.StageTimes(ctx)),
		into(&f.refused)(a.Registry.RefusedByCode(ctx)),
		into(&f.stored)(a.Registry.RollsStored(ctx)),
		into(&f.rolls)(a.Registry.Rolls(ctx, registry.RollFilter{State: registry.RollFitted, Limit: maxFitted})),
	); err != nil {
		return f, err
	}
	if f.Summary, err = a.Registry.Summary(ctx); err != nil {
		return f, err
	}
	if f.lines, err = a.Registry.Lines(ctx); err != nil {
		return f, err
	}
	oldest, err := a.Registry.OldestOrder(ctx)
	if err != nil {
		return f, err
	}
	if !oldest.IsZero() {
		f.oldest = max(now.Sub(oldest).Seconds(), 0)
	}
	waiting, err := a.Registry.Outbox(ctx, 1)
	if err != nil {
		return f, err
	}
	if len(waiting) > 0 {
		f.lag = max(now.Sub(waiting[0].At).Seconds(), 0)
	}
	if f.behind, err = a.Registry.ClockBehind(ctx); err != nil {
		return f, err
	}
	if _, _, f.put, err = a.Registry.OpenRestoration(ctx); err != nil {
		return f, err
	}
	keys, err := a.Registry.DataKeys(ctx)
	if err != nil {
		return f, err
	}
	if n := len(keys); n > 0 {
		f.dataKey = max(now.Sub(keys[n-1].MadeAt).Seconds(), 0)
	}
	if !a.Anchored {
		return f, nil
	}
	age := sample{n: -1}
	anchors, err := a.Registry.Anchors(ctx, false)
	for _, d := range anchors {
		if !d.Told.IsZero() {
			age.n = max(now.Sub(d.Told).Seconds(), 0)
		}
	}
	f.anchor = []sample{age}
	return f, err
}

// metrics answers Prometheus: on this machine whoever asks, from elsewhere who may read the counts of the station,
// by a token. What a proxy of this machine passes on comes from elsewhere.
func (a *api) metrics(w http.ResponseWriter, r *http.Request) {
	if !local(r) {
		if err := may(r.Context(), access.SeeProduction); err != nil {
			a.Problems.Write(w, err)
			return
		}
	}
	f, err := a.figures(r.Context())
	if err != nil {
		a.Problems.Write(w, err)
		return
	}
	var text bytes.Buffer
	for _, m := range metrics {
		fmt.Fprintf(&text, "# HELP %s %s\n# TYPE %s %s\n", m.name, m.help, m.name, m.kind)
		for _, s := range m.samples(f) {
			s.write(&text, m.name)
		}
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = text.WriteTo(w) // who asked has gone
}

// local reports whether a request comes from this machine itself.
func local(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback() && r.Header.Get("Forwarded") == "" && r.Header.Get("X-Forwarded-For") == ""
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// readyz is for a program that sends work here: 200 when the ledger answers and every line can work, 503
// and why otherwise.
func (a *api) readyz(w http.ResponseWriter, r *http.Request) {
	c, err := a.condition(r.Context())
	if err != nil {
		a.Problems.Write(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if c.Status != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "%d of %d lines need attention\n", c.Lines.Attention, c.Lines.All)
		return
	}
	_, _ = w.Write([]byte("ready\n")) // who asked has gone
}
