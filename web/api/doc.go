// Package api is /v1: what the station tells of its lines, orders, attempts, events and counts.
//
// What lives here: one file per subject with its wire types, and openapi.yaml. What may not: a
// rule or a query (registry), personal data, a device. station mounts it and a caller's program
// calls it. Start reading at api.go, then line.go.
package api
