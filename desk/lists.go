package desk

import (
	"strconv"
	"time"
)

// ListKind is what a list of the desk is of.
type ListKind string

// Kinds of lists.
const (
	StatusList  ListKind = "status_list" // of cards: handed over, held, retired
	Revocations ListKind = "revocations" // of the certificates that sign cards
)

// List is what a page is told of one that cards are checked by here.
type List struct {
	Kind   ListKind `json:"kind"`
	Number string   `json:"number,omitempty"`
	Day    string   `json:"day,omitempty"` // when it was made, yyyy-mm-dd; empty: there is none
	Days   int      `json:"days"`          // since then
	Old    bool     `json:"old"`           // older than it may be
}

// lists are those that lie on this computer now.
func (a *Agent) lists() []List {
	t, now := a.trust(), a.Now()
	status := List{Kind: StatusList}
	if t.Status != nil {
		status = listOf(StatusList, t.Status.Date, now)
		status.Number = strconv.FormatInt(t.Status.Number, 10)
		status.Old = t.StatusMaxAge > 0 && now.Sub(t.Status.Date).Abs() > t.StatusMaxAge
	}
	list := []List{status}
	for _, r := range t.Revoked {
		l := listOf(Revocations, r.ThisUpdate, now)
		if r.Number != nil {
			l.Number = r.Number.String()
		}
		l.Old = !r.NextUpdate.IsZero() && now.After(r.NextUpdate)
		list = append(list, l)
	}
	return list
}

func listOf(kind ListKind, made, now time.Time) List {
	const day = 24 * time.Hour
	return List{Kind: kind, Day: made.UTC().Format(time.DateOnly), Days: max(0, int(now.Sub(made)/day))}
}
