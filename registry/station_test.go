package registry

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"blanko/applet/inspect/inspecttest"
	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

// The people of the test's print room.
var (
	center  = Actor{ID: "center", Roles: []access.Role{access.System}}
	admin   = Actor{ID: "admin-1", Roles: []access.Role{access.Administrator}}
	boss    = Actor{ID: "boss-1", Roles: []access.Role{access.Supervisor}}
	keeper  = Actor{ID: "keeper-1", Roles: []access.Role{access.StockKeeper}}
	kec     = Actor{ID: "kec-1", Roles: []access.Role{access.KecamatanOperator}}
	officer = Actor{ID: "officer-1", Roles: []access.Role{access.ServiceOfficer}}
)

const (
	line1 jobs.LineID = "line-1"
	line2 jobs.LineID = "line-2"
	lotA              = "LOT-A"
)

// helper is the part of testing.TB and rapid.T that a station needs.
type helper interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// room is a station's ledger under test.
type room struct {
	helper
	db    storetest.DB
	tb    testing.TB
	store *store.Store
	r     *Registry
	rand  *rand.ChaCha8
	keys  int
	chips int
	cfg   Config

	pictures int
}

var bg = context.Background()

func newRoom(t testing.TB, db storetest.DB, change ...func(*Config)) *room {
	t.Helper()
	s := &room{helper: t, db: db, tb: t, rand: rand.NewChaCha8([32]byte{1})}
	s.cfg = Config{Office: "61.05", Rand: s.rand, Poll: time.Hour, Chips: inspecttest.NewChips()}
	for _, c := range change {
		c(&s.cfg)
	}
	shifts := s.cfg.Shifts
	s.cfg.Shifts = false // the room is stocked before its first shift
	s.open()
	t.Cleanup(s.onlyCodes)
	s.do(center, DefineLine{Line: line1, Kind: jobs.Inline})
	s.do(center, DefineLine{Line: line2, Kind: jobs.Inline})
	s.do(keeper, ReceiveBlanks{Lot: lotA, Product: "ktp-el-wni", Quantity: 1000})
	for _, l := range []jobs.LineID{line1, line2} {
		s.do(keeper, LoadHopper{Line: l, Lot: lotA, Quantity: 100, Second: admin})
	}
	if s.cfg.Shifts = shifts; shifts {
		s.restart()
	}
	return s
}

// onlyCodes looks at what the test has left in the event log.
func (s *room) onlyCodes() {
	list, err := s.r.Events(bg, 0, 100_000, audit.Filter{})
	if err != nil {
		return // closed by the test
	}
	onlyCodes(s.tb, list)
}

func (s *room) open() {
	s.store = s.db.Open(s.tb)
	s.r = New(s.store, s.cfg, nil)
}

// restart closes the database and opens it again, as after a crash between two transactions.
func (s *room) restart() {
	if err := s.store.Close(); err != nil {
		s.Fatalf("close: %v", err)
	}
	s.open()
}

func (s *room) key() string {
	s.keys++
	return fmt.Sprintf("key-%d", s.keys)
}

// shows lays the card of a 1:1 on the reader, unless the test says what its chip answers.
func (s *room) shows(a Actor, op Operation) Operation {
	switch o := op.(type) {
	case VerifyHolder:
		if o.Presence.Challenge == nil && !o.NotGenuine {
			o.Presence = s.answers(a, o.Chip)
		}
		return o
	case MatchLater:
		if o.Presence.Challenge == nil && !o.NotGenuine {
			o.Presence = s.answers(a, o.Chip)
		}
		return o
	case HandOver:
		if o.Presence.Challenge == nil && a.Session == "" {
			o.Presence = s.answers(a, o.Chip)
		}
		return o
	case HandOverAlone:
		if o.Presence.Challenge == nil && a.Session == "" {
			o.Presence = s.answers(a, o.Chip)
		}
		return o
	case SurrenderMute:
		if len(o.Picture) == digestHex {
			o.Picture = s.pictureBy(a, o.Picture)
		}
		return o
	case RetireCard:
		if o.Picture == "" {
			s.examined(o.Chip, ChipBlocked)
		}
		if len(o.Picture) == digestHex {
			o.Picture = s.pictureBy(a, o.Picture)
		}
		return o
	case AddToDestruction:
		if _, err := s.r.CardByChip(bg, ktp.ChipUID(o.Item)); err == nil && o.Picture == "" {
			s.examined(ktp.ChipUID(o.Item), ChipTerminated)
		}
		return o
	case DestroyAll:
		for i, p := range o.Pictures {
			if len(p) == digestHex {
				o.Pictures = slices.Clone(o.Pictures)
				o.Pictures[i] = s.pictureBy(a, p)
			}
		}
		return o
	case HandOverToProxy:
		if o.Presence.Challenge == nil && a.Session == "" {
			o.Presence = s.answers(a, o.Chip)
		}
		return o
	case ExceptMatch:
		if o.Presence.Challenge == nil && a.Session == "" {
			o.Presence = s.answers(a, o.Chip)
		}
		return o
	}
	return op
}

