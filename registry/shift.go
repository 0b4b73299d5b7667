package registry

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/registry/stock"
	"blanko/store"
)

// Shift is a working day of the print room between two counts.
type Shift struct {
	ID           string
	State        string // open, closed
	OpenedBy     string
	OpenedSecond string
	OpenedAt     time.Time
	ClosedBy     string
	ClosedSecond string
	ClosedAt     time.Time
	Recounts     int    // counts that did not fit
	Reason       string // of a difference that was settled
	AnchorID     int64  // newest event when it closed, and its hash: stands on the shift sheet
	Anchor       []byte
	Counts       []ShiftCount
}

// CountedBlank is the kind of what is counted that are blanks; ribbons and films have the kinds of their rolls.
const CountedBlank = "blank"

// Heap is what is counted at the turn of a shift as one number: the blanks of a lot, or the rolls of a product, at a
// place.
type Heap struct {
	Kind  string // blank, ribbon, film
	Place string // of blanks: store, hopper/LINE, or testing; of rolls: store or fitted/LINE
	Lot   string // of rolls: their product
}

// LastCount is the number of the newest count of the closing.
func (s Shift) LastCount() (n int) {
	for _, c := range s.Counts {
		if c.Turn == turnClose {
			n = max(n, c.N)
		}
	}
	return n
}

// Compare orders heaps: by kind, by place, by lot.
func (h Heap) Compare(o Heap) int {
	return cmp.Or(strings.Compare(h.Kind, o.Kind), strings.Compare(h.Place, o.Place), strings.Compare(h.Lot, o.Lot))
}

// possible reports whether there can be such a heap.
func (h Heap) possible() bool {
	if h.Lot == "" {
		return false
	}
	if h.Kind == CountedBlank {
		return true
	}
	return slices.Contains(rollKinds, h.Kind) && (h.Place == string(RollStored) || strings.HasPrefix(h.Place, string(RollFitted)+"/"))
}

// ShiftCount is what was counted of a heap against what the ledger had. The expected number is shown
// once the shift is closed.
type ShiftCount struct {
	Turn string // open, close
	N    int
	Heap
	Counted  int
	Expected int
}

// Counted is one heap as two people counted it, without being told how many there should be.
type Counted struct {
	Heap
	Quantity int
}

// blindCount is an operation whose counts are compared without a word before both persons stand by them.
type blindCount interface{ blind() }

// SecondCounts reports whether an operation is one, so that its second person counts before anything is shown.
func SecondCounts(n Name) bool {
	_, is := RowOf(n).Of.(blindCount)
	return is
}

func (OpenShift) blind()   {}
func (CloseShift) blind()  {}
func (SettleShift) blind() {}

// Turns of a count.
const (
	turnOpen  = "open"
	turnClose = "close"
)

// Answers of a count.
const (
	AnswerOpened  = "opened"
	AnswerClosed  = "closed"
	AnswerRecount = "recount"
)

// OpenShift begins a shift by a blind count of two people. A count that does not fit is kept and
// answered with recount; nothing is opened.
type OpenShift struct {
	Counts []Counted
	Second Actor
}

func (OpenShift) Name() Name      { return opOpenShift }
func (o OpenShift) second() Actor { return o.Second }

func (o OpenShift) run(a *act) error {
	if s, open, err := openShift(a.tx); err != nil || open {
		if err == nil {
			err = wrongState.At("registry.OpenShift", nil).With("shift", "%s is open; close it by a recount first", s.ID)
		}
		return err
	}
	fits, counts, err := a.count(turnOpen, o.Counts)
	if err != nil {
		return err
	}
	if !fits {
		return a.miscounted("", counts)
	}
	return a.beginShift("", o.Second, counts)
}

