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
	Seed    int64
	Offices []string // PP.KK of the region list; empty: 61.05, Kabupaten Sintang
	Records int      // good records per office at the start
	Broken  []string // names of Broken, mixed evenly among the good ones of every office; "all": every kind once

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
	calls    map[string]int // counted for the behaviors that strike every so often
	moments  []Moment
	keys     map[string]taken // reports by idempotency key
	anchors  map[string]string
}

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
}

// entry is one item of a feed.
type entry struct {
	sequence  int64
	kind      string // record, withdrawal, hold, release, status_list
	request   *request
	version   int
	corrected int    // how often the data were corrected before
	epoch     int    // keys that sign it
	messageID string // of a record
	until     time.Time
	bend      *Kind
	impostor  bool // the second impressions are another person's
	reason    string
	list      *StatusList
}

// Kinds of feed items.
const (
	itemRecord     = "record"
	itemWithdrawal = "withdrawal"
	itemHold       = "hold"
	itemRelease    = "release"
	itemStatusList = "status_list"
)

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
		o := &office{code: code, people: g, grown: make(chan struct{})}
		c.offices[code] = o
		c.fill(o, cfg.Records, kinds)
	}
	c.routes()
	return c, nil
}

func kindsOf(names []string) ([]*Kind, error) {
	var out []*Kind
	for _, n := range names {
		if n == "all" {
			for i := range Broken {
				out = append(out, &Broken[i])
			}
			continue
		}
		k, ok := KindOf(n)
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
	best := r.versions[0]
	for _, e := range r.versions {
		if e.version >= best.version {
			best = e
		}
	}
	return best
}

// Resident is the person behind a request, with the corrections of its latest version.
func (c *Center) Resident(id string) (people.Resident, error) {
	c.mu.Lock()
	r := c.requests[id]
	var e *entry
	if r != nil {
		e = r.latest()
	}
	c.mu.Unlock()
	if r == nil {
		return people.Resident{}, fmt.Errorf("no request %s", id)
	}
	return c.residentOf(e)
}

// Offset of the residents whose addresses stand in for corrected ones.
const correctionStride = 10_000_019

// residentKey names a drawn resident.
type residentKey struct {
	office *office
	index  int
}

func residentSize(r people.Resident) int {
	n := len(r.Portrait.Data) + len(r.Signature.Data)
	for _, f := range r.Fingers {
		n += len(f.Best60) + len(f.Best40) + len(f.Second)
	}
	return n
}

// residentOf is the person as this version of the record tells it: every correction is a move
// within the office.
func (c *Center) residentOf(e *entry) (people.Resident, error) {
	o, index := e.request.office, e.request.resident
	r, err := c.people.get(residentKey{o, index}, func() (people.Resident, error) { return o.people.Resident(index) })
	if err != nil {
		return r, err
	}
	if e.impostor {
		other, err := o.swapped(index)
		if err != nil {
			return r, err
		}
		r.Fingers[0].Second, r.Fingers[1].Second = other[0].Second, other[1].Second
	}
	if e.corrected == 0 {
		return r, nil
	}
	moved := o.people.Person(index + e.corrected*correctionStride)
	p := &r.Person
	p.Street, p.RT, p.RW = moved.Street, moved.RT, moved.RW
	p.Village, p.District, p.RegionCode = moved.Village, moved.District, moved.RegionCode
	return r, nil
}

// swapped are the fingers of the nearest later resident that whole would take.
func (o *office) swapped(index int) ([2]ktp.FingerSlot, error) {
	for i := index + 1; ; i++ {
		slots, _, err := o.people.Fingers(i)
		if err != nil || complete(slots) {
			return slots, err
		}
	}
}

// complete reports whether both index fingers are there, each with a second impression.
func complete(slots [2]ktp.FingerSlot) bool {
	return slots[0].Finger == ktp.RightIndex && slots[1].Finger == ktp.LeftIndex && slots[0].Second != nil && slots[1].Second != nil
}

// types of citizens' applications as a Dinas sees them, in per cent: about 70 % of the cards
// replace damaged ones (press, Tangerang Selatan 2024).
var types = []struct {
	kind   ktp.ApplicationType
	weight int
}{
	{ktp.TypeDamaged, 60}, {ktp.TypeNew, 20}, {ktp.TypeLost, 8}, {ktp.TypeDataChange, 6}, {ktp.TypeMovedIn, 3}, {ktp.TypeOldPaper, 2}, {ktp.TypeOutsideDomicile, 1},
}

var foreignTypes = []ktp.ApplicationType{ktp.TypeForeignNew, ktp.TypeForeignExtension, ktp.TypeForeignReplacement}

// chance is a whole number below n that depends on the id and the purpose.
func chance(id, purpose string, n int) int {
	u := uuid(id, purpose)
	var v uint64
	for _, ch := range u[24:] {
		v = v*31 + uint64(ch)
	}
	return int(v % uint64(n))
}

func (c *Center) applicationType(r *request, foreign bool) ktp.ApplicationRow {
	pick := func() ktp.ApplicationType {
		switch {
		case foreign:
			return foreignTypes[chance(r.id, "type", len(foreignTypes))]
		case len(c.cfg.Types) > 0:
			return c.cfg.Types[chance(r.id, "type", len(c.cfg.Types))]
		}
		at := chance(r.id, "type", 100)
		for _, t := range types {
			if at < t.weight {
				return t.kind
			}
			at -= t.weight
		}
		return types[0].kind
	}
	row, _ := ktp.Application(pick())
	return row
}

// recordKey names the bytes of one version of a record, spoiled in one way.
type recordKey struct {
	entry *entry
	spoil Spoil
}

// record builds the bytes of a record, or takes them from the cache.
func (c *Center) record(e *entry, spoil Spoil) ([]byte, error) {
	return c.records.get(recordKey{e, spoil}, func() ([]byte, error) { return c.buildRecord(e, spoil) })
}

func (c *Center) buildRecord(e *entry, spoil Spoil) ([]byte, error) {
	who, err := c.residentOf(e)
	if err != nil {
		return nil, err
	}
	r := e.request
	c.mu.Lock()
	keys := c.epochs[e.epoch]
	c.mu.Unlock()
	d := draft{
		id: r.id, version: e.version, office: r.office.code, validUntil: e.until.Format(time.RFC3339), messageID: e.messageID,
		kind: c.applicationType(r, who.Person.Foreign()), priority: chance(r.id, "priority", 10), delivery: r.office.code,
		resident: who, keys: keys, odd: c.odd,
	}
	if chance(r.id, "delivery", 5) < 3 { // three cards of five are handed over in the kecamatan
		d.delivery = who.Person.RegionCode[:8]
	}
	bend := e.bend
	if bend == nil && spoil != "" {
		bend, _ = KindOf(string(spoil))
	}
	o, err := d.build(bend)
	if err != nil {
		return nil, err
	}
	b, err := appendPlain(make([]byte, 0, recordSize), o)
	if err == nil && bend != nil && bend.raw != nil {
		b = bend.raw(b)
	}
	return b, err
}

// recordSize is room for a usual record, bytes.
const recordSize = 160 << 10

// item is the feed item of an entry.
func (c *Center) item(e *entry, spoil Spoil) ([]byte, error) {
	head := object{{"sequence", e.sequence}, {"kind", e.kind}}
	switch e.kind {
	case itemRecord:
		record, err := c.record(e, spoil)
		if err != nil {
			return nil, err
		}
		head = append(head, &member{"id", e.request.id}, &member{"version", e.version})
		b, err := appendPlain(make([]byte, 0, len(record)+256), head)
		if err != nil {
			return nil, err
		}
		b = append(b[:len(b)-1], `,"record":`...)
		return append(append(b, record...), '}'), nil
	case itemStatusList:
		chips := []any{}
		for _, chip := range e.list.Chips {
			chips = append(chips, string(chip))
		}
		head = append(head, &member{"id", "status-list"}, &member{"version", e.version},
			&member{"number", e.list.Number}, &member{"date", e.list.Date.UTC().Format(time.RFC3339)}, &member{"chips", chips})
	default:
		head = append(head, &member{"id", e.request.id}, &member{"version", e.version}, &member{"reason", e.reason})
	}
	c.mu.Lock()
	keys := c.epochs[e.epoch]
	c.mu.Unlock()
	signed, err := keys.record.signedItem(head)
	if err != nil {
		return nil, err
	}
	if spoil == SpoilSignature {
		signed.set("signature", signed.get("signature").(string)[:20]+".."+base64url(make([]byte, 64)))
	}
	return appendPlain(nil, signed)
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
