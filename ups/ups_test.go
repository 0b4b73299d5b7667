package ups

import (
	"bufio"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"blanko/fault"
)

// daemon answers as upsd does (RFC 9271), by a table from question to answer.
type daemon struct {
	mu      sync.Mutex
	answers map[string]string // without a line end; "" closes the connection
}

func (d *daemon) say(answers map[string]string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answers = answers
}

func (d *daemon) serve(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go d.talk(c)
		}
	}()
	return l.Addr().String()
}

func (d *daemon) talk(c net.Conn) {
	defer c.Close()
	for in := bufio.NewScanner(c); in.Scan(); {
		d.mu.Lock()
		a := d.answers[strings.TrimPrefix(in.Text(), "GET VAR eaton ")]
		d.mu.Unlock()
		if a == "" {
			return
		}
		if _, err := c.Write([]byte(a + "\n")); err != nil {
			return
		}
	}
}

// What upsd says, and whether a card of three minutes may be begun. The words of ups.status are those of RFC
// 9271, section 5.1; those of ERR of section 4.3.
func TestMayFeed(t *testing.T) {
	t.Parallel()
	status := func(words string) map[string]string {
		return map[string]string{"ups.status": `VAR eaton ups.status "` + words + `"`, "battery.runtime": "ERR VAR-NOT-SUPPORTED"}
	}
	left := func(words, seconds string) map[string]string {
		a := status(words)
		a["battery.runtime"] = `VAR eaton battery.runtime "` + seconds + `"`
		return a
	}
	for name, c := range map[string]struct {
		answers map[string]string
		ask     fault.Code // of Ask
		feed    bool
	}{
		"mains":                        {status("OL"), "", true},
		"mains, charging":              {status("OL CHRG"), "", true},
		"mains, battery still low":     {status("OL CHRG LB"), "", true},
		"bypass":                       {status("BYPASS"), "", true},
		"battery, long enough":         {left("OB DISCHRG", "180"), "", true},
		"battery, a fraction":          {left("OB", "1800.5"), "", true},
		"battery, too short":           {left("OB DISCHRG", "179"), "", false},
		"battery, how long unknown":    {status("OB DISCHRG"), "", false},
		"battery, no number":           {left("OB", "long"), "", false},
		"battery, not a number":        {left("OB", "NaN"), "", false},
		"battery, beyond belief":       {left("OB", "1e300"), "", false},
		"battery low, whatever it has": {left("OB LB", "9000"), "", false},
		"an end was ordered":           {left("OL FSD", "9000"), "", false},
		"supply lost":                  {map[string]string{"ups.status": "ERR DATA-STALE"}, Wrong.Code, true},
		"driver away":                  {map[string]string{"ups.status": "ERR DRIVER-NOT-CONNECTED"}, Wrong.Code, true},
		"unknown supply":               {map[string]string{"ups.status": "ERR UNKNOWN-UPS"}, Wrong.Code, true},
		"no status":                    {status("WAIT"), Wrong.Code, true},
		"switched off":                 {status("OFF"), Wrong.Code, true},
		"another variable":             {map[string]string{"ups.status": `VAR eaton ups.load "OL"`}, Wrong.Code, true},
		"another supply":               {map[string]string{"ups.status": `VAR apc ups.status "OL"`}, Wrong.Code, true},
		"another protocol":             {map[string]string{"ups.status": "SSH-2.0-OpenSSH_9.2"}, Wrong.Code, true},
		"without quotes":               {map[string]string{"ups.status": "VAR eaton ups.status OL"}, Wrong.Code, true},
		"endless":                      {map[string]string{"ups.status": strings.Repeat("A", 2*maxAnswer)}, Unreachable.Code, true},
		"cut":                          {map[string]string{}, Unreachable.Code, true},
		"cut behind the status":        {map[string]string{"ups.status": `VAR eaton ups.status "OB"`}, Unreachable.Code, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &daemon{answers: c.answers}
			s := &Supply{Address: d.serve(t), Name: "eaton", Card: 3 * time.Minute}
			if _, err := s.Ask(t.Context()); fault.CodeOf(err) != c.ask {
				t.Errorf("asked: %v", err)
			}
			err := s.MayFeed(t.Context())
			if (err == nil) != c.feed || err != nil && !fault.Is(err, OnBattery) {
				t.Errorf("feed: %v", err)
			}
		})
	}
}

