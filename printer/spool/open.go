package spool

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/OpenPrinting/goipp"

	"blanko/fault"
	"blanko/printer"
)

// Config is one queue of the system and what its printer is: CUPS tells little of a card printer.
type Config struct {
	// Server is host:port on loopback, or the path of the server's socket; empty: DefaultServer.
	Server string
	Queue  string
	// Geometry of a side in dots, landscape; zero: ID1.
	Geometry printer.Geometry
	// Retransfer tells of a printer that prints on film first.
	Retransfer bool
	TwoSided   bool
	// Poll is the pause between two looks at a job; zero: one second.
	Poll time.Duration
	// Patience bounds a job from its acceptance to its end; zero: five minutes, which is more than
	// heating and cooling of a retransfer printer take. After that the print is in doubt.
	Patience time.Duration
	// Sleep waits between two looks; nil: real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// DefaultServer is where CUPS listens on Debian.
const DefaultServer = "/run/cups/cups.sock"

// ID1 is a card without margins at 300 dpi, as most CUPS drivers of card printers take it.
var ID1 = printer.Geometry{Columns: 1012, Rows: 638, DPI: 300, Levels: 256}

// answerWithin bounds one request to the server.
const answerWithin = 30 * time.Second

// panels that a page is composed of. The driver makes its own, so the overlay is its affair.
const panels = "YMCK"

// raster is the picture format that a driver's filter takes unchanged.
const raster = "application/vnd.cups-raster"

// Printer is a queue. It is a printer.Printer and no printer.Path: the host has no say in the
// card's way. One caller at a time.
type Printer struct {
	cfg    Config
	server *server
	model  string
	last   printer.Known[string] // job id
	astray int                   // a job that could not be canceled; 0: none
	kept   int                   // a job whose picture the server keeps and does not remove; 0: none
}

var _ printer.Printer = (*Printer)(nil)

// Open looks the queue up and refuses one that repeats jobs by itself, that takes no picture, or
// that lies on another machine. Errors: spool.not_here, spool.queue_unknown, spool.policy_wrong,
// spool.format_unsupported, printer.comm.
func Open(ctx context.Context, cfg Config) (*Printer, error) {
	if cfg.Server == "" {
		cfg.Server = DefaultServer
	}
	if cfg.Geometry == (printer.Geometry{}) {
		cfg.Geometry = ID1
	}
	if cfg.Poll == 0 {
		cfg.Poll = time.Second
	}
	if cfg.Patience == 0 {
		cfg.Patience = 5 * time.Minute
	}
	if cfg.Sleep == nil {
		cfg.Sleep = printer.Sleep
	}
	s, err := newServer(cfg.Server, answerWithin)
	if err != nil {
		return nil, err
	}
	p := &Printer{cfg: cfg, server: s}
	a, err := p.queue(ctx)
	if err != nil {
		s.close()
		return nil, err
	}
	p.model = a.word("printer-make-and-model")
	return p, nil
}

// Close forgets the server. Jobs under way are not touched.
func (p *Printer) Close() error {
	p.server.close()
	return nil
}

// queue reads the queue's attributes and proves that it keeps the rules.
func (p *Printer) queue(ctx context.Context) (attributes, error) {
	const op = "spool.Open"
	a, err := p.look(ctx)
	if status, ok := errors.AsType[refused](err); ok && status.status == goipp.StatusErrorNotFound {
		return nil, QueueUnknown.At(op, err).With("spool.queue", "%q", p.cfg.Queue)
	} else if err != nil {
		return nil, unreachable(op, err)
	}
	if err := usable(a); err != nil {
		return nil, err
	}
	return a, nil
}

// usable says what is wrong with a queue for cards; nil: nothing.
func usable(a attributes) *fault.Error {
	const op = "spool.Open"
	if policy := a.word("printer-error-policy"); policy != "abort-job" {
		return PolicyWrong.At(op, nil).With("printer-error-policy", "%q, must be \"abort-job\"", policy)
	}
	if !a.has("document-format-supported", raster) {
		return FormatUnsupported.At(op, nil).With("document-format-supported", "%s is not among them", raster)
	}
	return nil
}

// look reads the queue's attributes.
func (p *Printer) look(ctx context.Context) (attributes, error) {
	m := p.server.message(goipp.OpGetPrinterAttributes, p.cfg.Queue)
	wanted := []string{
		"printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "queued-job-count",
		"printer-error-policy", "printer-make-and-model", "document-format-supported",
		"marker-names", "marker-types", "marker-levels",
	}
	names := goipp.MakeAttr("requested-attributes", goipp.TagKeyword, goipp.String(wanted[0]))
	for _, w := range wanted[1:] {
		names.Values.Add(goipp.TagKeyword, goipp.String(w))
	}
	m.Operation.Add(names)
	answer, err := p.server.send(ctx, m, nil)
	if err != nil {
		return nil, err
	}
	return gather(answer.Printer), nil
}

// Capabilities are those of the configuration: a spooler tells none of them.
func (p *Printer) Capabilities() printer.Capabilities {
	technology := printer.DirectToCard
	if p.cfg.Retransfer {
		technology = printer.Retransfer
	}
	return printer.Capabilities{
		Model: p.model, Technology: technology, Geometry: p.cfg.Geometry, Panels: panels, TwoSided: p.cfg.TwoSided, Spooled: true,
	}
}

// machine is the name that jobs carry beside the attempt id; it holds no person's data.
func machine() string {
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "localhost"
}
