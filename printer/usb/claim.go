//go:build cgo

package usb

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/google/gousb"

	"blanko/fault"
)

// taken is a claim, or what is to be said of one that failed.
type taken struct {
	port *port
	soon bool // it was refused by a device that was plugged in just now
}

// claim finds the printer and takes it. A device that was plugged in just now gets its group a moment
// later, and is waited for.
func claim(ctx context.Context, identity Identity) (*port, error) {
	for {
		t, err := within(ctx, func() (taken, error) { return take(identity) }, func(t taken) { t.port.release() })
		if err == nil || !t.soon || pause(ctx) != nil {
			return t.port, err
		}
	}
}

func take(identity Identity) (taken, error) {
	c, err := start()
	if err != nil {
		return taken{}, err
	}
	p := &port{usb: c}
	list := enumerate(c)
	if identity.Model != "" {
		askModels(c, identity, list)
	}
	want, err := identity.find(devices(list))
	if err == nil {
		i := slices.IndexFunc(list, func(f found) bool { return f.Place == want.Place })
		p.told = want
		if p.device, err = list[i].open(c); err != nil {
			err = unopened("usb.take", err).With("printer.serial", "%s at %s", identity, want.Place)
		}
	}
	if err == nil {
		err = p.claim()
	}
	if err != nil {
		p.release()
		return taken{soon: fault.Is(err, NotAllowed) && slices.ContainsFunc(list, func(f found) bool {
			return identity.couldBe(f.Device) && f.young()
		})}, err
	}
	return taken{port: p}, nil
}

// askModels asks those for their IEEE 1284 text that could be meant by it.
func askModels(c *gousb.Context, identity Identity, list []found) {
	for i := range list {
		f := &list[i]
		if f.DeviceID != "" || f.Fault != "" || !identity.couldBe(f.Device) {
			continue
		}
		f.ask(c, func(d *gousb.Device) {
			number, err := d.ActiveConfigNum()
			if err != nil {
				return
			}
			way, ok := choose(settings(d.Desc.Configs[number].Interfaces), slices.Contains(makers, uint16(d.Desc.Vendor)))
			if !ok {
				return
			}
			buf := make([]byte, idMost)
			if n, err := d.Control(classIn, getDeviceID, 0, uint16(way.number)<<8, buf); err == nil {
				f.DeviceID = idText(buf[:n])
			}
		})
	}
}

// young is how long after the plug went in a device may wait for its group.
const young = 5 * time.Second

func (f found) young() bool {
	at, err := os.Stat(node(f.desc))
	return err == nil && time.Since(at.ModTime()).Abs() < young
}

// claim takes the printer interface of an opened device.
func (p *port) claim() error {
	const op = "usb.claim"
	p.device.ControlTimeout = controlWithin
	if err := p.device.SetAutoDetach(true); err != nil { // usblp comes back when the interface is given back
		return unopened(op, err)
	}
	number, err := p.device.ActiveConfigNum()
	if err != nil {
		return unopened(op, err)
	}
	if p.config, err = p.device.Config(number); err != nil {
		return unopened(op, err)
	}
	way, ok := choose(settings(p.config.Desc.Interfaces), slices.Contains(makers, uint16(p.device.Desc.Vendor)))
	if !ok {
		return NoPrinter.At(op, nil).With("printer.serial", "no pair of bulk endpoints for a printer at %s", p.told.Place)
	}
	if p.intf, err = p.config.Interface(way.number, way.alternate); err != nil {
		return unopened(op, err)
	}
	p.number = way.number
	if p.in, err = p.intf.InEndpoint(way.in); err == nil {
		p.out, err = p.intf.OutEndpoint(way.out)
	}
	if err != nil {
		return unopened(op, err)
	}
	return nil
}

// settings are the interfaces of a configuration in all their alternate settings, in their order.
func settings(interfaces []gousb.InterfaceDesc) []setting {
	var out []setting
	for _, i := range interfaces {
		for _, s := range i.AltSettings {
			one := setting{number: i.Number, alternate: s.Alternate, class: uint8(s.Class), subclass: uint8(s.SubClass), protocol: uint8(s.Protocol)}
			var all []gousb.EndpointDesc
			for _, e := range s.Endpoints {
				all = append(all, e)
			}
			slices.SortFunc(all, func(a, b gousb.EndpointDesc) int { return int(a.Address) - int(b.Address) })
			for _, e := range all {
				switch {
				case e.TransferType != gousb.TransferTypeBulk:
				case e.Direction == gousb.EndpointDirectionIn && one.in == 0:
					one.in = e.Number
				case e.Direction == gousb.EndpointDirectionOut && one.out == 0:
					one.out = e.Number
				}
			}
			out = append(out, one)
		}
	}
	return out
}

// unclaim gives interface and configuration back.
func (p *port) unclaim() {
	if p.intf != nil {
		p.intf.Close()
		p.intf = nil
	}
	if p.config != nil {
		_ = p.config.Close()
		p.config = nil
	}
}

// release gives everything back. Where a transfer, or the kernel, does not end, that goes on behind the
// caller's back.
func (p *port) release() {
	over, free := p.over(), make(chan struct{})
	go func() {
		defer close(free)
		if over != nil {
			<-over
		}
		p.unclaim()
		if p.device != nil {
			_ = p.device.Close()
			p.device = nil
		}
		_ = p.usb.Close()
	}()
	if over != nil {
		return
	}
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-free:
	case <-t.C:
	}
}

// between two looks for a printer that is away.
const between = 200 * time.Millisecond

func pause(ctx context.Context) error {
	t := time.NewTimer(between)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
