package evolis

import (
	"context"
	"fmt"
	"sync"

	"blanko/emulator/printer"
)

// Config is how this printer speaks.
type Config struct {
	Type     string // answer to Rtp; empty: maker and model of the machine
	Firmware string
	HeadKit  string
	MAC, IP  string
	Set      CommandSet
	// DisarmAfterEject: an eject that was armed with Pneab;A;1 is disarmed by the eject itself.
	// Off, it stays armed until Pneab;A;0 or Pneab;E. Public sources leave it open.
	DisarmAfterEject bool
	// SplitReplies cuts every answer into pieces of so many bytes; 0: an answer is one piece.
	SplitReplies int
	// KeepStale: a new connection finds the rest of an unfinished command and unread answers of
	// the one before.
	KeepStale bool
	// Trace sees every command (name and text fields, never data) with its answer. It is called
	// from the device's own goroutine.
	Trace func(command, reply string)
}

// CommandSet is what the firmware knows. The newer one has the settings Pcim, Pcem, Pcrm, Pneab,
// Psmgr and Pbc and panels with 8 bits, and answers Rlr;p with OK when no card is inside.
type CommandSet string

const (
	SetOfModel CommandSet = ""
	SetOlder   CommandSet = "older"
	SetNewer   CommandSet = "newer"
)

// newerModels have the newer set. For the KC200 a public program shows it; for the Primacy 2 it
// is assumed.
var newerModels = map[string]bool{"KC200": true, "Primacy 2": true}

// Device is one printer at the end of a cable.
type Device struct {
	printer.Script[Fault]

	m     *printer.Machine
	cfg   Config
	newer bool // the newer command set
	stop  context.CancelFunc
	done  chan struct{} // closed when the worker has ended
	ctx   context.Context

	// Between host and worker.
	mu          sync.Mutex
	changed     chan struct{}
	parser      parser
	in          []byte
	out         [][]byte
	outSize     int
	held        [][]byte // late answers
	waiting     int      // hosts that wait in Read
	cuts, pulls int      // of the machine, when buffers were last emptied
	host        int      // counts connections
	downloads   int      // panels taken since Ss
	taken       int      // commands taken
	findings    printer.Findings
	lost        int

	// The worker's own.
	set             settings
	seq             sequence
	last            []laid // for Sc
	memory          [2]map[byte]*panel
	tracks          [4]string
	fault           error // the error state, until Scs or Srs
	myCuts, myPulls int
}

// New connects a machine. The device works on its own goroutine until Close.
func New(m *printer.Machine, cfg Config) *Device {
	if cfg.Type == "" {
		cfg.Type = m.Model().Maker + " " + m.Model().Name
	}
	newer := cfg.Set == SetNewer || cfg.Set == SetOfModel && newerModels[m.Model().Name]
	ctx, stop := context.WithCancel(context.Background())
	d := &Device{m: m, newer: newer, cfg: cfg, ctx: ctx, stop: stop, done: make(chan struct{}), changed: make(chan struct{}), parser: newParser()}
	d.cuts, d.pulls = m.Session()
	d.myCuts, d.myPulls = d.cuts, d.pulls
	d.set = freshSettings(errorsByPrinter)
	d.clearMemory()
	go d.work()
	return d
}

// DeviceID is the IEEE 1284 text.
func (d *Device) DeviceID(ctx context.Context) (string, error) {
	if err := d.online(); err != nil {
		return "", err
	}
	model := d.m.Model()
	return fmt.Sprintf("MFG:%s;MDL:%s %s;CLS:PRINTER;SN:%s;", model.Maker, model.Maker, model.Name, d.m.Serial()), ctx.Err()
}

// Close ends the connection and the device's goroutine. The machine stays as it is.
func (d *Device) Close() error {
	d.stop()
	<-d.done
	return nil
}

func (d *Device) online() error {
	if d.ctx.Err() != nil {
		return printer.ErrClosed
	}
	return d.m.Online()
}