func (a *act) beginShift(reason string, second Actor, counts []ShiftCount) error {
	n, err := nextShift(a.tx)
	if err != nil {
		return err
	}
	s := Shift{ID: "S-" + a.year() + "-" + padded(n, 5), State: "open", OpenedBy: a.actor.ID, OpenedSecond: second.ID, OpenedAt: a.now(), Reason: reason}
	if err := s.save(a.tx); err != nil {
		return err
	}
	if err := keepCounts(a.tx, s.ID, turnOpen, 1, counts); err != nil {
		return err
	}
	a.res.Answer = AnswerOpened
	return a.tell(audit.Event{Code: "shift.opened", Detail: map[string]string{"shift": s.ID}})
}

// miscounted writes down that a count did not fit, without the number that would have.
func (a *act) miscounted(shift string, counts []ShiftCount) error {
	off := 0
	for _, c := range counts {
		if c.Counted != c.Expected {
			off++
		}
	}
	a.res.Answer = AnswerRecount
	return a.tell(audit.Event{Code: "shift.miscounted", Detail: map[string]string{"shift": shift, "heaps": strconv.Itoa(off)}})
}

// count compares every heap of blanks and of rolls with the ledger; a heap that was not counted counts as nothing.
func (a *act) count(turn string, counted []Counted) (fits bool, out []ShiftCount, err error) {
	const op = "registry.shift"
	held, err := countable(a.tx)
	if err != nil {
		return false, nil, err
	}
	fits = true
	seen := map[Heap]bool{}
	for _, c := range counted {
		if c.Quantity < 0 || !c.possible() || seen[c.Heap] {
			return false, nil, badOperation.At(op, nil).With("counts", "kind, place, lot or product, and quantity, each heap once")
		}
		if _, line, of := strings.Cut(c.Place, "/"); of {
			if _, err := jobs.LineByID(a.tx, jobs.LineID(line)); err != nil {
				return false, nil, err
			}
		}
		seen[c.Heap] = true
		expected := held[c.Heap]
		out = append(out, ShiftCount{Turn: turn, Heap: c.Heap, Counted: c.Quantity, Expected: expected})
		fits = fits && c.Quantity == expected
	}
	for h, n := range held {
		if !seen[h] {
			out = append(out, ShiftCount{Turn: turn, Heap: h, Expected: n})
			fits = false
		}
	}
	slices.SortFunc(out, func(x, y ShiftCount) int { return x.Compare(y.Heap) })
	return fits, out, nil
}

// CloseShift ends the shift by a blind count of two people; one that a power cut ended is closed so the
// next morning. With a count that does not fit it stays open; after a recount only SettleShift is left.
// The newest event stands on the shift sheet, as the anchor of the log.
type CloseShift struct {
	Counts []Counted
	Second Actor
}

func (CloseShift) Name() Name      { return opCloseShift }
func (o CloseShift) second() Actor { return o.Second }

func (o CloseShift) run(a *act) error {
	s, open, err := openShift(a.tx)
	if err != nil || !open {
		if err == nil {
			err = wrongState.At("registry.CloseShift", nil).With("shift", "none is open")
		}
		return err
	}
	fits, counts, err := a.count(turnClose, o.Counts)
	if err != nil {
		return err
	}
	s.Recounts++
	if err := keepCounts(a.tx, s.ID, turnClose, s.Recounts, counts); err != nil {
		return err
	}
	if !fits {
		if err := s.save(a.tx); err != nil {
			return err
		}
		return a.miscounted(s.ID, counts)
	}
	s.Recounts--
	return a.endShift(s, o.Second)
}

func (a *act) endShift(s Shift, second Actor) error {
	if err := a.startsConfirmed(s.ID); err != nil {
		return err
	}
	head, err := audit.HeadOf(a.tx)
	if err != nil {
		return err
	}
	s.State, s.ClosedBy, s.ClosedSecond, s.ClosedAt = "closed", a.actor.ID, second.ID, a.now()
	s.AnchorID, s.Anchor = head.ID, head.Hash[:]
	if err := s.save(a.tx); err != nil {
		return err
	}
	a.res.Answer = AnswerClosed
	return a.tell(audit.Event{Code: "shift.closed", Detail: map[string]string{"shift": s.ID, "recounts": strconv.Itoa(s.Recounts), "anchor": strconv.FormatInt(head.ID, 10)}})
}

