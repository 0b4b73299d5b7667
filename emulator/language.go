package emulator

import (
	"context"
	"fmt"
	"time"

	"blanko/emulator/printer"
	"blanko/emulator/printer/evolis"
	"blanko/emulator/printer/magicard"
	"blanko/emulator/printer/matica"
)

// Cable is one connection of a host to a printer. The printer outlives it.
type Cable interface {
	Write(ctx context.Context, p []byte) error
	Read(ctx context.Context, p []byte) (int, error)
	DeviceID(ctx context.Context) (string, error)
	Close() error
}

// Device is the printer's end of the cable, whatever language it speaks. Its own Write and Read are
// those of a host that is always connected; Close ends the device.
type Device interface {
	Cable
	// Connect opens a connection as a new host does. The cable of a bulk-only device clears halts and
	// resets the device as well.
	Connect() Cable
	// Findings are what was wrong in the host's bytes so far.
	Findings() []string

	plan(f Fault)
	pending() int
}

// language is a printer language of the virtual world.
type language struct {
	open func(*printer.Machine, LineConfig) Device
	// kinds of fault of the connection that it knows.
	kinds map[string]bool
	// everyday are its own rows of a busy print room.
	everyday []Fault
}

// languages by the maker of the model.
var languages = map[string]language{
	"Evolis": {
		open: func(m *printer.Machine, lc LineConfig) Device { return evolisDevice{evolis.New(m, lc.Evolis)} },
		kinds: map[string]bool{
			string(evolis.KindLostReply): true, string(evolis.KindLateReply): true, string(evolis.KindStrayOK): true,
			string(evolis.KindSplitReply): true, string(evolis.KindLinkLost): true, string(evolis.KindSettingsLost): true,
		},
		everyday: []Fault{
			{Kind: string(evolis.KindLostReply), Command: "Sic"},
			{Kind: string(evolis.KindLateReply), Command: "Rlr;p"},
			{Kind: string(evolis.KindStrayOK), Command: "Rrt;count"},
			{Kind: string(evolis.KindSplitReply), Command: "Rlr;p"},
		},
	},
	"Matica": {
		open:  func(m *printer.Machine, lc LineConfig) Device { return maticaDevice{matica.New(m, lc.Matica)} },
		kinds: maticaKinds(),
		everyday: []Fault{
			{Kind: string(matica.KindLostReply), Command: "31 01"},
			{Kind: string(matica.KindStall), Command: "34"},
			{Kind: string(matica.KindWait), Command: "31 08", Code: "0002F000", Delay: time.Minute},
			{Kind: string(matica.KindCode), Command: "32 04", Code: "00039300"},
			{Kind: string(printer.KindFilmTorn), Step: string(printer.StepPanel), Panel: 3, Mend: 180 * time.Second},
		},
	},
	"Magicard": {
		open:  func(m *printer.Machine, lc LineConfig) Device { return magicardDevice{magicard.New(m, lc.Magicard)} },
		kinds: magicardKinds(),
		everyday: []Fault{
			{Kind: string(magicard.KindLostReply)},
			{Kind: string(magicard.KindLateReply), Delay: 3 * time.Second},
			{Kind: string(magicard.KindSplitReply)},
			{Kind: string(magicard.KindLinkLost), Panel: 2, Mend: 30 * time.Second},
		},
	},
}

func magicardKinds() map[string]bool {
	all := map[string]bool{}
	for _, k := range magicard.Kinds() {
		all[string(k)] = true
	}
	return all
}

func maticaKinds() map[string]bool {
	all := map[string]bool{}
	for _, k := range matica.Kinds() {
		all[string(k)] = true
	}
	return all
}

type evolisDevice struct{ *evolis.Device }

func (d evolisDevice) Connect() Cable { return d.Device.Connect() }

func (d evolisDevice) Findings() (all []string) {
	for _, f := range d.Device.Findings() {
		all = append(all, fmt.Sprintf("command %d: %s", f.Command, f.Text))
	}
	return all
}

func (d evolisDevice) plan(f Fault) {
	d.Plan(evolis.Fault{Kind: evolis.Kind(f.Kind), Card: f.Card, Command: f.Command, Panel: f.Panel, Delay: f.Delay})
}

func (d evolisDevice) pending() int { return len(d.Pending()) }

type maticaDevice struct{ *matica.Device }

func (d maticaDevice) Connect() Cable { return d.Device.Connect() }

func (d maticaDevice) Findings() (all []string) {
	for _, f := range d.Device.Findings() {
		all = append(all, fmt.Sprintf("command %d: %s", f.Command, f.Text))
	}
	return all
}

func (d maticaDevice) plan(f Fault) {
	code, _ := maticaCode(f.Code)
	row := matica.Fault{
		Kind: matica.Kind(f.Kind), Card: f.Card, Command: f.Command, Phase: matica.Phase(f.Phase), Code: code, After: f.After, Delay: f.Delay,
	}
	if row.Kind == matica.KindLinkLost { // in the middle of a panel
		row.Command, row.Nth = "2a", f.Panel
	}
	d.Plan(row)
}

func (d maticaDevice) pending() int { return len(d.Pending()) }

type magicardDevice struct{ *magicard.Device }

func (d magicardDevice) Connect() Cable { return d.Device.Connect() }

func (d magicardDevice) Findings() (all []string) {
	for _, f := range d.Device.Findings() {
		all = append(all, fmt.Sprintf("command %d: %s", f.Command, f.Text))
	}
	return all
}

func (d magicardDevice) plan(f Fault) {
	d.Plan(magicard.Fault{Kind: magicard.Kind(f.Kind), Card: f.Card, Command: f.Command, Panel: f.Panel, Delay: f.Delay})
}

func (d magicardDevice) pending() int { return len(d.Pending()) }
