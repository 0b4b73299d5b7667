package stock

import (
	"time"

	"blanko/fault"
	"blanko/ktp"
	"blanko/store"
)

// Unexplained is the lot of cards that came from nowhere the ledger knows.
const Unexplained = "unexplained"

// Blank is one piece of plastic with a chip, from the moment it left a hopper. Before that it
// is counted per lot and place, or has its name from a list: the one that leaves a hopper of named blanks is one of them,
// and which one its chip tells.
type Blank struct {
	ID      int64
	Chip    ktp.ChipUID // empty: not read yet
	Lot     string
	Place   Place
	Attempt string // the attempt that uses it, 32 hex digits
	Since   time.Time
}

// NamedIn reports whether a list names the blank, and it has not been seen to leave that hopper.
func (b Blank) NamedIn(hopper Place) bool {
	return b.Chip != "" && b.Attempt == "" && b.Place == hopper
}

// Why goes with every movement.
type Why struct {
	Actor  string
	Reason string // code
}

// Purpose is what the blanks of a lot are for; it never changes.
type Purpose string

const (
	ForCards Purpose = "cards"
	ForTests Purpose = "tests" // the test stock
)

// Receive counts a delivery of a lot into the store; none of the test stock comes into a hopper.
func Receive(tx *store.Tx, lot, product string, purpose Purpose, quantity int, why Why) error {
	const op = "stock.Receive"
	if quantity <= 0 {
		return BadQuantity.At(op, nil).With("quantity", "%d", quantity)
	}
	if err := lotFor(tx, op, lot, product, purpose); err != nil {
		return err
	}
	return moveUnread(tx, lot, At(Supplier), At(Store), quantity, "", why)
}

// lotFor makes a lot known, or refuses one that is known as something else.
func lotFor(tx *store.Tx, op, lot, product string, purpose Purpose) error {
	have, known, err := productOf(tx, lot)
	if err != nil || !known {
		if err == nil {
			err = addLot(tx, lot, product, purpose)
		}
		return err
	}
	if have != product {
		return LotKnown.At(op, nil).With("lot", "%q is known as another product", lot)
	}
	had, err := purposeOf(tx, lot)
	if err == nil && had != purpose {
		err = OtherPurpose.At(op, nil).With("lot", "%q is for %s", lot, had)
	}
	return err
}

// Single makes one counted blank of a lot a thing of its own that nobody has read, at another place.
func Single(tx *store.Tx, lot string, from, to Place, why Why) error {
	const op = "stock.Single"
	switch _, known, err := productOf(tx, lot); {
	case err != nil:
		return err
	case !known:
		return LotUnknown.At(op, nil).With("lot", "%q", lot)
	case !to.valid():
		return BadPlace.At(op, nil).With("to", "%q", to)
	}
	_, err := take(tx, lot, from, to, "", "", why)
	return err
}

// NumberPrefix stands before the number of a blank that has no chip to be named by on a list of destruction.
const NumberPrefix = "BLANK:"

// MoveNameless moves a blank that has no chip to be named by; stock.no_blank where there is none of this number.
func MoveNameless(tx *store.Tx, id int64, to Place, why Why) error {
	b, found, err := ByID(tx, id)
	if err != nil || !found || b.Chip != "" {
		if err == nil {
			err = NoBlank.At("stock.MoveNameless", nil).With("blank", "%d", id)
		}
		return err
	}
	return b.move(tx, to, why)
}

// Shift moves a number of blanks of a lot that are still counted, not read.
func Shift(tx *store.Tx, lot string, from, to Place, quantity int, why Why) error {
	if err := movable(tx, "stock.Shift", lot, from, to, quantity); err != nil {
		return err
	}
	return moveUnread(tx, lot, from, to, quantity, "", why)
}

// Carry moves a number of blanks of a lot that no attempt uses: those that are counted only, then those that are known
// by their chips. No denied one goes into a hopper.
func Carry(tx *store.Tx, lot string, from, to Place, quantity int, why Why) error {
	if err := movable(tx, "stock.Carry", lot, from, to, quantity); err != nil {
		return err
	}
	counted, err := unreadAt(tx, lot, from)
	if err != nil {
		return err
	}
	held, err := heldOf(tx, lot, from)
	if err != nil {
		return err
	}
	known, err := knownOf(tx, lot, from, to, max(0, quantity-max(0, counted)))
	if err != nil {
		return err
	}
	if min(held, max(0, counted)+len(known)) < quantity {
		return NotEnough.At("stock.Carry", nil).With("quantity", "fewer at %s, %d asked for", from, quantity)
	}
	if n := quantity - len(known); n > 0 {
		if err := moveUnread(tx, lot, from, to, n, "", why); err != nil {
			return err
		}
	} else if err := fits(tx, lot, to); err != nil {
		return err
	}
	for _, b := range known {
		if err := b.move(tx, to, why); err != nil {
			return err
		}
	}
	return nil
}

