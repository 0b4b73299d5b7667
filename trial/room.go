package trial

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"blanko/emulator"
	"blanko/emulator/center"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/applet"
	"blanko/artwork"
	"blanko/chipdata"
	"blanko/chipdata/openjpeg"
	"blanko/jobs"
	"blanko/keys"
	"blanko/keys/software"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/evolis"
	"blanko/printer/magicard"
	"blanko/printer/matica"
	"blanko/registry"
)

var (
	_ applet.KeySource = (*software.Source)(nil)
	_ personalize.Book = (*registry.Registry)(nil)
)

// batchStart is what the world's clocks show at the beginning: a fixed day, so that the same
// seed makes the same faces and files on any day.
var batchStart = time.Date(2026, time.November, 23, 1, 0, 0, 0, time.UTC) // 08:00 in Sintang

// What the trial's office is called.
const (
	office     = "61.05"
	authority  = "DUKCAPIL KAB. SINTANG"
	issuePlace = "SINTANG"
	stationID  = "BLANKO-LAB-01"
	lot        = "LAB-0001"
	lotForeign = "LAB-0002"
)

// chips are the chip variants of the trial.
var chips = map[string]struct {
	profile string
	size    int
}{
	"8k":  {"ktpel-op-1-8k", chip.Size8K},
	"32k": {"ktpel-op-1-32k", chip.Size32K},
}

// outfit is the keys, profile and templates that a station needs for a print room.
type outfit struct {
	keys      *software.Source
	vault     *vault // nil: the station uses keys
	profile   *chipdata.Profile
	templates map[string]*artwork.Template
	codec     chipdata.Codec
	signing   personalize.Signing
}

// room is a print room of the virtual world with the outfit for it.
type room struct {
	*outfit
	world  *emulator.World
	blanks []*machine.Plastic
	icao   bool
	eyes   map[jobs.LineID]eye               // lines without a camera
	hands  map[jobs.LineID]personalize.Hands // desktop lines
}

// eye looks at a printed face: a camera, or a person.
type eye = func(context.Context, personalize.Face) (personalize.Verdict, error)

// roomConfig is what differs between trials.
type roomConfig struct {
	seed     int64
	lines    []jobs.LineID
	speed    float64
	virtual  bool
	chip     string
	icao     bool   // chips open the ICAO view, and the recheck reads it
	model    string // of the printers; empty: printerModel
	ribbon   machine.Ribbon
	timing   chip.Timing
	keep     int // printed sides that keep their dots
	operator func(jobs.LineID) emulator.OperatorConfig
	desks    []string // beside the first
}

const (
	deskName     = "desk"
	printerModel = "Primacy 2"
)

// deskOf is the reader of a desktop line: desk-1 of line-1.
func deskOf(id jobs.LineID) string { return strings.Replace(string(id), "line", deskName, 1) }

// DesktopPrinter is the model of desktop lines: it lays every card that it has printed into its tray.
const DesktopPrinter = "Enduro"

// InlinePrinters are the models with which a demo makes its cards: they keep a printed card inside
// and bring it back to the encoder.
var InlinePrinters = []string{printerModel, "XID8600", "XID580i"}

func newOutfit(seed int64, variant string, trusted []center.Key) (*outfit, error) {
	kind, ok := chips[variant]
	if !ok {
		return nil, fmt.Errorf("chip %q: 8k or 32k", variant)
	}
	text := seedText(seed)
	o := &outfit{keys: software.New(text), templates: map[string]*artwork.Template{}}
	var err error
	if o.profile, err = chipdata.LoadProfile(kind.profile); err != nil {
		return nil, err
	}
	for _, name := range []string{"ktp-el-wni", "ktp-el-oa"} {
		if o.templates[name], err = artwork.LoadTemplate(name); err != nil {
			return nil, err
		}
	}
	if o.codec, err = openjpeg.New(); err != nil {
		return nil, err
	}
	pki, err := software.DevelopmentPKI(text, batchStart.AddDate(0, 0, -1))
	if err != nil {
		return nil, err
	}
	signer := pki.Full
	if variant == "8k" {
		signer = pki.Compact
	}
	o.signing = personalize.Signing{
		Signer:     chipdata.Signer{Certificate: signer.Certificate, Key: signer.Key},
		Anchors:    []*x509.Certificate{pki.CSCA},
		CenterKeys: map[[8]byte]*ecdsa.PublicKey{},
	}
	for _, k := range trusted {
		var id [8]byte
		if _, err := hex.Decode(id[:], []byte(k.ID)); err != nil {
			return nil, err
		}
		o.signing.CenterKeys[id] = k.Public
	}
	return o, nil
}

