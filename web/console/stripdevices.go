package console

import (
	"slices"
	"strings"

	"blanko/jobs"
	"blanko/registry"
)

// deviceOf finds what the devices of a line told last: its printer, and the UPS of the station that works it; nil
// where nothing was told.
func deviceOf(line jobs.LineID, list []registry.Reading) (printer, ups *registry.Reading) {
	i := slices.IndexFunc(list, func(x registry.Reading) bool { return x.Kind == registry.DevicePrinter && x.Line == line })
	if i < 0 {
		return nil, nil
	}
	station, _, _ := strings.Cut(list[i].Device, ".")
	if j := slices.IndexFunc(list, func(x registry.Reading) bool {
		of, _, _ := strings.Cut(x.Device, ".")
		return x.Kind == registry.DeviceUPS && of == station
	}); j >= 0 {
		ups = &list[j]
	}
	return &list[i], ups
}

// gaugesOf are the numbers of a device that say how long it goes on.
func gaugesOf(x registry.Reading) (list []registry.Gauge) {
	for _, g := range x.Gauges {
		switch g.Of {
		case registry.GaugeRibbon, registry.GaugeFilm, registry.GaugeCleaning, registry.GaugeBattery, registry.GaugeRuntime:
			list = append(list, g)
		}
	}
	return list
}