// pictureBy is a picture that somebody keeps now, in place of a digest that the test made up; one that is kept is itself.
func (s *room) pictureBy(a Actor, digest string) string {
	if _, err := s.r.PictureBy(bg, digest); err == nil {
		return digest
	}
	s.pictures++
	res, err := s.r.Do(bg, a, KeepPicture{MIME: "image/png", Data: fmt.Appendf(nil, "picture %d", s.pictures)}, s.key())
	if err != nil {
		return digest
	}
	return res.Answer
}

// examined lays a card on a reader, where its chip tells its state.
func (s *room) examined(chip ktp.ChipUID, state ChipState) {
	_, _ = s.r.Do(bg, kec, ExamineChip{ // a station that is closed keeps none
		Chip: chip, State: state, Cause: "inspect.examined", Told: Told{Mark: MarkBad, Finding: "Chip diperiksa.", Steps: []string{"Simpan lembar ini."}},
	}, s.key())
}

// answers is what the chip of a card on the reader says; nothing where there is no such card.
func (s *room) answers(a Actor, chip ktp.ChipUID) Presence {
	c, err := s.r.ChallengeChip(bg, a, chip)
	if err != nil {
		return Presence{}
	}
	return Presence{c.Bytes[:], inspecttest.Answer(chip, c.Bytes)}
}

// do carries an operation out that must succeed.
func (s *room) do(a Actor, op Operation) Result {
	s.Helper()
	res, err := s.r.Do(bg, a, s.shows(a, op), s.key())
	if err != nil {
		s.Fatalf("%s: %v", op.Name(), err)
	}
	return res
}

// refused carries an operation out that must fail with a fault code.
func (s *room) refused(a Actor, op Operation, code fault.Code) {
	s.Helper()
	if _, err := s.r.Do(bg, a, s.shows(a, op), s.key()); fault.CodeOf(err) != code {
		s.Errorf("%s: got %v, want %s", op.Name(), err, code)
	}
}

// record makes a record of resident n. Nothing in it belongs to a living person.
func record(n, version int) ktp.Record {
	finger := func(f ktp.Finger) ktp.FingerSlot {
		return ktp.FingerSlot{Finger: f, Best60: []byte{60, byte(f)}, Best40: []byte{40, byte(f)}, Second: []byte{2, byte(f)}}
	}
	r := ktp.Record{
		ID: fmt.Sprintf("req-%d", n), Version: version, Office: "61.05", Type: "new", Priority: 4, Profile: "ktp-el-wni",
		ValidUntil: storetest.Start.AddDate(1, 0, 0),
		Person: ktp.Person{
			NIK: ktp.NIK(fmt.Sprintf("610501410790%04d", n)), Names: []string{fmt.Sprintf("PENDUDUK %d", n)},
			BirthDate: time.Date(1990, 7, 1, 0, 0, 0, 0, time.UTC), Sex: ktp.Female, Nationality: "IDN", Validity: "SEUMUR HIDUP",
		},
		Portrait: ktp.Image{MIME: "image/jpeg", Data: []byte("portrait")}, Signature: ktp.Image{MIME: "image/png", Data: []byte("signature")},
		Fingers: [2]ktp.FingerSlot{finger(ktp.RightIndex), finger(ktp.LeftIndex)},
	}
	r.Identity.KeyID[0], r.Identity.Signature[0] = 1, 1
	return r
}

