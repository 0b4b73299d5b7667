package trial

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"blanko/emulator"
	machine "blanko/emulator/printer"
	"blanko/internal/rig"

	"blanko/jobs"
	"blanko/personalize"
	"blanko/printer"
	"blanko/printer/spool"
)

// spooledKept is what was prepared for a queue: black alone, as in the other tests of kinds.
var spooledKept = &kept{panels: "K"}

// queuePrinter is the printer at the end of a queue: it prints on the card that a person has put into it
// and lays it into its tray, and misbehaves once when told to.
type queuePrinter struct {
	t       *testing.T
	machine *machine.Machine

	mu   sync.Mutex
	once manner
	last []*machine.Layer // of the job before
	jobs int
}

// manner is how the printer treats its next job.
type manner int

const (
	prints   manner = iota
	swallows        // takes the job and prints nothing
	repeats         // prints the job before once more
)

func (q *queuePrinter) next(m manner) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.once = m
}

// Places in the header of a page (CUPS Raster Format, version 3).
const (
	rasterSync   = 4
	rasterHeader = 1796
	rasterWidth  = 372
	rasterHeight = 376
)

// take prints one job, of one page, when a card is there.
func (q *queuePrinter) take(job []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	how := q.once
	q.once = prints
	q.jobs++
	if len(job) < rasterSync+rasterHeader {
		return // a job that was cut off
	}
	page := job[rasterSync:]
	width, height := int(binary.BigEndian.Uint32(page[rasterWidth:])), int(binary.BigEndian.Uint32(page[rasterHeight:]))
	dots := page[rasterHeader:]
	if len(dots) != 3*width*height {
		return
	}
	black := make([]byte, width*height)
	for i := range black {
		if dots[3*i]|dots[3*i+1]|dots[3*i+2] == 0 {
			black[i] = 1
		}
	}
	layer := machine.NewLayer('K', 2, width, height, black, func(packed []byte) []byte { return packed })
	before := q.last
	q.last = []*machine.Layer{layer}
	layers := q.last
	switch how {
	case swallows:
		return
	case repeats:
		layers = before
	}
	ctx := q.t.Context()
	if q.machine.Await(ctx, func(s machine.State) bool { return s.Hopper > 0 }) != nil || q.machine.Feed(ctx) != nil {
		return
	}
	q.machine.BeginSide()
	for _, l := range layers {
		if q.machine.Lay(ctx, l) != nil {
			return
		}
	}
	_ = q.machine.Eject(ctx, machine.ToOutput)
}

// queueShop is a desk with a printer behind a queue of a real CUPS.
type queueShop struct {
	*shop
	server *rig.PrintServer
	device *rig.CardDevice
	unit   *queuePrinter
	cfg    spool.Config
	looked func(printer.Status) // of the next looks at the queue
}

const queueName = "hdp5000"

func newQueueShop(t *testing.T) *queueShop {
	t.Helper()
	q := &queueShop{server: rig.CUPS(t, rig.CUPSOptions{}), device: rig.NewCardDevice(t), shop: newShop(t, jobs.Desktop)}
	q.kept, q.account.face = spooledKept, spooledKept.face
	q.unit = &queuePrinter{t: t, machine: q.crashMachine()}
	q.device.OnJob(q.unit.take)
	q.server.Queue(t, queueName, q.device.URI(), "abort-job")
	const look, patience = 10 * time.Millisecond, time.Minute
	q.cfg = spool.Config{Server: q.server.Address, Queue: queueName, Retransfer: true, TwoSided: true, Poll: look, Patience: patience}
	q.other = func(ctx context.Context, _ *emulator.Line) (printer.Printer, error) {
		p, err := spool.Open(ctx, q.cfg)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = p.Close() })
		return lookedAt{p, q}, nil
	}
	return q
}

// lookedAt lets a person see what the line sees of the queue.
type lookedAt struct {
	*spool.Printer
	shop *queueShop
}

func (l lookedAt) Status(ctx context.Context) (printer.Status, error) {
	st, err := l.Printer.Status(ctx)
	if see := l.shop.looked; see != nil && err == nil {
		see(st)
	}
	return st, err
}

// A desk and a printer that the operating system alone can drive. What the spooler says is never a
// printed card. The card on the reader is, with its attempt on the chip and its face accepted.
func TestDesktopOverCUPS(t *testing.T) {
	t.Parallel()
	type hands = map[personalize.Ask]deed
	for _, k := range []struct {
		kindCase
		begin func(*queueShop)
		jobs  int // that reach the printer
	}{
		{kindCase: kindCase{name: "clean", want: map[jobs.State]int{jobs.Out: 2}}, jobs: 2},
		{
			kindCase: kindCase{name: "completed, and nothing printed", want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.FaceRefused.Code},
			begin:    func(q *queueShop) { q.unit.next(swallows) }, jobs: 3,
		},
		{
			kindCase: kindCase{name: "the job before printed once more", want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.FaceRefused.Code},
			begin: func(q *queueShop) {
				q.after[jobs.Print] = func(*shop, jobs.Order) { q.unit.next(repeats) }
			}, jobs: 3,
		},
		{
			// The spooler may know of it, or call the job complete: its last bytes were on their way.
			kindCase: kindCase{name: "connection cut", want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}},
			begin: func(q *queueShop) {
				q.device.Set(rig.DeviceMode{Cut: 100_000})
				q.looked = func(printer.Status) {
					if len(q.device.Jobs()) > 0 {
						q.device.Set(rig.DeviceMode{})
					}
				}
			}, jobs: 2,
		},
		{
			kindCase: kindCase{name: "queue stopped", want: map[jobs.State]int{jobs.Out: 2}},
			begin: func(q *queueShop) {
				q.before[jobs.Print] = func(*shop, jobs.Order) { q.server.Disable(q.unit.t, queueName) }
				q.looked = func(st printer.Status) {
					if st.Ready.Known && !st.Ready.Value {
						q.server.Enable(q.unit.t, queueName)
					}
				}
			}, jobs: 2,
		},
		{
			kindCase: kindCase{name: "made card brought back", after: when{jobs.Eject: func(s *shop, _ jobs.Order) {
				s.carrier.wrong = hands{personalize.AskReader: (*carrier).swap}
			}}, want: map[jobs.State]int{jobs.Out: 2, jobs.Spoiled: 1}, cause: personalize.WrongPerson.Code},
			jobs: 3,
		},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			q := newQueueShop(t)
			if k.begin != nil {
				k.begin(q)
			}
			k.on(t, q.shop)
			q.printedAsTold()
			if q.unit.jobs != k.jobs {
				q.fail("%d jobs at the printer, want %d", q.unit.jobs, k.jobs)
			}
			if left := q.server.Spooled(t); len(left) > 0 {
				q.fail("faces stay behind in the spooler: %v", left)
			}
		})
	}
}

// printedAsTold: no attempt is called printed, ever, whose face was not on its card and accepted.
func (q *queueShop) printedAsTold() {
	q.t.Helper()
	list, err := q.reg.Attempts(context.Background(), "")
	if err != nil {
		q.t.Fatal(err)
	}
	for _, a := range list {
		d, err := q.reg.Attempt(context.Background(), a.ID)
		if err != nil {
			q.t.Fatal(err)
		}
		if !settled(d, jobs.Print) {
			continue
		}
		p := q.plastic(jobs.Order{Attempt: a.ID})
		want, known := q.account.face(a.Application)
		if !known || !sameSide(p.Front, want.Front) || !settled(d, jobs.Accept) {
			q.fail("attempt %s is called printed, and its card is not", a.ID)
		}
	}
}
