package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"blanko/emulator/chip"
	"blanko/emulator/printer"
	"blanko/emulator/printer/evolis"
	"blanko/emulator/printer/magicard"
	"blanko/emulator/printer/matica"
)

// Fault is one row of a fault script: which device, at what moment, what goes wrong, and when a
// person mends it. It strikes once. Which of the moments mean something depends on the kind:
//
//   - kinds of the machine (printer.Kind): Card, Step, Panel, When, Station
//   - kinds of the connection (evolis.Kind, magicard.Kind, matica.Kind, as the line's printer has them): Card, Command,
//     Panel, Delay, Code, Phase, After
//   - kinds of the chip (chip.Kind) and no_chip: Card, APDU, Page, After, Factor, Lasting
type Fault struct {
	Line string `json:"line"` // name of a line or a desk reader
	Card int    `json:"card,omitempty"`
	Kind string `json:"kind"`

	Step    string `json:"step,omitempty"`
	Panel   int    `json:"panel,omitempty"`
	When    string `json:"when,omitempty"`
	Station string `json:"station,omitempty"`

	Command string        `json:"command,omitempty"`
	Delay   time.Duration `json:"delay,omitempty"`
	Code    string        `json:"code,omitempty"`  // that the printer tells, 8 hexadecimal digits
	Phase   string        `json:"phase,omitempty"` // of a stall

	APDU    int     `json:"apdu,omitempty"` // number of the command since the card lies in the field for the first time, from 1
	Page    int     `json:"page,omitempty"` // number of the programmed page, from 1
	After   bool    `json:"after,omitempty"`
	Lasting bool    `json:"lasting,omitempty"`
	Factor  float64 `json:"factor,omitempty"`

	Mend time.Duration `json:"mend,omitempty"` // until the operator begins to mend it; 0: the operator's own habit
}

// KindNoChip is a body whose chip never answers.
const KindNoChip = "no_chip"

// part is the device that a kind of fault belongs to.
type part int

const (
	partMachine part = iota + 1
	partConnection
	partChip
)

// kinds says where each fault happens and which problem a person will see.
var kinds = map[string]struct {
	part    part
	problem printer.Problem
}{
	string(printer.KindJam):          {partMachine, printer.ProblemJam},
	string(printer.KindDoubleFeed):   {partMachine, printer.ProblemJam},
	string(printer.KindCoverOpen):    {partMachine, printer.ProblemCover},
	string(printer.KindHopperLifted): {partMachine, printer.ProblemHopperEmpty},
	string(printer.KindRibbonTorn):   {partMachine, printer.ProblemRibbonOut},
	string(printer.KindRibbonGone):   {partMachine, printer.ProblemRibbonGone},
	string(printer.KindFilmTorn):     {partMachine, printer.ProblemFilmOut},
	string(printer.KindRibbonWrong):  {partMachine, printer.ProblemRibbonWrong},
	string(printer.KindNoTag):        {partMachine, ""},
	string(printer.KindOutputFull):   {partMachine, printer.ProblemOutputFull},
	string(printer.KindRejectFull):   {partMachine, printer.ProblemRejectFull},
	string(printer.KindCleaningDue):  {partMachine, printer.ProblemCleaning},
	string(printer.KindCardLost):     {partMachine, printer.ProblemCardLost},
	string(printer.KindPathStuck):    {partMachine, ""},
	string(printer.KindCounterStuck): {partMachine, ""},
	string(printer.KindPowerCut):     {partMachine, printer.ProblemPower},
	string(printer.KindCableOut):     {partMachine, printer.ProblemCable},
	string(printer.KindCooling):      {partMachine, ""},
	string(printer.KindPanelLost):    {partMachine, ""},

	string(evolis.KindLostReply):    {partConnection, ""},
	string(evolis.KindLateReply):    {partConnection, ""},
	string(evolis.KindStrayOK):      {partConnection, ""},
	string(evolis.KindSplitReply):   {partConnection, ""},
	string(evolis.KindLinkLost):     {partConnection, printer.ProblemCable},
	string(evolis.KindSettingsLost): {partConnection, ""},

	string(magicard.KindDeaf): {partConnection, ""},

	string(matica.KindStall):          {partConnection, ""},
	string(matica.KindWrongTag):       {partConnection, ""},
	string(matica.KindWrongSignature): {partConnection, ""},
	string(matica.KindShortStatus):    {partConnection, ""},
	string(matica.KindShortData):      {partConnection, ""},
	string(matica.KindCode):           {partConnection, ""},
	string(matica.KindWait):           {partConnection, ""},

	string(chip.FieldLoss):         {partChip, ""},
	string(chip.NVMError):          {partChip, ""},
	string(chip.Corrupt):           {partChip, ""},
	string(chip.Mute):              {partChip, ""},
	string(chip.Die):               {partChip, ""},
	string(chip.Garble):            {partChip, ""},
	string(chip.Slow):              {partChip, ""},
	string(chip.WrongTransportKey): {partChip, ""},
	string(chip.AlreadyActive):     {partChip, ""},
	string(chip.ForeignAttempt):    {partChip, ""},
	string(chip.ForeignATR):        {partChip, ""},
	string(chip.ForeignCard):       {partChip, ""},
	KindNoChip:                     {partChip, ""},
}