func delivery(r ktp.Record) ReceiveRecord {
	return ReceiveRecord{
		Record: r, MessageID: fmt.Sprintf("%s/%d", r.ID, r.Version), Canonical: sha256.Sum256(fmt.Appendf(nil, "%s/%d/%s", r.ID, r.Version, r.Person.NIK.Digits())),
	}
}

func appID(n int) ApplicationID { return ApplicationID(fmt.Sprintf("req-%d", n)) }

// queued brings resident n from delivery into the queue.
func (s *room) queued(n int) ApplicationID {
	s.Helper()
	s.do(center, delivery(record(n, 1)))
	s.do(boss, Approve{appID(n)})
	s.do(admin, Queue{appID(n)})
	return appID(n)
}

// next leases an order that must be there.
// session is the one that the line is in.
func (s *room) session(id jobs.LineID) jobs.Session {
	s.Helper()
	var l jobs.Line
	s.must(s.r.store.Read(bg, func(tx *store.Tx) (err error) {
		l, err = jobs.LineByID(tx, id)
		return err
	}))
	return jobs.Session{Line: id, Epoch: l.Epoch}
}

func (s *room) next(l jobs.LineID) jobs.Order {
	s.Helper()
	o, found, err := s.r.lease(bg, s.session(l))
	if err != nil || !found {
		s.Fatalf("no order for %s: %v", l, err)
	}
	return o
}

func (s *room) idle(l jobs.LineID) {
	s.Helper()
	if o, found, err := s.r.lease(bg, s.session(l)); err != nil || found {
		s.Errorf("%s got order %s, %v", l, o.ID, err)
	}
}

func (s *room) intend(o jobs.Order, step jobs.Step, e jobs.Evidence) error {
	return s.r.Intend(bg, o, step, e)
}

func (s *room) settle(o jobs.Order, step jobs.Step, out jobs.Outcome) error {
	return s.r.Settle(bg, o, step, out)
}

func (s *room) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("%v", err)
	}
}

func (s *room) wants(err error, code fault.Code) {
	s.Helper()
	if fault.CodeOf(err) != code {
		s.Errorf("got %v, want %s", err, code)
	}
}

func (s *room) chip() ktp.ChipUID {
	s.chips++
	return ktp.ChipUID(fmt.Sprintf("0000A0B0C0D0%08X", s.chips))
}

// step does one stage as the engine does: the steps that only look have no intent.
func (s *room) step(o jobs.Order, step jobs.Step, chip ktp.ChipUID) {
	s.Helper()
	if step != jobs.ReadBack && step != jobs.Recheck {
		s.must(s.intend(o, step, jobs.Evidence{Chip: chip}))
	}
	out := jobs.Outcome{Result: jobs.Done, Chip: chip}
	switch step {
	case jobs.Write:
		out.Hashes = written()
	case jobs.ReadBack:
		out.Match, out.Score = jobs.Matched, 80
	case jobs.Eject:
		out.Tray = "output"
	}
	s.must(s.settle(o, step, out))
}

// upTo makes the stages of an inline line up to and with step, and gives the chip.
func (s *room) upTo(o jobs.Order, last jobs.Step) ktp.ChipUID {
	s.Helper()
	chip := ktp.ChipUID("")
	for _, step := range jobs.Stages(jobs.Inline) {
		if step == jobs.Claim {
			chip = s.chip()
		}
		s.step(o, step, chip)
		if step == last {
			break
		}
	}
	return chip
}

// reject takes the card out as the engine does.
func (s *room) reject(o jobs.Order, chip ktp.ChipUID, cause string) {
	s.Helper()
	s.must(s.intend(o, jobs.Reject, jobs.Evidence{Chip: chip}))
	s.must(s.settle(o, jobs.Reject, jobs.Outcome{Result: jobs.Done, Cause: cause, Tray: "reject", Chip: chip}))
}

