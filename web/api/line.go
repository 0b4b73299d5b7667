package api

import (
	"context"
	"time"

	"blanko/registry/access"

	"blanko/jobs"
	"blanko/web"
)

// line is a production line.
type line struct {
	ID         string      `json:"id" doc:"As in the configuration"`
	Kind       string      `json:"kind" enum:"inline,inline_eye,one_way,desktop" doc:"What its hardware can do"`
	Wish       string      `json:"wish" enum:"running,paused,stopped" doc:"What a person wants of it"`
	WishBy     string      `json:"wishBy,omitempty" doc:"Who set the wish"`
	Reason     *web.Cause  `json:"reason,omitempty" doc:"Why it was wished so"`
	ChipFaults int         `json:"chipFaults" doc:"Cards in a row that were lost to their chips"`
	Observed   observation `json:"observed"`
	Transfer   *transfer   `json:"transfer,omitempty" doc:"What a person read on the display of its printer last; absent: nobody has"`
	Standing   int         `json:"standing" doc:"Blanks in doubt: its printer counted them while the line stood"`
}

// observation is what a line's loop last said of itself.
type observation struct {
	State  string     `json:"state" doc:"running, idle, stopped, off, or refused: its cable or its keys are not there; empty: never seen"`
	Reason *web.Cause `json:"reason,omitempty" doc:"What a person must do first"`
	At     *time.Time `json:"at,omitempty" doc:"Where it is silent: when it was heard of last"`
	Silent bool       `json:"silent" doc:"It should have been heard of since: its station may be down"`
}

// lastHeard is when a silent line was heard of last; of one that is heard of all the time it would say nothing, but give
// every answer another ETag.
func lastHeard(o jobs.Observation) *time.Time {
	if !o.Silent {
		return nil
	}
	return moment(o.At)
}

// transfer is the temperature at which a printer transfers its film.
type transfer struct {
	Degrees int       `json:"degrees" doc:"Celsius"`
	Good    bool      `json:"good" doc:"Within 160 to 170"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

func transferOf(t jobs.Transfer) *transfer {
	if t.At.IsZero() {
		return nil
	}
	return &transfer{Degrees: t.Degrees, Good: t.Good(), At: t.At.UTC(), By: t.By}
}

func lines(a *api) {
	get(a, access.SeeProduction, "/v1/lines", "listLines", "Lines with what is wanted of them and what was last seen",
		func(ctx context.Context, _ *struct{}) (*answer[list[line]], error) {
			all, err := a.lines(ctx)
			return whole(all, err, func(l line) line { return l })
		})
	get(a, access.SeeProduction, "/v1/lines/{line}", "getLine", "One line", func(ctx context.Context, in *LineName) (*answer[line], error) {
		all, err := a.lines(ctx)
		l, err := among(all, err, func(l line) bool { return l.ID == in.Line })
		return thing(l, err, func(l line) line { return l })
	})
}

// lines are all lines with what stands before them.
func (a *api) lines(ctx context.Context) (list []line, err error) {
	all, err := a.Registry.Lines(ctx)
	if err != nil {
		return nil, err
	}
	standing, err := a.Registry.FedStanding(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		shown := a.line(l)
		for _, s := range standing {
			if s.Line == l.ID {
				shown.Standing = s.Blanks
			}
		}
		list = append(list, shown)
	}
	return list, nil
}

func (a *api) line(l jobs.Line) line {
	return line{
		ID: string(l.ID), Kind: string(l.Kind), Wish: string(l.Wish), WishBy: l.By, Reason: a.Problems.Explain(l.Reason), ChipFaults: l.ChipFaults,
		Observed: observation{State: l.Observed.State, Reason: a.Problems.Explain(l.Observed.Reason), At: lastHeard(l.Observed), Silent: l.Observed.Silent},
		Transfer: transferOf(l.Transfer),
	}
}

// moment is a time in UTC, or nothing.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}
