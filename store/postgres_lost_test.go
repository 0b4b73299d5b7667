package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"blanko/fault"
	"blanko/store"
	"blanko/store/storetest"
)

// When the wire is cut, every work says so and changes nothing; when it is mended, the same store
// works on.
func TestLostServer(t *testing.T) {
	t.Parallel()
	w := storetest.NewWire(t, storetest.PostgresURL(t))
	s := storetest.PostgresAt(w.URL).Open(t)
	for round := range 2 {
		if err := write(t, s, addLot, fmt.Sprint(round)); err != nil {
			t.Fatal(err)
		}
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.Exec(addLot, "undone"); err != nil {
				return err
			}
			w.Cut()
			_, err := tx.Exec(addLot, "never")
			return err
		})
		if fault.CodeOf(err) != "store.unreachable" {
			t.Errorf("cut in the middle: %v", err)
		}
		if err := write(t, s, addLot, "never"); fault.CodeOf(err) != "store.unreachable" {
			t.Errorf("cut: %v", err)
		}
		if err := s.Read(context.Background(), func(*store.Tx) error { return nil }); fault.CodeOf(err) != "store.unreachable" {
			t.Errorf("read, cut: %v", err)
		}
		w.Mend()
		if n := count(t, s, `select count(*) from lot`); n != round+1 {
			t.Errorf("%d lots", n)
		}
	}
}

// A server that is stopped and started again is found again without a restart of the station.
func TestBackendsThatAreEnded(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQLOnce(t).Open(t)
	for range 3 {
		if n := count(t, s, `select count(*) from lot`); n != 0 {
			t.Errorf("%d lots", n)
		}
		// Every connection but the one that says it, in the pools of this store too.
		if err := s.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Read(context.Background(), func(*store.Tx) error { return nil }); err != nil {
			t.Errorf("after the end of its connections: %v", err)
		}
	}
}

// A commit whose answer is lost says that its outcome is not known, whichever it was.
func TestLostCommit(t *testing.T) {
	t.Parallel()
	w := storetest.NewWire(t, storetest.PostgresURL(t))
	s := storetest.PostgresAt(w.URL).Open(t)
	for n, done := range []bool{false, true} {
		w.LoseCommit(done)
		if err := write(t, s, addLot, "A"); fault.CodeOf(err) != "store.outcome_unknown" || fault.KindOf(err) != fault.InDoubt {
			t.Errorf("done %v: %v", done, err)
		}
		w.Mend()
		if got := count(t, s, `select count(*) from lot`); got != n {
			t.Errorf("done %v: %d lots", done, got)
		}
	}
}

// A context that ends while the server is silent ends the wait; a commit under way is not broken off.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	w := storetest.NewWire(t, storetest.PostgresURL(t))
	s := storetest.PostgresAt(w.URL).Open(t)
	ctx, end := context.WithCancel(context.Background())
	err := s.Write(ctx, func(tx *store.Tx) error {
		w.Hold()
		asked := make(chan error)
		go func() {
			_, err := tx.Exec(addLot, "A")
			asked <- err
		}()
		end()
		err := <-asked
		w.Release()
		return err
	})
	if fault.CodeOf(err) != "store.interrupted" {
		t.Errorf("%v", err)
	}
	if n := count(t, s, `select count(*) from lot`); n != 0 {
		t.Errorf("%d lots", n)
	}
	// The context ends while the commit is held: it is done all the same, and said to be.
	ctx, end = context.WithCancel(context.Background())
	done := make(chan error)
	held := make(chan struct{})
	go func() {
		done <- s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(addLot, "B")
			w.Hold()
			close(held)
			return err
		})
	}()
	<-held
	for w.Waiting() == 0 { // until the commit stands at the wire
		select {
		case err := <-done:
			t.Fatalf("done before it was committed: %v", err)
		default:
		}
	}
	end()
	w.Release()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := count(t, s, `select count(*) from lot`); n != 1 {
		t.Errorf("%d lots", n)
	}
}

