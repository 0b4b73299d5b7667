package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
)

func in(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// filled is a log of n events and its head.
func filled(t testing.TB, db storetest.DB, n int) (*store.Store, Head) {
	t.Helper()
	s := db.Open(t)
	var head Head
	in(t, s, func(tx *store.Tx) (err error) {
		for i := range n {
			if _, err = Append(tx, Event{
				Actor: "officer-1", Code: "application.queued", Application: fmt.Sprintf("app-%d", i),
				Detail: map[string]string{"from": "approved", "n": fmt.Sprint(i)},
			}); err != nil {
				return err
			}
		}
		head, err = HeadOf(tx)
		return err
	})
	return s, head
}

func TestAppendAndRead(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s, head := filled(t, db, 5)
		if head.ID != 5 {
			t.Fatalf("head at %d", head.ID)
		}
		in(t, s, func(tx *store.Tx) error {
			all, err := After(tx, 0, 100, Filter{})
			if err != nil {
				return err
			}
			for i, e := range all {
				if e.ID != int64(i+1) || !e.At.Equal(storetest.Start) || e.Detail["n"] != fmt.Sprint(i) {
					t.Errorf("event %d: %+v", i, e)
				}
			}
			for _, c := range []struct {
				cursor int64
				limit  int
				f      Filter
				want   []int64
			}{
				{2, 2, Filter{}, []int64{3, 4}},
				{5, 2, Filter{}, nil},
				{0, 9, Filter{Application: "app-3"}, []int64{4}},
				{0, 2, Filter{Code: "application."}, []int64{1, 2}},
				{0, 9, Filter{Code: "application"}, nil},
				{3, 9, Filter{Code: "application.queued"}, []int64{4, 5}},
				{0, 9, Filter{Code: "card."}, nil},
			} {
				got, err := After(tx, c.cursor, c.limit, c.f)
				if err != nil {
					return err
				}
				var ids []int64
				for _, e := range got {
					ids = append(ids, e.ID)
				}
				if !slices.Equal(ids, c.want) {
					t.Errorf("after %d, %+v: %v, want %v", c.cursor, c.f, ids, c.want)
				}
			}
			return nil
		})
	})
}

// The log is read from its end backwards, or from a time on, which a few looks find.
func TestReadBackwards(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s, _ := filled(t, db, 3)
		db.Clock.Advance(time.Hour)
		in(t, s, func(tx *store.Tx) error {
			for n := range 2 {
				if _, err := Append(tx, Event{Actor: "line-1", Code: "card.made", Chip: "0000A0B0C0D000000001", Detail: map[string]string{"n": fmt.Sprint(n)}}); err != nil {
					return err
				}
			}
			return nil
		})
		in(t, s, func(tx *store.Tx) error {
			for _, c := range []struct {
				cursor int64
				limit  int
				f      Filter
				want   []int64
			}{
				{0, 2, Filter{}, []int64{5, 4}},
				{4, 2, Filter{}, []int64{3, 2}},
				{2, 9, Filter{}, []int64{1}},
				{1, 9, Filter{}, nil},
				{0, 9, Filter{Chip: "0000A0B0C0D000000001"}, []int64{5, 4}},
				{5, 9, Filter{Code: "card."}, []int64{4}},
			} {
				got, err := Before(tx, c.cursor, c.limit, c.f)
				if err != nil {
					return err
				}
				var ids []int64
				for _, e := range got {
					ids = append(ids, e.ID)
				}
				if !slices.Equal(ids, c.want) {
					t.Errorf("before %d, %+v: %v, want %v", c.cursor, c.f, ids, c.want)
				}
			}
			for at, want := range map[time.Duration]int64{0: 0, time.Minute: 3, time.Hour: 3, 2 * time.Hour: 5} {
				if got, err := Until(tx, storetest.Start.Add(at)); err != nil || got != want {
					t.Errorf("until %s: %d, %v, want %d", at, got, err, want)
				}
			}
			return nil
		})
	})
}

