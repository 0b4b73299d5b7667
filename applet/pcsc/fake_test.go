package pcsc

import (
	"slices"
	"sync"
)

// fakeService is a winscard whose readers are plugged in and out while it runs, which no rig can
// do: pcsc-lite's virtual readers stand in a file that it reads at its start.
type fakeService struct {
	mu       sync.Mutex
	epoch    int // of the service; 0: away
	units    []*fakeUnit
	refused  status        // of establish
	hang     chan struct{} // establish waits until it is closed
	sessions int           // alive
	handles  int
	asked    int // serial numbers
}

type fakeUnit struct {
	name   string
	serial string // by attribute alone
	plugs  int    // how often it was plugged in
	moves  int
	card   bool
	busy   bool
	answer func([]byte) ([]byte, error)
}

func newFake(units ...*fakeUnit) (*fakeService, *process) {
	f := &fakeService{epoch: 1, units: units}
	return f, newProcess(f.establish)
}

// do changes something while nobody looks.
func (f *fakeService) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeService) insert(u *fakeUnit) { f.do(func() { u.card = true; u.moves++ }) }
func (f *fakeService) remove(u *fakeUnit) { f.do(func() { u.card = false; u.moves++ }) }
func (f *fakeService) plug(u *fakeUnit) {
	f.do(func() { u.moves, u.card = 0, false; u.plugs++; f.units = append(f.units, u) })
}

func (f *fakeService) unplug(u *fakeUnit) {
	f.do(func() { f.units = slices.DeleteFunc(f.units, func(o *fakeUnit) bool { return o == u }) })
}

func (f *fakeService) establish() (session, error) {
	f.mu.Lock()
	hang := f.hang
	f.mu.Unlock()
	if hang != nil {
		<-hang
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.refused != 0:
		return nil, f.refused
	case f.epoch == 0:
		return nil, serviceAbsent
	}
	f.sessions++
	return &fakeSession{f: f, epoch: f.epoch}, nil
}

type fakeSession struct {
	f     *fakeService
	epoch int
}

func (s *fakeSession) lost() bool { return s.epoch != s.f.epoch }

func (s *fakeSession) list() ([]string, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if s.lost() {
		return nil, serviceAbsent
	}
	var names []string
	for _, u := range s.f.units {
		names = append(names, u.name)
	}
	return names, nil
}

func (s *fakeSession) states(states []readerState) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for i := range states {
		u := s.f.unit(states[i].name)
		switch {
		case s.lost():
			return serviceAbsent
		case u == nil:
			return unknownReader
		}
		states[i].now = stateFlag(u.moves) << countShift
		if u.card {
			states[i].now |= flagPresent
			states[i].atr = []byte{0x3B, 0x80, 0x80, 0x01, 0x01}
		}
		if u.busy {
			states[i].now |= flagExclusive
		}
	}
	return nil
}

func (f *fakeService) unit(name string) *fakeUnit {
	i := slices.IndexFunc(f.units, func(u *fakeUnit) bool { return u.name == name })
	if i < 0 {
		return nil
	}
	return f.units[i]
}

func (s *fakeSession) connect(reader string, mode shareMode) (handle, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	u := s.f.unit(reader)
	switch {
	case s.lost():
		return nil, serviceAbsent
	case u == nil:
		return nil, unknownReader
	case u.busy:
		return nil, sharingViolation
	case mode == exclusive && !u.card:
		return nil, noSmartcard
	}
	s.f.handles++
	return &fakeHandle{s: s, u: u, moves: u.moves, plugs: u.plugs}, nil
}

func (s *fakeSession) release() error {
	s.f.do(func() { s.f.sessions-- })
	return nil
}

type fakeHandle struct {
	s     *fakeSession
	u     *fakeUnit
	moves int
	plugs int
}

func (h *fakeHandle) ok() error {
	h.s.f.mu.Lock()
	defer h.s.f.mu.Unlock()
	switch {
	case h.s.lost():
		return serviceAbsent
	case h.s.f.unit(h.u.name) != h.u || h.plugs != h.u.plugs:
		return readerUnavailable
	case !h.u.card || h.moves != h.u.moves:
		return cardRemoved
	}
	return nil
}

func (h *fakeHandle) begin() error                { return h.ok() }
func (h *fakeHandle) reconnect(disposition) error { return h.ok() }
func (h *fakeHandle) transmit(capdu []byte) ([]byte, error) {
	if err := h.ok(); err != nil {
		return nil, err
	}
	if h.u.answer != nil {
		return h.u.answer(capdu)
	}
	return []byte{0x90, 0x00}, nil
}

func (h *fakeHandle) status() (bool, []byte, error) {
	return true, []byte{0x3B, 0x80, 0x80, 0x01, 0x01}, h.ok()
}

func (h *fakeHandle) attribute(id uint32) ([]byte, error) {
	h.s.f.mu.Lock()
	defer h.s.f.mu.Unlock()
	if id == serialNumber {
		h.s.f.asked++
		if h.u.serial != "" {
			return []byte(h.u.serial + "\x00"), nil
		}
	}
	return nil, status(0x8010001F)
}

func (h *fakeHandle) control(uint32) ([]byte, error) { return nil, status(0x8010001F) }

func (h *fakeHandle) disconnect(disposition) error {
	h.s.f.do(func() { h.s.f.handles-- })
	return nil
}
