package trial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"blanko/emulator"
	"blanko/emulator/cable"
	"blanko/emulator/chip"
	machine "blanko/emulator/printer"

	"blanko/keys"
	"blanko/keys/software"
)

// PrinterOptions is what emulated printers on USB/IP are made of.
type PrinterOptions struct {
	Models  []string // such as "Primacy 2", or model and states, such as "XID8600:cover_open"
	Address string   // where hosts reach them, of this machine alone
	Speed   float64  // of the machines: 1 real time, 0 as fast as possible
	Seed    int64    // of the chips in the hoppers, and their keys
}

// maxPrinters is how many high-speed ports a virtual host controller of Linux has.
const maxPrinters = 8

// Check names the first option that cannot be.
func (o PrinterOptions) Check() error {
	if len(o.Models) < 1 || len(o.Models) > maxPrinters {
		return fmt.Errorf("--model: 1 to %d printers", maxPrinters)
	}
	for _, text := range o.Models {
		name, _, _ := strings.Cut(text, ":")
		if _, ok := machine.FindModel(name); !ok {
			return fmt.Errorf("--model: no model %q; there are %s", name, strings.Join(PrinterModels(), ", "))
		}
	}
	host, _, err := net.SplitHostPort(o.Address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("--address: %q is no address of this machine alone, such as 127.0.0.1:3240; USB/IP has no password", o.Address)
	}
	if o.Speed != 0 && !(o.Speed >= minSpeed && o.Speed <= maxSpeed) {
		return fmt.Errorf("--speed: 0 (as fast as possible), 1 (real time) or a factor, %g to %d", minSpeed, maxSpeed)
	}
	return nil
}

// USBPrinters are emulated printers that a host attaches by USB/IP. Safe for concurrent use.
type USBPrinters struct {
	world    *emulator.World
	listener net.Listener
	life     context.Context //nolint:containedctx // the life of the printers, not of one call
	stop     context.CancelFunc
	serving  sync.WaitGroup
	served   error // of the hub; read after serving

	mu    sync.Mutex
	units []*usbUnit
}

// usbUnit is one printer with its plug.
type usbUnit struct {
	line *emulator.Line
	port *cable.USBPort
}

// OpenPrinters makes the printers, with blanks in their hoppers, and serves them until Close.
func OpenPrinters(ctx context.Context, o PrinterOptions) (_ *USBPrinters, err error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	p := &USBPrinters{}
	p.life, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	transport := software.New(seedText(o.Seed)).Master(keys.Transport)
	cfg := emulator.Config{
		Seed: uint64(o.Seed), Start: batchStart, Speed: o.Speed, //nolint:gosec // any number serves
		TransportKey: func(kdd [10]byte) chip.Keys { return chip.Diversify(transport, kdd) },
		Chip:         emulator.ChipConfig{Size: chip.Size32K, Timing: chip.MidChip(), ICAOView: true, BAC: true},
	}
	for i, text := range o.Models {
		name, _, _ := strings.Cut(text, ":")
		cfg.Lines = append(cfg.Lines, emulator.LineConfig{Name: fmt.Sprintf("printer-%d", i+1), Model: name, Serial: fmt.Sprintf("%08d", 90000001+i)})
	}
	if p.world, err = emulator.New(cfg); err != nil {
		return p, err
	}
	var ports []*cable.USBPort
	for i, l := range p.world.Lines() {
		_, states, _ := strings.Cut(o.Models[i], ":")
		if err := l.Machine.Load(p.world.Blanks(blanksInside)...); err != nil {
			return p, err
		}
		claimed, err := bringInto(l.Machine, states)
		if err == nil && claimed {
			err = errors.New("a printer in_use is no printer that a host may attach")
		}
		if err != nil {
			return p, fmt.Errorf("--model: %w", err)
		}
		u := &usbUnit{l, cable.NewUSBPort(usbDevice(l.Device, l.Machine))}
		p.units = append(p.units, u)
		ports = append(ports, u.port)
	}
	if p.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", o.Address); err != nil {
		return p, fmt.Errorf("--address: %w", err)
	}
	for _, u := range p.units {
		p.serving.Go(func() { u.follow(p.life) })
	}
	p.serving.Go(func() { p.served = cable.NewUSBHub(ports...).Serve(p.life, p.listener) })
	return p, nil
}