// The log holds ids and codes; a NIK or a sentence does not get in by mistake.
func TestPersonalDataIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t).Open(t)
	good := Event{Actor: "a", Code: "b.c"}
	for name, change := range map[string]func(*Event){
		"no code":         func(e *Event) { e.Code = "" },
		"no actor":        func(e *Event) { e.Actor = "" },
		"nik as id":       func(e *Event) { e.Application = "6105014107900001" },
		"nik in a detail": func(e *Event) { e.Detail = map[string]string{"why": "6105014107900001"} },
		"nik in an id":    func(e *Event) { e.Detail = map[string]string{"seal": "SEGEL/6105014107900001"} },
		"a sentence":      func(e *Event) { e.Detail = map[string]string{"seal": "SEGEL PAK BUDI"} },
		"a reason":        func(e *Event) { e.Detail = map[string]string{"cause": "Budi"} },
		"one of reasons":  func(e *Event) { e.Detail = map[string]string{"reasons": "too_dry,Budi"} },
		"no state":        func(e *Event) { e.Detail = map[string]string{"state": "in Budi"} },
		"line break":      func(e *Event) { e.Detail = map[string]string{"why": "a\nb"} },
		"name in letters": func(e *Event) { e.Detail = map[string]string{"why": "Ng\u1ec7"} },
		"long text":       func(e *Event) { e.Line = strings.Repeat("x", 201) },
	} {
		e := good
		change(&e)
		err := s.Write(context.Background(), func(tx *store.Tx) error { _, err := Append(tx, e); return err })
		if fault.CodeOf(err) != "audit.not_a_code" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRowsCannotBeChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s, _ := filled(t, db, 3)
		for _, q := range []string{`update event set actor = 'x' where id = 2`, `delete from event where id = 2`} {
			err := s.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(q); return err })
			if !store.IsAppendOnly(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

// tamper runs statements behind the program, with the triggers out of the way; each '?' is 32 random
// bytes.
func tamper(t testing.TB, s *store.Store, statements ...string) {
	t.Helper()
	run := func(statements ...string) error {
		return s.Write(context.Background(), func(tx *store.Tx) error {
			for _, q := range statements {
				var args []any
				for range strings.Count(q, "?") {
					b := make([]byte, 32)
					_, _ = rand.Read(b) // it never fails
					args = append(args, b)
				}
				if _, err := tx.Exec(q, args...); err != nil {
					return fmt.Errorf("%s: %w", q, err)
				}
			}
			return nil
		})
	}
	if run(`alter table event disable trigger user`) != nil { // as PostgreSQL has it
		if err := run(`drop trigger if exists event_keep_update`, `drop trigger if exists event_keep_delete`); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(statements...); err != nil {
		t.Fatal(err)
	}
}

func verify(t testing.TB, s *store.Store, anchors ...Anchor) (r Report) {
	t.Helper()
	in(t, s, func(tx *store.Tx) (err error) {
		r, err = Verify(tx, anchors...)
		return err
	})
	return r
}

// rehash makes row id fit its content again, as an intruder who knows the program would.
func rehash(t testing.TB, s *store.Store, id int64, change func(*Event)) {
	t.Helper()
	in(t, s, func(tx *store.Tx) error {
		list, err := After(tx, id-1, 1, Filter{})
		if err != nil {
			return err
		}
		e := list[0]
		change(&e)
		h := e.sum(id)
		_, err = tx.Exec(`update event set actor = ?, prev = ?, hash = ? where id = ?`, e.Actor, e.Prev[:], h[:], id)
		return err
	})
}

var shiftDown = []string{`update event set id = -id where id > 4`, `update event set id = -id - 1 where id < 0`}

func TestTamperingIsLocated(t *testing.T) {
	t.Parallel()
	const n = 9
	for _, c := range []struct {
		name string
		harm func(t testing.TB, s *store.Store)
		want []Finding // Note is not compared
	}{
		{"actor changed", func(t testing.TB, s *store.Store) { tamper(t, s, `update event set actor = 'x' where id = 4`) }, []Finding{{Harm: Altered, At: 4}}},
		{"time changed", func(t testing.TB, s *store.Store) { tamper(t, s, `update event set at = at + 1 where id = 1`) }, []Finding{{Harm: Altered, At: 1}}},
		{"detail changed", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set detail = '{"from":"approved","n":"77"}' where id = 9`)
		}, []Finding{{Harm: Altered, At: 9}}},
		{"detail made unreadable", func(t testing.TB, s *store.Store) { tamper(t, s, `update event set detail = 'x' where id = 2`) }, []Finding{{Harm: Altered, At: 2}}},
		{"two neighbours changed", func(t testing.TB, s *store.Store) { tamper(t, s, `update event set actor = 'x' where id in (4, 5)`) }, []Finding{{Harm: Altered, At: 4}, {Harm: Altered, At: 5}}},
		{"changed with its hash", func(t testing.TB, s *store.Store) {
			tamper(t, s)
			rehash(t, s, 4, func(e *Event) { e.Actor = "x" })
		}, []Finding{{Harm: Altered, At: 4}}},
		{"hash changed", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set hash = (select prev from event where id = 1) where id = 4`)
		}, []Finding{{Harm: Altered, At: 4}}},
		{"removed", func(t testing.TB, s *store.Store) { tamper(t, s, `delete from event where id = 4`) }, []Finding{{Harm: Removed, At: 4, To: 4}}},
		{"first removed", func(t testing.TB, s *store.Store) { tamper(t, s, `delete from event where id = 1`) }, []Finding{{Harm: Removed, At: 1, To: 1}}},
		{"three removed", func(t testing.TB, s *store.Store) { tamper(t, s, `delete from event where id between 4 and 6`) }, []Finding{{Harm: Removed, At: 4, To: 6}}},
		{"end removed", func(t testing.TB, s *store.Store) { tamper(t, s, `delete from event where id > 7`) }, []Finding{{Harm: Removed, At: 8, To: 9}}},
		{"removed and renumbered", func(t testing.TB, s *store.Store) {
			tamper(t, s, append([]string{`delete from event where id = 4`}, shiftDown...)...)
		}, []Finding{{Harm: Removed, At: 4, To: 4}}},
		{"swapped", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set id = -3 where id = 3`, `update event set id = 3 where id = 6`, `update event set id = 6 where id = -3`)
		}, []Finding{{Harm: Reordered, At: 3}, {Harm: Reordered, At: 6}}},
		{"neighbours swapped", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set id = -3 where id = 3`, `update event set id = 3 where id = 4`, `update event set id = 4 where id = -3`)
		}, []Finding{{Harm: Reordered, At: 3}, {Harm: Reordered, At: 4}}},
		{"last swapped", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set id = -8 where id = 8`, `update event set id = 8 where id = 9`, `update event set id = 9 where id = -8`)
		}, []Finding{{Harm: Reordered, At: 8}, {Harm: Reordered, At: 9}}},
		{"inserted at the end", func(t testing.TB, s *store.Store) {
			tamper(t, s, `insert into event select 10, at, actor, code, application, card_order, attempt, chip, line, detail, hash, ? from event where id = 9`)
		}, []Finding{{Harm: Inserted, At: 10}}},
		{"inserted between", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set id = -id - 1 where id >= 4`, `update event set id = -id where id < 0`,
				`insert into event select 4, at, actor, code, application, card_order, attempt, chip, line, detail, hash, ? from event where id = 3`)
		}, []Finding{{Harm: Inserted, At: 4}}},
		{"forged between, fitting its own hash", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event set id = -id - 1 where id >= 4`, `update event set id = -id where id < 0`,
				`insert into event select 4, at, actor, code, application, card_order, attempt, chip, line, detail, hash, ? from event where id = 3`)
			rehash(t, s, 4, func(e *Event) { e.Actor = "x" })
		}, []Finding{{Harm: Inserted, At: 4}}},
		{"head moved back", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event_head set id = 7, hash = (select hash from event where id = 7)`)
		}, []Finding{{Harm: Inserted, At: 8}, {Harm: Inserted, At: 9}}},
		{"head's hash changed", func(t testing.TB, s *store.Store) {
			tamper(t, s, `update event_head set hash = (select prev from event where id = 1)`)
		}, []Finding{{Harm: HeadWrong, At: 9}}},
		{"removed here, changed there", func(t testing.TB, s *store.Store) {
			tamper(t, s, `delete from event where id = 3`, `update event set code = 'a.b' where id = 7`)
		}, []Finding{{Harm: Removed, At: 3, To: 3}, {Harm: Altered, At: 7}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, db storetest.DB) {
				s, _ := filled(t, db, n)
				if r := verify(t, s); !r.Sound() || r.Events != n {
					t.Fatalf("before: %+v", r)
				}
				c.harm(t, s)
				r := verify(t, s)
				for i := range r.Findings {
					if r.Findings[i].String() == "" || r.Findings[i].Note == "" {
						t.Error("a finding says nothing")
					}
					r.Findings[i].Note = ""
				}
				if !slices.Equal(r.Findings, c.want) {
					t.Errorf("found %v, want %v", r.Findings, c.want)
				}
			})
		})
	}
}