// movable refuses a movement of an unknown lot, of none, or between places that are none.
func movable(tx *store.Tx, op, lot string, from, to Place, quantity int) error {
	switch _, known, err := productOf(tx, lot); {
	case err != nil:
		return err
	case quantity <= 0:
		return BadQuantity.At(op, nil).With("quantity", "%d", quantity)
	case !known:
		return LotUnknown.At(op, nil).With("lot", "%q", lot)
	case !from.valid():
		return BadPlace.At(op, nil).With("from", "%q", from)
	case !to.valid():
		return BadPlace.At(op, nil).With("to", "%q", to)
	}
	return nil
}

// Surplus counts blanks of a known lot that are at a place without the ledger knowing from where.
func Surplus(tx *store.Tx, lot string, at Place, quantity int, why Why) error {
	const op = "stock.Surplus"
	switch _, known, err := productOf(tx, lot); {
	case err != nil:
		return err
	case quantity <= 0:
		return BadQuantity.At(op, nil).With("quantity", "%d", quantity)
	case !known:
		return LotUnknown.At(op, nil).With("lot", "%q", lot)
	case !at.valid():
		return BadPlace.At(op, nil).With("at", "%q", at)
	}
	if err := Alike(tx, lot, at); err != nil {
		return err
	}
	return moveUnread(tx, lot, At(Found), at, quantity, "", why)
}

// ReceiveChips counts blanks whose chips were read into the store, each a thing of its own.
func ReceiveChips(tx *store.Tx, lot, product string, chips []ktp.ChipUID, why Why) error {
	const op = "stock.ReceiveChips"
	if err := lotFor(tx, op, lot, product, ForCards); err != nil {
		return err
	}
	for _, chip := range chips {
		if b, here, err := ByChip(tx, chip); err != nil || here {
			if err == nil {
				err = ChipElsewhere.At(op, nil).With("chip", "at %s", b.Place)
			}
			return err
		}
		if _, err := take(tx, lot, At(Supplier), At(Store), chip, "", why); err != nil {
			return err
		}
	}
	return nil
}

// Feed takes one blank out of the hopper of a line for an attempt: it is in the path, or in
// doubt when nobody can prove it. Explained is false when the ledger's hopper was empty: the
// blank came from nowhere the ledger knows, which is a finding, not a reason to lose it.
func Feed(tx *store.Tx, line, attempt string, to Kind, why Why) (b Blank, explained bool, err error) {
	hopper := On(Hopper, line)
	place := At(to)
	if to == Path {
		place = On(Path, line)
	}
	lot, found, err := nextIn(tx, hopper)
	if err != nil {
		return b, false, err
	}
	if !found {
		hopper, lot = At(Found), Unexplained
	}
	b, err = take(tx, lot, hopper, place, "", attempt, why)
	return b, found, err
}

// nextIn is the lot of the blank that leaves a hopper next: one that is counted only, then one of those with the oldest
// name.
func nextIn(tx *store.Tx, hopper Place) (lot string, found bool, err error) {
	if lot, found, err = oldestUnread(tx, hopper); err != nil || found {
		return lot, found, err
	}
	return oldestNamed(tx, hopper)
}

// take makes one blank of a lot a thing of its own. From a hopper where all have names it takes none of them along.
func take(tx *store.Tx, lot string, from, to Place, chip ktp.ChipUID, attempt string, why Why) (Blank, error) {
	if lot == Unexplained {
		if _, known, err := productOf(tx, lot); err != nil {
			return Blank{}, err
		} else if !known {
			if err := addLot(tx, lot, "unknown", ForCards); err != nil {
				return Blank{}, err
			}
		}
	}
	if !from.outside() {
		if err := countOut(tx, lot, from); err != nil {
			return Blank{}, err
		}
	}
	b := Blank{Chip: chip, Lot: lot, Place: to, Attempt: attempt, Since: tx.Now()}
	if err := b.insert(tx); err != nil {
		return Blank{}, err
	}
	return b, record(tx, lot, b.ID, from, to, 1, attempt, why)
}

// Identify writes the chip of the blank that an attempt uses, read for the first time. A chip
// that the ledger has in the hopper or the store already takes the place of the nameless one. One
// that it has anywhere else is stock.chip_elsewhere, and nothing changes.
func Identify(tx *store.Tx, attempt string, chip ktp.ChipUID, why Why) error {
	b, err := OfAttempt(tx, attempt)
	if err != nil || b.Chip == chip {
		return err
	}
	return b.learn(tx, chip, b.Place, why)
}

