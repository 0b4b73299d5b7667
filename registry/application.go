package registry

import (
	"strings"
	"time"

	"blanko/jobs"
	"blanko/ktp"
	"blanko/registry/audit"
)

// ApplicationID names an application. One of origin center has the center's id of the request.
type ApplicationID string

// State of an application, in the words that operators know.
type State string

const (
	Absent        State = "absent" // not known here yet
	Received      State = "received"
	Examined      State = "checked" // form and requirements
	Captured      State = "captured"
	Confirmed     State = "confirmed" // by the resident, signed
	Sent          State = "sent"
	AtCenter      State = "at center"
	Duplicate     State = "duplicate"
	Adjudicate    State = "adjudicate"
	EnrollFailure State = "enroll failure"
	SearchFailure State = "search failure"
	PrintReady    State = "print ready" // unique, signed by the center, here
	Reconfirm     State = "reconfirm"   // corrected by the center after the resident confirmed
	Approved      State = "approved"
	Queued        State = "queued"
	Producing     State = "producing" // a line is about to use a blank for it, or has
	OnHold        State = "on hold"   // a cause of the station itself, or a person; a person releases it
	InDoubt       State = "in doubt"  // where its card is, or what it is, cannot be proved
	Produced      State = "produced"
	Shipped       State = "shipped"
	Delivered     State = "received at the place of delivery"
	Uncollected   State = "uncollected"
	Matched       State = "matched" // 1:1, "BERHASIL"
	HandedOver    State = "handed over"
	PassedOn      State = "passed on" // its card is with another Dinas, which hands it over
	Returned      State = "returned"
	Recalled      State = "recalled" // withdrawn after the card was made; open until the card is retired
	Rejected      State = "rejected"
	Cancelled     State = "cancelled"
	Withdrawn     State = "withdrawn"
	Closed        State = "closed"
)

// Event moves an application.
type Event string

const (
	EventRegister   Event = "register"
	EventExamine    Event = "check"
	EventCapture    Event = "capture"
	EventConfirm    Event = "confirm"
	EventSend       Event = "send"
	EventArrive     Event = "arrive"
	EventDuplicate  Event = "duplicate"
	EventAdjudicate Event = "adjudicate"
	EventNoEnroll   Event = "enroll failure"
	EventNoSearch   Event = "search failure"
	EventRecapture  Event = "recapture"
	EventClear      Event = "clear"   // another person after all, or the other record is gone
	EventDeliver    Event = "deliver" // print-ready record from the center
	EventSupersede  Event = "supersede"
	EventCorrect    Event = "correct" // a newer version differs from what the resident confirmed
	EventApprove    Event = "approve"
	EventQueue      Event = "queue"
	EventStart      Event = "start"
	EventGiveBack   Event = "give back" // no blank was used
	EventRemake     Event = "remake"    // the card was lost to a fault; another is made
	EventHold       Event = "hold"
	EventRelease    Event = "release"
	EventDoubt      Event = "doubt"
	EventResolve    Event = "resolve"
	EventFinish     Event = "finish"
	EventShip       Event = "ship"
	EventReceive    Event = "receive"
	EventLeave      Event = "leave uncollected"
	EventMatch      Event = "match"
	EventHandOver   Event = "hand over"
	EventProxy      Event = "hand over to proxy"
	EventPassOn     Event = "pass on"
	EventReturn     Event = "return"
	EventRecall     Event = "recall"
	EventWithdraw   Event = "withdraw"
	EventCancel     Event = "cancel"
	EventReject     Event = "reject"
	EventClose      Event = "close"
)

// Applications is the state table of an application.
var Applications = applications()