// Another station hears of a commit; of one's own, nobody is woken twice.
func TestCommitsRingAtOtherStations(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	w := storetest.NewWire(t, url)
	here, there := storetest.PostgresAt(url).Open(t), storetest.PostgresAt(w.URL).Open(t)
	for n := range 3 {
		rang := there.Changed()
		if err := write(t, here, addLot, fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
		<-rang
	}
	// After a break it rings once by itself, for what was missed meanwhile.
	w.Cut()
	rang := there.Changed()
	if err := write(t, here, addLot, "missed"); err != nil {
		t.Fatal(err)
	}
	w.Mend()
	<-rang
}

// Two that change the same, each after looking, never both look before the other changes: the sum
// of all their changes is there. Writers that only look do not break it.
func TestWritersComeOneAfterTheOther(t *testing.T) {
	t.Parallel()
	const stations, writers, rounds = 3, 2, 15
	url := storetest.PostgresURL(t)
	var all sync.WaitGroup
	for range stations {
		s := storetest.PostgresAt(url).Open(t)
		if err := write(t, s, `insert into lot (id, product, received_at) values ('sum', '', 0) on conflict (id) do nothing`); err != nil {
			t.Fatal(err)
		}
		for range writers {
			all.Go(func() {
				for range rounds {
					if err := s.Write(context.Background(), func(tx *store.Tx) error {
						var n int64
						if _, err := tx.Get([]any{&n}, `select received_at from lot where id = 'sum'`); err != nil {
							return err
						}
						_, err := tx.Exec(`update lot set received_at = ? where id = 'sum'`, n+1)
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	s := storetest.PostgresAt(url).Open(t)
	if n := count(t, s, `select received_at from lot where id = 'sum'`); n != stations*writers*rounds {
		t.Errorf("%d changes are left of %d", n, stations*writers*rounds)
	}
}

// A rule over several rows holds though no row is changed by two: who looks whether a row is there
// before writing another (write skew) is undone when it was written meanwhile.
func TestNoWriteSkew(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	a, b := storetest.PostgresAt(url).Open(t), storetest.PostgresAt(url).Open(t)
	for round := range 10 {
		other := make(chan struct{})
		var once sync.Once
		addIfFirst := func(s *store.Store, id string, looked func()) error {
			return s.Write(context.Background(), func(tx *store.Tx) error {
				var n int
				if _, err := tx.Get([]any{&n}, `select count(*) from lot where product = ?`, fmt.Sprint(round)); err != nil {
					return err
				}
				looked()
				if n > 0 {
					return nil
				}
				_, err := tx.Exec(`insert into lot (id, product, received_at) values (?, ?, 0)`, fmt.Sprint(id, round), fmt.Sprint(round))
				return err
			})
		}
		if err := addIfFirst(a, "a", func() {
			once.Do(func() {
				if err := addIfFirst(b, "b", func() {}); err != nil {
					t.Error(err)
				}
				close(other)
			})
		}); err != nil {
			t.Fatal(err)
		}
		<-other
	}
	if n := count(t, a, `select count(*) from lot`); n != 10 {
		t.Errorf("%d lots, one for each round is wanted", n)
	}
}

// A refused statement undoes the transaction on both databases, whatever fn makes of it.
func TestRefusedStatementIsNotSwallowed(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, db storetest.DB) {
		s := db.Open(t)
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.Exec(addLot, "A"); err != nil {
				return err
			}
			_, _ = tx.Exec(addLot, "A") // refused, and not looked at
			return nil
		})
		if _, taken := store.Taken(err); !taken {
			t.Errorf("%v", err)
		}
		if n := count(t, s, `select count(*) from lot`); n != 0 {
			t.Errorf("%d lots", n)
		}
	})
}

// What another writer took for itself is passed over, and what it holds for long is told as busy.
func TestSkipLocked(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	a, b := storetest.PostgresAt(url).Open(t), storetest.PostgresAt(url).Open(t)
	for _, lot := range []string{"A", "B"} {
		if err := write(t, a, addLot, lot); err != nil {
			t.Fatal(err)
		}
	}
	pick := func(tx *store.Tx) (lot string, err error) {
		_, err = tx.Get([]any{&lot}, `select id from lot order by id limit 1`+tx.SkipLocked())
		return lot, err
	}
	if err := a.Write(context.Background(), func(tx *store.Tx) error {
		first, err := pick(tx)
		if err != nil {
			return err
		}
		return errors.Join(b.Write(context.Background(), func(tx *store.Tx) error {
			second, err := pick(tx)
			if first != "A" || second != "B" {
				t.Errorf("%s and %s", first, second)
			}
			return err
		}))
	}); err != nil {
		t.Fatal(err)
	}
}

// What was erased is not found by any query any more, and a damaged reference is.
func TestErasedAndDamagedOnPostgres(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQLOnce(t).Open(t)
	if err := write(t, s, `insert into secret (name, value) values ('planted', ?)`, []byte("minutiae")); err != nil {
		t.Fatal(err)
	}
	if err := write(t, s, `delete from secret`); err != nil {
		t.Fatal(err)
	}
	if err := s.EmptyLog(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	// Behind the program: the triggers that watch references do not fire for a replica.
	if err := s.Write(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec(`set local session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(`insert into stock_unread (lot, place, quantity, since) values ('Z', 'store', 1, 0)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(context.Background()); fault.CodeOf(err) != "store.damaged" {
		t.Errorf("got %v", err)
	}
}

// A name is one process's alone; the break of its connection does not give it away while the process
// can take it again, and when another has it by then, the first one hears of it.
func TestClaim(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := storetest.PostgresURL(t)
	w := storetest.NewWire(t, url)
	first, second := storetest.PostgresAt(w.URL).Open(t), storetest.PostgresAt(url).Open(t)
	gone := make(chan error, 1)
	release, err := first.Claim(ctx, "station", func(why error) { gone <- why })
	if err != nil {
		t.Fatal(err)
	}
	other, err := second.Claim(ctx, "another station", nil)
	if err != nil {
		t.Fatal(err)
	}
	other()
	asked, end := context.WithCancel(ctx)
	end()
	if _, err := second.Claim(asked, "station", nil); fault.CodeOf(err) != "store.interrupted" {
		t.Errorf("a name that is held: %v", err)
	}
	w.Cut() // the server notices at once, and the other takes the name
	other, err = second.Claim(ctx, "station", nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Mend()
	if why := <-gone; fault.CodeOf(why) != "store.claimed" {
		t.Errorf("another has the name: %v", why)
	}
	other()
	release()
	again, err := first.Claim(ctx, "station", nil)
	if err != nil {
		t.Fatal(err)
	}
	again()
}
