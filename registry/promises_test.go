package registry

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
	"blanko/store/storetest"
)

// A small world of plastic, lines and people plays against the ledger. Lines act between intent
// and settle as personalize does; they die between any two calls; older lines wake up and call
// late; people take cards, present them, declare them lost. Whatever happens, the promises hold
// and the ledger never says what the world does not.

// plastic is one physical blank.
type plastic struct {
	chip    ktp.ChipUID
	state   string // of the chip: blank, claimed, written, active, blocked
	holds   ktp.AttemptID
	prints  int
	where   string // hopper, path, tray, reject, hand, away; a line's own with its name
	wasLive bool
}

// engine is the mind of a line between two calls; it is lost in a crash.
type engine struct {
	id      jobs.LineID
	session jobs.Session
	down    bool
	order   *jobs.Order
	mode    string // forward, reject, block
	idx     int    // of the stage
	phase   int    // 0 before the intent, 1 intended, 2 acted
	out     jobs.Outcome
	feeds   int           // counter of the machine: it survives a crash
	laid    ktp.AttemptID // the doubt for which a person laid a card on the reader
}

type world struct {
	*room
	rt      *rapid.T
	cards   []*plastic
	lines   []*engine
	stale   []jobs.Order
	version map[int]int
	stopped map[ApplicationID]bool // held or withdrawn by the center
	denied  map[ktp.ChipUID]bool
	// mixed: somebody put a used card into a hopper, which the ledger cannot know.
	mixed bool
}

const (
	persons   = 3
	perHopper = 12
)

func newWorld(t *testing.T, rt *rapid.T) *world {
	s := newRoom(t, storetest.Any(t))
	s.helper = rt
	for _, l := range []jobs.LineID{line1, line2} {
		s.do(keeper, UnloadHopper{Line: l, Lot: lotA, Quantity: 100 - perHopper, Second: admin})
	}
	w := &world{room: s, rt: rt, version: map[int]int{}, stopped: map[ApplicationID]bool{}, denied: map[ktp.ChipUID]bool{}, lines: []*engine{{id: line1, down: true}, {id: line2, down: true}}}
	for _, l := range w.lines {
		for range perHopper {
			w.cards = append(w.cards, &plastic{chip: s.chip(), state: "blank", where: "hopper/" + string(l.id)})
		}
	}
	return w
}

// fair draws 0 to n-1, each as likely as the other: rapid's own ranges prefer small numbers, so
// that long lives of a card would hardly ever be played.
func fair(rt *rapid.T, n int, what string) int {
	return bits.Draw(rt, what) * n >> 10
}

// bits are ten fair coins.
var bits = rapid.Custom(func(t *rapid.T) int {
	v := 0
	for range 10 {
		v <<= 1
		if rapid.Bool().Draw(t, "coin") {
			v |= 1
		}
	}
	return v
})

// chance is true in so many of a hundred cases; a simplified case has none.
func (w *world) chance(percent int, what string) bool {
	return fair(w.rt, 100, what) >= 100-percent
}

func one[T any](w *world, list []T, what string) T { return list[fair(w.rt, len(list), what)] }

func (w *world) at(where string) *plastic {
	for _, c := range w.cards {
		if c.where == where {
			return c
		}
	}
	return nil
}

func (w *world) holding(id ktp.AttemptID) *plastic {
	for _, c := range w.cards {
		if !id.IsZero() && c.holds == id {
			return c
		}
	}
	return nil
}

// marks counts everything that only grows in the ledger.
func (w *world) marks() (n [2]int64) {
	w.must(w.store.Read(bg, func(tx *store.Tx) error {
		head, err := audit.HeadOf(tx)
		n[0] = head.ID
		if err == nil {
			_, err = tx.Get([]any{&n[1]}, `select count(*) from journal`)
		}
		return err
	}))
	return n
}

