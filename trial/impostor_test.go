package trial

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"blanko/emulator"
	"blanko/emulator/center"

	"blanko/fault"
	"blanko/jobs"
	"blanko/registry"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
	"blanko/registry/stock"
)

// impostors is an office whose second record is whole and well signed, and has the second
// impressions of another person. The records are made in the order in which they stand.
var impostors = sync.OnceValues(func() (*crashOffice, error) {
	ctx := context.Background()
	c, err := center.New(center.Config{Seed: crashSeed, Offices: []string{office}, Now: opening})
	if err != nil {
		return nil, err
	}
	for _, add := range []func() error{
		func() error { _, err := c.AddRecords(office, 1); return err },
		func() error { _, err := c.AddImpostor(office); return err },
		func() error { _, err := c.AddRecords(office, 2); return err },
	} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	o := &crashOffice{kept: &kept{}}
	if o.outfit, err = newOutfit(crashSeed, "8k", c.Keys()); err != nil {
		return nil, err
	}
	if o.records, err = deliveries(ctx, c); err != nil {
		return nil, err
	}
	for i := range o.records {
		o.records[i].Record.Priority = len(o.records) - i // outside the signature
	}
	o.ledger, err = firstLedger(ctx, o.records)
	return o, err
})

// deliveries are the records of a center as a station takes them in.
func deliveries(ctx context.Context, c *center.Center) ([]osia.Checked, error) {
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
	trust, err := client.Keys(ctx, anchor, batchStart)
	if err != nil {
		return nil, err
	}
	page, err := client.Feed(ctx, "", datacenter.MaxReports, 0)
	if err != nil {
		return nil, err
	}
	check := osia.Checker{Trust: trust, Office: office}
	var out []osia.Checked
	for _, item := range page.Items {
		r, err := check.Check(item.Record, item.ID, batchStart)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (s *shop) application(i int) registry.ApplicationDetail {
	s.t.Helper()
	d, err := s.reg.Application(s.t.Context(), registry.ApplicationID(s.office.records[i].Record.ID))
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func (s *shop) standing() jobs.Line {
	s.t.Helper()
	lines, err := s.reg.Lines(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return lines[0]
}

func (s *shop) place(d registry.ApplicationDetail) stock.Place {
	s.t.Helper()
	if len(d.Attempts) == 0 {
		s.fail("no attempt for %s", d.Application.ID)
	}
	a, err := s.reg.Attempt(s.t.Context(), d.Attempts[0].ID)
	if err != nil {
		s.t.Fatal(err)
	}
	if a.Blank == nil {
		s.fail("attempt %s has no blank", d.Attempts[0].ID)
	}
	return a.Blank.Place
}

// The fingers read back from the chip are another person's than the second impression: the line
// stops at the first one, the card before and the order behind it are set apart, and only a
// supervisor lets the rest be made.
func TestImpostorStopsTheLine(t *testing.T) {
	t.Parallel()
	for _, kind := range jobs.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			o, err := impostors()
			if err != nil {
				t.Fatal(err)
			}
			s := o.shop(t, kind)
			const before, impostor, behind, last = 0, 1, 2, 3
			s.run()
			if l := s.standing(); l.Wish != jobs.Stopped || l.Reason != "registry.wrong_person" {
				s.fail("the line is %s for %q", l.Wish, l.Reason)
			}
			found := s.application(impostor)
			if len(found.Attempts) != 1 || found.Attempts[0].Match != jobs.WrongPerson || found.Attempts[0].State != jobs.Spoiled ||
				found.Application.State != registry.OnHold || len(found.Cards) != 0 {
				s.fail("the impostor: %+v, %+v", found.Application, found.Attempts)
			}
			d, err := s.reg.Attempt(t.Context(), found.Attempts[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if d.Journal.Intended(jobs.Activate) || d.Journal.Intended(jobs.Print) {
				s.fail("the impostor's card went on behind the finding")
			}
			for i, at := range map[int]stock.Kind{before: stock.Quarantine, impostor: stock.Quarantine} {
				if p := s.place(s.application(i)); p.Kind != at {
					s.fail("card %d is at %s", i, p)
				}
			}
			made := s.application(before)
			if made.Application.State != registry.Produced || len(made.Cards) != 1 || made.Cards[0].Held != "registry.wrong_person" {
				s.fail("the card before: %+v, %+v", made.Application, made.Cards)
			}
			for _, i := range []int{behind, last} {
				if a := s.application(i); a.Application.State != registry.Queued || slices.ContainsFunc(a.Attempts, func(t jobs.Attempt) bool { return t.Fed }) {
					s.fail("behind the finding: %+v, %+v", a.Application, a.Attempts)
				}
			}

			// Only a supervisor reopens the line.
			if _, err := s.people.do(t.Context(), printRoom, registry.ResumeLine{Line: crashLine}); fault.KindOf(err) != fault.Denied {
				s.fail("the print room reopened the line: %v", err)
			}
			if _, err := s.people.do(t.Context(), supervisor, registry.ResumeLine{Line: crashLine}); err != nil {
				t.Fatal(err)
			}
			s.run()
			for _, i := range []int{behind, last} {
				if a := s.application(i).Application; a.State != registry.Produced {
					s.fail("not made: %+v", a)
				}
			}
			if a := s.application(impostor); a.Application.State != registry.OnHold || len(a.Attempts) != 1 {
				s.fail("the impostor: %+v", a.Application)
			}
			s.accounted()
			for _, b := range s.account.bodies() {
				if b.attempt() == found.Attempts[0].ID && b.is("active", "blocked", "written") {
					s.fail("the impostor's card is %s", b.view.State)
				}
			}

			// What was set apart is looked at, and released by two.
			op := registry.ReleaseQuarantine{Chip: made.Cards[0].Chip, Second: printRoom}
			if _, err := s.people.do(t.Context(), supervisor, op); err != nil {
				s.fail("release: %v", err)
			}
			if c := s.application(before).Cards[0]; c.Held != "" {
				s.fail("still held: %+v", c)
			}
		})
	}
}

// Three cards in a row that are lost to their chips pause the line; a good one in between begins
// the count anew.
func TestChipFaultsInARow(t *testing.T) {
	t.Parallel()
	bad := func(cards ...int) (list []emulator.Fault) {
		kinds := []string{emulator.KindNoChip, "wrong_transport_key", "nvm_error"}
		for i, n := range cards {
			list = append(list, emulator.Fault{Line: string(crashLine), Card: n, Kind: kinds[i%len(kinds)]})
		}
		return list
	}
	for _, c := range []struct {
		name   string
		faults []emulator.Fault
		paused bool
		fed    int
	}{
		{"three in a row", bad(1, 2, 3), true, 3},
		{"two, then a good one, then two", bad(1, 2, 4, 5), false, 6},
		{"good, then three", bad(2, 3, 4), true, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, jobs.Inline)
			s.reg = registry.New(s.db, registry.Config{Office: office, MaxSpoiled: 10, Rand: s.random}, nil)
			s.people, s.account.reg = &staff{reg: s.reg}, s.reg
			if err := s.room.world.Plan(c.faults...); err != nil {
				t.Fatal(err)
			}
			s.run()
			l := s.standing()
			if paused := l.Wish == jobs.Paused && l.Reason == "registry.chip_faults_in_row"; paused != c.paused {
				s.fail("the line is %s for %q", l.Wish, l.Reason)
			}
			if n := s.crashMachine().State().Fed; n != c.fed {
				s.fail("%d blanks used", n)
			}
			if c.paused {
				if _, err := s.people.do(t.Context(), printRoom, registry.ResumeLine{Line: crashLine}); err != nil {
					t.Fatal(err)
				}
				s.run()
			}
			s.accounted()
			want := map[jobs.State]int{jobs.Out: crashCards, jobs.Spoiled: len(c.faults)}
			if got := s.ended(); !maps.Equal(got, want) {
				s.fail("ended %v, want %v", got, want)
			}
		})
	}
}
