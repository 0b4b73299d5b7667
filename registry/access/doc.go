// Package access knows who may do what.
//
// What lives here: actors, roles, the permission matrix. What may not: the state of anything,
// separation of duties over one application (the core of registry checks it). registry, web and
// station call it. Start reading at access.go, then matrix.go.
package access