// fewestRecounts are the counts that must have failed before a difference is settled.
const fewestRecounts = 2

// SettleShift ends a shift whose counts do not fit, after a recount, by a supervisor as the second
// person: the difference is booked with its reason, and looked into. Where none is open and the counts
// of an opening did not fit, it opens one the same way. A missing roll is lost by its serial: as long as one is not named,
// the supervisor is told those that the ledger has there. A roll too many is a difference of the shift and no more, until
// somebody receives it.
//
// Who proposes it learns nothing of the ledger: what does not agree with it is told to the supervisor who decides.
type SettleShift struct {
	Because
	Counts  []Counted // of an opening
	Missing []string  // chips of the missing blanks that the ledger knows by them, and the serial of every missing roll
	Second  Actor
}

func (SettleShift) Name() Name      { return opSettleShift }
func (o SettleShift) second() Actor { return o.Second }

func (o SettleShift) run(a *act) error {
	const op = "registry.SettleShift"
	s, open, err := openShift(a.tx)
	switch {
	case err != nil:
		return err
	case len(o.Missing) > mostScanned:
		return badOperation.At(op, nil).With("missing", "at most %d", mostScanned)
	case !open:
		return o.open(a)
	case s.Recounts < fewestRecounts:
		return wrongState.At(op, nil).With("shift", "count again first: %d of %d", s.Recounts, fewestRecounts)
	}
	counts, err := countsOf(a.tx, s.ID, turnClose, s.Recounts)
	if err != nil {
		return err
	}
	if still, err := a.stillExpected(counts); err != nil || !still {
		if err == nil {
			err = wrongState.At(op, nil).With("shift", "what is expected has changed since the last count; count again")
		}
		return err
	}
	if a.proposing {
		return nil
	}
	if err := o.book(a, counts); err != nil {
		return err
	}
	s.Reason = o.Reason
	return a.endShift(s, o.Second)
}

// open begins a shift whose opening count did not fit often enough since the last one ended.
func (o SettleShift) open(a *act) error {
	const op = "registry.SettleShift"
	last, err := shifts(a.tx, `where 1 = 1 order by opened_at desc, id desc limit 1`)
	if err != nil {
		return err
	}
	since := int64(0)
	if len(last) > 0 {
		since = last[0].AnchorID
	}
	failed, err := audit.After(a.tx, since, fewestRecounts, audit.Filter{Code: "shift.miscounted"})
	if err != nil {
		return err
	}
	if len(failed) < fewestRecounts || len(o.Counts) == 0 {
		return wrongState.At(op, nil).With("shift", "none is open, and its opening was not counted %d times", fewestRecounts)
	}
	fits, counts, err := a.count(turnOpen, o.Counts)
	if err != nil {
		return err
	}
	if a.proposing {
		return nil
	}
	if fits {
		return wrongState.At(op, nil).With("counts", "they fit; open the shift")
	}
	if err := o.book(a, counts); err != nil {
		return err
	}
	return a.beginShift(o.Reason, o.Second, counts)
}

// stillExpected reports whether the ledger has at every heap what it had when it was counted.
func (a *act) stillExpected(counts []ShiftCount) (bool, error) {
	held, err := countable(a.tx)
	if err != nil {
		return false, err
	}
	for _, c := range counts {
		if held[c.Heap] != c.Expected {
			return false, nil
		}
		delete(held, c.Heap)
	}
	return len(held) == 0, nil
}

// book makes the ledger agree with every heap.
func (o SettleShift) book(a *act, counts []ShiftCount) error {
	named := map[Heap]int{}
	for _, item := range o.Missing {
		lose := a.loseRoll // ReceiveRoll takes none whose serial reads like a chip
		if ktp.ChipUID(item).Valid() {
			lose = a.loseBlank
		}
		from, err := lose(item, o.Reason)
		if err != nil {
			return err
		}
		named[from]++
	}
	for _, c := range counts {
		if err := a.bookDifference(c, named[c.Heap], o.Reason); err != nil {
			return err
		}
	}
	return nil
}

