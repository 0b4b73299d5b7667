package stock

import (
	"strings"
	"time"

	"blanko/ktp"
	"blanko/store"
)

func productOf(tx *store.Tx, lot string) (product string, known bool, err error) {
	known, err = tx.Get([]any{&product}, `select product from lot where id = ?`, lot)
	return product, known, err
}

func addLot(tx *store.Tx, lot, product string, purpose Purpose) error {
	_, err := tx.Exec(`insert into lot (id, product, received_at, purpose) values (?, ?, ?, ?)`, lot, product, store.Micros(tx.Now()), purpose)
	return err
}

func purposeOf(tx *store.Tx, lot string) (p Purpose, err error) {
	_, err = tx.Get([]any{&p}, `select purpose from lot where id = ?`, lot)
	return p, err
}

// TestLots are the lots of the test stock.
func TestLots(tx *store.Tx) (map[string]bool, error) { return lotsWith(tx, `purpose = ?`, ForTests) }

func lotsWith(tx *store.Tx, condition string, args ...any) (lots map[string]bool, err error) {
	lots = map[string]bool{}
	err = tx.Each(func(scan func(...any) error) error {
		var lot string
		err := scan(&lot)
		lots[lot] = true
		return err
	}, `select id from lot where `+condition, args...)
	return lots, err
}

// knownOf are blanks of a lot at a place that are known by their chips and used by no attempt, denied ones first; into a
// hopper no denied one goes.
func knownOf(tx *store.Tx, lot string, from, to Place, limit int) ([]Blank, error) {
	where, order := ``, `denied desc, id`
	if to.Kind == Hopper {
		where, order = ` and denied = 0`, `id`
	}
	return blanks(tx, `where lot = ? and place = ? and attempt = '' and chip is not null`+where+` order by `+order+` limit ?`, lot, from.String(), limit)
}

// unreadAt is how many blanks of a lot are counted at a place, and not read. Of a hopper it is less than none where more
// blanks have names than lie there.
func unreadAt(tx *store.Tx, lot string, p Place) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select quantity from stock_unread where lot = ? and place = ?`, lot, p.String())
	return n, err
}

// heldOf is how many blanks of a lot are at a place, counted and named.
func heldOf(tx *store.Tx, lot string, p Place) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select coalesce((select quantity from stock_unread where lot = ? and place = ?), 0) + (select count(*) from blank where lot = ? and place = ?)`,
		lot, p.String(), lot, p.String())
	return n, err
}

// oldestNamed is the lot of the oldest name in a hopper that holds a blank of it.
func oldestNamed(tx *store.Tx, hopper Place) (lot string, found bool, err error) {
	found, err = tx.Get([]any{&lot}, `select lot from blank where place = ? group by lot
		having count(*) + coalesce((select quantity from stock_unread where lot = blank.lot and place = ?), 0) > 0 order by min(id) limit 1`, hopper.String(), hopper.String())
	return lot, found, err
}

// fedFrom is the hopper that a blank was last fed from, and whether names alone lie there, of which it has one; no place
// of one that never was in a hopper.
func fedFrom(tx *store.Tx, b Blank) (hopper Place, named bool, err error) {
	var from string
	if found, err := tx.Get([]any{&from}, `select from_place from stock_movement where blank = ? and blank > 0 and from_place like ? order by id desc limit 1`,
		b.ID, string(Hopper)+"/%"); err != nil || !found {
		return Place{}, false, err
	}
	hopper = parsePlace(from)
	counted, err := unreadAt(tx, b.Lot, hopper)
	return hopper, counted < 0, err
}

// countOut takes one blank of a lot off what is counted at a place; of a hopper, where it holds more than it counts, also
// off those that have a name.
func countOut(tx *store.Tx, lot string, p Place) error {
	if p.Kind != Hopper {
		return count(tx, lot, p, -1)
	}
	held, err := heldOf(tx, lot, p)
	if err != nil {
		return err
	}
	if held < 1 {
		return NotEnough.At("stock.count", nil).With("quantity", "none at %s", p)
	}
	_, err = tx.Exec(`insert into stock_unread (lot, place, quantity, since) values (?, ?, -1, ?)
		on conflict (lot, place) do update set quantity = stock_unread.quantity - 1`, lot, p.String(), store.Micros(tx.Now()))
	return err
}

