package desk

import (
	"context"

	"blanko/applet/icao"
	"blanko/applet/inspect"
	"blanko/fault"
)

// examineWish is a page that wants the chip of the card on the reader examined, and kept what it told.
type examineWish struct {
	Ticket string `json:"ticket"`
}

// chipFound is what the station keeps of an examination. It names nobody.
type chipFound struct {
	Ticket  string   `json:"ticket"`
	Chip    string   `json:"chip,omitempty"`
	State   string   `json:"state,omitempty"`
	Cause   string   `json:"cause"`
	Mark    string   `json:"mark"`
	Finding string   `json:"finding"`
	Steps   []string `json:"steps"`
}

// examinedSaid is what a page is told of it.
type examinedSaid struct {
	Number  string `json:"number"`
	Chip    string `json:"chip"`
	State   string `json:"state"`
	Finding Text   `json:"finding"`
}

// examine reads what the chip of the card on the reader tells without a key, and has the station keep it.
func (a *Agent) examine(ctx context.Context, in examineWish) (examinedSaid, error) {
	const op = "desk.examine"
	if in.Ticket == "" {
		return examinedSaid{}, ticketMissing.At(op, nil).With("ticket", "none for an examination")
	}
	x, err := a.inspected(ctx, op)
	if err != nil {
		return examinedSaid{}, err
	}
	e := x.Cause.Explain()
	body := chipFound{Ticket: in.Ticket, Chip: string(x.Chip.UID), State: string(x.Told()), Cause: string(x.Cause), Mark: markOf(e), Finding: e.ID, Steps: e.StepsID}
	var said struct {
		Answer  string `json:"answer"`
		Refusal *struct {
			Code fault.Code `json:"code"`
		} `json:"refusal"`
	}
	err = a.link.post(ctx, "/v1/desk/examination", "", body, &said)
	if fault.Is(err, StationAway) { // it may have arrived: by its ticket it is kept once
		err = a.link.post(ctx, "/v1/desk/examination", "", body, &said)
	}
	if said.Refusal != nil { // the ledger's own deny list is newer than the desk's
		e = inspect.CardDenied.Explain()
	}
	return examinedSaid{Number: said.Answer, Chip: body.Chip, State: body.State, Finding: Text{e.ID, e.EN}}, err
}

// inspected is the card on the reader as a stranger reads it.
func (a *Agent) inspected(ctx context.Context, op string) (inspect.Examination, error) {
	done, err := a.use(op)
	if err != nil {
		return inspect.Examination{}, err
	}
	defer done()
	trust := a.trust()
	trust.Now = a.Now()
	card, module, err := a.Devices.Readers.Open(ctx)
	if err != nil {
		return inspect.Examination{}, err
	}
	defer card.Close()   //nolint:errcheck // nothing was written
	defer module.Close() //nolint:errcheck // it was not asked
	return inspect.Examine(ctx, card, nil, icao.Access{}, trust)
}

// markOf is how the station shows a finding.
func markOf(e inspect.Explanation) string {
	if e.Sound {
		return "warning" // without the SAM nothing is proved good
	}
	return "bad"
}
