package registry

import (
	"context"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"blanko/ktp"
	"blanko/registry/access"
	"blanko/registry/audit"
	"blanko/store"
)

// longestBatch bounds how many applications are approved at once.
const longestBatch = 500

// sampleOf is how many of n applications are drawn to be opened: the square root, rounded up, and
// at least two where there are two.
func sampleOf(n int) int {
	return min(n, max(2, int(math.Ceil(math.Sqrt(float64(n))))))
}

// Batch is a set of applications that one person is about to approve together.
type Batch struct {
	ID           string
	Applications []ApplicationID
	DrawnFor     string
	State        string          // open, approved, dropped
	Sample       []ApplicationID // to be opened before
	Opened       []ApplicationID // of the sample
	Shown        []ApplicationID // of those, what was opened just now; its data is shown
	DrawnAt      time.Time
}

// DrawBatch puts applications together for an approval and draws, at random, those that have to be
// opened before. One with a warning is refused: it is approved on its own. Result.Answer is the id.
// Where work is handed out, nobody chooses what is in the batch: a count takes the first of the queue
// into the actor's hands, as TakeNext takes one, and passes over those with warnings; what is named
// must be in the actor's hands already.
type DrawBatch struct {
	Applications []ApplicationID
	Count        int // instead of Applications: so many at most, the first of the queue
}

func (DrawBatch) Name() Name { return opDrawBatch }

func (o DrawBatch) run(a *act) error {
	const op = "registry.DrawBatch"
	if o.Count > 0 && len(o.Applications) == 0 && o.Count <= longestBatch {
		var err error
		if o.Applications, err = a.takeFirst(o.Count); err != nil {
			return err
		}
	} else if o.Count != 0 {
		return badOperation.At(op, nil).With("count", "1 to %d, and no applications", longestBatch)
	}
	ids := slices.Compact(slices.Sorted(slices.Values(o.Applications)))
	if len(ids) == 0 || len(ids) > longestBatch || len(ids) != len(o.Applications) {
		return badOperation.At(op, nil).With("applications", "1 to %d, each once", longestBatch)
	}
	for _, id := range ids {
		app, err := a.application(id)
		switch {
		case err != nil:
			return err
		case app.State != PrintReady:
			return wrongState.At(op, nil).With("state", "%s is %s", id, app.State)
		case len(app.Warnings) > 0:
			return warningsSingly.At(op, nil).With("applications", "%s has warnings", id)
		}
		if err := a.apart(string(id), a.actor.ID, DutyApprove, "actor"); err != nil {
			return err
		}
		if _, err := a.inHands(app, TaskApprove); err != nil {
			return err
		}
	}
	id, err := a.r.random(orderIDBytes)
	if err != nil {
		return err
	}
	sample, err := a.r.draw(ids, sampleOf(len(ids)))
	if err != nil {
		return err
	}
	before, err := drawnUnopened(a.tx, a.actor.ID)
	if err != nil {
		return err
	}
	for _, id := range before { // drawing again is no way around what was drawn
		if slices.Contains(ids, id) && !slices.Contains(sample, id) {
			sample = append(sample, id)
		}
	}
	slices.Sort(sample)
	b := Batch{ID: id, Applications: ids, DrawnFor: a.actor.ID, State: "open", Sample: sample}
	if err := b.insert(a.tx); err != nil {
		return err
	}
	a.res.Answer = id
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"batch": id, "count": strconv.Itoa(len(ids)), "sample": strconv.Itoa(len(sample))}})
}

// draw takes n of the ids at random, in their order.
func (r *Registry) draw(ids []ApplicationID, n int) ([]ApplicationID, error) {
	left := slices.Clone(ids)
	for i := range n { // Fisher and Yates, as far as needed
		j, err := r.below(len(left) - i)
		if err != nil {
			return nil, err
		}
		left[i], left[i+j] = left[i+j], left[i]
	}
	slices.Sort(left[:n])
	return left[:n], nil
}

// below is a random number from 0 to n-1; n is small, so the bias of 64 bits does not matter.
func (r *Registry) below(n int) (int, error) {
	var b [8]byte
	if _, err := io.ReadFull(r.cfg.Rand, b[:]); err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint64(b[:]) % uint64(n)), nil //nolint:gosec // n is a length
}

