package station

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"blanko/fault"
	"blanko/jobs"
	device "blanko/printer"
	"blanko/registry"
)

// toldAgain is how old the word of a device may become in the ledger though nothing changed.
const toldAgain = time.Minute

// readings are what the devices of a station told last, and what of it the ledger knows.
type readings struct {
	mu     sync.Mutex
	newest map[string]registry.Reading
	told   map[string]registry.Reading
	at     map[string]time.Time // when it was told
	looks  map[jobs.LineID]chan struct{}
	others []func(context.Context) []registry.Reading // of what no line has for itself, by its part of the name
}

// also has further devices asked.
func (r *readings) also(ask func(context.Context) []registry.Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.others = append(r.others, ask)
}

// keep is the newest word of a device.
func (r *readings) keep(x registry.Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newest == nil {
		r.newest = map[string]registry.Reading{}
	}
	if x.Fault != "" && x.Model == "" { // that it does not answer says nothing of what it is
		was := r.newest[x.Device]
		x.Model, x.Serial, x.Firmware = was.Model, was.Serial, was.Firmware
	}
	r.newest[x.Device] = x
}

// hear keeps what the printer of a line tells.
func (r *readings) hear(name string, line jobs.LineID) func(device.Capabilities, device.Status, error) {
	return func(caps device.Capabilities, st device.Status, err error) {
		switch {
		case name == "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		default:
			r.keep(printerReading(name, line, caps, st, err))
		}
	}
}

// look is how a line is asked to read its printer once nothing is in work.
func (r *readings) look(line jobs.LineID) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.looks == nil {
		r.looks = map[jobs.LineID]chan struct{}{}
	}
	if r.looks[line] == nil {
		r.looks[line] = make(chan struct{}, 1)
	}
	return r.looks[line]
}

// due are the words that the ledger does not know, that are old, or that somebody waits for.
func (r *readings) due(now time.Time, asked map[string]bool) (list []registry.Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, x := range r.newest {
		if asked[name] || now.Sub(r.at[name]) >= toldAgain || !reflect.DeepEqual(x, r.told[name]) {
			list = append(list, x)
		}
	}
	return list
}

// known remembers what the ledger has taken.
func (r *readings) known(list []registry.Reading, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.told == nil {
		r.told, r.at = map[string]registry.Reading{}, map[string]time.Time{}
	}
	for _, x := range list {
		r.told[x.Device], r.at[x.Device] = x, now
		if x.Kind == registry.DevicePrinter { // an old word is not told as if it were new
			delete(r.newest, x.Device)
		}
	}
}

// deviceOf is what the printer of a line is called; empty where this station tells of nothing.
func (s *Station) deviceOf(line jobs.LineID) string {
	if s.Name == "" {
		return ""
	}
	return s.device(lineDevice(line) + "." + string(registry.DevicePrinter))
}

// tellReadings writes what the devices told into the ledger, and has those read that somebody waits for or that
// nobody has heard of for a while.
func (s *Station) tellReadings(ctx context.Context) error {
	if s.Name == "" {
		return nil
	}
	s.askDevices(ctx)
	kept, err := s.Registry.Readings(ctx)
	if err != nil {
		return err
	}
	now, asked, old := s.Now(), map[string]bool{}, map[string]bool{}
	for _, x := range kept {
		asked[x.Device], old[x.Device] = x.Asked(), now.Sub(x.At) >= toldAgain
	}
	for line, look := range s.readings.lines() {
		if name := s.deviceOf(line); asked[name] || old[name] {
			select {
			case look <- struct{}{}:
			default: // it was asked before, and has a card in work
			}
		}
	}
	list := s.readings.due(now, asked)
	if len(list) == 0 {
		return nil
	}
	if err := s.Registry.Tell(ctx, list); err != nil {
		return err
	}
	s.readings.known(list, now)
	return nil
}

// lines are those that can be asked to read their printers.
func (r *readings) lines() map[jobs.LineID]chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[jobs.LineID]chan struct{}{}
	for id, look := range r.looks {
		out[id] = look
	}
	return out
}

// askDevices asks what no line has for itself.
func (s *Station) askDevices(ctx context.Context) {
	if s.Power != nil {
		about, err := s.Power.Describe(ctx)
		x := registry.Reading{Device: s.device("ups"), Kind: registry.DeviceUPS, Model: about.Model, Serial: about.Serial, Firmware: about.Firmware, Fault: fault.CodeOf(err)}
		if about.Charge >= 0 {
			x.Gauges = append(x.Gauges, registry.Gauge{Of: registry.GaugeBattery, Value: about.Charge, Full: 100})
		}
		if about.Runtime > 0 {
			x.Gauges = append(x.Gauges, registry.Gauge{Of: registry.GaugeRuntime, Value: int(about.Runtime.Minutes())})
		}
		if ctx.Err() == nil {
			s.readings.keep(x)
		}
	}
	s.readings.mu.Lock()
	others := slices.Clone(s.readings.others)
	s.readings.mu.Unlock()
	for _, ask := range others {
		for _, x := range ask(ctx) {
			x.Device = s.device(x.Device)
			if ctx.Err() == nil {
				s.readings.keep(x)
			}
		}
	}
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

// readerReadings are the readers of the lines.
func (s *Lines) readerReadings(context.Context) (list []registry.Reading) {
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
