package trial

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"blanko/emulator"
	"blanko/emulator/center"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/printer"
	"blanko/registry"
	"blanko/registry/access"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
	"blanko/station"
	"blanko/store"
)

// What all crash tests share: records of a center, drawn and checked once, and a ledger in which
// they wait in the queue.
const (
	crashSeed   = 11
	crashLine   = jobs.LineID("line-1")
	crashCards  = 2
	crashBlanks = 40 // in the hopper: more than any batch can lose
)

var centerActor = access.Actor{ID: "center", Roles: []access.Role{access.System}}

// office is what a batch begins with.
type crashOffice struct {
	outfit  *outfit
	records []osia.Checked
	ledger  []byte // the database file
	kept    *kept
}

var theOffice = sync.OnceValues(func() (*crashOffice, error) {
	ctx := context.Background()
	now := batchStart
	c, err := center.New(center.Config{Seed: crashSeed, Offices: []string{office}, Records: crashCards, Citizens: true, Now: opening})
	if err != nil {
		return nil, err
	}
	server, err := c.ListenTLS("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer server.Close() // nothing is asked of it any more
	cred, err := server.Client(office)
	if err != nil {
		return nil, err
	}
	anchor, err := datacenter.Anchor(c.Anchor().Public)
	if err != nil {
		return nil, err
	}
	client := datacenter.New(datacenter.Config{URL: cred.URL, Office: office, TLS: cred.TLS})
	trust, err := client.Keys(ctx, anchor, now)
	if err != nil {
		return nil, err
	}
	o := &crashOffice{kept: &kept{}}
	if o.outfit, err = newOutfit(crashSeed, "8k", c.Keys()); err != nil {
		return nil, err
	}
	page, err := client.Feed(ctx, "", crashCards, 0)
	if err != nil {
		return nil, err
	}
	check := osia.Checker{Trust: trust, Office: office}
	for _, item := range page.Items {
		r, err := check.Check(item.Record, item.ID, now)
		if err != nil {
			return nil, err
		}
		o.records = append(o.records, r)
	}
	o.ledger, err = firstLedger(ctx, o.records)
	return o, err
})

// firstLedger is a database with the records queued and blanks in the hopper.
func firstLedger(ctx context.Context, records []osia.Checked) ([]byte, error) {
	dir, err := os.MkdirTemp("", "blanko-crash-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // a folder of its own below the temporary one
	path := filepath.Join(dir, "blanko.db")
	db, err := store.Open(ctx, path, store.WithClock(opening), store.WithRelaxedDurability(), labRoot())
	if err != nil {
		return nil, err
	}
	reg := registry.New(db, registry.Config{Office: office}, nil)
	people := &staff{reg: reg}
	if _, err := people.do(ctx, station.Actor, registry.DefineLine{Line: crashLine, Kind: jobs.Inline}); err != nil {
		return nil, err
	}
	for _, r := range records {
		op := registry.ReceiveRecord{Record: r.Record, MessageID: r.MessageID, Canonical: r.Canonical, Warnings: r.Warnings}
		if _, err := people.do(ctx, centerActor, op); err != nil {
			return nil, err
		}
	}
	if _, err := people.approve(ctx); err != nil {
		return nil, err
	}
	if err := people.receive(ctx, ktp.ProfileCitizen, crashBlanks); err != nil {
		return nil, err
	}
	if err := people.load(ctx, crashLine, ktp.ProfileCitizen, crashBlanks); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// face is what should be on the card of an application.
func (o *crashOffice) face(application string) (printer.Panels, bool) {
	return o.kept.face(application)
}

// world is a fresh print room with blanks in its hopper.
func (o *crashOffice) world(t testing.TB, u crashUnit) *room {
	r, err := newRoom(o.outfit, roomConfig{
		seed: crashSeed, lines: []jobs.LineID{crashLine}, virtual: true, chip: "8k", keep: 0, model: u.model, ribbon: u.ribbon,
		operator: func(jobs.LineID) emulator.OperatorConfig {
			return emulator.OperatorConfig{Dispose: emulator.DisposeHand}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.world.Line(string(crashLine)).Machine.Load(r.stock(crashBlanks)...); err != nil {
		t.Fatal(err)
	}
	return r
}

// opening is the time of the office before a line has spent any.
func opening() time.Time { return batchStart }
