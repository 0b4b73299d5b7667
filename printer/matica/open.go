package matica

import (
	"context"
	"fmt"
	"time"

	"blanko/printer"
)

// Config of one printer. The zero value ejects the card after printing.
type Config struct {
	Model  *Model  // instead of the data file that the inquiry selects
	Fitted *Fitted // options of this unit, which it cannot tell; nil: those of the model's data file
	// HoldAfterPrint keeps the card inside after Print.
	HoldAfterPrint bool
	// OnlyInside: Print is for the card inside and never feeds one. For a line that has written the
	// chip of that card: a blank in its place would get the face and no chip.
	OnlyInside bool
	// Settings of the printer, by name, that must stand before a card is fed or printed, such as
	// "transfer-temp": "0".
	Settings map[string]string
	// CleaningEvery is the number of cards between two cleanings; 0: that of the model's data file.
	CleaningEvery int
	Timeouts      Timeouts
	Patience      Patience
	// Sleep waits between two looks at a printer that is not ready; nil: real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Patience is how long the printer may say that it is busy, heating or cooling, by Config.Sleep.
// Zero values are the defaults; all are assumed.
type Patience struct {
	Busy    time.Duration // 2 min
	Heating time.Duration // 10 min
	Cooling time.Duration // 15 min
}

func (p Patience) of(c printer.Class) time.Duration {
	d, or := p.Busy, 2*time.Minute
	switch c {
	case printer.ClassHeating:
		d, or = p.Heating, 10*time.Minute
	case printer.ClassCooling:
		d, or = p.Cooling, 15*time.Minute
	}
	if d <= 0 {
		return or
	}
	return d
}

// Printer is an opened XID. It is a printer.Printer and a printer.Path; one caller at a time. It
// does not own the link: who opened it closes it.
type Printer struct {
	wire  wire
	cfg   Config
	model *Model
	table []setting
	caps  printer.Capabilities

	ink         ribbonOf // as last read
	front, back string   // panels of the ribbon on each side

	stuck   obstacle // told by the printer, stays until Clear
	supply  supply   // trouble with ribbon or film
	encoder encoder
	fresh   bool // nothing is printed on the frame of the film under the head
	feeds   proof
}

// obstacle is what the printer told.
type obstacle struct {
	class printer.Class
	code  Code
}

// encoder is what is known of the encoder and the card at its station.
type encoder struct {
	known   bool
	engaged bool
	resets  int // of the wire, when it became known
}

var (
	_ printer.Printer = (*Printer)(nil)
	_ printer.Path    = (*Printer)(nil)
)

// Open greets the printer behind the link and finds its model. The link must offer what a bulk-only
// device needs: ClearHalt(ctx, in bool) error and Reset(ctx) error. A printer that stands with a
// fault (an open door, say) is opened all the same: Status tells it. No card moves.
//
// Errors: matica.settings_wrong, matica.model_data_wrong (nothing was sent); printer.comm when
// nobody of this family answers; printer.unsupported for a model without a data file, or whose image
// is not what its data file says.
func Open(ctx context.Context, link printer.Link, cfg Config) (*Printer, error) {
	const op = "matica.Open"
	usb, ok := link.(port)
	if !ok {
		return nil, settingsWrong.At(op, nil).With("cable", "it cannot clear a halted endpoint")
	}
	if cfg.Sleep == nil {
		cfg.Sleep = printer.Sleep
	}
	if cfg.CleaningEvery < 0 || cfg.CleaningEvery > maxCleaning {
		return nil, settingsWrong.At(op, nil).With("cleaning", "%d cards", cfg.CleaningEvery)
	}
	table, err := parseSettings(settingsFile)
	if err != nil {
		return nil, err
	}
	if err := checkWanted(table, cfg.Settings); err != nil {
		return nil, err
	}
	models, err := known()
	if err != nil {
		return nil, err
	}
	p := &Printer{cfg: cfg, table: table, front: inks[0].front, back: inks[0].back, wire: wire{link: link, port: usb, times: cfg.Timeouts.withDefaults()}}
	if err := p.meet(ctx, models); err != nil {
		return nil, err
	}
	return p, nil
}

// meet reads who is there.
func (p *Printer) meet(ctx context.Context, models []*Model) error {
	const op = "matica.Open"
	if err := p.wire.drain(ctx); err != nil {
		return commFault(op, err)
	}
	// A printer that the host before left inside a panel answers only after a reset, which the second
	// try makes.
	b, err := p.read(ctx, op, readInquiry)
	if printer.ClassOf(err) == printer.ClassComm && ctx.Err() == nil {
		b, err = p.read(ctx, op, readInquiry)
	}
	if err != nil {
		return err
	}
	id, err := parseInquiry(b)
	if err != nil {
		return commFault(op, err)
	}
	if p.model = p.cfg.Model; p.model == nil {
		p.model = choose(models, id.model)
	}
	if p.model == nil {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("model", "no data file for %q", id.model)
	}
	// What the printer has to tell at its start is told now, and read away: nothing is stuck yet.
	if _, err := p.sense(ctx, op); err != nil {
		return err
	}
	p.stuck = obstacle{}
	if b, err = p.read(ctx, op, readParameters); err != nil {
		return err
	}
	g, err := parseParameters(b)
	if err != nil {
		return commFault(op, err)
	}
	if g != p.model.geometry() {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("model", "%s prints %d x %d dots at %d dpi, not %d x %d at %d",
			p.model.Name, p.model.Columns, p.model.Rows, p.model.DPI, g.Columns, g.Rows, g.DPI)
	}
	if _, err := p.readInk(ctx, op); err != nil {
		return err
	}
	p.describe(id)
	return nil
}

func (p *Printer) describe(id identity) {
	fitted := p.fitted()
	assumed := p.model.Total == TotalFed
	p.feeds = proof{assumed: assumed, trusted: assumed}
	p.caps = printer.Capabilities{
		Model: id.model, Serial: id.serial, Firmware: id.firmware, Technology: "retransfer",
		Geometry: p.model.geometry(), Panels: p.front, TwoSided: fitted.TwoSided, FlipCommand: fitted.TwoSided,
		Contactless: fitted.Contactless, HoldAfterPrint: p.cfg.HoldAfterPrint,
		ReturnAfterPrint: p.cfg.HoldAfterPrint && p.model.ReturnAfterPrint,
		RejectTray:       true, Hopper: fitted.Hopper,
		PrintCounter: false, RibbonCounter: false,
	}
}

func (p *Printer) fitted() Fitted {
	if p.cfg.Fitted != nil {
		return *p.cfg.Fitted
	}
	return p.model.Fitted
}

// Capabilities are as told and configured when the printer was opened. FeedCounter ends when the
// counter is seen not to follow a feed.
func (p *Printer) Capabilities() printer.Capabilities {
	c := p.caps
	c.FeedCounter = p.feeds.trusted
	return c
}

// sense is one look at what the printer has to tell: test unit ready, request sense. What stays
// until Clear is remembered.
func (p *Printer) sense(ctx context.Context, op string) (Code, error) {
	for {
		if _, _, _, err := p.wire.run(ctx, testUnitReady); err != nil {
			return 0, commFault(op, err)
		}
		c, err := p.senseOnly(ctx, op)
		if err != nil {
			return 0, err
		}
		own := c == codeReset && p.wire.ours
		p.wire.ours = false
		if own {
			continue
		}
		p.note(c)
		return c, nil
	}
}

func (p *Printer) senseOnly(ctx context.Context, op string) (Code, error) {
	b, good, _, err := p.wire.run(ctx, requestSense)
	if err == nil && !good {
		err = errShort
	}
	if err != nil {
		return 0, commFault(op, err)
	}
	c, err := parseSense(b)
	if err != nil {
		return 0, commFault(op, err)
	}
	return c, nil
}

// note remembers what a code tells for later.
func (p *Printer) note(c Code) {
	class := c.Class()
	if keeps(class) && p.stuck.class == printer.ClassNone {
		p.stuck = obstacle{class, c}
	}
	if c == codeReset || c == codeInitializing {
		p.encoder.known = false
	}
	p.supply.look(c)
}

// purpose is what the printer must be ready for.
type purpose int

const (
	forMove  purpose = iota
	forFeed          // cards in the hopper are needed
	forPrint         // ribbon and film are needed
)

// look is the pause between two looks at a printer that is not ready (XID server).
const look = 100 * time.Millisecond

// settled waits until the printer is ready: every command comes after it. A class that ends by itself
// is waited for, with a limit.
func (p *Printer) settled(ctx context.Context, op string, want purpose) error {
	waited := time.Duration(0)
	for {
		c, err := p.sense(ctx, op)
		if err != nil {
			return err
		}
		class := c.Class()
		switch {
		case c == 0:
			return nil
		case c == codeNoCards && want != forFeed:
			return nil
		case supplies(class) && want != forPrint:
			return nil
		case !waits(class) || waited >= p.cfg.Patience.of(class):
			return printer.Fault(class).At(op, &told{code: c})
		}
		if err := p.cfg.Sleep(ctx, look); err != nil {
			return commFault(op, err)
		}
		waited += look
	}
}

// do makes a command when the printer is ready for it.
func (p *Printer) do(ctx context.Context, op string, c command, want purpose) error {
	_, err := p.make(ctx, op, c, want)
	return err
}

// make is do; began tells that bytes of a panel may have reached the printer.
func (p *Printer) make(ctx context.Context, op string, c command, want purpose) (began bool, err error) {
	if err := p.settled(ctx, op, want); err != nil {
		return false, err
	}
	_, good, began, err := p.wire.run(ctx, c)
	if err != nil {
		return began, commFault(op, err)
	}
	if good {
		return began, nil
	}
	return began, p.refused(ctx, op, c)
}

// refused asks why a command failed.
func (p *Printer) refused(ctx context.Context, op string, c command) error {
	code, err := p.senseOnly(ctx, op)
	if err != nil {
		return err
	}
	p.wire.ours = false
	p.note(code)
	class := code.Class()
	if code == 0 {
		class = printer.ClassUnknown
	}
	if supplies(class) {
		p.supply.fails(class, code, p.ink.lot)
	}
	return printer.Fault(class).At(op, &told{c.name, code})
}

// read makes a read. One that the printer refuses now is an error of the class that it tells.
func (p *Printer) read(ctx context.Context, op string, c command) ([]byte, error) {
	for tries := 0; ; tries++ {
		b, good, _, err := p.wire.run(ctx, c)
		if err != nil {
			return nil, commFault(op, err)
		}
		if good && len(b) == c.in {
			return b, nil
		}
		if good {
			return nil, commFault(op, errShort)
		}
		code, err := p.senseOnly(ctx, op)
		if err != nil {
			return nil, err
		}
		own := code == codeReset && p.wire.ours
		p.wire.ours = false
		if own && tries == 0 {
			continue
		}
		p.note(code)
		class := code.Class()
		if code == 0 {
			class = printer.ClassUnknown
		}
		return nil, printer.Fault(class).At(op, &told{c.name, code})
	}
}

// readInk reads the ribbon page.
func (p *Printer) readInk(ctx context.Context, op string) (ribbonOf, error) {
	b, err := p.read(ctx, op, readRibbon)
	if err != nil {
		return ribbonOf{}, err
	}
	r, err := parseRibbon(b)
	if err != nil {
		return ribbonOf{}, commFault(op, err)
	}
	p.supply.lot(r.lot)
	p.ink = r
	if ink, ok := inks[r.ink]; ok {
		p.front, p.back = ink.front, ink.back
	}
	return r, nil
}

// usable makes sure that nothing stands in the way of a movement that only a person, or Clear, takes
// away.
func (p *Printer) usable(ctx context.Context, op string) error {
	if _, err := p.sense(ctx, op); err != nil {
		return err
	}
	if p.stuck.class != printer.ClassNone {
		return printer.Fault(p.stuck.class).At(op, fmt.Errorf("not cleared yet: %w", &told{code: p.stuck.code}))
	}
	return nil
}
