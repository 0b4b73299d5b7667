package station

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // portraits as delivered
	_ "image/png"  // signature images as delivered
	"text/tabwriter"
	"time"

	"blanko/applet"
	"blanko/applet/inspect"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/osia"
)

// CardWriteCommand is blanko card write.
type CardWriteCommand struct {
	OptionalConfig
	CardReader
	Record  string `arg:"" optional:"" help:"Record as the data center delivers it, without its signatures; a signed one becomes a card through the ledger alone." placeholder:"FILE"`
	Reason  string `required:"" help:"Why a blank of the test stock is used, such as \"new encoder\"." placeholder:"TEXT"`
	Profile string `help:"Card profile; without it that of the configuration." placeholder:"NAME"`
	JSON    bool   `name:"json" help:"Print the report as JSON."`
}

// Written is the report of one specimen.
type Written struct {
	Reader  string          `json:"reader"`
	Reason  string          `json:"reason"`
	Chip    ktp.ChipUID     `json:"chip"`
	Attempt ktp.AttemptID   `json:"attempt"`
	Profile string          `json:"profile"`
	Lengths applet.Lengths  `json:"lengths"`
	Files   int             `json:"files"`
	Bytes   int             `json:"bytes"`
	Phases  []Phase         `json:"phases"`
	Failed  []inspect.Check `json:"failed"` // of the stranger's check
	State   applet.State    `json:"state"`
}

// Phase is one step of the writing.
type Phase struct {
	Name     string        `json:"name"`
	Commands int           `json:"commands"`
	Took     time.Duration `json:"nanoseconds"`
}

// phaseWords are the names of the phases.
var phaseWords = map[string]words{
	"probe": {"mengenali", "probe"}, "claim": {"klaim", "claim"}, "write": {"mengisi", "write"}, "read back": {"membaca ulang", "read back"},
	"finish": {"menutup", "finish"}, "activate": {"mengaktifkan", "activate"}, "recheck": {"periksa sebagai orang luar", "stranger's check"},
}

// Run writes the specimen. The card of a person is made by a line, through the ledger: a record that
// the center signed is refused here, and what is written carries no signature of the center, so that no
// reader calls it genuine. A blank that fails before its activation is terminated.
func (c CardWriteCommand) Run(ctx context.Context, t Terminal, keys CardKeys) error {
	cfg, err := c.read()
	if err != nil {
		return err
	}
	name := c.Profile
	if name == "" {
		name = cfg.Profile
	}
	profile, err := chipdata.LoadProfile(name)
	if err != nil {
		return err
	}
	record, err := c.record(cfg, keys)
	if err != nil {
		return err
	}
	issuer, err := keys.Writing(cfg, profile)
	if err != nil {
		return err
	}
	now := time.Now()
	plan, err := planSpecimen(cfg, profile, record, issuer.Signer, now)
	if err != nil {
		return err
	}
	r, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // the card is done with
	w := writer{ctx: ctx, out: Written{Reader: r.Reader().Name, Reason: c.Reason, Profile: profile.Name}}
	if _, err := rand.Read(w.out.Attempt[:]); err != nil {
		return err
	}
	w.encoder = &applet.Encoder{Transport: r, Keys: issuer.Keys, Profile: profile, Trace: func(applet.Exchange) { w.commands++ }}
	defer w.encoder.Close()
	if err := w.personalize(plan, issuer.Signer, now); err != nil {
		return err
	}
	if err := w.recheck(r, issuer, profile, plan); err != nil {
		return SpecimenFailed.At("station.CardWriteCommand", err).With("recheck", "%s; the card is written and active, but was not checked", why(err))
	}
	if c.JSON {
		err = printJSON(t.Out, w.out)
	} else {
		err = w.out.print(t)
	}
	if err == nil && len(w.out.Failed) > 0 {
		return ErrShown
	}
	return err
}

