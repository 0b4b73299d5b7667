package trial

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"blanko/fault"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/registry"
	"blanko/store"
	"blanko/store/storetest"
)

// leave notes the acts that a line did after the database was cut off and before it had leave again.
type leave struct {
	personalize.Book
	mu      *sync.Mutex
	refused map[ktp.AttemptID]jobs.Step // the step that got no leave
	settled *int
}

func (b leave) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	err := b.Book.Intend(ctx, o, s, e)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.refused[o.Attempt] = s
	} else {
		delete(b.refused, o.Attempt)
	}
	return err
}

func (b leave) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	b.mu.Lock()
	if b.refused[o.Attempt] == s && out.Result == jobs.Done {
		*b.settled++ // done without leave
	}
	b.mu.Unlock()
	return b.Book.Settle(ctx, o, s, out)
}

// The main job with its ledger on PostgreSQL, the office at one station and the lines at another whose
// wire to the database is cut while cards are inside. The lines stop, do nothing for which they had
// no leave, go on by themselves when the wire is mended, and world and ledger agree.
func TestDemoOnALostDatabase(t *testing.T) {
	t.Parallel()
	const cards, lines = 4, 2
	url := storetest.PostgresURL(t)
	wire := storetest.NewWire(t, url)
	var behind *registry.Registry // the lines' station
	var mu sync.Mutex
	refused, without := map[ktp.AttemptID]jobs.Step{}, 0
	o := Options{Cards: cards, Lines: lines, Faults: "none", Seed: 1, Chip: "8k"}
	o.opened = func(now func() time.Time) (*store.Store, error) {
		st, err := store.OpenPostgres(t.Context(), store.Postgres{URL: wire.URL}, store.WithClock(now), labRoot())
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = st.Close() })
		behind = registry.New(st, registry.Config{Office: office}, nil)
		return store.OpenPostgres(t.Context(), store.Postgres{URL: url}, store.WithClock(now), labRoot())
	}
	o.devices = func(ctx context.Context, d *demo, id jobs.LineID) (*personalize.Line, error) {
		l, err := d.room.line(ctx, id, behind, d.log)
		if err == nil {
			l.Book = leave{l.Book, &mu, refused, &without}
		}
		return l, err
	}
	var cut sync.Once
	o.observe = func(p personalize.Progress) {
		if p.Step == jobs.Write && p.Phase == jobs.Settled {
			cut.Do(wire.Cut)
		}
	}
	var reasons []fault.Code
	o.Serve = func(h *House) (func(), error) {
		reg := h.Registry()
		done := make(chan struct{})
		var watching sync.WaitGroup
		watching.Go(func() {
			for {
				changed := reg.Changed()
				list, err := reg.Lines(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				list = slices.DeleteFunc(list, func(l jobs.Line) bool { return l.Observed.State != "stopped" })
				if len(list) == lines {
					for _, l := range list {
						reasons = append(reasons, fault.Code(l.Observed.Reason))
					}
					wire.Mend()
					return
				}
				select {
				case <-changed:
				case <-done:
					return
				}
			}
		})
		return func() { close(done); watching.Wait() }, nil
	}
	s, err := run(t.Context(), o, &Screen{Out: io.Discard}, zap.NewNop(), func(*demo) {})
	if err != nil {
		t.Fatal(err)
	}
	if s.Made != cards || s.Spoiled != 0 || s.InDoubt != 0 || !s.Accounted() {
		t.Errorf("%d made, %d spoiled, %d in doubt, %v", s.Made, s.Spoiled, s.InDoubt, s.Differences)
	}
	if without != 0 {
		t.Errorf("%d acts without leave", without)
	}
	if len(reasons) != lines {
		t.Errorf("lines stopped for %v", reasons)
	}
	for _, r := range reasons {
		if r != "store.unreachable" && r != "store.outcome_unknown" {
			t.Errorf("a line stopped for %s", r)
		}
	}
	copiedWhole(t, url)
}

// copiedWhole copies a ledger of a server into a file, puts that into another server, and compares every row.
func copiedWhole(t *testing.T, url string) {
	t.Helper()
	of, path := storetest.PostgresAt(url).Clear(t), filepath.Join(t.TempDir(), "copy.db")
	if err := of.Copy(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	file, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	to := storetest.PostgresEmptyURL(t)
	if err := store.FillPostgres(t.Context(), store.Postgres{URL: to}, path, store.WithRelaxedDurability()); err != nil {
		t.Fatal(err)
	}
	tables := storetest.Columns(t, file)
	want := storetest.Rows(t, of, tables)
	for name, s := range map[string]*store.Store{"file": file, "server": storetest.PostgresAt(to).Clear(t)} {
		got := storetest.Rows(t, s, tables)
		for table := range tables {
			if !slices.Equal(got[table], want[table]) {
				t.Errorf("%s: %s has %d rows, %d were copied", name, table, len(got[table]), len(want[table]))
			}
		}
		rep, err := registry.New(s, registry.Config{Office: office}, nil).VerifyEvents(t.Context())
		if err != nil || !rep.Sound() || rep.Head.ID == 0 {
			t.Errorf("%s: %+v, %v", name, rep, err)
		}
	}
}
