// Package audit is the event log: one hash chain of ids and codes.
//
// What lives here: appending under the chain's head, reading by cursor, verification. What may
// not: personal data, a rule about what is logged. The parts and the core of registry append;
// the event stream, the outbox and an auditor read. Start reading at event.go, then verify.go; export.go
// is the form in which a log leaves the station.
package audit