// try carries an operation out; refusals of the listed codes are part of life.
func (w *world) try(a Actor, op Operation, allowed ...fault.Code) (Result, bool) {
	key := w.key()
	op = w.shows(a, op)
	res, err := w.r.Do(bg, a, op, key)
	w.rt.Logf("%s %+v: %+v %v", op.Name(), op, res, err)
	if err != nil {
		if !slices.Contains(append(allowed, "registry.wrong_state", "registry.application_unknown"), fault.CodeOf(err)) {
			w.rt.Fatalf("%s: %v", op.Name(), err)
		}
		return res, false
	}
	if w.chance(10, "twice") {
		before := w.marks()
		again, err := w.r.Do(bg, a, op, key)
		if err != nil || !again.Replayed || again.Answer != res.Answer || w.marks() != before {
			w.rt.Fatalf("%s again under its key: %+v, %v", op.Name(), again, err)
		}
	}
	return res, true
}

func (w *world) person() int { return 1 + fair(w.rt, persons, "person") }

// request is the newest request of a person; a new one is made when the old one is over.
func (w *world) request(n int) int {
	if w.version[n] == 0 {
		w.version[n] = 1
	}
	return n*1000 + w.version[n]
}

func (w *world) record(n, version int) ktp.Record {
	r := record(w.request(n), version)
	r.Person.NIK = ktp.NIK(fmt.Sprintf("610501410790%04d", n))
	return r
}

func (w *world) app(n int) ApplicationID { return appID(w.request(n)) }

// wanted brings a new request of a person into the queue.
func (w *world) wanted(n int) {
	w.do(center, delivery(w.record(n, 1)))
	w.do(boss, Approve{w.app(n)})
	w.do(admin, Queue{w.app(n)})
}

func (w *world) deliver() {
	n := w.person()
	v := 1 + fair(w.rt, 3, "version")
	res, _ := w.try(center, delivery(w.record(n, v)))
	if res.Refusal == "replayed" && w.chance(50, "another request") {
		w.version[n]++
	}
}

func (w *world) office() {
	n := w.person()
	switch fair(w.rt, 15, "office") {
	case 0, 1, 2:
		w.deliver()
	case 3, 4:
		w.try(boss, Approve{w.app(n)})
	case 5, 6:
		w.try(admin, Queue{w.app(n)})
	case 7:
		if w.chance(30, "withdraw") {
			if _, done := w.try(center, WithdrawRecord{ID: w.app(n), Version: 1, Reason: "moved"}); done {
				w.stopped[w.app(n)] = true
			}
			w.version[n]++
		}
	case 8:
		if _, done := w.try(center, HoldRecord{ID: w.app(n), Reason: "fraud"}); done {
			w.stopped[w.app(n)] = true
		}
	case 9:
		if res, done := w.try(center, ReleaseRecord{ID: w.app(n)}); done && res.Answer == AnswerDone {
			delete(w.stopped, w.app(n))
		}
	case 10:
		if w.chance(30, "cancel") {
			if _, done := w.try(admin, CancelApplication{w.app(n), Because{Reason: "applicant"}}); done {
				w.version[n]++
			}
		}
	case 11:
		w.try(admin, ReleaseApplication{w.app(n)})
	case 12:
		l := one(w, w.lines, "line").id
		if w.chance(50, "pause") {
			w.try(admin, PauseLine{l, Because{Reason: "break"}})
		} else {
			w.try(boss, ResumeLine{l})
		}
	case 13:
		if w.chance(20, "deny") {
			c := one(w, w.cards, "chip")
			if _, done := w.try(keeper, DenyBlank{c.chip, Because{Reason: "stolen"}}); done {
				w.denied[c.chip] = true
			}
		}
	case 14:
		w.try(admin, HoldApplication{w.app(n), Because{Reason: "check"}})
	}
}

