package registry

import (
	"strconv"

	"blanko/jobs"
	"blanko/registry/audit"
)

// NoteTemperature keeps the transfer temperature that a person read on the display of a line's printer: no printer tells
// it. One that spoils cards pauses the line, which does not go on before a good one is noted.
type NoteTemperature struct {
	Line    jobs.LineID
	Degrees int // Celsius
}

func (NoteTemperature) Name() Name { return opNoteTemperature }

// What a display can show: a number beyond is a slip of the hand.
const (
	leastDegrees = 20
	mostDegrees  = 300
)

func (o NoteTemperature) run(a *act) error {
	line, err := jobs.LineByID(a.tx, o.Line)
	if err != nil {
		return err
	}
	if o.Degrees < leastDegrees || o.Degrees > mostDegrees {
		return badOperation.At("registry.NoteTemperature", nil).With("degrees", "%d to %d", leastDegrees, mostDegrees)
	}
	read := jobs.Transfer{Degrees: o.Degrees, At: a.now(), By: a.actor.ID}
	if err := jobs.SetTransfer(a.tx, o.Line, read); err != nil {
		return err
	}
	a.res.Answer = AnswerDone
	if err := a.tell(audit.Event{Code: a.row.Event, Line: string(o.Line), Detail: map[string]string{"degrees": strconv.Itoa(o.Degrees)}}); err != nil {
		return err
	}
	if read.Good() || line.Wish == jobs.Stopped { // what stopped it is graver, and stays the reason
		return nil
	}
	return a.wish(o.Line, jobs.Paused, string(TransferTemperature.Code))
}