// block blocks and takes the card out.
func (s *room) block(o jobs.Order, chip ktp.ChipUID, cause string) {
	s.Helper()
	s.must(s.intend(o, jobs.Block, jobs.Evidence{Chip: chip}))
	s.must(s.settle(o, jobs.Block, jobs.Outcome{Result: jobs.Done, Cause: cause, Chip: chip}))
	s.reject(o, chip, cause)
}

func (s *room) app(n int) ApplicationDetail {
	s.Helper()
	d, err := s.r.Application(bg, appID(n))
	s.must(err)
	return d
}

func (s *room) state(n int, want State) {
	s.Helper()
	if got := s.app(n).Application; got.State != want {
		s.Errorf("application %d is %s (%s), want %s", n, got.State, got.Cause, want)
	}
}

func (s *room) attempt(o jobs.Order) AttemptDetail {
	s.Helper()
	d, err := s.r.Attempt(bg, o.Attempt)
	s.must(err)
	return d
}

func (s *room) attemptIs(o jobs.Order, want jobs.State) {
	s.Helper()
	if got := s.attempt(o).Attempt; got.State != want {
		s.Errorf("attempt is %s, want %s", got.State, want)
	}
}

// blankAt compares where the blank of an attempt is.
func (s *room) blankAt(o jobs.Order, want string) {
	s.Helper()
	b := s.attempt(o).Blank
	if b == nil || b.Place.String() != want {
		s.Errorf("blank is %+v, want %s", b, want)
	}
}

func (s *room) line(l jobs.LineID) jobs.Line {
	s.Helper()
	lines, err := s.r.Lines(bg)
	s.must(err)
	for _, x := range lines {
		if x.ID == l {
			return x
		}
	}
	s.Fatalf("no line %s", l)
	return jobs.Line{}
}

func (s *room) codes(f audit.Filter) (list []string) {
	s.Helper()
	events, err := s.r.Events(bg, 0, 100000, f)
	s.must(err)
	for _, e := range events {
		list = append(list, e.Code)
	}
	return list
}

// held is how many blanks the ledger has at a place.
func (s *room) held(place string) (n int) {
	s.Helper()
	list, _, err := s.r.Blanks(bg)
	s.must(err)
	for _, h := range list {
		if h.Place.String() == place {
			n += h.Unread + h.Read
		}
	}
	return n
}

// sound checks what must hold at every instant.
func (s *room) sound() {
	s.Helper()
	rep, err := s.r.VerifyEvents(bg)
	s.must(err)
	if !rep.Sound() {
		s.Errorf("event log: %v", rep.Findings)
	}
	_, wrong, err := s.r.Blanks(bg)
	s.must(err)
	if len(wrong) > 0 {
		s.Errorf("stock does not add up: %+v", wrong)
	}
	s.must(s.store.Check(bg))
	s.must(s.store.Read(bg, func(tx *store.Tx) error {
		if err := checkPromises(s, tx); err != nil {
			return err
		}
		if err := checkJournals(s, tx); err != nil {
			return err
		}
		return s.replay(tx)
	}))
}

// replay builds the states of everything from the event log alone: no change of a state is
// without its event, none has two.
func (s *room) replay(tx *store.Tx) error {
	events, err := audit.After(tx, 0, 1000000, audit.Filter{})
	if err != nil {
		return err
	}
	apps, attempts, chips := map[string]string{}, map[string]string{}, map[string]string{}
	follow := func(m map[string]string, id string, e audit.Event) {
		to, moved := e.Detail["state"]
		if !moved {
			return
		}
		if was, known := m[id]; known && was != e.Detail["from"] {
			s.Errorf("event %d: %s of %s from %q, it was %q", e.ID, e.Code, id, e.Detail["from"], was)
		}
		m[id] = to
	}
	for _, e := range events {
		if _, known := EventWords[e.Code]; !known {
			s.Errorf("event %d: %s has no words", e.ID, e.Code)
		}
		room, _, _ := strings.Cut(e.Code, ".")
		switch room {
		case "application":
			follow(apps, e.Application, e)
		case "attempt":
			follow(attempts, e.Attempt, e)
		case "card":
			follow(chips, string(e.Chip), e)
		}
	}
	list, err := applicationList(tx, ``)
	if err != nil {
		return err
	}
	for _, a := range list {
		if apps[string(a.ID)] != string(a.State) {
			s.Errorf("application %s is %s, the log says %q", a.ID, a.State, apps[string(a.ID)])
		}
	}
	tries, err := jobs.AttemptsIn(tx, "")
	if err != nil {
		return err
	}
	for _, t := range tries {
		logged := attempts[t.ID.String()]
		unused := t.State == jobs.Open || t.State == jobs.Void && !t.Fed // a lease is no event
		if logged != string(t.State) && !(unused && logged == "") {
			s.Errorf("attempt %s is %s, the log says %q", t.ID, t.State, logged)
		}
	}
	register, err := cards(tx, ``)
	if err != nil {
		return err
	}
	for _, c := range register {
		if chips[string(c.Chip)] != string(c.State) {
			s.Errorf("card %s is %s, the log says %q", c.Chip, c.State, chips[string(c.Chip)])
		}
	}
	return nil
}

