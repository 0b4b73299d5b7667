package station

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"blanko/emulator/center"
	"blanko/emulator/people"
	"blanko/fault"
	"blanko/ktp"
	"blanko/registry"
	"blanko/registry/access"
)

// The people of the counter.
var (
	counterOfficer = registry.Actor{ID: "officer-1", Roles: []access.Role{access.ServiceOfficer}}
	captureOfficer = registry.Actor{ID: "operator-1", Roles: []access.Role{access.EnrolmentOperator}}
	dataOfficer    = registry.Actor{ID: "datacenter-1", Roles: []access.Role{access.DatacenterOfficer}}
	chief          = registry.Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}
)

// counter is a station with people at its counter.
type counter struct {
	*inbox
	keys  int
	folk  []people.Resident
	ready int // residents taken
}

func newCounter(t *testing.T, residents int) *counter {
	t.Helper()
	c := &counter{inbox: newCenter(t, center.Config{}).opened(10)}
	g, err := people.New(5, testOffice)
	c.must(err)
	var rows []registry.Resident
	for i := 0; len(c.folk) < residents; i++ {
		slots, exceptions, err := g.Fingers(i)
		c.must(err)
		p := g.Person(i)
		if p.Foreign() || slots[0].Finger != ktp.RightIndex || slots[1].Finger != ktp.LeftIndex || slots[0].Second == nil || slots[1].Second == nil || len(exceptions) > 0 {
			continue
		}
		r, err := g.Resident(i)
		c.must(err)
		c.folk = append(c.folk, r)
		rows = append(rows, registry.Resident{ID: fmt.Sprintf("row-%d", i), Person: r.Person})
	}
	c.do(dataOfficer, registry.ImportResidents{Version: "dpt-1", Rows: rows})
	c.do(dataOfficer, registry.UseResidents{Version: "dpt-1", Residents: len(rows)})
	return c
}

func (c *counter) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) do(a registry.Actor, op registry.Operation) registry.Result {
	c.t.Helper()
	c.keys++
	res, err := c.Registry.Do(c.ctx, a, op, fmt.Sprintf("counter-%d", c.keys))
	if err != nil {
		c.t.Fatalf("%s: %v", op.Name(), err)
	}
	return res
}

// taken takes the application of the next resident as far as the sending.
func (c *counter) taken() (registry.ApplicationID, people.Resident) {
	c.t.Helper()
	r := c.folk[c.ready]
	c.ready++
	rules, err := c.Registry.RulesOf(c.ctx, ktp.TypeNew)
	c.must(err)
	o := registry.Register{Type: ktp.TypeNew, NIK: r.Person.NIK}
	for _, q := range rules.Requirements {
		o.Requirements = append(o.Requirements, registry.Presented{ID: q.ID, Number: "1/2026"})
	}
	id := c.do(counterOfficer, o).Application
	c.do(counterOfficer, registry.Attach{Application: id, Class: registry.AttachmentForm, MIME: "application/pdf", Data: []byte("%PDF")})
	for _, q := range rules.Requirements {
		c.do(counterOfficer, registry.Attach{Application: id, Class: "requirement." + q.ID, MIME: "image/png", Data: []byte("scan")})
	}
	c.do(counterOfficer, registry.Examine{Application: id})
	c.captured(id, r)
	return id, r
}

func (c *counter) captured(id registry.ApplicationID, r people.Resident) {
	c.t.Helper()
	taken := func(part string, img ktp.Image) registry.CapturedPart {
		return registry.CapturedPart{Part: part, Source: registry.SourceEmulated, Quality: 90, Tries: 1, MIME: img.MIME, Data: img.Data}
	}
	parts := []registry.CapturedPart{
		taken(registry.PartPortrait, r.Portrait), taken(registry.PartSignature, r.Signature), taken(registry.PartIrisRight, r.Signature), taken(registry.PartIrisLeft, r.Signature),
	}
	again := registry.VerifyCapture{Application: id}
	for f := ktp.RightThumb; f <= ktp.LeftLittle; f++ {
		at := slices.IndexFunc(r.Fingers[:], func(s ktp.FingerSlot) bool { return s.Finger == f })
		if at < 0 {
			parts = append(parts, registry.CapturedPart{Part: registry.PartOf(f), Missing: registry.MissingBandaged})
			continue
		}
		parts = append(parts, registry.CapturedPart{Part: registry.PartOf(f), Source: registry.SourceEmulated, Quality: 90, Tries: 1, Template: r.Fingers[at].Best60})
		again.Impressions = append(again.Impressions, registry.Impression{Finger: f, Template: r.Fingers[at].Second, Quality: 90})
	}
	c.do(captureOfficer, registry.Capture{Application: id, Parts: parts})
	c.do(captureOfficer, again)
	c.confirmed(id)
	c.do(captureOfficer, registry.Send{Application: id})
}

func (c *counter) confirmed(id registry.ApplicationID) {
	c.t.Helper()
	shown, err := c.Registry.ToConfirm(c.ctx, id)
	c.must(err)
	c.do(captureOfficer, registry.Confirm{Application: id, Hash: shown.Hash, Method: registry.MethodPad, Proof: []byte("ink")})
}

