package matica

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"blanko/emulator/printer"
)

// ErrStall is what a host meets on the cable of this family beside the errors of printer.
var ErrStall = errors.New("the endpoint is halted")

// Total is what the counter "total" counts. Public sources leave it open.
type Total string

const (
	TotalFed     Total = ""        // cards that left the hopper
	TotalPrinted Total = "printed" // cards whose print was finished
)

// Config is how this printer speaks.
type Config struct {
	Geometry Geometry // zero: that of the machine's model, else 300 dpi
	Maker    string   // bytes 8 to 15 of the inquiry; empty: the machine's maker
	Firmware string
	Total    Total
	// Was are the counters of the printer when it comes from its last office.
	Was Counts
	// ForgetsJam: a jam is told once, like every other event, and not while the card sticks. Public
	// sources leave it open.
	ForgetsJam bool
	// ForgetsSupply: trouble with ribbon or film is told once, and not until a person has mended it.
	// Public sources leave it open.
	ForgetsSupply bool
	// QuietReset: the first sense after a USB reset is 0. Off, it is that of a restart.
	QuietReset bool
	// Cold: the printer has been switched on this moment.
	Cold bool
	// KeepStale: a new connection finds the transfers of the one before.
	KeepStale bool
	// Trace sees every command block with its status. It is called from the device's own goroutine.
	Trace func(cdb []byte, status byte)
}

// Counts are the counters of the printer, in cards.
type Counts struct{ Total, Free, Head, Clean, Error int }

// Device is one printer at the end of a cable.
type Device struct {
	printer.Script[Fault]

	m    *printer.Machine
	cfg  Config
	geo  Geometry
	ctx  context.Context
	stop context.CancelFunc
	done sync.WaitGroup

	// Between host and firmware.
	mu       sync.Mutex
	changed  chan struct{}
	stage    stage
	block    block  // the command block in work
	data     []byte // of its OUT phase
	out      [][]byte
	haltOut  bool
	haltIn   bool
	haltLast bool // the IN endpoint halts when the status comes
	wedged   bool // an invalid command block: only a reset helps
	next     *command
	epoch    int // counts what ends a command's answer: resets, power cuts, pulled cables
	cuts     int
	pulls    int
	taken    int // commands taken
	findings printer.Findings
	panels   map[byte][]byte // as received, by number
	pending  code            // told at the next request sense
	jam      code            // told while the card sticks
	supply   code            // told while ribbon or film cannot be used
	waits    code            // of a scripted wait
	starting code            // while it starts, and until it was told
	started  bool            // the start is over
	off      bool            // the power was cut, and the start is still to come
	boots    int             // counts starts
	doors    int             // openings of the cover that were seen
	moving   code            // while a motion goes on that nobody waits for
	set      settings
	finished int // cards whose print was finished
	printed  bool
	errors   int
}

// stage of the bulk-only framing.
type stage int

const (
	stageCommand stage = iota
	stageData          // bytes of the OUT phase are awaited
	stageWork          // the firmware is at it
	stageStatus        // data and status wait for the host
)

// New connects a machine. The device works on its own goroutines until Close.
func New(m *printer.Machine, cfg Config) *Device {
	geo := cfg.Geometry
	if geo == (Geometry{}) {
		geo = geometryOf(m.Model().Name)
	}
	if cfg.Maker == "" {
		cfg.Maker = m.Model().Maker
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &Device{
		m: m, cfg: cfg, geo: geo, ctx: ctx, stop: stop, changed: make(chan struct{}),
		panels: map[byte][]byte{}, set: freshSettings(), pending: codeReset,
	}
	d.cuts, d.pulls = m.Session()
	d.doors = m.Doors()
	d.done.Go(d.work)
	if cfg.Cold {
		d.mu.Lock()
		d.start(m.Model().Timing.Warm)
		d.mu.Unlock()
	}
	return d
}

// DeviceID is iManufacturer and iProduct: the printer is no USB printer class device.
func (d *Device) DeviceID(ctx context.Context) (string, error) {
	if err := d.online(); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %s", d.cfg.Maker, d.m.Model().Name), ctx.Err()
}

// Close ends the device's goroutines. The machine stays as it is.
func (d *Device) Close() error {
	d.stop()
	d.done.Wait()
	return nil
}

func (d *Device) online() error {
	if d.ctx.Err() != nil {
		return printer.ErrClosed
	}
	return d.m.Online()
}

// wake tells everybody who waits that something has changed. Called with d.mu held.
func (d *Device) wake() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// settle follows the machine: what did not survive a power cut or a pulled cable is forgotten, and
// after power or cover came back the printer starts. Called with d.mu held.
func (d *Device) settle() {
	cuts, pulls := d.m.Session()
	if cuts != d.cuts || pulls != d.pulls {
		d.disconnect()
	}
	if cuts != d.cuts {
		d.off = true
		d.pending, d.jam, d.supply, d.waits = codeReset, 0, 0, 0
		d.panels = map[byte][]byte{}
	}
	d.cuts, d.pulls = cuts, pulls
	state, doors := d.m.State(), d.m.Doors()
	switch {
	case !state.Powered || state.CoverOpen:
	case d.off:
		d.off, d.doors = false, doors
		d.start(d.m.Model().Timing.Warm)
	case doors != d.doors:
		d.doors = doors
		d.start(0) // ribbon and film are found again
	}
}

// disconnect drops everything that is on its way. Called with d.mu held.
func (d *Device) disconnect() {
	d.epoch++
	d.stage, d.data, d.out = stageCommand, nil, nil
	d.haltOut, d.haltIn, d.haltLast, d.wedged = false, false, false, false
	d.wake()
}

// start lets the printer look for its card, ribbon and film, and warm up. Called with d.mu held.
func (d *Device) start(warm time.Duration) {
	d.boots++
	boot := d.boots
	d.starting, d.started = codeInitializing, false
	latest := func(f func()) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.boots == boot {
			f()
			d.wake()
		}
	}
	d.done.Go(func() {
		_ = d.m.Spend(d.ctx, d.m.Model().Timing.Restart)
		_ = d.m.Home(d.ctx) // what it ends with the next motion meets again
		if warm > 0 {
			latest(func() { d.starting = codeWarming })
			_ = d.m.Spend(d.ctx, warm)
		}
		latest(func() { d.started = true })
	})
}
