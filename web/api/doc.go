// Package api is /v1: the operations of the service and what may be read of it, over HTTP.
//
// What lives here: one file per subject with its wire types, and openapi.yaml. What may not: a rule or a
// query (registry), a page (web/console), a device, an answer without a permission that lets it be read.
// station mounts it and a caller's program calls it. Start reading at api.go, then line.go.
package api
