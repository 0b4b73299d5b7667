package trial

import (
	"errors"
	"net/url"
	"sync"
	"time"

	"blanko/internal/rig"
)

// wireCut is the mischief of stations that stand apart.
const wireCut = "network cut"

// cutFor are how long a wire is cut: for some retransmissions, for longer than a connection waits, and for
// longer than anybody waits for an answer.
var cutFor = []time.Duration{300 * time.Millisecond, 3 * time.Second, 20 * time.Second}

// wires are those between stations that stand apart, each in a network namespace of its own, but for the
// first: it stands beside database and center.
type wires struct {
	network *rig.Network
	mu      sync.Mutex
	cut     map[int]bool
	ever    map[int]bool // cut, and perhaps mended since
	closed  bool
	err     error // of mending
}

func newWires(stations int) (*wires, error) {
	n, err := rig.StartNetwork(stations - 1)
	return &wires{network: n, cut: map[int]bool{}, ever: map[int]bool{}}, err
}

// postgresPort is that of the private server, in its namespace.
const postgresPort = "5432"

// server is a private PostgreSQL that the nodes reach.
func (w *wires) server() (*rig.PostgreSQL, error) {
	p, err := rig.StartPostgres("listen_addresses="+rig.NetworkServer, "port="+postgresPort)
	if err != nil {
		return nil, err
	}
	if err := p.Admit(rig.NetworkNodes); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// url is the address of a database for a node.
func (w *wires) url(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("blanko"), Host: rig.NetworkServer + ":" + postgresPort, Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// program starts a station at its place.
func (w *wires) program(station int, program []string) []string {
	if w == nil || station == 0 {
		return program
	}
	return append(w.network.Enter(station-1), program...)
}

// firstCut is behind how many acts of a life the wire of a station is cut at the latest that was not cut before.
const firstCut = 10

// cuts of the wire of a station.
func (t *torture) cuts(station int) (list []accident) {
	if t.Apart && station > 0 {
		for _, d := range cutFor {
			list = append(list, accident{wireCut, func() error { return t.wires.part(station, d) }})
		}
	}
	return list
}

// part cuts the wire of a station, without a word to either end, and mends it after a while.
func (w *wires) part(station int, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut[station] {
		return nil
	}
	if err := w.network.Cut(station - 1); err != nil {
		return err
	}
	w.cut[station], w.ever[station] = true, true
	time.AfterFunc(d, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.closed {
			w.err = errors.Join(w.err, w.network.Mend(station-1))
			w.cut[station] = false
		}
	})
	return nil
}

// wasCut reports whether the wire of a station was cut at any time.
func (w *wires) wasCut(station int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ever[station]
}

func (w *wires) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	return errors.Join(w.err, w.network.Close())
}
