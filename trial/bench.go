package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"blanko/emulator/chip"
	"blanko/internal/rig"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/ktp"
)

// BenchOptions of a benchmark of the chip work.
type BenchOptions struct {
	Cards    int  // of each row; the figures are medians
	RealTime bool // the chip really takes its time; otherwise only its clock advances
	PCSC     bool // through scard, pcscd and a virtual reader; otherwise the chip is reached directly

	readers []rig.Reader // of a service that is there, instead of a private one
}

// maxBenchCards keeps a benchmark within an hour.
const maxBenchCards = 1000

// Check names the first option that cannot be.
func (o BenchOptions) Check() error {
	if o.Cards < 1 || o.Cards > maxBenchCards {
		return fmt.Errorf("--cards: 1 to %d", maxBenchCards)
	}
	return nil
}

// Target is what the station may add to the physical limit, in percent.
const Target = 5

// BenchRow is one kind of chip at one bit rate. Times are of one card: claim, write, read back,
// keys, activation (steps 1 to 17 of the sequence), without the chip's key generation.
type BenchRow struct {
	Way      string `json:"way"`      // in process, or through PC/SC
	Chip     string `json:"chip"`     // 32k, 8k
	Speed    string `json:"speed"`    // fast, mid, slow
	KBit     int    `json:"kbit_s"`   // 106, 212, 424, 848
	D        int    `json:"d"`        // bit rate divisor
	FSC      int    `json:"fsc"`      // frame size of the chip, bytes
	Chunk    int    `json:"chunk"`    // plain bytes of one UPDATE or READ BINARY
	Extended bool   `json:"extended"` // APDUs of extended length
	Reopened int    `json:"reopened"` // channels opened anew with a shorter chunk
	APDUs    int    `json:"apdus"`

	Limit   time.Duration `json:"limit_ns"`   // model, with a station and a reader that take no time
	Card    time.Duration `json:"card_ns"`    // by the chip's clock
	Station time.Duration `json:"station_ns"` // between an answer and the next command
	Reader  time.Duration `json:"reader_ns"`  // driver, service and cable, beside the chip
}

// Total is the time of a card.
func (r BenchRow) Total() time.Duration { return r.Card + r.Station + r.Reader }

// Over is what the station adds to the limit, in percent: its own time, and what the chip took
// for commands beyond the plan. The reader's time is not the station's.
func (r BenchRow) Over() float64 {
	return 100 * float64(r.Card+r.Station-r.Limit) / float64(r.Limit)
}

// The chips and bit rates of the benchmark.
var (
	benchSpeeds = []struct {
		name   string
		timing func() chip.Timing
	}{{"fast", chip.FastChip}, {"mid", chip.MidChip}, {"slow", chip.SlowChip}}
	benchChips    = []string{"32k", "8k"}
	benchDivisors = []int{1, 2, 4, 8}
)

const kbitPerDivisor = 106

// Bench makes cards of the benchmark record on every kind of chip and at every bit rate, and shows
// each row as it is done.
func Bench(ctx context.Context, o BenchOptions, show func(BenchRow)) (rows []BenchRow, err error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	w := way{name: "in process"}
	if o.PCSC {
		w.name = "through PC/SC"
		if w.service, err = openService(ctx, []string{benchPlace}, o.readers); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, w.service.Close()) }()
	}
	for _, variant := range benchChips {
		b, err := newBenchmark(variant, o, &w)
		if err != nil {
			return nil, err
		}
		for _, s := range benchSpeeds {
			for _, d := range benchDivisors {
				timing := s.timing()
				timing.Link.D, timing.KeyGeneration = d, 0
				row, err := b.row(ctx, timing)
				if err != nil {
					return rows, fmt.Errorf("%s, %s, D %d: %w", variant, s.name, d, err)
				}
				row.Speed = s.name
				rows = append(rows, row)
				if show != nil {
					show(row)
				}
			}
		}
	}
	return rows, nil
}

