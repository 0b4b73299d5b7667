package trial

import (
	"slices"
	"strings"

	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/jobs"
)

// mischief is what persons, machines and chips of a print room do to a line at any moment. The promises
// survive all of it.
type mischief struct {
	name string
	do   func(r *room, line jobs.LineID) error
}

var mischiefs = []mischief{
	{"card pulled", (*room).pull},
	{"trays emptied", (*room).emptyTrays},
	{"power cut", atMachine((*machine.Machine).PowerCut)},
	{"cable pulled", atMachine((*machine.Machine).Unplug)},
	{"cover opened", atMachine((*machine.Machine).OpenCover)},
	{"path sensor sees nothing", atMachine(func(m *machine.Machine) { m.StickPath(machine.StationNone) })},
	{"path sensor sees a card", atMachine(func(m *machine.Machine) { m.StickPath(machine.StationPrint) })},
	{"sensors mended", atMachine((*machine.Machine).FreeSensors)},
	{"jam", scheduled(machine.Fault{Kind: machine.KindJam})},
	{"two cards fed", scheduled(machine.Fault{Kind: machine.KindDoubleFeed, Step: machine.StepFeed})},
	{"ribbon torn", scheduled(machine.Fault{Kind: machine.KindRibbonTorn})},
	{"chip loses its field", injected(chip.Fault{Kind: chip.FieldLoss})},
	{"chip mute until reset", injected(chip.Fault{Kind: chip.Mute})},
	{"chip dies", injected(chip.Fault{Kind: chip.Die})},
	{"chip dies behind a command", injected(chip.Fault{Kind: chip.Die, After: true})},
	{"chip memory fails", injected(chip.Fault{Kind: chip.NVMError, Lasting: true})},
	{"chip stores a wrong bit", injected(chip.Fault{Kind: chip.Corrupt})},
	{"chip garbles an answer", injected(chip.Fault{Kind: chip.Garble})},
}

// apart are mischiefs that do not meet in one batch, of a printer with a feed counter and of one without. A
// card whose chip is dead has no name that anybody could read: where it left the hopper unasked, the counter
// alone tells of it.
var apart = [][]string{nil, {"chip dies"}}

// mischiefsWithout are those whose name begins with none of these.
func mischiefsWithout(names []string) []mischief {
	return slices.DeleteFunc(slices.Clone(mischiefs), func(m mischief) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(m.name, name) })
	})
}

func (r *room) machine(line jobs.LineID) *machine.Machine { return r.world.Line(string(line)).Machine }

func atMachine(do func(*machine.Machine)) func(*room, jobs.LineID) error {
	return func(r *room, line jobs.LineID) error { do(r.machine(line)); return nil }
}

func scheduled(f machine.Fault) func(*room, jobs.LineID) error {
	return atMachine(func(m *machine.Machine) { m.Plan(f) })
}

// injected gives the fault to the card inside, or else to the next one.
func injected(f chip.Fault) func(*room, jobs.LineID) error {
	return func(r *room, line jobs.LineID) error {
		for _, p := range r.blanks {
			at := p.Place()
			if at.Holder == r.machine(line).Name() && (at.At == machine.AtPath || at.At == machine.AtHopper) {
				return p.Chip.Inject(f)
			}
		}
		return nil
	}
}

// pull opens the machine and takes the card inside.
func (r *room) pull(line jobs.LineID) error {
	m := r.machine(line)
	m.OpenCover()
	card, _ := m.PullCard() // a card that sticks stays
	m.CloseCover()
	if card == nil {
		return nil
	}
	return card.Box(r.world.Line(string(line)).Box(machine.AtPath))
}

// emptyTrays puts what lies in the trays of a machine into the boxes beside it.
func (r *room) emptyTrays(line jobs.LineID) error {
	m := r.machine(line)
	for _, cards := range [][]*machine.Plastic{m.TakeOutput(), m.TakeReject()} {
		for _, p := range cards {
			if err := p.Box(r.world.Line(string(line)).Box(p.Place().From)); err != nil {
				return err
			}
		}
	}
	return nil
}
