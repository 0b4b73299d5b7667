package station

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	machine "blanko/emulator/printer"
	evolisUnit "blanko/emulator/printer/evolis"
	maticaUnit "blanko/emulator/printer/matica"

	"blanko/applet/pcsc"
	"blanko/fault"
	"blanko/internal/rig"
	"blanko/jobs"
	"blanko/personalize"
	device "blanko/printer"
	"blanko/printer/spool"
	"blanko/printer/usb"
)

// onBus are emulated printers that are plugged in.
type onBus struct {
	ConnectedPrinters
	links  map[usb.Identity]func() device.Link
	closed int
}

func (b *onBus) Open(_ context.Context, i usb.Identity) (device.Link, error) {
	if open := b.links[i]; open != nil {
		l := open()
		if k, ok := l.(bulk); ok {
			return countedBulk{counted{l, b}, k}, nil
		}
		return counted{l, b}, nil
	}
	return nil, usb.NotPluggedIn.At("station.test", nil).With("printer", "%s", i)
}

type counted struct {
	device.Link
	bus *onBus
}

// bulk is what the cable of a bulk-only device can do besides.
type bulk interface {
	ClearHalt(ctx context.Context, in bool) error
	Reset(ctx context.Context) error
}

type countedBulk struct {
	counted
	bulk
}

func (c counted) Close() error {
	c.bus.closed++
	return c.Link.Close()
}

// The lines of a configuration get the printers and the readers that it binds to them, and nothing else.
func TestLinesOpen(t *testing.T) {
	t.Parallel()
	build := func(name string) *machine.Machine {
		model, ok := machine.FindModel(name)
		if !ok {
			t.Fatal("no such model")
		}
		return machine.New(machine.Config{
			Name: "line", Model: model, Serial: "1", Zone: "A", Ribbon: model.NewRibbon("A"),
			Spend: func(context.Context, time.Duration) error { return nil },
		})
	}
	evolis := evolisUnit.New(build("Primacy 2"), evolisUnit.Config{})
	defer evolis.Close()
	retransfer := build("XID8600")
	matica := maticaUnit.New(retransfer, maticaUnit.Config{Firmware: "1.00"})
	defer matica.Close()
	bus := &onBus{links: map[usb.Identity]func() device.Link{
		{Vendor: usb.Evolis, Place: "1-4.2", Model: "Evolis Primacy 2"}: func() device.Link { return evolis.Connect() },
		{Vendor: usb.Matica, Serial: "90000002"}:                        func() device.Link { return matica.Connect() },
	}}
	server, printed := rig.CUPS(t, rig.CUPSOptions{}), rig.NewCardDevice(t)
	server.Queue(t, "hdp5000", printed.URI(), "abort-job")
	r := rig.PCSC(t).Take(t)
	serial := r.Name[strings.LastIndex(r.Name, "(")+1 : strings.LastIndex(r.Name, ")")]
	mine := fmt.Sprintf("reader: {cable: pcsc, serial: %q, slot: %s}", serial, r.Name[len(r.Name)-1:])
	c, err := ParseConfig(fmt.Appendf(nil, `lines:
- {id: by-place, kind: inline, printer: {language: evolis, cable: usb, place: "1-4.2", model: "Evolis Primacy 2", rest: {cards: 100, pause: 5m}}, %[1]s}
- {id: queue, kind: desktop, printer: {language: spool, cable: cups, queue: hdp5000, print_service: %[2]q, page: {columns: 1035, rows: 661}, retransfer: true}, reader: {cable: pcsc, serial: %[3]q, slot: 7}}
- {id: absent, kind: inline, printer: {language: magicard, cable: usb, serial: "3"}, reader: {cable: pcsc, serial: "NONE"}}
- {id: no-reader, kind: inline, printer: {language: matica, cable: usb, serial: "90000002"}, reader: {cable: pcsc, serial: "NOBODY"}}
- {id: by-tcp, kind: inline, printer: {language: evolis, cable: tcp, serial: "5"}, reader: {cable: pcsc, serial: "NOWHERE"}}
`, mine, server.Address, serial+"X"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := FindLines(c, bus)
	if err != nil {
		t.Fatal(err)
	}
	like := personalize.Line{Setup: personalize.Setup{ID: "nobody", Kind: jobs.OneWay}}
	l, err := lines.Open(t.Context(), "by-place", like)
	if err != nil {
		t.Fatal(err)
	}
	if _, arrives := l.Reader.(pcsc.Arrival); !arrives || l.ID != "by-place" || l.Kind != jobs.Inline || l.Path == nil || l.Rest != (personalize.Rest{Cards: 100, Pause: 5 * time.Minute}) {
		t.Errorf("%s %s, reader %T, path %v, %+v", l.ID, l.Kind, l.Reader, l.Path != nil, l.Rest)
	}
	if st, err := l.Printer.Status(t.Context()); err != nil || !st.Ready.Known {
		t.Errorf("%+v, %v", st, err)
	}
	for id, code := range map[jobs.LineID]fault.Code{
		"queue": pcsc.NoReader.Code, "absent": usb.NotPluggedIn.Code, "no-reader": pcsc.NoReader.Code, "by-tcp": CableMissing.Code, "nobody": ConfigWrong.Code,
	} {
		if _, err := lines.Open(t.Context(), id, like); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", id, err, code)
		}
	}
	if bus.closed != 1 { // that of the line without a reader
		t.Errorf("%d links closed", bus.closed)
	}
	if err := lines.Close(); err != nil || bus.closed != 2 {
		t.Errorf("%d links closed, %v", bus.closed, err)
	}

	q, end, err := openLinePrinter(t.Context(), bus, c.Lines[1])
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	if g := q.Capabilities(); g.Geometry.Columns != 1035 || g.Geometry.Rows != 661 || g.Technology != device.Retransfer || !g.Spooled {
		t.Errorf("%+v", g)
	}
	x := &exam{Examination: Examination{Printers: bus}, cfg: c}
	if f := x.lineQueue(t.Context(), c.Lines[1]); f.Level != Fine {
		t.Errorf("the doctor: %+v", f)
	}
	server.Policy(t, "hdp5000", "retry-job")
	if f := x.lineQueue(t.Context(), c.Lines[1]); f.Level == Fine || !strings.Contains(f.Seen.EN, string(spool.PolicyWrong.Code)) {
		t.Errorf("the doctor on a queue that repeats jobs: %+v", f)
	}

	// What a line of a retransfer printer prints is for the card inside alone.
	p, end, err := openLinePrinter(t.Context(), bus, c.Lines[3])
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	if err := retransfer.Load(machine.NewPlastic("0000001", nil)); err != nil {
		t.Fatal(err)
	}
	g := p.Capabilities().Geometry
	panels := device.Panels{Geometry: g, Front: device.Side{Panels: []device.Panel{{Letter: 'K', Levels: 2, Dots: make([]byte, g.Columns*g.Rows)}}}}
	panels.Front.Panels[0].Dots[g.Columns*g.Rows/2] = 1
	if err := p.Print(t.Context(), panels); err == nil || retransfer.State().Fed != 0 {
		t.Errorf("a print without a card: %v, %d fed", err, retransfer.State().Fed)
	}
}
