package registry

import (
	"context"
	"maps"
	"time"

	"blanko/ktp"
	"blanko/registry/audit"
	"blanko/store"
)

// BookKind is what an entry of the daily book tells of.
type BookKind string

const (
	BookApplication BookKind = "application"
	BookHandover    BookKind = "handover"
	BookReturn      BookKind = "return"
	BookComplaint   BookKind = "complaint"
)

// bookKinds are the events of the daily book. An application of the center is in it from the delivery
// of its record on.
var bookKinds = map[string]BookKind{
	"application.register": BookApplication, "application.deliver": BookApplication,
	"application.hand_over": BookHandover, "application.hand_over_to_proxy": BookHandover,
	"application.return": BookReturn, "complaint.receive": BookComplaint,
}

// booked are the events that books tell of: each names the place where it was.
var booked = []string{
	"application.register", "application.deliver", "application.hand_over", "application.hand_over_to_proxy", "application.return",
	"complaint.receive", "counter.jumped", "work.jumped", "order.moved",
}

// placed is a detail with the place of who acted.
func placed(detail map[string]string, place string) map[string]string {
	with := map[string]string{"at": orDinas(place)}
	maps.Copy(with, detail)
	return with
}

// BookEntry is one event of the daily book: ids and codes alone.
type BookEntry struct {
	Sequence    int64 // in the event log
	At          time.Time
	Kind        BookKind
	Place       string
	Application ApplicationID // empty: a complaint about no application
	Type        ktp.ApplicationType
	Complaint   string // id
	Actor       string
	Cause       string // of a return or an exception
}

// BookFilter says which entries of the daily book are asked for.
type BookFilter struct {
	Day   string // yyyy-mm-dd at the station; empty: today
	Place string // service place; empty: all
	After int64  // sequence of the last one seen
	Limit int
}

// DailyBook is the daily book of important events (buku harian pencatatan peristiwa penting; Permendagri
// 109/2019): a view over the event log, in its order.
func (r *Registry) DailyBook(ctx context.Context, f BookFilter) (list []BookEntry, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		a := &act{r: r, tx: tx}
		if f.Day == "" {
			f.Day = a.today()
		}
		from, to, err := r.dayOf(f.Day)
		if err != nil {
			return err
		}
		types := map[ApplicationID]Application{}
		return bookedBetween(tx, from, to, f.After, f.Limit, func(e audit.Event) (bool, error) {
			kind, in := bookKinds[e.Code]
			if !in || f.Place != "" && e.Detail["at"] != f.Place {
				return false, nil
			}
			b := BookEntry{
				Sequence: e.ID, At: e.At, Kind: kind, Place: e.Detail["at"], Application: ApplicationID(e.Application),
				Complaint: e.Detail["complaint"], Actor: e.Actor, Cause: e.Detail["cause"],
			}
			if b.Application != "" {
				app, seen := types[b.Application]
				if !seen {
					if app, err = a.application(b.Application); err != nil {
						return false, err
					}
					types[b.Application] = app
				}
				if e.Code == "application.deliver" && app.Origin != OriginCenter {
					return false, nil
				}
				b.Type = ktp.ApplicationType(app.Type)
			}
			list = append(list, b)
			return true, nil
		})
	})
	return list, err
}

// QueueJump is one case in which somebody went before others.
type QueueJump struct {
	Sequence    int64 // in the event log
	At          time.Time
	Place       string
	Queue       string // counter, work of the back office, or print
	Number      string // of the counter's queue
	Application ApplicationID
	Actor       string
	Second      string
	Reason      string // code
}

// JumpFilter says which jumps are asked for.
type JumpFilter struct {
	From, To time.Time // To is not within
	Actor    string    // empty: all
	After    int64     // sequence of the last one seen
	Limit    int
}

// QueueJumps are all cases in which somebody went before others, in the order of the event log.
func (r *Registry) QueueJumps(ctx context.Context, f JumpFilter) (list []QueueJump, err error) {
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		list = nil
		return bookedBetween(tx, f.From, f.To, f.After, f.Limit, func(e audit.Event) (bool, error) {
			queue, first := jumpQueues[e.Code]
			if !first || f.Actor != "" && e.Actor != f.Actor {
				return false, nil
			}
			list = append(list, QueueJump{
				Sequence: e.ID, At: e.At, Place: e.Detail["at"], Queue: queue, Number: e.Detail["number"], Application: ApplicationID(e.Application),
				Actor: e.Actor, Second: e.Detail["second"], Reason: e.Detail["cause"],
			})
			return true, nil
		})
	})
	return list, err
}

// queuePrint is the queue of the orders.
const queuePrint = "print"

// jumpQueues are the events of somebody who came before others, and the queues. An order that is moved comes before
// others, or others come before it.
var jumpQueues = map[string]string{"counter.jumped": "counter", "work.jumped": "work", "order.moved": queuePrint}

// dayOf is the day of a date at the station.
func (r *Registry) dayOf(date string) (from, to time.Time, err error) {
	from, err = time.ParseInLocation(time.DateOnly, date, r.zone())
	if err != nil {
		return from, to, badOperation.At("registry.dayOf", nil).With("day", "yyyy-mm-dd")
	}
	return from, from.AddDate(0, 0, 1), nil
}
