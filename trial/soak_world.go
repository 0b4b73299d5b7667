package trial

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	machine "blanko/emulator/printer"

	"blanko/ktp"
)

// yield is what the print room of a soak has brought in: cards that were looked at and carried away.
type yield struct {
	wanted int // cards in all
	issued int // records that the center has given out
	cards  medley
	wrong  []string
	told   func(SoakPart)
}

func (y *yield) count() SoakCount { return SoakCount{y.cards.n, y.cards.text()} }

// soakAhead is how many records the center holds out before their cards are made.
const soakAhead = 100

// harvest empties the trays, and lets the center give out more records. Number is how many cards the ledger has
// as made; that of the answer how many records there are.
func (a *arena) harvest(_ context.Context, _ *seat, c call) (reply, error) {
	y := a.yield
	if y == nil {
		return reply{}, fmt.Errorf("the cards of a torture stay where they are")
	}
	if err := a.gather(); err != nil {
		return reply{}, err
	}
	for _, s := range a.seats {
		s.mu.Lock()
		for len(s.shelf) < 2*delivery {
			s.shelf = append(s.shelf, a.stock(delivery)...)
		}
		s.mu.Unlock()
	}
	if more := min(y.wanted, c.Number+2*soakAhead) - y.issued; more >= soakAhead || y.issued+more == y.wanted && more > 0 {
		if _, err := a.center.AddRecords(office, more); err != nil {
			return reply{}, err
		}
		y.issued += more
	}
	return reply{Number: y.issued}, nil
}

// gather carries the cards from the trays of all lines away and counts those that live.
func (a *arena) gather() error {
	y, good := a.yield, map[string]bool{}
	for line := range a.seats {
		if err := a.emptyTrays(line); err != nil {
			return err
		}
		good[a.world.Line(string(line)).Box(machine.AtOutput)] = true
	}
	a.blanks = slices.DeleteFunc(a.blanks, func(p *machine.Plastic) bool {
		at := p.Place()
		if at.At != machine.AtBox {
			return false
		}
		v := p.Chip.View()
		id := ktp.AttemptID(v.Attempt)
		front, _ := p.Prints()
		p.Front.Forget()
		p.Back.Forget()
		a.mu.Lock()
		delete(a.faces, id.String())
		a.mu.Unlock()
		switch lies := good[at.Holder]; {
		case v.State == "active" && lies && front == 1:
			y.cards.add(id)
		case v.State == "active" || lies:
			y.wrong = append(y.wrong, fmt.Sprintf("card %s at %s is %s, printed %d times", p.Serial, at, v.State, front))
		}
		return true
	})
	return nil
}

// tell takes down how the station process is.
func (a *arena) tell(_ context.Context, _ *seat, c call) (reply, error) {
	var p SoakPart
	if err := json.Unmarshal(c.Data, &p); err != nil {
		return reply{}, err
	}
	a.yield.told(p)
	return reply{}, nil
}

// medley counts attempts and tells one set of them from another, whatever their order.
type medley struct {
	n   int
	sum [sha256.Size]byte
}

func (m *medley) add(id ktp.AttemptID) {
	m.n++
	for i, b := range sha256.Sum256([]byte(id.String())) {
		m.sum[i] ^= b
	}
}

func (m *medley) text() string { return hex.EncodeToString(m.sum[:]) }