// While upsd is silent, what it said last holds: one that ran on its battery gives no leave until it says
// that the mains are back.
func TestLastWordHolds(t *testing.T) {
	t.Parallel()
	d := &daemon{}
	s := &Supply{Address: d.serve(t), Name: "eaton", Card: time.Minute}
	for n, step := range []struct {
		status string
		feed   bool
	}{
		{"", true},
		{`VAR eaton ups.status "OL"`, true},
		{"", true},
		{`VAR eaton ups.status "OB"`, true},
		{"", false},
		{"ERR DATA-STALE", false},
		{`VAR eaton ups.status "OL CHRG"`, true},
		{"", true},
	} {
		d.say(map[string]string{"ups.status": step.status, "battery.runtime": `VAR eaton battery.runtime "600"`})
		if err := s.MayFeed(t.Context()); (err == nil) != step.feed {
			t.Errorf("step %d, %q: %v", n, step.status, err)
		}
	}
}

// An end that is asked for ends the wait for a daemon that says nothing.
func TestSilentDaemon(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if c, err := l.Accept(); err == nil {
			defer c.Close()
			_, _ = bufio.NewReader(c).ReadString('\n') // the question is there
			cancel()
			<-t.Context().Done()
		}
	}()
	s := &Supply{Address: l.Addr().String(), Name: "eaton"}
	if _, err := s.Ask(ctx); !fault.Is(err, Unreachable) {
		t.Error(err)
	}
}

// What a supply is, as far as it tells; what it does not know or tells amiss is left out.
func TestDescribe(t *testing.T) {
	t.Parallel()
	const unknown = "ERR VAR-NOT-SUPPORTED"
	value := func(name, is string) string { return "VAR eaton " + name + ` "` + is + `"` }
	d := &daemon{}
	s := &Supply{Address: d.serve(t), Name: "eaton"}
	for name, c := range map[string]struct {
		answers map[string]string
		want    About
		wrong   fault.Code
	}{
		"all": {map[string]string{
			"ups.mfr": value("ups.mfr", "EATON"), "ups.model": value("ups.model", "5E 650i"), "ups.serial": value("ups.serial", " G1 "), "ups.firmware": value("ups.firmware", "03.08"),
			"battery.charge": value("battery.charge", "87.5"), "battery.runtime": value("battery.runtime", "900"),
		}, About{"EATON", "5E 650i", "G1", "03.08", 87, 15 * time.Minute}, ""},
		"little": {map[string]string{
			"ups.mfr": unknown, "ups.model": unknown, "ups.serial": unknown, "ups.firmware": unknown,
			"battery.charge": value("battery.charge", "full"), "battery.runtime": value("battery.runtime", "-1"),
		}, About{Charge: -1}, ""},
		"driver away": {map[string]string{
			"ups.mfr": "ERR DRIVER-NOT-CONNECTED", "ups.model": "ERR DRIVER-NOT-CONNECTED", "ups.serial": "ERR DRIVER-NOT-CONNECTED", "ups.firmware": "ERR DRIVER-NOT-CONNECTED",
			"battery.charge": "ERR DRIVER-NOT-CONNECTED", "battery.runtime": "ERR DRIVER-NOT-CONNECTED",
		}, About{Charge: -1}, Wrong.Code},
	} {
		d.say(c.answers)
		got, err := s.Describe(t.Context())
		if fault.CodeOf(err) != c.wrong || got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