func applications() ktp.Table[State, Event] {
	type row = ktp.Row[State, Event]
	t := ktp.Table[State, Event]{
		Name: "application", Start: Absent,
		Final: []State{HandedOver, PassedOn, Rejected, Cancelled, Withdrawn, Closed},
		Rows: []row{
			{From: Absent, Event: EventRegister, To: Received},
			{From: Received, Event: EventExamine, To: Examined},
			{From: Examined, Event: EventCapture, To: Captured},
			{From: Captured, Event: EventConfirm, To: Confirmed, Needs: "signature of the resident"},
			{From: Confirmed, Event: EventSend, To: Sent},
			{From: Sent, Event: EventArrive, To: AtCenter},
			{From: AtCenter, Event: EventDuplicate, To: Duplicate},
			{From: AtCenter, Event: EventAdjudicate, To: Adjudicate},
			{From: AtCenter, Event: EventNoEnroll, To: EnrollFailure},
			{From: AtCenter, Event: EventNoSearch, To: SearchFailure},
			{From: Adjudicate, Event: EventDuplicate, To: Duplicate},
			{From: AtCenter, Event: EventSend, To: Sent, Guard: "no record is here"},
			{From: SearchFailure, Event: EventSend, To: Sent},

			{From: Absent, Event: EventDeliver, To: PrintReady, Guard: "origin center"},
			{From: AtCenter, Event: EventDeliver, To: PrintReady, Guard: "the result unique was read", Needs: "record of the center"},
			{From: PrintReady, Event: EventApprove, To: Approved, Guard: "by another person"},
			{From: Approved, Event: EventQueue, To: Queued},
			{From: Queued, Event: EventStart, To: Producing, Needs: "intent of the feed"},
			{From: Producing, Event: EventGiveBack, To: Queued, Guard: "no blank was used"},
			{From: Producing, Event: EventRemake, To: Queued, Guard: "the blank is accounted for"},
			{From: InDoubt, Event: EventRemake, To: Queued, Guard: "the blank is accounted for"},
			{From: Producing, Event: EventDoubt, To: InDoubt},
			{From: InDoubt, Event: EventResolve, To: Producing},
			{From: Producing, Event: EventFinish, To: Produced},
			{From: Queued, Event: EventHold, To: OnHold, Guard: "a person says why, or the record cannot become a card"},
			{From: Producing, Event: EventHold, To: OnHold, Guard: "the blank is accounted for"},
			{From: InDoubt, Event: EventHold, To: OnHold, Guard: "the blank is accounted for"},
			{From: OnHold, Event: EventRelease, To: Queued},

			{From: Produced, Event: EventShip, To: Shipped},
			{From: Delivered, Event: EventShip, To: Shipped, Guard: "onward, redirected, back"},
			{From: Uncollected, Event: EventShip, To: Shipped, Guard: "redirected, back"},
			{From: Matched, Event: EventShip, To: Shipped, Guard: "redirected, back"},
			{From: Shipped, Event: EventReceive, To: Delivered},
			{From: Shipped, Event: EventPassOn, To: PassedOn, Guard: "acknowledged by another Dinas"},
			{From: Produced, Event: EventPassOn, To: PassedOn, Guard: "found in a bag to another Dinas"},
			{From: Delivered, Event: EventPassOn, To: PassedOn, Guard: "found in a bag to another Dinas"},
			{From: Uncollected, Event: EventPassOn, To: PassedOn, Guard: "found in a bag to another Dinas"},
			{From: Matched, Event: EventPassOn, To: PassedOn, Guard: "found in a bag to another Dinas"},
			{From: Produced, Event: EventMatch, To: Matched, Guard: "delivered at the Dinas counter"},
			{From: Delivered, Event: EventMatch, To: Matched},
			{From: Uncollected, Event: EventMatch, To: Matched},
			{From: Matched, Event: EventHandOver, To: HandedOver, Guard: "not by who matched"},
			{From: Produced, Event: EventProxy, To: HandedOver, Needs: "two persons", Guard: "delivered at the Dinas counter"},
			{From: Delivered, Event: EventProxy, To: HandedOver, Needs: "two persons"},
			{From: Uncollected, Event: EventProxy, To: HandedOver, Needs: "two persons"},
			{From: Matched, Event: EventProxy, To: HandedOver, Needs: "two persons"},
			{From: Produced, Event: EventLeave, To: Uncollected},
			{From: Delivered, Event: EventLeave, To: Uncollected},
			{From: Matched, Event: EventLeave, To: Uncollected},
			{From: Returned, Event: EventRemake, To: Queued},
			{From: Returned, Event: EventClose, To: Closed},
			{From: Returned, Event: EventWithdraw, To: Withdrawn, Guard: "the card is retired"},
			{From: Recalled, Event: EventWithdraw, To: Withdrawn, Guard: "the card is retired"},
			{From: Recalled, Event: EventClose, To: Closed, Guard: "uncollected, the card is retired"},
		},
	}
	add := func(e Event, to State, from ...State) {
		for _, s := range from {
			t.Rows = append(t.Rows, row{From: s, Event: e, To: to})
		}
	}
	add(EventRecapture, Examined, Captured, Confirmed, Duplicate, Adjudicate, EnrollFailure, SearchFailure)
	add(EventClear, AtCenter, Duplicate, Adjudicate, SearchFailure)
	add(EventClose, Closed, Duplicate, EnrollFailure, SearchFailure)
	add(EventSupersede, PrintReady, PrintReady, Reconfirm, Approved, Queued, OnHold)
	add(EventCorrect, Reconfirm, PrintReady, Approved, Queued, OnHold)
	add(EventConfirm, PrintReady, Reconfirm)
	add(EventReturn, Returned, Produced, Shipped, Delivered, Uncollected, Matched)
	add(EventRecall, Recalled, Produced, Shipped, Delivered, Uncollected, Matched, Returned)
	add(EventReject, Rejected, Received, Examined, PrintReady, Reconfirm)
	early := []State{Received, Examined, Captured, Confirmed, Sent, AtCenter, Duplicate, Adjudicate, EnrollFailure, SearchFailure, PrintReady, Reconfirm, Approved, Queued, OnHold}
	add(EventCancel, Cancelled, early...)
	add(EventWithdraw, Withdrawn, append(early, Producing, InDoubt)...)
	return t
}

