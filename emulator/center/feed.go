package center

import (
	"fmt"
	"time"

	"blanko/emulator/people"
)

// office is the log of what the center has for one Dinas, in its order.
type office struct {
	code   string
	people *people.Generator
	log    []*entry
	next   int           // index of the next new resident
	grown  chan struct{} // closed and replaced when the log grows
}

// request is what the center knows of one id.
type request struct {
	id        string
	office    *office
	resident  int
	kind      *Kind // nil: good
	versions  []*entry
	withdrawn string // the reason, or ""
	held      bool
	reports   []Report
	created   time.Time
	struck    map[int]bool // moments that struck it

	// Of an application that an office enrolled.
	parcel     *parcel // the newest
	encounters []int
	contents   map[int][32]byte // by encounter
}

// entry is one item of a feed.
type entry struct {
	sequence  int64
	kind      string // record, result, withdrawal, hold, release, status_list
	request   *request
	version   int    // of a result: the encounter
	corrected int    // how often the data were corrected before
	epoch     int    // keys that sign it
	messageID string // of a record
	until     time.Time
	bend      *Kind
	impostor  bool // the second impressions are another person's
	reason    string
	verdict   Verdict // of a result
	list      *StatusList
}

// Kinds of feed items.
const (
	itemRecord     = "record"
	itemWithdrawal = "withdrawal"
	itemHold       = "hold"
	itemRelease    = "release"
	itemStatusList = "status_list"
	itemResult     = "result"
)

func kindsOf(names []string) ([]*Kind, error) {
	var out []*Kind
	for _, n := range names {
		if n == "all" {
			for i := range Broken {
				out = append(out, &Broken[i])
			}
			continue
		}
		k, ok := kindOf(n)
		if !ok {
			return nil, fmt.Errorf("%q is no kind of broken record", n)
		}
		out = append(out, k)
	}
	return out, nil
}

// fill gives an office its first records, the broken ones spread among the good.
func (c *Center) fill(o *office, good int, broken []*Kind) {
	done := 0
	for i := range good {
		c.newGood(o)
		for done < len(broken) && (done+1)*good <= (i+1)*len(broken) {
			c.newBroken(o, broken[done])
			done++
		}
	}
	for ; done < len(broken); done++ {
		c.newBroken(o, broken[done])
	}
}

// newRequest registers the next resident of an office. The caller holds the lock, or is New.
func (c *Center) newRequest(o *office, resident int, k *Kind) *request {
	r := &request{
		id: uuid("request", c.cfg.Seed, o.code, len(c.requests)), office: o, resident: resident, kind: k, created: c.cfg.Now().UTC(),
	}
	c.requests[r.id] = r
	return r
}

func (c *Center) newGood(o *office) *request {
	r := c.newRequest(o, o.next, nil)
	o.next++
	c.issue(r, 1, nil)
	return r
}

// newBroken registers a broken record and what must come before it. Its resident has both
// index fingers and a second impression of each, so that only the fault is odd.
func (c *Center) newBroken(o *office, k *Kind) *request {
	resident := o.whole()
	switch k.history {
	case historyHigherVersion:
		r := c.newRequest(o, resident, k)
		c.issue(r, 2, nil)
		c.issue(r, 1, k)
		return r
	case historySamePerson:
		c.issue(c.newRequest(o, resident, nil), 1, nil)
	}
	var message string
	if k.history == historySameMessage {
		message = c.issue(c.newRequest(o, o.whole(), nil), 1, nil).messageID
	}
	r := c.newRequest(o, resident, k)
	e := c.issue(r, 1, k)
	if message != "" {
		e.messageID = message
	}
	return r
}

// whole takes the next resident that is a citizen with both index fingers, each with a second
// impression.
func (o *office) whole() int {
	for {
		i := o.next
		o.next++
		if o.people.Person(i).Foreign() {
			continue
		}
		slots, _, err := o.people.Fingers(i)
		if err == nil && complete(slots) {
			return i
		}
	}
}

// issue appends a version of a request to the feed of its office.
func (c *Center) issue(r *request, version int, bend *Kind) *entry {
	corrected := 0
	if n := len(r.versions); n > 0 {
		corrected = r.versions[n-1].corrected
	}
	e := &entry{
		kind: itemRecord, request: r, version: version, corrected: corrected, epoch: len(c.epochs) - 1, bend: bend,
		messageID: uuid("message", c.cfg.Seed, r.id, version, len(r.versions)),
		until:     c.cfg.Now().Add(c.cfg.Validity).UTC().Truncate(time.Second),
	}
	r.versions = append(r.versions, e)
	r.office.append(e)
	return e
}

func (o *office) append(e *entry) {
	e.sequence = int64(len(o.log) + 1)
	o.log = append(o.log, e)
	close(o.grown)
	o.grown = make(chan struct{})
}

// latest is the newest version of a request's record, the broken one only where it has no other.
func (r *request) latest() *entry {
	if len(r.versions) == 0 {
		return &entry{request: r}
	}
	best := r.versions[0]
	for _, e := range r.versions {
		if e.version >= best.version {
			best = e
		}
	}
	return best
}
