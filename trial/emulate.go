package trial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"

	"blanko/emulator"
	"blanko/emulator/cable"
	"blanko/internal/rig"
)

// CardOptions is what emulated cards in virtual readers are made of.
type CardOptions struct {
	Cards    int
	Chip     string // 8k, 32k
	Finished bool   // the cards of residents, active; else blanks
	Seed     int64
	Address  string  // where the vpcd of the first reader listens; the others on the next ports
	Private  bool    // own pcscd instead
	Speed    float64 // of the chips: 1 real time, 0 as fast as possible
}

// MaxReaders is how many cards can be emulated at once: pcscd has no more readers.
const MaxReaders = rig.MaxReaders

// highestPort is the last of TCP.
const highestPort = 65535

// Check names the first option that cannot be.
func (o CardOptions) Check() error {
	switch {
	case o.Cards < 1 || o.Cards > MaxReaders:
		return fmt.Errorf("--cards: 1 to %d, as many readers as a pcscd has", MaxReaders)
	case chips[o.Chip].profile == "":
		return errors.New("--chip: 8k or 32k")
	case o.Speed != 0 && !(o.Speed >= minSpeed && o.Speed <= maxSpeed):
		return fmt.Errorf("--speed: 0 (as fast as possible), 1 (real time) or a factor, %g to %d", minSpeed, maxSpeed)
	case o.Private:
		return nil
	}
	_, first, err := splitAddress(o.Address)
	if err != nil {
		return err
	}
	if first+o.Cards-1 > highestPort {
		return fmt.Errorf("--address: %d cards need ports up to %d; there are %d", o.Cards, first+o.Cards-1, highestPort)
	}
	return nil
}

func splitAddress(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || host == "" || port < 1 || port > highestPort {
		return "", 0, fmt.Errorf("--address: %q is no host:port, such as 127.0.0.1:35963", address)
	}
	return host, port, nil
}

// CardReaders are virtual readers of a pcscd with an emulated card in or beside each. Safe for
// concurrent use.
type CardReaders struct {
	maker   *cardMaker
	speed   float64
	private *rig.PCSCD

	mu      sync.Mutex
	readers []*cardReader
}

// cardReader is one virtual reader.
type cardReader struct {
	address string
	name    string // by PC/SC; empty where another pcscd decides
	slot    *cable.Slot
	clock   *emulator.Clock
	card    *emulatedCard
	inside  bool
}

// OpenCards makes the cards and puts one into each reader. They stay until Close, or until the
// context ends.
func OpenCards(ctx context.Context, o CardOptions) (_ *CardReaders, err error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	r := &CardReaders{speed: o.Speed}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	if r.maker, err = newCardMaker(ctx, o); err != nil {
		return r, err
	}
	places, err := r.places(o)
	if err != nil {
		return r, err
	}
	for _, p := range places {
		one := &cardReader{address: p.Addr, name: p.Name, clock: emulator.NewClock(batchStart, o.Speed)}
		one.slot = cable.Plug(ctx, p.Addr)
		r.readers = append(r.readers, one)
		if one.card, err = r.maker.first(ctx); err != nil {
			return r, err
		}
		if err := one.insert(ctx); err != nil {
			return r, err
		}
	}
	return r, nil
}

// places are the readers, of a private pcscd or of one that is there.
func (r *CardReaders) places(o CardOptions) (out []rig.Reader, err error) {
	if o.Private {
		if r.private, err = rig.StartPCSC(rig.PCSCOptions{Readers: o.Cards}); err != nil {
			return nil, err
		}
		return r.private.Readers()[:o.Cards], nil
	}
	host, port, err := splitAddress(o.Address)
	if err != nil {
		return nil, err
	}
	for i := range o.Cards {
		out = append(out, rig.Reader{Addr: net.JoinHostPort(host, strconv.Itoa(port+i))})
	}
	return out, nil
}

// insert puts the card into the reader, where its own time passes.
func (p *cardReader) insert(ctx context.Context) error {
	p.card.spend.to(ctx, p.clock)
	if err := p.slot.Insert(p.card.chip); err != nil {
		return err
	}
	p.inside = true
	return nil
}

func (p *cardReader) remove() {
	p.slot.Remove()
	p.inside = false
}

// Close takes the cards out and ends a private pcscd. Again: nothing.
func (r *CardReaders) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.readers {
		p.slot.Close()
		p.inside = false
	}
	var err error
	if r.maker != nil {
		err = r.maker.close()
	}
	if r.private != nil {
		err = errors.Join(err, r.private.Stop())
	}
	return err
}

// Socket is what PCSCLITE_CSOCK_NAME has to be for programs that shall find the readers; empty where
// pcscd is the machine's own.
func (r *CardReaders) Socket() string {
	if r.private == nil {
		return ""
	}
	return r.private.Socket
}
