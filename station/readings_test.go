package station

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/emulator/center"
	device "blanko/printer"
	"blanko/printer/usb"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/store"
)

// What a printer tells goes into the ledger once it is another word, once the last one is old, and once somebody
// asks; an idle line is asked to read for the last two, and a printer that does not answer keeps its name.
func TestReadingsAreTold(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "blanko.db"))
	must(t, err)
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: testOffice}, zap.NewNop())
	var clock atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(clock.Load())) }
	s := New(Parts{Office: testOffice, Name: "SINTANG-1", Registry: reg, Now: now})
	const name = "sintang-1.line.line-1.printer"
	hear, look := s.readings.hear(s.deviceOf("LINE-1"), "LINE-1"), s.readings.look(s.deviceOf("LINE-1"))
	caps := device.Capabilities{Model: "Primacy 2", Serial: "10000123", Firmware: "2241"}
	status := func(left int) device.Status {
		return device.Status{Hopper: device.Know(device.LevelEmpty), Ribbon: device.Know(device.Ribbon{Left: device.Know(left), Total: device.Know(300)}), Counters: device.Counters{Cards: device.Know(7)}}
	}
	turn := func() (x registry.Reading) {
		t.Helper()
		must(t, s.tellReadings(t.Context()))
		list, err := reg.Readings(t.Context())
		must(t, err)
		if len(list) == 1 && list[0].Device == name {
			return list[0]
		}
		t.Fatalf("%+v", list)
		return x
	}
	left := func(x registry.Reading) int {
		return x.Gauges[slices.IndexFunc(x.Gauges, func(g registry.Gauge) bool { return g.Of == registry.GaugeRibbon })].Value
	}
	asked := func() bool {
		select {
		case <-look:
			return true
		default:
			return false
		}
	}
	hear(caps, status(211), nil)
	first := turn()
	if left(first) != 211 || first.Model != caps.Model || first.Levels[0] != (registry.Level{Of: "hopper", Is: "empty"}) {
		t.Errorf("%+v", first)
	}
	hear(caps, status(211), nil)
	if again := turn(); !again.At.Equal(first.At) || asked() {
		t.Errorf("the same word was told again, at %v after %v", again.At, first.At)
	}
	hear(caps, status(210), nil)
	if left(turn()) != 210 {
		t.Error("another word was not told")
	}
	_, err = reg.Do(t.Context(), Actor, registry.AskDevice{Device: name}, "ask")
	must(t, err)
	if x := turn(); !x.Asked() || !asked() {
		t.Error("the line was not asked")
	}
	hear(caps, device.Status{}, usb.NotPluggedIn.At("test", nil))
	if x := turn(); x.Asked() || x.Fault != usb.NotPluggedIn.Code || x.Model != caps.Model {
		t.Errorf("a printer that is away: %+v", x)
	}
	clock.Add(int64(2 * toldAgain))
	if turn(); !asked() {
		t.Error("a line was not asked though its word is old")
	}
	if deaf := New(Parts{Registry: reg}); deaf.deviceOf("LINE-1") != "" || deaf.tellReadings(t.Context()) != nil {
		t.Error("a station without a name tells")
	}
}

// The power supply tells what it is, beside how the power is.
func TestSupplyIsRead(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "blanko.db"))
	must(t, err)
	defer st.Close()
	reg := registry.New(st, registry.Config{Office: testOffice}, zap.NewNop())
	address, status := upsd(t)
	mains := `VAR eaton ups.status "OL"` + "\n"
	status.Store(&mains)
	s := New(Parts{Name: "SINTANG-1", Registry: reg, Power: PowerConfig{Daemon: address, Supply: "eaton"}.supply()})
	s.readings.also(func(context.Context) []registry.Reading {
		return []registry.Reading{{Device: "token", Kind: registry.DeviceToken, Model: "SoftHSM v2"}}
	})
	must(t, s.tellReadings(t.Context()))
	list, err := reg.Readings(t.Context())
	must(t, err)
	if len(list) != 2 || list[0].Device != "sintang-1.token" || list[0].Model != "SoftHSM v2" || list[1].Kind != registry.DeviceUPS || list[1].Fault != "" || len(list[1].Gauges) != 0 {
		t.Errorf("%+v", list)
	}
}

// The link to the data center is tested by a question that the center answers, or not.
func TestLinkIsRead(t *testing.T) {
	t.Parallel()
	b := newCenter(t, center.Config{}).opened(0)
	b.Station.Name = "SINTANG-1"
	told := func() registry.Reading {
		t.Helper()
		must(t, b.tellReadings(t.Context()))
		list, err := b.Registry.Readings(t.Context())
		must(t, err)
		if len(list) != 1 || list[0].Device != "sintang-1.link.center" || list[0].Kind != registry.DeviceCenter {
			t.Fatalf("%+v", list)
		}
		return list[0]
	}
	if x := told(); x.Fault != "" || len(*b.asked) != 1 {
		t.Errorf("a center that answers: %+v after %d questions", x, len(*b.asked))
	}
	if told(); len(*b.asked) != 1 {
		t.Error("the center was asked again, though nobody waits")
	}
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	b.Station.Center = datacenter.New(datacenter.Config{URL: away.URL, Office: testOffice})
	_, err := b.Registry.Do(t.Context(), Actor, registry.AskDevice{Device: "sintang-1.link.center"}, "ask")
	must(t, err)
	if x := told(); x.Fault != datacenter.CenterAway.Code || x.Asked() {
		t.Errorf("a center that is away: %+v", x)
	}
}
