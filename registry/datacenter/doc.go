// Package datacenter is the client of the central system: the pull of print-ready records,
// reports, reconciliation, keys and anchors, over HTTPS (resty).
//
// What lives here: the wire and its limits. What may not: what a record means (registry/osia),
// what becomes of it (registry), a retry of anything but a read. station calls it. Start
// reading at client.go.
package datacenter