// Word is a national status word (SIAK).
type Word string

// words pairs states with the national word that fits.
var words = map[State]Word{
	Received: "UNREGISTERED", Examined: "UNREGISTERED", Captured: "BIO_CAPTURED", Confirmed: "PROCESSING",
	Sent: "SENT_FOR_ENROLLMENT", AtCenter: "RECEIVED_AT_CENTRAL", Duplicate: "DUPLICATE_RECORD", Adjudicate: "ADJUDICATE_RECORD",
	EnrollFailure: "ENROLL_FAILURE_AT_CENTRAL", SearchFailure: "SEARCH_FAILURE_AT_CENTRAL",
	PrintReady: "PRINT_READY_RECORD", Reconfirm: "PRINT_READY_RECORD", Approved: "PRINT_READY_RECORD",
	Queued: "SENT_FOR_CARD_PRINTING", Producing: "SENT_FOR_CARD_PRINTING", OnHold: "SENT_FOR_CARD_PRINTING", InDoubt: "SENT_FOR_CARD_PRINTING",
	Produced: "CARD_PRINTED", Shipped: "CARD_SHIPPED", Delivered: "CARD_SHIPPED", Uncollected: "CARD_SHIPPED", Matched: "CARD_SHIPPED",
	HandedOver: "CARD_ISSUED", PassedOn: "CARD_SHIPPED", Returned: "CARD_PRINTED", Recalled: "CARD_PRINTED",
	Rejected: "PRINT_READY_RECORD", Cancelled: "PRINT_READY_RECORD", Withdrawn: "PRINT_READY_RECORD", Closed: "PRINT_READY_RECORD",
}

// WordOf is the national status word of a state.
func WordOf(s State) Word { return words[s] }

// originLocal marks applications that were taken at a counter of this office.
const (
	OriginCenter = "center" // captured elsewhere
	originLocal  = "local"
)

// front are the states before a print-ready record, of applications that were taken at a counter.
var front = []State{Received, Examined, Captured, Confirmed, Sent, AtCenter, Duplicate, Adjudicate, EnrollFailure, SearchFailure}

