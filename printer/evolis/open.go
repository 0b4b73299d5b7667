package evolis

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"blanko/fault"
	"blanko/printer"
)

// Config of one printer. The zero value is a YMCKO ribbon at 128 levels that ejects after
// printing.
type Config struct {
	Model  *Model  // instead of the data file that the answer to Rtp selects
	Fitted *Fitted // options of this unit, which it cannot tell; nil: those of the model's data file
	Ribbon string  // code of the Pr command, "ymcko" when empty
	Levels int     // of Y, M and C: 32, 64 or 128; 128 when 0
	// HoldAfterPrint keeps the card inside after Print, where the model can.
	HoldAfterPrint bool
	// OnlyInside: Print is for the card inside and never feeds one. For a line that has written the
	// chip of that card: a blank in its place would get the face and no chip.
	OnlyInside bool
	Timeouts   Timeouts
	// Sleep waits between two looks at a moving card; nil: real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Printer is an opened Evolis. It is a printer.Printer and a printer.Path; one caller at a
// time. It does not own the link: who opened it closes it, and opens the printer anew after
// an error of class comm that a further Status does not get over.
type Printer struct {
	wire  wire
	model *Model
	cfg   Config
	caps  printer.Capabilities
	zone  string // ribbon zone of the printer, "" when not told

	ribbon      string // as the printer tells it after the setup: what was set, not what is inside
	front, back string // panels of the ribbon on each side

	refused map[string]bool // mnemonics that this unit does not understand
	tellsEM bool            // the error mode read at setup was ours: a restart shows by its loss

	stuck obstacle // told by a command, stays until Clear
	unset bool     // the setup is not complete
}

// obstacle is a fault that the printer told, with its words.
type obstacle struct {
	class printer.Class
	raw   string
}

var (
	_ printer.Printer = (*Printer)(nil)
	_ printer.Path    = (*Printer)(nil)
)

// Open greets the printer behind the link, finds its model, tries what the model's data file
// leaves open and sets it up. A printer that stands with a fault (an open cover, say) is
// opened all the same: Status tells the fault, and Clear completes the setup. No card moves.
//
// Errors: evolis.settings_wrong, evolis.model_data_wrong (nothing was sent); printer.comm when
// nobody of this family answers; printer.unsupported when a command of the model's setup is
// refused.
func Open(ctx context.Context, link printer.Link, cfg Config) (*Printer, error) {
	const op = "evolis.Open"
	p := &Printer{cfg: cfg, refused: map[string]bool{}}
	if p.cfg.Ribbon == "" {
		p.cfg.Ribbon = "ymcko"
	}
	if p.cfg.Levels == 0 {
		p.cfg.Levels = maxLevels
	}
	if p.cfg.Sleep == nil {
		p.cfg.Sleep = printer.Sleep
	}
	var ok bool
	if p.front, p.back, ok = panelsOf(p.cfg.Ribbon); !ok {
		return nil, settingsWrong.At(op, nil).With("ribbon", "no format for %q", p.cfg.Ribbon)
	}
	if bitsOf[p.cfg.Levels] < 2 {
		return nil, settingsWrong.At(op, nil).With("levels", "no format for %d", p.cfg.Levels)
	}
	models, err := known()
	if err != nil {
		return nil, err
	}

	p.wire = wire{link: link, times: cfg.Timeouts.withDefaults(), lost: true}
	told, err := p.text(ctx, op, readModel)
	if err != nil {
		return nil, err
	}
	firmware, err := p.text(ctx, op, readFirmware)
	if err != nil {
		return nil, err
	}
	if p.model = cfg.Model; p.model == nil {
		p.model = choose(models, told)
	}
	if p.model == nil {
		return nil, modelDataWrong.At(op, nil).With("match", "no file for the model %q", told)
	}
	if !slices.Contains(p.model.Levels, p.cfg.Levels) {
		return nil, settingsWrong.At(op, nil).With("levels", "model %s does not print %d", p.model.ID, p.cfg.Levels)
	}
	if told == "" {
		told = p.model.Name
	}
	p.caps.Model, p.caps.Serial, p.caps.Firmware = told, string(p.wire.serial), firmware

	if err := p.probe(ctx); err != nil {
		return nil, err
	}
	err = p.setUp(ctx)
	if printer.ClassOf(err) == printer.ClassUnsupported {
		// A job that another host left open refuses parts of the setup.
		err = p.Clear(ctx)
	}
	if class := printer.ClassOf(err); class == printer.ClassComm || class == printer.ClassUnsupported {
		return nil, err
	}
	p.describe()
	return p, nil
}

// probed are the reads that not every unit understands.
var probed = []command{readRibbonTotal, readCover, readFeeder, readNearEmpty, readOutput, readPrinterZone, readCards, readPanels}

// probe asks once what a unit can tell; it is not asked again for what it refused.
func (p *Printer) probe(ctx context.Context) error {
	for _, c := range probed {
		r, err := p.wire.ask(ctx, c)
		switch {
		case errors.Is(err, errUnfit):
		case err != nil:
			return commFault("evolis.Open", err)
		case r.trouble() == printer.ClassUnsupported:
			p.refused[c.text] = true
		case r.trouble() == printer.ClassNone && c == readPrinterZone:
			p.zone = string(r)
		}
	}
	return nil
}

// setUp sends the model's setup, every command answered before the next. A restart of the
// printer loses it.
func (p *Printer) setUp(ctx context.Context) error {
	const op = "evolis.setUp"
	p.unset = true
	for _, s := range p.model.Setup {
		if s.When == Hold && !p.cfg.HoldAfterPrint || s.When == Release && p.cfg.HoldAfterPrint {
			continue
		}
		c := command{strings.ReplaceAll(s.Send, "{ribbon}", strings.ToLower(p.cfg.Ribbon)), done, quick}
		if p.refused[c.mnemonic()] {
			continue
		}
		err := p.do(ctx, op, c)
		switch {
		case err == nil:
		case s.Probe && printer.ClassOf(err) == printer.ClassUnsupported:
			p.refused[c.mnemonic()] = true
		default:
			if class := printer.ClassOf(err); class != printer.ClassComm && keeps(class) {
				p.stuck = obstacle{class, c.text + " refused"}
			}
			return err
		}
	}
	mode, err := p.errorMode(ctx)
	if err != nil {
		return err
	}
	p.tellsEM = mode == hostManages
	ribbon, err := p.text(ctx, op, readRibbon)
	if err != nil {
		return err
	}
	p.ribbon = strings.ToLower(ribbon)
	p.unset, p.wire.broken = false, false
	return nil
}

// hostManages is the value of Pem with which the host decides on errors.
const hostManages = "2"

// errorMode is the current error mode, the first of the two values that Rem tells; "" when
// the unit does not tell.
func (p *Printer) errorMode(ctx context.Context) (string, error) {
	told, err := p.text(ctx, "evolis.errorMode", readErrorMode)
	if err != nil {
		return "", err
	}
	if i := strings.IndexFunc(told, func(c rune) bool { return c < '0' || c > '9' }); i >= 0 {
		told = told[:i]
	}
	return told, nil
}

// knows tells whether the unit took the command at setup, or was never offered it.
func (p *Printer) knows(mnemonic string) bool {
	return !p.refused[mnemonic] && slices.ContainsFunc(p.model.Setup, func(s Setup) bool {
		return command{text: s.Send}.mnemonic() == mnemonic
	})
}

// holds tells whether the card stays inside after printing.
func (p *Printer) holds() bool {
	return p.cfg.HoldAfterPrint && p.knows(holdAfterPrint.mnemonic())
}

func (p *Printer) describe() {
	fitted := p.model.Fitted
	if p.cfg.Fitted != nil {
		fitted = *p.cfg.Fitted
	}
	p.caps.Technology = p.model.Technology
	p.caps.Geometry = printer.Geometry{Columns: Columns, Rows: Rows, DPI: DPI, Levels: p.cfg.Levels}
	p.caps.Panels = p.front
	p.caps.TwoSided = fitted.TwoSided
	p.caps.FlipCommand = false // only inside a job
	p.caps.Contactless = fitted.Contactless
	p.caps.HoldAfterPrint = p.holds()
	p.caps.ReturnAfterPrint = p.holds() && p.model.ReturnAfterPrint
	p.caps.RejectTray = fitted.RejectTray
	p.caps.Hopper = fitted.Hopper
	p.caps.FeedCounter = !p.refused[readCards.text]
	p.caps.PrintCounter = !p.refused[readPanels.text]
	p.caps.RibbonCounter = !p.refused[readRibbonTotal.text]
}

// Capabilities are as told and configured when the printer was opened.
func (p *Printer) Capabilities() printer.Capabilities { return p.caps }

// contact tells whether the card can go to the contact station.
func (p *Printer) contact() bool {
	if p.cfg.Fitted != nil {
		return p.cfg.Fitted.Contact
	}
	return p.model.Fitted.Contact
}

// do sends a command that is answered by OK. A fault that the printer keeps until it is
// cleared is remembered.
func (p *Printer) do(ctx context.Context, op string, c command) error {
	frame := c.frame()
	if c == sequenceEnd {
		frame = c.lastFrame()
	}
	return p.send(ctx, op, c, frame)
}

func (p *Printer) send(ctx context.Context, op string, c command, frame []byte) error {
	r, err := p.wire.tell(ctx, c, frame)
	if err != nil {
		return commFault(op, err)
	}
	class := r.trouble()
	if class == printer.ClassNone {
		return nil
	}
	if c.pace != quick && keeps(class) {
		p.stuck = obstacle{class, string(r)}
	}
	return printer.Fault(class).At(op, &badAnswer{c.text, r})
}

// keeps tells a fault that no later read shows and that stays until Clear. The others are
// conditions of the world: sensors tell when they are over.
func keeps(c printer.Class) bool {
	switch c {
	case printer.ClassNoCards, printer.ClassCoverOpen, printer.ClassRibbonGone, printer.ClassCleaningDue, printer.ClassUnsupported:
		return false
	}
	return true
}

// text is a read of words; "" when the unit does not tell.
func (p *Printer) text(ctx context.Context, op string, c command) (string, error) {
	r, err := p.wire.ask(ctx, c)
	switch {
	case errors.Is(err, errUnfit):
		return "", nil
	case err != nil:
		return "", commFault(op, err)
	case r.trouble() != printer.ClassNone:
		return "", nil
	}
	return string(r), nil
}

// usable makes sure that the setup stands before a card is touched. After a broken link it is
// sent again: a unit that was off line has lost it.
func (p *Printer) usable(ctx context.Context, op string) error {
	if p.unset || p.wire.broken {
		if err := p.setUp(ctx); err != nil {
			return err
		}
		p.describe()
	}
	if p.stuck.class != printer.ClassNone {
		return printer.Fault(p.stuck.class).At(op, errors.New("not cleared since: "+p.stuck.raw))
	}
	if restarted, err := p.restarted(ctx); err != nil {
		return err
	} else if restarted {
		return printer.Fault(printer.ClassRestarted).At(op, nil)
	}
	return nil
}

// restarted tells a printer that lost its setup: the error mode is no longer ours.
func (p *Printer) restarted(ctx context.Context) (bool, error) {
	if !p.tellsEM {
		return false, nil
	}
	mode, err := p.errorMode(ctx)
	return err == nil && mode != "" && mode != hostManages, err
}

// device makes an error before the first byte of a panel one of kind Device, whatever the
// class usually is.
func device(err error) error {
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind != fault.Invalid {
		c := *e
		c.Kind = fault.Device
		return &c
	}
	return err
}
