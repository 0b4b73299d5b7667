package registry

import (
	"context"
	"time"

	"blanko/store"
)

// ReceiptStatus is what the bearer of a receipt may know: no personal data.
type ReceiptStatus struct {
	Receipt  string
	Type     string
	State    State
	Word     Word // the national status word
	Since    time.Time
	Due      time.Time
	Ready    time.Time // for collection; zero: not yet
	Delivery string    // place of delivery
	Next     NextStep
}

// NextStep is what an application waits for, as a word for slips and pages.
type NextStep string

// nextSteps say what follows each state, from the resident's side.
var nextSteps = map[State]NextStep{
	Received: "wait_for_check", Examined: "come_to_capture", Captured: "confirm_data", Confirmed: "wait_for_sending", Sent: "wait_for_center",
	AtCenter: "wait_for_center", Duplicate: "ask_at_counter", Adjudicate: "wait_for_decision", EnrollFailure: "come_to_capture", SearchFailure: "wait_for_center",
	PrintReady: "wait_for_card", Reconfirm: "come_to_confirm", Approved: "wait_for_card", Queued: "wait_for_card", Producing: "wait_for_card",
	OnHold: "wait_for_card", InDoubt: "wait_for_card", Produced: "wait_for_delivery", Shipped: "wait_for_delivery", Delivered: "come_to_collect",
	Uncollected: "come_to_collect", Matched: "come_to_collect", HandedOver: "none", PassedOn: "collect_elsewhere", Returned: "wait_for_card", Recalled: "ask_at_counter",
	Rejected: "ask_at_counter", Cancelled: "none", Withdrawn: "ask_at_counter", Closed: "ask_at_counter",
}

// NextOf is what follows a state, from the resident's side.
func NextOf(s State) NextStep { return nextSteps[s] }

// ReceiptStatus answers a receipt number; registry.unknown_id when there is no such receipt.
func (r *Registry) ReceiptStatus(ctx context.Context, number string) (s ReceiptStatus, err error) {
	const op = "registry.ReceiptStatus"
	receipt, ok := ParseReceipt(number)
	if !ok {
		return s, badOperation.At(op, nil).With("receipt", "misread: its check character does not fit")
	}
	err = r.store.Read(ctx, func(tx *store.Tx) error {
		in, found, err := intakeBy(tx, `where receipt = ?`, receipt)
		if err == nil && !found {
			err = unknownID.At(op, nil).With("receipt", "no such receipt here")
		}
		if err != nil {
			return err
		}
		a := &act{r: r, tx: tx}
		app, err := a.application(in.Application)
		s = ReceiptStatus{
			Receipt: receipt, Type: app.Type, State: app.State, Word: app.Word(), Since: app.Since, Due: app.Due, Ready: in.ReadyAt,
			Delivery: in.Delivery, Next: NextOf(app.State),
		}
		return err
	})
	return s, err
}
