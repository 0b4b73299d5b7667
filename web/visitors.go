package web

import (
	"time"

	"blanko/registry/access"
)

// Visitor is who a complaint from the public listener comes from.
var Visitor = access.Actor{ID: "public", Roles: []access.Role{access.System}}

// Bounds of the public listener, for each who asks.
const (
	asksPerMinute     = 30
	asksAtOnce        = 15
	complaintsPerHour = 6
	complaintsAtOnce  = 3
)

// Complaints bounds those that the public listener takes, of all who ask together: each of them is a row of the
// ledger, and somebody has to read it.
type Complaints struct {
	PerHour, PerDay int
}

// Visitors bounds what may be asked of the public listener, by its pages and its API together.
type Visitors struct {
	asks, complaints *Limiter // of each
	hour, day        *Limiter // complaints of all
}

// NewVisitors knows nobody yet.
func NewVisitors(all Complaints, now func() time.Time) *Visitors {
	within := func(n int, d time.Duration) *Limiter { return NewLimiter(float64(n)/d.Minutes(), float64(n), now) }
	return &Visitors{
		asks:       NewLimiter(asksPerMinute, asksAtOnce, now),
		complaints: NewLimiter(complaintsPerHour/time.Hour.Minutes(), complaintsAtOnce, now),
		hour:       within(all.PerHour, time.Hour),
		day:        within(all.PerDay, 24*time.Hour),
	}
}

// Ask counts a question of whom a request came from; web.too_many where it asked too often.
func (v *Visitors) Ask(from string) error { return counted(v.asks, from) }

// Complain counts a complaint, beside the question that it is; web.complaints_full where all together sent too many.
func (v *Visitors) Complain(from string) error {
	if err := counted(v.complaints, from); err != nil {
		return err
	}
	const everybody = "everybody"
	if !v.day.May(everybody) || !v.hour.Try(everybody) || !v.day.Try(everybody) {
		return ComplaintsFull.At("web.Visitors", nil)
	}
	return nil
}

func counted(l *Limiter, from string) error {
	if !l.Try(AskerOf(from)) {
		return TooMany.At("web.Visitors", nil).With("request", "too many from this address")
	}
	return nil
}