// count changes how many unread blanks of a lot are at a place; the database refuses less than none.
func count(tx *store.Tx, lot string, p Place, n int) error {
	have, err := unreadAt(tx, lot, p)
	if err != nil {
		return err
	}
	if n < 0 && have+n < 0 {
		if p.Heap() { // it is counted blindly
			return NotEnough.At("stock.count", nil).With("quantity", "fewer at %s, %d asked for", p, -n)
		}
		return NotEnough.At("stock.count", nil).With("quantity", "%d at %s, %d asked for", have, p, -n)
	}
	query := `insert into stock_unread (lot, place, quantity, since) values (?, ?, ?, ?)
		on conflict (lot, place) do update set quantity = stock_unread.quantity + excluded.quantity,
			since = case when stock_unread.quantity <= 0 then excluded.since else stock_unread.since end`
	args := []any{lot, p.String(), n, store.Micros(tx.Now())}
	if n < 0 {
		query, args = `update stock_unread set quantity = quantity + ? where lot = ? and place = ?`, []any{n, lot, p.String()}
	}
	_, err = tx.Exec(query, args...)
	return err
}

func moveUnread(tx *store.Tx, lot string, from, to Place, quantity int, attempt string, why Why) error {
	if err := fits(tx, lot, to); err != nil {
		return err
	}
	if !from.outside() {
		if err := count(tx, lot, from, -quantity); err != nil {
			return err
		}
	}
	if err := count(tx, lot, to, quantity); err != nil {
		return err
	}
	return record(tx, lot, 0, from, to, quantity, attempt, why)
}

// fits refuses a blank of the test stock in a hopper, and another one for test cards.
func fits(tx *store.Tx, lot string, to Place) error {
	if to.Kind != Hopper && to.Kind != Testing {
		return nil
	}
	p, err := purposeOf(tx, lot)
	if err == nil && (p == ForTests) != (to.Kind == Testing) {
		err = OtherPurpose.At("stock.move", nil).With("lot", "%q is for %s", lot, p)
	}
	return err
}