// received is how many blanks ever came in, from the supplier or from nowhere.
func received(tx *store.Tx) (n int, err error) {
	list, err := stock.Movements(tx, 0, 1000000)
	for _, m := range list {
		if m.From.Kind == stock.Supplier || m.From.Kind == stock.Found {
			n += m.Quantity
		}
	}
	return n, err
}

func checkPromises(s *room, tx *store.Tx) error {
	// 1: one card in force, one successor.
	all, err := cards(tx, ``)
	if err != nil {
		return err
	}
	inForce, made, away := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range all {
		switch c.State {
		case CardInForce:
			inForce[string(c.person)]++
		case CardMade:
			if c.PassedOnAt.IsZero() {
				made[string(c.person)]++
			} else if app, _, err := applicationByID(tx, c.Application); err != nil {
				return err
			} else if app.State == PassedOn {
				away[string(c.person)]++
			}
		}
	}
	attempts, err := jobs.AttemptsIn(tx, "")
	if err != nil {
		return err
	}
	successors := map[string]int{}
	chips := map[ktp.ChipUID]int{}
	underWay := map[jobs.OrderID]int{}
	for _, t := range attempts {
		if t.Successor {
			successors[string(t.Person)]++
		}
		if t.Chip != "" && t.State != jobs.Void {
			chips[t.Chip]++
		}
		if !t.Ended {
			underWay[t.Order]++
		}
	}
	for what, m := range map[string]map[string]int{"in force": inForce, "made": made, "passed on": away, "successor": successors} {
		for _, n := range m {
			if n > 1 {
				s.Errorf("%d cards %s for one person", n, what)
			}
		}
	}
	for c, n := range chips {
		if n > 1 {
			s.Errorf("chip %s in %d attempts", c, n)
		}
	}
	for o, n := range underWay {
		if n > 1 {
			s.Errorf("order %s has %d attempts under way", o, n)
		}
	}
	// 2: every blank is somewhere.
	in, err := received(tx)
	if err != nil {
		return err
	}
	list, err := stock.Holdings(tx)
	if err != nil {
		return err
	}
	somewhere := 0
	for _, h := range list {
		somewhere += h.Unread + h.Read
	}
	if in != somewhere {
		s.Errorf("%d blanks came in, %d are somewhere", in, somewhere)
	}
	wrong, err := miscounts(tx)
	if len(wrong) > 0 {
		s.Errorf("the tally is wrong: %+v", wrong)
	}
	return err
}

// checkJournals: 4, no state without its journal.
func checkJournals(s *room, tx *store.Tx) error {
	attempts, err := jobs.AttemptsIn(tx, "")
	if err != nil {
		return err
	}
	for _, t := range attempts {
		story, err := jobs.StoryOf(tx, t.ID)
		if err != nil {
			return err
		}
		if t.Fed && !story.Intended(jobs.Feed) {
			s.Errorf("attempt %s used a blank without an intent", t.ID)
		}
		// A card with a mute chip is revoked without anybody knowing what the chip was.
		if jobs.IsActive(t.Kind, t.State) && t.Cause != causeMute && !story.Intended(jobs.Activate) {
			s.Errorf("attempt %s is %s without an intent to activate", t.ID, t.State)
		}
	}
	return nil
}
