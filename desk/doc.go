// Package desk is the agent of a counter computer: it brings card reader, SAM and scanners to the pages of
// the console that are open in the browser beside it.
//
// What lives here: the pairing with the station, the devices as interfaces, the server on the loopback, the
// 1:1 as far as it happens at the counter. What may not: a decision whether a finger matches, which is the
// station's; an emulated device; a person's data on a disk or in a log. cmd/blanko and cmd/blanko-lab call it. Start
// reading at Agent in agent.go, then match.go.
package desk