func record(tx *store.Tx, lot string, blank int64, from, to Place, quantity int, attempt string, why Why) error {
	_, err := tx.Exec(`insert into stock_movement (at, lot, blank, from_place, to_place, quantity, attempt, actor, reason)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		store.Micros(tx.Now()), lot, blank, from.String(), to.String(), quantity, attempt, why.Actor, why.Reason)
	return err
}

func oldestUnread(tx *store.Tx, p Place) (lot string, found bool, err error) {
	found, err = tx.Get([]any{&lot}, `select lot from stock_unread where place = ? and quantity > 0 order by since, lot limit 1`, p.String())
	return lot, found, err
}

func (b *Blank) insert(tx *store.Tx) error {
	_, err := tx.Get([]any{&b.ID}, `insert into blank (chip, lot, place, attempt, since, denied)
		values (nullif(?, ''), ?, ?, ?, ?, (select count(*) from denied_blank where chip = ?)) returning id`,
		b.Chip, b.Lot, b.Place.String(), b.Attempt, store.Micros(b.Since), b.Chip)
	return err
}

func (b *Blank) save(tx *store.Tx) error {
	_, err := tx.Exec(`update blank set chip = nullif(?, ''), place = ?, attempt = ?, since = ?,
		denied = (select count(*) from denied_blank where chip = ?) where id = ?`, b.Chip, b.Place.String(), b.Attempt, store.Micros(b.Since), b.Chip, b.ID)
	return err
}

// unlisted are the blanks that no list of destruction names by their number.
const unlisted = `not exists (select 1 from destruction_item where item = '` + NumberPrefix + `' || blank.id and waits = 1)`

// remove takes a blank off the ledger, but for one that a list of destruction names: its number may name another one later.
func (b *Blank) remove(tx *store.Tx) error {
	n, err := tx.Exec(`delete from blank where id = ? and `+unlisted, b.ID)
	if err == nil && n == 0 {
		err = Listed.At("stock.remove", nil).With("blank", "%d", b.ID)
	}
	return err
}

func blanks(tx *store.Tx, where string, args ...any) (list []Blank, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var b Blank
		var place string
		var since int64
		if err := scan(&b.ID, &b.Chip, &b.Lot, &place, &b.Attempt, &since); err != nil {
			return err
		}
		b.Place, b.Since = parsePlace(place), store.Time(since)
		list = append(list, b)
		return nil
	}, `select id, coalesce(chip, ''), lot, place, attempt, since from blank `+where, args...)
	return list, err
}

// loadedBetween reports whether blanks were loaded after one came where it is and before another one was
// taken out of the place that was loaded.
func loadedBetween(tx *store.Tx, came, taken Blank) (loaded bool, err error) {
	var last, first int64
	var hopper string
	if _, err = tx.Get([]any{&last}, `select coalesce(max(id), 0) from stock_movement where blank = ? and blank > 0`, came.ID); err != nil {
		return false, err
	}
	if _, err = tx.Get([]any{&first, &hopper}, `select id, from_place from stock_movement where blank = ? and blank > 0 and from_place like ? order by id desc limit 1`,
		taken.ID, string(Hopper)+"/%"); err != nil {
		return false, err
	}
	var n int
	_, err = tx.Get([]any{&n}, `select count(*) from stock_movement where id > ? and id < ? and to_place = ?`, last, first, hopper)
	return n > 0, err
}

// OfAttempt is the blank that an attempt uses; stock.no_blank when it uses none.
func OfAttempt(tx *store.Tx, attempt string) (Blank, error) {
	list, err := blanks(tx, `where attempt = ? and attempt <> ''`, attempt) // the second half is the condition of its index
	if err == nil && len(list) == 0 {
		err = NoBlank.At("stock.OfAttempt", nil).With("attempt", "%s", attempt)
	}
	if err != nil {
		return Blank{}, err
	}
	return list[0], nil
}

// UnreadAt lists the single blanks at a place whose chip was never read and that are on no list of destruction, oldest
// first.
func UnreadAt(tx *store.Tx, at Place) ([]Blank, error) {
	return blanks(tx, `where place = ? and chip is null and `+unlisted+` order by id`, at.String())
}

// Holds is how many blanks are at a place.
func Holds(tx *store.Tx, at Place) (n int, err error) {
	_, err = tx.Get([]any{&n}, `select (select coalesce(sum(quantity), 0) from stock_unread where place = ?) + (select count(*) from blank where place = ?)`,
		at.String(), at.String())
	return n, err
}

// Standing lists the blanks in doubt that left the hopper of a line for a reason, without an attempt, oldest first.
func Standing(tx *store.Tx, line, reason string) ([]Blank, error) {
	return blanks(tx, `where place = ? and attempt = '' and exists (select 1 from stock_movement as m where m.blank = blank.id and m.blank > 0
		and m.from_place = ? and m.reason = ? and m.id = (select max(id) from stock_movement where blank = blank.id and blank > 0)) order by id`,
		At(Doubt).String(), On(Hopper, line).String(), reason)
}

// ByChip finds a blank by its chip.
func ByChip(tx *store.Tx, chip ktp.ChipUID) (Blank, bool, error) {
	list, err := blanks(tx, `where chip = ?`, chip)
	if err != nil || len(list) == 0 {
		return Blank{}, false, err
	}
	return list[0], true, nil
}

// ByID finds a blank by its number in the ledger.
func ByID(tx *store.Tx, id int64) (Blank, bool, error) {
	list, err := blanks(tx, `where id = ?`, id)
	if err != nil || len(list) == 0 {
		return Blank{}, false, err
	}
	return list[0], true, nil
}

// NamelessIn lists the single blanks at places of some kinds whose chip was never read and that are on no list of
// destruction, behind a number.
func NamelessIn(tx *store.Tx, kinds []Kind, after int64, limit int) ([]Blank, error) {
	var places []string
	args := []any{after}
	for _, k := range kinds {
		places, args = append(places, `place = ? or place like ?`), append(args, string(k), string(k)+"/%")
	}
	return blanks(tx, `where chip is null and id > ? and (`+strings.Join(places, " or ")+`) and `+unlisted+` order by id limit ?`, append(args, limit)...)
}

// Deny puts a chip on the deny list; a chip that is there keeps its first reason.
func Deny(tx *store.Tx, chip ktp.ChipUID, why Why) (added bool, err error) {
	n, err := tx.Exec(`insert into denied_blank (chip, reason, at, actor) values (?, ?, ?, ?) on conflict (chip) do nothing`,
		chip, why.Reason, store.Micros(tx.Now()), why.Actor)
	switch {
	case err != nil:
		return false, err
	case n == 0: // also where it was one of a range: it stays when that is let go
		_, err = tx.Exec(`update denied_blank set ranged = 0 where chip = ? and ranged = 1`, chip)
		return false, err
	}
	return true, markDenied(tx, chip)
}

// markDenied writes on the blank of a chip, where there is one, that it is on the deny list.
func markDenied(tx *store.Tx, chip ktp.ChipUID) error {
	_, err := tx.Exec(`update blank set denied = 1 where chip = ?`, chip)
	return err
}

// DeniedHeld lists every lot and place that holds blanks on the deny list, and how many.
func DeniedHeld(tx *store.Tx) (list []Holding, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var h Holding
		var place string
		err := scan(&place, &h.Lot, &h.Read)
		h.Place = parsePlace(place)
		list = append(list, h)
		return err
	}, `select place, lot, count(*) from blank where denied = 1 group by place, lot order by place, lot`)
	return list, err
}

// Denied tells why a chip is on the deny list, or that it is not.
func Denied(tx *store.Tx, chip ktp.ChipUID) (reason string, denied bool, err error) {
	denied, err = tx.Get([]any{&reason}, `select reason from denied_blank where chip = ?`, chip)
	return reason, denied, err
}

// DeniedBlank is a chip that no card may be made of.
type DeniedBlank struct {
	Chip   ktp.ChipUID
	Reason string
	At     time.Time
	Actor  string
	Place  Place // of its blank; none of one that the ledger does not have
}

// DenyList is the newest of them.
func DenyList(tx *store.Tx, limit int) (list []DeniedBlank, err error) {
	return denied(tx, `order by at desc, chip limit ?`, limit)
}

// AllDenied is the whole list, in the order of the chips.
func AllDenied(tx *store.Tx) (list []DeniedBlank, err error) {
	return denied(tx, `order by chip`)
}

// DeniedBehind are those behind a chip, for a reason or for any (""), in the order of their chips.
func DeniedBehind(tx *store.Tx, reason string, after ktp.ChipUID, limit int) (list []DeniedBlank, err error) {
	var w store.Where
	w.And(`chip > ?`, after)
	w.If(reason, `reason = ?`, reason)
	return denied(tx, w.Text()+` order by chip limit ?`, w.Args(limit)...)
}

func denied(tx *store.Tx, where string, args ...any) (list []DeniedBlank, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d DeniedBlank
		var at int64
		var place string
		err := scan(&d.Chip, &d.Reason, &at, &d.Actor, &place)
		d.At, d.Place = store.Time(at), parsePlace(place)
		list = append(list, d)
		return err
	}, `select chip, reason, at, actor, coalesce((select place from blank where blank.chip = denied_blank.chip), '') from denied_blank `+where, args...)
	return list, err
}

// Holding is how many blanks of a lot are at a place.
type Holding struct {
	Place  Place
	Lot    string
	Unread int // counted only
	Read   int // with a row of their own, or a name
}

// Holdings lists every lot and place that holds something.
func Holdings(tx *store.Tx) ([]Holding, error) {
	return holdings(tx, `select place, lot, 1 as n from blank`)
}

// TalliedHoldings is Holdings from the tally, which knows nothing yet of what its own transaction moved:
// for those who only read.
func TalliedHoldings(tx *store.Tx) ([]Holding, error) {
	return holdings(tx, `select word as place, cause as lot, n from tally where subject = 'blank'`)
}

func holdings(tx *store.Tx, ofTheirOwn string) (list []Holding, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var h Holding
		var place string
		err := scan(&place, &h.Lot, &h.Unread, &h.Read)
		if h.Unread < 0 { // of so many names the blank has left
			h.Unread, h.Read = 0, h.Read+h.Unread
		}
		h.Place = parsePlace(place)
		list = append(list, h)
		return err
	}, `select place, lot, sum(unread), sum(of_its_own) from (
			select place, lot, quantity as unread, 0 as of_its_own from stock_unread where quantity <> 0
			union all select place, lot, 0, n from (`+ofTheirOwn+`) as own
		) as held group by place, lot having sum(unread) + sum(of_its_own) > 0 order by place, lot`)
	return list, err
}

// Movement is one line of the ledger.
type Movement struct {
	ID       int64
	At       time.Time
	Lot      string
	Blank    int64 // 0: counted only
	From, To Place
	Quantity int
	Attempt  string
	Why      Why
}

// Movements reads the ledger behind a cursor, at most limit lines.
func Movements(tx *store.Tx, cursor int64, limit int) ([]Movement, error) {
	return movements(tx, `where id > ? order by id limit ?`, cursor, limit)
}

func movements(tx *store.Tx, where string, args ...any) (list []Movement, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var m Movement
		var at int64
		var from, to string
		err := scan(&m.ID, &at, &m.Lot, &m.Blank, &from, &to, &m.Quantity, &m.Attempt, &m.Why.Actor, &m.Why.Reason)
		m.At, m.From, m.To = store.Time(at), parsePlace(from), parsePlace(to)
		list = append(list, m)
		return err
	}, `select id, at, lot, blank, from_place, to_place, quantity, attempt, actor, reason from stock_movement `+where, args...)
	return list, err
}

// Difference is a place where the movements do not add up to what the ledger holds.
type Difference struct {
	Place    Place
	Lot      string
	Moved    int // in less out
	Recorded int
}

// Reconcile adds up all movements and names every lot and place where the sum is not what the
// ledger holds. Empty: received = everything that is somewhere.
func Reconcile(tx *store.Tx) (list []Difference, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		var d Difference
		var place string
		err := scan(&place, &d.Lot, &d.Moved, &d.Recorded)
		d.Place = parsePlace(place)
		list = append(list, d)
		return err
	}, `select place, lot, sum(moved), sum(recorded) from (
			select to_place as place, lot, quantity as moved, 0 as recorded from stock_movement
			union all select from_place, lot, -quantity, 0 from stock_movement where from_place not in ('supplier', 'found')
			union all select place, lot, 0, quantity from stock_unread
			union all select place, lot, 0, 1 from blank
		) as sides group by place, lot having sum(moved) <> sum(recorded) order by place, lot`)
	return list, err
}
