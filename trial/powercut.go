package trial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"blanko/internal/rig"
	"blanko/registry/audit"
	"blanko/store"
)

// PowerCutOptions of power cuts under a station.
type PowerCutOptions struct {
	Cuts  int // judged, spread over the whole log; 0: one behind every act of the disk
	Cards int // that the station makes
	Seed  int64
	// What must not hold its promises, so that it is known that the judge sees a loss: a ledger that asks for
	// no flush, and a disk that takes no notice of one.
	Relaxed bool
	Deaf    bool
	// Program runs in the guest: a program and its arguments, behind which those of PowerStationOptions.Args
	// come. It has to call PowerStation.
	Program []string
	Told    func(PowerCutResult) // after every cut; nil: nobody asks
}

// Check names the first option that cannot be.
func (o PowerCutOptions) Check() error {
	switch {
	case o.Cuts < 0 || o.Cuts > 1000000:
		return errors.New("--cuts: 0 (behind every act of the disk) to 1000000")
	case o.Cards < 1 || o.Cards > 100:
		return errors.New("--cards: 1 to 100")
	}
	return nil
}

// PowerCutResult is what was found after the cuts.
type PowerCutResult struct {
	Seed    int64          `json:"seed"`
	Cards   int            `json:"cards"`
	Relaxed bool           `json:"relaxed,omitempty"`
	Deaf    bool           `json:"deaf,omitempty"`
	Writes  int            `json:"writes"` // of the disk, while the station worked
	Flushes int            `json:"flushes"`
	Words   int            `json:"words"` // of the witness: what the station held for done
	Cuts    int            `json:"cuts"`
	Early   int            `json:"early"` // of them before the first word
	Lost    int            `json:"lost"`
	Causes  map[string]int `json:"causes"`
	First   []string       `json:"first"`   // losses, with their place in the log
	Seconds float64        `json:"seconds"` // of judging
}

