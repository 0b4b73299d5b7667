package trial

import (
	"context"
	"fmt"
	"sync/atomic"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// The people of the trial's office; none of them is real.
var (
	supervisor = access.Actor{ID: "atasan.sari", Roles: []access.Role{access.Supervisor}}
	printRoom  = access.Actor{ID: "admin.joko", Roles: []access.Role{access.Administrator}}
	keeperA    = access.Actor{ID: "gudang.rina", Roles: []access.Role{access.StockKeeper}}
	keeperB    = access.Actor{ID: "gudang.yusuf", Roles: []access.Role{access.StockKeeper}}
)

// staff does at the register what people of an office do.
type staff struct {
	reg *registry.Registry
	as  string // keeps the keys of two sessions on one ledger apart
	n   atomic.Int64
}

func (s *staff) do(ctx context.Context, who access.Actor, op registry.Operation) (registry.Result, error) {
	return s.reg.Do(ctx, who, op, fmt.Sprintf("staff%s:%s:%d", s.as, op.Name(), s.n.Add(1)))
}

// approve approves and queues every record that is print ready: one person approves, another
// queues.
func (s *staff) approve(ctx context.Context) (int, error) {
	const page = 200
	n := 0
	for {
		ready, err := s.reg.ListApplications(ctx, registry.PrintReady, "", page)
		if err != nil {
			return n, err
		}
		for _, a := range ready {
			if _, err := s.do(ctx, supervisor, registry.Approve{Application: a.ID}); err != nil {
				return n, err
			}
			if _, err := s.do(ctx, printRoom, registry.Queue{Application: a.ID}); err != nil {
				return n, err
			}
			n++
		}
		if len(ready) < page {
			return n, nil
		}
	}
}

// lots are those of the trial, by the profile of the cards that their blanks are for.
var lots = map[string]string{ktp.ProfileCitizen: lot, ktp.ProfileForeign: lotForeign}

// receive counts a delivery of blanks for cards of a profile into the store.
func (s *staff) receive(ctx context.Context, profile string, n int) error {
	_, err := s.do(ctx, keeperA, registry.ReceiveBlanks{Lot: lots[profile], Product: profile, Quantity: n})
	return err
}

// load draws blanks for cards of a profile into a hopper, counted by two.
func (s *staff) load(ctx context.Context, line jobs.LineID, profile string, n int) error {
	_, err := s.do(ctx, keeperA, registry.LoadHopper{Line: line, Lot: lots[profile], Quantity: n, Second: keeperB})
	return err
}

// surrender closes the doubt about a mute card: two persons, and a picture of its face that the first has kept.
func (s *staff) surrender(ctx context.Context, id ktp.AttemptID) error {
	picture, err := s.do(ctx, printRoom, registry.KeepPicture{MIME: "image/png", Data: []byte("face of " + id.String())})
	if err != nil {
		return err
	}
	_, err = s.do(ctx, printRoom, registry.SurrenderMute{Attempt: id, Picture: picture.Answer, Second: supervisor})
	return err
}
