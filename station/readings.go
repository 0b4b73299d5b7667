package station

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"blanko/fault"
	"blanko/jobs"
	device "blanko/printer"
	"blanko/registry"
	"blanko/registry/datacenter"
)

// toldAgain is how old the word of a device may become in the ledger though nothing changed.
const toldAgain = time.Minute

// readings are what printers told since the ledger was told, and how the devices of a station are asked.
type readings struct {
	mu     sync.Mutex
	heard  map[string]registry.Reading
	lines  map[string]chan struct{}                   // that read their printers when they are asked to, by what those are called
	looked map[string]bool                            // printers that were asked since somebody waits for them
	others []func(context.Context) []registry.Reading // of what no line has for itself, by its part of the name
}

// also has further devices asked.
func (r *readings) also(ask func(context.Context) []registry.Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.others = append(r.others, ask)
}

// hear keeps what the printer of a line tells.
func (r *readings) hear(name string, line jobs.LineID) func(device.Capabilities, device.Status, error) {
	return func(caps device.Capabilities, st device.Status, err error) {
		if name == "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.heard == nil {
			r.heard = map[string]registry.Reading{}
		}
		r.heard[name] = printerReading(name, line, caps, st, err)
	}
}

// look is how a line is asked to read its printer once nothing is in work.
func (r *readings) look(name string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lines == nil {
		r.lines, r.looked = map[string]chan struct{}{}, map[string]bool{}
	}
	if r.lines[name] == nil {
		r.lines[name] = make(chan struct{}, 1)
	}
	return r.lines[name]
}

// take gives what printers told since the last turn, and asks for what is wanted anew. What was heard before somebody
// asked is no answer.
func (r *readings) take(kept map[string]registry.Reading, wanted func(name string) bool) (list []registry.Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, x := range r.heard {
		if kept[name].Asked() && !r.looked[name] {
			delete(r.heard, name)
			continue
		}
		list = append(list, x)
		delete(r.looked, name)
	}
	for name, look := range r.lines {
		if _, told := r.heard[name]; told || !wanted(name) {
			continue
		}
		r.looked[name] = r.looked[name] || kept[name].Asked()
		select {
		case look <- struct{}{}:
		default: // it was asked before, and has a card in work
		}
	}
	clear(r.heard)
	return list
}

// deviceOf is what the printer of a line is called; empty where this station tells of nothing.
func (s *Station) deviceOf(line jobs.LineID) string {
	if s.Name == "" {
		return ""
	}
	return s.device(lineDevice(line) + "." + string(registry.DevicePrinter))
}

// tellReadings writes what the devices told into the ledger where it is another word, where the last one is old, and
// where somebody waits for it.
func (s *Station) tellReadings(ctx context.Context) error {
	if s.Name == "" {
		return nil
	}
	all, err := s.Registry.Readings(ctx)
	if err != nil {
		return err
	}
	kept := map[string]registry.Reading{}
	for _, x := range all {
		if strings.HasPrefix(x.Device, s.device("")) {
			kept[x.Device] = x
		}
	}
	wanted := func(name string) bool {
		x, known := kept[name]
		return !known || x.Asked() || s.Now().Sub(x.At) >= toldAgain
	}
	var list []registry.Reading
	for _, x := range slices.Concat(s.readings.take(kept, wanted), s.askOthers(ctx, kept, wanted)) {
		was := kept[x.Device]
		if x.Fault != "" && x.Model == "" { // that it does not answer says nothing of what it is
			x.Model, x.Serial, x.Firmware = was.Model, was.Serial, was.Firmware
		}
		x.At, x.AskedAt = was.At, was.AskedAt
		if wanted(x.Device) || !reflect.DeepEqual(x, was) {
			list = append(list, x)
		}
	}
	if len(list) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	return s.Registry.Tell(ctx, list)
}

// askOthers asks what no line has for itself, where one of them is wanted or none is known yet.
func (s *Station) askOthers(ctx context.Context, kept map[string]registry.Reading, wanted func(string) bool) (list []registry.Reading) {
	known, due := false, false
	for name, x := range kept {
		if x.Kind != registry.DevicePrinter {
			known, due = true, due || wanted(name)
		}
	}
	if known && !due {
		return nil
	}
	if s.Power != nil {
		list = append(list, s.supplyReading(ctx))
	}
	if s.Center != nil {
		list = append(list, s.linkReading(ctx))
	}
	s.readings.mu.Lock()
	others := slices.Clone(s.readings.others)
	s.readings.mu.Unlock()
	for _, ask := range others {
		for _, x := range ask(ctx) {
			x.Device = s.device(x.Device)
			list = append(list, x)
		}
	}
	return list
}