// Application is one wish for one card, without personal data.
type Application struct {
	ID         ApplicationID
	Origin     string // center, or local: taken at a counter of this office
	Type       string // application type: new, lost, damaged, ...
	State      State
	Since      time.Time
	Cause      string // code of what brought it into this state, where it was no ordinary step
	Held       string // reason of the center's hold; a mark beside the state
	KeptHold   int64  // event of a person's hold here, when a newer version came: queued, it is on hold again
	Ahead      bool   // the center knows a card of it that this ledger, put back to a copy, does not
	Withdrawn  string // reason of the center's withdrawal; kept for good
	Version    int
	Priority   int
	Due        time.Time
	ReceivedAt time.Time
	ReceivedBy string
	ApprovedBy string
	QueuedBy   string
	MatchedBy  string
	Specimen   bool     // not signed by a center: never handed over
	Spoiled    int      // cards lost since the application was queued or released
	Warnings   []string // codes; none is a reason to refuse

	person []byte
}

// Word is the national status word.
func (a Application) Word() Word { return WordOf(a.State) }

// Open reports whether a card is still wanted or under way.
func (a Application) Open() bool { return !Applications.IsFinal(a.State) }

// application reads one; registry.application_unknown when there is none.
func (a *act) application(id ApplicationID) (Application, error) {
	app, found, err := applicationByID(a.tx, id)
	if err == nil && !found {
		err = applicationUnknown.At("registry.application", nil).With("application", "no such id here") // not repeated: it may be anything
	}
	return app, err
}

// move changes the state of an application by the table, writes the event and the report to a center
// that knows the application.
func (a *act) move(app *Application, e Event, cause string) error {
	return a.moveWith(app, "", e, cause)
}

// comesBack moves an application whose card does not reach its holder: the event names the card.
func (a *act) comesBack(app *Application, chip ktp.ChipUID, cause string) error {
	return a.moveWith(app, chip, EventReturn, cause)
}

func (a *act) moveWith(app *Application, chip ktp.ChipUID, e Event, cause string) error {
	to, err := Applications.Next(app.State, e)
	if err != nil {
		return wrongState.At("registry.move", err).With("state", "%s is %s", app.ID, app.State)
	}
	from := app.State
	app.State, app.Since, app.Cause = to, a.now(), cause
	if err := app.save(a.tx); err != nil {
		return err
	}
	detail := map[string]string{"from": string(from), detailState: string(to)}
	if cause != "" {
		detail["cause"] = cause
	}
	if err := a.tell(audit.Event{Code: applicationEvents + codeOf(string(e)), Application: string(app.ID), Chip: chip, Detail: detail}); err != nil {
		return err
	}
	a.res.Application, a.res.State, a.res.Word = app.ID, to, app.Word()
	if err := a.ready(*app); err != nil {
		return err
	}
	if !app.Open() && to != PassedOn { // which its holder still waits for
		if err := a.endSuketsOf(app.ID, codeOf(string(to))); err != nil {
			return err
		}
	}
	return a.reportMove(*app, cause)
}

// MovedTo is the state that an event brought its application into, where it did.
func MovedTo(e audit.Event) (State, bool) {
	to := State(e.Detail[detailState])
	return to, strings.HasPrefix(e.Code, applicationEvents) && to != ""
}

// codeOf turns a word of a table into one of an event code.
func codeOf(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c == ' ' || c == ',' {
			b[i] = '_'
		}
	}
	return string(b)
}

// HeldFor is the reason why no card is made for the application for now, or at all; empty: none.
func (app Application) HeldFor() string {
	if app.Ahead {
		return heldByRestoration
	}
	return app.Held
}

// syncOrder makes the order of an application follow its holds.
func (a *act) syncOrder(app Application) error {
	w, found, err := jobs.WantedFor(a.tx, string(app.ID))
	if err != nil || !found {
		return err
	}
	held := app.HeldFor() != "" || app.State == OnHold
	if w.Held == held {
		return nil
	}
	w.Held = held
	return w.Save(a.tx)
}
