package web

import (
	"net"
	"net/http"
	"time"

	"blanko/registry/access"
)

// Visitor is who a complaint from the public listener comes from.
var Visitor = access.Actor{ID: "public", Roles: []access.Role{access.System}}

// Bounds of the public listener, for each address.
const (
	asksPerMinute     = 30
	asksAtOnce        = 15
	complaintsPerHour = 6
	complaintsAtOnce  = 3
)

// Visitors bounds what one address may ask of the public listener, by its pages and its API together.
type Visitors struct {
	asks, complaints *Limiter
}

// NewVisitors knows nobody yet.
func NewVisitors(now func() time.Time) *Visitors {
	return &Visitors{
		asks:       NewLimiter(asksPerMinute, asksAtOnce, now),
		complaints: NewLimiter(complaintsPerHour/time.Hour.Minutes(), complaintsAtOnce, now),
	}
}

// Ask counts a question of the address that a request came from; web.too_many where it asked too often.
func (v *Visitors) Ask(from string) error { return counted(v.asks, from) }

// Complain counts a complaint, beside the question that it is.
func (v *Visitors) Complain(from string) error { return counted(v.complaints, from) }

func counted(l *Limiter, from string) error {
	name := host(from)
	if !l.May(name) {
		return TooMany.At("web.Visitors", nil).With("request", "too many from this address")
	}
	l.Take(name)
	return nil
}

func address(r *http.Request) string { return host(r.RemoteAddr) }

func host(remote string) string {
	if name, _, err := net.SplitHostPort(remote); err == nil {
		return name
	}
	return remote
}
