package registry

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"blanko/registry/audit"
)

// What a device told last stands until it tells anew; who wanted it read is answered by that, and nobody has an
// unknown device read.
func TestDevicesTell(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		first := Reading{
			Device: "sintang-1.line.line-1.printer", Kind: DevicePrinter, Line: "LINE-1", Model: "Primacy 2", Serial: "10000123", Firmware: "2241",
			Levels: []Level{{"hopper", "cards"}}, Gauges: []Gauge{{GaugeRibbon, 211, 300}, {Of: GaugeFed, Value: 7}},
		}
		told := func(want Reading, asked bool) {
			t.Helper()
			list, err := s.r.Readings(bg)
			s.must(err)
			if len(list) != 1 || list[0].At.IsZero() || list[0].Asked() != asked {
				t.Fatalf("%+v", list)
			}
			got := list[0]
			got.At, got.AskedAt = want.At, want.AskedAt
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		s.refused(admin, AskDevice{first.Device}, unknownID.Code)
		s.must(s.r.Tell(bg, []Reading{first}))
		told(first, false)
		s.do(admin, AskDevice{first.Device})
		told(first, true)
		next := first
		next.Gauges, next.Fault = []Gauge{{GaugeRibbon, 0, 300}}, "printer.ribbon_out"
		s.must(s.r.Tell(bg, []Reading{next}))
		told(next, false)
		s.refused(keeper, AskDevice{first.Device}, notAllowed.Code)
		s.wants(s.r.Tell(bg, []Reading{{Device: "Printer 1"}}), badOperation.Code)
		events, err := s.r.Events(bg, 0, 100, audit.Filter{Code: "device.asked"})
		s.must(err)
		if len(events) != 1 || events[0].Detail["device"] != first.Device {
			t.Errorf("told %+v", events)
		}
	})
}

// What a desk looks at is tested by its next look: who waits for it is answered by that. What a station tells once when
// it changes is no such thing.
func TestDevicesOfADeskAreTested(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		here := ReportHealth{Place: "61.05.01", Device: "loket-1.sam", Cause: "equipment", State: HealthWorks}
		s.do(center, here)
		s.do(center, ReportHealth{Device: "sintang-1.line.line-1", Cause: "equipment", State: HealthWorks})
		asked := func(want bool) {
			t.Helper()
			list, err := s.r.HealthOf(bg, "61.05.01", 10)
			s.must(err)
			if len(list) != 1 || list[0].Asked() != want {
				t.Errorf("asked, %v: %+v", want, list)
			}
		}
		asked(false)
		s.refused(admin, AskDevice{"sintang-1.line.line-1"}, unknownID.Code)
		s.refused(keeper, AskDevice{here.Device}, notAllowed.Code)
		s.do(admin, AskDevice{here.Device})
		asked(true)
		s.do(center, here)
		asked(false)
	})
}

// What a station has towards the data center is found among the devices of any number of places.
func TestHealthTowardsCenter(t *testing.T) {
	on(t, func(t *testing.T, s *room) {
		for _, device := range []string{"sintang-1.link.center", "sintang-1.inbox", "sintang-1.line.line-1"} {
			s.do(center, ReportHealth{Device: device, Cause: "network", State: HealthWorks})
		}
		for n := range 5 {
			s.do(center, ReportHealth{Place: "61.05.01", Device: fmt.Sprintf("loket-%d.link.center", n), Cause: "network", State: HealthDown})
		}
		names := func(list []Health, err error) (devices []string) {
			s.must(err)
			for _, h := range list {
				devices = append(devices, h.Device)
			}
			return devices
		}
		if got := names(s.r.HealthTowardsCenter(bg)); !slices.Equal(got, []string{"sintang-1.inbox", "sintang-1.link.center"}) {
			t.Errorf("towards the center: %v", got)
		}
		if got := names(s.r.HealthOfPlaces(bg, 3)); len(got) != 3 || got[0] != "loket-0.link.center" {
			t.Errorf("of the places: %v", got)
		}
	})
}