// NotNamed is the reason why a blank that was taken out of a hopper goes back there: what left it has a chip that is none of
// theirs. The printer fed one all the same.
const NotNamed = "not_named"

// learn is Identify of any blank, at the place where its chip was read.
func (b Blank) learn(tx *store.Tx, chip ktp.ChipUID, to Place, why Why) error {
	other, known, err := ByChip(tx, chip)
	if err != nil {
		return err
	}
	hopper, named, err := fedFrom(tx, b)
	switch {
	case err != nil:
		return err
	case !known && b.Chip == "" && !named:
		b.Chip = chip
		return b.move(tx, to, why)
	case known && (other.Attempt != "" || other.Place.Kind != Hopper && other.Place.Kind != Store):
		return ChipElsewhere.At("stock.Identify", nil).With("chip", "at %s", other.Place)
	}
	// The blank that was taken for this one goes back to where this one came from.
	back := At(Store)
	switch {
	case known:
		back = other.Place
	case hopper.Kind == Hopper:
		back = hopper
	}
	if !known {
		why.Reason = NotNamed
	}
	if err := b.putBack(tx, back, why); err != nil {
		return err
	}
	if !known {
		_, err := take(tx, Unexplained, At(Found), to, chip, b.Attempt, why)
		return err
	}
	other.Attempt = b.Attempt
	return other.move(tx, to, why)
}

// Answered refuses a chip of the store that cannot be the blank of an attempt: it came there after that one
// had left its hopper, or nothing was loaded into the hopper in between. stock.chip_elsewhere.
func Answered(tx *store.Tx, attempt string, chip ktp.ChipUID) error {
	b, err := OfAttempt(tx, attempt)
	if err != nil {
		return err
	}
	other, known, err := ByChip(tx, chip)
	if err != nil || !known || other.Place.Kind != Store {
		return err
	}
	loaded, err := loadedBetween(tx, other, b)
	if err == nil && !loaded {
		err = ChipElsewhere.At("stock.Answered", nil).With("chip", "in the store, and not loaded since it came there")
	}
	return err
}

// putBack undoes the taking of a blank: a read one stays a thing of its own, an unread one is
// counted again. Where blanks for other cards lie in its hopper by now, it goes into the store.
func (b Blank) putBack(tx *store.Tx, to Place, why Why) error {
	switch err := Alike(tx, b.Lot, to); {
	case fault.Is(err, OtherCard):
		to = At(Store)
	case err != nil:
		return err
	}
	attempt := b.Attempt
	b.Attempt = ""
	if b.Chip != "" {
		return b.move(tx, to, why)
	}
	if err := b.remove(tx); err != nil {
		return err
	}
	if err := count(tx, b.Lot, to, 1); err != nil {
		return err
	}
	return record(tx, b.Lot, b.ID, b.Place, to, 1, attempt, why)
}

// Return puts the blank of an attempt, proved untouched, back into the store or a hopper. The
// attempt has no blank afterwards.
func Return(tx *store.Tx, attempt string, to Place, why Why) error {
	if to.Kind != Store && to.Kind != Hopper || !to.valid() {
		return BadPlace.At("stock.Return", nil).With("to", "%q", to)
	}
	b, err := OfAttempt(tx, attempt)
	if err != nil {
		return err
	}
	return b.putBack(tx, to, why)
}

// Readmit puts a blank that was set aside, and on which nothing was done, back into the store. No attempt has it any more.
func Readmit(tx *store.Tx, b Blank, why Why) error { return b.putBack(tx, At(Store), why) }

// Move changes where the blank of an attempt is. Moving it to where it is changes nothing.
func Move(tx *store.Tx, attempt string, to Place, why Why) error {
	if !to.valid() {
		return BadPlace.At("stock.Move", nil).With("to", "%q", to)
	}
	b, err := OfAttempt(tx, attempt)
	if err != nil {
		return err
	}
	return b.move(tx, to, why)
}

