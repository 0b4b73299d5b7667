package center

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"blanko/emulator/people"
	"blanko/ktp"
)

// Config of an emulated center. The zero value serves one office with nothing to print.
type Config struct {
	Seed     int64
	Offices  []string // PP.KK of the region list; empty: 61.05, Kabupaten Sintang
	Records  int      // good records per office at the start
	Faces    int      // residents per office with a portrait of their own, whose portraits the others have; 0: everybody
	Citizens bool     // no resident is a foreign one: the station has blanks for citizens alone
	Foreign  int      // one resident in so many is a foreign one instead; 0: as the other says
	Broken   []string // names of Broken, mixed evenly among the good ones of every office; "all": every kind once

	// Types limits the application types of citizens; empty: as a Dinas sees them. The types of
	// foreign residents follow from the person.
	Types []ktp.ApplicationType

	Validity   time.Duration               // of a record; 0: 90 days
	OfficeKeys map[string]*ecdsa.PublicKey // where an office has one, its reports must be signed
	Moments    []Moment
	CacheBytes int // of built records; 0: 48 MiB

	Now   func() time.Time                                 // nil: the wall clock
	Sleep func(ctx context.Context, d time.Duration) error // nil: the wall clock; ends early when the context does
}

// Center is the data center. It is safe for concurrent use.
type Center struct {
	cfg     Config
	mux     *http.ServeMux
	cursors cursors
	anchor  signer
	odd     oddKeys
	started time.Time
	records *cache[recordKey, []byte]
	people  *cache[residentKey, people.Resident]

	mu       sync.Mutex
	epochs   []epoch
	offices  map[string]*office
	requests map[string]*request
	behavior Behavior
	search   Search
	pending  []pending      // packages whose result is still to come
	calls    map[string]int // counted for the behaviors that strike every so often
	moments  []Moment
	keys     map[string]taken // reports by idempotency key
	anchors  map[string]string
}

// Reasons of a withdrawal.
var Reasons = []string{"withdrawn", "died", "moved", "data_changed", "made_elsewhere", "duplicate"}

const (
	defaultOffice   = "61.05"
	defaultValidity = 90 * 24 * time.Hour
	defaultCache    = 48 << 20
	residentCache   = 8 << 20 // bytes of drawn residents, about a hundred
	keyLife         = 2 * 365 * 24 * time.Hour
)

// New makes a center. Nothing is drawn or signed before it is asked for.
func New(cfg Config) (*Center, error) {
	if len(cfg.Offices) == 0 {
		cfg.Offices = []string{defaultOffice}
	}
	if cfg.Validity == 0 {
		cfg.Validity = defaultValidity
	}
	if cfg.CacheBytes == 0 {
		cfg.CacheBytes = defaultCache
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	c := &Center{
		cfg: cfg, cursors: newCursors(cfg.Seed), started: cfg.Now(),
		records: newCache[recordKey](cfg.CacheBytes, func(b []byte) int { return len(b) }),
		people:  newCache[residentKey](residentCache, residentSize),
		offices: map[string]*office{}, requests: map[string]*request{}, calls: map[string]int{},
		keys: map[string]taken{}, anchors: map[string]string{}, moments: slices.Clone(cfg.Moments),
	}
	var err error
	if c.anchor, err = newSigner(cfg.Seed, UseAnchor, "anchor"); err != nil {
		return nil, err
	}
	if c.odd, err = newOddKeys(cfg.Seed, c.started); err != nil {
		return nil, err
	}
	first, err := newEpoch(cfg.Seed, 0, c.started.Add(-keyLife/2), c.started.Add(keyLife/2))
	if err != nil {
		return nil, err
	}
	c.epochs = []epoch{first}
	for _, t := range cfg.Types {
		if row, ok := ktp.Application(t); !ok || row.Foreign {
			return nil, fmt.Errorf("%q is no application type of citizens", t)
		}
	}
	for _, m := range cfg.Moments {
		if err := m.check(); err != nil {
			return nil, err
		}
	}
	kinds, err := kindsOf(cfg.Broken)
	if err != nil {
		return nil, err
	}
	for _, code := range cfg.Offices {
		g, err := people.New(cfg.Seed, code)
		if err != nil {
			return nil, err
		}
		if c.offices[code] != nil {
			return nil, fmt.Errorf("office %s stands twice", code)
		}
		if cfg.Citizens {
			g = g.Foreign(0)
		}
		if cfg.Foreign > 0 {
			g = g.Foreign(cfg.Foreign)
		}
		if cfg.Faces > 0 {
			g = g.OfFew(cfg.Faces)
		}
		o := &office{code: code, people: g, grown: make(chan struct{})}
		c.offices[code] = o
		c.fill(o, cfg.Records, kinds)
	}
	c.routes()
	return c, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