// way is how the benchmark's commands reach a chip.
type way struct {
	name    string
	service *service // nil: directly
	slot    slot
	gauge   *gauge // over the transport to whatever chip the slot holds; nil: not open yet
}

const benchPlace = "bench"

// open makes the way to the chip that lies in the slot. A card that is noticed for the first time is
// not measured.
func (w *way) open(ctx context.Context) error {
	if w.gauge != nil {
		return nil
	}
	if w.service == nil {
		w.gauge = &gauge{Transport: &reader{&w.slot}}
		return nil
	}
	p := w.service.places[benchPlace]
	if err := p.slot.Insert(&w.slot); err != nil {
		return err
	}
	t, err := p.open(ctx)
	if err != nil {
		return err
	}
	w.gauge = &gauge{Transport: t}
	_, err = t.Reset(ctx)
	return err
}

// slot is where a chip lies; it measures the time that its chips take.
type slot struct {
	card  atomic.Pointer[chip.Card]
	taken atomic.Int64
}

func (s *slot) measure(began time.Time) { s.taken.Add(int64(time.Since(began))) }

func (s *slot) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	defer s.measure(time.Now())
	return s.card.Load().Transmit(ctx, capdu)
}

func (s *slot) Reset(ctx context.Context) ([]byte, error) {
	defer s.measure(time.Now())
	return s.card.Load().Reset(ctx)
}

func (s *slot) PowerOff()    { s.card.Load().PowerOff() }
func (s *slot) Close() error { s.PowerOff(); return nil }

// gauge measures the time that the station waits for answers.
type gauge struct {
	applet.Transport
	waited time.Duration
}

func (g *gauge) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	began := time.Now()
	defer func() { g.waited += time.Since(began) }()
	return g.Transport.Transmit(ctx, capdu)
}

func (g *gauge) Reset(ctx context.Context) ([]byte, error) {
	began := time.Now()
	defer func() { g.waited += time.Since(began) }()
	return g.Transport.Reset(ctx)
}

func (g *gauge) Limits() applet.Limits {
	if l, ok := g.Transport.(applet.Limiter); ok {
		return l.Limits()
	}
	return applet.Limits{}
}

// benchmark makes cards of one size of chip.
type benchmark struct {
	BenchOptions
	way     *way
	variant string
	profile *chipdata.Profile
	keys    *software.Source
	signer  chipdata.Signer
	made    byte
	encoder *applet.Encoder
}

func newBenchmark(variant string, o BenchOptions, w *way) (*benchmark, error) {
	const seed = "blanko benchmark"
	b := &benchmark{BenchOptions: o, way: w, variant: variant, keys: software.New([]byte(seed))}
	var err error
	if b.profile, err = chipdata.LoadProfile(chips[variant].profile); err != nil {
		return nil, err
	}
	pki, err := software.DevelopmentPKI([]byte(seed), batchStart.AddDate(0, 0, -1))
	if err != nil {
		return nil, err
	}
	signer := pki.Full
	if variant == "8k" {
		signer = pki.Compact
	}
	b.signer = chipdata.Signer{Certificate: signer.Certificate, Key: signer.Key}
	return b, nil
}

// row makes the cards of one row.
func (b *benchmark) row(ctx context.Context, timing chip.Timing) (BenchRow, error) {
	r := BenchRow{
		Way: b.way.name, Chip: b.variant, KBit: kbitPerDivisor * timing.Link.D, D: timing.Link.D, FSC: timing.Link.FSC,
	}
	var station, reader []time.Duration
	for range b.Cards {
		card, plan, err := b.prepare(ctx, timing)
		if err != nil {
			return r, err
		}
		before := card.View()
		b.way.slot.taken.Store(0)
		b.way.gauge.waited = 0
		began := time.Now()
		if err := b.make(ctx, plan); err != nil {
			return r, err
		}
		whole := time.Since(began)
		inChip := time.Duration(b.way.slot.taken.Load())
		station = append(station, whole-b.way.gauge.waited)
		reader = append(reader, b.way.gauge.waited-inChip)
		sizes := map[uint16]int{}
		for _, f := range plan.Files {
			sizes[f.FID] = len(f.Data)
		}
		l, v := b.encoder.Lengths(), card.View()
		r.Chunk, r.Extended, r.Reopened = l.Chunk, l.Extended, l.Reopened
		r.APDUs, r.Card, r.Limit = v.APDUs, v.Spent-before.Spent, limit(timing, applet.Sequence(b.profile, sizes))
	}
	r.Station, r.Reader = middle(station), middle(reader)
	return r, nil
}