// follow keeps a printer without power or cable away from hosts.
func (u *usbUnit) follow(ctx context.Context) {
	for was := true; ; {
		is, changed := onBus(u.line.Machine)
		switch {
		case was && !is:
			u.port.Pull()
		case is && !was:
			u.port.PutBack()
		}
		was = is
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// Address is where hosts reach the printers.
func (p *USBPrinters) Address() string { return p.listener.Addr().String() }

// Close takes the printers away from their hosts.
func (p *USBPrinters) Close() error {
	p.stop()
	p.serving.Wait()
	err := p.served
	if p.world != nil {
		err = errors.Join(err, p.world.Close())
	}
	return err
}

// PrinterState is one printer with its cable.
type PrinterState struct {
	Printer  int               `json:"printer"` // as orders name it, from 1
	BusID    string            `json:"bus_id"`  // as usbip attach names it
	Model    string            `json:"model"`
	Serial   string            `json:"serial"`
	USB      string            `json:"usb"`      // vendor and product
	Attached bool              `json:"attached"` // a host has it
	Machine  machine.State     `json:"machine"`
	Problems []machine.Problem `json:"problems"` // that a person can see
	Coming   []string          `json:"coming"`   // faults that wait for their moment
	Findings []string          `json:"findings"` // what was wrong in the host's bytes
}

// States of all printers.
func (p *USBPrinters) States() []PrinterState {
	p.mu.Lock()
	defer p.mu.Unlock()
	waiting := p.world.Pending()
	out := make([]PrinterState, 0, len(p.units))
	for i, u := range p.units {
		m := u.line.Machine
		by := makers[m.Model().Maker]
		out = append(out, PrinterState{
			Printer: i + 1, BusID: fmt.Sprintf("1-%d", i+1), Model: m.Model().Name, Serial: m.Serial(), USB: fmt.Sprintf("%04x:%04x", by.vendor, by.product),
			Attached: u.port.Held(), Machine: m.State(), Problems: append([]machine.Problem{}, m.Problems()...),
			Coming: u.coming(waiting[u.line.Name]), Findings: append([]string{}, u.line.Device.Findings()...),
		})
	}
	return out
}

// coming names the faults that have not struck; n are all those of machine, connection and chips.
func (u *usbUnit) coming(n int) []string {
	out := []string{}
	for _, f := range u.line.Machine.Pending() {
		out = append(out, string(f.Kind))
		n--
	}
	for range n {
		out = append(out, "of the connection or of a chip")
	}
	for _, f := range u.port.Pending() {
		out = append(out, fmt.Sprintf("%s, USB %s", f.Kind, pipeNames[f.Pipe]))
	}
	return out
}

// pipeNames are the ways of the cable, as orders name them.
var pipeNames = map[cable.Pipe]string{cable.PipeControl: "control", cable.PipeOut: "out", cable.PipeIn: "in"}

// usbFaults are the faults of the cable, as orders name them.
var usbFaults = []cable.USBFaultKind{
	cable.USBStall, cable.USBBabble, cable.USBNoise, cable.USBShort, cable.USBSilent, cable.USBDeaf, cable.USBPull,
}

// mend does at once what the operator of a line does: clears the path, closes the cover, changes what is
// used up, empties the trays. Cards that come out are boxed.
func (u *usbUnit) mend(ctx context.Context, w *emulator.World) error {
	m := u.line.Machine
	problems := m.Problems()
	has := func(p machine.Problem) bool { return slices.Contains(problems, p) }
	var out []*machine.Plastic
	err := m.Still(ctx, func() {
		m.OpenCover()
		if has(machine.ProblemJam) || has(machine.ProblemCardLost) {
			out = m.ClearJam()
		}
		if has(machine.ProblemRibbonOut) || has(machine.ProblemRibbonGone) || has(machine.ProblemRibbonWrong) {
			m.ReplaceRibbon(freshRibbon(m))
		}
		if has(machine.ProblemFilmOut) {
			m.ReplaceFilm(m.Model().NewFilm())
		}
		m.FreeSensors()
		m.CloseCover()
	})
	if err != nil {
		return err
	}
	out = append(out, u.emptyTrays()...)
	if has(machine.ProblemHopperEmpty) {
		return errors.Join(boxAll(out), m.Load(w.Blanks(blanksInside)...))
	}
	return boxAll(out)
}

func freshRibbon(m *machine.Machine) machine.Ribbon {
	r := m.Model().NewRibbon(m.Zone())
	r.Lot = "L00002"
	return r
}

// emptyTrays takes out whatever lies where a person can reach it.
func (u *usbUnit) emptyTrays() []*machine.Plastic {
	m := u.line.Machine
	out := append(m.TakeOutput(), m.TakeReject()...)
	if card := m.TakeBezel(); card != nil {
		out = append(out, card)
	}
	return out
}

func boxAll(cards []*machine.Plastic) error {
	var all []error
	for _, c := range cards {
		all = append(all, c.Box("beside the printer"))
	}
	return errors.Join(all...)
}
