package station

import (
	"context"
	"errors"
	"slices"
	"sync"

	"blanko/applet"
	"blanko/applet/pcsc"
	"blanko/jobs"
	"blanko/personalize"
	device "blanko/printer"
	"blanko/printer/usb"
)

// Lines opens the devices of the lines of a configuration: each its own printer and its own reader.
// Safe for concurrent use.
type Lines struct {
	configs  []LineConfig
	printers Printers
	readers  *pcsc.Watcher
	hasDesk  bool
	desk     sync.Mutex // of the line that reads there

	mu   sync.Mutex
	open []func() error // what closes the devices, in the order of opening
}

// FindLines begins to follow the readers of the lines. Close ends it.
func FindLines(c Config, printers Printers) (*Lines, error) {
	w, err := pcsc.Watch(c.readers()...)
	if err != nil {
		return nil, err
	}
	return &Lines{configs: c.Lines, printers: printers, readers: w, hasDesk: c.Desk.Reader.Cable == cablePCSC}, nil
}

// Close lets go of every device; no line may be running.
func (s *Lines) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []error
	for _, end := range slices.Backward(s.open) {
		all = append(all, end())
	}
	s.open = nil
	return errors.Join(append(all, s.readers.Close())...)
}

// Calibrate learns which reader is that of a line, where two of a model cannot be told apart: the one
// that a person, who was asked to, lays a card into. See pcsc.Watcher.
func (s *Lines) Calibrate(ctx context.Context, id jobs.LineID) (pcsc.Reader, error) {
	return s.readers.Calibrate(ctx, string(id))
}

// AtDesk lends the reader of the desk to one line at a time. Errors: station.desk_reader_missing, station.desk_taken
// while another line has it, and those of the reader.
func (s *Lines) AtDesk(ctx context.Context, use func(applet.Transport) error) error {
	if !s.hasDesk {
		return DeskReaderMissing.At("station.Lines.AtDesk", nil)
	}
	if !s.desk.TryLock() {
		return DeskTaken.At("station.Lines.AtDesk", nil)
	}
	defer s.desk.Unlock()
	reader, err := s.readers.Open(ctx, deskReader)
	if err != nil {
		return err
	}
	return errors.Join(use(pcsc.Arrival{Transport: reader}), reader.Close())
}

// Open puts a line together: like gives what all lines of a station have in common (keys, signing, look,
// hands, book, clock, and a Setup without id, kind and rest). Errors: those of the printer's language, of
// USB or the print queue, and of the reader; pcsc.reader_ambiguous until Calibrate.
func (s *Lines) Open(ctx context.Context, id jobs.LineID, like personalize.Line) (_ *personalize.Line, err error) {
	const op = "station.Lines.Open"
	at := slices.IndexFunc(s.configs, func(l LineConfig) bool { return l.ID == id })
	if at < 0 {
		return nil, ConfigWrong.At(op, nil).With("lines", "none is %q", id)
	}
	l := s.configs[at]
	var ends []func() error
	defer func() {
		if err != nil {
			for _, end := range slices.Backward(ends) {
				err = errors.Join(err, end())
			}
			return
		}
		s.mu.Lock()
		s.open = append(s.open, ends...)
		s.mu.Unlock()
	}()
	like.ID, like.Kind, like.Rest = l.ID, l.Kind, l.Printer.Rest
	printer, end, err := openLinePrinter(ctx, s.printers, l)
	if err != nil {
		return nil, err
	}
	ends = append(ends, end)
	like.Printer, like.Path = printer, nil
	if l.Kind != jobs.Desktop {
		like.Path, _ = printer.(device.Path)
	}
	reader, err := s.readers.Open(ctx, string(id))
	if err != nil {
		return nil, err
	}
	ends = append(ends, reader.Close)
	// A card path and a person are both faster than the service, which looks for cards now and then.
	like.Reader = pcsc.Arrival{Transport: reader}
	return &like, nil
}

// openLinePrinter opens the printer of a line, set up as it wants it.
func openLinePrinter(ctx context.Context, ports Printers, l LineConfig) (device.Printer, func() error, error) {
	const op = "station.openLinePrinter"
	if l.Printer.Cable == cableCUPS {
		q, err := openQueue(ctx, l.Printer)
		if err != nil {
			return nil, nil, err
		}
		return q, q.Close, nil
	}
	at := slices.IndexFunc(printerLanguages, func(r printerLanguage) bool { return r.Name == l.Printer.Language })
	switch {
	case at < 0:
		return nil, nil, PrinterUnknown.At(op, nil).With("printer.language", "%q", l.Printer.Language)
	case l.Printer.Cable != cableUSB:
		return nil, nil, CableMissing.At(op, nil).With("printer.cable", "%q", l.Printer.Cable)
	}
	speaks := printerLanguages[at]
	link, err := ports.Open(ctx, usb.Identity{Vendor: speaks.Vendor, Serial: l.Printer.Serial, Model: l.Printer.Model, Place: l.Printer.Place})
	if err != nil {
		return nil, nil, err
	}
	p, err := speaks.Open(ctx, link, l.Printer, l.Kind != jobs.Desktop)
	if err != nil {
		return nil, nil, errors.Join(err, link.Close())
	}
	return p, link.Close, nil
}