// Stray takes a blank with an untouched chip that nobody fed knowingly out of the hopper of a line:
// two stuck together, or the printer fed one by itself. Explained is false when the ledger's
// hopper was empty, or has another name for each of its blanks.
func Stray(tx *store.Tx, line string, chip ktp.ChipUID, to Place, why Why) (explained bool, err error) {
	if !to.valid() {
		return false, BadPlace.At("stock.Stray", nil).With("to", "%q", to)
	}
	from, next := On(Hopper, line), nextIn
	if chip != "" {
		switch b, known, err := ByChip(tx, chip); {
		case err != nil:
			return false, err
		case known && !b.NamedIn(from):
			return false, ChipElsewhere.At("stock.Stray", nil).With("chip", "at %s", b.Place)
		case known:
			held, err := heldOf(tx, b.Lot, from)
			if err != nil {
				return false, err
			}
			return held > 0, b.move(tx, to, why)
		}
		next = oldestUnread
	}
	lot, explained, err := next(tx, from)
	if err != nil {
		return false, err
	}
	if !explained {
		from, lot = At(Found), Unexplained
	}
	_, err = take(tx, lot, from, to, chip, "", why)
	return explained, err
}

// Counted is the oldest blank without a name in the reject tray of a line that is on no list of destruction: the
// printer fed it unasked, or its chip gave no answer.
func Counted(tx *store.Tx, line string) (b Blank, found bool, err error) {
	list, err := blanks(tx, `where place = ? and chip is null and attempt = '' and `+unlisted+` order by id limit 1`, On(Reject, line).String())
	if err != nil || len(list) == 0 {
		return Blank{}, false, err
	}
	return list[0], true, nil
}

// Uncount puts the newest blank without a name at a place, which came there for a reason, back to where it is
// counted again; false where there is none, or on a list of destruction only.
func Uncount(tx *store.Tx, at Place, reason string, to Place, why Why) (found bool, err error) {
	if !to.valid() {
		return false, BadPlace.At("stock.Uncount", nil).With("to", "%q", to)
	}
	list, err := blanks(tx, `where place = ? and chip is null and attempt = '' and `+unlisted+`
		and exists (select 1 from stock_movement where blank = blank.id and blank > 0 and reason = ?) order by id desc limit 1`, at.String(), reason)
	if err != nil || len(list) == 0 {
		return false, err
	}
	return true, list[0].putBack(tx, to, why)
}

// NameCounted writes the chip of a blank that was only counted so far, empty where it gives no answer, and
// where it is now.
func NameCounted(tx *store.Tx, b Blank, chip ktp.ChipUID, to Place, why Why) error {
	if !to.valid() {
		return BadPlace.At("stock.NameCounted", nil).With("to", "%q", to)
	}
	if chip == "" {
		return b.move(tx, to, why)
	}
	return b.learn(tx, chip, to, why)
}

// SetAside writes down a card that was met and belongs to no attempt under way: where it is now,
// from wherever the ledger had it. An empty chip is a card that did not answer.
func SetAside(tx *store.Tx, chip ktp.ChipUID, to Place, why Why) (b Blank, known bool, err error) {
	if !to.valid() {
		return b, false, BadPlace.At("stock.SetAside", nil).With("to", "%q", to)
	}
	if chip != "" {
		if b, known, err = ByChip(tx, chip); err != nil {
			return b, known, err
		}
	}
	if known {
		return b, true, b.move(tx, to, why)
	}
	b, err = take(tx, Unexplained, At(Found), to, chip, "", why)
	return b, false, err
}

// move takes a blank to another place. Out of a hopper that holds none by the count, whatever its names say, comes only
// what came into it from nowhere.
func (b *Blank) move(tx *store.Tx, to Place, why Why) error {
	from := b.Place
	if from.Kind == Hopper && from != to {
		switch held, err := heldOf(tx, b.Lot, from); {
		case err != nil:
			return err
		case held == 0:
			if err := moveUnread(tx, b.Lot, At(Found), from, 1, "", why); err != nil {
				return err
			}
		}
	}
	if from == to {
		return b.save(tx)
	}
	b.Place, b.Since = to, tx.Now()
	if err := b.save(tx); err != nil {
		return err
	}
	return record(tx, b.Lot, b.ID, from, to, 1, b.Attempt, why)
}

// Doubted takes up to n blanks of the hopper of a line of which nobody can tell where they are; it returns
// how many there were.
func Doubted(tx *store.Tx, line string, n int, why Why) (taken int, err error) {
	hopper := On(Hopper, line)
	for ; taken < n; taken++ {
		lot, found, err := nextIn(tx, hopper)
		if err != nil || !found {
			return taken, err
		}
		if _, err := take(tx, lot, hopper, At(Doubt), "", "", why); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

// Settle moves a blank that nobody could tell of: into a hopper, where it is counted again, or to where it was
// found or missed.
func Settle(tx *store.Tx, b Blank, to Place, why Why) error {
	switch {
	case !to.valid():
		return BadPlace.At("stock.Settle", nil).With("to", "%q", to)
	case to.Kind == Hopper:
		return b.putBack(tx, to, why)
	}
	return b.move(tx, to, why)
}
