package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

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

// reasons are the words of a detail that says why: a code, or several.
var reasons = []string{"cause", "reason", "reasons"}

// states are the words of a detail whose codes may be of two words, as the state tables have them.
var states = []string{"from", "to", "state"}

var (
	codeForm  = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}(,[a-z][a-z0-9_.]{0,63})*$`)
	idForm    = regexp.MustCompile(`^[!-~]{1,200}$`)
	wordsForm = regexp.MustCompile(`^[a-z]+( [a-z]+)+$`)
)

// check refuses what cannot be an id, a code, a number or a time: a sentence, a long text, a NIK.
func (e Event) check() *fault.Error {
	refuse := func(field string) *fault.Error {
		return notACode.At("audit.Append", nil).With(field, "events hold ids and codes only: no blank, no NIK, at most 200 characters")
	}
	if e.Code == "" || e.Actor == "" {
		return refuse("code")
	}
	fields := map[string]string{
		"actor": e.Actor, "code": e.Code, "application": e.Application, "order": e.Order, "attempt": e.Attempt,
		"chip": string(e.Chip), "line": e.Line,
	}
	for name, v := range fields {
		if !isID(v) {
			return refuse(name)
		}
	}
	for k, v := range e.Detail {
		switch {
		case !isID(k):
			return refuse("detail")
		case v == "":
		case slices.Contains(reasons, k):
			if !codeForm.MatchString(v) {
				return refuse(k)
			}
		case slices.Contains(states, k) && wordsForm.MatchString(v):
		case !isID(v):
			return refuse(k)
		}
	}
	return nil
}

// isID reports whether a text has no blank in it, and no NIK; nothing is one.
func isID(s string) bool {
	if s == "" {
		return true
	}
	return idForm.MatchString(s) && !HoldsNIK(s)
}

// HoldsNIK reports whether a piece of a text, between signs that are neither letters nor digits, reads like a NIK: no
// event takes such a text.
func HoldsNIK(s string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), isNIK)
}

func isNIK(s string) bool {
	_, err := ktp.ParseNIK(s)
	return err == nil
}
