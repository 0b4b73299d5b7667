package emulator

import (
	"sync"

	"blanko/emulator/printer"
)

// spoiler gives chip faults to the n-th card that comes along.
type spoiler struct {
	mu     sync.Mutex
	script []Fault
}

func (s *spoiler) plan(f Fault) {
	s.mu.Lock()
	s.script = append(s.script, f)
	s.mu.Unlock()
}

// pending are the faults that have not met their card.
func (s *spoiler) pending() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Fault(nil), s.script...)
}

// meet is called when card number n comes along. The rows were tried when they were planned.
func (s *spoiler) meet(n int, p *printer.Plastic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := s.script[:0:0]
	for _, f := range s.script {
		if f.Card != n {
			rest = append(rest, f)
			continue
		}
		if f.Kind == KindNoChip || p.Chip == nil {
			p.CutAntenna()
			continue
		}
		if err := p.Chip.Inject(f.onChip()); err != nil {
			p.CutAntenna() // a card that cannot take the fault must not pass as good
		}
	}
	s.script = rest
}
