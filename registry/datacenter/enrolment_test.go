package datacenter

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/emulator/people"
	"blanko/fault"
	"blanko/ktp"
	"blanko/registry/osia"
)

// enrolled is a package of resident n, complete.
func enrolled(t *testing.T, id string, n int) osia.Enrolment {
	t.Helper()
	g, err := people.New(1, "61.05")
	if err != nil {
		t.Fatal(err)
	}
	for i := n; ; i++ {
		slots, _, err := g.Fingers(i)
		if err != nil {
			t.Fatal(err)
		}
		if g.Person(i).Foreign() || slots[0].Finger != ktp.RightIndex || slots[1].Finger != ktp.LeftIndex {
			continue
		}
		r, err := g.Resident(i)
		if err != nil {
			t.Fatal(err)
		}
		e := osia.Enrolment{ID: id, Encounter: 1, Office: "61.05", Type: ktp.TypeNew, Priority: 5, Delivery: "61.05", Person: r.Person, Parts: []osia.EnrolmentPart{
			{Type: "FACE", SubType: "PORTRAIT", Instance: "first", MIME: r.Portrait.MIME, Image: r.Portrait.Data},
			{Type: "SIGNATURE", Instance: "first", MIME: r.Signature.MIME, Image: r.Signature.Data},
			{Type: "IRIS", SubType: "EYE_RIGHT", Missing: "DAMAGED"},
			{Type: "IRIS", SubType: "EYE_LEFT", Missing: "DAMAGED"},
		}}
		for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
			at := slices.IndexFunc(r.Fingers[:], func(s ktp.FingerSlot) bool { return s.Finger == f })
			if at < 0 {
				e.Parts = append(e.Parts, osia.EnrolmentPart{Type: "FINGER", SubType: f.String(), Missing: "BANDAGED"})
				continue
			}
			e.Parts = append(e.Parts, osia.EnrolmentPart{Type: "FINGER", SubType: f.String(), Instance: "first", Template: r.Fingers[at].Best60, Chip: true})
			if r.Fingers[at].Second != nil {
				e.Parts = append(e.Parts, osia.EnrolmentPart{Type: "FINGER", SubType: f.String(), Instance: "second", Template: r.Fingers[at].Second, Chip: true})
			}
		}
		return e
	}
}

// A package travels encrypted, once or twice, and comes back as a signed result and a record that
// passes every check and says what was sent.
func TestEnrolmentComesBackAsARecord(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	c, err := center.New(center.Config{Seed: 3, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c)
	defer server.Close()
	client := New(Config{URL: server.URL, Office: "61.05"})
	anchor, err := Anchor(c.Anchor().Public)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := client.Keys(t.Context(), anchor, now)
	if err != nil {
		t.Fatal(err)
	}
	e := enrolled(t, "a1b2", 0)
	for range 2 {
		if err := client.Enrol(t.Context(), trust, e, now); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Enrolled("a1b2"); !slices.Equal(got, []int{1}) {
		t.Errorf("encounters %v", got)
	}
	page, err := client.Feed(t.Context(), "", 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 2 || page.Items[0].Kind != "result" || page.Items[0].Result != "unique" || page.Items[0].Version != 1 || page.Items[1].Kind != "record" {
		t.Fatalf("feed %v", page.Items)
	}
	if r := trust.VerifyItem(page.Items[0].Raw, now); r != nil {
		t.Error(r)
	}
	got, err := osia.Checker{Trust: trust, Office: "61.05"}.Check(page.Items[1].Record, "a1b2", now)
	if err != nil {
		t.Fatal(err)
	}
	if got.Record.Person.NIK != e.Person.NIK || got.Record.Person.Street != e.Person.Street || got.Record.Person.Names[0] != e.Person.Names[0] ||
		string(got.Record.Portrait.Data) != string(e.Parts[0].Image) || got.Record.Fingers[0].Finger != ktp.RightIndex || got.Record.Type != "new" || got.Record.DeliveryOffice != "61.05" {
		t.Error("the record is not what was sent")
	}

	bad := e
	bad.ID, bad.Parts = "c3d4", e.Parts[1:]
	if err := client.Enrol(t.Context(), trust, bad, now); !fault.Is(err, EnrolmentRefused) {
		t.Errorf("without a face: %v", err)
	}
	other := e
	other.Person.Street = "JL. LAIN NO. 1"
	if err := client.Enrol(t.Context(), trust, other, now); !fault.Is(err, EnrolmentRefused) {
		t.Errorf("the encounter with another content: %v", err)
	}
	if err := client.Enrol(t.Context(), trust, enrolled(t, "e5f6", 40), now.AddDate(5, 0, 0)); !fault.Is(err, KeysUntrusted) {
		t.Errorf("with keys that ran out: %v", err)
	}
	if err := c.ChangeKeys(-time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := client.Enrol(t.Context(), trust, enrolled(t, "e5f6", 40), now.Add(-2*time.Hour)); !fault.Is(err, CenterRefused) {
		t.Errorf("for a key that the center gave up: %v", err)
	}
	c.Behave(center.Behavior{Away: true})
	if err := client.Enrol(t.Context(), trust, e, now); !fault.Is(err, CenterAway) {
		t.Errorf("away: %v", err)
	}
}
