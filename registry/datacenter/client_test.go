package datacenter_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/fault"
	"blanko/registry/datacenter"
	"blanko/registry/osia"
)

const office = "61.05"

var today = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// serve starts an emulated center on loopback over TLS 1.3 with client certificates.
func serve(t *testing.T, cfg center.Config) (*center.Center, *datacenter.Client, osia.Trust) {
	t.Helper()
	cfg.Seed, cfg.Now = 7, func() time.Time { return today }
	c, err := center.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	cred, err := s.Client(office)
	if err != nil {
		t.Fatal(err)
	}
	anchor, err := datacenter.Anchor(c.Anchor().Public)
	if err != nil {
		t.Fatal(err)
	}
	return c, datacenter.New(datacenter.Config{URL: cred.URL, Office: office, TLS: cred.TLS}), anchor
}

func pull(t *testing.T, client *datacenter.Client, limit int) []datacenter.Item {
	t.Helper()
	var all []datacenter.Item
	cursor := ""
	for {
		page, err := client.Feed(t.Context(), cursor, limit, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		cursor = page.Next
		if !page.More {
			return all
		}
	}
}

// Good records of an independent center pass the check; every kind of broken record is refused
// with the code that the protocol names for it. What only the register can know (replay, lower
// version, a successor) is not this check's.
func TestRecordsOfTheCenter(t *testing.T) {
	t.Parallel()
	c, client, anchor := serve(t, center.Config{Records: 12, Broken: []string{"all"}})
	trust, err := client.Keys(t.Context(), anchor, today)
	if err != nil || len(trust) == 0 {
		t.Fatal(trust, err)
	}
	want := map[string]string{}
	for _, l := range c.Account() {
		want[l.ID] = l.Refusal
	}
	registers := map[string]bool{"replayed": true, "version_lower": true, "person_has_successor": true}
	checker := osia.Checker{Trust: trust, Office: office}
	kinds, good := map[string]int{}, 0
	for _, item := range pull(t, client, 5) {
		_, err := checker.Check(item.Record, item.ID, today)
		var r *osia.Refusal
		code := ""
		if errors.As(err, &r) {
			code = string(r.Code)
		} else if err != nil {
			t.Fatalf("%s: %v", item.ID, err)
		}
		expected := want[item.ID]
		if registers[expected] {
			expected = ""
		}
		if code != expected {
			t.Errorf("%s: refused as %q, want %q: %v", item.ID, code, expected, err)
		}
		if code == "" {
			good++
		} else {
			kinds[code]++
		}
	}
	if good < 12 || len(kinds) < 14 {
		t.Errorf("%d good records, refusals %v", good, kinds)
	}
}

// An unsigned record passes only where specimens are allowed, and is one.
func TestUnsignedRecordIsASpecimen(t *testing.T) {
	t.Parallel()
	c, client, anchor := serve(t, center.Config{Broken: []string{"integrity_absent"}})
	_ = c
	trust, err := client.Keys(t.Context(), anchor, today)
	if err != nil {
		t.Fatal(err)
	}
	item := pull(t, client, 10)[0]
	if _, err := (osia.Checker{Trust: trust, Office: office}).Check(item.Record, item.ID, today); err == nil {
		t.Error("a production checker took an unsigned record")
	}
	// The identity is signed, the record is not: no half-signed specimen either.
	if _, err := (osia.Checker{Trust: trust, Office: office, Unsigned: true}).Check(item.Record, item.ID, today); err == nil {
		t.Error("a record with a stray identity signature passed")
	}
}

// Withdrawals and holds are signed items; a key list is believed only under the anchor.
func TestSignedItemsAndKeys(t *testing.T) {
	t.Parallel()
	c, client, anchor := serve(t, center.Config{Records: 1})
	id := c.Account()[0].ID
	for _, err := range []error{c.Hold(id, "checked"), c.Release(id, "checked"), c.Withdraw(id, "died")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	trust, err := client.Keys(t.Context(), anchor, today)
	if err != nil {
		t.Fatal(err)
	}
	signed := 0
	for _, item := range pull(t, client, 10) {
		if item.Kind == "record" {
			continue
		}
		signed++
		if r := trust.VerifyItem(item.Raw, today); r != nil {
			t.Errorf("%s: %v", item.Kind, r)
		}
		if r := trust.VerifyItem([]byte(`{"sequence":9,`+string(item.Raw[1:])), today); r == nil {
			t.Errorf("%s: an altered item passed", item.Kind)
		}
	}
	if signed != 3 {
		t.Errorf("%d signed items", signed)
	}
	stranger, err := datacenter.Anchor(c.Keys()[0].Public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Keys(t.Context(), stranger, today); fault.CodeOf(err) != datacenter.KeysUntrusted.Code {
		t.Errorf("a list under another anchor: %v", err)
	}
}

// A center that misbehaves is away, not believed, and nothing hangs.
func TestCenterMisbehaves(t *testing.T) {
	t.Parallel()
	c, client, _ := serve(t, center.Config{Records: 2})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, b := range []struct {
		name string
		b    center.Behavior
		want fault.Code
	}{
		{"away", center.Behavior{Away: true}, datacenter.CenterAway.Code},
		{"500", center.Behavior{FailEvery: 1}, datacenter.CenterAway.Code},
		{"cut short", center.Behavior{CutEvery: 1}, datacenter.CenterAway.Code},
	} {
		c.Behave(b.b)
		if _, err := client.Feed(ctx, "", 10, 0); fault.CodeOf(err) != b.want {
			t.Errorf("%s: %v", b.name, err)
		}
	}
	c.Behave(center.Behavior{FailEvery: 2}) // one failure between two good answers is tried over
	for range 3 {
		if _, err := client.Feed(ctx, "", 10, 0); err != nil {
			t.Errorf("every second one: %v", err)
		}
	}
	c.Behave(center.Behavior{})
	page, err := client.Feed(ctx, "", 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	c.ExpireCursors()
	if _, err := client.Feed(ctx, page.Next, 10, 0); fault.CodeOf(err) != datacenter.CursorLost.Code {
		t.Errorf("expired cursor: %v", err)
	}
	if _, err := client.Record(ctx, "nobody"); fault.CodeOf(err) != datacenter.CenterRefused.Code {
		t.Errorf("unknown record: %v", err)
	}
}

// The center tells what it thinks of each record, after the reports it has taken.
func TestReconciliation(t *testing.T) {
	t.Parallel()
	c, client, _ := serve(t, center.Config{Records: 2})
	id := c.Account()[0].ID
	report := datacenter.Report{Key: "r1", ID: id, Version: 1, Word: "CARD_PRINTED", At: today}
	if res, err := client.Report(t.Context(), []datacenter.Report{report}); err != nil || !res[0].Taken() {
		t.Fatal(res, err)
	}
	got, err := client.Reconciliation(t.Context(), today)
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	for _, o := range got {
		if printed := o.Word == report.Word; printed != (o.ID == id) || o.Version != 1 {
			t.Errorf("%+v", o)
		}
	}
	if got, err = client.Reconciliation(t.Context(), today.AddDate(0, 0, -1)); err != nil || len(got) != 0 {
		t.Errorf("the day before: %v, %v", got, err)
	}
}

// Reports arrive once however often they are sent, and a lost answer loses nothing.
func TestReports(t *testing.T) {
	t.Parallel()
	c, client, _ := serve(t, center.Config{Records: 1})
	id := c.Account()[0].ID
	batch := []datacenter.Report{{Key: "r1", ID: id, Version: 1, Word: "CARD_PRINTED", At: today, Chip: "0000112233445566AABB", Attempts: 2}}
	c.Behave(center.Behavior{LoseAnswersEvery: 1})
	if _, err := client.Report(t.Context(), batch); fault.CodeOf(err) != datacenter.CenterAway.Code {
		t.Errorf("a lost answer: %v", err)
	}
	c.Behave(center.Behavior{})
	for range 2 {
		res, err := client.Report(t.Context(), batch)
		if err != nil || len(res) != 1 || !res[0].Taken() || res[0].Key != "r1" {
			t.Fatal(res, err)
		}
	}
	if got := c.Account()[0].Reports; len(got) != 1 || got[0].Attempts != 2 {
		t.Errorf("%+v", got)
	}
}