func newRoom(o *outfit, cfg roomConfig) (*room, error) {
	r := &room{outfit: o, icao: cfg.icao}
	transport := r.keys.Master(keys.Transport)
	world := emulator.Config{
		Seed: uint64(cfg.seed), Start: batchStart, Speed: cfg.speed, Virtual: cfg.virtual, Desks: append([]string{deskName}, cfg.desks...),
		TransportKey: func(kdd [10]byte) chip.Keys { return chip.Diversify(transport, kdd) },
		Chip:         emulator.ChipConfig{Size: chips[cfg.chip].size, Timing: cfg.timing, ICAOView: cfg.icao, BAC: cfg.icao},
	}
	if cfg.model == "" {
		cfg.model = printerModel
	}
	for _, id := range cfg.lines {
		lc := emulator.LineConfig{Name: string(id), Model: cfg.model, KeepPrints: cfg.keep, Ribbon: cfg.ribbon}
		if cfg.operator != nil {
			lc.Operator = cfg.operator(id)
		}
		world.Lines = append(world.Lines, lc)
	}
	var err error
	r.world, err = emulator.New(world)
	return r, err
}

// stock makes n new blanks.
func (r *room) stock(n int) []*machine.Plastic {
	fresh := r.world.Blanks(n)
	r.blanks = append(r.blanks, fresh...)
	return fresh
}

// holding is the card whose chip carries an attempt; nil: there is none.
func (r *room) holding(id ktp.AttemptID) *machine.Plastic {
	for _, p := range r.blanks {
		if p.Chip != nil && ktp.AttemptID(p.Chip.View().Attempt) == id {
			return p
		}
	}
	return nil
}

// line wires one line of the world to a book. Every line has its own ports; opening it sets the
// printer up.
func (r *room) line(ctx context.Context, id jobs.LineID, book personalize.Book, log *zap.Logger) (*personalize.Line, error) {
	l := r.world.Line(string(id))
	if hands, there := r.hands[id]; there {
		return r.desktop(ctx, id, hands, book, log)
	}
	p, err := openers[l.Machine.Model().Maker](ctx, newLink(l.Device), lineClock{l.Clock})
	if err != nil {
		return nil, err
	}
	bare := r.bare(id, book, log)
	bare.Printer, bare.Path, bare.Reader = p, p, &reader{l.Machine.Reader()}
	return &bare, nil
}

// desktop wires a desktop line: its reader and its printer stand apart.
func (r *room) desktop(ctx context.Context, id jobs.LineID, hands personalize.Hands, book personalize.Book, log *zap.Logger) (*personalize.Line, error) {
	l := r.world.Line(string(id))
	p, err := openByHand(ctx, newLink(l.Device), lineClock{l.Clock})
	if err != nil {
		return nil, err
	}
	bare := r.bare(id, book, log)
	bare.Kind, bare.Printer, bare.Hands, bare.Reader = jobs.Desktop, p, hands, &reader{r.world.Desk(deskOf(id)).Reader()}
	return &bare, nil
}

// bare is a line without its printer and its reader.
func (r *room) bare(id jobs.LineID, book personalize.Book, log *zap.Logger) personalize.Line {
	l := r.world.Line(string(id))
	setup := r.setup(id)
	setup.ICAOView = r.icao
	look := camera(l.Machine)
	if person, there := r.eyes[id]; there {
		setup.Kind, look = jobs.InlineEye, person
	}
	return personalize.Line{
		Setup: setup, Devices: personalize.Devices{Keys: r.source(), Look: look},
		Book: book, Clock: lineClock{l.Clock}, Log: log,
		CleanNow: func(context.Context) bool { return true }, // the operator has the cleaning card at hand
	}
}

// source is where the station's keys are.
func (o *outfit) source() applet.KeySource {
	if o.vault != nil {
		return o.vault.keys()
	}
	return o.keys
}

// inline is a printer whose host owns the card's way.
type inline interface {
	printer.Printer
	printer.Path
}

// openers open the printers of inline lines, by maker.
var openers = map[string]func(ctx context.Context, link printer.Link, clock lineClock) (inline, error){
	"Evolis": func(ctx context.Context, link printer.Link, clock lineClock) (inline, error) {
		return evolis.Open(ctx, link, evolis.Config{HoldAfterPrint: true, OnlyInside: true, Sleep: clock.Sleep})
	},
	"Matica": func(ctx context.Context, link printer.Link, clock lineClock) (inline, error) {
		return matica.Open(ctx, link, matica.Config{HoldAfterPrint: true, OnlyInside: true, Sleep: clock.Sleep})
	},
}

// openByHand opens the printer of a desktop line, which a person feeds.
func openByHand(ctx context.Context, link printer.Link, clock lineClock) (printer.Printer, error) {
	return magicard.Open(ctx, link, magicard.Config{Sleep: clock.Sleep, Now: clock.Now})
}

func (o *outfit) setup(id jobs.LineID) personalize.Setup {
	return personalize.Setup{
		ID: id, Kind: jobs.Inline, Profile: o.profile, Templates: o.templates, Codec: o.codec, Signing: o.signing, Issuance: issuance,
	}
}

// issuance is the same for the whole batch, so that a seed decides faces and files.
func issuance(ktp.Record, time.Time) chipdata.Issuance {
	return chipdata.Issuance{
		Authority: authority, IssuePlace: issuePlace, IssueDate: batchStart, PersonalizedAt: batchStart, Station: stationID,
	}
}
