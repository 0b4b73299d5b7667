package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"

	"blanko/fault"
	"blanko/ktp"
)

// Hash links an event to the one before it.
type Hash [sha256.Size]byte

// Event is one thing that happened: ids and codes, never personal data. ID, At, Prev and Hash
// are set by Append; ids rise by one without a gap, in the order of the commits.
type Event struct {
	ID          int64
	At          time.Time
	Actor       string // person, line or system that did it
	Code        string // room.word
	Application string
	Order       string
	Attempt     string // 32 hex digits
	Chip        ktp.ChipUID
	Line        string
	Detail      map[string]string // word to code, id or number
	Prev        Hash
	Hash        Hash
}

// domain separates this chain from every other use of the hash.
const domain = "blanko/event/1"

// sum is the hash of an event at place id of the chain: SHA-256 over the domain, the hash of
// the event before, id and time (8 bytes each, big-endian, the time in microseconds since 1970,
// UTC), then actor, code, application, order, attempt, chip, line and the details sorted by
// word, each text with its length before it (4 bytes, big-endian).
func (e Event) sum(id int64) Hash {
	h := sha256.New()
	text(h, domain)
	h.Write(e.Prev[:])
	number(h, id)
	number(h, e.At.UnixMicro())
	for _, s := range []string{e.Actor, e.Code, e.Application, e.Order, e.Attempt, string(e.Chip), e.Line} {
		text(h, s)
	}
	number(h, int64(len(e.Detail)))
	for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
		text(h, k)
		text(h, e.Detail[k])
	}
	return Hash(h.Sum(nil))
}

func number(h hash.Hash, n int64) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

func text(h hash.Hash, s string) {
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
	h.Write([]byte(s))
}

// longest is the length of the longest id or code of the house (a JSON pointer of a refusal).
const longest = 200

// check refuses what cannot be an id or a code: line breaks, long texts, numbers that are a NIK.
func (e Event) check() *fault.Error {
	refuse := func(field string) *fault.Error {
		return notACode.At("audit.Append", nil).With(field, "events hold ids and codes only")
	}
	if e.Code == "" || e.Actor == "" {
		return refuse("code")
	}
	fields := map[string]string{
		"actor": e.Actor, "code": e.Code, "application": e.Application, "order": e.Order, "attempt": e.Attempt,
		"chip": string(e.Chip), "line": e.Line,
	}
	for name, v := range fields {
		if !isCode(v) {
			return refuse(name)
		}
	}
	for k, v := range e.Detail {
		if !isCode(k) || !isCode(v) {
			return refuse("detail")
		}
	}
	return nil
}

func isCode(s string) bool {
	if len(s) > longest {
		return false
	}
	if _, err := ktp.ParseNIK(s); err == nil {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7E })
}