// record is what the specimen is made of.
func (c CardWriteCommand) record(cfg Config, keys CardKeys) (ktp.Record, error) {
	const op = "station.CardWriteCommand"
	if c.Record == "" {
		if s, ok := keys.(interface {
			Specimen(Config) (ktp.Record, error)
		}); ok {
			return s.Specimen(cfg)
		}
		return ktp.Record{}, SpecimenWanted.At(op, nil).With("record", "no file is named")
	}
	text, err := readSmall(c.Record, osia.MaxRecord)
	if err != nil {
		return ktp.Record{}, ImportUnreadable.At(op, err).With("record", "%s", c.Record)
	}
	checked, err := osia.Checker{Office: cfg.Office, Unsigned: true}.Check(text, "", time.Now())
	if err != nil {
		return ktp.Record{}, SpecimenWanted.At(op, err).With("record", "%v", err)
	}
	if !checked.Record.Specimen() {
		return ktp.Record{}, SpecimenWanted.At(op, nil).With("record", "the data center signed it")
	}
	return checked.Record, nil
}

// planSpecimen makes the chip content.
func planSpecimen(cfg Config, p *chipdata.Profile, r ktp.Record, signer chipdata.Signer, now time.Time) (*chipdata.Plan, error) {
	const op = "station.planSpecimen"
	codec, err := openjpeg.New()
	if err != nil {
		return nil, err
	}
	r.Identity = ktp.IdentitySignature{}
	var pictures [2]image.Image
	for i, of := range []struct {
		name string
		ktp.Image
	}{{"portrait", r.Portrait}, {"signature", r.Signature}} {
		if of.MIME == codec.MIME() {
			pictures[i], err = codec.Decode(of.Data)
		} else {
			pictures[i], _, err = image.Decode(bytes.NewReader(of.Data))
		}
		if err != nil {
			return nil, SpecimenWanted.At(op, err).With(of.name, "not a picture this station reads")
		}
	}
	is := chipdata.Issuance{Authority: cfg.Authority, IssuePlace: cfg.IssuePlace, IssueDate: now, PersonalizedAt: now, Station: cfg.Station}
	plan, err := chipdata.Prepare(p, r, is, pictures[0], pictures[1], codec, signer)
	if err != nil || plan.NeedsChipKeys() {
		return plan, err
	}
	return plan, plan.Seal(chipdata.ChipKeys{}, signer, now)
}

// writer takes one blank through the sequence.
type writer struct {
	ctx      context.Context
	encoder  *applet.Encoder
	commands int
	out      Written
}

// phase runs one step and notes what it took.
func (w *writer) phase(name string, do func() error) error {
	before, began := w.commands, time.Now()
	err := do()
	w.out.Phases = append(w.out.Phases, Phase{name, w.commands - before, time.Since(began)})
	return err
}

// personalize takes the card from blank to active.
func (w *writer) personalize(plan *chipdata.Plan, signer chipdata.Signer, now time.Time) error {
	ctx, id := w.ctx, w.out.Attempt
	if err := w.phase("probe", func() error {
		p, err := w.encoder.Probe(ctx)
		w.out.Chip = p.UID
		if err == nil && p.State != applet.Blank {
			err = NotBlank.At("station.writer", nil).With("card", "its state is %s", p.State)
		}
		return err
	}); err != nil {
		return err // the card was not touched
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"claim", func() error { return w.encoder.Claim(ctx, id) }},
		{"write", func() error {
			hashes, err := w.encoder.Write(ctx, id, plan, signer, now)
			w.out.Files = len(hashes)
			return err
		}},
		{"read back", func() error {
			files, err := w.encoder.ReadBack(ctx, plan)
			for _, f := range files {
				w.out.Bytes += len(f)
			}
			return err
		}},
		{"finish", func() error { return w.encoder.Finish(ctx) }},
		{"activate", func() error { return w.encoder.Activate(ctx, id) }},
	} {
		if err := w.phase(step.name, step.do); err != nil {
			return w.spoil(step.name, err)
		}
	}
	w.out.Lengths = w.encoder.Lengths()
	return nil
}

