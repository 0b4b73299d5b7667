package trial

import (
	"context"
	"runtime"
	"slices"
	"time"

	"blanko/emulator/chip"

	"blanko/applet"
	"blanko/chipdata"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/ktp"
)

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
		time.Sleep(d - coarse) //nolint:forbidigo // the clock of the bench is real time
	}
	for time.Now().Before(end) {
		runtime.Gosched()
	}
}

func middle(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
