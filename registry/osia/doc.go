// Package osia holds the records of OSIA Credential Services as they travel: wire types,
// canonical JSON (RFC 8785), signatures of records, and the check that turns a signed record
// into a ktp.Record or into a refusal.
//
// What lives here: shapes and checks, without I/O. What may not: the register (registry), the
// wire (registry/datacenter). registry/datacenter and station call it. Start reading at check.go.
//
// This package implements OSIA, https://github.com/SecureIdentityAlliance/osia.
// Copyright © Secure Identity Alliance (2022). License: SIA License 1.0,
// https://raw.githubusercontent.com/SecureIdentityAlliance/osia/master/LICENSE.
package osia