// refill pulls again what is wanted of the center.
func (w *world) refill() {
	ids, err := w.r.RecordsWanted(bg, 10)
	w.must(err)
	for _, id := range ids {
		d, err := w.r.Application(bg, id)
		w.must(err)
		for n := 1; n <= persons; n++ {
			if w.app(n) == id {
				w.try(center, RefillRecord(delivery(w.record(n, d.Application.Version))))
			}
		}
	}
}

// counter hands cards out.
func (w *world) counter() {
	n := w.person()
	d, err := w.r.Application(bg, w.app(n))
	if err != nil {
		return
	}
	for _, c := range d.Cards {
		if c.State != CardMade {
			continue
		}
		if w.chance(20, "retire") {
			if _, done := w.try(admin, RetireCard{Chip: c.Chip, Because: Because{Reason: "misprint"}, Second: boss}); done && d.Application.State == Recalled {
				w.version[n]++
			}
			continue
		}
		if p := w.holding(c.Attempt); w.chance(10, "mislaid") && p != nil && p.where != "away" {
			w.mislay(n, c, p)
			continue
		}
		allowed := []fault.Code{RecordHeld.Code, RecordWithdrawn.Code, BlankDenied.Code}
		if _, matched := w.try(kec, shown(w.app(n), c.Chip), allowed...); !matched && d.Application.State != Matched {
			continue
		}
		if _, done := w.try(officer, HandOver{Application: w.app(n), Chip: c.Chip, Old: OldSurrendered}, allowed...); done {
			p := w.holding(c.Attempt)
			if p == nil || p.state != "active" || p.prints != 1 || p.chip != c.Chip {
				w.rt.Fatalf("handed over: ledger %+v, plastic %+v", c, p)
			}
			p.where = "away"
			w.version[n]++
			if w.chance(80, "comes again") {
				w.wanted(n)
			}
		}
	}
	w.try(admin, Remake{w.app(n), Because{Reason: "misprint"}, Actor{ID: "boss-2", Roles: boss.Roles}})
}

// mislay loses a finished card; it may turn up again, before another was made or after.
func (w *world) mislay(n int, c Card, p *plastic) {
	before := w.app(n)
	if _, done := w.try(officer, DeclareMissing{Chip: c.Chip, Because: gone, Second: boss}); !done {
		return
	}
	p.where = "away"
	if d, err := w.r.Application(bg, before); err != nil || d.Application.Open() && d.Application.State != Returned {
		w.rt.Fatalf("a card of it is missing: %+v, %v", d.Application, err)
	} else if !d.Application.Open() {
		w.version[n]++
	}
	if w.chance(50, "made again first") {
		w.try(admin, Remake{before, Because{Reason: "lost"}, boss2})
	}
	if w.chance(50, "turns up") {
		list, err := w.r.Investigations(bg, InvestigationFilter{State: "open", Limit: 100})
		w.must(err)
		i := slices.IndexFunc(list, func(i Investigation) bool { return i.Chip == c.Chip && i.Kind == InvestigateMissing })
		if i < 0 {
			w.rt.Fatalf("nobody looks for %s", c.Chip)
		}
		if _, done := w.try(admin, CloseInvestigation{list[i].ID, OutcomeFound, boss}); !done {
			w.rt.Fatalf("%s cannot be found again", c.Chip)
		}
		if at := w.placeOf(c.Chip); at != "returned" {
			w.rt.Fatalf("%s was found, and lies at %s", c.Chip, at)
		}
	}
	if _, handed := w.try(kec, shown(before, c.Chip)); handed {
		w.rt.Fatalf("the holder of a card that was missing is matched by it")
	}
}