// Print tells it to a person.
func (r PowerCutResult) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d writes, %d flushes, %d words of the witness\n", r.Writes, r.Flushes, r.Words)
	fmt.Fprintf(&b, "%d cuts judged, %d of them before the first word: %d lost something\n", r.Cuts, r.Early, r.Lost)
	for _, f := range r.First {
		fmt.Fprintln(&b, "  "+f)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// powerDisk is the size of the disk, in bytes.
const powerDisk = 32 << 20

// PowerCut lets a station make cards in a virtual machine whose disk remembers each write and each flush,
// and then looks what a machine would find that starts again after a power cut: behind each act of the
// disk, with those sectors lost that nobody had asked to be on the medium. Whatever the station held for
// done before the cut has to be there.
func PowerCut(ctx context.Context, o PowerCutOptions) (r PowerCutResult, err error) {
	if err := o.Check(); err != nil {
		return r, err
	}
	if err := rig.PowerCutMissing(); err != nil {
		return r, err
	}
	disk, err := o.record(ctx)
	if err != nil {
		return r, err
	}
	return o.cut(ctx, disk)
}

// record is the disk behind the work of a station.
func (o PowerCutOptions) record(ctx context.Context) (*rig.Disk, error) {
	disk, err := rig.FormatDisk(ctx, powerDisk)
	if err != nil {
		return nil, err
	}
	work := PowerStationOptions{Cards: o.Cards, Seed: o.Seed, Relaxed: o.Relaxed}
	return disk, rig.PoweredGuest{Program: o.Program[0], Args: append(slices.Clone(o.Program[1:]), work.Args()...), Disk: disk}.Run(ctx)
}

// cut judges a disk at places of its log.
func (o PowerCutOptions) cut(ctx context.Context, disk *rig.Disk) (r PowerCutResult, err error) {
	began := time.Now()
	r = PowerCutResult{Seed: o.Seed, Cards: o.Cards, Relaxed: o.Relaxed, Deaf: o.Deaf, Causes: map[string]int{}, First: []string{}}
	acts := disk.Acts()
	for _, a := range acts {
		switch {
		case a.Witness != "":
			r.Words++
		case a.Flush():
			r.Flushes++
		default:
			r.Writes++
		}
	}
	folder, err := os.MkdirTemp(memory(), "blanko-powercut-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // in memory
	dice := rand.New(rand.NewPCG(uint64(o.Seed), 0xC07))
	for _, at := range places(len(acts), o.Cuts, dice) {
		promised, err := lastWord(acts[:at])
		if err != nil {
			return r, err
		}
		lost, err := judge(ctx, folder, disk.Cut(at, o.Deaf, dice), promised)
		if err != nil {
			return r, err
		}
		r.count(at, promised, lost)
		r.Seconds = time.Since(began).Seconds()
		if o.Told != nil {
			o.Told(r)
		}
	}
	return r, nil
}

func (r *PowerCutResult) count(at int, promised mark, lost string) {
	r.Cuts++
	if promised == (mark{}) {
		r.Early++
	}
	if lost == "" {
		return
	}
	r.Lost++
	r.Causes[lost]++
	if len(r.First) < firstLosses {
		r.First = append(r.First, fmt.Sprintf("cut behind act %d, %d events and %d rows of the journal promised: %s", at, promised.Events, promised.Journal, lost))
	}
}

// firstLosses are how many are told one by one.
const firstLosses = 10

// places are where the power is cut: everywhere, or once at a place of the dice in each of n equal parts.
func places(acts, n int, dice *rand.Rand) (list []int) {
	if n == 0 || n > acts {
		n = acts
	}
	for i := range n {
		from, to := i*acts/n, (i+1)*acts/n
		list = append(list, 1+from+dice.IntN(to-from))
	}
	return list
}

// lastWord is what the witness heard last.
func lastWord(acts []rig.DiskAct) (m mark, err error) {
	for i := len(acts) - 1; i >= 0; i-- {
		if w := acts[i].Witness; w != "" {
			return m, json.Unmarshal([]byte(w), &m)
		}
	}
	return m, nil
}

// What may be missing after a cut.
const (
	lostLedger   = "the ledger is not there"
	lostOpening  = "the ledger cannot be opened"
	lostPages    = "the ledger is damaged"
	lostEvents   = "events are missing"
	lostChain    = "the chain of events is not sound"
	lostJournal  = "rows of the journal are missing"
	lostFileTree = "the file system cannot be read"
)

// judge starts on a medium as a machine does, and names what is missing; empty: nothing.
func judge(ctx context.Context, folder string, medium []byte, promised mark) (lost string, err error) {
	files, err := rig.RecoverFiles(ctx, folder, medium, powerLedger, powerLedger+"-wal")
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return lostFileTree, nil
	case files[powerLedger] == "" && promised == mark{}:
		return "", nil // it was never promised to be there
	case files[powerLedger] == "":
		return lostLedger, nil
	}
	defer os.Remove(files[powerLedger] + "-shm") //nolint:errcheck // SQLite removes it, if it can
	st, err := store.Open(ctx, files[powerLedger], labRoot(), store.WithRelaxedDurability())
	if err != nil {
		return lostOpening, ctx.Err()
	}
	defer st.Close() //nolint:errcheck // a copy
	if st.Check(ctx) != nil {
		return lostPages, ctx.Err()
	}
	found, err := markOf(ctx, st)
	switch {
	case err != nil:
		return lostPages, ctx.Err()
	case found.Events < promised.Events:
		return lostEvents, nil
	case found.Journal < promised.Journal:
		return lostJournal, nil
	}
	var rep audit.Report
	err = st.Read(ctx, func(tx *store.Tx) error {
		var anchors []audit.Anchor
		if promised.Events > 0 {
			anchors = append(anchors, audit.Anchor{ID: promised.Events, Hash: promised.Hash})
		}
		rep, err = audit.Verify(tx, anchors...)
		return err
	})
	if err != nil || !rep.Sound() {
		return lostChain, ctx.Err()
	}
	return "", nil
}
