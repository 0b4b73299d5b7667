package magicard

import (
	"context"
	"strings"
	"time"

	"blanko/printer"
)

// Config of one printer. The zero value is a YMCKO ribbon on the model that the printer tells.
type Config struct {
	Model  *Model // instead of the data file that the printer's name selects
	Ribbon string // panels of the film: YMCKO (when empty), YMCKOK, KO or K
	// Film is the name that the printer tells of the right film; empty: names are not compared. No
	// public source lists them.
	Film string
	// TwoSided says what a KEE printer does not tell; the others tell it.
	TwoSided bool
	Timeouts Timeouts
	// Sleep waits between two looks at a printer that works; nil: real time.
	Sleep func(ctx context.Context, d time.Duration) error
	// Now is the time that a job carries; nil: real time.
	Now func() time.Time
}

// Printer is an opened Magicard. It is a printer.Printer and no printer.Path; one caller at a time.
// It does not own the link: who opened it closes it, and opens the printer anew after an error of
// class comm that a further Status does not get over.
type Printer struct {
	wire  wire
	model *Model
	cfg   Config
	caps  printer.Capabilities

	front, back string          // panels of the ribbon on each side
	refused     map[string]bool // keys that this unit does not answer

	job    obstacle // what the last job ended with; stays until Clear, since the printer may still hold it
	unsure bool     // a card may be inside since a job did not end well
	sent   *reading // before a job that is whole in the printer and of which the host saw no end
	clears int      // calls of Clear while the printer shows one error
}

// obstacle is a fault with the words of the printer.
type obstacle struct {
	class printer.Class
	raw   string
}

var _ printer.Printer = (*Printer)(nil)

// Open greets the printer behind the link and finds its model. A printer that stands with a fault is
// opened all the same: Status tells the fault. No card moves and no setting changes.
//
// Errors: magicard.settings_wrong, magicard.model_data_wrong (nothing was sent); printer.comm when
// nobody of this family answers; printer.unsupported for a print head or a unit that this package
// cannot work with.
func Open(ctx context.Context, link printer.Link, cfg Config) (*Printer, error) {
	const op = "magicard.Open"
	if cfg.Ribbon == "" {
		cfg.Ribbon = "YMCKO"
	}
	if cfg.Sleep == nil {
		cfg.Sleep = printer.Sleep
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	p := &Printer{cfg: cfg, refused: map[string]bool{}, wire: wire{link: link, times: cfg.Timeouts.withDefaults(), lost: true}}
	var ok bool
	if p.front, p.back, ok = panelsOf(cfg.Ribbon); !ok {
		return nil, settingsWrong.At(op, nil).With("ribbon", "no format for %q", cfg.Ribbon)
	}
	models, err := known()
	if err != nil {
		return nil, err
	}
	id, err := link.DeviceID(ctx)
	if err != nil {
		return nil, commFault(op, err)
	}
	name := nameOf(id)
	first, second := p.greetKGE2, p.greetKEE
	if m := choose(models, KEE, name); cfg.Model == nil && m.Match[0] != "" || cfg.Model != nil && cfg.Model.Format == KEE {
		first, second = second, first // a KEE printer never answers the request of the others
	}
	err = first(ctx, models, name)
	if silent(err) && cfg.Model == nil {
		err = second(ctx, models, name)
	}
	if silent(err) {
		// Perhaps the host before died inside a plane.
		if err = p.wire.fill(ctx); err == nil {
			if err = first(ctx, models, name); silent(err) && cfg.Model == nil {
				err = second(ctx, models, name)
			}
		}
	}
	if err != nil {
		if printer.ClassOf(err) == printer.ClassNone {
			err = commFault(op, err)
		}
		return nil, err
	}
	return p, nil
}

// nameOf is the model in an IEEE 1284 device id ("...;MDL:Tango 2e;..."), or the text itself where
// it is none.
func nameOf(id string) string {
	for field := range strings.SplitSeq(id, ";") {
		key, value, ok := strings.Cut(field, ":")
		if key = strings.ToUpper(strings.TrimSpace(key)); ok && (key == "MDL" || key == "MODEL") {
			return strings.TrimSpace(value)
		}
	}
	return id
}

// use takes the model of a format, by its name.
func (p *Printer) use(models []*Model, f Format, told string) error {
	if p.model = p.cfg.Model; p.model == nil {
		p.model = choose(models, f, told)
	}
	if p.model.Format != f {
		return settingsWrong.At("magicard.Open", nil).With("model", "%s is no %s printer", p.model.ID, f)
	}
	p.caps.Model = told
	if told == "" {
		p.caps.Model = p.model.Name
	}
	return nil
}

func (p *Printer) greetKGE2(ctx context.Context, models []*Model, _ string) error {
	const op = "magicard.Open"
	s, err := p.status(ctx)
	if err != nil {
		return err
	}
	if err := p.use(models, KGE2, s.text(fieldName)); err != nil {
		return err
	}
	if head := s.number(fieldHead).Value; head != headKGE2 {
		return printer.Fault(printer.ClassUnsupported).At(op, nil).With("head", "head type %d: only planes of KGE2 are known", head)
	}
	p.caps.Serial, p.caps.Firmware = s.text(fieldSerial), version(s.text(fieldFirmware))
	p.describe(s.number(fieldBits).Value&bitDuplex != 0)
	return nil
}

func (p *Printer) greetKEE(ctx context.Context, models []*Model, name string) error {
	serial, err := p.value(ctx, keySerial)
	if err != nil {
		return err
	}
	if err := p.use(models, KEE, name); err != nil {
		return err
	}
	p.caps.Serial = serial
	for _, key := range []string{keyFirmware, keyCards, keyRibbon, keyPosition, keySince, keyLimit, keyPrompt} {
		switch v, err := p.value(ctx, key); {
		case silent(err):
			p.refused[key] = true
		case err != nil:
			return err
		case key == keyFirmware:
			p.caps.Firmware = version(v)
		}
	}
	if p.refused[keyCards] {
		return printer.Fault(printer.ClassUnsupported).At("magicard.Open", nil).With(keyCards, "this unit does not tell how many cards it has printed")
	}
	p.refused[keyPrompt] = p.refused[keyPrompt] || !p.model.CleaningPrompt
	p.describe(p.cfg.TwoSided)
	return nil
}

// version keeps what a header word can carry of a firmware.
func version(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '.' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, s)
}

func (p *Printer) describe(twoSided bool) {
	p.caps.Technology = printer.DirectToCard
	p.caps.Geometry = printer.Geometry{Columns: Columns, Rows: Rows, DPI: DPI, Levels: Levels}
	p.caps.Panels = p.front
	p.caps.TwoSided = twoSided
	p.caps.Hopper = p.model.Hopper
	p.caps.PrintCounter = true
	// Whether a KGE2 printer can read its film shows with each film.
	p.caps.RibbonCounter = p.model.Format == KGE2 || !p.refused[keyRibbon]
}

// Capabilities are as told and configured when the printer was opened.
func (p *Printer) Capabilities() printer.Capabilities { return p.caps }
