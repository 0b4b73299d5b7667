package evolis

import (
	"context"

	"blanko/emulator/printer"
)

// sort is how a command behaves while the printer is in its error state.
type sort int

const (
	setting  sort = iota // obeyed at any time
	motion               // refused in the error state
	download             // data is taken, then refused in the error state
	recovery             // ends the error state
)

// row is one command that answers OK or an error.
type row struct {
	sort  sort
	newer bool // part of the newer command set
	do    func(*Device, context.Context, *command) error
}

func plain(f func(*Device, *command) error) func(*Device, context.Context, *command) error {
	return func(d *Device, _ context.Context, c *command) error { return f(d, c) }
}

var remember = plain((*Device).remember)

// to brings the card to a station.
func to(s printer.Station) func(*Device, context.Context, *command) error {
	return func(d *Device, ctx context.Context, _ *command) error {
		return d.m.Go(ctx, s, d.set.newer.source)
	}
}

func nothing(*Device, context.Context, *command) error { return nil }

// commands is the table of everything that is not a read.
var commands = map[string]row{
	// Ribbon, image and mode parameters.
	"Pr":   {setting, false, plain((*Device).setRibbon)},
	"Pc":   {setting, false, remember},
	"Pl":   {setting, false, remember},
	"Ps":   {setting, false, remember},
	"Px":   {setting, false, remember},
	"Py":   {setting, false, remember},
	"Pwr":  {setting, false, remember},
	"Pmi":  {setting, false, plain(setSource(sourcesOfPmi))},
	"Pmk":  {setting, false, remember},
	"Pps":  {setting, false, remember},
	"Pdt":  {setting, false, remember},
	"Ppws": {setting, false, remember},
	"Pem":  {setting, false, plain((*Device).setPem)},
	"Psc":  {setting, false, plain((*Device).setSeparators)},
	"Pcom": {setting, false, remember},
	"Pkey": {setting, false, remember},
	"Poc":  {setting, false, plain((*Device).setOffset)},
	"Sk":   {setting, false, plain((*Device).setSensor)},

	// Newer settings, forgotten by a reset.
	"Pcim":  {setting, true, plain(setSource(sourcesOfPcim))},
	"Pcem":  {setting, true, plain((*Device).setOutput)},
	"Pcrm":  {setting, true, plain((*Device).setReject)},
	"Pneab": {setting, true, plain((*Device).setEject)},
	"Psmgr": {setting, true, remember},
	"Pbc":   {setting, true, remember},

	// Download.
	"Db":   {download, false, (*Device).takePanel},
	"Dbc":  {download, false, (*Device).takePanel},
	"Dbp":  {download, false, (*Device).takePart},
	"Dbpc": {download, false, (*Device).takePart},
	"Dbmp": {download, false, (*Device).takeBMP},
	"Wcb":  {download, false, (*Device).fillBitmap},
	"Wt":   {download, false, (*Device).resident},
	"Wl":   {download, false, (*Device).resident},
	"Wb":   {download, false, (*Device).resident},
	"Dm":   {download, false, plain((*Device).takeTrack)},

	// Card movement.
	"Ss":  {motion, false, plain((*Device).beginSequence)},
	"Se":  {motion, false, (*Device).endSequence},
	"Sr":  {motion, false, (*Device).front},
	"Sv":  {motion, false, (*Device).back},
	"Sp":  {motion, false, (*Device).printPanel},
	"Ssd": {motion, false, (*Device).reusePanel},
	"Sc":  {motion, false, (*Device).repeat},
	"Si":  {motion, false, to(printer.StationPrint)},
	"Sis": {motion, false, to(printer.StationContact)},
	"Sic": {motion, false, to(printer.StationContactless)},
	"Sib": {motion, false, func(d *Device, ctx context.Context, _ *command) error { return d.insertBezel(ctx) }},
	"Sie": {motion, false, (*Device).insertEject},
	"Seb": {motion, false, (*Device).ejectBack},
	"Ser": {motion, false, (*Device).rejectCard},
	"Smw": {motion, false, (*Device).writeStripe},
	"Scp": {motion, false, func(d *Device, ctx context.Context, _ *command) error { return d.m.Clean(ctx) }},
	"Sa":  {motion, false, nothing},
	"St":  {motion, false, (*Device).testCard},
	"Mc":  {motion, false, nothing},
	"Mf":  {motion, false, nothing},
	"Mh":  {motion, false, nothing},
	"Mr":  {motion, false, nothing},

	// Out of the error state.
	"Scs": {recovery, false, (*Device).clearError},
	"Srs": {recovery, false, (*Device).softReset},
}

// setSensor is Sk;f or Sk;w, thresholds 0 to 3.
func (d *Device) setSensor(c *command) error {
	if f := c.field(0); f != "f" && f != "w" {
		return errParameters
	}
	if n, ok := c.number(1); len(c.fields) > 1 && (!ok || n > 3) {
		return errParameters
	}
	return d.remember(c)
}

func (d *Device) insertBezel(ctx context.Context) error {
	if d.m.Sense().Card != printer.StationNone {
		return printer.ErrCardInside
	}
	return d.m.Insert(ctx)
}

func (d *Device) insertEject(ctx context.Context, _ *command) error {
	if err := d.m.Go(ctx, printer.StationPrint, d.set.newer.source); err != nil {
		return err
	}
	return d.m.Eject(ctx, d.set.newer.tray)
}

// ejectBack is Seb: to the front slot where there is one.
func (d *Device) ejectBack(ctx context.Context, _ *command) error {
	return d.m.Eject(ctx, printer.ToBezel)
}

// rejectCard is Ser. It ends a sequence that was begun for it.
func (d *Device) rejectCard(ctx context.Context, _ *command) error {
	d.seq = sequence{}
	err := d.m.Eject(ctx, printer.ToReject)
	d.disarm()
	return err
}

// clearError is Scs.
func (d *Device) clearError(context.Context, *command) error {
	d.fault = nil
	d.seq = sequence{}
	return nil
}

// softReset is Srs: errors, sequence, downloaded panels and newer settings are gone, saved
// parameters stay, and a card between two stations is brought to the print position.
func (d *Device) softReset(ctx context.Context, _ *command) error {
	if err := d.m.Spend(ctx, d.m.Model().Timing.Restart); err != nil {
		return err
	}
	d.forgetSession()
	d.setParser(newParser())
	_ = d.m.Home(ctx) // a card that sticks is reported at the next motion
	return nil
}