// spoil terminates a blank that failed, where it still answers, and says so beside what failed. A card
// that was laid down in its place is left as it is.
func (w *writer) spoil(step string, cause error) error {
	const patience = 10 * time.Second
	ctx, stop := context.WithTimeout(context.WithoutCancel(w.ctx), patience)
	defer stop()
	after := "terminated"
	p, err := w.encoder.Probe(ctx)
	switch {
	case err != nil:
		after = "not terminated: it does not answer"
	case p.UID != w.out.Chip || p.State != applet.Blank && p.Attempt != w.out.Attempt:
		after = "not terminated: another card lies in the reader"
	default:
		if err := w.encoder.Terminate(ctx); err != nil {
			after = "not terminated: it refuses"
		}
	}
	return SpecimenFailed.At("station.writer", cause).With(step, "%s; the blank is %s", why(cause), after)
}

// why is a cause for the entry in the test stock.
func why(cause error) string {
	e, ok := errors.AsType[*fault.Error](cause)
	switch {
	case !ok && errors.Is(cause, context.Canceled):
		return "interrupted"
	case !ok:
		return "failed"
	case e.Detail != "":
		return string(e.Code) + ", " + e.Detail
	}
	return string(e.Code)
}

// recheck reads the card as a stranger with a SAM would, by the ICAO view too where the chip offers it.
func (w *writer) recheck(r applet.Transport, issuer CardIssuer, p *chipdata.Profile, plan *chipdata.Plan) error {
	return w.phase("recheck", func() error {
		card := &applet.Card{Transport: r, Profile: p, Trace: func(applet.Exchange) { w.commands++ }}
		if _, err := card.Reset(w.ctx); err != nil {
			return err
		}
		view, err := card.Plain(w.ctx, applet.SelectApplication(p.ICAOAID))
		if err != nil {
			return err
		}
		report, err := inspect.Recheck(w.ctx, traced{r, &w.commands}, issuer.Keys, p, inspect.Expect{
			Attempt: w.out.Attempt, Plan: plan, Anchors: issuer.Anchors, ICAOView: view.SW == applet.SWOK, Chunk: w.out.Lengths.Chunk,
		})
		w.out.Failed, w.out.State = report.Failed(), report.State
		return err
	})
}

// traced counts the commands of a card.
type traced struct {
	applet.Transport
	commands *int
}

// Transmit counts and sends.
func (t traced) Transmit(ctx context.Context, capdu []byte) ([]byte, error) {
	*t.commands++
	return t.Transport.Transmit(ctx, capdu)
}

// Limits are those of the reader.
func (t traced) Limits() applet.Limits {
	if l, ok := t.Transport.(applet.Limiter); ok {
		return l.Limits()
	}
	return applet.Limits{}
}

func (w Written) print(t Terminal) error {
	tw := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	row(tw, t.Language, words{"pembaca", "reader"}, w.Reader)
	row(tw, t.Language, words{"alasan", "reason"}, w.Reason)
	row(tw, t.Language, words{"chip", "chip"}, string(w.Chip))
	row(tw, t.Language, words{"pengerjaan", "attempt"}, w.Attempt.String())
	row(tw, t.Language, words{"profil", "profile"}, w.Profile)
	row(tw, t.Language, words{"isi", "content"}, t.Language.of(say("%d berkas, %d B", "%d files, %d B", w.Files, w.Bytes)))
	row(tw, t.Language, words{"disepakati", "agreed"}, w.Lengths.String())
	for _, p := range w.Phases {
		row(tw, t.Language, phaseWords[p.Name], t.Language.of(say("%d perintah, %v", "%d commands, %v", p.Commands, p.Took.Round(time.Millisecond))))
	}
	for _, c := range w.Failed {
		fmt.Fprintf(tw, "! %s\t%s\n", c.Name, t.Language.of(say("seharusnya %s, ternyata %s", "should be %s, is %s", c.Want, c.Got)))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	last := words{"Kartu contoh selesai: aktif, tetapi tidak pernah dinyatakan asli. Catat pada stok uji.", "The specimen is done: active, but never called genuine. Enter it in the test stock."}
	if len(w.Failed) > 0 {
		last = words{"Kartu contoh menyimpang; lihat tanda seru. Pisahkan kartu ini.", "The specimen deviates; see the exclamation marks. Set this card aside."}
	}
	_, err := fmt.Fprintf(t.Out, "\n%s\n", t.Language.of(last))
	return err
}
