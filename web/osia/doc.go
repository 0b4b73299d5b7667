// Package osia serves OSIA Credential Services 1.3.0, so that any central system which speaks OSIA
// can feed the queue, follow its requests and rule over cards.
//
// What lives here: the twelve operations, their scopes, states and errors, and openapi.yaml. What may not: rules of the
// register (registry), wire types (registry/osia), the API of the house (web/api). The station mounts
// it. Start reading at server.go.
//
// This package implements OSIA, https://github.com/SecureIdentityAlliance/osia.
// Copyright © Secure Identity Alliance (2022). License: SIA License 1.0,
// https://raw.githubusercontent.com/SecureIdentityAlliance/osia/master/LICENSE.
package osia
