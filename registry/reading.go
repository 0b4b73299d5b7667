package registry

import (
	"context"
	"slices"
	"time"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/store"
)

// DeviceKind is what a device of a station is.
type DeviceKind string

const (
	DevicePrinter DeviceKind = "printer"
	DeviceReader  DeviceKind = "reader"
	DeviceToken   DeviceKind = "token"
	DeviceUPS     DeviceKind = "ups"
	DeviceCenter  DeviceKind = "center" // the link to the data center
)

// Reading is what a device told of itself last. It is no event, and gone once the device tells anew.
type Reading struct {
	Device                  string // as Health has it: of a station, of a line of it
	Kind                    DeviceKind
	Line                    jobs.LineID // that works with it; empty: the station
	Model, Serial, Firmware string      // empty: it does not tell
	Levels                  []Level     `json:",omitempty"`
	Gauges                  []Gauge     `json:",omitempty"`
	Fault                   fault.Code  `json:",omitempty"` // what stands in its way; empty: nothing
	At                      time.Time   `json:"-"`          // when it told
	AskedAt                 time.Time   `json:"-"`          // when somebody wanted it to tell; zero: nobody since it did
}

// Asked reports whether somebody waits for it.
func (r Reading) Asked() bool { return !r.AskedAt.IsZero() }

// LevelOf is what a device tells by a word: hopper, output, reject.
type LevelOf string

// Level is how full something is: empty, low, cards, room, near_full, full.
type Level struct {
	Of LevelOf
	Is string
}

// GaugeOf is what a device tells by a number.
type GaugeOf string

const (
	GaugeRibbon   GaugeOf = "ribbon"   // printed sides left, of those when it was new
	GaugeFilm     GaugeOf = "film"     // transferred sides left, of those when it was new
	GaugeCleaning GaugeOf = "cleaning" // cards since the last one, of those it wants one after
	GaugeFed      GaugeOf = "fed"      // cards it ever took in
	GaugePrinted  GaugeOf = "printed"  // cards it ever printed
	GaugePanels   GaugeOf = "panels"   // panels it ever printed
	GaugeBattery  GaugeOf = "battery"  // percent
	GaugeRuntime  GaugeOf = "runtime"  // minutes on its battery
)

// Gauge is one number; Full 0: it has no end.
type Gauge struct {
	Of    GaugeOf
	Value int
	Full  int `json:",omitempty"`
}

// Tell writes what devices told of themselves. It is no event.
func (r *Registry) Tell(ctx context.Context, list []Reading) error {
	return r.store.Write(ctx, func(tx *store.Tx) error {
		for _, x := range list {
			if !thingCode.MatchString(x.Device) {
				return badOperation.At("registry.Tell", nil).With("device", "small letters, digits and _.:-")
			}
			x.At, x.AskedAt = tx.Now(), time.Time{}
			if err := x.save(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Readings are what all devices told, by their names.
func (r *Registry) Readings(ctx context.Context) (list []Reading, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err = readings(tx, `order by device`)
		return err
	})
	return list, err
}

// DevicesMark changes whenever a device told of itself, or was asked to: none of which is an event of its own.
func (r *Registry) DevicesMark(ctx context.Context) (mark string, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		mark, err = devicesMark(tx)
		return err
	})
	return mark, err
}

// AskDevice wants a device to be tested now: its station reads it as soon as nothing is in work there, and what a desk
// looks at tells with the next look of the desk.
type AskDevice struct{ Device string }

func (AskDevice) Name() Name { return opAskDevice }

func (o AskDevice) run(a *act) error {
	list, err := readings(a.tx, `where device = ?`, o.Device)
	if err != nil {
		return err
	}
	line := ""
	for _, x := range list {
		line, x.AskedAt = string(x.Line), a.now()
		if err := x.save(a.tx); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		if err := a.askDesk(o.Device); err != nil {
			return err
		}
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Line: line, Detail: map[string]string{"device": o.Device}})
}

// askDesk waits for what a desk tells of a device.
func (a *act) askDesk(device string) error {
	told, err := health(a.tx, `where device = ?`, device)
	if err != nil {
		return err
	}
	told = slices.DeleteFunc(told, func(h Health) bool { return !h.Testable() })
	for _, h := range told {
		h.AskedAt = a.now()
		if err := h.save(a.tx); err != nil {
			return err
		}
	}
	if len(told) == 0 {
		return unknownID.At("registry.AskDevice", nil).With("device", "none of that name ever told anything")
	}
	return nil
}
