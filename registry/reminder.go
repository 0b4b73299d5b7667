package registry

import (
	"slices"
	"time"

	"blanko/registry/audit"
)

// ReminderChannel is how somebody is reminded of a finished card.
type ReminderChannel string

// ReminderChannels are all of them.
var ReminderChannels = []ReminderChannel{"telephone", "message", "letter", "village"}

// Remind notes that a holder was told to come for a finished card. It may be done again.
type Remind struct {
	Application ApplicationID
	Channel     ReminderChannel
}

func (Remind) Name() Name             { return opRemind }
func (o Remind) about() ApplicationID { return o.Application }

func (o Remind) run(a *act) error {
	const op = "registry.Remind"
	app, err := a.application(o.Application)
	switch {
	case err != nil:
		return err
	case !slices.Contains(a.row.From, app.State):
		return wrongState.At(op, nil).With("state", "it is %s", app.State)
	case !slices.Contains(ReminderChannels, o.Channel):
		return badOperation.At(op, nil).With("channel", "one of %v", ReminderChannels)
	}
	made, err := cards(a.tx, `where application = ? and state = ? order by chip`, app.ID, CardMade)
	if err != nil {
		return err
	}
	for _, c := range made {
		if err := a.atItsPlace(app, c); err != nil {
			return err
		}
		if c.Held != "" {
			return RecordHeld.At(op, nil).With("application", "held: %s", c.Held)
		}
	}
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"channel": string(o.Channel)}})
}

// mostReminders bounds how far back the events of an application are read for them.
const mostReminders = 100

// reminders are how often a holder was reminded of the card that waits now, and when last.
func (a *act) reminders(id ApplicationID) (n int, last time.Time, err error) {
	list, err := audit.Before(a.tx, 0, mostReminders, audit.Filter{Application: string(id), Code: applicationEvents})
	for _, e := range list {
		if to, moved := MovedTo(e); moved && to == Produced { // before are those of an earlier card
			break
		}
		if e.Code != RowOf(opRemind).Event {
			continue
		}
		if n++; n == 1 {
			last = e.At
		}
	}
	return n, last, err
}