// people take cards out of machines, and answer doubts.
func (w *world) hands() {
	switch fair(w.rt, 6, "hands") {
	case 0: // somebody takes the card out of a path
		l := one(w, w.lines, "line")
		if c := w.at("path/" + string(l.id)); c != nil && w.chance(40, "take") {
			c.where, l.laid = "hand", ktp.AttemptID{}
		}
	case 1: // a person puts a used card into a hopper
		if c := w.at("hand"); c != nil && w.chance(20, "put back") {
			w.mixed = true
			c.where = "hopper/" + string(one(w, w.lines, "line").id)
		}
	default:
		doubts, err := w.r.Attempts(bg, jobs.InDoubt)
		w.must(err)
		if len(doubts) == 0 {
			return
		}
		d := one(w, doubts, "doubt")
		c := w.holding(d.ID)
		if c == nil {
			c = w.at("hand")
		}
		if c == nil || w.chance(15, "lost") {
			if _, done := w.try(admin, DeclareLost{d.ID, Because{Reason: "not_found"}, boss}); done && c != nil && c.holds == d.ID {
				c.where = "away"
			}
			return
		}
		if c.where == "away" {
			return
		}
		if _, done := w.try(admin, PresentCard{d.ID}); !done {
			return
		}
		for _, l := range w.lines { // it is laid on a reader, and its line reads it when it comes to it
			if l.id == d.Line {
				w.crash(l)
				for _, other := range w.cards {
					if other != c && other.where == "path/"+string(l.id) {
						other.where = "hand"
					}
				}
				c.where = "path/" + string(l.id)
				l.laid = d.ID
			}
		}
	}
}

// crash forgets what a line knew; the plastic stays where it is.
func (w *world) crash(l *engine) {
	w.rt.Logf("%s: crash", l.id)
	if l.order != nil {
		w.stale = append(w.stale, *l.order)
	}
	*l = engine{id: l.id, session: l.session, down: true, feeds: l.feeds, laid: l.laid} // a card that lies there lies there still
}

// late is a call of an older process.
func (w *world) late() {
	if len(w.stale) == 0 {
		return
	}
	o := one(w, w.stale, "older lease")
	for _, l := range w.lines {
		if l.down && l.id == o.Line || l.order != nil && l.order.Attempt == o.Attempt && l.order.Fence == o.Fence {
			return // nobody has taken over yet
		}
	}
	step := one(w, append(jobs.Stages(jobs.Inline), jobs.Prepare, jobs.Reject, jobs.Block), "late step")
	res := one(w, []jobs.Result{jobs.Done, jobs.Failed, jobs.Unknown, jobs.Withdrawn}, "late result")
	before := w.marks()
	if err := w.r.Intend(bg, o, step, jobs.Evidence{}); err == nil {
		w.rt.Fatalf("a late intent of %s was taken", step)
	}
	_ = w.r.Settle(bg, o, step, jobs.Outcome{Result: res, Cause: "late", Match: jobs.MatchNone})
	if after := w.marks(); after != before {
		w.rt.Fatalf("a late %s %s was written", step, res)
	}
}

// settle calls the book, sometimes twice, as a caller does that did not get the answer.
// endedByPerson reports whether a person has ended meanwhile what the line goes on with.
func endedByPerson(err error) bool {
	return slices.Contains([]fault.Code{"jobs.fenced", "jobs.attempt_over"}, fault.CodeOf(err))
}

func (w *world) settle(l *engine, step jobs.Step, out jobs.Outcome) bool {
	err := w.r.Settle(bg, *l.order, step, out)
	w.rt.Logf("%s %s: settle %s %s %s: %v", l.id, l.order.Attempt, step, out.Result, out.Cause, err)
	if endedByPerson(err) {
		w.crash(l)
		return false
	}
	if err != nil {
		w.rt.Fatalf("settle %s %s: %v", step, out.Result, err)
	}
	if w.chance(15, "settle twice") {
		before := w.marks()
		if err := w.r.Settle(bg, *l.order, step, out); err != nil || w.marks() != before {
			w.rt.Fatalf("settle %s %s again: %v", step, out.Result, err)
		}
	}
	return true
}

