package audit

import (
	"encoding/json"
	"sort"
	"strings"
	"time"

	"blanko/store"
)

// Head is the end of the chain.
type Head struct {
	ID     int64
	Hash   Hash
	Latest time.Time // the latest time of any event, or the time to which the clock was set since
}

// HeadOf reads the end of the chain; the zero Head before the first event.
func HeadOf(tx *store.Tx) (Head, error) { return head(tx, "") }

func head(tx *store.Tx, lock string) (h Head, err error) {
	var hash []byte
	var latest int64
	if _, err = tx.Get([]any{&h.ID, &hash, &latest}, `select id, hash, latest from event_head where one = 1`+lock); err != nil {
		return h, err
	}
	copy(h.Hash[:], hash)
	h.Latest = store.Time(latest)
	return h, nil
}

func (h Head) save(tx *store.Tx) error {
	_, err := tx.Exec(`insert into event_head (one, id, hash, latest) values (1, ?, ?, ?)
		on conflict (one) do update set id = excluded.id, hash = excluded.hash, latest = excluded.latest`,
		h.ID, h.Hash[:], store.Micros(h.Latest))
	return err
}

// Append writes an event at the end of the chain, in the transaction of what it tells. The
// head's row, locked until the transaction ends, keeps appending transactions one after the other,
// so that the order of ids is the order of commits and no cursor skips a row.
func Append(tx *store.Tx, e Event) (Event, error) {
	if err := e.check(); err != nil {
		return e, err
	}
	head, err := head(tx, tx.ForUpdate())
	if err != nil {
		return e, err
	}
	if len(e.Detail) == 0 {
		e.Detail = nil
	}
	e.ID, e.At, e.Prev = head.ID+1, tx.Now(), head.Hash
	e.Hash = e.sum(e.ID)
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return e, err
	}
	head.ID, head.Hash = e.ID, e.Hash
	if e.At.After(head.Latest) {
		head.Latest = e.At
	}
	if err := head.save(tx); err != nil { // before the event: of two that write the first one, one waits here
		return e, err
	}
	_, err = tx.Exec(`insert into event (id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, store.Micros(e.At), e.Actor, e.Code, e.Application, e.Order, e.Attempt, e.Chip, e.Line, string(detail), e.Prev[:], e.Hash[:])
	return e, err
}

// SetLatest takes the clock as it is now: what came later before is forgotten.
func SetLatest(tx *store.Tx) error {
	head, err := HeadOf(tx)
	if err != nil {
		return err
	}
	head.Latest = tx.Now()
	return head.save(tx)
}

// Filter narrows a reading of the log; empty fields do not.
type Filter struct {
	Application string
	Attempt     string
	Chip        string
	Code        string // exact, or a room with its dot: "attempt."
}

const eventColumns = `id, at, actor, code, application, card_order, attempt, chip, line, detail, prev, hash`

// After reads events behind a cursor, the id of the last event seen (0: from the beginning), at
// most limit, in order.
func After(tx *store.Tx, cursor int64, limit int, f Filter) ([]Event, error) {
	var w store.Where
	w.And(`id > ?`, cursor)
	f.narrow(&w)
	return read(tx, w.Text()+` order by id limit ?`, w.Args(limit)...)
}

// Before reads events backwards, newest first, from before a cursor, the id of the last event seen (0: from the end), at
// most limit.
func Before(tx *store.Tx, cursor int64, limit int, f Filter) ([]Event, error) {
	var w store.Where
	if cursor > 0 {
		w.And(`id < ?`, cursor)
	}
	f.narrow(&w)
	return read(tx, w.Text()+` order by id desc limit ?`, w.Args(limit)...)
}

// Until is the id of the last event before a time; 0 where there is none. Ids have no gaps and times rise with them, so
// that it is found by a look at a few events; where the clock was set back, it may be the last before another time at
// which the clock showed the same.
func Until(tx *store.Tx, t time.Time) (int64, error) {
	head, err := HeadOf(tx)
	before := sort.Search(int(head.ID), func(i int) bool {
		var at int64
		if err == nil {
			_, err = tx.Get([]any{&at}, `select at from event where id = ?`, i+1)
		}
		return at >= store.Micros(t)
	})
	return int64(before), err
}

func (f Filter) narrow(w *store.Where) {
	room := ""
	if n := len(f.Code); n > 0 && f.Code[n-1] == '.' {
		room, f.Code = f.Code, ""
	}
	w.If(f.Application, `application = ? and application <> ''`, f.Application) // as the index has it
	w.If(f.Attempt, `attempt = ? and attempt <> ''`, f.Attempt)
	w.If(f.Chip, `chip = ? and chip <> ''`, f.Chip)
	w.If(f.Code, `code = ?`, f.Code)
	w.If(room, `substr(code, 1, length(?)) = ?`, room, room)
}

func read(tx *store.Tx, where string, args ...any) (list []Event, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		e, err := scanEvent(scan)
		list = append(list, e)
		return err
	}, `select `+eventColumns+` from event `+where, args...)
	return list, err
}

func each(tx *store.Tx, fn func(Event) error) error {
	return tx.Each(func(scan func(...any) error) error {
		e, err := scanEvent(scan)
		if err != nil {
			return err
		}
		return fn(e)
	}, `select `+eventColumns+` from event order by id`)
}

func scanEvent(scan func(...any) error) (e Event, err error) {
	var at int64
	var detail string
	var prev, hash []byte
	if err = scan(&e.ID, &at, &e.Actor, &e.Code, &e.Application, &e.Order, &e.Attempt, &e.Chip, &e.Line, &detail, &prev, &hash); err != nil {
		return e, err
	}
	e.At = store.Time(at)
	copy(e.Prev[:], prev)
	copy(e.Hash[:], hash)
	if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
		e.Detail = map[string]string{"": detail} // altered from outside: its hash will not fit
	}
	return e, nil
}

// Newest is the id of the newest event of an application, those of some codes left out; 0 where there is
// none.
func Newest(tx *store.Tx, application string, except ...string) (id int64, err error) {
	query, args := `select id from event where application = ? and application <> ''`, []any{application}
	if len(except) > 0 {
		query += ` and code not in (?` + strings.Repeat(`, ?`, len(except)-1) + `)`
		for _, code := range except {
			args = append(args, code)
		}
	}
	_, err = tx.Get([]any{&id}, query+` order by id desc limit 1`, args...)
	return id, err
}

// Last is the newest event of an application with a code; the zero event where there is none.
func Last(tx *store.Tx, application, code string) (last Event, err error) {
	err = tx.Each(func(scan func(...any) error) error {
		last, err = scanEvent(scan)
		return err
	}, `select `+eventColumns+` from event where application = ? and application <> '' and code = ? order by id desc limit 1`, application, code)
	return last, err
}

// Span is a reading of the log by time: events of some codes, from From to before To, behind the event
// After (0: from the beginning), in the order of their times and, among equals, of the log.
type Span struct {
	Codes    []string // constants of the caller: they stand in the query, so that an index on them serves it
	From, To time.Time
	After    int64
	Limit    int
}

// Between reads a span of the log.
func Between(tx *store.Tx, s Span) (list []Event, err error) {
	from := store.Micros(s.From)
	if s.After > 0 {
		var at int64
		found, err := tx.Get([]any{&at}, `select at from event where id = ?`, s.After)
		if err != nil || !found {
			return nil, err
		}
		if at < from {
			s.After = 0
		} else {
			from = at
		}
	}
	err = tx.Each(func(scan func(...any) error) error {
		e, err := scanEvent(scan)
		list = append(list, e)
		return err
	}, `select `+eventColumns+` from event where code in ('`+strings.Join(s.Codes, `', '`)+`')
		and at >= ? and at < ? and (at > ? or id > ?) order by at, id limit ?`, from, store.Micros(s.To), from, s.After, s.Limit)
	return list, err
}
