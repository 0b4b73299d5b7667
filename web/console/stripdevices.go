package console

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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

// canText says what the cards of the last hour are measured by. No data file of a printer tells how many it makes in an
// hour, so it is what the line itself has shown.
func canText(v *view, can int) string {
	if can == 0 {
		return v.T("print.can_unknown")
	}
	return v.T("print.can", v.Count(can), int(registry.FastestOf/(24*time.Hour)))
}

// writing reports whether files are going onto the chip now: nothing on it is proved.
func writing(story jobs.Story) bool {
	newest, settled, _ := story.Newest()
	return newest.Step == jobs.Write && !settled
}

// chipBytes is how many bytes of how many the files on the chip take; room is 0 where that is not known.
func chipBytes(story jobs.Story) (bytes, room int) {
	if writing(story) {
		return 0, 0
	}
	return story.Fill()
}

// chipFill is what of the chip's files was proved to be written, by the journal alone.
func chipFill(v *view, story jobs.Story) string {
	if writing(story) {
		return v.T("print.chip_writing")
	}
	hashes := story.Hashes()
	if len(hashes) == 0 {
		return v.T("print.chip_empty")
	}
	var groups []int
	for file := range hashes {
		if n, err := strconv.ParseUint(file, 16, 16); err == nil && n > firstGroup && n <= firstGroup+lastGroup {
			groups = append(groups, int(n-firstGroup))
		}
	}
	slices.Sort(groups)
	names := make([]string, len(groups))
	for i, n := range groups {
		names[i] = fmt.Sprintf("DG%d", n)
	}
	return v.T("print.chip_files", len(hashes), orDash(strings.Join(names, ", ")))
}

// The files of the data groups of the LDS, 0101 to 0110 (ICAO 9303-10, 4.6).
const (
	firstGroup = 0x0100
	lastGroup  = 16
)