// linkPatience is how long the center may take to answer a test of the link.
const linkPatience = 5 * time.Second

// linkReading is whether the center answers a question of this station.
func (s *Station) linkReading(ctx context.Context) registry.Reading {
	ctx, cancel := context.WithTimeout(ctx, linkPatience)
	defer cancel()
	cursor, err := s.Registry.FeedCursor(ctx)
	if err == nil {
		_, err = s.Center.Feed(ctx, cursor, 1, 0)
	}
	x := registry.Reading{Device: s.device(linkDevice), Kind: registry.DeviceCenter}
	if err != nil && !fault.Is(err, datacenter.CursorLost) { // which is an answer
		x.Fault = cmp.Or(fault.CodeOf(err), datacenter.CenterAway.Code)
	}
	return x
}

// supplyReading is what the power supply is, and how full its battery.
func (s *Station) supplyReading(ctx context.Context) registry.Reading {
	about, err := s.Power.Describe(ctx)
	x := registry.Reading{Device: s.device("ups"), Kind: registry.DeviceUPS, Model: strings.TrimSpace(about.Maker + " " + about.Model), Serial: about.Serial, Firmware: about.Firmware, Fault: fault.CodeOf(err)}
	if about.Charge >= 0 {
		x.Gauges = append(x.Gauges, registry.Gauge{Of: registry.GaugeBattery, Value: about.Charge, Full: 100})
	}
	if about.Runtime > 0 {
		x.Gauges = append(x.Gauges, registry.Gauge{Of: registry.GaugeRuntime, Value: int(about.Runtime.Minutes())})
	}
	return x
}

// tokenReading is what the token is, and whether it works.
func (k stationKeys) tokenReading(ctx context.Context) []registry.Reading {
	if k.misbuilt != nil || k.ring == nil {
		return nil
	}
	err := k.ring.token.Ready(ctx)
	about := k.ring.token.About()
	return []registry.Reading{{Device: "token", Kind: registry.DeviceToken, Model: about.Model, Serial: about.Serial, Fault: fault.CodeOf(err)}}
}

// readerReadings are the readers of desk and lines.
func (s *Lines) readerReadings(context.Context) (list []registry.Reading) {
	if s.hasDesk {
		reader, err := s.readers.Find(deskReader)
		list = append(list, registry.Reading{Device: deskReader, Kind: registry.DeviceReader, Model: reader.Model, Serial: reader.Serial, Fault: fault.CodeOf(err)})
	}
	for _, l := range s.configs {
		reader, err := s.readers.Find(string(l.ID))
		list = append(list, registry.Reading{Device: lineDevice(l.ID) + "." + string(registry.DeviceReader), Kind: registry.DeviceReader, Line: l.ID, Model: reader.Model, Serial: reader.Serial, Fault: fault.CodeOf(err)})
	}
	return list
}

// printerReading is what the ledger keeps of a printer's word.
func printerReading(name string, line jobs.LineID, caps device.Capabilities, st device.Status, err error) registry.Reading {
	x := registry.Reading{Device: name, Kind: registry.DevicePrinter, Line: line, Model: caps.Model, Serial: caps.Serial, Firmware: caps.Firmware, Fault: fault.CodeOf(err)}
	if err != nil {
		return x
	}
	if st.Error != device.ClassNone {
		x.Fault = device.Fault(st.Error).Code
	}
	for _, l := range []struct {
		of registry.LevelOf
		is device.Known[device.Level]
	}{{"hopper", st.Hopper}, {"output", st.Output}, {"reject", st.Reject}} {
		if l.is.Known {
			x.Levels = append(x.Levels, registry.Level{Of: l.of, Is: string(l.is.Value)})
		}
	}
	number := func(of registry.GaugeOf, value, full device.Known[int]) {
		if value.Known {
			x.Gauges = append(x.Gauges, registry.Gauge{Of: of, Value: value.Value, Full: full.Value})
		}
	}
	if st.Ribbon.Known {
		number(registry.GaugeRibbon, st.Ribbon.Value.Left, st.Ribbon.Value.Total)
	}
	if st.Film.Known {
		number(registry.GaugeFilm, st.Film.Value.Left, st.Film.Value.Total)
	}
	none := device.Known[int]{}
	number(registry.GaugeCleaning, st.Cleaning.Since, st.Cleaning.Limit)
	number(registry.GaugeFed, st.Counters.Cards, none)
	number(registry.GaugePrinted, st.Counters.Prints, none)
	number(registry.GaugePanels, st.Counters.Panels, none)
	return x
}