// turn lets a line do one thing.
func (w *world) turn(l *engine) {
	if w.chance(4, "crash") {
		w.crash(l)
		if w.chance(30, "restart of the program") {
			for _, other := range w.lines {
				w.crash(other)
			}
			w.restart()
		}
		return
	}
	if l.down {
		w.recover(l)
		return
	}
	if l.order == nil {
		if c := w.at("path/" + string(l.id)); c != nil { // nothing in work explains it
			w.must(w.r.Found(bg, l.session, c.chip, c.holds, "reject"))
			c.where = "reject"
			return
		}
		o, found, err := w.r.lease(bg, l.session)
		w.must(err)
		if found {
			l.order, l.mode, l.idx, l.phase = &o, "forward", 0, 0
		}
		return
	}
	switch l.mode {
	case "forward":
		w.forward(l)
	default:
		w.leave(l)
	}
}

// live reports whether the stages done so far made the chip active.
func (l *engine) live() bool {
	return l.idx > slices.Index(jobs.Stages(jobs.Inline), jobs.Activate)
}

func looks(s jobs.Step) bool { return s == jobs.ReadBack || s == jobs.Recheck }

func (w *world) forward(l *engine) {
	stages := jobs.Stages(jobs.Inline)
	step := stages[l.idx]
	path := "path/" + string(l.id)
	card := w.at(path)
	chip := ktp.ChipUID("")
	if card != nil {
		chip = card.chip
	}
	switch l.phase {
	case 0:
		if step == jobs.Claim && card != nil && (card.state != "blank" && card.holds != l.order.Attempt) {
			w.must(w.r.Found(bg, l.session, card.chip, card.holds, "reject"))
			if w.settle(l, step, jobs.Outcome{Result: jobs.Failed, Cause: causeForeign}) {
				l.mode, l.phase = "reject", 0
			}
			return
		}
		if step != jobs.Feed && (card == nil || l.idx > 1 && card.holds != l.order.Attempt) {
			if w.settle(l, step, jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}) {
				l.order = nil
			}
			return
		}
		if looks(step) {
			l.phase = 1
			return
		}
		cards := l.feeds
		err := w.r.Intend(bg, *l.order, step, jobs.Evidence{Chip: chip, Cards: &cards})
		w.rt.Logf("%s %s: intend %s, card %+v: %v", l.id, l.order.Attempt, step, card, err)
		switch code := fault.CodeOf(err); {
		case err == nil:
			if slices.Contains(rereads, step) && (w.stopped[ApplicationID(l.order.Record.ID)] || w.denied[chip]) {
				w.rt.Fatalf("%s of %s may go on: held or withdrawn %v, denied %v", step, l.order.Record.ID, w.stopped[ApplicationID(l.order.Record.ID)], w.denied[chip])
			}
			l.phase = 1
		case code == RecordWithdrawn.Code, code == RecordHeld.Code, code == BlankDenied.Code:
			if !w.settle(l, step, jobs.Outcome{Result: jobs.Withdrawn, Cause: string(code), Chip: chip}) {
				return
			}
			switch {
			case step == jobs.Feed:
				l.order = nil
			case l.live():
				l.mode, l.phase = "block", 0
			default:
				l.mode, l.phase = "reject", 0
			}
		case endedByPerson(err):
			w.crash(l)
		default:
			w.rt.Fatalf("intend %s: %v", step, err)
		}
	case 1:
		l.out = w.act(l, step, card)
		l.phase = 2
	default:
		l.out.Chip = chip
		if step == jobs.Feed || l.out.Result != jobs.Done && step == jobs.Claim {
			l.out.Chip = ""
		}
		if !w.settle(l, step, l.out) {
			return
		}
		l.phase = 0
		switch l.out.Result {
		case jobs.Done:
			if l.idx++; l.idx == len(stages) {
				l.order = nil
			}
		case jobs.Unknown:
			if card := w.at(path); card != nil {
				card.where = "reject"
			}
			l.order = nil
		default:
			switch {
			case step == jobs.Feed:
				l.order = nil
			case l.live():
				l.mode = "block"
			default:
				l.mode = "reject"
			}
		}
	}
}