// prepare lays a blank into the slot and makes the plan for it, before the time counts.
func (b *benchmark) prepare(ctx context.Context, timing chip.Timing) (*chip.Card, *chipdata.Plan, error) {
	b.made++
	serial := [8]byte{0xBE, 7: b.made}
	cfg := chip.Config{
		Serial: serial, Size: chips[b.variant].size, Timing: timing,
		TransportKey: chip.Diversify(b.keys.Master(keys.Transport), chip.KDD(serial)),
	}
	if b.RealTime {
		cfg.Spend = pass
	}
	card := chip.New(cfg)
	b.way.slot.card.Store(card)
	if err := b.way.open(ctx); err != nil {
		return nil, nil, err
	}
	if b.encoder == nil {
		b.encoder = &applet.Encoder{Transport: b.way.gauge, Keys: b.keys, Profile: b.profile}
	}
	plan, err := benchmarkPlan(b.profile)
	return card, plan, err
}

// make is the whole chip work on a blank.
func (b *benchmark) make(ctx context.Context, plan *chipdata.Plan) error {
	e, id := b.encoder, ktp.AttemptID{0xBE, 15: b.made}
	if _, err := e.Probe(ctx); err != nil {
		return err
	}
	if err := e.Claim(ctx, id); err != nil {
		return err
	}
	if _, err := e.Write(ctx, id, plan, b.signer, batchStart); err != nil {
		return err
	}
	if _, err := e.ReadBack(ctx, plan); err != nil {
		return err
	}
	if err := e.Finish(ctx); err != nil {
		return err
	}
	return e.Activate(ctx, id)
}

// benchmarkPlan is a card with the file sizes of the profile's benchmark record: a true DG1, bytes
// without meaning in the others; the card's keys and EF.SOD are still to come.
func benchmarkPlan(p *chipdata.Profile) (*chipdata.Plan, error) {
	plan := &chipdata.Plan{Profile: p}
	for _, f := range p.Files {
		file := chipdata.File{FID: f.FID, SFI: f.SFI, Name: f.Name}
		switch f.Builder {
		case chipdata.BuildPROF, chipdata.BuildDG14, chipdata.BuildDG15, chipdata.BuildSOD:
			continue
		case chipdata.BuildDG1:
			var err error
			if file.Data, err = chipdata.EncodeDG1(ktp.Person{
				NIK: "3173041708901234", Names: []string{"BUDI SANTOSO"}, Sex: ktp.Male, Nationality: "IDN",
				BirthDate: time.Date(1990, time.August, 17, 0, 0, 0, 0, time.UTC), Validity: ktp.Lifelong,
			}); err != nil {
				return nil, err
			}
		default:
			file.Data = make([]byte, f.Reference)
			for i := range file.Data {
				file.Data[i] = byte(i)
			}
		}
		plan.Files = append(plan.Files, file)
	}
	return plan, nil
}

// pass lets time pass to the microsecond: the system's timers alone are coarser than the times of
// single commands.
func pass(d time.Duration) {
	const coarse = time.Millisecond
	end := time.Now().Add(d)
	if d > coarse {
		time.Sleep(d - coarse)
	}
	for time.Now().Before(end) {
		runtime.Gosched()
	}
}

func middle(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

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
	if worst.Over() > Target {
		kept = "missed"
	}
	_, err := fmt.Fprintf(w, "\n%s: the station adds at most %.2f %%; the target of %d %% is %s.\n", worst.Way, worst.Over(), Target, kept)
	return err
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Nanoseconds())/1e6) }
