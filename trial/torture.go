package trial

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"blanko/internal/rig"

	"blanko/ktp"
)

// TortureOptions of a torture: stations that are killed while a world in another process lives on.
type TortureOptions struct {
	Kills    int
	Seed     int64
	Database string // sqlite, postgres
	Stations int    // on one database
	Apart    bool   // each in a network namespace of its own, and their wires are cut; the process has to be rig.Unshared
	Often    string // what happens often beside the rest, one of [Mischiefs]; empty: nothing
	Broken   string // a broken variant of the station, which must be found out; empty: the product
	// Program starts a station: a program and its arguments. It has to call TortureStation.
	Program []string
	// Told is called after every death; nil: nobody asks.
	Told func(TortureResult)
}

// Check names the first option that cannot be.
func (o TortureOptions) Check() error {
	switch {
	case o.Kills < 1 || o.Kills > 1000000:
		return errors.New("--kills: 1 to 1000000")
	case o.Stations < 1 || o.Stations > 8:
		return errors.New("--stations: 1 to 8")
	case o.Database != "sqlite" && o.Database != "postgres":
		return errors.New("--db: sqlite or postgres")
	case o.Database == "sqlite" && o.Stations > 1:
		return errors.New("--stations: 1 with --db sqlite, which one process serves at a time")
	}
	if o.Apart && o.Stations < 2 {
		return errors.New("--apart: two --stations at least")
	}
	if o.Often != "" && !slices.Contains(Mischiefs(), o.Often) {
		return fmt.Errorf("--often: %q is none of %s", o.Often, strings.Join(Mischiefs(), ", "))
	}
	if o.Broken == "" {
		return nil
	}
	_, err := findBroken(o.Broken)
	return err
}

// TortureResult holds the account of the world against that of the ledger.
type TortureResult struct {
	Seed        int64          `json:"seed"`
	Database    string         `json:"database"`
	Stations    int            `json:"stations"`
	Apart       bool           `json:"apart,omitempty"`
	Broken      string         `json:"broken,omitempty"`
	Kills       int            `json:"kills"`
	Lives       int            `json:"lives"` // processes that were started
	Batches     int            `json:"batches"`
	KilledAt    map[string]int `json:"killed_at"`
	Mischief    map[string]int `json:"mischief"`
	Checks      int            `json:"checks"` // of what holds at every instant, after a death
	World       map[string]int `json:"world"`
	Ledger      map[string]int `json:"ledger"`
	Differences []string       `json:"differences"`
	Stories     []string       `json:"stories,omitempty"` // of the batches with a difference
	Seconds     float64        `json:"seconds"`
}

// Agree reports whether world and ledger tell the same.
func (r TortureResult) Agree() bool { return len(r.Differences) == 0 }

// Found reports whether a broken station was found out by what it does wrong: by one of the differences that it shows.
func (r TortureResult) Found() bool {
	v, err := findBroken(r.Broken)
	return err == nil && slices.ContainsFunc(r.Differences, v.found)
}

// Torture makes batches until so many stations were killed, or a difference was found, and lets every
// batch come to its end.
func Torture(ctx context.Context, o TortureOptions) (r TortureResult, err error) {
	if err := o.Check(); err != nil {
		return r, err
	}
	began := time.Now()
	r = TortureResult{
		Seed: o.Seed, Database: o.Database, Stations: o.Stations, Apart: o.Apart, Broken: o.Broken, KilledAt: map[string]int{}, Mischief: map[string]int{},
		World: map[string]int{}, Ledger: map[string]int{}, Differences: []string{},
	}
	folder, err := os.MkdirTemp(memory(), "blanko-torture-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // in memory
	var net *wires
	if o.Apart {
		if net, err = newWires(o.Stations); err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, net.close()) }()
	}
	var server *rig.PostgreSQL
	if o.Database == "postgres" {
		start := func() (*rig.PostgreSQL, error) { return rig.StartPostgres() }
		if o.Apart {
			start = net.server
		}
		if server, err = start(); err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, server.Close()) }()
	}
	dice := rand.New(rand.NewPCG(uint64(o.Seed), 0x70427042))
	for r.Kills < o.Kills && r.Agree() && ctx.Err() == nil {
		r.Batches++
		t := &torture{TortureOptions: o, result: &r, random: rand.New(rand.NewPCG(dice.Uint64(), 0)), server: server, wires: net, began: began, size: size{0, tortureCards, tortureBlanks, tortureBlanks}}
		t.blanks = slices.Repeat([]string{ktp.ProfileCitizen}, o.Stations)
		if o.Broken == "" && (o.Seed+int64(r.Batches))%foreignEvery == 0 {
			t.blanks[o.Stations-1] = ktp.ProfileForeign
		}
		t.folder = fmt.Sprintf("%s/%d", folder, r.Batches)
		if err := t.batch(ctx); err != nil {
			return r, err
		}
		r.Seconds = time.Since(began).Seconds()
	}
	r.Seconds = time.Since(began).Seconds()
	return r, ctx.Err()
}

// memory is where many ledgers are written fast: a folder in memory where the system has one.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}