// act is what happens in the world, and what the line then knows of it.
func (w *world) act(l *engine, step jobs.Step, card *plastic) jobs.Outcome {
	path := "path/" + string(l.id)
	fail := w.chance(6, "fails")
	if step != jobs.Feed && card == nil {
		return jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}
	}
	out := jobs.Outcome{Result: jobs.Done}
	if fail {
		out = jobs.Outcome{Result: jobs.Failed, Cause: one(w, []string{"applet.card_mute", "printer.jam"}, "cause")}
	}
	switch step {
	case jobs.Feed:
		c := w.at("hopper/" + string(l.id))
		if fail || c == nil {
			return jobs.Outcome{Result: jobs.Failed, Cause: "printer.no_cards"}
		}
		l.feeds++
		if c.where = path; w.chance(5, "card taken at once") {
			c.where = "hand"
			return jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}
		}
	case jobs.Claim:
		if !fail {
			card.state, card.holds = "claimed", l.order.Attempt
		}
	case jobs.Write:
		if !fail {
			out.Hashes = written()
		}
	case jobs.ReadBack:
		if !fail {
			card.state, out.Match = "written", jobs.Matched
		} else if w.chance(10, "wrong person") {
			out.Match = jobs.WrongPerson
		}
	case jobs.Print:
		if card.prints++; card.prints > 1 {
			w.rt.Fatalf("a card was printed twice")
		}
	case jobs.Activate:
		if !fail {
			card.state, card.wasLive = "active", true
		} else if w.chance(50, "answer lost") {
			if w.chance(50, "active all the same") {
				card.state, card.wasLive = "active", true
			}
			return jobs.Outcome{Result: jobs.Unknown, Cause: "applet.card_mute", Where: "path"}
		}
	case jobs.Eject:
		if fail {
			card.where = "hand"
			return jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}
		}
		card.where = "tray"
		out.Tray = "output"
	}
	return out
}

// leave takes a card out: rejected, or blocked first.
func (w *world) leave(l *engine) {
	step := jobs.Reject
	if l.mode == "block" {
		step = jobs.Block
	}
	card := w.at("path/" + string(l.id))
	chip := ktp.ChipUID("")
	if card != nil {
		chip = card.chip
	}
	switch l.phase {
	case 0:
		err := w.r.Intend(bg, *l.order, step, jobs.Evidence{Chip: chip})
		w.rt.Logf("%s %s: intend %s, card %+v: %v", l.id, l.order.Attempt, step, card, err)
		if endedByPerson(err) {
			w.crash(l)
			return
		}
		if err != nil {
			w.rt.Fatalf("intend %s: %v", step, err)
		}
		l.phase = 1
	case 1:
		l.phase, l.out = 2, jobs.Outcome{Result: jobs.Done, Cause: "printer.jam", Tray: "reject"}
		switch {
		case card == nil:
			l.out = jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}
		case step == jobs.Block && w.chance(15, "not blocked"):
			card.where = "reject"
			l.out = jobs.Outcome{Result: jobs.Unknown, Cause: "applet.card_mute", Where: "reject"}
		case step == jobs.Block:
			card.state = "blocked"
		default:
			card.where = "reject"
		}
	default:
		if !w.settle(l, step, l.out) {
			return
		}
		l.phase = 0
		if step == jobs.Block && l.out.Result == jobs.Done {
			l.mode = "reject"
			return
		}
		l.order = nil
	}
}

