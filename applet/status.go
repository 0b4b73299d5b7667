package applet

import (
	"fmt"

	"blanko/fault"
)

// Status is a status word. It is an error value, so that errors.Is finds it in a chain.
type Status uint16

// Status words of ISO/IEC 7816-4, section 5.1.3, as the card profile KTPEL-OP 1 uses them.
const (
	OK                Status = 0x9000
	Deactivated       Status = 0x6283 // the selected application is blocked
	TerminatedState   Status = 0x6285
	CryptogramFailed  Status = 0x6300 // EXTERNAL AUTHENTICATE: the host does not hold the key
	MemoryFailure     Status = 0x6581
	WrongLength       Status = 0x6700
	SecurityStatus    Status = 0x6982
	AuthBlocked       Status = 0x6983
	ConditionsOfUse   Status = 0x6985
	SMObjectMissing   Status = 0x6987
	SMObjectWrong     Status = 0x6988
	WrongData         Status = 0x6A80
	FileNotFound      Status = 0x6A82
	NoSpace           Status = 0x6A84
	WrongParameters   Status = 0x6A86
	ReferenceNotFound Status = 0x6A88 // key set
	FileExists        Status = 0x6A89
	WrongOffset       Status = 0x6B00
	UnknownINS        Status = 0x6D00
	UnknownCLA        Status = 0x6E00
)

// First bytes of status words that carry a length.
const (
	moreData   = 0x61 // 61xx: xx bytes wait for GET RESPONSE
	exactWants = 0x6C // 6Cxx: repeat with Le = xx
)

var statusWords = map[Status]string{
	OK: "done", Deactivated: "application blocked", TerminatedState: "application terminated",
	CryptogramFailed: "host cryptogram wrong", MemoryFailure: "memory failure", WrongLength: "wrong length",
	SecurityStatus: "security status not satisfied", AuthBlocked: "authentication blocked",
	ConditionsOfUse: "conditions of use not satisfied", SMObjectMissing: "secure messaging object missing",
	SMObjectWrong: "secure messaging object wrong", WrongData: "wrong data", FileNotFound: "file or application not found",
	NoSpace: "no space", WrongParameters: "wrong P1 P2", ReferenceNotFound: "key set not found", FileExists: "file exists",
	WrongOffset: "wrong offset", UnknownINS: "unknown instruction", UnknownCLA: "unknown class",
}

func (s Status) Error() string {
	if w, ok := statusWords[s]; ok {
		return fmt.Sprintf("%04X %s", uint16(s), w)
	}
	return fmt.Sprintf("%04X", uint16(s))
}

// endsChannel reports whether the card closed the secure channel with this answer (card profile
// KTPEL-OP 1, section 10, rule 6). 61xx and 6Cxx cannot be followed inside a channel either.
func (s Status) endsChannel() bool {
	return s == SecurityStatus || s == SMObjectMissing || s == SMObjectWrong || s>>8 == moreData || s>>8 == exactWants
}

// StatusError is a status word that a step could not go on with. It unwraps to the Status.
type StatusError struct {
	Header [4]byte // CLA INS P1 P2 as meant, before protection
	SW     Status
}

func (e *StatusError) Error() string { return fmt.Sprintf("%X answered %v", e.Header, e.SW) }

func (e *StatusError) Unwrap() error { return e.SW }

// statusFaults are the entries that a status word stands for, whatever the command.
var statusFaults = map[Status]fault.Entry{
	MemoryFailure: FaultMemoryFailure,
	NoSpace:       FaultNoSpace,
	AuthBlocked:   FaultKeyBlocked,
}

// refused makes the error of a command that was not answered as wanted.
func refused(op string, c Command, sw Status) error {
	entry, ok := statusFaults[sw]
	if !ok {
		entry = FaultUnexpectedStatus
	}
	return entry.At(op, &StatusError{Header: [4]byte{c.CLA, c.INS, c.P1, c.P2}, SW: sw})
}
