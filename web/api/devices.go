package api

import (
	"context"
	"time"

	"blanko/registry"
	"blanko/registry/access"
)

// deviceReading is what a device told of itself last.
type deviceReading struct {
	Device   string        `json:"device"`
	Kind     string        `json:"kind" enum:"printer,reader,token,ups,center"`
	Line     string        `json:"line,omitempty"`
	Model    string        `json:"model,omitempty"`
	Serial   string        `json:"serial,omitempty"`
	Firmware string        `json:"firmware,omitempty"`
	Levels   []deviceLevel `json:"levels"`
	Gauges   []deviceGauge `json:"gauges"`
	Fault    string        `json:"fault,omitempty" doc:"Code of what stands in its way"`
	At       time.Time     `json:"at"`
	AskedAt  *time.Time    `json:"askedAt,omitempty" doc:"Somebody waits for it to be read since"`
}

type deviceLevel struct {
	Of string `json:"of" enum:"hopper,output,reject"`
	Is string `json:"is" doc:"empty, low, cards, room, near_full, full"`
}

type deviceGauge struct {
	Of    string `json:"of" doc:"ribbon, film: printed sides left; cleaning: cards since; fed, printed, panels: ever; battery: percent; runtime: minutes"`
	Value int    `json:"value"`
	Full  int    `json:"full,omitempty"`
}

func readingOf(x registry.Reading) deviceReading {
	out := deviceReading{
		Device: x.Device, Kind: string(x.Kind), Line: string(x.Line), Model: x.Model, Serial: x.Serial, Firmware: x.Firmware,
		Levels: []deviceLevel{}, Gauges: []deviceGauge{}, Fault: string(x.Fault), At: x.At.UTC(), AskedAt: moment(x.AskedAt),
	}
	for _, l := range x.Levels {
		out.Levels = append(out.Levels, deviceLevel{string(l.Of), l.Is})
	}
	for _, g := range x.Gauges {
		out.Gauges = append(out.Gauges, deviceGauge{string(g.Of), g.Value, g.Full})
	}
	return out
}

// DeviceName names a device.
type DeviceName struct {
	Device string `path:"device" pattern:"^[a-z0-9][a-z0-9_.:-]{0,63}$" patternDescription:"small letters, digits and _.:-"`
}

// devices are the printers, readers, tokens and power supplies of the stations.
func devices(a *api) {
	get(a, access.SeeProduction, "/v1/devices", "listDevices", "What every device told of itself last",
		func(ctx context.Context, _ *struct{}) (*answer[list[deviceReading]], error) {
			all, err := a.Registry.Readings(ctx)
			return whole(all, err, readingOf)
		})
	get(a, access.SeeProduction, "/v1/devices/{device}", "getDevice", "What one device told of itself last", func(ctx context.Context, in *DeviceName) (*answer[deviceReading], error) {
		all, err := a.Registry.Readings(ctx)
		x, err := among(all, err, func(x registry.Reading) bool { return x.Device == in.Device })
		return thing(x, err, readingOf)
	})
	change(a, registry.AskDevice{}, "/v1/devices/{device}/reading", "askDevice", "Have a device tested: read as soon as nothing is in work there, or looked at by its desk",
		func(_ context.Context, in *struct {
			Keyed
			DeviceName
		},
		) (registry.Operation, error) {
			return registry.AskDevice{Device: in.Device}, nil
		})
}
