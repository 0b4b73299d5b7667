// Package web is the station's server: where it may listen, what every answer carries, and how
// an error becomes a problem (RFC 9457).
//
// What lives here: listener, guard, problems, pictures from outside. What may not: a subject of
// the service (web/api), a device, a rule. station, trial and web/api call it. Start reading at
// server.go, then problem.go.
package web
