// Package ups asks an uninterruptible power supply how the power is: over the protocol of Network UPS
// Tools (RFC 9271), by which upsd tells of every model that it knows.
//
// What lives here: the questions, the answers, and whether a card may still be begun. What may not: the
// stopping of a line or of the computer (the latter is upsmon's). station asks before every feed and again
// and again beside it. Start reading at ups.go.
package ups
