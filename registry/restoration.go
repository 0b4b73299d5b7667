package registry

import (
	"context"
	"slices"
	"time"

	"blanko/jobs"
	"blanko/registry/audit"
	"blanko/store"
)

// Restoration is a ledger that was put back to an older copy. What happened since is not in it: cards may
// exist that it has never seen. Until two persons accept it, nothing is fed.
type Restoration struct {
	id     int64
	Copied time.Time // the copy is of then
	At     time.Time // when it was put back
	Center bool      // a data center is asked what happened since
}

// heldByRestoration is the reason of the hold on an application that the center knows to be further than
// the restored ledger does. It is none of the center's holds: the center does not release it, and no card is
// made for the application any more.
const heldByRestoration = "ledger_restored"

// MarkRestored notes in a ledger that was just put back from which time it is, and lets the center's feed
// be read from its beginning. The system does it, before any line runs.
func (r *Registry) MarkRestored(ctx context.Context, actor Actor, copied time.Time, center bool) error {
	return r.store.Write(ctx, func(tx *store.Tx) error { return r.markRestored(tx, actor, copied, center) })
}

// MarkAsFound is MarkRestored where nobody knows the time: it is that of the newest event.
func (r *Registry) MarkAsFound(ctx context.Context, actor Actor, center bool) (newest time.Time, err error) {
	err = r.store.Write(ctx, func(tx *store.Tx) error {
		head, err := audit.HeadOf(tx)
		if err != nil {
			return err
		}
		newest = head.Latest
		return r.markRestored(tx, actor, newest, center)
	})
	return newest, err
}

func (r *Registry) markRestored(tx *store.Tx, actor Actor, copied time.Time, center bool) error {
	if err := (Restoration{Copied: copied, At: tx.Now(), Center: center}).insert(tx); err != nil {
		return err
	}
	if err := forgetFeedCursor(tx, r.cfg.Office); err != nil {
		return err
	}
	_, err := audit.Append(tx, audit.Event{
		Actor: actor.ID, Code: "ledger.restored", Detail: map[string]string{"copied": copied.UTC().Format(timeLayout)},
	})
	return err
}

// OpenRestoration is the restoration that nobody has accepted yet, and the newest report of the center
// since; the zero Reconciliation where there is none.
func (r *Registry) OpenRestoration(ctx context.Context) (res Restoration, rep Reconciliation, open bool, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		if res, open, err = openRestoration(tx); err != nil || !open {
			return err
		}
		rep, _, err = res.reconciled(tx)
		return err
	})
	return res, rep, open, err
}

// AcceptRestoration takes the restored ledger as it is: every card that was found in the room has been
// presented, no attempt has a blank in work or is in doubt, and what the center knows has been compared. By
// two persons; feeding goes on.
type AcceptRestoration struct{ Second Actor }

func (AcceptRestoration) Name() Name      { return opAcceptRestoration }
func (o AcceptRestoration) second() Actor { return o.Second }

func (o AcceptRestoration) run(a *act) error {
	const op = "registry.AcceptRestoration"
	res, open, err := openRestoration(a.tx)
	switch {
	case err != nil:
		return err
	case !open:
		return notRestored.At(op, nil)
	}
	inWork, err := jobs.AttemptsUnended(a.tx)
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(inWork, func(t jobs.Attempt) bool { return t.Fed || t.State == jobs.InDoubt }); at >= 0 {
		return restoredInWork.At(op, nil).With("attempt", "%s on %s is %s", inWork[at].ID, inWork[at].Line, inWork[at].State)
	}
	if res.Center {
		rep, found, err := res.reconciled(a.tx)
		switch {
		case err != nil:
			return err
		case !found:
			return notReconciled.At(op, nil).With("center", "no comparison since the ledger was put back")
		}
		if missing := slices.IndexFunc(rep.Differences, func(d Difference) bool { return d.What == OnlyCenter }); missing >= 0 {
			return notReconciled.At(op, nil).With("center", "records that the center has given are not read again yet")
		}
	}
	if err := a.holdFound(res); err != nil {
		return err
	}
	if err := acceptRestorations(a.tx, a.actor.ID, o.Second.ID); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Detail: map[string]string{"copied": res.Copied.Format(timeLayout)}})
}

// holdAhead keeps from the queue what the center knows to be further than the restored ledger does: the
// card was made after the copy, and would be made a second time.
func (a *act) holdAhead(differences []Difference) error {
	if _, open, err := openRestoration(a.tx); err != nil || !open {
		return err
	}
	for _, d := range differences {
		if d.What != NamedTwice && further(d.Center.Word) <= further(d.Station.Word) || !slices.Contains(notYetMade, d.Station.State) {
			continue
		}
		app, err := a.application(d.ID)
		if err != nil {
			return err
		}
		if err := a.holdRestored(app); err != nil {
			return err
		}
	}
	return nil
}

// further is how far a word of the center is on the way of a card; 0 for a word that is not on it.
func further(w Word) int { return 1 + slices.Index(wayOfCard, w) }

var wayOfCard = []Word{"PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED", "CARD_SHIPPED", "CARD_ISSUED"}

// notYetMade are the states in which a card may still be made: those in work, too, since a card that the copy
// has in work may be set aside, be lost or stay in doubt, and then another is made.
var notYetMade = []State{PrintReady, Reconfirm, Approved, Queued, OnHold, Producing, InDoubt}