// loseBlank declares a blank lost that the ledger knows by its chip.
func (a *act) loseBlank(item, reason string) (from Heap, err error) {
	chip := ktp.ChipUID(item)
	b, known, err := stock.ByChip(a.tx, chip)
	if err != nil {
		return from, err
	}
	if !known || !b.Place.Heap() {
		return from, badOperation.At("registry.SettleShift", nil).With("missing", "a chip that is in no heap")
	}
	_, _, err = stock.SetAside(a.tx, chip, stock.At(stock.Lost), a.why(reason))
	return Heap{CountedBlank, b.Place.String(), b.Lot}, err
}

// bookDifference makes the ledger agree with what was counted beside what was named: what is missing is lost and looked
// into, what is too much came from nowhere the ledger knows. A roll has a serial: it is not lost unnamed, nor made up.
func (a *act) bookDifference(c ShiftCount, named int, reason string) error {
	const op = "registry.SettleShift"
	place, blanks := stock.PlaceOf(c.Place), c.Kind == CountedBlank
	var err error
	switch d := c.Counted - c.Expected + named; {
	case d == 0 && named == 0:
		return nil
	case d == 0:
	case d > 0 && named > 0:
		return badOperation.At(op, nil).With("missing", "more are named than are missing at %s", c.Place)
	case d < 0 && !blanks:
		return a.unnamed(c.Heap, -d)
	case !blanks:
	case d < 0:
		err = stock.Shift(a.tx, c.Lot, place, stock.At(stock.Lost), -d, a.why(reason))
	default:
		err = stock.Surplus(a.tx, c.Lot, place, d, a.why(reason))
	}
	if err != nil {
		return err
	}
	detail := map[string]string{"place": c.Place, "counted": strconv.Itoa(c.Counted), "expected": strconv.Itoa(c.Expected), "reason": reason}
	if blanks {
		detail["lot"] = c.Lot
	} else {
		detail["kind"] = c.Kind
	}
	return a.tell(audit.Event{Code: "stock.difference", Detail: detail})
}

// Countable are the heaps that a shift counts, without their numbers: whoever counts is shown no more.
func (r *Registry) Countable(ctx context.Context) (list []Heap, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		held, err := countable(tx)
		list = slices.SortedFunc(maps.Keys(held), Heap.Compare)
		return err
	})
	return list, err
}

// ListShifts are shifts, newest first, without their counts.
func (r *Registry) ListShifts(ctx context.Context, after string, limit int) (list []Shift, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var w store.Where
		w.If(after, `(opened_at, id) < (select opened_at, id from shift where id = ?)`, after)
		list, err = shifts(tx, w.Text()+` order by opened_at desc, id desc limit ?`, w.Args(limit)...)
		return err
	})
	return list, err
}

// ShiftByID is one with its counts; the expected numbers only once it is closed.
func (r *Registry) ShiftByID(ctx context.Context, id string) (s Shift, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list, err := shifts(tx, `where id = ?`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return shiftUnknown.At("registry.ShiftByID", nil)
		}
		s = list[0]
		if s.Counts, err = countsOf(tx, id, "", 0); err != nil {
			return err
		}
		if s.State == "open" {
			for i := range s.Counts {
				s.Counts[i].Expected = 0
			}
		}
		return nil
	})
	return s, err
}

// CountedBlind reports whether somebody counts the blanks of a place at the turn of a shift, and so is not told how
// many there should be.
func CountedBlind(who Actor, at stock.Place) bool {
	return at.Heap() && countsBlind(who)
}

// RollsCountedBlind reports the same of the rolls in the store. One in a printer is seen by everybody who works there.
func RollsCountedBlind(who Actor) bool { return countsBlind(who) }

func countsBlind(who Actor) bool { return who.May(RowOf(opCloseShift).Who) }
