// Package fault is the one error type of the house and the form of the entries an operator reads.
//
// What lives here: Kind, Code, Entry and Error. What may not: the entries themselves;
// each room keeps its own in its faults.go. Every production room calls it; the emulator
// never does. Start reading at Error.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind decides the reaction to an error. New kinds are appended, never reordered:
// the numbers stand in journals.
type Kind uint8

const (
	Internal  Kind = iota // a defect of ours; its text never reaches the user
	Invalid               // the input is wrong; nothing changed
	NotFound              // no such thing
	Conflict              // the state of the thing forbids it; nothing changed
	Denied                // the actor may not do this, or not alone
	Transient             // may be tried again as it stands
	Device                // a reader, printer or chip failed; its state is known
	InDoubt               // the outcome is unknown; never repeated blindly
)

var kindNames = [...]string{"internal", "invalid", "not_found", "conflict", "denied", "transient", "device", "in_doubt"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Code names an entry for good, as room.word: "applet.card_removed".
type Code string

// Entry is what a person reads of an error: one short sentence and numbered steps,
// in both languages of the print room.
type Entry struct {
	Code    Code
	Kind    Kind
	ID, EN  string
	StepsID []string
	StepsEN []string
}

// At makes an error of the entry, raised by operation op ("package.Function"). The cause may be nil.
func (e Entry) At(op string, cause error) *Error {
	return &Error{Kind: e.Kind, Op: op, Code: e.Code, Err: cause}
}

// Error carries kind, operation, stable code and cause. Field names the input that was
// wrong (a path such as "biographicData.nik"), Detail says why in plain English, made of Format and Args, by
// which another language finds its words; none of them ever holds personal data.
type Error struct {
	Kind   Kind
	Op     string
	Code   Code
	Field  string
	Detail string
	Format string
	Args   []any
	Err    error
}

// With returns a copy that names the field and the reason.
func (e *Error) With(field, format string, args ...any) *Error {
	c := *e
	c.Field, c.Detail, c.Format, c.Args = field, fmt.Sprintf(format, args...), format, args
	return &c
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(string(e.Code))
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	if e.Detail != "" {
		b.WriteString(": ")
		b.WriteString(e.Detail)
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of the outermost Error in the chain, or "" for a foreign error.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// KindOf is the kind of the outermost Error in the chain; a foreign error is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether any Error in the chain carries the entry's code.
func Is(err error, entry Entry) bool {
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return false
		}
		if e.Code == entry.Code {
			return true
		}
		err = e.Err
	}
	return false
}
