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
	a.res.Answer = AnswerDone
	return a.tell(audit.Event{Code: a.row.Event, Application: string(o.Application), Detail: map[string]string{"channel": string(o.Channel)}})
}

// mostReminders bounds how many are counted for one card.
const mostReminders = 100

// reminders are how often a holder was reminded, and when last.
func (a *act) reminders(id ApplicationID) (n int, last time.Time, err error) {
	list, err := audit.After(a.tx, 0, mostReminders, audit.Filter{Application: string(id), Code: RowOf(opRemind).Event})
	if len(list) > 0 {
		last = list[len(list)-1].At
	}
	return len(list), last, err
}
