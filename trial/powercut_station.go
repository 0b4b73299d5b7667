package trial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"go.uber.org/zap"

	"blanko/internal/rig"
	"blanko/jobs"
	"blanko/ktp"
	"blanko/personalize"
	"blanko/store"
)

// powerLedger is the file of the ledger on the disk whose power is cut.
const powerLedger = "blanko.db"

// PowerStationOptions of the station that works in the guest.
type PowerStationOptions struct {
	Cards   int
	Seed    int64
	Relaxed bool // synchronous=OFF: the ledger asks for no flush
}

// Args are the options on a command line.
func (o PowerStationOptions) Args() []string {
	return []string{fmt.Sprintf("--cards=%d", o.Cards), fmt.Sprintf("--seed=%d", o.Seed), fmt.Sprintf("--relaxed=%t", o.Relaxed)}
}

// PowerStation makes cards as a demo does, with its ledger on the disk of the guest, and tells the witness
// after each act of the line, and whenever the ledger has changed, how far the ledger is.
func PowerStation(ctx context.Context, o PowerStationOptions, screen io.Writer, log *zap.Logger) (err error) {
	w, err := openWitness(rig.PoweredWitness)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	opt := Options{Cards: o.Cards, Lines: 1, Seed: o.Seed, Chip: "8k", Faults: "none"}
	opt.opened = func(now func() time.Time) (*store.Store, error) {
		with := []store.Option{store.WithClock(now), labRoot()}
		if o.Relaxed {
			with = append(with, store.WithRelaxedDurability())
		}
		st, err := store.Open(ctx, filepath.Join(rig.PoweredFolder, powerLedger), with...)
		if err != nil {
			return nil, err
		}
		w.ledger = st
		go w.listen(ctx)
		return st, w.tell(ctx)
	}
	opt.devices = func(ctx context.Context, d *demo, id jobs.LineID) (*personalize.Line, error) {
		l, err := d.room.line(ctx, id, d.reg, d.log)
		if err == nil {
			l.Book = witnessed{l.Book, w}
		}
		return l, err
	}
	s, err := Demo(ctx, opt, &Screen{Out: screen}, log)
	if err == nil && s.Made != o.Cards {
		err = errors.New("not every card was made")
	}
	return err
}

// witness writes marks to a device, past every cache.
type witness struct {
	mu     sync.Mutex
	device *os.File
	block  []byte
	ledger *store.Store
	last   mark
}

func openWitness(path string) (*witness, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_DIRECT|syscall.O_SYNC, 0)
	if err != nil {
		return nil, err
	}
	// What is written past the caches begins at a multiple of a sector, in memory too.
	room := make([]byte, 2*rig.Sector)
	skip := -uintptr(unsafe.Pointer(&room[0])) % rig.Sector
	return &witness{device: f, block: room[skip : skip+rig.Sector]}, nil
}

func (w *witness) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.device.Close()
}

// listen tells of every change that others make.
func (w *witness) listen(ctx context.Context) {
	for {
		changed := w.ledger.Changed()
		if w.tell(ctx) != nil {
			return // the ledger is closed, or the disk refuses: the judge misses the words of what comes
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// tell writes down how far the ledger is. Whoever reads it could act on it, so it has to stay.
func (w *witness) tell(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := markOf(ctx, w.ledger)
	if err != nil || m == w.last {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(text) > len(w.block) {
		return fmt.Errorf("trial.powercut: a word of %d bytes does not go into a block of %d", len(text), len(w.block))
	}
	clear(w.block)
	copy(w.block, text)
	if _, err = w.device.WriteAt(w.block, 0); err == nil {
		w.last = m
	}
	return err
}

// witnessed is a book whose every word is told to the witness before the line acts on it.
type witnessed struct {
	personalize.Book
	w *witness
}

func (b witnessed) Next(ctx context.Context, session jobs.Session) (jobs.Order, error) {
	o, err := b.Book.Next(ctx, session)
	if err == nil {
		err = b.w.tell(ctx)
	}
	return o, err
}

func (b witnessed) Intend(ctx context.Context, o jobs.Order, s jobs.Step, e jobs.Evidence) error {
	if err := b.Book.Intend(ctx, o, s, e); err != nil {
		return err
	}
	return b.w.tell(ctx)
}

func (b witnessed) Settle(ctx context.Context, o jobs.Order, s jobs.Step, out jobs.Outcome) error {
	if err := b.Book.Settle(ctx, o, s, out); err != nil {
		return err
	}
	return b.w.tell(ctx)
}

func (b witnessed) Found(ctx context.Context, session jobs.Session, chip ktp.ChipUID, holds ktp.AttemptID, tray string) error {
	if err := b.Book.Found(ctx, session, chip, holds, tray); err != nil {
		return err
	}
	return b.w.tell(ctx)
}
