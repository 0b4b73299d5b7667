package desk

import (
	"context"

	"blanko/applet/inspect"
	"blanko/fault"
)

// showWish is a page that shows the station the card that was read.
type showWish struct {
	Reading string `json:"reading"`
	Ticket  string `json:"ticket"`
}

// onReader is what shows the station that a card lies on the reader.
type onReader struct {
	Ticket   string `json:"ticket"`
	Chip     string `json:"chip"`
	Presence answer `json:"presence"`
}

// show has the chip of the card that was read answer a challenge of the station: the card lies here now.
func (a *Agent) show(ctx context.Context, in showWish) (struct{}, error) {
	const op = "desk.show"
	if in.Ticket == "" {
		return struct{}{}, ticketMissing.At(op, nil).With("ticket", "none to show a card")
	}
	r, err := a.lastRead(op, in.Reading)
	if err != nil {
		return struct{}{}, err
	}
	body := onReader{Ticket: in.Ticket, Chip: string(r.chip)}
	if err := a.link.post(ctx, "/v1/desk/challenge", "", map[string]string{"ticket": in.Ticket, "chip": body.Chip, "act": "show"}, &body.Presence); err != nil {
		return struct{}{}, err
	}
	if err := a.answered(ctx, op, &body.Presence); err != nil {
		return struct{}{}, err
	}
	var said struct{}
	err = a.link.post(ctx, "/v1/desk/shown", "", body, &said)
	if fault.Is(err, StationAway) { // it may have arrived: by its ticket it counts once
		err = a.link.post(ctx, "/v1/desk/shown", "", body, &said)
	}
	return said, err
}

// answered takes the answer of the card on the reader to a challenge.
func (a *Agent) answered(ctx context.Context, op string, p *answer) error {
	done, err := a.use(op)
	if err != nil {
		return err
	}
	defer done()
	return a.answerOf(ctx, op, p)
}

// answerOf is answered while the devices are in use.
func (a *Agent) answerOf(ctx context.Context, op string, p *answer) error {
	card, module, err := a.Devices.Readers.Open(ctx)
	if err != nil {
		return err
	}
	defer card.Close()   //nolint:errcheck // nothing was written
	defer module.Close() //nolint:errcheck // it was not asked
	const challengeBytes = 8
	if len(p.Challenge) != challengeBytes {
		return unexpected.At(op, nil).With("challenge", "%d bytes", len(p.Challenge))
	}
	p.Answer, err = inspect.Answer(ctx, card, [challengeBytes]byte(p.Challenge))
	return err
}