// onChip is the fault as the chip takes it.
func (f Fault) onChip() chip.Fault {
	return chip.Fault{Kind: chip.Kind(f.Kind), APDU: f.APDU, Page: f.Page, After: f.After, Lasting: f.Lasting, Factor: f.Factor}
}

var (
	steps = map[printer.Step]bool{
		printer.StepAny: true, printer.StepFeed: true, printer.StepInsert: true, printer.StepPrint: true,
		printer.StepContact: true, printer.StepContactless: true, printer.StepMagnetic: true, printer.StepFlip: true,
		printer.StepPanel: true, printer.StepTransfer: true, printer.StepEngage: true, printer.StepDisengage: true, printer.StepEject: true, printer.StepReject: true, printer.StepBezel: true, printer.StepClean: true,
	}
	moments = map[printer.When]bool{
		printer.WhenUsual: true, printer.WhenBefore: true, printer.WhenMidway: true, printer.WhenAfter: true,
	}
)

// told are the kinds that come with a code of the printer; stalls are the phases in which one strikes.
var (
	told   = map[string]bool{string(matica.KindCode): true, string(matica.KindWait): true}
	stalls = map[matica.Phase]bool{matica.PhaseCommand: true, matica.PhaseData: true, matica.PhaseStatus: true}
)

// maticaCode reads a code of the printer.
func maticaCode(s string) (uint32, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if _, known := matica.Codes[uint32(n)]; err != nil || !known {
		return 0, fmt.Errorf("no printer tells the code %q", s)
	}
	return uint32(n), nil
}

// stations are the places that a stuck path sensor may tell.
var stations = map[printer.Station]bool{
	printer.StationNone: true, printer.StationPrint: true, printer.StationContact: true, printer.StationContactless: true,
	printer.StationMagnetic: true, printer.StationFlip: true, printer.StationBetween: true,
}

// Kinds lists every kind of fault that a script may have, in the order of the alphabet.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// Bounds of a row, so that the clock of a line stays within what time.Duration holds.
const (
	longest = 7 * 24 * time.Hour // a week without anybody at the machine
	slowest = 1000
)