// A chain made anew from some row on is sound in itself; the head told outside betrays it.
func TestAnchorFindsARewrittenChain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s, head := filled(t, db, 6)
		anchor := Anchor{head.ID, head.Hash}
		if r := verify(t, s, anchor); !r.Sound() {
			t.Fatal(r.Findings)
		}
		tamper(t, s)
		in(t, s, func(tx *store.Tx) error {
			list, err := After(tx, 0, 10, Filter{})
			if err != nil {
				return err
			}
			prev := Hash{}
			for _, e := range list {
				if e.ID == 3 {
					e.Actor = "x"
				}
				e.Prev = prev
				e.Hash = e.sum(e.ID)
				prev = e.Hash
				if _, err := tx.Exec(`update event set actor = ?, prev = ?, hash = ? where id = ?`, e.Actor, e.Prev[:], e.Hash[:], e.ID); err != nil {
					return err
				}
			}
			_, err = tx.Exec(`update event_head set hash = ?`, prev[:])
			return err
		})
		if r := verify(t, s); !r.Sound() {
			t.Fatalf("rewritten with care: %v", r.Findings)
		}
		if r := verify(t, s, anchor); len(r.Findings) != 1 || r.Findings[0].Harm != Unmoored || r.Findings[0].At != 6 {
			t.Fatalf("%v", r.Findings)
		}
	})
}