// recover takes a line over and judges what an earlier session left, as personalize does.
func (w *world) recover(l *engine) {
	session, entries, err := w.r.Unsettled(bg, l.id, jobs.Session{})
	w.must(err)
	laid := l.laid
	*l = engine{id: l.id, session: session, feeds: l.feeds}
	for _, e := range entries {
		w.rt.Logf("%s: unsettled %s %s, %s %s", l.id, e.Order.Attempt, e.State, e.Step, e.Phase)
	}
	card := w.at("path/" + string(l.id))
	untouched := !laid.IsZero() && card != nil && card.state == "blank" && card.holds.IsZero()
	var mine *jobs.Entry
	if card != nil && !untouched {
		for i, e := range entries {
			if e.Order.Attempt == card.holds || card.holds.IsZero() && e.State != jobs.InDoubt && (e.State == jobs.Open || e.State == jobs.Fed) {
				mine = &entries[i]
				break
			}
		}
	}
	for i := range entries {
		e := &entries[i]
		if e == mine || e.State == jobs.InDoubt {
			continue
		}
		l.order = &e.Order
		out := jobs.Outcome{Result: jobs.Unknown, Cause: "personalize.card_missing", Where: "missing"}
		if e.Step == jobs.Feed && e.State == jobs.Open && *e.Evidence.Cards == l.feeds {
			out = jobs.Outcome{Result: jobs.Failed, Cause: "personalize.not_fed"}
		}
		if !w.settle(l, e.Step, out) {
			w.rt.Fatalf("fenced while recovering")
		}
	}
	l.order = nil
	if card == nil {
		return
	}
	if untouched {
		i := slices.IndexFunc(entries, func(e jobs.Entry) bool {
			return e.Order.Attempt == laid && e.State == jobs.InDoubt && (e.Chip == "" || e.Chip == card.chip && (e.Step == jobs.Claim || e.Step == jobs.Feed))
		})
		if i >= 0 {
			err := w.r.Settle(bg, entries[i].Order, jobs.Feed, jobs.Outcome{Result: jobs.Failed, Cause: "personalize.blank_untouched", Chip: card.chip})
			if err == nil {
				card.where = "store"
				return
			} else if fault.CodeOf(err) != "stock.chip_elsewhere" {
				w.rt.Fatalf("settle a presented blank: %v", err)
			}
		}
	}
	if mine == nil {
		w.must(w.r.Found(bg, l.session, card.chip, card.holds, "reject"))
		card.where = "reject"
		return
	}
	l.order, l.mode = &mine.Order, "forward"
	stage := func(s jobs.Step) { l.idx = slices.Index(jobs.Stages(jobs.Inline), s) }
	if mine.State == jobs.Open {
		w.settle(l, jobs.Feed, jobs.Outcome{Result: jobs.Done})
		stage(jobs.Claim)
		return
	}
	live := func() {
		if mine.State != jobs.Activated && mine.State != jobs.Checked {
			w.settle(l, jobs.Activate, jobs.Outcome{Result: jobs.Done, Chip: card.chip})
		}
		stage(jobs.Recheck)
		if mine.Withdrawn || mine.Step == jobs.Block || mine.Step == jobs.Reject || card.prints == 0 {
			l.mode = "block"
		}
	}
	switch {
	case card.state == "active":
		live()
	case card.state == "blocked":
		if mine.State != jobs.Blocked {
			w.settle(l, jobs.Block, jobs.Outcome{Result: jobs.Done, Chip: card.chip})
		}
		l.mode = "reject"
	case mine.State == jobs.InDoubt, mine.Step == jobs.Reject:
		l.mode = "reject"
	case mine.State == jobs.Fed:
		stage(jobs.Claim)
	case mine.State == jobs.Claimed, mine.State == jobs.Written && card.state == "claimed":
		stage(jobs.Write)
	case mine.State == jobs.Written:
		stage(jobs.ReadBack)
	case mine.State == jobs.Compared && mine.Step == jobs.Print && mine.Phase == jobs.Intent && card.prints > 0:
		w.settle(l, jobs.Print, jobs.Outcome{Result: jobs.Done, Chip: card.chip})
		stage(jobs.Accept)
	case mine.State == jobs.Compared:
		stage(jobs.Print)
	case mine.State == jobs.Printed:
		stage(jobs.Accept)
	case mine.State == jobs.Accepted:
		stage(jobs.Activate)
	default:
		w.rt.Fatalf("nothing is known about %s with a chip that is %s", mine.State, card.state)
	}
}