// check refuses a row that can never strike, or that says what its kind has no use for.
func (f Fault) check() error {
	k, ok := kinds[f.Kind]
	switch {
	case !ok:
		return fmt.Errorf("fault script: unknown kind %q", f.Kind)
	case f.Card < 0 || f.Panel < 0 || f.APDU < 0 || f.Page < 0 || f.Delay < 0 || f.Mend < 0:
		return fmt.Errorf("fault script: %s: numbers below zero", f.Kind)
	case f.Delay > longest || f.Mend > longest:
		return fmt.Errorf("fault script: %s: longer than %s", f.Kind, longest)
	case !(f.Factor >= 0 && f.Factor <= slowest):
		return fmt.Errorf("fault script: %s: the factor is at most %d", f.Kind, slowest)
	case !steps[printer.Step(f.Step)]:
		return fmt.Errorf("fault script: %s: unknown step %q", f.Kind, f.Step)
	case !moments[printer.When(f.When)]:
		return fmt.Errorf("fault script: %s: unknown moment %q", f.Kind, f.When)
	case k.part != partMachine && (f.Step != "" || f.When != ""):
		return fmt.Errorf("fault script: %s has no step of the machine", f.Kind)
	case k.part != partConnection && (f.Command != "" || f.Delay != 0 || f.Code != "" || f.Phase != ""):
		return fmt.Errorf("fault script: %s has no command, delay, code or phase", f.Kind)
	case k.part != partChip && f.Kind != string(matica.KindCode) && f.After:
		return fmt.Errorf("fault script: %s has no after", f.Kind)
	case k.part != partChip && (f.APDU != 0 || f.Page != 0 || f.Lasting || f.Factor != 0):
		return fmt.Errorf("fault script: %s has no APDU or page", f.Kind)
	case !stations[printer.Station(f.Station)]:
		return fmt.Errorf("fault script: %s: unknown station %q", f.Kind, f.Station)
	case f.Station != "" && f.Kind != string(printer.KindPathStuck):
		return fmt.Errorf("fault script: %s has no station", f.Kind)
	case f.Panel != 0 && k.part == partChip:
		return fmt.Errorf("fault script: %s has no panel", f.Kind)
	case f.Delay != 0 && f.Kind != string(evolis.KindLateReply) && f.Kind != string(matica.KindWait):
		return fmt.Errorf("fault script: %s has no delay", f.Kind)
	case f.Phase != "" && (f.Kind != string(matica.KindStall) || !stalls[matica.Phase(f.Phase)]):
		return fmt.Errorf("fault script: %s has no phase %q", f.Kind, f.Phase)
	case told[f.Kind] != (f.Code != ""):
		return fmt.Errorf("fault script: %s: a code of the printer is wanted where it tells one", f.Kind)
	case f.Kind == string(matica.KindWait) && f.Delay == 0:
		return fmt.Errorf("fault script: %s needs a delay", f.Kind)
	case f.Factor != 0 && f.Kind != string(chip.Slow):
		return fmt.Errorf("fault script: %s has no factor", f.Kind)
	case f.Lasting && f.Kind != string(chip.NVMError):
		return fmt.Errorf("fault script: %s does not last", f.Kind)
	case f.Mend != 0 && k.problem == "":
		return fmt.Errorf("fault script: nobody can mend %s", f.Kind)
	case k.part == partChip && f.Card == 0:
		return fmt.Errorf("fault script: %s needs the number of a card", f.Kind)
	}
	if f.Code != "" {
		if _, err := maticaCode(f.Code); err != nil {
			return fmt.Errorf("fault script: %s: %w", f.Kind, err)
		}
	}
	if k.part == partChip && f.Kind != KindNoChip {
		if err := chip.New(chip.Config{}).Inject(f.onChip()); err != nil {
			return fmt.Errorf("fault script: %w", err)
		}
	}
	return nil
}

// Check says why a fault can never strike here, nil where it can.
func (w *World) Check(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	_, isLine := w.lines[f.Line]
	_, isDesk := w.desks[f.Line]
	if !isLine && (!isDesk || kinds[f.Kind].part != partChip) {
		return fmt.Errorf("fault script: no %s on %q", f.Kind, f.Line)
	}
	if isLine && kinds[f.Kind].part == partConnection && !w.lines[f.Line].knows(f) {
		return fmt.Errorf("fault script: the printer of %q has no %s", f.Line, f.Kind)
	}
	return nil
}

// Plan adds faults to the script of the world: all or, when one can never strike, none.
func (w *World) Plan(faults ...Fault) error {
	for i, f := range faults {
		if err := w.Check(f); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	for _, f := range faults {
		if d, ok := w.desks[f.Line]; ok {
			d.cards.plan(f)
			continue
		}
		w.lines[f.Line].plan(f)
	}
	return nil
}

// knows tells whether the printer's connection can go wrong that way.
func (l *Line) knows(f Fault) bool {
	if _, ok := l.Device.(maticaDevice); ok && f.Command != "" {
		if _, ok := matica.ParseCommand(f.Command); !ok {
			return false
		}
	}
	return l.lang.kinds[f.Kind]
}

func (l *Line) plan(f Fault) {
	k := kinds[f.Kind]
	if f.Mend > 0 && k.problem != "" {
		l.Operator.expect(k.problem, f.Mend)
	}
	switch k.part {
	case partMachine:
		l.Machine.Plan(printer.Fault{
			Kind: printer.Kind(f.Kind), Card: f.Card, Step: printer.Step(f.Step), Panel: f.Panel,
			When: printer.When(f.When), Station: printer.Station(f.Station),
		})
	case partConnection:
		l.Device.plan(f)
	case partChip:
		l.cards.plan(f)
	}
}
