package trial

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"blanko/ups"
)

// supplyName is what the power supply of a house is called.
const supplyName = "house"

// houseCard is what a card takes at most, as the station of a house is told.
const houseCard = 5 * time.Minute

// mains are the power of a house, as a supply tells of it over the protocol of Network UPS Tools (RFC 9271).
type mains struct {
	ln   net.Listener
	away atomic.Bool
	said sync.WaitGroup
}

func openMains(ctx context.Context) (*mains, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("power supply: %w", err)
	}
	m := &mains{ln: ln}
	m.said.Go(m.answer)
	return m, nil
}

// close ends when the last question is answered.
func (m *mains) close() {
	_ = m.ln.Close()
	m.said.Wait()
}

// supply is how a station asks.
func (m *mains) supply() *ups.Supply {
	return &ups.Supply{Address: m.ln.Addr().String(), Name: supplyName, Card: houseCard}
}

func (m *mains) answer() {
	for {
		c, err := m.ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			m.said.Go(func() { m.talk(c) })
		}
	}
}

func (m *mains) talk(c net.Conn) {
	defer c.Close() //nolint:errcheck // who asked has gone
	for in := bufio.NewScanner(c); in.Scan() && in.Text() != "LOGOUT"; {
		if _, err := io.WriteString(c, m.says(in.Text())+"\n"); err != nil {
			return
		}
	}
}

// says answers one question.
func (m *mains) says(question string) string {
	values := map[string]string{"ups.status": "OL CHRG", "battery.charge": "100", "battery.runtime": "1800", "ups.mfr": "Blanko", "ups.model": "virtual UPS"}
	if m.away.Load() { // it lasts for the card in work, and for no other
		values["ups.status"], values["battery.charge"], values["battery.runtime"] = "OB DISCHRG", "40", "60"
	}
	for name, value := range values {
		if of := supplyName + " " + name; question == "GET VAR "+of {
			return fmt.Sprintf("VAR %s %q", of, value)
		}
	}
	return "ERR VAR-NOT-SUPPORTED"
}