// agree compares the ledger with the world.
func (w *world) agree() {
	w.must(w.store.Read(bg, func(tx *store.Tx) error {
		if err := checkPromises(w.room, tx); err != nil {
			return err
		}
		attempts, err := jobs.AttemptsIn(tx, "")
		if err != nil {
			return err
		}
		byID := map[ktp.AttemptID]jobs.Attempt{}
		for _, t := range attempts {
			byID[t.ID] = t
		}
		for _, c := range w.cards {
			t, known := byID[c.holds]
			if !c.holds.IsZero() && !known {
				w.rt.Fatalf("chip %s carries an attempt that the ledger does not know", c.chip)
			}
			if known && t.Chip != "" && t.Chip != c.chip {
				w.rt.Fatalf("attempt %s: ledger has chip %s, the world %s", t.ID, t.Chip, c.chip)
			}
			if c.wasLive && t.State == jobs.Spoiled {
				w.rt.Fatalf("a card that was active is called spoiled")
			}
			if c.state != "active" {
				continue
			}
			_, inRegister, err := cardOf(tx, t.ID)
			if err != nil {
				return err
			}
			if !t.Successor && !inRegister && t.State != jobs.Lost {
				w.rt.Fatalf("chip %s is active, the ledger has attempt %s as %s", c.chip, t.ID, t.State)
			}
			if t.Ended && !inRegister && t.State != jobs.Lost {
				w.rt.Fatalf("chip %s is active, the register does not have it (%s)", c.chip, t.State)
			}
		}
		if err := w.hoppersAgree(tx); err != nil {
			return err
		}
		for _, t := range attempts {
			c := w.holding(t.ID)
			if t.State == jobs.Out && (c == nil || !c.wasLive || c.prints != 1) {
				w.rt.Fatalf("attempt %s is called made, the plastic is %+v", t.ID, c)
			}
		}
		return nil
	}))
}

// hoppersAgree compares the count of each hopper, where no feed is under way.
func (w *world) hoppersAgree(tx *store.Tx) error {
	if w.mixed {
		return nil
	}
	list, err := stock.Holdings(tx)
	if err != nil {
		return err
	}
	for _, l := range w.lines {
		if l.down || l.order != nil && l.mode == "forward" && l.idx == 0 && l.phase == 2 {
			continue
		}
		place, ledger, real := "hopper/"+string(l.id), 0, 0
		for _, h := range list {
			if h.Place.String() == place {
				ledger += h.Unread + h.Read
			}
		}
		for _, c := range w.cards {
			if c.where == place {
				real++
			}
		}
		if ledger != real {
			w.rt.Fatalf("%s: the ledger has %d blanks, the world %d", place, ledger, real)
		}
	}
	return nil
}

// TestMain plays fewer lives than rapid would by default; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		n := lives
		if storetest.Soak() {
			n = "40"
		}
		if err := flag.Set("rapid.checks", n); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func TestPromisesHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt)
		defer func() { _ = w.store.Close() }()
		for n := 1; n <= persons; n++ {
			w.wanted(n)
		}
		for range 60 + fair(rt, 240, "length") {
			switch k := fair(rt, 100, "what"); {
			case k < 64:
				w.turn(one(w, w.lines, "line"))
			case k < 75:
				w.office()
			case k < 86:
				w.counter()
			case k < 94:
				w.hands()
			case k < 96:
				w.late()
			case k < 99:
				w.refill()
			default:
				w.db.Clock.Advance(time.Duration(1+fair(rt, 15, "minutes")) * time.Minute)
			}
			w.agree()
		}
		w.sound()
	})
}