// OpenSample opens one application of the sample for the person about to approve, who sees its data for a while: a look
// at personal data as every other. What was opened before is opened again.
type OpenSample struct {
	Batch       string
	Application ApplicationID
}

func (OpenSample) Name() Name             { return opOpenSample }
func (o OpenSample) about() ApplicationID { return o.Application }

func (o OpenSample) run(a *act) error {
	b, err := a.openBatch(o.Batch)
	if err != nil {
		return err
	}
	if !slices.Contains(b.Sample, o.Application) {
		return badOperation.At("registry.OpenSample", nil).With("application", "not of the sample")
	}
	if slices.Contains(b.Shown, o.Application) {
		return nil
	}
	if err := openSample(a.tx, o.Batch, o.Application, a.actor.ID); err != nil {
		return err
	}
	if err := a.unmask(unmaskApplication, string(o.Application), lookToApprove); err != nil {
		return err
	}
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"batch": o.Batch}})
}

// lookToApprove is why who approves sees the person of an application.
const lookToApprove = "approval"

// openBatch finds the actor's own open batch.
func (a *act) openBatch(id string) (Batch, error) {
	b, found, err := batchByID(a.tx, id)
	switch {
	case err != nil:
		return b, err
	case !found:
		return b, batchUnknown.At("registry.batch", nil)
	case b.State != "open":
		return b, wrongState.At("registry.batch", nil).With("batch", "%s", b.State)
	case b.DrawnFor != a.actor.ID:
		return b, notAllowed.At("registry.batch", nil).With("batch", "drawn for somebody else")
	}
	return b, nil
}

// ApproveBatch approves every application of a batch whose sample was opened, or none.
type ApproveBatch struct{ Batch string }

func (ApproveBatch) Name() Name { return opApproveBatch }

func (o ApproveBatch) run(a *act) error {
	b, err := a.openBatch(o.Batch)
	if err != nil {
		return err
	}
	if len(b.Opened) < len(b.Sample) {
		return sampleUnopened.At("registry.ApproveBatch", nil).With("batch", "%d of %d opened", len(b.Opened), len(b.Sample))
	}
	for _, id := range b.Applications {
		app, err := a.application(id)
		if err != nil {
			return err
		}
		if len(app.Warnings) > 0 {
			return warningsSingly.At("registry.ApproveBatch", nil).With("applications", "%s has warnings", id)
		}
		if err := a.sub(a.actor, Approve{id}, a.proposed); err != nil {
			return err
		}
	}
	if err := b.close(a.tx); err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word, a.res.Answer = "", "", "", strconv.Itoa(len(b.Applications))
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"batch": b.ID, "count": strconv.Itoa(len(b.Applications))}})
}

// Batch is one, with its sample and what of it was opened.
func (r *Registry) Batch(ctx context.Context, id string) (b Batch, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		var found bool
		if b, found, err = batchByID(tx, id); err == nil && !found {
			err = batchUnknown.At("registry.Batch", nil)
		}
		return err
	})
	return b, err
}

// OpenBatches are those that were drawn for a person and can be approved yet, the newest first.
func (r *Registry) OpenBatches(ctx context.Context, person string, limit int) (list []Batch, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		ids, err := batchesDrawnFor(tx, person, limit)
		for _, id := range ids {
			b, _, err := batchByID(tx, id)
			if err != nil {
				return err
			}
			list = append(list, b)
		}
		return err
	})
	return list, err
}

// OpenedSample is the record of an application of the sample, for the person who has just opened it and is about to approve
// the batch; not once it was decided otherwise.
func (r *Registry) OpenedSample(ctx context.Context, person, batch string, id ApplicationID) (rec ktp.Record, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		a := &act{r: r, tx: tx, actor: access.Actor{ID: person}}
		b, err := a.openBatch(batch)
		if err != nil {
			return err
		}
		if !slices.Contains(b.Shown, id) {
			return sampleUnopened.At("registry.OpenedSample", nil).With("application", "not opened of this batch just now")
		}
		app, err := a.application(id)
		if err != nil {
			return err
		}
		if app.State != PrintReady {
			return wrongState.At("registry.OpenedSample", nil).With("state", "%s is %s", id, app.State)
		}
		rec, _, err = loadRecord(tx, app)
		return err
	})
	return rec, err
}