// turn sends and pulls once.
func (c *counter) turn() {
	c.t.Helper()
	c.until("enrol", func() error { return c.enrol(c.ctx) })
	c.pulled()
	c.reported()
}

func (c *counter) is(id registry.ApplicationID, want registry.State) {
	c.t.Helper()
	d, err := c.Registry.Application(c.ctx, id)
	c.must(err)
	if d.Application.State != want {
		c.t.Errorf("%s is %s (%s), want %s", id, d.Application.State, d.Application.Cause, want)
	}
}

func (c *counter) read(id registry.ApplicationID, want registry.SearchResult, then registry.State) {
	c.t.Helper()
	if res := c.do(dataOfficer, registry.ReadResult{Application: id}); res.Answer != string(want) || res.State != then {
		c.t.Errorf("read %s, %s; want %s, %s", res.Answer, res.State, want, then)
	}
}

// From the counter over an encrypted package and the center's search back to a print-ready record,
// and every other end of a search.
func TestEnrolmentOverTheWire(t *testing.T) {
	t.Parallel()
	c := newCounter(t, 7)

	// Unique, while the center loses answers, repeats and takes its time.
	c.center.Behave(center.Behavior{FailEvery: 3, Duplicate: true})
	c.center.SetSearch(center.Search{Delay: time.Hour, Twice: true})
	first, _ := c.taken()
	c.turn()
	c.is(first, registry.AtCenter)
	c.clock.pass(2 * time.Hour)
	c.turn()
	c.is(first, registry.AtCenter)
	if list, err := c.Registry.UnreadResults(c.ctx, registry.Seen{}, 10); err != nil || len(list) == 0 || list[0].Application != first {
		t.Errorf("unread %v, %v", list, err)
	}
	c.read(first, registry.ResultUnique, registry.PrintReady)
	c.do(chief, registry.Approve{Application: first})
	c.center.Behave(center.Behavior{})

	// The center corrects the address: the resident confirms again.
	c.center.SetSearch(center.Search{CorrectEvery: 1})
	second, _ := c.taken()
	c.turn()
	c.read(second, registry.ResultUnique, registry.Reconfirm)
	c.keys++
	if _, err := c.Registry.Do(c.ctx, chief, registry.Approve{Application: second}, fmt.Sprint("k", c.keys)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("approved unconfirmed: %v", err)
	}
	c.confirmed(second)
	c.is(second, registry.PrintReady)

	// Lost at the center: it ages, is sent again, and arrives.
	c.center.SetSearch(center.Search{LoseEvery: 1})
	third, _ := c.taken()
	c.turn()
	c.is(third, registry.AtCenter)
	c.clock.pass(4 * 24 * time.Hour)
	c.turn()
	late, err := c.Registry.Late(c.ctx, registry.AtCenter, 3*24*time.Hour, time.Time{}, "", 10)
	c.must(err)
	if len(late) != 1 || late[0].ID != third {
		t.Errorf("late %v", late)
	}
	c.center.SetSearch(center.Search{})
	c.do(dataOfficer, registry.Resend{Application: third, Because: registry.Because{Reason: "no_answer"}})
	c.turn()
	if got := c.center.Enrolled(string(third)); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("encounters %v", got)
	}
	c.read(third, registry.ResultUnique, registry.PrintReady)

	// Alike to somebody: the desk finds another person, the center hears it and sends the record.
	c.center.SetSearch(center.Search{AdjudicateEvery: 1})
	fourth, _ := c.taken()
	c.turn()
	c.read(fourth, registry.ResultAdjudicate, registry.Adjudicate)
	c.do(dataOfficer, registry.AdjudicateResult{Application: fourth, Decision: registry.DifferentPerson, Because: registry.Because{Reason: "faces_differ"}})
	c.is(fourth, registry.AtCenter)
	c.turn()
	c.turn()
	c.read(fourth, registry.ResultUnique, registry.PrintReady)

	// A duplicate: never print ready, also when it is sent again; closed in the end.
	c.center.SetSearch(center.Search{DuplicateEvery: 1})
	fifth, _ := c.taken()
	c.turn()
	c.read(fifth, registry.ResultDuplicate, registry.Duplicate)
	c.turn()
	c.is(fifth, registry.Duplicate)
	c.do(dataOfficer, registry.CloseApplication{Application: fifth, Because: registry.Because{Reason: "same_person"}})

	// Unusable at the center: captured again.
	c.center.SetSearch(center.Search{EnrollFailureEvery: 1})
	sixth, r := c.taken()
	c.turn()
	c.read(sixth, registry.ResultEnrollFailure, registry.EnrollFailure)
	c.center.SetSearch(center.Search{})
	c.do(captureOfficer, registry.Recapture{Application: sixth, Because: registry.Because{Reason: "unreadable_at_center"}})
	c.captured(sixth, r)
	c.turn()
	c.read(sixth, registry.ResultUnique, registry.PrintReady)

	// The center does not take the office's key any more: the list is asked for again.
	c.must(c.refreshKeys(c.ctx))
	c.must(c.center.ChangeKeys(0))
	c.clock.pass(time.Second)
	seventh, _ := c.taken()
	c.turn()
	c.read(seventh, registry.ResultUnique, registry.PrintReady)
}