// Every field is under the hash, and no two different events share one.
func TestEveryFieldIsHashed(t *testing.T) {
	t.Parallel()
	base := Event{At: storetest.Start, Actor: "a", Code: "b", Application: "c", Order: "d", Attempt: "e", Chip: "f", Line: "g", Detail: map[string]string{"h": "i"}}
	seen := map[Hash]string{base.sum(1): "base", base.sum(2): "place"}
	for name, change := range map[string]func(*Event){
		"time":        func(e *Event) { e.At = e.At.Add(time.Microsecond) },
		"actor":       func(e *Event) { e.Actor = "x" },
		"code":        func(e *Event) { e.Code = "x" },
		"application": func(e *Event) { e.Application = "x" },
		"order":       func(e *Event) { e.Order = "x" },
		"attempt":     func(e *Event) { e.Attempt = "x" },
		"chip":        func(e *Event) { e.Chip = "x" },
		"line":        func(e *Event) { e.Line = "x" },
		"detail":      func(e *Event) { e.Detail = map[string]string{"h": "x"} },
		"word":        func(e *Event) { e.Detail = map[string]string{"x": "i"} },
		"more":        func(e *Event) { e.Detail = map[string]string{"h": "i", "": ""} },
		"moved":       func(e *Event) { e.Actor, e.Code = "ab", "" },
		"prev":        func(e *Event) { e.Prev[0] = 1 },
	} {
		e := base
		e.Detail = maps.Clone(base.Detail)
		change(&e)
		if other, ok := seen[e.sum(1)]; ok {
			t.Errorf("%s hashes like %s", name, other)
		}
		seen[e.sum(1)] = name
	}
}

// Whatever is done to the rows, it never goes unseen.
func TestNoHarmGoesUnseen(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	s, _ := filled(t, db, 12)
	tamper(t, s)
	rapid.Check(t, func(rt *rapid.T) {
		var changes []string
		for range rapid.IntRange(1, 4).Draw(rt, "acts") {
			a := rapid.IntRange(1, 12).Draw(rt, "a")
			b := rapid.IntRange(1, 12).Draw(rt, "b")
			changes = append(changes, rapid.SampledFrom([]string{
				fmt.Sprintf(`delete from event where id = %d`, a),
				fmt.Sprintf(`update event set actor = actor || 'x' where id = %d`, a),
				fmt.Sprintf(`update event set at = at + 1 where id = %d`, a),
				fmt.Sprintf(`update event set id = 100 + %d where id = %d`, b, a),
				fmt.Sprintf(`update event set prev = randomblob(32) where id = %d`, a),
			}).Draw(rt, "act"))
		}
		undo := fmt.Errorf("undo")
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			touched := int64(0)
			for _, q := range changes {
				n, err := tx.Exec(q)
				if _, taken := store.Taken(err); taken {
					continue
				}
				if err != nil {
					return err
				}
				touched += n
			}
			r, err := Verify(tx)
			if err != nil {
				return err
			}
			if touched > 0 && r.Sound() {
				rt.Fatalf("not seen: %v", changes)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			rt.Fatal(err)
		}
	})
}

func TestLatestTimeOfTheLog(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db storetest.DB) {
		s, head := filled(t, db, 1)
		db.Clock.Advance(-time.Hour)
		in(t, s, func(tx *store.Tx) (err error) {
			if _, err = Append(tx, Event{Actor: "a", Code: "b.c"}); err != nil {
				return err
			}
			now, err := HeadOf(tx)
			if err == nil && !now.Latest.Equal(head.Latest) {
				t.Errorf("an earlier event moved the latest time to %v", now.Latest)
			}
			if err := SetLatest(tx); err != nil {
				return err
			}
			now, err = HeadOf(tx)
			if err == nil && !now.Latest.Equal(tx.Now()) {
				t.Errorf("the clock was set, the latest time is %v", now.Latest)
			}
			return err
		})
		if r := verify(t, s); !r.Sound() {
			t.Fatal(r.Findings)
		}
	})
}

func TestFaultsAreWhole(t *testing.T) {
	t.Parallel()
	for _, e := range Faults {
		if e.ID == "" || e.EN == "" || len(e.StepsID) == 0 || len(e.StepsID) != len(e.StepsEN) {
			t.Errorf("%q lacks a text or a step", e.Code)
		}
	}
}
