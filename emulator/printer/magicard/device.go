package magicard

import (
	"context"
	"fmt"
	"sync"

	"blanko/emulator/printer"
)

// Config is how this printer speaks.
type Config struct {
	Model    Model  // Name empty: the model that the machine's name names, else an Enduro
	Firmware string // such as "1.40"
	// Head is the position of the print head; 0: 50. Dot 65 - Head of the head (one more on a KEE
	// model) prints the first row of the card.
	Head int
	// NoShift leaves out the one dot more of a KEE model. The public sources differ by it.
	NoShift  bool
	HeadType int // status field 2: 0 KGE2, 1 KEE1, 2 KEE4
	// Eager feeds the card and lays each plane as soon as it has come. Off, a page is printed when
	// it is complete. Public sources leave it open.
	Eager bool
	// Resumes: after an error the printer waits for a person and goes on with the job by itself, on
	// another card if need be. Off, an error ends the job.
	Resumes bool
	// DyesOnly lets the panel counters count yellow, magenta and cyan alone.
	DyesOnly bool
	// DeafWhilePrinting: questions are answered when the card is done.
	DeafWhilePrinting bool
	// Colons separates fields of the status with ":" in place of ",", every second one.
	Colons bool
	// SplitReplies cuts every answer into pieces of so many bytes; 0: an answer is one piece.
	SplitReplies int
	// KeepStale: a new connection finds the rest of an unfinished job and unread answers of the one
	// before.
	KeepStale bool
	// Cards and Panels are the counters of the printer when it comes from its last office.
	Cards, Panels int
	// Trace sees every header and request, without the planes. It is called from the device's own
	// goroutine.
	Trace func(text string)
}

// headPosition is the default of status field 16 and of the header word DDD.
const headPosition = 50

// Device is one printer at the end of a cable.
type Device struct {
	printer.Script[Fault]

	m     *printer.Machine
	cfg   Config
	stop  context.CancelFunc
	ctx   context.Context
	done  sync.WaitGroup
	pages chan *page // to the motors; one page waits at most

	// Between host and worker.
	mu          sync.Mutex
	changed     chan struct{}
	in          []byte
	out         [][]byte
	outSize     int
	held        [][]byte // late answers
	cuts, pulls int      // of the machine, when buffers were last emptied
	host        int      // counts connections
	taken       int      // headers and requests taken
	findings    printer.Findings
	lost        int
	deaf        bool

	// Between worker and motors.
	open    int                // pages on their way to the motors, and jobs that are printed
	cancel  context.CancelFunc // of the job that is printed; nil: none is
	waiting bool               // for the second page of the card inside
	trouble *trouble
	counts  counts
	shown   int // what the feed counter said when the newest card was counted
}

// counts outlive a power cut.
type counts struct{ cards, panels, sinceCleaned int }

// New connects a machine. The device works on its own goroutines until Close.
func New(m *printer.Machine, cfg Config) *Device {
	if cfg.Model.Name == "" {
		var ok bool
		if cfg.Model, ok = FindModel(m.Model().Name); !ok {
			cfg.Model = Models[0]
		}
	}
	if cfg.Head == 0 {
		cfg.Head = headPosition
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &Device{
		m: m, cfg: cfg, ctx: ctx, stop: stop, changed: make(chan struct{}), pages: make(chan *page, 1),
		counts: counts{cards: cfg.Cards, panels: cfg.Panels}, shown: m.Sense().Fed,
	}
	d.cuts, d.pulls = m.Session()
	d.done.Go(d.work)
	d.done.Go(d.print)
	return d
}

// DeviceID is the IEEE 1284 text.
func (d *Device) DeviceID(ctx context.Context) (string, error) {
	if err := d.online(); err != nil {
		return "", err
	}
	return fmt.Sprintf("MFG:%s;MDL:%s;CLS:PRINTER;SN:%s;", d.cfg.Model.Maker, d.cfg.Model.Name, d.m.Serial()), ctx.Err()
}

// Close ends the connection and the device's goroutines. The machine stays as it is.
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
