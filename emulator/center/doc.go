// Package center is the emulated data center: it serves signed records of residents over the
// center protocol, takes reports, and misbehaves when told to.
//
// What lives here: the server, its own canonical JSON (RFC 8785), its own signing, and the kinds
// of broken record with the refusal each must cause. What may not: a production room other than
// ktp; the station's side of the protocol is registry/osia and registry/datacenter, written
// apart. trial and tests call it. Start reading at Center, then record.go and broken.go.
package center
